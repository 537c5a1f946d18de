"""What is kept about a person, for whoever asks to see their data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.store import audit
from scheduler.store.person_export import everything_about

if TYPE_CHECKING:
    from scheduler.domain.people import Actor
    from scheduler.store import Store


def export_person(store: Store, actor: Actor, email: str) -> dict[str, list[dict[str, Any]]]:
    """Give every row that speaks of a person, by table; the audit log notes that somebody looked.

    Raises
    ------
    NotThere
        Nobody has this address, or the actor is no operator.
    """
    with store.write() as work:
        found = everything_about(work, actor.sees, email)
        audit.note(work, actor, audit.SERVICE_CHAIN, "person.exported", email.strip().lower())
    return found
