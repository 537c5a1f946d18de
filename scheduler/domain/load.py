"""Loads and figures of a plan, from the region and the plan alone (CONTRACT sections 1, 4 and 5).

Nothing here knows how a plan was found, so that the same functions serve the plan folder, the check and the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.reference import changes
from scheduler.domain.usage import head_load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.plan import Plan
    from scheduler.domain.reference import Reference
    from scheduler.domain.region import Region

OVERLOADED_FROM = 0.001
"""Connection-minutes of overload above which a plan's status is ``overloaded`` (CONTRACT section 5)."""


def load_by_slot(region: Region, day: int, plan: Plan) -> NDArray[np.float64]:
    """Sum what the activities of one date ask of each limited meter.

    Parameters
    ----------
    region : Region
    day : int
        Days since the first date of the horizon.
    plan : Plan
        Only its elements of that day count.

    Returns
    -------
    ndarray of float64, shape (len(region.meters), region.grid.slots)
        Average load in each slot; what falls outside the date is not counted.
    """
    slots = region.grid.slots
    load = np.zeros((len(region.meters), slots))
    for (alternatives, minutes, alternative), group in _alike(region, plan.on_day(day)):
        used = region.activities.words.alternatives[alternatives][alternative]
        for meter, place in enumerate(region.meters):
            if place.platform in used.platforms:
                _add(load[meter], region, (used.activity, place.platform, place.meter), minutes, group)
    return load


def _alike(region: Region, plan: Plan) -> list[tuple[tuple[int, int, int], NDArray[np.float64]]]:
    """Gather the activities that load alike.

    Returns
    -------
    list of ((alternatives code, minutes, alternative), heads)
        `heads` has shape (1440,): the heads that start in each minute of the day.
    """
    activities = region.activities
    kinds = np.stack(
        [activities.alternatives[plan.row], activities.minutes[plan.row], plan.alternative], axis=1
    ).astype(np.int64)
    distinct, kind = np.unique(kinds, axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    heads = np.zeros((len(distinct), 1440))
    np.add.at(heads, (kind, plan.start.astype(np.int64)), activities.heads[plan.row].astype(np.float64))
    return [((int(a), int(m), int(n)), heads[at]) for at, (a, m, n) in enumerate(distinct)]


def _add(
    load: NDArray[np.float64],
    region: Region,
    place: tuple[str, str, str],
    minutes: int,
    heads: NDArray[np.float64],
) -> None:
    """Add to one meter's `load` what `heads` by minute of start ask of it."""
    slot_minutes = region.grid.slot_minutes
    rows = region.usage_rows.get(place, ())
    for offset in range(slot_minutes):
        by_slot = heads[offset::slot_minutes]
        if not by_slot.any():
            continue
        one = head_load(rows, minutes, offset, slot_minutes)
        if one is None:
            continue
        whole = np.convolve(by_slot, one.values)  # element i is slot i + one.first
        first, last = max(one.first, 0), min(one.first + len(whole), len(load))
        if first < last:
            load[first:last] += whole[first - one.first : last - one.first]


def overload_minutes(region: Region, load: NDArray[np.float64], limit: NDArray[np.float64]) -> float:
    """Sum the part of a load above the limit, times the slot's minutes, over meters and slots."""
    return float(np.maximum(load - limit, 0.0).sum() * region.grid.slot_minutes)


@dataclass(frozen=True)
class Cost:
    """The three sums of the objective (CONTRACT section 4).

    Attributes
    ----------
    shift : float
        Σ heads × weight × (|shift| + move_minutes [shift ≠ 0]), head-minutes.
    switch : float
        Σ heads × (switch_minutes [other platforms] + activity_minutes [another activity]), head-minutes.
    overload : float
        Connection-minutes.
    overload_weight : float
        Head-minutes that one connection-minute is worth.
    """

    shift: float
    switch: float
    overload: float
    overload_weight: float

    @property
    def objective(self) -> float:
        """The quantity that a plan minimises, in head-minutes."""
        return self.shift + self.switch + self.overload_weight * self.overload


def placing_cost(
    region: Region, plan: Plan, reference: Reference | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give what moving and what switching cost, for each element of the plan, in head-minutes.

    Both are compared with the usual timetable, or with a `reference`.
    """
    activities, policy = region.activities, region.policy
    heads = activities.heads[plan.row].astype(np.float64)
    minutes, compared = changes(region, plan, reference)
    shift = np.abs(minutes).astype(np.float64)
    moving = heads * activities.weight[plan.row] * (shift + policy.move_minutes * (shift != 0))
    charges = switch_minutes(region, reference is not None)
    return moving, heads * charges[activities.alternatives[plan.row], compared, plan.alternative]


def switch_charge(region: Region, alternatives: int, alternative: int, compared: int = 0) -> float:
    """Give what serving a head from another alternative than the one compared with costs, in head-minutes."""
    ways = region.activities.words.alternatives[alternatives]
    former, used = ways[compared], ways[alternative]
    other_platforms = set(used.platforms) != set(former.platforms)
    other_activity = used.activity != former.activity
    return region.policy.switch_minutes * other_platforms + region.policy.activity_minutes * other_activity


def switch_minutes(region: Region, between_all: bool) -> NDArray[np.float64]:
    """Tabulate :func:`switch_charge`.

    Parameters
    ----------
    region : Region
    between_all : bool
        Compare with every alternative; False: with the usual one only, which is quick.

    Returns
    -------
    ndarray of float64, shape (lists of alternatives, alternatives compared with, alternatives)
        Head-minutes a head; 0 where a list has fewer alternatives.
    """
    lists = region.activities.words.alternatives
    widest = max((len(ways) for ways in lists), default=1)
    charges = np.zeros((max(len(lists), 1), widest if between_all else 1, widest))
    for code, ways in enumerate(lists):
        for compared in range(len(ways) if between_all else 1):
            charges[code, compared, : len(ways)] = [
                switch_charge(region, code, way, compared) for way in range(len(ways))
            ]
    return charges


@dataclass(frozen=True)
class DayFigures:
    """What a plan comes to on one date, beside the proof.

    Attributes
    ----------
    day : int
        Days since the first date.
    activities, moved, switched : int
        How many there are, have another start, and have another alternative than the usual, or than the reference's.
    largest_shift_minutes : int
        Of class sessions, from the usual start or the reference's.
    cost : Cost
    before, after : ndarray of float64, shape (meters, slots)
        Loads at the usual starts and as planned.
    capacity, limit : ndarray of float64, shape (meters, slots)
        ``inf`` where unlimited.
    """

    day: int
    activities: int
    moved: int
    switched: int
    largest_shift_minutes: int
    cost: Cost
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    capacity: NDArray[np.float64]
    limit: NDArray[np.float64]

    @property
    def status(self) -> str:
        """``within_limits`` or ``overloaded`` (CONTRACT section 5)."""
        return "overloaded" if self.cost.overload > OVERLOADED_FROM else "within_limits"


def day_figures(region: Region, day: int, plan: Plan, usual: Plan, reference: Reference | None = None) -> DayFigures:
    """Reckon what `plan` comes to on one date; `usual` is :func:`~scheduler.domain.plan.usual_plan`.

    With a `reference`, costs and counts are against it; the loads before are at the usual starts all the same.
    """
    date = region.grid.dates[day]
    mine = plan.on_day(day)
    limit = region.limit(date)
    after = load_by_slot(region, day, mine)
    shift, compared = changes(region, mine, reference)
    moving, switching = placing_cost(region, mine, reference)
    sessions = ~region.activities.window[mine.row]
    return DayFigures(
        day=day,
        activities=len(mine),
        moved=int(np.count_nonzero(shift)),
        switched=int(np.count_nonzero(mine.alternative != compared)),
        largest_shift_minutes=int(np.abs(shift[sessions]).max(initial=0)),
        cost=Cost(
            float(moving.sum()),
            float(switching.sum()),
            overload_minutes(region, after, limit),
            region.policy.overload_weight,
        ),
        before=load_by_slot(region, day, usual),
        after=after,
        capacity=region.capacity(date),
        limit=limit,
    )


def figures(region: Region, plan: Plan, usual: Plan, reference: Reference | None = None) -> tuple[DayFigures, ...]:
    """Reckon what `plan` comes to on each date with activities; see :func:`day_figures`."""
    days = sorted({*usual.day.tolist(), *plan.day.tolist()})
    return tuple(day_figures(region, day, plan, usual, reference) for day in days)
