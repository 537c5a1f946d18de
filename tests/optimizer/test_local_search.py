"""Local search: small steps that keep every rule, with an exact account of what they change (ENGINE section 5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import region_of, session
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_plans, random_problem, tangled_problem

from scheduler.domain.problem import DayPlan, Problem, build_problem, usual_day
from scheduler.optimizer.change import Charges, new_change
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.local_search import anneal, state_of
from scheduler.optimizer.moves import begin_push
from scheduler.optimizer.network import Network, build_network
from scheduler.optimizer.packed import pack
from scheduler.optimizer.params import SearchParams
from scheduler.optimizer.pricing import objective, plan_load

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT = SearchParams(longest_push=8, largest_push=5)
cases = {"of": st.integers(0, 200), "seed": st.integers(0, 2**32 - 1)}
every_kind = pytest.mark.parametrize("make", [random_problem, tangled_problem])


def charges_of(problem: Problem) -> Charges:
    return Charges(problem.limit.ravel(), problem.overload_price, np.full(problem.limit.size, np.inf), 0.0)


def searched(
    problem: Problem, plan: DayPlan, seed: int, hottest: float = 1.0, go_on: Callable[[], bool] = lambda: True
) -> DayPlan:
    network = build_network(problem)
    load = plan_load(problem, plan)
    return search(network, pack(network), charges_of(problem), plan, load, SHORT, hottest, seed, go_on)


def state_of(network: Network, plan: DayPlan) -> _State:
    shift = np.zeros(network.nodes, dtype=np.int32)
    shift[network.node] = plan.shift
    rooms = [np.zeros(network.nodes, kind) for kind in (np.int32, np.int32, np.bool_)]
    load = plan_load(network.problem, plan).ravel().copy()
    return _State(shift, plan.alternative.copy(), load, *rooms, np.zeros(1, np.int64))


@every_kind
@settings(max_examples=40, deadline=None)
@given(**cases)
def test_a_search_keeps_the_rules_from_wherever_it_begins(make, of: int, seed: int):
    problem = make(of)
    (plan,) = random_plans(problem, seed, 1)
    assert keeps_rules(problem, searched(problem, plan, seed))


@every_kind
@settings(max_examples=40, deadline=None)
@given(**cases)
def test_a_push_keeps_the_rules_and_moves_its_node_as_far_as_it_may(make, of: int, seed: int):
    problem = make(of)
    network = build_network(problem)
    packed = pack(network)
    draw = np.random.default_rng(seed)
    for plan in random_plans(problem, seed, 5):
        state = state_of(network, plan)
        v, step = int(draw.integers(network.nodes)), int(draw.choice([-6, -2, -1, 1, 2, 6]))
        begin_push(packed, state, v, step, network.nodes)
        pushed = state.pushed[: state.push_count[0]]
        target = np.clip(state.shift[v] + step, network.low[v], network.high[v])
        state.shift[pushed] = state.target[pushed]
        assert state.shift[v] == target
        assert keeps_rules(problem, DayPlan(state.shift[network.node], plan.alternative))
        assert not state.in_push.any()


def test_who_is_pushed_again_pushes_its_own_again():
    """Node 0 pushes 1 by one slot less than itself, at once, and by as much in the end, round by 2 and 3.

    By then 1 has pushed 4 already, which stands before its first place and must make way once more.
    """
    problem = build_problem(region_of([session(f"s{at}") for at in range(5)]), 0)
    chain = np.array([[0, 1, -1], [0, 2, 0], [2, 3, 0], [3, 1, 0], [1, 4, 0]], dtype=np.int32)
    network = build_network(replace(problem, before=chain[:, 0], after=chain[:, 1], distance=chain[:, 2]))
    assert len(network.distance) == 5, "none is implied by two others"
    state = state_of(network, usual_day(problem))
    begin_push(pack(network), state, 0, 2, 5)
    assert state.push_count[0] == 5
    assert state.target.tolist() == [2, 2, 2, 2, 2]


def test_a_push_of_too_many_is_given_up():
    """A chain of sharers without room between them: pushing the first by a slot pushes all."""
    rows = [
        session(f"s{at}", start=start, minutes=60, groups="6A") for at, start in enumerate(["08:00", "09:00", "10:00"])
    ]
    network = build_network(build_problem(region_of(rows), 0))
    state = state_of(network, usual_day(network.problem))
    begin_push(pack(network), state, 0, 1, 2)
    assert state.push_count[0] == 0
    begin_push(pack(network), state, 0, 1, 3)
    assert state.push_count[0] == 3


@every_kind
@settings(max_examples=40, deadline=None)
@given(**cases)
def test_the_load_kept_along_is_the_load_of_the_plan(make, of: int, seed: int):
    problem = make(of)
    network = build_network(problem)
    (plan,) = random_plans(problem, seed, 1)
    state = state_of(network, plan)
    room = new_change(problem.limit.size)
    if len(pack(network).movable) or len(pack(network).switchable):
        _search(pack(network), charges_of(problem), state, room, problem.slots, 500, 50.0, 6, 40, seed)
    found = DayPlan(state.shift[network.node], state.alternative)
    np.testing.assert_allclose(state.load, plan_load(problem, found).ravel(), atol=1e-6)
    assert not room.amount.any()


@every_kind
@settings(max_examples=40, deadline=None)
@given(**cases)
def test_without_heat_a_search_never_makes_a_plan_dearer(make, of: int, seed: int):
    problem = make(of)
    network = build_network(problem)
    (plan,) = random_plans(problem, seed, 1)
    state = state_of(network, plan)
    if len(pack(network).movable) or len(pack(network).switchable):
        room = new_change(problem.limit.size)
        _search(pack(network), charges_of(problem), state, room, problem.slots, 500, 0.0, 6, 40, seed)
    found = DayPlan(state.shift[network.node], state.alternative)
    assert objective(problem, found) <= objective(problem, plan) + 1e-6


def test_a_seed_gives_one_plan():
    problem = random_problem(4)
    one, other = (searched(problem, usual_day(problem), 11) for _ in range(2))
    assert one.shift.tolist() == other.shift.tolist()
    assert one.alternative.tolist() == other.alternative.tolist()


def test_told_to_stop_it_gives_the_plan_that_it_was_given():
    problem = random_problem(4)
    plan = random_plans(problem, 1, 1)[0]
    found = searched(problem, plan, 0, go_on=lambda: False)
    assert found.shift.tolist() == plan.shift.tolist()


def test_where_nothing_can_change_the_plan_stays():
    problem = build_problem(region_of([session("s", locked=True)], capacity=1), 0)
    assert searched(problem, usual_day(problem), 0).shift.tolist() == [0]


def test_it_finds_what_one_move_mends():
    """Two sessions of 30 under a limit of 38: one must go 15 minutes, past the other's burst, for 450."""
    problem = build_problem(region_of([session("one"), session("two")], capacity=38), 0)
    assert objective(problem, searched(problem, usual_day(problem), 0)) == pytest.approx(450)
