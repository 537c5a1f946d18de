"""Cheapest plans of components with cycles, exact, by minimum cut.

Every allowed shift of a node is an arc of a path from source to sink; cutting it chooses the shift. Infinite arcs
keep the cut to one arc a path and to shifts that respect the distances (Möhring, Schulz, Stork, Uetz, *Solving project
scheduling problems by minimum cut computations*, Management Science 49, 2003).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python import max_flow

from scheduler.optimizer.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.network import Network

SCALE = 1e5
"""Flows are whole numbers: one head-minute is this many units. Costs are rounded down, so that a cut bounds truly."""

UNCUTTABLE = 1 << 60

Flow = tuple["NDArray[np.int32]", max_flow.SimpleMaxFlow]


@dataclass(frozen=True)
class Cuts:
    """The components with cycles, one after the other, each with its network of arcs, kept and re-priced.

    Attributes
    ----------
    node : ndarray of int32
        Their nodes, component by component.
    node_start : ndarray of int64, shape (cyclic components + 1,)
        Where each component's nodes stand in `node`.
    level_start : ndarray of int64, shape (cyclic components + 1,)
        Where each component's levels stand in arrays over the levels of `node`.
    first : ndarray of int64, shape (nodes,)
        First level of each node, in the numbers of its component.
    flows : list of (vertex, SimpleMaxFlow)
        One a component; empty where they are built again for each pass, to save memory. Arc i carries the cost of the
        component's level i and begins at ``vertex[i]``; vertex 0 is the source, 1 the sink.
    """

    node: NDArray[np.int32]
    node_start: NDArray[np.int64]
    level_start: NDArray[np.int64]
    first: NDArray[np.int64]
    flows: list[Flow] = field(default_factory=list)


def build_cuts(network: Network, cyclic: NDArray[np.bool_], *, keep: bool = True) -> Cuts:
    """Build the arcs of every component with cycles; `cyclic` has shape (components,)."""
    found = np.flatnonzero(cyclic[network.component])
    node: NDArray[np.int32] = found[np.argsort(network.component[found], kind="stable")].astype(np.int32)
    sizes = np.bincount(network.component[node], minlength=network.components)[cyclic]
    node_start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    levels = (network.high[node] - network.low[node] + 1).astype(np.int64)
    level_start: NDArray[np.int64] = np.concatenate([[0], np.cumsum(levels)]).astype(np.int64)[node_start]
    first = np.zeros(network.nodes, dtype=np.int64)
    first[node] = np.cumsum(levels) - levels - np.repeat(level_start[:-1], sizes)
    cuts = Cuts(node, node_start, level_start, first)
    if keep:
        cuts.flows.extend(_flow(network, cuts, one) for one in range(len(sizes)))
    return cuts


def _flow(network: Network, cuts: Cuts, one: int) -> Flow:
    """Build the arcs of one component."""
    vertex, behind, tail, head = _arcs(
        cuts.node[cuts.node_start[one] : cuts.node_start[one + 1]],
        cuts.first,
        network.low,
        network.high,
        network.out_start,
        network.after,
        network.distance,
    )
    flow = max_flow.SimpleMaxFlow()
    flow.add_arcs_with_capacity(vertex, behind, np.zeros(len(vertex), dtype=np.int64))
    flow.add_arcs_with_capacity(tail, head, np.full(len(tail), UNCUTTABLE, dtype=np.int64))
    return vertex, flow


@compiled
def _arcs(
    node: NDArray[np.int32],
    first: NDArray[np.int64],
    low: NDArray[np.int32],
    high: NDArray[np.int32],
    out_start: NDArray[np.int32],
    after: NDArray[np.int32],
    distance: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Give the arcs of one component: from `vertex` to `behind` the priced ones, from `tail` to `head` the others.

    The vertex before a node's first level is the source (0), the one behind its last level the sink (1).
    """
    levels, uncuttable = 0, 0
    for v in node:
        levels += high[v] - low[v] + 1
        uncuttable += max(high[v] - low[v] - 1, 0)
        uncuttable += (out_start[v + 1] - out_start[v]) * (high[v] - low[v])
    vertex, behind = np.zeros(levels, np.int32), np.ones(levels, np.int32)
    tail, head = np.empty(uncuttable, np.int32), np.empty(uncuttable, np.int32)
    next_vertex, arc = 2, 0
    for v in node:
        for level in range(1, high[v] - low[v] + 1):
            at = first[v] + level
            vertex[at] = next_vertex
            behind[at - 1] = next_vertex
            if level > 1:
                tail[arc], head[arc] = next_vertex, next_vertex - 1
                arc += 1
            next_vertex += 1
    for v in node:
        for i in range(out_start[v], out_start[v + 1]):
            w, d = after[i], distance[i]
            # Later than `at` forces later than `at + distance`; the outer levels are always so, or never.
            for at in range(max(low[v] + 1, low[w] + 1 - d), min(high[v], high[w] - d) + 1):
                tail[arc] = vertex[first[v] + at - low[v]]
                head[arc] = vertex[first[w] + at + d - low[w]]
                arc += 1
    return vertex, behind, tail[:arc], head[:arc]


def plan_cuts(network: Network, cuts: Cuts, cost: NDArray[np.float64], shift: NDArray[np.int32]) -> float:
    """Plan every component with cycles at its cheapest.

    Parameters
    ----------
    network : Network
    cuts : Cuts
    cost : ndarray of float64, shape (levels,)
    shift : ndarray of int32, shape (nodes,)
        Receives the shifts of the components' nodes.

    Returns
    -------
    float
        A true lower bound of the cheapest cost, short of it by less than one level's `1 / SCALE` for each level.
    """
    units, least = units_of(cuts.node, network.low, network.high, network.level_start, cost)
    arcs = np.arange(np.diff(cuts.level_start).max(initial=0), dtype=np.int32)
    total = 0
    for one in range(len(cuts.node_start) - 1):
        vertex, flow = cuts.flows[one] if cuts.flows else _flow(network, cuts, one)
        begin, end = cuts.level_start[one], cuts.level_start[one + 1]
        flow.set_arcs_capacity(arcs[: end - begin], units[begin:end])
        status = flow.solve(0, 1)
        if status != flow.OPTIMAL:
            raise RuntimeError(f"maximum flow ended with {status}")
        total += flow.optimal_flow()
        _take_shifts(
            cuts.node[cuts.node_start[one] : cuts.node_start[one + 1]],
            vertex,
            np.asarray(flow.get_source_side_min_cut(), dtype=np.int32),
            flow.num_nodes(),
            network.low,
            network.high,
            shift,
        )
    return float(least) + total / SCALE


@compiled
def units_of(
    node: NDArray[np.int32],
    low: NDArray[np.int32],
    high: NDArray[np.int32],
    level_start: NDArray[np.int64],
    cost: NDArray[np.float64],
) -> tuple[NDArray[np.int64], float]:
    """Give the levels' costs above each node's least one, in whole units, rounded down; and the sum of the least."""
    levels = 0
    for v in node:
        levels += high[v] - low[v] + 1
    units = np.empty(levels, np.int64)
    total, at = 0.0, 0
    for v in node:
        mine = cost[level_start[v] : level_start[v + 1]]
        least = mine.min()
        total += least
        for one in mine:
            units[at] = np.int64(np.floor((one - least) * SCALE))
            at += 1
    return units, total


@compiled
def _take_shifts(
    node: NDArray[np.int32],
    vertex: NDArray[np.int32],
    side: NDArray[np.int32],
    vertices: int,
    low: NDArray[np.int32],
    high: NDArray[np.int32],
    shift: NDArray[np.int32],
) -> None:
    """Read the shifts off the cut: a node's is its last level whose arc begins on the source's `side` of the cut."""
    at_source = np.zeros(vertices, np.bool_)
    at_source[side] = True
    at = 0
    for v in node:
        reached = -1
        for _ in range(high[v] - low[v] + 1):
            reached += at_source[vertex[at]]
            at += 1
        shift[v] = low[v] + reached
