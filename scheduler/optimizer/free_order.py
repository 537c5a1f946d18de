"""A problem whose sharers may change their order (``--reorder``): pairs of nodes that keep apart, whoever comes first.

Nothing here binds the order, so windows are not tightened and components are not cut: a node's place hangs on its
pairs alone, of which only those count whose nodes can meet at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.optimizer.compiled import compiled
from scheduler.optimizer.network import Network, build_network, number_sets
from scheduler.optimizer.packed import Packed, pack
from scheduler.optimizer.pricing import level_costs, price_profiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem

IMPOSSIBLE = np.inf
"""What a change of order costs that no allowed shifts make."""


@dataclass(frozen=True)
class FreeOrder:
    """The nodes of a problem, and their pairs.

    Attributes
    ----------
    network : Network
        Without distances: nodes and their allowed shifts.
    packed : Packed
    movable : ndarray of bool, shape (nodes,)
        Nodes with a choice of shifts or alternatives.
    one, other, kept, swapped : ndarray of int32, shape (pairs,)
        ``shift[other] >= shift[one] + kept``, or else ``shift[one] >= shift[other] + swapped``.
    near_start : ndarray of int64, shape (nodes + 1,)
    near : ndarray of int32
        Node v is in a pair with ``near[near_start[v]:near_start[v + 1]]``.
    """

    network: Network
    packed: Packed
    movable: NDArray[np.bool_]
    one: NDArray[np.int32]
    other: NDArray[np.int32]
    kept: NDArray[np.int32]
    swapped: NDArray[np.int32]
    near_start: NDArray[np.int64]
    near: NDArray[np.int32]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return self.network.nodes

    def near_of(self, node: int) -> NDArray[np.int32]:
        """Give the nodes that a node is in a pair with."""
        return self.near[self.near_start[node] : self.near_start[node + 1]]

    def can_change(self) -> NDArray[np.bool_]:
        """Tell which pairs can stand in either order, by the allowed shifts of the two alone."""
        low, high = self.network.low, self.network.high
        swappable = high[self.one] - low[self.other] >= self.swapped
        keepable = high[self.other] - low[self.one] >= self.kept
        return swappable & keepable

    def components(self) -> NDArray[np.int32]:
        """Give each node the number of its component: what pairs connect."""
        return number_sets(self.nodes, self.one, self.other)


def free_order(problem: Problem) -> FreeOrder:
    """Contract a problem to nodes and the pairs of them that can meet."""
    none = problem.before[:0]
    network = build_network(replace(problem, before=none, after=none, distance=none, swapped=none))
    one, other = network.node[problem.before], network.node[problem.after]
    # Two activities of a node are always as far from each other as usual.
    meet = (one != other) & (problem.distance > network.low[other] - network.high[one])
    pairs = np.stack([one[meet], other[meet], problem.distance[meet], problem.swapped[meet]], axis=1)
    pairs = np.unique(pairs, axis=0).astype(np.int32).reshape(-1, 4)
    both = np.concatenate([pairs[:, [0, 1]], pairs[:, [1, 0]]])
    near = np.unique(both, axis=0)
    packed = pack(network)
    choices = np.maximum(network.high - network.low, 0)
    np.maximum.at(choices, network.node, (np.diff(problem.alternative_start) - 1).astype(np.int32))
    return FreeOrder(
        network=network,
        packed=packed,
        movable=choices > 0,
        one=np.ascontiguousarray(pairs[:, 0]),
        other=np.ascontiguousarray(pairs[:, 1]),
        kept=np.ascontiguousarray(pairs[:, 2]),
        swapped=np.ascontiguousarray(pairs[:, 3]),
        near_start=np.concatenate([[0], np.cumsum(np.bincount(near[:, 0], minlength=network.nodes))]).astype(np.int64),
        near=np.ascontiguousarray(near[:, 1]),
    )


@dataclass(frozen=True)
class Promise:
    """What prices promise.

    Attributes
    ----------
    slack : ndarray of float64, shape (nodes,)
        What each node pays above its cheapest place, head-minutes.
    gain : ndarray of float64, shape (pairs,)
        The most that the other order of a pair can save around it; ``-inf`` where it is impossible.
    """

    slack: NDArray[np.float64]
    gain: NDArray[np.float64]


def promise(free: FreeOrder, shift: NDArray[np.int32], price: NDArray[np.float64]) -> Promise:
    """Weigh what the other order of each pair costs its two nodes against what all around pay for the present one.

    Parameters
    ----------
    free : FreeOrder
    shift : ndarray of int32, shape (nodes,)
        Where the nodes are.
    price : ndarray of float64, shape (meters, slots)
    """
    network = free.network
    costs = level_costs(free.packed, price_profiles(free.packed, price))
    starts = network.level_start[:-1]
    least = np.minimum.reduceat(costs, starts) if free.nodes else np.zeros(0)
    slack = costs[starts + shift - network.low] - least
    from_node = np.repeat(np.arange(free.nodes), np.diff(free.near_start))
    around = slack + np.bincount(from_node, weights=slack[free.near], minlength=free.nodes)
    keeps = shift[free.other] >= shift[free.one] + free.kept
    first, second = np.where(keeps, free.other, free.one), np.where(keeps, free.one, free.other)
    changed = _cheapest_in_order(
        costs, network.low, network.level_start, first, second, np.where(keeps, free.swapped, free.kept)
    )
    # Each of the two is among the other's neighbours, so its slack is in both sums.
    saved = around[first] + around[second] - slack[first] - slack[second]
    return Promise(slack, saved - (changed - least[first] - least[second]))


@compiled
def _cheapest_in_order(
    costs: NDArray[np.float64],
    low: NDArray[np.int32],
    level_start: NDArray[np.int64],
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    distance: NDArray[np.int32],
) -> NDArray[np.float64]:
    """Give for each pair the least that its two nodes cost with ``shift[second] >= shift[first] + distance``."""
    cheapest = np.full(len(first), np.inf)
    for i in range(len(first)):
        u, v = first[i], second[i]
        places_u = level_start[u + 1] - level_start[u]
        best_v = np.inf
        # From the latest place of u down: each step leaves v some more places to choose from.
        reach = level_start[v + 1] - level_start[v]
        for at in range(places_u - 1, -1, -1):
            least = max(low[u] + at + distance[i] - low[v], 0)
            while reach > least:
                reach -= 1
                best_v = min(best_v, costs[level_start[v] + reach])
            cheapest[i] = min(cheapest[i], costs[level_start[u] + at] + best_v)
    return cheapest
