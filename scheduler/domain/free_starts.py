"""Where an activity of a school would fit beside what is booked already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.ledger import millionths_up
from scheduler.domain.problem import build_problem, take_plan
from scheduler.domain.profiles import FlatProfiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region

MOST = 3
"""So many free starts are told."""


class FreeStarts:
    """Looks for free starts on one date of a region of one school.

    Parameters
    ----------
    region : Region
    day : int
        Days since the first date.
    plan : Plan
        The school's plan, which has the activities elsewhere for now.
    ceiling : ndarray of int64, shape (meters, slots)
        Millionths that the school may book.
    order_kept : bool
        False where sharers may change their order.
    """

    def __init__(self, region: Region, day: int, plan: Plan, ceiling: NDArray[np.int64], *, order_kept: bool = True):
        self._problem = build_problem(region, day)
        placed = take_plan(self._problem, region.activities, plan)
        self._shift, self._order_kept, self._ceiling = placed.shift, order_kept, ceiling
        self._usual = region.activities.start
        self._flat = FlatProfiles(self._problem.profiles)
        last = self._problem.alternative_start[1:] - 1
        way = np.minimum(self._problem.alternative_start[:-1] + placed.alternative, last)
        self._profile = self._problem.alternative_profile[way]
        self._load = self._loads(np.arange(len(self._problem)), 0)

    def loading(self, meter: int, first: int, last: int) -> NDArray[np.int32]:
        """List the rows of the activities that load a meter in the slots from `first` to `last`, heaviest first."""
        problem = self._problem
        loads = self._flat.loads(self._profile, problem.usual_slot + self._shift, problem.heads, problem.slots)
        here = (loads.meter == meter) & (loads.slot >= first) & (loads.slot < last)
        amount = np.bincount(loads.activity[here], loads.amount[here], len(problem))
        heaviest = np.argsort(-amount, kind="stable")
        return problem.row[heaviest[amount[heaviest] > 0]]

    def of(self, row: int) -> tuple[int, ...]:
        """Give the free starts of an activity, in minutes: the nearest before, the nearest after, then the next ones.

        What must move with it moves with it. A start is free where the activity keeps all bounds and distances while
        the rest of the plan stays, and all its load fits.
        """
        at = int(np.searchsorted(self._problem.row, row))
        members = self._moving_with(at)
        low = int((self._problem.low - self._shift)[members].max())
        high = int((self._problem.high - self._shift)[members].min())
        rest = self._load - self._loads(members, 0)
        before = [by for by in range(-1, low - 1, -1) if self._fits(members, by, rest)]
        after = [by for by in range(1, high + 1) if self._fits(members, by, rest)]
        nearest = [*before[:1], *after[:1]]
        nearest += sorted([*before[1:], *after[1:]], key=abs)[: MOST - len(nearest)]
        # The usual start needs not begin with a slot.
        usual, minutes = int(self._usual[row]), self._problem.slot_minutes
        return tuple(usual + (int(self._shift[at]) + by) * minutes for by in sorted(nearest, key=abs))

    def _loads(self, members: NDArray[np.intp], by: int) -> NDArray[np.float64]:
        """Sum what some activities load that are moved by so many slots; shape (meters, slots)."""
        problem = self._problem
        slot = problem.usual_slot[members] + self._shift[members] + by
        loads = self._flat.loads(self._profile[members], slot, problem.heads[members], problem.slots)
        place = loads.meter * problem.slots + loads.slot
        # Of no loads at all the sum is one of whole numbers.
        summed = np.bincount(place, loads.amount, problem.limit.size).astype(np.float64)
        return summed.reshape(problem.limit.shape)

    def _moving_with(self, at: int) -> NDArray[np.intp]:
        """Give the activities that have one shift with this one, itself among them."""
        problem = self._problem
        inside = np.zeros(len(problem), dtype=bool)
        inside[at] = True
        while True:
            one, other = inside[problem.tied], inside[problem.tied_to]
            if (one == other).all():
                return np.flatnonzero(inside)
            inside[problem.tied_to[one]] = inside[problem.tied[other]] = True

    def _fits(self, members: NDArray[np.intp], by: int, rest: NDArray[np.float64]) -> bool:
        own = self._loads(members, by)
        touched = own > 0
        if (millionths_up(rest[touched] + own[touched]) > self._ceiling[touched]).any():
            return False
        problem, shift = self._problem, self._shift.copy()
        shift[members] += by
        first, second = shift[problem.before], shift[problem.after]
        keeps = second >= first + problem.distance
        if not self._order_kept:
            keeps |= first >= second + problem.swapped
        moved = np.zeros(len(problem), dtype=bool)
        moved[members] = True
        return bool((keeps | (moved[problem.before] == moved[problem.after])).all())
