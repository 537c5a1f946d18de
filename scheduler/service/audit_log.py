"""Reading the audit log, and verifying that nobody wrote in it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.errors import Refused
from scheduler.store import audit
from scheduler.store.changes import Changes
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.domain.changes import Change
    from scheduler.domain.people import Actor
    from scheduler.store import Store
    from scheduler.wording import Text


def list_changes(
    store: Store, actor: Actor, region: str = audit.SERVICE_CHAIN, *, of_what: str | None = None, most: int = 100
) -> list[Change]:
    """List what was changed last, the newest first; in no region: people, and what operators did.

    Raises
    ------
    NotThere
        The actor does not care for that region.
    """
    with store.read() as work:
        return Changes(work, actor.edits).listed(region, of_what=of_what, most=most)


def verify_changes(store: Store, actor: Actor) -> list[Text]:
    """Go along every chain of the log and say where it does not hold; empty where all is well.

    Raises
    ------
    Refused
        Only operators may.
    """
    if not actor.edits.everything:
        raise Refused(T("only operators verify the audit log; ask one of them"))
    with store.read() as work:
        return audit.verify(work)
