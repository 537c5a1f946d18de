"""Steps of the local search: which nodes would go where; each keeps every distance.

A step is laid down in the State (`pushed`, `target`, `push_count`) and done, or not, by the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.optimizer.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.focus import Focus
    from scheduler.optimizer.packed import Packed

NEAR_SLOTS = 6
"""An exchange looks for its partner among the nodes that usually start this close to where the first one goes."""

PARTNERS = 6
"""Pairs that a focused exchange looks at for one that stands where the first node goes."""


class State(NamedTuple):
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


@compiled
def begin_move(packed: Packed, state: State, v: int) -> None:
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
def begin_return(packed: Packed, state: State, v: int) -> None:
    """Let one node go home, or as near as its neighbours leave it."""
    low, high = _window(packed, state, v)
    state.pushed[0] = v
    state.target[v] = min(max(packed.home[v], low), high)
    state.push_count[0] = 1


@compiled
def begin_focused_move(packed: Packed, state: State, focus: Focus, v: int, largest: int) -> None:
    """Let one node go to one of its sensible shifts; neighbours that stand in its way are pushed along."""
    first = focus.start[v]
    count = focus.start[v + 1] - first
    target = focus.shift[first + np.random.randint(count)]
    if target == state.shift[v]:
        target = focus.shift[first + np.random.randint(count)]
    low, high = _window(packed, state, v)
    if low <= target <= high:
        state.pushed[0] = v
        state.target[v] = target
        state.push_count[0] = 1
    else:
        begin_push(packed, state, v, target - state.shift[v], largest)


@compiled
def add_focused_partner(packed: Packed, state: State, focus: Focus, v: int) -> None:
    """Let a node that stands where `v` goes leave for its own sensible shift nearest to the room that `v` leaves."""
    step = state.target[v] - state.shift[v]
    if state.push_count[0] != 1 or step == 0:
        return
    slot = packed.usual_slot[packed.member[packed.member_start[v]]] + state.target[v]
    first, end = focus.slot_start[slot], focus.slot_start[slot + 1]
    for _ in range(PARTNERS):
        pair = np.random.randint(first, end)
        w = focus.slot_node[pair]
        if w == v or state.shift[w] != focus.slot_shift[pair]:
            continue
        if _are_neighbours(packed, v, w):
            return
        wanted = state.shift[w] - step
        target = focus.shift[focus.start[w]]
        for i in range(focus.start[w], focus.start[w + 1]):
            if abs(focus.shift[i] - wanted) < abs(target - wanted):
                target = focus.shift[i]
        low, high = _window(packed, state, w)
        if target != state.shift[w]:
            state.pushed[1] = w
            state.target[w] = min(max(target, low), high)
            state.push_count[0] = 2
            return


@compiled
def _window(packed: Packed, state: State, v: int) -> tuple[int, int]:
    """Give the shifts that a node's neighbours leave it."""
    low, high = packed.low[v], packed.high[v]
    for i in range(packed.in_start[v], packed.in_start[v + 1]):
        low = max(low, state.shift[packed.preceding[i]] + packed.in_distance[i])
    for i in range(packed.out_start[v], packed.out_start[v + 1]):
        high = min(high, state.shift[packed.succeeding[i]] - packed.out_distance[i])
    return low, high


@compiled
def begin_exchange(packed: Packed, state: State, v: int) -> None:
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
def begin_push(packed: Packed, state: State, v: int, step: int, largest: int) -> None:
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
