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

from scheduler.domain.problem import build_problem, usual_day
from scheduler.optimizer.network import build_network
from scheduler.optimizer.params import PriceParams
from scheduler.optimizer.prices import DualSolution, balanced_groups, solve_dual
from scheduler.optimizer.pricing import objective
from scheduler.optimizer.shifts import build_oracle

PARAMS = PriceParams()
seeds = st.integers(0, 200)


def dual_of(problem, go_on=lambda *_: True, **options) -> DualSolution:
    return solve_dual(problem, build_oracle(build_network(problem)), PARAMS, go_on, **options)


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
    assert dual_of(problem, first_price=first).bound == pytest.approx(dual_of_random(seed).bound, rel=0.001, abs=1e-6)


def test_stopped_at_once_nothing_is_proven_and_the_mixture_is_the_usual_timetable():
    problem = random_problem(4)
    dual = dual_of(problem, go_on=lambda *_: False)
    assert dual.bound == 0
    assert not dual.price.any()
    assert [one.shift.any() for one in dual.mixture.passes] == [False]


def test_each_pass_is_told():
    told = []
    dual_of(random_problem(4), go_on=lambda *step: told.append(step) is None)
    assert [step for step, _, _ in told] == list(range(1, len(told) + 1))
    assert [bound for _, bound, _ in told] == sorted(bound for _, bound, _ in told)


def test_without_limited_slots_the_bound_is_0():
    problem = build_problem(region_of([session("s")]), 0)
    assert dual_of(problem).bound == 0


def test_groups_hold_whole_schools_of_about_equal_heads():
    rows = [session(f"s{at}", school=chr(65 + at % 8), heads=10 + at % 8) for at in range(32)]
    problem = build_problem(region_of(rows), 0)
    group = balanced_groups(problem, 4)
    assert all(len(set(group[problem.school == school])) == 1 for school in range(8))
    heads = np.bincount(group, weights=problem.heads)
    assert heads.tolist() == [108, 108, 108, 108]
