"""Cold local search: from a rounded plan to a better one (ENGINE section 5).

Small steps that keep every distance: one node moves within what its neighbours leave it, or is pushed further and
pushes its neighbours along, or two nodes exchange their places, or one activity takes another alternative. Most steps
are drawn from the shifts that are sensible at the prices (scheduler.optimizer.focus). The change of the objective is
exact. The temperature is low from the start, for a hot search forgets what the prices know.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.problem import DayPlan
from scheduler.optimizer.change import Change, Charges, extra_cost, finish, moving_cost, new_change, touch
from scheduler.optimizer.compiled import compiled
from scheduler.optimizer.focus import no_focus
from scheduler.optimizer.moves import (
    State,
    add_focused_partner,
    begin_exchange,
    begin_focused_move,
    begin_move,
    begin_push,
    begin_return,
)
from scheduler.optimizer.pricing import plan_load

if TYPE_CHECKING:
    from scheduler.optimizer.focus import Focus
    from scheduler.optimizer.network import Network
    from scheduler.optimizer.packed import Packed
    from scheduler.optimizer.params import SearchParams

FOCUSED_EXCHANGES, FOCUSED_MOVES = 0.45, 0.35
"""Shares of the steps drawn from sensible shifts; the rest are drawn from all shifts."""

EXCHANGES, MOVES = 0.4, 0.3
"""Shares of the kinds of the other steps that shift something; the rest of them are pushes."""


def anneal(
    network: Network,
    packed: Packed,
    charges: Charges,
    plan: DayPlan,
    params: SearchParams,
    moves: int,
    temperature: float,
    seed: int,
    focus: Focus | None = None,
) -> DayPlan:
    """Try a number of steps from `plan` at one temperature, in head-minutes; the last plan is returned.

    The amount of work is fixed, so that a seed gives one plan. At a temperature of 0 whatever moved for nothing is sent
    home at last.
    """
    if not len(packed.movable) and not len(packed.switchable):
        return plan
    state = state_of(network, plan)
    _search(
        packed,
        charges,
        state,
        focus if focus is not None else no_focus(network.nodes, network.problem.slots),
        new_change(state.load.size),
        network.problem.slots,
        moves,
        temperature,
        params.longest_push,
        params.largest_push,
        seed % 2**32,
    )
    if temperature == 0.0:
        _send_home(packed, charges, state, new_change(state.load.size), network.problem.slots)
    return DayPlan(state.shift[network.node], state.alternative)


def state_of(network: Network, plan: DayPlan) -> State:
    """Stand where a plan is."""
    shift = np.zeros(network.nodes, dtype=np.int32)
    shift[network.node] = plan.shift
    return State(
        shift=shift,
        alternative=plan.alternative.astype(np.int32),
        load=plan_load(network.problem, plan).ravel(),
        pushed=np.zeros(network.nodes, np.int32),
        target=np.zeros(network.nodes, np.int32),
        in_push=np.zeros(network.nodes, np.bool_),
        push_count=np.zeros(1, np.int64),
    )


def first_temperature(nodes: int, slot_cost: float, excess: float, warmth: float) -> float:
    """Give the temperature to begin with, for a plan that lies `excess` above what can be had at best.

    Found by trial on regions of 1 to 300 schools (docs/decisions.md): the best first temperature grows with the root
    of the excess a node.

    Parameters
    ----------
    nodes : int
    slot_cost : float
        What moving all nodes by one slot costs, head-minutes.
    excess : float
        Head-minutes.
    warmth : float
        See SearchParams.
    """
    return warmth * math.sqrt(max(excess, 0.0) * slot_cost) / max(nodes, 1)


@compiled
def _search(
    packed: Packed,
    charges: Charges,
    state: State,
    focus: Focus,
    change: Change,
    slots: int,
    moves: int,
    temperature: float,
    longest_push: int,
    largest_push: int,
    seed: int,
) -> None:
    np.random.seed(seed)
    nodes, activities, focused = len(packed.movable), len(packed.switchable), len(focus.node)
    # One in four moves switches where there is anything to switch.
    switching = 0.0 if activities == 0 else (1.0 if nodes == 0 else 0.25)
    for _ in range(moves):
        if np.random.random() < switching:
            j = packed.switchable[np.random.randint(activities)]
            _try_switch(packed, charges, state, change, slots, j, temperature)
            continue
        draw = np.random.random()
        if focused > 0 and draw < FOCUSED_EXCHANGES + FOCUSED_MOVES:
            v = focus.node[np.random.randint(focused)]
            begin_focused_move(packed, state, focus, v, largest_push)
            if draw < FOCUSED_EXCHANGES:
                add_focused_partner(packed, state, focus, v)
        else:
            _begin_any(packed, state, packed.movable[np.random.randint(nodes)], longest_push, largest_push)
        _try_push(packed, charges, state, change, slots, temperature)


@compiled
def _send_home(packed: Packed, charges: Charges, state: State, change: Change, slots: int) -> None:
    """Bring every node as near to its home as its neighbours leave it, where that costs nothing; twice over.

    The second time, because the first makes room.
    """
    for _ in range(2):
        for v in packed.movable:
            if state.shift[v] != packed.home[v]:
                begin_return(packed, state, v)
                _try_push(packed, charges, state, change, slots, 0.0)


@compiled
def _begin_any(packed: Packed, state: State, v: int, longest_push: int, largest_push: int) -> None:
    """Begin a step of some kind from all shifts of a node."""
    draw = np.random.random()
    if draw < EXCHANGES:
        begin_move(packed, state, v)
        begin_exchange(packed, state, v)
    elif draw < EXCHANGES + MOVES:
        begin_move(packed, state, v)
    else:
        step = np.random.randint(1, longest_push + 1)
        begin_push(packed, state, v, step if np.random.random() < 0.5 else -step, largest_push)


@compiled
def _accept(extra: float, temperature: float) -> bool:
    if extra <= 0.0:
        return True
    return temperature > 0.0 and np.random.random() < np.exp(-extra / temperature)


@compiled
def _try_push(packed: Packed, charges: Charges, state: State, change: Change, slots: int, temperature: float) -> None:
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
    packed: Packed, charges: Charges, state: State, change: Change, slots: int, j: int, temperature: float
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
