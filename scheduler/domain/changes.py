"""What the audit log says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True)
class Change:
    """One entry of the audit log.

    Attributes
    ----------
    chain : str
        Key of the region, ``""`` for what belongs to none.
    number : int
        From 1 in each chain.
    at : datetime.datetime
    who : str
        Name of the actor at that time.
    what, of_what : str
        The thing done, ``noun.verb``, and what it was done to.
    before, after : JSON value
        What changed; None once it is erased, and where there was nothing.
    erased : bool
        Whether `before` and `after` were erased.
    """

    chain: str
    number: int
    at: dt.datetime
    who: str
    what: str
    of_what: str
    before: Any
    after: Any
    erased: bool
