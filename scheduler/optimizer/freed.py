"""Which nodes to free together, so that two sharers can change their order and their neighbours make room."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.domain.problem import DayPlan
from scheduler.optimizer.parts import restricted
from scheduler.optimizer.pricing import plan_load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.free_order import FreeOrder, Promise
    from scheduler.optimizer.params import ReorderParams


class Freed(NamedTuple):
    """Some nodes that are free while everything else stays: a message to a seat.

    Attributes
    ----------
    problem : Problem
        Of the activities of these nodes only; its limits are what everything else leaves of them, maybe below 0.
    ceiling : ndarray of float64, shape (meters, slots)
        Loads that must not be passed, likewise; ``inf`` where there is none.
    node : ndarray of int32, shape (activities,)
        Node of each activity, in [0, nodes).
    allowed : list of ndarray of int32
        Shifts of each node that keep it apart from what stays.
    pairs : ndarray of int32, shape (pairs, 4)
        one, other, kept, swapped as in FreeOrder.
    plan : DayPlan
        Where the activities are now.
    """

    problem: Problem
    ceiling: NDArray[np.float64]
    node: NDArray[np.int32]
    allowed: list[NDArray[np.int32]]
    pairs: NDArray[np.int32]
    plan: DayPlan


@dataclass
class Chooser:
    """Chooses nodes to free around pairs that may change their order; each such pair is tried once.

    Attributes
    ----------
    tried : ndarray of bool, shape (pairs,)
        Pairs not to be tried, again or ever.
    blind : int
        Neighbourhoods that may still be chosen though the prices promise nothing.
    """

    free: FreeOrder
    params: ReorderParams

    def __post_init__(self) -> None:
        free, problem = self.free, self.free.network.problem
        self.tried = ~free.can_change()
        self.blind = self.params.blind_proposals
        places = (free.network.high - free.network.low + 1)[free.network.node] * np.diff(problem.alternative_start)
        self._choices = np.bincount(free.network.node, weights=places, minlength=free.nodes)

    def choose(self, promise: Promise, most: int) -> list[NDArray[np.int32]]:
        """Choose up to `most` sets of nodes, the most promising pair first; no pair reaches from one set to another."""
        blocked = ~self.free.movable
        by_slack = np.argsort(-promise.slack, kind="stable")
        found: list[NDArray[np.int32]] = []
        for pair in self._ranked(promise):
            if len(found) >= most or (promise.gain[pair] <= 0 and self.blind <= 0):
                break
            ends = [int(node) for node in (self.free.one[pair], self.free.other[pair]) if self.free.movable[node]]
            if self.tried[pair] or any(blocked[node] for node in ends):
                continue
            self.blind -= promise.gain[pair] <= 0
            nodes = self._around(ends, promise, by_slack, blocked)
            blocked[nodes] = True
            for node in nodes:
                blocked[self.free.near_of(node)] = True
            one, other = self._ends_in(nodes)
            self.tried |= one & other
            self.tried[pair] = True
            found.append(nodes)
        return found

    def open_again(self, nodes: NDArray[np.int32], *, inside: bool) -> None:
        """Let the pairs at the border of nodes that moved be tried again; with `inside`, those among them, too."""
        one, other = self._ends_in(nodes)
        again = (one | other) if inside else (one ^ other)
        self.tried[again & self.free.can_change()] = False

    def _ends_in(self, nodes: NDArray[np.int32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        mine = np.zeros(self.free.nodes, dtype=bool)
        mine[nodes] = True
        return mine[self.free.one], mine[self.free.other]

    def _ranked(self, promise: Promise) -> Iterator[int]:
        open_pairs = np.flatnonzero(~self.tried & np.isfinite(promise.gain))
        yield from open_pairs[np.argsort(-promise.gain[open_pairs], kind="stable")].tolist()

    def _around(
        self, ends: list[int], promise: Promise, by_slack: NDArray[np.intp], blocked: NDArray[np.bool_]
    ) -> NDArray[np.int32]:
        """Take the neighbours of a pair, and theirs, those in each circle first that are placed worst."""
        chosen, room = set(ends), self.params.choices - sum(self._choices[node] for node in ends)
        queue = [(0, 0.0, node) for node in ends]
        seen = set(ends)
        while queue and len(chosen) < self.params.nodes:
            circle, _, node = heapq.heappop(queue)
            if node not in chosen:
                if self._choices[node] > room:
                    continue
                chosen.add(node)
                room -= self._choices[node]
            for near in self.free.near_of(node).tolist():
                if near not in seen and not blocked[near]:
                    seen.add(near)
                    heapq.heappush(queue, (circle + 1, -promise.slack[near], near))
        # Where few are tied to each other, those that are placed worst anywhere may have to make room, too.
        small = self.free.nodes <= self.params.nodes
        for node in by_slack.tolist():
            if len(chosen) >= self.params.nodes or not (small or promise.slack[node] > 0):
                break
            if node not in chosen and not blocked[node] and self._choices[node] <= room:
                chosen.add(node)
                room -= self._choices[node]
        return np.array(sorted(chosen), dtype=np.int32)


def freed(
    free: FreeOrder,
    nodes: NDArray[np.int32],
    plan: DayPlan,
    load: NDArray[np.float64],
    ceiling: NDArray[np.float64],
) -> Freed:
    """Make the problem of some nodes beside everything else.

    Parameters
    ----------
    free : FreeOrder
    nodes : ndarray of int32
        Rising.
    plan : DayPlan
        Where everything is.
    load, ceiling : ndarray of float64, shape (meters, slots)
        Of the whole plan.
    """
    network = free.network
    mine = np.zeros(free.nodes, dtype=bool)
    mine[nodes] = True
    activities = mine[network.node]
    own = restricted(network.problem, activities)
    here = DayPlan(plan.shift[activities], plan.alternative[activities])
    others = load - plan_load(own, here)
    within = mine[free.one] & mine[free.other]
    one, other = np.searchsorted(nodes, free.one[within]), np.searchsorted(nodes, free.other[within])
    return Freed(
        # The seat needs no capacity; limits are all that it weighs.
        problem=replace(own, limit=own.limit - others, capacity=own.capacity[:, :0]),
        ceiling=ceiling - others,
        node=np.searchsorted(nodes, network.node[activities]).astype(np.int32),
        allowed=_allowed(free, nodes, mine, node_shifts(free, plan)),
        pairs=np.stack([one, other, free.kept[within], free.swapped[within]], axis=1).astype(np.int32),
        plan=here,
    )


def node_shifts(free: FreeOrder, plan: DayPlan) -> NDArray[np.int32]:
    """Give the shift of each node: that of its first activity."""
    shift: NDArray[np.int32] = plan.shift[free.network.member[free.network.member_start[:-1]]]
    return shift


def _allowed(
    free: FreeOrder, nodes: NDArray[np.int32], mine: NDArray[np.bool_], shift: NDArray[np.int32]
) -> list[NDArray[np.int32]]:
    """Give the shifts of each node that keep it apart, in either order, from the nodes that stay."""
    allowed = {
        node: np.arange(free.network.low[node], free.network.high[node] + 1, dtype=np.int32) for node in nodes.tolist()
    }
    border = np.flatnonzero(mine[free.one] ^ mine[free.other])
    columns = (free.one, free.other, free.kept, free.swapped)
    for one, other, kept, swapped in zip(*(column[border].tolist() for column in columns), strict=True):
        if mine[one]:
            at = allowed[one]
            allowed[one] = at[(at <= shift[other] - kept) | (at >= shift[other] + swapped)]
        else:
            at = allowed[other]
            allowed[other] = at[(at >= shift[one] + kept) | (at <= shift[one] - swapped)]
    return [allowed[node] for node in nodes.tolist()]
