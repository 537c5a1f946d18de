"""The dual: prices that prove a bound, whatever the problem (ENGINE section 3)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from builders import region_of, session
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_plans, random_problem, tangled_problem
from shards import FINE, WHOLE, ByHand

from scheduler.domain.problem import DayPlan, build_problem, usual_day
from scheduler.optimizer.network import build_network
from scheduler.optimizer.params import PriceParams, ShardParams
from scheduler.optimizer.prices import DualSolution
from scheduler.optimizer.pricing import activity_costs, objective, overload, plan_load
from scheduler.optimizer.shifts import build_oracle

PARAMS = PriceParams()
seeds = st.integers(0, 200)


def dual_of(problem, go_on=lambda *_: True, shards: ShardParams = WHOLE, **options) -> DualSolution:
    return ByHand(problem, shards).dual(go_on, PARAMS, **options)


@cache
def dual_of_random(seed: int) -> DualSolution:
    """Give the dual of a random problem, which several laws ask for."""
    return dual_of(random_problem(seed))


def capped(problem, seed: int):
    """Take the limit off one slot in three of the problem's meters."""
    unlimited = np.random.default_rng([seed, 4]).random(problem.limit.shape) < 1 / 3
    return replace(problem, limit=np.where(unlimited, np.inf, problem.limit))


@settings(max_examples=40, deadline=None)
@given(seed=seeds, more=st.floats(0.5, 100), share=st.floats(0.05, 1))
def test_more_capacity_never_raises_the_bound(seed: int, more: float, share: float):
    """Up to the tolerance: a bound may stay short of the best one by 0.05 %."""
    problem = random_problem(seed)
    raised = np.random.default_rng([seed, 5]).random(problem.limit.shape) < share
    roomier = replace(problem, limit=problem.limit + more * raised)
    assert dual_of(roomier).bound <= dual_of_random(seed).bound * (1 + 2 * PARAMS.tolerance) + 1e-6


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_no_plan_costs_less_than_the_bound(seed: int):
    problem = random_problem(seed)
    bound = dual_of_random(seed).bound
    plans = [usual_day(problem), *random_plans(problem, seed, 20)]
    assert min(objective(problem, plan) for plan in plans) >= bound - 1e-6


@settings(max_examples=30, deadline=None)
@given(seed=seeds)
def test_prices_are_worth_no_more_than_overload_and_nothing_where_unlimited(seed: int):
    problem = capped(random_problem(seed), seed)
    price = dual_of(problem).price
    assert (price >= 0).all()
    assert (price <= problem.overload_price * (1 + 1e-9)).all()
    assert not price[np.isinf(problem.limit)].any()


@settings(max_examples=30, deadline=None)
@given(seed=seeds)
def test_prices_prove_the_bound(seed: int):
    """Everything at its cheapest at the prices, less what the limits are worth, is the bound (CONTRACT section 5)."""
    problem = capped(tangled_problem(seed), seed)
    dual = dual_of(problem)
    total, _ = build_oracle(build_network(problem)).cheapest(dual.price)
    limited = np.isfinite(problem.limit)
    assert total - (dual.price * np.where(limited, problem.limit, 0)).sum() == pytest.approx(dual.bound, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(seed=seeds)
def test_bound_is_as_good_as_the_tolerance_asks(seed: int):
    """No prices prove more than what the mixture costs."""
    dual = dual_of_random(seed)
    assert dual.bound <= dual.value + 1e-6
    assert dual.value - dual.bound <= PARAMS.tolerance * dual.value + 1e-6


@settings(max_examples=20, deadline=None)
@given(seed=seeds, other=seeds)
def test_first_prices_may_be_any_and_the_bound_is_as_good(seed: int, other: int):
    problem = random_problem(seed)
    first = np.random.default_rng(other).uniform(0, 2 * problem.overload_price, problem.limit.shape)
    assert dual_of(problem, first_prices=[first]).bound == pytest.approx(dual_of_random(seed).bound, rel=0.001, abs=1e-6)


def test_stopped_at_once_nothing_is_proven_and_the_mixture_is_the_usual_timetable():
    problem = random_problem(4)
    dual = dual_of(problem, go_on=lambda *_: False)
    assert dual.bound == 0
    assert not dual.price.any()
    assert (dual.weights == 1).all()
    assert len(dual.weights) == 1
    np.testing.assert_allclose(dual.load.sum(axis=0), plan_load(problem, usual_day(problem)), atol=1e-9)


def test_each_pass_is_told():
    told = []
    dual_of(random_problem(4), go_on=lambda *step: told.append(step) is None)
    assert [step for step, _, _ in told] == list(range(1, len(told) + 1))
    assert [bound for _, bound, _ in told] == sorted(bound for _, bound, _ in told)


def test_without_limited_slots_the_bound_is_0():
    problem = build_problem(region_of([session("s")]), 0)
    assert dual_of(problem).bound == 0


# Several shards


@settings(max_examples=40, deadline=None)
@given(seed=seeds, make=st.sampled_from([random_problem, tangled_problem]))
def test_cut_into_parts_a_date_has_the_same_bound(seed: int, make):
    problem = make(seed)
    whole, cut = dual_of(problem), dual_of(problem, shards=FINE)
    assert cut.bound == pytest.approx(whole.bound, rel=1e-5, abs=1e-4)
    assert cut.value == pytest.approx(whole.value, rel=1e-5, abs=1e-4)


def test_the_random_dates_are_cut():
    """Else the test above would prove little."""
    cut = [ByHand(make(seed), FINE).teams for make in (random_problem, tangled_problem) for seed in range(40)]
    assert sum(len(teams.parts) > 1 for teams in cut) > 50
    assert sum(teams.groups > len(teams.parts) for teams in cut) > 20


@settings(max_examples=30, deadline=None)
@given(seed=seeds, shards=st.sampled_from([WHOLE, FINE]))
def test_the_mixture_weighs_what_it_says(seed: int, shards: ShardParams):
    """Weights are shares of each group's passes; their loads, and their cost with overload, are the mixture's."""
    problem = tangled_problem(seed)
    asked = ByHand(problem, shards)
    dual = asked.dual()
    assert (dual.weights >= 0).all()
    np.testing.assert_allclose(dual.weights.sum(axis=0), 1)
    cost, load = 0.0, np.zeros(problem.limit.shape)
    for at, weights in enumerate(dual.weights):
        plan = asked.teams.joined([shard.passes[at] for shard in asked.shards])
        share = weights[group_of(asked)]
        cost += float(share @ activity_costs(problem, plan))
        load += plan_load(replace(problem, heads=share * problem.heads), plan)
    np.testing.assert_allclose(dual.load.sum(axis=0), load, atol=1e-6)
    assert cost + problem.overload_price * overload(load, problem.limit) == pytest.approx(dual.value, rel=1e-5, abs=1e-3)


def group_of(asked: ByHand) -> np.ndarray:
    """Give the number of each activity's group among those of all shards."""
    group, before = np.zeros(len(asked.problem), dtype=np.int64), 0
    for part in asked.teams.parts:
        group[part.place] = before + part.group
        before += part.groups
    return group


@settings(max_examples=30, deadline=None)
@given(seed=seeds, shards=st.sampled_from([WHOLE, FINE]))
def test_the_pass_named_cheapest_is_cheapest_at_the_prices(seed: int, shards: ShardParams):
    problem = random_problem(seed)
    asked = ByHand(problem, shards)
    dual = asked.dual()
    plan = asked.teams.joined([shard.passes[dual.cheapest] for shard in asked.shards])
    least, _ = build_oracle(build_network(problem)).cheapest(dual.price)
    paid = activity_costs(problem, plan).sum() + (dual.price * plan_load(problem, plan)).sum()
    assert paid == pytest.approx(least, rel=1e-6, abs=1e-2)


def test_only_the_first_team_is_asked():
    asked = ByHand(random_problem(4), count=3)
    asked.dual()
    first, *others = asked.shards
    assert len(first.passes) > 2
    assert [len(shard.passes) for shard in others] == [0, 0]


def test_plans_to_begin_with_are_passes_and_are_forgotten_by_the_next_dual():
    problem = random_problem(4)
    asked = ByHand(problem, FINE)
    plans = random_plans(problem, 4, 3)
    for _ in range(2):
        asked.dual(lambda *_: False, first_plans=plans)
        passes = [asked.teams.joined([shard.passes[at] for shard in asked.shards]) for at in range(4)]
        assert [len(shard.passes) for shard in asked.shards] == [4] * len(asked.shards)
        assert [one.shift.tolist() for one in passes[1:]] == [one.shift.tolist() for one in plans]
        assert not passes[0].shift.any()


def test_a_plan_to_begin_with_that_costs_the_optimum_is_in_the_mixture():
    """Two sessions of 30 under a limit of 38: with one 15 minutes later the mixture costs 450 at most."""
    problem = build_problem(region_of([session("one"), session("two")], capacity=38), 0)
    best = DayPlan(np.array([0, 3], dtype=np.int32), np.zeros(2, dtype=np.int32))
    dual = dual_of(problem, lambda *_: False, first_plans=[best])
    assert dual.value <= objective(problem, best) + 1e-6


def test_no_more_passes_are_made_than_allowed():
    asked = ByHand(random_problem(4))
    asked.dual(params=replace(PARAMS, most_passes=3))
    assert len(asked.shards[0].passes) == 3
