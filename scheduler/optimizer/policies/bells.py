"""Bell times: each school moves its whole timetable by one amount, and schools are dealt out over the amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.problem import DayPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region

QUARTER, HALF_HOUR = 15, 30


def bell_times(region: Region, problems: Sequence[Problem]) -> list[DayPlan]:
    """Let schools ring their bells at different minutes of the hour.

    What authorities do for school buses and canteens, and what is tried first by hand. The amounts are the quarters
    of an hour after −30 up to +30 minutes (thirds, with slots of 10 minutes), as far as the largest shift goes:
    further ones would ring with another school's next bell. Schools are dealt out largest first, each to the amount
    with the fewest heads so far among those that it may take on every date of the horizon; of equals the smallest,
    and later rather than earlier. All class sessions of the school move by it but locked ones, as under
    ``move_together = "school"``; access windows stay. Keeps every hard rule.
    """
    schools = len(region.activities.schools)
    low, high = _amounts_allowed(region, problems, schools)
    heads = np.zeros(schools)
    for problem in problems:
        moving = _moving(region, problem)
        heads += np.bincount(problem.school[moving], weights=problem.heads[moving], minlength=schools)
    amount = _deal(amounts(region), heads, low, high)
    return [_ring(region, problem, amount) for problem in problems]


def amounts(region: Region) -> list[int]:
    """Give the amounts to deal out, in slots, the smallest first; 0 is always one of them."""
    slot, largest = region.grid.slot_minutes, region.policy.max_shift_minutes
    step = -(-QUARTER // slot) * slot
    steps = [minutes for minutes in range(-HALF_HOUR, HALF_HOUR + 1) if minutes % step == 0 and minutes > -HALF_HOUR]
    return sorted((minutes // slot for minutes in steps if abs(minutes) <= largest), key=lambda one: (abs(one), -one))


def _moving(region: Region, problem: Problem) -> NDArray[np.bool_]:
    """Tell which activities ring with their school."""
    moving: NDArray[np.bool_] = ~problem.window & ~region.activities.locked[problem.row]
    return moving


def _amounts_allowed(
    region: Region, problems: Sequence[Problem], schools: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the smallest and the largest amount that every session of a school may take on every date, in slots."""
    low, high = np.full(schools, -(10**6), dtype=np.int64), np.full(schools, 10**6, dtype=np.int64)
    for problem in problems:
        moving = _moving(region, problem)
        np.maximum.at(low, problem.school[moving], problem.low[moving])
        np.minimum.at(high, problem.school[moving], problem.high[moving])
        # Two sessions that both move keep their gap; only a locked one can stand in the way of a moving one.
        after_locked = ~moving[problem.before] & moving[problem.after]
        np.maximum.at(low, problem.school[problem.after[after_locked]], problem.distance[after_locked])
        before_locked = moving[problem.before] & ~moving[problem.after]
        np.minimum.at(high, problem.school[problem.before[before_locked]], -problem.distance[before_locked])
        tied = moving[problem.tied] != moving[problem.tied_to]
        stuck = problem.school[problem.tied[tied]]
        low[stuck], high[stuck] = 0, 0
    return low, high


def _deal(
    choices: Sequence[int], heads: NDArray[np.float64], low: NDArray[np.int64], high: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Give each school an amount, the largest school first, so that heads are even over the amounts."""
    amount = np.zeros(len(heads), dtype=np.int32)
    dealt = dict.fromkeys(choices, 0.0)
    for school in np.argsort(-heads, kind="stable").tolist():
        allowed = [one for one in choices if low[school] <= one <= high[school]]
        amount[school] = min(allowed, key=lambda one: (dealt[one], choices.index(one)), default=0)
        dealt[int(amount[school])] += float(heads[school])
    return amount


def _ring(region: Region, problem: Problem, amount: NDArray[np.int32]) -> DayPlan:
    moving = _moving(region, problem)
    shift = np.zeros(len(problem), dtype=np.int32)
    shift[moving] = amount[problem.school[moving]]
    return DayPlan(shift, np.zeros(len(problem), dtype=np.int32))
