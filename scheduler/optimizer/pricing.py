"""Between plans, loads and prices: what every shift of every node costs, and what a plan loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.optimizer.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import DayPlan, Problem
    from scheduler.optimizer.packed import Packed


@compiled
def price_profiles(packed: Packed, price: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what one head pays when it starts in each slot.

    Parameters
    ----------
    packed : Packed
    price : ndarray of float64, shape (meters, slots)
        Head-minutes a connection in a slot.

    Returns
    -------
    ndarray of float64, shape (profiles, slots)
    """
    slots = price.shape[1]
    paid = np.zeros((len(packed.piece_start) - 1, slots))
    for profile in range(len(packed.piece_start) - 1):
        for piece in range(packed.piece_start[profile], packed.piece_start[profile + 1]):
            for i in range(packed.value_start[piece], packed.value_start[piece + 1]):
                ahead = packed.first_slot[piece] + i - packed.value_start[piece]
                for slot in range(max(0, -ahead), min(slots, slots - ahead)):
                    paid[profile, slot] += packed.values[i] * price[packed.meter[piece], slot + ahead]
    return paid


@compiled
def level_costs(packed: Packed, paid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what each allowed shift of each node costs, each activity on its cheapest alternative.

    Parameters
    ----------
    packed : Packed
    paid : ndarray of float64, shape (profiles, slots)
        What one head pays for load, as :func:`price_profiles` gives it.

    Returns
    -------
    ndarray of float64, shape (levels,)
        Over the levels of all nodes, in head-minutes.
    """
    cost = np.zeros(packed.level_start[-1])
    for node in range(len(packed.low)):
        low = packed.low[node]
        for m in range(packed.member_start[node], packed.member_start[node + 1]):
            j = packed.member[m]
            for shift in range(low, packed.high[node] + 1):
                slot = packed.usual_slot[j] + shift
                best = np.inf
                for a in range(packed.alternative_start[j], packed.alternative_start[j + 1]):
                    paying = packed.heads[j] * paid[packed.alternative_profile[a], slot]
                    best = min(best, packed.alternative_cost[a] + paying)
                away = abs(shift - packed.reference[j])
                moving = 0.0 if away == 0.0 else packed.move_cost[j]
                cost[packed.level_start[node] + shift - low] += packed.slot_cost[j] * away + moving + best
    return cost


@compiled
def cheapest_alternatives(packed: Packed, shift: NDArray[np.int32], paid: NDArray[np.float64]) -> NDArray[np.int32]:
    """Give the cheapest alternative of each activity at its shift; the first of equals."""
    chosen = np.zeros(len(shift), dtype=np.int32)
    for j in range(len(shift)):
        best = np.inf
        for a in range(packed.alternative_start[j], packed.alternative_start[j + 1]):
            paying = packed.heads[j] * paid[packed.alternative_profile[a], packed.usual_slot[j] + shift[j]]
            cost = packed.alternative_cost[a] + paying
            if cost < best:
                best = cost
                chosen[j] = a - packed.alternative_start[j]
    return chosen


@compiled
def loadable_slots(packed: Packed, meters: int, slots: int) -> NDArray[np.bool_]:
    """Tell which slots of which meters some allowed start and alternative loads; shape (meters, slots)."""
    starts = np.zeros((len(packed.piece_start) - 1, slots), dtype=np.bool_)
    for node in range(len(packed.low)):
        for m in range(packed.member_start[node], packed.member_start[node + 1]):
            j = packed.member[m]
            first = packed.usual_slot[j] + packed.low[node]
            last = packed.usual_slot[j] + packed.high[node]
            if packed.heads[j] > 0.0:
                for a in range(packed.alternative_start[j], packed.alternative_start[j + 1]):
                    starts[packed.alternative_profile[a], first : last + 1] = True
    loadable = np.zeros((meters, slots), dtype=np.bool_)
    for profile in range(len(starts)):
        for piece in range(packed.piece_start[profile], packed.piece_start[profile + 1]):
            for i in range(packed.value_start[piece], packed.value_start[piece + 1]):
                ahead = packed.first_slot[piece] + i - packed.value_start[piece]
                for slot in range(max(0, -ahead), min(slots, slots - ahead)):
                    if starts[profile, slot] and packed.values[i] > 0.0:
                        loadable[packed.meter[piece], slot + ahead] = True
    return loadable


def activity_costs(problem: Problem, plan: DayPlan) -> NDArray[np.float64]:
    """Give what shifting and switching cost for each activity, in head-minutes."""
    away = np.abs(plan.shift - problem.reference)
    moving = problem.slot_cost * away + problem.move_cost * (away != 0)
    switching: NDArray[np.float64] = problem.alternative_cost[problem.alternative_start[:-1] + plan.alternative]
    cost: NDArray[np.float64] = moving + switching
    return cost


def group_loads(problem: Problem, plan: DayPlan, group: NDArray[np.int32], groups: int) -> NDArray[np.float64]:
    """Sum the loads of a plan by group of activities.

    Returns
    -------
    ndarray of float64, shape (groups, meters, slots)
    """
    profile = problem.alternative_profile[problem.alternative_start[:-1] + plan.alternative]
    slots = problem.slots
    place = (group.astype(np.int64) * len(problem.profiles) + profile) * slots + problem.usual_slot + plan.shift
    heads = np.bincount(place, weights=problem.heads, minlength=groups * len(problem.profiles) * slots)
    profiles = problem.profiles
    return _spread_heads(
        heads.reshape(groups, len(profiles), slots).astype(np.float64),
        profiles.piece_start,
        profiles.meter,
        profiles.first_slot,
        profiles.value_start,
        profiles.values,
        problem.limit.shape[0],
    )


@compiled
def _spread_heads(
    heads: NDArray[np.float64],
    piece_start: NDArray[np.int32],
    meter: NDArray[np.int32],
    first_slot: NDArray[np.int32],
    value_start: NDArray[np.int32],
    values: NDArray[np.float64],
    meters: int,
) -> NDArray[np.float64]:
    groups, profiles, slots = heads.shape
    load = np.zeros((groups, meters, slots))
    for group in range(groups):
        for profile in range(profiles):
            for slot in range(slots):
                count = heads[group, profile, slot]
                if count == 0.0:
                    continue
                for piece in range(piece_start[profile], piece_start[profile + 1]):
                    at = slot + first_slot[piece]
                    for i in range(value_start[piece], value_start[piece + 1]):
                        if 0 <= at < slots:
                            load[group, meter[piece], at] += count * values[i]
                        at += 1
    return load


def plan_load(problem: Problem, plan: DayPlan) -> NDArray[np.float64]:
    """Sum the loads of a plan; shape (meters, slots)."""
    load: NDArray[np.float64] = group_loads(problem, plan, np.zeros(len(problem), dtype=np.int32), 1)[0]
    return load


def overload(load: NDArray[np.float64], limit: NDArray[np.float64]) -> float:
    """Sum the load above the limit over meters and slots, in connections."""
    return float(np.maximum(load - limit, 0.0).sum())


def objective(problem: Problem, plan: DayPlan) -> float:
    """Give the objective of one date, in head-minutes (CONTRACT section 4)."""
    over = overload(plan_load(problem, plan), problem.limit)
    return float(activity_costs(problem, plan).sum()) + problem.overload_price * over
