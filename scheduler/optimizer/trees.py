"""Cheapest plans of components without cycles, by dynamic programming.

Most components are chains (a primary class, a division) or small trees. A child's cheapest cost as a function of its
parent's shift is a running minimum, so a component costs one pass over its levels; exact up to rounding of floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.optimizer.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.network import Network


@dataclass(frozen=True)
class Forest:
    """The components of a network without cycles, rooted.

    Attributes
    ----------
    node : ndarray of int32
        Their nodes, parents before children.
    parent : ndarray of int32
        Parent of each of `node`; -1 for a root.
    distance : ndarray of int32
        Distance between each of `node` and its parent.
    child_after : ndarray of bool
        True where ``shift[child] >= shift[parent] + distance``, else ``shift[parent] >= shift[child] + distance``.
    """

    node: NDArray[np.int32]
    parent: NDArray[np.int32]
    distance: NDArray[np.int32]
    child_after: NDArray[np.bool_]


def build_forest(network: Network) -> tuple[Forest, NDArray[np.bool_]]:
    """Root the components without cycles.

    Returns
    -------
    forest : Forest
    cyclic : ndarray of bool, shape (components,)
        The components that are not in it.
    """
    nodes = np.bincount(network.component, minlength=network.components)
    distances = np.bincount(network.component[network.before], minlength=network.components)
    cyclic = distances >= nodes
    return Forest(
        *_rooted(
            network.component,
            cyclic,
            network.before,
            network.after,
            network.distance,
            network.out_start,
            network.in_start,
            network.in_order,
        )
    ), cyclic


@compiled
def _rooted(
    component: NDArray[np.int32],
    cyclic: NDArray[np.bool_],
    before: NDArray[np.int32],
    after: NDArray[np.int32],
    distance: NDArray[np.int32],
    out_start: NDArray[np.int32],
    in_start: NDArray[np.int32],
    in_order: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    count = len(component)
    node = np.empty(count, dtype=np.int32)
    parent = np.full(count, -1, dtype=np.int32)
    gap = np.zeros(count, dtype=np.int32)
    child_after = np.zeros(count, dtype=np.bool_)
    seen = np.zeros(count, dtype=np.bool_)
    written = 0
    for root in range(count):
        if seen[root] or cyclic[component[root]]:
            continue
        seen[root] = True
        node[written] = root
        reading = written
        written += 1
        while reading < written:
            v = node[reading]
            reading += 1
            for i in range(out_start[v], out_start[v + 1]):
                w = after[i]
                if not seen[w]:
                    seen[w] = True
                    node[written], parent[written], gap[written], child_after[written] = w, v, distance[i], True
                    written += 1
            for place in range(in_start[v], in_start[v + 1]):
                i = in_order[place]
                w = before[i]
                if not seen[w]:
                    seen[w] = True
                    node[written], parent[written], gap[written], child_after[written] = w, v, distance[i], False
                    written += 1
    return node[:written], parent[:written], gap[:written], child_after[:written]


def plan_forest(network: Network, forest: Forest, cost: NDArray[np.float64], shift: NDArray[np.int32]) -> float:
    """Plan every component without cycles at its cheapest.

    Parameters
    ----------
    network : Network
    forest : Forest
    cost : ndarray of float64, shape (levels,)
    shift : ndarray of int32, shape (nodes,)
        Receives the shifts of the forest's nodes.

    Returns
    -------
    float
        The cheapest cost, summed.
    """
    return float(
        _plan_forest(
            forest.node,
            forest.parent,
            forest.distance,
            forest.child_after,
            network.low,
            network.high,
            network.level_start,
            cost.copy(),
            shift,
        )
    )


@compiled
def _plan_forest(
    node: NDArray[np.int32],
    parent: NDArray[np.int32],
    distance: NDArray[np.int32],
    child_after: NDArray[np.bool_],
    low: NDArray[np.int32],
    high: NDArray[np.int32],
    level_start: NDArray[np.int64],
    cost: NDArray[np.float64],
    shift: NDArray[np.int32],
) -> float:
    # best[level]: of a node's shifts on the side that the parent allows, the cheapest one up to this level.
    best = np.zeros(len(cost), dtype=np.int32)
    total = 0.0
    for i in range(len(node) - 1, -1, -1):
        v = node[i]
        start, count = level_start[v], high[v] - low[v] + 1
        if child_after[i] and parent[i] >= 0:
            best[start + count - 1] = count - 1
            for level in range(count - 2, -1, -1):
                later = best[start + level + 1]
                best[start + level] = level if cost[start + level] <= cost[start + later] else later
        else:
            for level in range(1, count):
                earlier = best[start + level - 1]
                best[start + level] = earlier if cost[start + earlier] <= cost[start + level] else level
        p = parent[i]
        if p < 0:
            total += cost[start + best[start + count - 1]]
            continue
        for level in range(high[p] - low[p] + 1):
            if child_after[i]:
                bound = max(low[p] + level + distance[i] - low[v], 0)
            else:
                bound = min(low[p] + level - distance[i] - low[v], count - 1)
            cost[level_start[p] + level] += cost[start + best[start + bound]]
    for i in range(len(node)):
        v, p = node[i], parent[i]
        start, count = level_start[v], high[v] - low[v] + 1
        if p < 0:
            bound = count - 1
        elif child_after[i]:
            bound = max(shift[p] + distance[i] - low[v], 0)
        else:
            bound = min(shift[p] - distance[i] - low[v], count - 1)
        shift[v] = low[v] + best[start + bound]
    return total
