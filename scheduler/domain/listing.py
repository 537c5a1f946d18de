"""Regions and schools as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from scheduler.domain.places import School

NO_TIMETABLE, TIMETABLE = "no_timetable", "timetable"
PROPOSED, ACCEPTED, PUBLISHED = "proposed", "accepted", "published"
STATES = (NO_TIMETABLE, TIMETABLE, PROPOSED, ACCEPTED, PUBLISHED)
"""How far a school is: it brought nothing yet; a timetable and no plan; and what became of its latest plan."""

SORTS = ("name", "school", "level", "academy", "pupils", "sessions", "state")
"""What a list of schools is sorted by; behind ``-`` the other way round."""

MOST_ON_A_PAGE = 1000


@dataclass(frozen=True)
class RegionEntry:
    """A region in a list.

    Attributes
    ----------
    key, name : str
    first_date, last_date : datetime.date
        Its horizon.
    revision : int
        How often its input has changed.
    schools : int
    with_timetable : int
        Schools with a timetable in force.
    sessions : int
        Rows of sessions in force.
    """

    key: str
    name: str
    first_date: dt.date
    last_date: dt.date
    revision: int
    schools: int
    with_timetable: int
    sessions: int


@dataclass(frozen=True)
class SchoolEntry:
    """A school in a list.

    Attributes
    ----------
    school : School
        Its key is empty for the audiences of the region.
    state : str
        One of `STATES`.
    version : int or None
        Number of the timetable in force.
    brought_at : datetime.datetime or None
        When that came, in UTC.
    source : str
        From where, ``""`` without one.
    sessions, windows : int
        Its rows.
    left_at : datetime.datetime or None
        Since when the region does not list the school any more; None: it does.
    """

    school: School
    state: str
    version: int | None
    brought_at: dt.datetime | None
    source: str
    sessions: int
    windows: int
    left_at: dt.datetime | None = None


@dataclass(frozen=True)
class SchoolPage:
    """A page of a list of schools.

    Attributes
    ----------
    entries : tuple of SchoolEntry
    total : int
        How many the whole list has.
    page, size : int
        Which page, from 1, and how many entries it holds at most.
    """

    entries: tuple[SchoolEntry, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; one where nothing is found."""
        return max(-(-self.total // self.size), 1)


@dataclass(frozen=True)
class SchoolSearch:
    """Which schools of a region are wanted, in which order.

    Attributes
    ----------
    words : str
        Each of them occurs in name, key or academy; capitals and accents do not matter.
    level, academy, state : str or None
        None: any.
    sort : str
        One of `SORTS`, or behind ``-``.
    page, size : int

    Raises
    ------
    ValueError
        There is no such state or order, or no such page.
    """

    words: str = ""
    level: str | None = None
    academy: str | None = None
    state: str | None = None
    sort: str = "name"
    page: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        if self.state not in (None, *STATES):
            raise ValueError(f"no state is called {self.state!r}")
        if self.sort.removeprefix("-") not in SORTS:
            raise ValueError(f"schools are not sorted by {self.sort!r}")
        if not (1 <= self.page <= 10**9 and 1 <= self.size <= MOST_ON_A_PAGE):
            raise ValueError(f"there is no page {self.page} of {self.size} entries")
