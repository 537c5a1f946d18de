"""A plan: a start and an alternative for every activity of the horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scheduler.domain.region import Region


@dataclass(frozen=True)
class Plan:
    """A plan in columns; element i places one activity on one date.

    Attributes
    ----------
    row : ndarray of int32
        Row of the region's :class:`~scheduler.domain.timetable.Activities`.
    day : ndarray of int16
        Days since the first date of the horizon.
    start : ndarray of int16
        Planned start, minutes of the day.
    alternative : ndarray of int16
        Which of the activity's alternatives serves it; 0 is the usual one.
    """

    row: NDArray[np.int32]
    day: NDArray[np.int16]
    start: NDArray[np.int16]
    alternative: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.row)

    def shift(self, region: Region) -> NDArray[np.int64]:
        """Give planned start − usual start of every element, in minutes."""
        return self.start.astype(np.int64) - region.activities.start[self.row]

    def on_day(self, day: int) -> Plan:
        """Give the part of the plan of one date, `day` days after the first."""
        mine = self.day == day
        return Plan(self.row[mine], self.day[mine], self.start[mine], self.alternative[mine])


def usual_plan(region: Region) -> Plan:
    """Give the plan that moves nothing: every activity at its usual start and alternative."""
    parts = [(day, region.presence.rows(date)) for day, date in enumerate(region.grid.dates)]
    rows = np.concatenate([rows for _, rows in parts]).astype(np.int32)
    days = np.concatenate([np.full(len(rows), day, dtype=np.int16) for day, rows in parts])
    return Plan(rows, days, region.activities.start[rows], np.zeros(len(rows), dtype=np.int16))


def joined(parts: Sequence[Plan]) -> Plan:
    """Join the plans of several dates; of none, the empty plan."""
    nothing = np.zeros(0, dtype=np.int16)
    every = [Plan(nothing.astype(np.int32), nothing, nothing, nothing), *parts]
    return Plan(
        np.concatenate([part.row for part in every]),
        np.concatenate([part.day for part in every]),
        np.concatenate([part.start for part in every]),
        np.concatenate([part.alternative for part in every]),
    )
