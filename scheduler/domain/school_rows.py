"""From the rows of a school's own timetable, counted from 0, to the rows of a region that holds many schools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.plan import Plan

if TYPE_CHECKING:
    from scheduler.domain.region import Region


class SchoolRows:
    """The rows of each school in a region: row k of a school's version is the k-th of its rows here."""

    def __init__(self, region: Region):
        activities = region.activities
        self.codes = {school.key: code for code, school in enumerate(activities.schools)} | {"": -1}
        self._order = np.argsort(activities.school, kind="stable")
        self._schools = activities.school[self._order]

    def plan(self, school: str, placements: Plan, days_later: int) -> Plan:
        """Give a school's part of a plan in the region's rows.

        Parameters
        ----------
        school : str
            Key; ``""`` for the region's audiences.
        placements : Plan
            In the rows of the school's own version.
        days_later : int
            How long after the region's first date the first date of `placements` is; can be negative.
        """
        first = int(np.searchsorted(self._schools, np.int32(self.codes[school])))
        row = self._order[first + placements.row].astype(np.int32)
        day = (placements.day + days_later).astype(np.int16)
        return Plan(row, day, placements.start, placements.alternative)
