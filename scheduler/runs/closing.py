"""How bound and best plan of a run close in on each other, as few points that can be drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scheduler.domain.runs import MOST_POINTS

if TYPE_CHECKING:
    from collections.abc import Mapping

Point = tuple[float, float | None, float | None]


class Closing:
    """Sums bounds and best plans over the dates told of so far.

    When a further date is told of, the points begin anew: sums of other dates cannot be compared.

    Parameters
    ----------
    finished : mapping of int to (float, float)
        Day -> bound and cost of the dates that were finished before, in head-minutes.
    """

    def __init__(self, finished: Mapping[int, tuple[float, float]]):
        self._days = dict(finished)
        self._points: list[Point] = []

    @property
    def points(self) -> tuple[Point, ...]:
        """Seconds, and the sums of bounds and of best plans in head-minutes; None where one is not known yet."""
        return tuple(self._points)

    def note(self, seconds: float, day: int, bound: float, best: float) -> None:
        """Take note of a date's bound and best plan."""
        known = self._days.get(day)
        if known is None:
            self._points.clear()
        elif known == (bound, best):
            return
        self._days[day] = (bound, best)
        sums = [_told(math.fsum(pair[at] for pair in self._days.values())) for at in (0, 1)]
        self._points.append((round(seconds, 1), sums[0], sums[1]))
        if len(self._points) > MOST_POINTS:
            # Every other one is enough to draw; the first and the last stay.
            self._points = [*self._points[:-1:2], self._points[-1]]


def _told(value: float) -> float | None:
    """JSON has no word for what is infinite."""
    return value if math.isfinite(value) else None
