"""From the mixture to one whole plan, by α-points (ENGINE section 4).

The mixture makes each component a convex combination of feasible timetables. One θ in [0, 1) is drawn for the whole
component and every node takes the θ-quantile of its shifts. Order statistics keep every distance, so the plan is
feasible; over θ each node's shifts have exactly the mixture's distribution, so the expected load is the mixture's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.domain.problem import DayPlan
from scheduler.optimizer.change import Change, Charges, extra_cost, finish, moving_cost, new_change, touch
from scheduler.optimizer.compiled import compiled
from scheduler.optimizer.pricing import group_loads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.network import Network
    from scheduler.optimizer.packed import Packed
    from scheduler.optimizer.params import RoundingParams


class Mixture(NamedTuple):
    """Passes and how much of each the best mixture holds.

    Attributes
    ----------
    passes : list of DayPlan
        Feasible timetables; int16 to save memory.
    weights : ndarray of float64, shape (passes, groups)
    group : ndarray of int32, shape (activities,)
        Group of each activity; a component lies within one.
    """

    passes: list[DayPlan]
    weights: NDArray[np.float64]
    group: NDArray[np.int32]


def round_mixture(
    network: Network, packed: Packed, mixture: Mixture, charges: Charges, params: RoundingParams, seed: int
) -> DayPlan:
    """Draw one whole plan from a mixture.

    Components are placed one by one, those with most heads first; of the draws of θ the one is taken that is
    cheapest against the load placed so far and the expected load of the rest.
    """
    problem = network.problem
    used = np.flatnonzero((mixture.weights > 1e-9).any(axis=1))
    shifts = np.stack([mixture.passes[at].shift for at in used]).astype(np.int32)
    alternatives = np.stack([mixture.passes[at].alternative for at in used]).astype(np.int32)
    weights = mixture.weights[used]
    node_group = np.zeros(network.nodes, dtype=np.int32)
    node_group[network.node] = mixture.group
    expected = _expected_load(network, mixture, used)
    heads = np.bincount(network.component[network.node], weights=problem.heads, minlength=network.components)
    by_component = np.argsort(network.component, kind="stable").astype(np.int32)
    ends = np.searchsorted(network.component[by_component], np.arange(network.components + 1))
    node_shift = np.zeros(network.nodes, dtype=np.int32)
    alternative = np.zeros(len(problem), dtype=np.int32)
    _round(
        packed,
        charges,
        expected.ravel(),
        new_change(expected.size),
        problem.slots,
        np.argsort(-heads, kind="stable"),
        by_component,
        ends,
        node_group,
        shifts,
        alternatives,
        weights,
        params.draws,
        seed,
        node_shift,
        alternative,
    )
    return DayPlan(node_shift[network.node], alternative)


def _expected_load(network: Network, mixture: Mixture, used: NDArray[np.intp]) -> NDArray[np.float64]:
    """Give the mixture's load; shape (meters, slots)."""
    groups = mixture.weights.shape[1]
    load = np.zeros((groups, *network.problem.limit.shape))
    for at in used:
        plan = DayPlan(mixture.passes[at].shift.astype(np.int32), mixture.passes[at].alternative.astype(np.int32))
        loads = group_loads(network.problem, plan, mixture.group, groups)
        load += mixture.weights[at][:, None, None] * loads
    whole: NDArray[np.float64] = load.sum(axis=0)
    return whole


@compiled
def _quantile(weights: NDArray[np.float64], order: NDArray[np.int64], theta: float) -> int:
    """Give the entry at which the weights, summed in `order`, first exceed θ."""
    total = 0.0
    for i in range(len(order)):
        total += weights[order[i]]
        if total > theta:
            return int(order[i])
    return int(order[len(order) - 1])


@compiled
def _take(
    packed: Packed,
    v: int,
    theta: float,
    shifts: NDArray[np.int32],
    alternatives: NDArray[np.int32],
    weights: NDArray[np.float64],
    node_shift: NDArray[np.int32],
    alternative: NDArray[np.int32],
) -> None:
    """Give node `v` the θ-quantile of its shifts, and its members the alternatives of the passes at it."""
    first = packed.member[packed.member_start[v]]
    order = np.argsort(shifts[:, first], kind="mergesort")
    at = _quantile(weights, order, theta)
    node_shift[v] = shifts[at, first]
    for m in range(packed.member_start[v], packed.member_start[v + 1]):
        alternative[packed.member[m]] = alternatives[at, packed.member[m]]


@compiled
def _round(
    packed: Packed,
    charges: Charges,
    load: NDArray[np.float64],
    change: Change,
    slots: int,
    component_order: NDArray[np.int64],
    by_component: NDArray[np.int32],
    ends: NDArray[np.int64],
    node_group: NDArray[np.int32],
    shifts: NDArray[np.int32],
    alternatives: NDArray[np.int32],
    weights: NDArray[np.float64],
    draws: int,
    seed: int,
    node_shift: NDArray[np.int32],
    alternative: NDArray[np.int32],
) -> None:
    np.random.seed(seed)
    for component in component_order:
        nodes = by_component[ends[component] : ends[component + 1]]
        jitter = np.random.random()
        best_cost, best_theta = np.inf, 0.0
        # `load` holds the expected load of everything not yet placed: this component's part of it goes first.
        for v in nodes:
            mine = weights[:, node_group[v]]
            for m in range(packed.member_start[v], packed.member_start[v + 1]):
                j = packed.member[m]
                for at in range(len(mine)):
                    if mine[at] > 0:
                        slot = packed.usual_slot[j] + shifts[at, j]
                        touch(packed, change, slots, j, alternatives[at, j], slot, -mine[at])
        finish(change, load, True)
        for draw in range(draws):
            theta = (draw + jitter) / draws
            cost = 0.0
            for v in nodes:
                _take(packed, v, theta, shifts, alternatives, weights[:, node_group[v]], node_shift, alternative)
                for m in range(packed.member_start[v], packed.member_start[v + 1]):
                    j = packed.member[m]
                    touch(packed, change, slots, j, alternative[j], packed.usual_slot[j] + node_shift[v], 1.0)
                    cost += moving_cost(packed, j, node_shift[v])
                    cost += packed.alternative_cost[packed.alternative_start[j] + alternative[j]]
            cost += extra_cost(charges, load, change)
            finish(change, load, False)
            if cost < best_cost:
                best_cost, best_theta = cost, theta
        for v in nodes:
            _take(packed, v, best_theta, shifts, alternatives, weights[:, node_group[v]], node_shift, alternative)
            for m in range(packed.member_start[v], packed.member_start[v + 1]):
                j = packed.member[m]
                touch(packed, change, slots, j, alternative[j], packed.usual_slot[j] + node_shift[v], 1.0)
        finish(change, load, True)
