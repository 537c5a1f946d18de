"""Cheapest plans of components with cycles, exact, by minimum cut.

Every allowed shift of a node is an arc of a path from source to sink; cutting it chooses the shift. Infinite arcs
keep the cut to one arc a path and to shifts that respect the distances (Möhring, Schulz, Stork, Uetz, *Solving project
scheduling problems by minimum cut computations*, Management Science 49, 2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python import max_flow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.network import Network

SCALE = 1e5
"""Flows are whole numbers: one head-minute is this many units. Costs are rounded down, so that a cut bounds truly."""

UNCUTTABLE = 1 << 60


@dataclass
class CyclicComponent:
    """One component with its network of arcs, kept and re-priced.

    Attributes
    ----------
    node : ndarray of int32
        Its nodes.
    level : ndarray of int64
        Its levels, in arrays over all levels of the network.
    owner : ndarray of int32
        Which of `node` each of `level` belongs to.
    flow : SimpleMaxFlow
    priced : ndarray of int32
        The arcs that carry the levels' costs, in the order of `level`.
    vertex : ndarray of int32
        Vertex before each level's arc.
    """

    node: NDArray[np.int32]
    level: NDArray[np.int64]
    owner: NDArray[np.int32]
    flow: max_flow.SimpleMaxFlow
    priced: NDArray[np.int32]
    vertex: NDArray[np.int32]


def build_cyclic(network: Network, cyclic: NDArray[np.bool_]) -> list[CyclicComponent]:
    """Build the arcs of every component with cycles."""
    by_component = np.argsort(network.component, kind="stable").astype(np.int32)
    of_distance = network.component[network.before]
    distances = np.argsort(of_distance, kind="stable")
    node_ends = np.searchsorted(network.component[by_component], np.arange(network.components + 1))
    distance_ends = np.searchsorted(of_distance[distances], np.arange(network.components + 1))
    return [
        _build_one(
            network,
            by_component[node_ends[c] : node_ends[c + 1]],
            distances[distance_ends[c] : distance_ends[c + 1]],
        )
        for c in np.flatnonzero(cyclic)
    ]


def _build_one(network: Network, node: NDArray[np.int32], distances: NDArray[np.intp]) -> CyclicComponent:
    """Build the arcs of one component; vertex 0 is the source, vertex 1 the sink."""
    counts = (network.high[node] - network.low[node] + 1).astype(np.int64)
    owner = np.repeat(np.arange(len(node), dtype=np.int32), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    # The vertex before the first level's arc is the source, the one behind the last level's arc the sink.
    inner = np.cumsum(within > 0) + 1
    vertex = np.where(within > 0, inner, 0).astype(np.int32)
    behind = np.ones(len(vertex), dtype=np.int32)
    behind[:-1] = np.where(within[1:] > 0, vertex[1:], 1)
    flow = max_flow.SimpleMaxFlow()
    priced = flow.add_arcs_with_capacity(vertex, behind, np.zeros(len(vertex), dtype=np.int64))
    inside = within > 1
    previous = np.roll(vertex, 1)
    tails, heads = [vertex[inside]], [previous[inside]]
    first_level = np.cumsum(counts) - counts
    place = np.zeros(network.nodes, dtype=np.int64)
    place[node] = np.arange(len(node))
    for i in distances:
        one, other, distance = network.before[i], network.after[i], network.distance[i]
        # Later than `at` forces later than `at + distance`; the outer levels are always so, or never.
        at = np.arange(
            max(network.low[one] + 1, network.low[other] + 1 - distance),
            min(network.high[one], network.high[other] - distance) + 1,
        )
        tails.append(vertex[first_level[place[one]] + at - network.low[one]])
        heads.append(vertex[first_level[place[other]] + at + distance - network.low[other]])
    tail, head = np.concatenate(tails), np.concatenate(heads)
    flow.add_arcs_with_capacity(tail, head, np.full(len(tail), UNCUTTABLE, dtype=np.int64))
    level = np.concatenate([np.arange(network.level_start[v], network.level_start[v + 1]) for v in node])
    return CyclicComponent(node, level, owner, flow, priced, vertex)


def plan_cyclic(
    network: Network, component: CyclicComponent, cost: NDArray[np.float64], shift: NDArray[np.int32]
) -> float:
    """Plan one component at its cheapest.

    Parameters
    ----------
    network : Network
    component : CyclicComponent
    cost : ndarray of float64, shape (levels,)
    shift : ndarray of int32, shape (nodes,)
        Receives the shifts of the component's nodes.

    Returns
    -------
    float
        A true lower bound of the cheapest cost, short of it by less than ``len(levels) / SCALE``.
    """
    mine = cost[component.level]
    firsts = np.flatnonzero(np.diff(component.owner, prepend=-1))
    least = np.minimum.reduceat(mine, firsts)
    units = np.floor((mine - least[component.owner]) * SCALE).astype(np.int64)
    flow = component.flow
    flow.set_arcs_capacity(component.priced, units)
    status = flow.solve(0, 1)
    if status != flow.OPTIMAL:
        raise RuntimeError(f"maximum flow ended with {status}")
    source_side = np.zeros(flow.num_nodes(), dtype=bool)
    source_side[flow.get_source_side_min_cut()] = True
    # A node's shift is its last level whose arc begins on the source's side.
    reached = np.bincount(component.owner, weights=source_side[component.vertex])
    shift[component.node] = network.low[component.node] + reached.astype(np.int32) - 1
    return float(least.sum()) + float(flow.optimal_flow()) / SCALE
