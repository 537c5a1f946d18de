"""A problem as nodes and distances: what is tied is one node, windows are tightened, distances thinned out.

A *node* is one activity, or several that have one shift. The nodes fall into *components* that no distance connects;
given prices, each component can be planned on its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.optimizer.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem


@dataclass(frozen=True)
class Network:
    """A problem, ready to be planned.

    Attributes
    ----------
    problem : Problem
    node : ndarray of int32, shape (activities,)
        Node of each activity.
    member_start : ndarray of int32, shape (nodes + 1,)
        Node v has ``member[member_start[v]:member_start[v + 1]]``.
    member : ndarray of int32, shape (activities,)
        Activities in the order of their nodes.
    low, high : ndarray of int32, shape (nodes,)
        Allowed shifts; every shift between them belongs to some whole plan.
    level_start : ndarray of int64, shape (nodes + 1,)
        Where the levels (allowed shifts) of each node stand in arrays over all levels.
    before, after, distance : ndarray of int32, shape (distances,)
        ``shift[after] >= shift[before] + distance``; sorted by `before`, none implied by others.
    out_start : ndarray of int32, shape (nodes + 1,)
        Node v is `before` in the distances from ``out_start[v]`` to ``out_start[v + 1]``.
    in_start, in_order : ndarray of int32
        Node v is `after` in the distances ``in_order[in_start[v]:in_start[v + 1]]``.
    component : ndarray of int32, shape (nodes,)
        Components are numbered in the order of their first node.
    components : int
    """

    problem: Problem
    node: NDArray[np.int32]
    member_start: NDArray[np.int32]
    member: NDArray[np.int32]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    level_start: NDArray[np.int64]
    before: NDArray[np.int32]
    after: NDArray[np.int32]
    distance: NDArray[np.int32]
    out_start: NDArray[np.int32]
    in_start: NDArray[np.int32]
    in_order: NDArray[np.int32]
    component: NDArray[np.int32]
    components: int

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.low)


def build_network(problem: Problem) -> Network:
    """Contract, tighten and thin out a problem."""
    node = number_sets(len(problem), problem.tied, problem.tied_to)
    nodes = int(node.max(initial=-1)) + 1
    member = np.argsort(node, kind="stable").astype(np.int32)
    member_start = _starts(node, nodes)
    low, high = np.full(nodes, np.iinfo(np.int32).min), np.full(nodes, np.iinfo(np.int32).max)
    np.maximum.at(low, node, problem.low)
    np.minimum.at(high, node, problem.high)
    before, after, distance = _contracted(problem, node, nodes)
    _tighten(before, after, distance, low, high)
    # A distance that the windows imply binds nobody.
    binding = distance > low[after] - high[before]
    before, after, distance = before[binding], after[binding], distance[binding]
    kept = _not_implied(before, after, distance, _starts(before, nodes))
    before, after, distance = before[kept], after[kept], distance[kept]
    component = number_sets(nodes, before, after)
    return Network(
        problem=problem,
        node=node,
        member_start=member_start,
        member=member,
        low=low.astype(np.int32),
        high=high.astype(np.int32),
        level_start=np.concatenate([[0], np.cumsum(high - low + 1)]).astype(np.int64),
        before=before,
        after=after,
        distance=distance,
        out_start=_starts(before, nodes),
        in_start=_starts(after, nodes),
        in_order=np.argsort(after, kind="stable").astype(np.int32),
        component=component,
        components=int(component.max(initial=-1)) + 1,
    )


def _starts(place: NDArray[np.int32], places: int) -> NDArray[np.int32]:
    """Give where each of `places` begins in an array sorted by `place`."""
    return np.concatenate([[0], np.cumsum(np.bincount(place, minlength=places))]).astype(np.int32)


def _contracted(
    problem: Problem, node: NDArray[np.int32], nodes: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Give the distances between nodes, the largest of each pair, sorted by (before, after)."""
    before, after = node[problem.before].astype(np.int64), node[problem.after].astype(np.int64)
    # Within a node all shifts are equal, and a distance is never positive, so it holds.
    between = before != after
    pair = before[between] * max(nodes, 1) + after[between]
    distance = problem.distance[between]
    order = np.lexsort((-distance, pair))
    pair, distance = pair[order], distance[order]
    first = np.ones(len(pair), dtype=bool)
    first[1:] = pair[1:] != pair[:-1]
    pair = pair[first]
    return (pair // max(nodes, 1)).astype(np.int32), (pair % max(nodes, 1)).astype(np.int32), distance[first]


@compiled
def _roots(count: int, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.int32]:
    """Union-find: give each element the smallest element that it is connected with."""
    root = np.arange(count).astype(np.int32)
    for i in range(len(one)):
        a, b = one[i], other[i]
        while root[a] != a:
            root[a] = root[root[a]]
            a = root[a]
        while root[b] != b:
            root[b] = root[root[b]]
            b = root[b]
        if a < b:
            root[b] = a
        else:
            root[a] = b
    for element in range(count):
        root[element] = root[root[element]]
    return root


def number_sets(count: int, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give a number to each set into which pairs connect `count` elements, in the order of first elements."""
    _, number = np.unique(_roots(count, one, other), return_inverse=True)
    return number.reshape(-1).astype(np.int32)


@compiled
def _tighten(
    before: NDArray[np.int32],
    after: NDArray[np.int32],
    distance: NDArray[np.int32],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
) -> None:
    """Narrow the windows to the shifts that belong to some whole plan, in place.

    Ends because shift 0 everywhere is a plan: bounds move towards 0 and never past it.
    """
    changed = True
    while changed:
        changed = False
        for i in range(len(before)):
            b, a, d = before[i], after[i], distance[i]
            if low[a] < low[b] + d:
                low[a] = low[b] + d
                changed = True
            if high[b] > high[a] - d:
                high[b] = high[a] - d
                changed = True


@compiled
def _not_implied(
    before: NDArray[np.int32],
    after: NDArray[np.int32],
    distance: NDArray[np.int32],
    out_start: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Tell which distances two others in a row do not imply.

    One by one, and only by distances that are still kept, so that two of them cannot imply each other away.
    """
    kept = np.ones(len(before), dtype=np.bool_)
    for i in range(len(before)):
        for j in range(out_start[before[i]], out_start[before[i] + 1]):
            if not kept[j] or j == i:
                continue
            middle = after[j]
            for k in range(out_start[middle], out_start[middle + 1]):
                if kept[k] and k != i and after[k] == after[i] and distance[j] + distance[k] >= distance[i]:
                    kept[i] = False
                    break
            if not kept[i]:
                break
    return kept
