"""What was done, as the audit log tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

    from scheduler.domain.people import Actor


@dataclass(frozen=True)
class Done:
    """One change.

    Attributes
    ----------
    number : int
        In the log of the region, from 1.
    at : datetime.datetime
        In UTC.
    person_id : int or None
        None for the service itself.
    who : str
        E-mail address of the person at that time, or which part of the service.
    what : str
        ``noun.verb``.
    of_what : str
        What it was done to.
    before, after : JSON value
        What changed; both None where there is nothing to tell, or once it is erased.
    """

    number: int
    at: dt.datetime
    person_id: int | None
    who: str
    what: str
    of_what: str
    before: Any
    after: Any

    def is_by(self, actor: Actor) -> bool:
        """Tell whether an actor did it; parts of the service are told apart by their names."""
        if actor.person_id is None:
            return self.person_id is None and self.who == actor.name
        return self.person_id == actor.person_id
