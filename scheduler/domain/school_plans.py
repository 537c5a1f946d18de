"""A school's part of a planning run, or a change of its own: from proposal to publication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt

    from scheduler.wording import Text

PROPOSED, ACCEPTED, PUBLISHED, REFUSED, REPLACED = "proposed", "accepted", "published", "refused", "replaced"


@dataclass(frozen=True)
class SchoolPlan:
    """What is known of a school's plan beside its placements.

    Attributes
    ----------
    id : int
    region, school : str
        Keys; school ``""`` for the audiences of the region.
    region_id, school_id : int
    run : int or None
        Number of the run in its region; None: a change of the school's own.
    order_kept : bool
        False where the run let sharers change their order.
    timetable_id, timetable : int
        The version it was made for, by id and by number.
    timetable_in_force : int or None
        Id of the version in force now.
    state : str
        ``proposed``, ``accepted``, ``published``, ``refused`` or ``replaced``.
    made_at, accepted_at, published_at : datetime.datetime or None
    first_date, last_date : datetime.date
        Both included.
    activities, moved : int
    shift_minutes : int
        Sum of |shift| of its activities.
    """

    id: int
    region: str
    school: str
    region_id: int
    school_id: int
    run: int | None
    order_kept: bool
    timetable_id: int
    timetable: int
    timetable_in_force: int | None
    state: str
    made_at: dt.datetime
    accepted_at: dt.datetime | None
    published_at: dt.datetime | None
    first_date: dt.date
    last_date: dt.date
    activities: int
    moved: int
    shift_minutes: int

    @property
    def current(self) -> bool:
        """Whether it was made for the version of the timetable that is in force."""
        return self.timetable_id == self.timetable_in_force

    def of_other_timetable(self) -> Text:
        """Say that it was made for another version, and what helps."""
        return T(
            "the plan was made for version {number} of the timetable, which is no longer in force; "
            "ask the region for a new proposal, or return to that version",
            number=self.timetable,
        )
