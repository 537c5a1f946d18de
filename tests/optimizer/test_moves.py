"""Steps of the search, one by one: focused moves, exchanges and their partners keep every rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from builders import region_of, session
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_plans, random_problem, tangled_problem

from scheduler.domain.problem import DayPlan, Problem, build_problem
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.focus import Focus, focus_on
from scheduler.optimizer.local_search import state_of
from scheduler.optimizer.moves import (
    State,
    add_focused_partner,
    begin_exchange,
    begin_focused_move,
    begin_move,
)
from scheduler.optimizer.network import Network, build_network
from scheduler.optimizer.packed import pack
from scheduler.optimizer.shifts import build_oracle

cases = {"of": st.integers(0, 200), "seed": st.integers(0, 2**32 - 1)}
often = settings(max_examples=40, deadline=None)
every_kind = pytest.mark.parametrize("make", [random_problem, tangled_problem])
STEPS = 20


def focus_at_random_prices(problem: Problem, network: Network, seed: int) -> Focus:
    """Give many sensible shifts, so that many steps have a choice."""
    price = np.random.default_rng([seed, 9]).choice([0.0, 0.0, 1.0, 5.0], problem.limit.shape)
    _, plan = build_oracle(network).cheapest(price)
    first = network.member[network.member_start[:-1]]
    return focus_on(pack(network), price, plan.shift[first], 300.0)


def done(state: State) -> list[int]:
    """Do the step that has begun and give the nodes that it moves, each of them once."""
    pushed = state.pushed[: state.push_count[0]].copy()
    assert len(set(pushed.tolist())) == len(pushed)
    state.shift[pushed] = state.target[pushed]
    return pushed.tolist()


def random_steps(problem: Problem, seed: int, network: Network, nodes: np.ndarray) -> tuple[DayPlan, State, list[int]]:
    """Give a random plan, its state, and the nodes to begin steps from."""
    (plan,) = random_plans(problem, seed, 1)
    chosen = np.random.default_rng(seed).choice(nodes, STEPS).tolist() if len(nodes) else []
    return plan, state_of(network, plan), chosen


@every_kind
@often
@given(**cases)
def test_focused_moves_and_exchanges_keep_the_rules(make, of: int, seed: int):
    """From random plans: a node goes to a sensible shift of its own, some push others along, some have a partner."""
    problem = make(of)
    network = build_network(problem)
    packed, focus = pack(network), focus_at_random_prices(problem, network, seed)
    plan, state, chosen = random_steps(problem, seed, network, focus.node)
    for v in chosen:
        begin_focused_move(packed, state, focus, v, network.nodes)
        assert state.pushed[0] == v
        assert state.target[v] in focus.shift[focus.start[v] : focus.start[v + 1]]
        add_focused_partner(packed, state, focus, v)
        assert v in done(state)
        assert keeps_rules(problem, DayPlan(state.shift[network.node], plan.alternative))
        assert not state.in_push.any()


@every_kind
@often
@given(**cases)
def test_moves_and_exchanges_of_any_kind_keep_the_rules(make, of: int, seed: int):
    problem = make(of)
    network = build_network(problem)
    packed = pack(network)
    plan, state, chosen = random_steps(problem, seed, network, packed.movable)
    for v in chosen:
        begin_move(packed, state, v)
        begin_exchange(packed, state, v)
        assert v in done(state)
        assert keeps_rules(problem, DayPlan(state.shift[network.node], plan.alternative))


def test_steps_of_every_kind_are_tried():
    """Else the tests above would prove little: single moves, exchanges of two, and pushes of more."""
    sizes: list[int] = []
    for of in range(40):
        problem = tangled_problem(of)
        network = build_network(problem)
        packed, focus = pack(network), focus_at_random_prices(problem, network, of)
        _, state, chosen = random_steps(problem, of, network, focus.node)
        for v in chosen:
            begin_focused_move(packed, state, focus, v, network.nodes)
            pushed = int(state.push_count[0])
            add_focused_partner(packed, state, focus, v)
            sizes.append(10 * pushed + int(state.push_count[0]))
            done(state)
    assert sizes.count(11) > 50
    assert sizes.count(12) > 20, "an exchange: a partner came to a move of one"
    assert sum(size >= 22 for size in sizes) > 20, "pushes, which get no partner"


def test_a_focused_push_of_too_many_is_given_up():
    """A chain of sharers without room between them: the first one's other sensible shift would push all three."""
    starts = ["08:00", "09:00", "10:00"]
    rows = [session(f"s{at}", start=start, minutes=60, groups="6A") for at, start in enumerate(starts)]
    problem = build_problem(region_of(rows), 0)
    network = build_network(problem)
    # Only the first one has a choice: 08:00 or 08:05.
    focus = Focus(
        node=np.array([0], dtype=np.int32),
        start=np.array([0, 2, 3, 4], dtype=np.int32),
        shift=np.array([0, 1, 0, 0], dtype=np.int32),
        slot_start=np.searchsorted([96, 97], np.arange(289)).astype(np.int32),
        slot_node=np.zeros(2, dtype=np.int32),
        slot_shift=np.array([0, 1], dtype=np.int32),
    )
    state = state_of(network, DayPlan(np.zeros(3, np.int32), np.zeros(3, np.int32)))
    counts = {most: set() for most in (2, 3)}
    for most, found in counts.items():
        for _ in range(100):
            begin_focused_move(pack(network), state, focus, 0, most)
            found.add(int(state.push_count[0]))
            add_focused_partner(pack(network), state, focus, 0)
    # Where the shift drawn is the node's own, it is a move of one that goes nowhere.
    assert counts == {2: {0, 1}, 3: {1, 3}}


def pair_of_choices(problem: Problem) -> tuple[Focus, State]:
    """Let two sessions both have the choice of 08:00 and 08:15; the second one stands at 08:15."""
    focus = Focus(
        node=np.array([0, 1], dtype=np.int32),
        start=np.array([0, 2, 4], dtype=np.int32),
        shift=np.array([0, 3, 0, 3], dtype=np.int32),
        slot_start=np.searchsorted([96, 96, 99, 99], np.arange(289)).astype(np.int32),
        slot_node=np.array([0, 1, 0, 1], dtype=np.int32),
        slot_shift=np.array([0, 0, 3, 3], dtype=np.int32),
    )
    plan = DayPlan(np.array([0, 3], dtype=np.int32), np.zeros(2, dtype=np.int32))
    return focus, state_of(build_network(problem), plan)


def two_at_once() -> Problem:
    return build_problem(region_of([session("one"), session("other")], capacity=38), 0)


def test_a_focused_exchange_swaps_two_that_can_have_each_others_place():
    """Partners are drawn: 6 draws of one in two find the other nearly always."""
    problem = two_at_once()
    packed = pack(build_network(problem))
    focus, state = pair_of_choices(problem)
    swaps, moves = 0, 0
    for _ in range(200):
        state.shift[:] = [0, 3]
        begin_focused_move(packed, state, focus, 0, 2)
        add_focused_partner(packed, state, focus, 0)
        if state.target[0] == 3:
            moves += 1
            swaps += done(state) == [0, 1] and state.shift.tolist() == [3, 0]
    assert moves >= 100
    assert swaps >= 0.9 * moves


def test_a_focused_exchange_takes_no_neighbour_along():
    """Whom a distance connects cannot move without regard to each other, even where it leaves them room."""
    problem = two_at_once()
    one, other, wide = (np.array([number], dtype=np.int32) for number in (0, 1, -10))
    bound = build_network(replace(problem, before=one, after=other, distance=wide))
    assert len(bound.distance) == 1, "the distance is not implied by the windows"
    focus, state = pair_of_choices(problem)
    for _ in range(100):
        begin_focused_move(pack(bound), state, focus, 0, 2)
        add_focused_partner(pack(bound), state, focus, 0)
        assert done(state) == [0]
        state.shift[:] = [0, 3]


def test_an_exchange_takes_the_room_that_the_first_one_leaves():
    problem = two_at_once()
    network = build_network(problem)
    state = state_of(network, DayPlan(np.array([0, 3], np.int32), np.zeros(2, np.int32)))
    found = set()
    for _ in range(200):
        begin_move(pack(network), state, 0)
        begin_exchange(pack(network), state, 0)
        if state.push_count[0] == 2:
            found.add(int(state.target[0] - state.shift[0] + state.target[1] - state.shift[1]))
    assert found == {0}
