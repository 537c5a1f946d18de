"""A former plan that new plans are compared with instead of the usual timetable (CONTRACT section 4).

Only costs and counts look at it; the hard rules still speak of the usual timetable. The former plan may have been made
for another state of the region: its starts may lie outside bounds, or off the slots of the timetable as it is now.
What is compared is the start itself, to the minute, for that is what people were told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.plan import Plan, usual_plan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.region import Region


@dataclass(frozen=True)
class Reference:
    """What a former plan does otherwise than the usual timetable.

    Attributes
    ----------
    plan : Plan
        Sorted by day and row, each activity and date at most once; what it lacks counts as usual.
    """

    plan: Plan

    @classmethod
    def of(cls, region: Region, plan: Plan) -> Reference:
        """Take from a former plan what still takes place and is not as usual; of two elements the first counts."""
        keys = _keys(region, plan.row, plan.day)
        usual = usual_plan(region)
        first = np.unique(keys, return_index=True)[1]
        there = np.isin(keys[first], _keys(region, usual.row, usual.day))
        differs = (plan.shift(region)[first] != 0) | (plan.alternative[first] != 0)
        kept = first[there & differs]
        return cls(Plan(plan.row[kept], plan.day[kept], plan.start[kept], plan.alternative[kept]))

    def places(
        self, region: Region, row: NDArray[np.int32], day: NDArray[np.int16]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the start, in minutes of the day, and the alternative that activities are compared with.

        Parameters
        ----------
        region : Region
        row, day : ndarray of int, shape (n,)
            Rows of the region's activities, and days since the first date.

        Returns
        -------
        start, alternative : ndarray of int64, shape (n,)
        """
        start, alternative = region.activities.start[row].astype(np.int64), np.zeros(len(row), dtype=np.int64)
        known, asked = _keys(region, self.plan.row, self.plan.day), _keys(region, row, day)
        if len(known):
            at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
            found = known[at] == asked
            start[found] = self.plan.start[at[found]]
            alternative[found] = self.plan.alternative[at[found]]
        return start, alternative


def _keys(region: Region, row: NDArray[np.int32], day: NDArray[np.int16]) -> NDArray[np.int64]:
    """Give one number for each activity and date, ascending by day, then row."""
    return day.astype(np.int64) * len(region.activities) + row


def changes(
    region: Region, plan: Plan, reference: Reference | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each element's planned start less the start compared with, in minutes, and the alternative compared with.

    Without a reference both are those of the usual timetable.

    Returns
    -------
    minutes, alternative : ndarray of int64, shape (len(plan),)
    """
    if reference is None:
        return plan.shift(region), np.zeros(len(plan), dtype=np.int64)
    start, alternative = reference.places(region, plan.row, plan.day)
    return plan.start.astype(np.int64) - start, alternative
