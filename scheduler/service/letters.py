"""Letters to people of a region: sent one by one by a worker, none of them twice.

A letter is either a text, or an invitation, whose one-time link is made when it is sent: no secret is kept meanwhile.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scheduler.domain.tasks import MAIL
from scheduler.errors import CannotWrite, NotThere, Refused
from scheduler.mail import Letter
from scheduler.service.people import invite_again
from scheduler.service.tasks import ask
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.domain.people import Actor
    from scheduler.domain.tasks import Task
    from scheduler.mail import PostOffice
    from scheduler.store import Store
    from scheduler.wording import Text

LINK = "{link}"
"""Stands in the text of an invitation for its one-time link."""
MOST = 20_000
"""So many letters go into one task."""
MOST_TOLD = 20


@dataclass(frozen=True)
class Post:
    """How letters are sent.

    Attributes
    ----------
    office : PostOffice or None
        None: no letter is sent.
    address : str
        Of the service: links begin so.
    """

    office: PostOffice | None
    address: str


def send_letters(store: Store, actor: Actor, region: str, letters: Sequence[Letter], *, what: str = "letter") -> Task:
    """Have letters sent by a worker.

    Parameters
    ----------
    store : Store
    actor : Actor
        May change the region.
    region : str
    letters : sequence of Letter
        An invitation has `LINK` in its text.
    what : str
        ``letter``, ``invitation`` or ``reminder``, for those who look at the task.

    Raises
    ------
    NotThere
    Refused
        There are none, or too many.
    """
    if not 0 < len(letters) <= MOST:
        raise Refused(T("choose between one and {most} letters", most=MOST))
    about = {"what": what, "letters": [asdict(letter) for letter in letters]}
    return ask(store, actor, region, MAIL, about)


def send(
    store: Store,
    actor: Actor,
    task: Task,
    on_progress: Callable[[int, int], None],
    post: Post | None,
    keep: Callable[[dict[str, Any]], None],
) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """Send the letters of a task that were not begun yet.

    Before a letter is sent it is written down as begun: a worker that dies in that moment leaves at most that one
    unsent, and nobody gets a letter twice.

    Raises
    ------
    CannotWrite
        The mail server is away.
    Refused
        There is no mail server.
    StoreFailed
    """
    if post is None or post.office is None:
        raise Refused(T("no mail server is set; the operator sets ETALE_SMTP and ETALE_MAIL_FROM"))
    letters = [Letter(**one) for one in task.about["letters"]]
    begun, failed = int(task.result.get("begun", 0)), list(task.result.get("failed", []))
    with post.office.open() as counter:
        for place in range(begun, len(letters)):
            keep({"begun": place + 1, "failed": failed})
            try:
                counter.hand_in(_with_link(store, actor, letters[place], post.address))
            except (CannotWrite, NotThere, Refused):
                failed.append(letters[place].to)
            on_progress(place + 1, len(letters))
    told = tuple(T("{email}: no letter could be sent", email=email) for email in failed[:MOST_TOLD])
    return {"sent": len(letters) - len(failed), "unsent": len(failed)}, told


def _with_link(store: Store, actor: Actor, letter: Letter, address: str) -> Letter:
    """Make the link of an invitation."""
    if LINK not in letter.text:
        return letter
    token = invite_again(store, actor, letter.to).token
    return Letter(letter.to, letter.subject, letter.text.replace(LINK, f"{address}/invitation/{token}"))
