"""First fit: one activity after the other goes to the nearest place where there is still room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.problem import DayPlan
from scheduler.optimizer.change import Change, Charges, extra_cost, finish, moving_cost, new_change, touch
from scheduler.optimizer.compiled import compiled
from scheduler.optimizer.network import build_network
from scheduler.optimizer.packed import pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region
    from scheduler.optimizer.network import Network
    from scheduler.optimizer.packed import Packed

NOISE = 1e-6
"""Connections and head-minutes below which two sums count as equal."""


def first_fit(_region: Region, problems: Sequence[Problem]) -> list[DayPlan]:
    """Place activities in the order of their usual start, of those that start together the largest first.

    What a careful person with a list would do, or a program without mathematics. Each takes the cheapest allowed start
    and platforms (CONTRACT section 4) at which nothing goes over a limit, given what is placed already; where there is
    none, those with the least overload. What has to move together is placed together. Whatever is placed narrows what
    its neighbours may do, so the plan keeps every hard rule. Nothing is ever moved again.
    """
    return [first_fit_day(problem) for problem in problems]


def first_fit_day(problem: Problem) -> DayPlan:
    network = build_network(problem)
    if not network.nodes:
        return DayPlan(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
    limit = problem.limit.ravel()
    # Overload itself is counted, one a connection; there is no ceiling.
    charges = Charges(limit, 1.0, np.full(limit.size, np.inf), 0.0)
    shift, alternative = _place(
        pack(network), _order(network), charges, new_change(limit.size), problem.slots, network.low, network.high
    )
    return DayPlan(shift[network.node], alternative)


def _order(network: Network) -> NDArray[np.int64]:
    """Sort nodes by usual start, then largest first; the lower number decides between equals."""
    problem = network.problem
    start = np.full(network.nodes, problem.slots, dtype=np.int64)
    np.minimum.at(start, network.node, problem.usual_slot)
    heads = np.bincount(network.node, weights=problem.heads, minlength=network.nodes)
    return np.lexsort((np.arange(network.nodes), -heads, start)).astype(np.int64)


@compiled
def _place(
    packed: Packed,
    order: NDArray[np.int64],
    charges: Charges,
    change: Change,
    slots: int,
    lowest: NDArray[np.int32],
    highest: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    low, high = lowest.copy(), highest.copy()
    load = np.zeros(len(charges.limit))
    alternative = np.zeros(len(packed.node), np.int32)
    queue, queued = np.zeros(len(low) + 1, np.int64), np.zeros(len(low), np.bool_)
    for v in order:
        best, best_over, best_cost = 0, np.inf, np.inf
        for step in range(2 * max(high[v], -low[v]) + 1):
            # 0, then one slot later, one earlier, two later, and so on: of equals, the first is taken.
            shift = (step + 1) // 2 if step % 2 else -(step // 2)
            if low[v] <= shift <= high[v]:
                over, cost = _try(packed, charges, change, load, alternative, slots, v, shift)
                finish(change, load, False)
                if over < best_over - NOISE or (over < best_over + NOISE and cost < best_cost - NOISE):
                    best, best_over, best_cost = shift, over, cost
        _try(packed, charges, change, load, alternative, slots, v, best)
        finish(change, load, True)
        low[v], high[v] = best, best
        _narrow(packed, low, high, queue, queued, v)
    return low, alternative


@compiled
def _try(
    packed: Packed,
    charges: Charges,
    change: Change,
    load: NDArray[np.float64],
    alternative: NDArray[np.int32],
    slots: int,
    v: int,
    shift: int,
) -> tuple[float, float]:
    """Put a node at a shift, each member on the alternative that suits best; give the overload added and the cost."""
    cost, over = 0.0, 0.0
    for m in range(packed.member_start[v], packed.member_start[v + 1]):
        j = packed.member[m]
        slot = packed.usual_slot[j] + shift
        first = packed.alternative_start[j]
        chosen, chosen_over, chosen_cost = 0, np.inf, np.inf
        for way in range(packed.alternative_start[j + 1] - first):
            touch(packed, change, slots, j, way, slot, 1.0)
            over = extra_cost(charges, load, change)
            touch(packed, change, slots, j, way, slot, -1.0)
            dear = packed.alternative_cost[first + way]
            if over < chosen_over - NOISE or (over < chosen_over + NOISE and dear < chosen_cost - NOISE):
                chosen, chosen_over, chosen_cost = way, over, dear
        touch(packed, change, slots, j, chosen, slot, 1.0)
        alternative[j], over = chosen, chosen_over
        cost += moving_cost(packed, j, shift) + chosen_cost
    return over, cost


@compiled
def _narrow(
    packed: Packed,
    low: NDArray[np.int32],
    high: NDArray[np.int32],
    queue: NDArray[np.int64],
    queued: NDArray[np.bool_],
    v: int,
) -> None:
    """Take from the windows of all others what the placed node no longer leaves them, in place."""
    reading, writing = 0, 1
    queue[0], queued[v] = v, True
    while reading != writing:
        u = queue[reading]
        reading, queued[u] = (reading + 1) % len(queue), False
        for i in range(packed.out_start[u], packed.out_start[u + 1]):
            w, bound = packed.succeeding[i], low[u] + packed.out_distance[i]
            if low[w] < bound:
                low[w] = bound
                if not queued[w]:
                    queue[writing], queued[w] = w, True
                    writing = (writing + 1) % len(queue)
        for i in range(packed.in_start[u], packed.in_start[u + 1]):
            w, bound = packed.preceding[i], high[u] - packed.in_distance[i]
            if high[w] > bound:
                high[w] = bound
                if not queued[w]:
                    queue[writing], queued[w] = w, True
                    writing = (writing + 1) % len(queue)
