"""A rival: greedy first fit, what a person would do by hand with a list and a load curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.rivals.entrant import Answer, Task, pieces_of, profile_of, way_cost, ways_of
from scheduler.domain.problem import DayPlan
from scheduler.optimizer.network import build_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.network import Network


def answer_of_greedy(task: Task) -> Answer:
    """Place a date greedily; it takes the time that it takes."""
    return Answer(first_fit(task.problem))


def first_fit(problem: Problem) -> DayPlan:
    """Place one activity after the other, by usual start, at the cheapest start that still fits under the limits.

    Where none fits, at the one that costs least, overload included. Only what is placed already counts as load; each
    stays within the room that the present starts of those it shares people with leave it, so that every rule holds.
    """
    network = build_network(problem)
    load = np.zeros_like(problem.limit)
    shift = np.zeros(network.nodes, dtype=np.int32)
    alternative = np.zeros(len(problem), dtype=np.int32)
    first = problem.usual_slot[network.member[network.member_start[:-1]]]
    for node in np.argsort(first, kind="stable"):
        members = network.member[network.member_start[node] : network.member_start[node + 1]]
        room = _room(network, shift, node)
        if len(members) == 1:
            shift[node], alternative[members[0]] = _cheapest_way(problem, load, int(members[0]), room)
        else:
            shift[node] = _cheapest_shift(problem, load, members, room)
        for j in members:
            _add(problem, load, int(j), int(shift[node]), int(alternative[j]))
    return DayPlan(shift[network.node], alternative)


def _room(network: Network, shift: NDArray[np.int32], node: int) -> range:
    """Give the shifts of a node that the present shifts of all others allow."""
    incoming = network.in_order[network.in_start[node] : network.in_start[node + 1]]
    outgoing = slice(network.out_start[node], network.out_start[node + 1])
    earliest = (shift[network.before[incoming]] + network.distance[incoming]).max(initial=network.low[node])
    latest = (shift[network.after[outgoing]] - network.distance[outgoing]).min(initial=network.high[node])
    return range(int(earliest), int(latest) + 1)


def _cheapest_way(problem: Problem, load: NDArray[np.float64], j: int, room: range) -> tuple[int, int]:
    """Give the first way that fits, by cost; else the cheapest one with its overload."""
    ways = sorted((way_cost(problem, j, *way), abs(way[0]), way) for way in ways_of(problem, j) if way[0] in room)
    best, chosen = np.inf, (0, 0)
    for cost, _, way in ways:
        if cost >= best:
            break
        whole = cost + problem.overload_price * _excess(problem, load, j, *way)
        if whole < best:
            best, chosen = whole, way
    return chosen


def _cheapest_shift(problem: Problem, load: NDArray[np.float64], members: NDArray[np.int32], room: range) -> int:
    """Give the cheapest common shift of what is tied, each on its usual alternative."""

    def whole(shift: int) -> float:
        return sum(
            way_cost(problem, int(j), shift, 0) + problem.overload_price * _excess(problem, load, int(j), shift, 0)
            for j in members
        )

    return min(sorted(room, key=abs), key=whole)


def _excess(problem: Problem, load: NDArray[np.float64], j: int, shift: int, alternative: int) -> float:
    """Give how much activity `j` would add to the load above the limits, in connections."""
    excess = 0.0
    slot = int(problem.usual_slot[j]) + shift
    for meter, first, values in pieces_of(problem, profile_of(problem, j, alternative), slot):
        free = problem.limit[meter, first : first + len(values)] - load[meter, first : first + len(values)]
        excess += float(np.maximum(problem.heads[j] * values - np.maximum(free, 0.0), 0.0).sum())
    return excess


def _add(problem: Problem, load: NDArray[np.float64], j: int, shift: int, alternative: int) -> None:
    slot = int(problem.usual_slot[j]) + shift
    for meter, first, values in pieces_of(problem, profile_of(problem, j, alternative), slot):
        load[meter, first : first + len(values)] += problem.heads[j] * values
