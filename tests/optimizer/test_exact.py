"""The whole optimizer against an exact model: bound ≤ optimum ≤ plan on random regions of three kinds.

*Regions* hold all that a region can hold, a handful of sessions each; *tangles* are these with random distances.
A bound that splits sessions says little of them, for a few cannot be split. *Grown* regions have 60 sessions of four
schools: there it is close. How far plan and bound are from the optimum on average is printed at the end.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from exact_model import exact_optimum, optimum_within
from random_regions import grown_problem, grown_region, random_problem, random_region, tangled_problem
from solving import solve_here

from scheduler.domain.audit import audit
from scheduler.domain.load import figures
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import place_plan
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.params import NeighbourhoodParams, SearchParams, SolveParams
from scheduler.optimizer.pricing import objective

if TYPE_CHECKING:
    from scheduler.domain.outcome import DayResult
    from scheduler.domain.problem import DayPlan, Problem

PARAMS = SolveParams(
    gap=0.0005, search=SearchParams(rounds=2, fewest_moves=4000), neighbourhoods=NeighbourhoodParams(rounds=2)
)
"""Little search: laws do not hang on it, and small regions need no more."""

WORK = 2.0
"""Of CP-SAT, in deterministic time, for a grown region; where that is too little, the optimum lies between two."""

PROBLEMS = {"region": random_problem, "tangle": tangled_problem, "grown": grown_problem}
REGIONS, TANGLES, GROWN = range(100), range(60), range(42)
TINY = [("region", seed) for seed in REGIONS] + [("tangle", seed) for seed in TANGLES]
LARGER = [("grown", seed) for seed in GROWN]
CASES = TINY + LARGER
NOISE = 1e-6
every_case = pytest.mark.parametrize(("kind", "seed"), CASES, ids=[f"{kind}-{seed}" for kind, seed in CASES])


class Optimum(NamedTuple):
    """No plan costs less than `least`, some plan costs `most`; the same number where the optimum is known."""

    least: float
    most: float


def problem_of(kind: str, seed: int) -> Problem:
    return PROBLEMS[kind](seed)


@cache
def solved(kind: str, seed: int) -> DayResult:
    return solve_here(PARAMS, problem_of(kind, seed)).days[0]


@cache
def exact(kind: str, seed: int) -> tuple[float, DayPlan]:
    return exact_optimum(problem_of(kind, seed))


@cache
def optimum(kind: str, seed: int) -> Optimum:
    if kind == "grown":
        return Optimum(*optimum_within(problem_of(kind, seed), WORK))
    cost, _ = exact(kind, seed)
    return Optimum(cost, cost)


@every_case
def test_bound_is_no_higher_than_the_optimum(kind: str, seed: int):
    assert solved(kind, seed).bound <= optimum(kind, seed).most * (1 + NOISE) + NOISE


@every_case
def test_plan_costs_what_is_said_and_no_less_than_the_optimum(kind: str, seed: int):
    result = solved(kind, seed)
    assert result.objective == pytest.approx(objective(problem_of(kind, seed), result.plan))
    assert result.objective >= optimum(kind, seed).least * (1 - NOISE) - NOISE


@every_case
def test_plan_keeps_the_rules_of_its_problem(kind: str, seed: int):
    assert keeps_rules(problem_of(kind, seed), solved(kind, seed).plan)


def test_optima_of_larger_regions_are_known_nearly_to_the_point():
    """Else they would be no measure of bound and plan."""
    doubts = [1 - optimum(*case).least / optimum(*case).most for case in LARGER]
    assert np.count_nonzero(np.array(doubts) <= NOISE) >= 0.7 * len(doubts)
    assert np.mean(doubts) <= 0.004


@pytest.mark.parametrize(("kind", "seed"), [case for case in CASES if case[0] != "tangle"])
def test_plan_passes_the_audit_and_costs_as_much_by_the_region_alone(kind: str, seed: int):
    region = grown_region(seed) if kind == "grown" else random_region(seed)
    problem, result = problem_of(kind, seed), solved(kind, seed)
    plan = place_plan(problem, region.activities, result.plan)
    assert audit(region, plan) == []
    (day,) = figures(region, plan, usual_plan(region))
    assert day.cost.objective == pytest.approx(result.objective)


@pytest.mark.parametrize("seed", REGIONS[:32])
def test_optimum_of_the_exact_model_passes_the_audit_and_costs_as_much_by_the_region_alone(seed: int):
    region, problem = random_region(seed), random_problem(seed)
    cost, best = exact("region", seed)
    plan = place_plan(problem, region.activities, best)
    assert audit(region, plan) == []
    (day,) = figures(region, plan, usual_plan(region))
    assert day.cost.objective == pytest.approx(cost)


class Averages(NamedTuple):
    """How far plans are above and bounds below the optima, as shares of them; where in doubt, the larger distance."""

    above: float
    below: float
    found: int


def averages(cases: list[tuple[str, int]]) -> Averages:
    above = [(solved(*case).objective - optimum(*case).least) / max(optimum(*case).most, 1) for case in cases]
    below = [(optimum(*case).most - solved(*case).bound) / max(optimum(*case).most, 1) for case in cases]
    return Averages(float(np.mean(above)), float(np.mean(below)), int(np.count_nonzero(np.array(above) <= NOISE)))


def test_average_distances_are_small_and_printed(capsys: pytest.CaptureFixture[str]):
    tiny, larger = averages(TINY), averages(LARGER)
    sizes = [len(problem_of(*case)) for case in LARGER]
    with capsys.disabled():
        for what, count, one in (
            ("a handful of sessions", len(TINY), tiny),
            (f"{min(sizes)} to {max(sizes)} sessions", len(LARGER), larger),
        ):
            print(
                f"\n{count} regions of {what}: on average the bound is {one.below:.2%} below the optimum and the plan "
                f"{one.above:.3%} above; the optimum is found in {one.found}",
                end="",
            )
        print()
    assert tiny.above <= 0.002
    assert larger.above <= 0.005
    assert larger.below <= 0.02
