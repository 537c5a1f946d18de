"""The whole optimizer against an exact model: bound ≤ optimum ≤ plan on small regions of every kind.

How far the plan and the bound are from the optimum on average is printed at the end; ``pytest -rP`` or a terminal shows
it. Small regions are the hardest for a bound that splits activities, so a wide gap here says nothing of large ones.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from exact_model import exact_optimum
from random_regions import random_problem, random_region, tangled_problem
from solving import solve_here

from scheduler.domain.audit import audit
from scheduler.domain.load import figures
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import place_plan
from scheduler.optimizer.day import DayResult, keeps_rules
from scheduler.optimizer.params import SearchParams, SolveParams
from scheduler.optimizer.pricing import objective

if TYPE_CHECKING:
    from scheduler.domain.problem import Problem

PARAMS = SolveParams(gap=0.0005, search=SearchParams(fewest_moves=50_000))
REGIONS, TANGLES = range(64), range(32)
NOISE = 1e-6
CASES = [("region", seed) for seed in REGIONS] + [("tangle", seed) for seed in TANGLES]
every_case = pytest.mark.parametrize(("kind", "seed"), CASES, ids=[f"{kind}-{seed}" for kind, seed in CASES])


def problem_of(kind: str, seed: int) -> Problem:
    return random_problem(seed) if kind == "region" else tangled_problem(seed)


@cache
def solved(kind: str, seed: int) -> DayResult:
    return solve_here(PARAMS, problem_of(kind, seed)).days[0]


@cache
def optimum(kind: str, seed: int) -> float:
    return exact_optimum(problem_of(kind, seed))[0]


@every_case
def test_bound_is_no_higher_than_the_optimum(kind: str, seed: int):
    assert solved(kind, seed).bound <= optimum(kind, seed) * (1 + NOISE) + NOISE


@every_case
def test_plan_costs_what_is_said_and_no_less_than_the_optimum(kind: str, seed: int):
    result = solved(kind, seed)
    assert result.objective == pytest.approx(objective(problem_of(kind, seed), result.plan))
    assert result.objective >= optimum(kind, seed) * (1 - NOISE) - NOISE


@every_case
def test_plan_keeps_the_rules_of_its_problem(kind: str, seed: int):
    assert keeps_rules(problem_of(kind, seed), solved(kind, seed).plan)


@pytest.mark.parametrize("seed", REGIONS)
def test_plan_passes_the_audit_and_costs_as_much_by_the_region_alone(seed: int):
    region, problem, result = random_region(seed), random_problem(seed), solved("region", seed)
    plan = place_plan(problem, region.activities, result.plan)
    assert audit(region, plan) == []
    (day,) = figures(region, plan, usual_plan(region))
    assert day.cost.objective == pytest.approx(result.objective)


@pytest.mark.parametrize("seed", REGIONS[:16])
def test_optimum_of_the_exact_model_passes_the_audit_and_costs_as_much_by_the_region_alone(seed: int):
    region, problem = random_region(seed), random_problem(seed)
    cost, exact = exact_optimum(problem)
    plan = place_plan(problem, region.activities, exact)
    assert audit(region, plan) == []
    (day,) = figures(region, plan, usual_plan(region))
    assert day.cost.objective == pytest.approx(cost)


def test_average_gaps_are_small_and_printed(capsys: pytest.CaptureFixture[str]):
    above = [(solved(*case).objective - optimum(*case)) / max(optimum(*case), 1) for case in CASES]
    below = [(optimum(*case) - solved(*case).bound) / max(optimum(*case), 1) for case in CASES]
    with capsys.disabled():
        print(
            f"\n{len(CASES)} small regions: plan above optimum {np.mean(above):.3%} on average, {np.max(above):.2%} at "
            f"worst; optimum found in {np.count_nonzero(np.array(above) <= NOISE)}; "
            f"bound below optimum {np.mean(below):.1%} on average"
        )
    assert np.mean(above) <= 0.002
