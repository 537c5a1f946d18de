"""See that what the store holds of publications agrees with itself, whatever happened to its writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.service.agreeing import disagreements
from scheduler.store import audit, verifying

if TYPE_CHECKING:
    from scheduler.store import Store


def agreement(store: Store) -> list[str]:
    """Say, as of one moment, where publications and the audit log do not hold; empty where all is well."""
    with store.read() as work:
        found = [
            f"{school.school}: {what}"
            for school in verifying.with_publications(work)
            for what in disagreements(work, school.id)
        ]
        return found + [str(broken) for broken in audit.verify(work)]
