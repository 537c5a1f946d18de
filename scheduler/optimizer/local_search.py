"""Cold local search: from a rounded plan to a better one (ENGINE section 5).

Small steps that keep every distance: one node moves within what its neighbours leave it, or is pushed further and
pushes its neighbours along, or one activity takes another alternative. The change of the objective is exact. The
temperature is low from the start, for a hot search forgets what the prices know.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.domain.problem import DayPlan
from scheduler.optimizer.change import Change, Charges, extra_cost, finish, moving_cost, new_change, touch
from scheduler.optimizer.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scheduler.optimizer.network import Network
    from scheduler.optimizer.packed import Packed
    from scheduler.optimizer.params import SearchParams

EXCHANGES, MOVES = 0.4, 0.3
"""Shares of the kinds of steps that shift something; the rest are pushes."""

NEAR_SLOTS = 6
"""An exchange looks for its partner among the nodes that usually start this close to where the first one goes."""

STRETCHES = 20
"""A search is cut into so many stretches of falling temperature; between two it can be stopped."""


class _State(NamedTuple):
    """The plan being changed, and the push being looked at.

    Attributes
    ----------
    shift : ndarray of int32, shape (nodes,)
    alternative : ndarray of int32, shape (activities,)
    load : ndarray of float64, shape (meters × slots,)
    pushed : ndarray of int32, shape (nodes,)
        The nodes of the push, the first ``push_count[0]`` of it.
    target : ndarray of int32, shape (nodes,)
        Where a pushed node goes.
    in_push : ndarray of bool, shape (nodes,)
    push_count : ndarray of int64, shape (1,)
    """

    shift: NDArray[np.int32]
    alternative: NDArray[np.int32]
    load: NDArray[np.float64]
    pushed: NDArray[np.int32]
    target: NDArray[np.int32]
    in_push: NDArray[np.bool_]
    push_count: NDArray[np.int64]


def search(
    network: Network,
    packed: Packed,
    charges: Charges,
    plan: DayPlan,
    load: NDArray[np.float64],
    params: SearchParams,
    hottest: float,
    seed: int,
    go_on: Callable[[], bool],
) -> DayPlan:
    """Search from `plan`, whose load is `load`, for a cheaper one; the last plan found is returned.

    The temperature, in head-minutes, falls from `hottest` to its share ``params.coldest``, and at last to 0.
    The amount of work is fixed by `params`; `go_on` can end it early.
    """
    if not len(packed.movable) and not len(packed.switchable):
        return plan
    node_shift = np.zeros(network.nodes, dtype=np.int32)
    node_shift[network.node] = plan.shift
    state = _State(
        node_shift,
        plan.alternative.astype(np.int32),
        load.ravel().copy(),
        np.zeros(network.nodes, np.int32),
        np.zeros(network.nodes, np.int32),
        np.zeros(network.nodes, np.bool_),
        np.zeros(1, np.int64),
    )
    fewest = min(params.fewest_moves, params.most_moves_per_node * network.nodes)
    moves = max(fewest, params.moves_per_node * network.nodes)
    change = new_change(load.size)
    for stretch in range(STRETCHES):
        if not go_on():
            break
        share = stretch / (STRETCHES - 1)
        temperature = hottest * params.coldest**share
        if stretch == STRETCHES - 1:
            temperature = 0.0
        _search(
            packed,
            charges,
            state,
            change,
            network.problem.slots,
            moves // STRETCHES,
            temperature,
            params.longest_push,
            params.largest_push,
            (seed * STRETCHES + stretch) % 2**32,
        )
    return DayPlan(state.shift[network.node], state.alternative)


def first_temperature(packed: Packed, excess: float, warmth: float) -> float:
    """Give the temperature to begin with, for a plan that lies `excess` above what can be had at best.

    Found by trial on regions of 1 to 300 schools (docs/decisions.md): the best first temperature grows with the root
    of the excess a node.
    """
    nodes = max(len(packed.low), 1)
    unit = float(packed.slot_cost.sum() or packed.heads.sum()) / nodes
    return warmth * math.sqrt(max(excess, 0.0) / nodes * unit)


@compiled
def _search(
    packed: Packed,
    charges: Charges,
    state: _State,
    change: Change,
    slots: int,
    moves: int,
    temperature: float,
    longest_push: int,
    largest_push: int,
    seed: int,
) -> None:
    np.random.seed(seed)
    nodes, activities = len(packed.movable), len(packed.switchable)
    # One in four moves switches where there is anything to switch.
    switching = 0.0 if activities == 0 else (1.0 if nodes == 0 else 0.25)
    for _ in range(moves):
        if np.random.random() < switching:
            j = packed.switchable[np.random.randint(activities)]
            _try_switch(packed, charges, state, change, slots, j, temperature)
            continue
        v = packed.movable[np.random.randint(nodes)]
        draw = np.random.random()
        if draw < EXCHANGES:
            _begin_move(packed, state, v)
            _exchange(packed, state, v)
        elif draw < EXCHANGES + MOVES:
            _begin_move(packed, state, v)
        else:
            step = np.random.randint(1, longest_push + 1)
            _begin_push(packed, state, v, step if np.random.random() < 0.5 else -step, largest_push)
        _try_push(packed, charges, state, change, slots, temperature)


@compiled
def _accept(extra: float, temperature: float) -> bool:
    if extra <= 0.0:
        return True
    return temperature > 0.0 and np.random.random() < np.exp(-extra / temperature)


@compiled
def _begin_move(packed: Packed, state: _State, v: int) -> None:
    """Let one node go anywhere that its neighbours leave it, every other time to its home or next to where it is."""
    low, high = _window(packed, state, v)
    draw = np.random.random()
    if draw < 0.25:
        target = packed.home[v]
    elif draw < 0.5:
        target = state.shift[v] + (1 if np.random.random() < 0.5 else -1)
    else:
        target = np.random.randint(low, high + 1)
    state.pushed[0] = v
    state.target[v] = min(max(target, low), high)
    state.push_count[0] = 1


@compiled
def _window(packed: Packed, state: _State, v: int) -> tuple[int, int]:
    """Give the shifts that a node's neighbours leave it."""
    low, high = packed.low[v], packed.high[v]
    for i in range(packed.in_start[v], packed.in_start[v + 1]):
        low = max(low, state.shift[packed.preceding[i]] + packed.in_distance[i])
    for i in range(packed.out_start[v], packed.out_start[v + 1]):
        high = min(high, state.shift[packed.succeeding[i]] - packed.out_distance[i])
    return low, high


@compiled
def _exchange(packed: Packed, state: _State, v: int) -> None:
    """Let a node near the place that `v` goes to move the other way, into the room that `v` leaves."""
    step = state.target[v] - state.shift[v]
    if step == 0:
        return
    slot = packed.usual_slot[packed.member[packed.member_start[v]]] + state.target[v]
    last = len(packed.movable_start) - 1
    first = packed.movable_start[max(slot - NEAR_SLOTS, 0)]
    end = packed.movable_start[min(slot + NEAR_SLOTS + 1, last)]
    if first >= end:
        return
    w = packed.movable[np.random.randint(first, end)]
    if w == v or _are_neighbours(packed, v, w):
        return
    low, high = _window(packed, state, w)
    state.pushed[1] = w
    state.target[w] = min(max(state.shift[w] - step, low), high)
    state.push_count[0] = 2


@compiled
def _are_neighbours(packed: Packed, v: int, w: int) -> bool:
    """Tell whether a distance connects two nodes: then they cannot move without regard to each other."""
    before = packed.preceding[packed.in_start[v] : packed.in_start[v + 1]]
    after = packed.succeeding[packed.out_start[v] : packed.out_start[v + 1]]
    return bool((before == w).any() or (after == w).any())


@compiled
def _begin_push(packed: Packed, state: _State, v: int, step: int, largest: int) -> None:
    """Push one node by `step` slots, and along with it every neighbour that stands in its way.

    Windows are tight, so whatever a node may reach, its neighbours can make way for. A push of more than `largest`
    nodes is given up.
    """
    state.push_count[0] = 0
    state.target[v] = min(max(state.shift[v] + step, packed.low[v]), packed.high[v])
    state.pushed[0] = v
    state.in_push[v] = True
    count, reading = 1, 0
    while reading < count and count <= largest:
        u = state.pushed[reading]
        reading += 1
        if step > 0:
            start, end = packed.out_start[u], packed.out_start[u + 1]
        else:
            start, end = packed.in_start[u], packed.in_start[u + 1]
        for i in range(start, end):
            if step > 0:
                w = packed.succeeding[i]
                bound = state.target[u] + packed.out_distance[i]
                at = state.target[w] if state.in_push[w] else state.shift[w]
                stands_in_the_way = at < bound
            else:
                w = packed.preceding[i]
                bound = state.target[u] - packed.in_distance[i]
                at = state.target[w] if state.in_push[w] else state.shift[w]
                stands_in_the_way = at > bound
            if stands_in_the_way:
                state.target[w] = bound
                if state.in_push[w]:
                    # Pushed before, now further: its own neighbours are looked at again.
                    for k in range(reading):
                        if state.pushed[k] == w:
                            reading = k
                            break
                elif count < len(state.pushed):
                    state.in_push[w] = True
                    state.pushed[count] = w
                    count += 1
    for i in range(count):
        state.in_push[state.pushed[i]] = False
    state.push_count[0] = count if count <= largest else 0


@compiled
def _try_push(packed: Packed, charges: Charges, state: _State, change: Change, slots: int, temperature: float) -> None:
    """Do the push that has begun if it pays, or by chance."""
    extra = 0.0
    for i in range(state.push_count[0]):
        v = state.pushed[i]
        old, new = state.shift[v], state.target[v]
        if old == new:
            continue
        for m in range(packed.member_start[v], packed.member_start[v + 1]):
            j = packed.member[m]
            touch(packed, change, slots, j, state.alternative[j], packed.usual_slot[j] + old, -1.0)
            touch(packed, change, slots, j, state.alternative[j], packed.usual_slot[j] + new, 1.0)
            extra += moving_cost(packed, j, new) - moving_cost(packed, j, old)
    extra += extra_cost(charges, state.load, change)
    done = _accept(extra, temperature)
    finish(change, state.load, done)
    if done:
        for i in range(state.push_count[0]):
            state.shift[state.pushed[i]] = state.target[state.pushed[i]]


@compiled
def _try_switch(
    packed: Packed, charges: Charges, state: _State, change: Change, slots: int, j: int, temperature: float
) -> None:
    """Serve an activity from another alternative if it pays, or by chance."""
    first = packed.alternative_start[j]
    ways = packed.alternative_start[j + 1] - first
    old = state.alternative[j]
    new = (old + np.random.randint(1, ways)) % ways
    slot = packed.usual_slot[j] + state.shift[packed.node[j]]
    touch(packed, change, slots, j, old, slot, -1.0)
    touch(packed, change, slots, j, new, slot, 1.0)
    extra = packed.alternative_cost[first + new] - packed.alternative_cost[first + old]
    extra += extra_cost(charges, state.load, change)
    done = _accept(extra, temperature)
    finish(change, state.load, done)
    if done:
        state.alternative[j] = new
