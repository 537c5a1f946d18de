"""From a mixture of plans to one whole plan (ENGINE section 4)."""

from __future__ import annotations

import numpy as np
import pytest
from builders import region_of, session
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_plans, random_problem, tangled_problem

from scheduler.domain.problem import DayPlan, Problem, build_problem, usual_day
from scheduler.optimizer.change import Charges
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.network import build_network
from scheduler.optimizer.packed import pack
from scheduler.optimizer.params import RoundingParams, ShardParams
from scheduler.optimizer.parts import cut
from scheduler.optimizer.pricing import objective
from scheduler.optimizer.rounding import Mixture, round_mixture

ONE_SHARD = ShardParams(activities=1000)


def mixture_of(problem: Problem, plans: list[DayPlan], weights: np.ndarray) -> Mixture:
    """Mix plans of a date that is one group: `weights` has shape (plans,)."""
    return Mixture(plans, weights[:, None], np.zeros(len(problem), dtype=np.int32))


def random_mixture(problem: Problem, seed: int) -> Mixture:
    """Mix six plans, in other shares for each group of components."""
    (part,) = cut(problem, ONE_SHARD)
    weights = np.random.default_rng([seed, 6]).dirichlet([0.5] * 6, size=part.groups).T
    return Mixture(random_plans(problem, seed, 6), weights, part.group)


def rounded(problem: Problem, mixture: Mixture, seed: int, draws: int = 16) -> DayPlan:
    network = build_network(problem)
    no_ceiling = np.full(problem.limit.size, np.inf)
    charges = Charges(problem.limit.ravel(), problem.overload_price, no_ceiling, 0.0)
    return round_mixture(network, pack(network), mixture, charges, RoundingParams(draws), seed)


@pytest.mark.parametrize("make", [random_problem, tangled_problem])
@settings(max_examples=60, deadline=None)
@given(of=st.integers(0, 200), seed=st.integers(0, 2**32 - 1))
def test_rounded_plans_keep_the_rules(make, of: int, seed: int):
    problem = make(of)
    assert keeps_rules(problem, rounded(problem, random_mixture(problem, of), seed))


@settings(max_examples=30, deadline=None)
@given(of=st.integers(0, 200), seed=st.integers(0, 2**32 - 1))
def test_every_activity_does_what_it_does_in_some_pass(of: int, seed: int):
    """The shift and the alternative of an activity come from the same pass: a price may have paid for both only."""
    problem = random_problem(of)
    mixture = random_mixture(problem, of)
    plan = rounded(problem, mixture, seed)
    seen = {(j, int(one.shift[j]), int(one.alternative[j])) for one in mixture.passes for j in range(len(problem))}
    assert {(j, int(plan.shift[j]), int(plan.alternative[j])) for j in range(len(problem))} <= seen


def test_a_seed_gives_one_plan():
    problem = tangled_problem(5)
    mixture = random_mixture(problem, 5)
    one, other = rounded(problem, mixture, 7), rounded(problem, mixture, 7)
    assert one.shift.tolist() == other.shift.tolist()
    assert one.alternative.tolist() == other.alternative.tolist()


def test_a_mixture_of_one_plan_is_that_plan():
    problem = random_problem(8)
    (plan,) = random_plans(problem, 8, 1)
    found = rounded(problem, mixture_of(problem, [usual_day(problem), plan], np.array([0.0, 1.0])), 3)
    assert found.shift.tolist() == plan.shift.tolist()
    assert found.alternative.tolist() == plan.alternative.tolist()


def test_over_many_seeds_a_plan_is_drawn_as_often_as_it_weighs():
    """One session, one θ: the shift of the pass that weighs 0.3 is drawn in about 3 of 10 cases."""
    problem = build_problem(region_of([session("s")], capacity=1000), 0)
    late = DayPlan(np.array([3], dtype=np.int32), np.zeros(1, dtype=np.int32))
    mixture = mixture_of(problem, [usual_day(problem), late], np.array([0.7, 0.3]))
    drawn = [rounded(problem, mixture, seed, draws=1).shift[0] == 3 for seed in range(1000)]
    assert np.mean(drawn) == pytest.approx(0.3, abs=0.05)


def test_of_several_draws_the_cheapest_against_the_rest_is_taken():
    """Two equal sessions under a limit for one: with draws to choose from, one moves and the other stays."""
    rows = [session("one", school="A", heads=30), session("two", school="B", heads=30)]
    problem = build_problem(region_of(rows, capacity=38), 0)
    late = DayPlan(np.full(2, 3, dtype=np.int32), np.zeros(2, dtype=np.int32))
    mixture = mixture_of(problem, [usual_day(problem), late], np.full(2, 0.5))
    costs = {objective(problem, rounded(problem, mixture, seed)) for seed in range(20)}
    assert costs == {450.0}
