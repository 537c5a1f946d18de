"""Large neighbourhoods: CP-SAT on the nodes that the prices leave a choice (ENGINE section 5)."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from builders import region_of, session
from exact_model import exact_optimum
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_plans, random_problem, tangled_problem
from shards import ByHand

from scheduler.domain.problem import DayPlan, Problem, build_problem, usual_day
from scheduler.domain.usage import Moment, UsageRow
from scheduler.optimizer.change import Charges
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.local_search import anneal
from scheduler.optimizer.neighbourhoods import Rounds, plan_cost
from scheduler.optimizer.network import build_network
from scheduler.optimizer.packed import pack
from scheduler.optimizer.params import NeighbourhoodParams, Scope, SearchParams
from scheduler.optimizer.pricing import level_costs, objective, overload, plan_load, price_profiles
from scheduler.optimizer.reduced_costs import build_guide
from scheduler.optimizer.shifts import build_oracle
from scheduler.optimizer.submodel import Proposal, node_shifts, propose

SHORT = NeighbourhoodParams(rounds=3, patience=1, scopes=(Scope(4, 0.5, 0.05), Scope(4, 1e6, 0.05)))
WIDE = NeighbourhoodParams(rounds=4, scopes=(Scope(100, 1e6, 5),))
CONSTANT = (UsageRow("live", "ent", "connections", Moment(0), Moment(0, from_end=True), 1.0),)
cases = {"of": st.integers(0, 200), "seed": st.integers(0, 2**32 - 1)}
every_kind = pytest.mark.parametrize("make", [random_problem, tangled_problem])


def charges_of(problem: Problem, ceiling: float | np.ndarray = np.inf) -> Charges:
    held = np.broadcast_to(ceiling, problem.limit.shape).ravel().copy()
    return Charges(problem.limit.ravel(), problem.overload_price, held, 100 * problem.overload_price)


def random_price(problem: Problem, seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    price = draw.random(problem.limit.shape) * problem.overload_price * (draw.random(problem.limit.shape) < 0.3)
    return np.where(np.isfinite(problem.limit), price, 0.0)


def dual_price(problem: Problem) -> np.ndarray:
    return ByHand(problem).dual().price


def improved(
    problem: Problem,
    plan: DayPlan,
    params: NeighbourhoodParams,
    *,
    price: np.ndarray | None = None,
    charges: Charges | None = None,
    seed: int = 0,
    enough: float = 0.0,
    **others: object,
) -> DayPlan:
    network = build_network(problem)
    price = np.zeros(problem.limit.shape) if price is None else price
    go_on = others.get("go_on", lambda: True)
    charges = charges or charges_of(problem)
    guide = build_guide(network, pack(network), price)
    rounds = Rounds(problem, guide, charges, plan, params, seed)
    while rounds.cost > enough + 1e-6 and go_on() and (asked := rounds.next()):
        rounds.take([propose(guide, charges, rounds.plan, rounds.load, each) for each in asked])
    return rounds.plan


def bins(*, cap: float, moving: float = 0.001) -> Problem:
    """Six activities of 5 minutes that may start at 08:00 or 08:05, so that each goes into one of two bins."""
    rows = [
        session(f"s{at}", heads=heads, minutes=5, earliest="08:00", latest="08:05", weight=moving)
        for at, heads in enumerate([30, 30, 17, 61, 9, 9])
    ]
    return build_problem(region_of(rows, capacity=cap, usage=CONSTANT), 0)


STUCK = DayPlan(np.array([0, 0, 0, 1, 1, 1], dtype=np.int32), np.zeros(6, dtype=np.int32))
"""Bins of 77 and 79: to come to 78 and 78 three must change at once (30 + 30 against 61, or 17 against 9 + 9)."""


@every_kind
@settings(max_examples=30, deadline=None)
@given(**cases)
def test_reduced_costs_add_up_to_no_more_than_a_plan_lies_above_the_cheapest(make, of: int, seed: int):
    problem = make(of)
    network, price = build_network(problem), random_price(problem, seed)
    packed = pack(network)
    guide = build_guide(network, packed, price)
    cost = level_costs(packed, price_profiles(packed, price))
    cheapest, best = build_oracle(network).cheapest(price)

    def level(plan: DayPlan) -> np.ndarray:
        return packed.level_start[:-1] + node_shifts(packed, plan) - packed.low

    assert (guide.reduced >= 0).all()
    for plan in (best, *random_plans(problem, seed, 3)):
        assert guide.reduced[level(plan)].sum() <= cost[level(plan)].sum() - cheapest + 1e-6


@every_kind
@settings(max_examples=10, deadline=None)
@given(**cases)
def test_from_wherever_it_begins_the_plan_keeps_the_rules_and_is_no_dearer(make, of: int, seed: int):
    problem = make(of)
    (plan,) = random_plans(problem, seed, 1)
    found = improved(problem, plan, SHORT, price=random_price(problem, seed), seed=seed)
    assert keeps_rules(problem, found)
    assert objective(problem, found) <= objective(problem, plan)


@every_kind
@pytest.mark.parametrize("of", range(12))
def test_with_everything_free_it_finds_the_optimum(make, of: int):
    problem = make(of)
    best, _ = exact_optimum(problem)
    found = improved(problem, usual_day(problem), WIDE, price=dual_price(problem))
    assert objective(problem, found) == pytest.approx(best, rel=1e-3)


def test_it_mends_what_takes_three_at_once_and_local_search_cannot():
    problem = bins(cap=78)
    network = build_network(problem)
    searched = anneal(network, pack(network), charges_of(problem), STUCK, SearchParams(), 20_000, 1e-9, 0)
    assert overload(plan_load(problem, searched), problem.limit) == 1
    found = improved(problem, STUCK, WIDE)
    assert overload(plan_load(problem, found), problem.limit) == 0


def test_it_weighs_moving_against_overload():
    """One connection too many costs 50; moving three others costs more than that where they weigh much."""
    problem = bins(cap=78, moving=100.0)
    found = improved(problem, STUCK, WIDE)
    assert objective(problem, found) == pytest.approx(exact_optimum(problem)[0])
    assert overload(plan_load(problem, found), problem.limit) == 156 - 78
    assert not found.shift.any()


def test_a_ceiling_holds_where_the_limit_would_not_ask_for_it():
    problem = bins(cap=100, moving=1.0)
    assert plan_load(problem, improved(problem, STUCK, WIDE)).max() > 78
    held = improved(problem, STUCK, WIDE, charges=charges_of(problem, 78.0))
    assert plan_load(problem, held).max() == 78


def test_alternatives_are_taken_where_that_is_cheaper_than_moving():
    """Switching 30 heads costs 300, moving them far enough 450."""
    rows = [session("one"), session("two", platforms="ent|cned")]
    problem = build_problem(region_of(rows, capacity=38), 0)
    found = improved(problem, usual_day(problem), WIDE)
    assert objective(problem, found) == pytest.approx(300)
    assert found.alternative.tolist() == [0, 1]


def test_members_of_one_node_switch_each_on_its_own():
    rows = [session(f"s{at}", groups="6A", start=f"{at + 8:02}:00", platforms="ent|cned") for at in range(3)]
    problem = build_problem(region_of(rows, capacity=20, move_together="day"), 0)
    best, _ = exact_optimum(problem)
    assert objective(problem, improved(problem, usual_day(problem), WIDE)) == pytest.approx(best)


def test_a_seed_gives_one_plan():
    problem = random_problem(4)
    (plan,) = random_plans(problem, 1, 1)
    one, other = (improved(problem, plan, SHORT, price=random_price(problem, 1), seed=7) for _ in range(2))
    assert one.shift.tolist() == other.shift.tolist()
    assert one.alternative.tolist() == other.alternative.tolist()


def test_told_to_stop_it_gives_the_plan_that_it_was_given():
    assert improved(bins(cap=78), STUCK, WIDE, go_on=lambda: False) is STUCK


def test_what_is_good_enough_stays():
    problem = bins(cap=78)
    assert improved(problem, STUCK, WIDE, enough=objective(problem, STUCK)) is STUCK


@pytest.mark.parametrize("rows", [[], [session("s", locked=True)]])
def test_where_nothing_can_change_the_plan_stays(rows: list):
    problem = build_problem(region_of([*rows, session("held", locked=True)], capacity=1), 0)
    plan = usual_day(problem)
    assert improved(problem, plan, WIDE) is plan


def test_where_overload_costs_nothing_there_is_nothing_to_do():
    problem = replace(bins(cap=78), overload_price=0.0)
    assert improved(problem, STUCK, WIDE) is STUCK


def rounds_of(problem: Problem, plan: DayPlan, params: NeighbourhoodParams, seed: int = 0) -> Rounds:
    network = build_network(problem)
    guide = build_guide(network, pack(network), np.zeros(problem.limit.shape))
    return Rounds(problem, guide, charges_of(problem), plan, params, seed)


def test_neighbourhoods_of_a_round_are_disjoint_and_no_larger_than_asked_for():
    problem = random_problem(4)
    rounds = rounds_of(problem, usual_day(problem), NeighbourhoodParams(at_once=3, scopes=(Scope(2, 1e6, 1),)))
    for _ in range(6):
        found = rounds.next()
        assert len(found) == 3
        nodes = np.concatenate([each.node for each in found])
        assert len(set(nodes.tolist())) == len(nodes)
        assert all(1 <= len(each.node) <= 2 for each in found)


def sent(value: Any) -> Any:
    """Give what arrives at another process."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - what was pickled here is no stranger's


def test_a_neighbourhood_can_be_searched_elsewhere():
    problem = bins(cap=78)
    rounds = rounds_of(problem, STUCK, WIDE)
    (asked,) = rounds.next()
    given = (rounds.guide, charges_of(problem), STUCK, plan_load(problem, STUCK), asked)
    here, there = propose(*given), sent(propose(*sent(given)))
    assert here.proven
    assert len(here.node) > 0
    assert [here.node.tolist(), here.shift.tolist()] == [there.node.tolist(), there.shift.tolist()]


def nothing(*, proven: bool) -> Proposal:
    return Proposal(*(np.zeros(0, dtype=np.int32) for _ in range(4)), proven)


def proposal(node: int, shift: int) -> Proposal:
    return Proposal(*(np.array([at], dtype=np.int32) for at in (node, shift, node, 0)), False)


@pytest.mark.parametrize(
    ("proven", "expected"),
    [({5.0}, [1.0, 1.0, 5.0, 1.0, 1.0, 1.0, 1.0]), ({1.0, 5.0}, [1.0, 5.0]), (set(), [1.0, 1.0, 5.0, 5.0] * 2)],
)
def test_a_scope_is_left_when_it_brings_nothing_and_settled_when_it_is_proven(proven: set, expected: list):
    scopes = (Scope(100, 1e6, 1.0), Scope(100, 1e6, 5.0))
    rounds = rounds_of(bins(cap=78), STUCK, NeighbourhoodParams(rounds=7, patience=2, scopes=scopes))
    works = []
    while asked := rounds.next():
        works.append(asked[0].work)
        rounds.take([nothing(proven=works[-1] in proven)])
    assert works == expected[:7]


def test_a_better_plan_opens_what_was_settled():
    rounds = rounds_of(bins(cap=78), STUCK, replace(WIDE, scopes=(Scope(100, 1e6, 1.0), Scope(100, 1e6, 5.0))))
    rounds.next()
    rounds.take([nothing(proven=True)])
    (asked,) = rounds.next()
    rounds.take([propose(rounds.guide, charges_of(bins(cap=78)), STUCK, plan_load(bins(cap=78), STUCK), asked)])
    assert rounds.plan is not STUCK
    assert [each.work for _ in range(2) for each in rounds.next()] == [5.0, 5.0]


def test_of_two_proposals_that_together_break_a_distance_the_first_counts():
    """Two classes of one teacher, five minutes apart, each of which may come nearer to the other, but not both."""
    rows = [
        session("one", teachers="X", start="08:00", minutes=5, heads=10, earliest="08:00"),
        session("two", teachers="X", start="08:15", minutes=5, heads=10, latest="08:15"),
    ]
    problem = build_problem(region_of(rows, capacity=0, usage=CONSTANT, break_minutes=5), 0)
    # Anything is better than to start with: both slots in use are closed, all others are not.
    problem.limit[problem.limit == 0] = 1000
    problem.limit[0, problem.usual_slot] = 0
    rounds = rounds_of(problem, usual_day(problem), replace(WIDE, scopes=(Scope(1, 1e6, 1),)))
    rounds.next()
    rounds.take([proposal(0, 1), proposal(1, -1)])
    assert rounds.plan.shift.tolist() == [1, 0]
    assert rounds.cost == pytest.approx(objective(problem, rounds.plan))


def test_a_proposal_that_makes_it_dearer_is_not_taken():
    problem = bins(cap=78)
    rounds = rounds_of(problem, STUCK, WIDE)
    rounds.next()
    rounds.take([proposal(0, 1)])
    assert rounds.plan is STUCK
    assert rounds.cost == plan_cost(rounds.guide.packed, charges_of(problem), STUCK, plan_load(problem, STUCK))


@pytest.mark.parametrize(
    ("params", "wrong"),
    [
        *((NeighbourhoodParams, each) for each in ({"rounds": -1}, {"at_once": 0}, {"patience": 0}, {"scopes": ()})),
        *((Scope, each) for each in ({"size": 0}, {"reach": -1.0}, {"work": 0.0})),
    ],
)
def test_parameters_out_of_range_are_refused(params: type, wrong: dict):
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        params(**wrong)
