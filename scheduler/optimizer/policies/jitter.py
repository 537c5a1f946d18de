"""Jitter: nobody's timetable changes, but the platform lets each person in after a random delay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.load import load_by_slot, overload_minutes, placing_cost

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.load import DayFigures
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region

JITTER_MINUTES = 10
"""The longest delay unless another is asked for: what the plugin named below gives out by default."""


def jittered_load(region: Region, day: int, plan: Plan, minutes: int) -> NDArray[np.float64]:
    """Give the load to be expected where everybody's connection is delayed at random.

    As the quiz access rule "Delayed attempts" of Moodle does (quizaccess_delayed, moodle.org/plugins): each person
    enters 0 to `minutes` − 1 minutes after the start, every delay as likely as the others, and leaves when the others
    do. So what usage.csv counts from the start comes later, and what it counts from the end does not. The delay is
    shorter than the activity. It reaches everything that connects, locked sessions and access windows too, because it
    is the platform that delays.

    Parameters
    ----------
    region : Region
    day : int
        Days since the first date of the horizon.
    plan : Plan
        The starts that are announced.
    minutes : int
        How many delays there are, at least 1; with 1 nobody is delayed.

    Returns
    -------
    ndarray of float64, shape (len(region.meters), region.grid.slots)
    """
    total = np.zeros((len(region.meters), region.grid.slots))
    mine = plan.on_day(day)
    for delay in range(minutes):
        late = _delays(region, delay).astype(np.int16)
        later = replace(region.activities, minutes=region.activities.minutes - late)
        delayed = replace(mine, start=mine.start + late[mine.row])
        total += load_by_slot(replace(region, activities=later), day, delayed)
    return total / minutes


def jittered_figures(region: Region, plan: Plan, day: DayFigures, minutes: int) -> DayFigures:
    """Give a date's figures with the jittered load; what a head waits is counted as a shift of its own."""
    after = jittered_load(region, day.day, plan, minutes)
    mine = plan.on_day(day.day)
    moving, switching = placing_cost(region, mine)
    waiting = region.activities.heads[mine.row] * region.activities.weight[mine.row]
    wait = _mean_delays(region, minutes)[mine.row]
    cost = replace(
        day.cost,
        shift=float(moving.sum() + (waiting * wait).sum()),
        switch=float(switching.sum()),
        overload=overload_minutes(region, after, day.limit),
    )
    return replace(day, after=after, cost=cost)


def mean_wait_minutes(region: Region, plan: Plan, minutes: int) -> float:
    """Give what a head waits on average, over all heads of the plan."""
    heads = region.activities.heads[plan.row].astype(np.float64)
    waits = _mean_delays(region, minutes)[plan.row]
    return float((heads * waits).sum() / max(float(heads.sum()), 1.0))


def spread_activities(region: Region, plan: Plan, minutes: int) -> int:
    """Count the activities whose people no longer have one start: each of them breaks rule 1 of CONTRACT section 3."""
    spread = (region.activities.heads[plan.row] > 1) & (_delays(region, minutes - 1)[plan.row] > 0)
    return int(np.count_nonzero(spread))


def _delays(region: Region, delay: int) -> NDArray[np.int64]:
    """Give a delay for every activity: `delay` minutes, or as long as leaves it a minute."""
    return np.minimum(delay, region.activities.minutes.astype(np.int64) - 1)


def _mean_delays(region: Region, minutes: int) -> NDArray[np.float64]:
    delays = np.stack([_delays(region, delay) for delay in range(minutes)])
    mean: NDArray[np.float64] = delays.mean(axis=0)
    return mean
