"""Addresses of calendar feeds: given to one person each, renewed and withdrawn.

Whoever knows an address reads the feed. So it holds 256 random bits, the store keeps only a SHA-256 of them, and they
are shown once, to who asked for the address.
"""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from scheduler.domain.people import service_actor
from scheduler.domain.published import FeedState
from scheduler.errors import NotThere, Refused
from scheduler.service.feed_contents import changed_contents
from scheduler.store import audit
from scheduler.store.feeds import Feeds, held
from scheduler.store.publications import Publications
from scheduler.translation import LANGUAGES
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.domain.people import Actor
    from scheduler.domain.published import FeedAddress
    from scheduler.store import Store, Work

RANDOM_BYTES = 32

HOLDER = service_actor("calendar address")
"""Whoever holds an address may renew and withdraw it."""


def new_token(draw: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Draw a token: base64url without padding, 43 letters."""
    return base64.urlsafe_b64encode(draw(RANDOM_BYTES)).rstrip(b"=").decode()


def give_address(
    store: Store, actor: Actor, region: str, school: str, kind: str, name: str, language: str, label: str
) -> str:
    """Give an address of a feed that was published.

    Parameters
    ----------
    kind, name : str
        ``teacher``, ``group`` or ``access``, and whose it is.
    language : str
        ``fr`` or ``en``.
    label : str
        For whom it is, to know it again in the list.

    Returns
    -------
    str
        The token, which is not kept anywhere.

    Raises
    ------
    NotThere
        The school published no such feed.
    StoreFailed
    """
    if language not in LANGUAGES:
        raise ValueError(f"no feed speaks {language!r}")
    token = new_token()
    store.in_work(lambda work: _give(work, actor, (region, school), (kind, name, language), label, token))
    return token


def _give(work: Work, actor: Actor, place: tuple[str, str], feed: tuple[str, str, str], label: str, token: str) -> None:
    repository = Feeds(work, actor.edits)
    school_id = repository.school_row(*place).id
    repository.lock_school(school_id)
    if not repository.is_published(school_id, feed[0], feed[1]):
        raise NotThere(
            T("no calendar of “{name}” was published; publish the school's plan, or see how it is spelt", name=feed[1])
        )
    _speak(work, actor, school_id, feed[2])
    number = repository.add(school_id, feed, label, token, actor.person_id)
    after = {"number": number, "kind": feed[0], "name": feed[1], "language": feed[2], "label": label}
    audit.note(work, actor, place[0], "feed.given", place[1], after=after)


def _speak(work: Work, actor: Actor, school_id: int, language: str) -> None:
    """Let a school's feeds stand in a language, for the first address in it; publications keep them from then on."""
    repository = Publications(work, actor.edits)
    if language in repository.languages(school_id):
        return
    states, last = repository.feed_states(school_id), repository.last(school_id)
    if last is None or last.publication is None:
        raise Refused(T("the content of the last publication was erased; publish again first"))
    # Also those of whom nothing is published any more stand, empty, in the new language.
    nothing = FeedState("", last.published_at)
    every = {(kind, name, language): nothing for kind, name, _ in states}
    repository.put_feeds(school_id, last.id, list(changed_contents(last.publication, [language], every)))


def renew_address(store: Store, actor: Actor, region: str, school: str, feed_id: int) -> str:
    """Withdraw an address and give a new one of the same feed, under the same label.

    Returns
    -------
    str
        The new token.

    Raises
    ------
    NotThere, StoreFailed
    Refused
        It was withdrawn before.
    """
    token = new_token()
    store.in_work(lambda work: _renew(work, actor, (region, school), feed_id, token))
    return token


def _renew(work: Work, actor: Actor, place: tuple[str, str], feed_id: int, token: str) -> None:
    repository = Feeds(work, actor.edits)
    school_id = repository.school_row(*place).id
    repository.lock_school(school_id)
    former = repository.address(school_id, feed_id)
    if former.withdrawn_at is not None:
        raise Refused(T("this calendar address was withdrawn; give a new one"))
    repository.withdraw(school_id, actor.person_id, feed_id)
    number = repository.add(
        school_id, (former.kind, former.name, former.language), former.label, token, actor.person_id
    )
    before, after = {"number": feed_id}, {"number": number, "name": former.name, "label": former.label}
    audit.note(work, actor, place[0], "feed.renewed", place[1], before=before, after=after)


def withdraw_address(store: Store, actor: Actor, region: str, school: str, feed_id: int) -> None:
    """Withdraw an address: who asks there learns that it is gone for good.

    Raises
    ------
    NotThere, StoreFailed
    """
    store.in_work(lambda work: _withdraw(work, actor, (region, school), feed_id))


def withdraw_all(store: Store, actor: Actor, region: str, school: str) -> int:
    """Withdraw every address of a school and give how many.

    Raises
    ------
    NotThere, StoreFailed
    """
    return store.in_work(lambda work: _withdraw(work, actor, (region, school), None))


def _withdraw(work: Work, actor: Actor, place: tuple[str, str], feed_id: int | None) -> int:
    repository = Feeds(work, actor.edits)
    school_id = repository.school_row(*place).id
    repository.lock_school(school_id)
    if feed_id is not None:
        repository.address(school_id, feed_id)
    numbers = repository.withdraw(school_id, actor.person_id, feed_id)
    if numbers:
        audit.note(work, actor, place[0], "feed.withdrawn", place[1], before={"numbers": numbers})
    return len(numbers)


def addresses(store: Store, actor: Actor, region: str, school: str) -> list[FeedAddress]:
    """List the addresses of a school's feeds, by feed and label, those withdrawn among them.

    Raises
    ------
    NotThere, StoreFailed
    """
    with store.read() as work:
        repository = Feeds(work, actor.sees)
        return repository.addresses(repository.school_row(region, school).id)


def published_feeds(store: Store, actor: Actor, region: str, school: str) -> list[tuple[str, str]]:
    """List kind and name of the feeds that a school has published, by both.

    Raises
    ------
    NotThere, StoreFailed
    """
    with store.read() as work:
        repository = Publications(work, actor.sees)
        states = repository.feed_states(repository.school_row(region, school).id)
    return sorted({(kind, name) for kind, name, _ in states})


def renew_held(store: Store, token: str) -> str:
    """Renew an address for who holds it, who needs no account for that.

    Raises
    ------
    NotThere, Refused, StoreFailed
    """
    fresh = new_token()
    store.in_work(lambda work: _renew(work, HOLDER, *_holding(work, token), fresh))
    return fresh


def withdraw_held(store: Store, token: str) -> None:
    """Withdraw an address for who holds it, who needs no account for that.

    Raises
    ------
    NotThere, StoreFailed
    """
    store.in_work(lambda work: _withdraw(work, HOLDER, *_holding(work, token)))


def _holding(work: Work, token: str) -> tuple[tuple[str, str], int]:
    """Find school and number of the address of a token."""
    found = held(work, token)
    if found is None:
        raise NotThere(T("there is no such calendar address"))
    return (found.region, found.school), found.feed_id
