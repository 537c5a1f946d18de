"""The rest of a day that has begun: what began stays, nothing else begins before a certain minute.

Rules speak of the usual timetable, but people go by the plan that *stands*, and every change counts against it. A
problem assumes that shift 0 is always allowed; here that shift is the one that stands. So each problem is *recentred*:
with p the standing shifts, which keep every rule, the variables are shift' = shift − p. Bounds, distances and ties stay
what they are in these, and distances stay ≤ 0 because p keeps them. What an activity is served by comes in another
order, the standing alternative first; one that began has no other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.problem import DayPlan, Problem

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from scheduler.domain.timetable import Activities


@dataclass(frozen=True)
class Cut:
    """From when on things may begin.

    Attributes
    ----------
    date : datetime.date
    minute : int
        Of that date; on later dates everything may move.
    """

    date: dt.date
    minute: int


@dataclass(frozen=True)
class Rest:
    """A problem recentred on the plan that stands.

    Attributes
    ----------
    problem : Problem
        Its plan that moves nothing (all zero) is what stands.
    standing : DayPlan
        In the terms of the original problem.
    way : ndarray of int32
        The original number of each alternative of `problem`, laid out as its alternatives are.
    """

    problem: Problem
    standing: DayPlan
    way: NDArray[np.int32]

    def whole(self, plan: DayPlan) -> DayPlan:
        """Give a plan of `problem` as one of the original problem."""
        chosen = self.way[self.problem.alternative_start[:-1] + plan.alternative]
        return DayPlan((plan.shift + self.standing.shift).astype(np.int32), chosen.astype(np.int32))

    def rest(self, plan: DayPlan) -> DayPlan:
        """Give a plan of the original problem as one of `problem`; what it lacks is served as it stands."""
        shift = (plan.shift - self.standing.shift).astype(np.int32)
        first, last = self.problem.alternative_start[:-1], self.problem.alternative_start[1:]
        place = np.zeros(len(plan.alternative), dtype=np.int32)
        for step in range(int((last - first).max(initial=1))):
            there = first + step < last
            same = self.way[np.minimum(first + step, len(self.way) - 1)] == plan.alternative
            place[there & same] = step
        return DayPlan(shift, place)


def broken_schools(problem: Problem, plan: DayPlan) -> NDArray[np.int32]:
    """Give the schools (-1: the region's audiences) whose part of a plan does not keep the problem's rules."""
    ways = np.diff(problem.alternative_start)
    wrong = (plan.shift < problem.low) | (plan.shift > problem.high)
    wrong |= (plan.alternative < 0) | (plan.alternative >= ways)
    far = plan.shift[problem.after] < plan.shift[problem.before] + problem.distance
    wrong[problem.before[far]] = True
    wrong[problem.tied[plan.shift[problem.tied] != plan.shift[problem.tied_to]]] = True
    schools: NDArray[np.int32] = np.unique(problem.school[wrong]).astype(np.int32)
    return schools


def recentred(problem: Problem, activities: Activities, standing: DayPlan, minute: int | None) -> Rest:
    """Recentre a problem on a plan that keeps its rules.

    Parameters
    ----------
    problem : Problem
        Costs are compared with `standing` already (its reference is that plan).
    activities : Activities
        Of the region.
    standing : DayPlan
    minute : int or None
        Of the day from which on things may begin; None: all day.

    Raises
    ------
    ValueError
        The plan that stands breaks a rule.
    """
    if len(broken_schools(problem, standing)):
        raise ValueError("the plan that stands breaks a rule")
    shift = standing.shift.astype(np.int32)
    low, high = problem.low - shift, problem.high - shift
    begun = np.zeros(len(problem), dtype=bool)
    if minute is not None:
        start = activities.start[problem.row].astype(np.int64) + shift.astype(np.int64) * problem.slot_minutes
        begun = start < minute
        # As many whole slots earlier as keep the start from `minute` on.
        low = np.maximum(low, -((start - minute) // problem.slot_minutes))
    low, high = (np.where(begun, 0, bound).astype(np.int32) for bound in (low, high))
    start_of, way = _ways(problem, standing, begun)
    first = problem.alternative_start[:-1]
    places = np.repeat(first, np.diff(start_of)) + way
    moved = shift[problem.before] - shift[problem.after]
    centred = replace(
        problem,
        usual_slot=(problem.usual_slot + shift).astype(np.int32),
        low=low,
        high=high,
        reference=np.zeros(len(problem)),
        reference_alternative=np.zeros(len(problem), dtype=np.int32),
        alternative_start=start_of,
        alternative_profile=problem.alternative_profile[places],
        alternative_cost=problem.alternative_cost[places],
        distance=(problem.distance + moved).astype(np.int32),
        swapped=(problem.swapped - moved).astype(np.int32),
    )
    return Rest(centred, standing, way)


def _ways(problem: Problem, standing: DayPlan, begun: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """List each activity's alternatives, the standing one first and of what began that one alone."""
    counts = np.diff(problem.alternative_start)
    kept = np.where(begun, 1, counts)
    start = np.concatenate([[0], np.cumsum(kept)]).astype(np.int32)
    step = np.arange(int(start[-1])) - np.repeat(start[:-1], kept)
    stands = np.repeat(standing.alternative, kept)
    # 0 is the standing one; those before it come one later, those behind it keep their place.
    way = np.where(step == 0, stands, np.where(step <= stands, step - 1, step))
    return start, way.astype(np.int32)
