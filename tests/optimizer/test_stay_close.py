"""Plans close to a former one, against the exact model: bound ≤ optimum ≤ plan, whatever the former plan was.

The former plans are random: of some the rules leave nothing, some lie between slots, none was made for the limits.
"""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import changed, moved, region_of, session
from exact_model import exact_cheapest, exact_optimum
from random_references import random_reference
from random_regions import random_plans, random_region
from solving import quiet, solve_here

from scheduler.domain.audit import audit
from scheduler.domain.load import figures
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import DayPlan, Problem, build_problem, place_plan
from scheduler.domain.reference import Reference
from scheduler.execution import Stop
from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.optimizer.day import can_stay, keeps_rules
from scheduler.optimizer.network import build_network
from scheduler.optimizer.params import NeighbourhoodParams, SearchParams, SolveParams
from scheduler.optimizer.pricing import objective
from scheduler.optimizer.shifts import build_oracle
from scheduler.optimizer.solve import solve

if TYPE_CHECKING:
    from scheduler.domain.outcome import DayResult

PARAMS = SolveParams(
    gap=0.0005, search=SearchParams(rounds=2, fewest_moves=4000), neighbourhoods=NeighbourhoodParams(rounds=2)
)
SEEDS = range(24)
NOISE = 1e-6


@cache
def reference_of(seed: int) -> Reference:
    """Give a former plan: one that keeps the rules for every third seed, else anything."""
    region = random_region(seed)
    if seed % 3:
        return random_reference(region, seed)
    plain = build_problem(region, 0)
    (plan,) = random_plans(plain, seed, 1)
    return Reference.of(region, place_plan(plain, region.activities, plan))


@cache
def problem_of(seed: int) -> Problem:
    return build_problem(random_region(seed), 0, reference_of(seed))


@cache
def solved(seed: int) -> DayResult:
    return solve_here(PARAMS, problem_of(seed)).days[0]


@cache
def optimum(seed: int) -> float:
    return exact_optimum(problem_of(seed))[0]


def zero_bound(problem: Problem) -> float:
    """Give what the cheapest plan costs where load is free."""
    return build_oracle(build_network(problem)).cheapest(np.zeros(problem.limit.shape))[0]


def test_the_former_plans_are_of_every_kind():
    problems = [problem_of(seed) for seed in SEEDS]
    assert {can_stay(problem) for problem in problems} == {True, False}
    assert any((problem.reference % 1 != 0).any() for problem in problems)
    assert any(problem.reference_alternative.any() for problem in problems)


@pytest.mark.parametrize("seed", SEEDS)
def test_bound_optimum_and_plan_stand_in_order(seed: int):
    problem, result = problem_of(seed), solved(seed)
    assert result.bound <= optimum(seed) * (1 + NOISE) + NOISE
    assert result.objective >= optimum(seed) * (1 - NOISE) - NOISE
    assert result.objective == pytest.approx(objective(problem, result.plan))
    assert keeps_rules(problem, result.plan)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_is_what_the_prices_prove(seed: int):
    problem, result = problem_of(seed), solved(seed)
    priced = result.price > 0
    cheapest, _ = build_oracle(build_network(problem)).cheapest(result.price)
    proven = cheapest - float((result.price[priced] * problem.limit[priced]).sum())
    assert min(proven, result.objective) == pytest.approx(result.bound, rel=1e-6, abs=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_passes_the_audit_and_costs_as_much_by_the_region_alone(seed: int):
    region, result = random_region(seed), solved(seed)
    plan = place_plan(problem_of(seed), region.activities, result.plan)
    assert audit(region, plan) == []
    (day,) = figures(region, plan, usual_plan(region), reference_of(seed))
    assert day.cost.objective == pytest.approx(result.objective)


def test_plans_are_the_best_but_for_a_few_per_mille():
    above = [(solved(seed).objective - optimum(seed)) / max(optimum(seed), 1) for seed in SEEDS]
    assert np.mean(above) <= 0.002


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_cheapest_plans_at_prices_are_those_of_the_exact_model(seed: int):
    problem = problem_of(seed)
    price = np.random.default_rng(seed).choice([0.0, 0.0, 4.0, 8.0], problem.limit.shape)
    total, plan = build_oracle(build_network(problem)).cheapest(price)
    assert total == pytest.approx(exact_cheapest(problem, price)[0], rel=1e-6, abs=1e-2)
    assert keeps_rules(problem, plan)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bound_holds_to_its_prices_even_when_there_is_no_time(seed: int):
    """At prices of 0 a former plan that breaks rules by now cannot be had for nothing, and load.csv must prove that."""
    problem = problem_of(seed)
    executor = Crew(Nowhere(), Stop(time.monotonic, deadline=time.monotonic() - 1))
    (day,) = solve([problem], PARAMS, executor, quiet).days
    assert not day.price.any()
    assert day.bound == pytest.approx(min(zero_bound(problem), day.objective), abs=1e-4)
    assert day.objective >= optimum(seed) * (1 - NOISE) - NOISE


def crowd(capacity: float) -> Problem:
    """Give 12 sessions at 08:00; as a former plan had them, three start in each of the slots 08:00 to 08:15."""
    region = region_of([session(f"s{at}") for at in range(12)], capacity=capacity)
    former = moved(region, **{f"s{at}": 5 * (at // 3) for at in range(12)})
    return build_problem(region, 0, Reference.of(region, former))


def test_the_former_plan_is_kept_where_it_still_holds():
    (day,) = solve_here(PARAMS, crowd(1000)).days
    assert day.plan.shift.tolist() == [at // 3 for at in range(12)]
    assert (day.objective, day.bound, day.stopped_by) == (0, 0, "gap")


def test_the_former_plan_is_offered_for_the_level_too():
    """Without time to search: at 08:10 three quarters ask all that they ever do, the first one a quarter of it."""
    executor = Crew(Nowhere(), Stop(time.monotonic, deadline=time.monotonic() - 1))
    result = solve([crowd(1000)], SolveParams(objective="level"), executor, quiet)
    assert result.days[0].plan.shift.tolist() == [at // 3 for at in range(12)]
    assert result.level == pytest.approx((3 * 90 + 90 / 4) / 1000)


def test_a_former_plan_that_breaks_a_rule_is_followed_as_far_as_the_rules_allow():
    """`locked` cannot follow to 08:10, `free` can; what cannot be had is paid for: 10 minutes, 30 heads."""
    rows = [session("locked", locked=True, platforms="ent|ent@async"), session("free", start="10:00")]
    region = region_of(rows)
    problem = build_problem(region, 0, Reference.of(region, changed(region, {"locked": 10, "free": 15}, {"locked": 1})))
    (day,) = solve_here(PARAMS, problem).days
    assert (day.plan.shift.tolist(), day.plan.alternative.tolist()) == ([0, 3], [0, 0])
    assert day.objective == 30 * 10 + 30 * 30
    assert day.bound == pytest.approx(day.objective)


def test_a_start_between_slots_is_compared_to_the_minute():
    """From 08:07, 08:05 is 2 minutes away and 08:10 is 3; nothing can be had for less than 60 head-minutes."""
    region = region_of([session("s")])
    (day,) = solve_here(PARAMS, build_problem(region, 0, Reference.of(region, moved(region, s=7)))).days
    assert day.plan.shift.tolist() == [1]
    assert day.objective == pytest.approx(60)
    assert day.bound == pytest.approx(60)


def test_a_reference_that_changes_nothing_changes_no_byte():
    region = random_region(5)
    plain, compared = (
        solve_here(PARAMS, build_problem(region, 0, reference)).days[0]
        for reference in (None, Reference.of(region, usual_plan(region)))
    )
    assert plain.plan.shift.tobytes() == compared.plan.shift.tobytes()
    assert plain.price.tobytes() == compared.price.tobytes()
    assert isinstance(plain.plan, DayPlan)
