"""A plan beside the timetable, school by school and date by date, in plain lists for plain code to look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.plain_rules import (
    PartsApart,
    SchoolDay,
    WeekLetters,
    kept_gap,
    moving_together,
    parts_apart,
    sharing_pairs,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scheduler.domain.places import Policy
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region


@dataclass(frozen=True)
class Ties:
    """What binds the sessions of a school's day to one another; every int is a place in the day's lists.

    Attributes
    ----------
    kept : list of (int, int, int)
        Two sharers in their usual order, and the gap that they keep, in minutes.
    overlapping : list of (int, int)
        Two sharers that overlap in the usual timetable.
    together : dict
        (division, half-day) -> sessions that have one shift.
    """

    kept: list[tuple[int, int, int]]
    overlapping: list[tuple[int, int]]
    together: dict[tuple[str, str], list[int]]

    @classmethod
    def of(cls, day: SchoolDay, apart: PartsApart, policy: Policy) -> Ties:
        """Derive what binds the sessions of `day`."""
        kept, overlapping = [], []
        for one, other in sharing_pairs(day, apart):
            end, start = day.end(one), day.start[other]
            if start < end:
                overlapping.append((one, other))
            else:
                kept.append((one, other, kept_gap(end, start, policy)))
        return cls(kept, overlapping, moving_together(day, policy))


@dataclass(frozen=True)
class PlacedDay:
    """What a plan does with one school on one date.

    Attributes
    ----------
    usual : SchoolDay
    ties : Ties
    apart : set of (str, str)
        The parts of divisions that have no pupil in common in this school.
    start : list of int
        Planned starts, minutes of the day.
    alternative : list of int
        Which alternative serves each activity; 0 is the usual one.
    """

    usual: SchoolDay
    ties: Ties
    apart: PartsApart
    start: list[int]
    alternative: list[int]

    @cached_property
    def shift(self) -> list[int]:
        """Planned start − usual start, in minutes."""
        return [planned - usual for planned, usual in zip(self.start, self.usual.start, strict=True)]


class SchoolDays:
    """The days of every school, with what binds their sessions; days of one timetable are derived once."""

    def __init__(self, region: Region):
        self._region = region
        self._letters = WeekLetters(region.calendar)
        school = region.activities.school
        self._by_school = np.argsort(school, kind="stable")
        self._sorted = school[self._by_school]
        self._school: int | None = None
        self._apart: PartsApart = set()
        self._ties: dict[tuple[int, ...], Ties] = {}

    def of(self, school: int, date: int, rows: NDArray[Any]) -> tuple[SchoolDay, Ties, PartsApart]:
        """Give a school's day; ask school by school, for what is known of one is forgotten with the next.

        Parameters
        ----------
        school : int
            Index of the school, -1 for the audiences of the region.
        date : int
            Days since the first date of the horizon.
        rows : ndarray
            The school's activities on that date.
        """
        if school != self._school:
            # In the column's own type, else numpy converts the whole column for each school.
            between = np.array([school, school + 1], dtype=self._sorted.dtype)
            first, last = np.searchsorted(self._sorted, between)
            self._school, self._ties = school, {}
            self._apart = parts_apart(self._region, self._by_school[first:last], self._letters)
        day = SchoolDay.of(self._region, school, self._region.grid.dates[date], rows)
        alike = tuple(day.rows)
        if alike not in self._ties:
            self._ties[alike] = Ties.of(day, self._apart, self._region.policy)
        return day, self._ties[alike], self._apart


def by_school_and_date(
    region: Region, rows: NDArray[Any], days: NDArray[Any]
) -> Iterator[tuple[int, int, NDArray[np.intp]]]:
    """Gather activities by school, then date.

    Parameters
    ----------
    region : Region
    rows, days : ndarray of int, shape (n,)
        Rows of the region's activities, and days since the first date.

    Yields
    ------
    (school, day, places)
        Places in `rows` of the activities of one school on one date, by row.
    """
    school = region.activities.school[rows]
    order = np.lexsort((rows, days, school))
    school, days = school[order], days[order]
    changes = np.flatnonzero((school[1:] != school[:-1]) | (days[1:] != days[:-1])) + 1
    ends = [*changes.tolist(), len(order)] if len(order) else []
    first = 0
    for last in ends:
        yield int(school[first]), int(days[first]), order[first:last]
        first = last


def placed_days(region: Region, plan: Plan, elements: NDArray[np.intp]) -> Iterator[PlacedDay]:
    """Give what `plan` does, school by school and date by date.

    Parameters
    ----------
    region : Region
    plan : Plan
    elements : ndarray of int
        The elements of the plan to look at: of each activity and date at most one.
    """
    known = SchoolDays(region)
    rows, days = plan.row[elements], plan.day[elements]
    for school, day, places in by_school_and_date(region, rows, days):
        mine = elements[places]
        usual, ties, apart = known.of(school, day, rows[places])
        yield PlacedDay(usual, ties, apart, plan.start[mine].tolist(), plan.alternative[mine].tolist())
