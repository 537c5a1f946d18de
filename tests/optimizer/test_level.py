"""``--objective level``: the lowest highest load/capacity, then the cheapest plan at it (CONTRACT section 4)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import region_of, session
from exact_model import exact_level
from random_regions import random_problem
from solving import never, quiet, solve_here

from scheduler.domain.problem import build_problem, usual_day
from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.optimizer.day import HOLDS, Start, keeps_rules
from scheduler.optimizer.level import LevelJob, ceiling_at, level_of
from scheduler.optimizer.params import NeighbourhoodParams, SearchParams, SolveParams
from scheduler.optimizer.pricing import objective, plan_load

if TYPE_CHECKING:
    from scheduler.domain.problem import Problem
    from scheduler.optimizer.level import LevelResult
    from scheduler.optimizer.solve import Result

PARAMS = SolveParams(
    gap=0.001,
    objective="level",
    search=SearchParams(rounds=2, fewest_moves=4000),
    neighbourhoods=NeighbourhoodParams(rounds=0),
)
SEEDS = range(24)


@cache
def solved(seed: int) -> Result:
    return solve_here(PARAMS, random_problem(seed))


@cache
def first_of(seed: int) -> LevelResult:
    """Find the level alone, which is the first half of a solve."""
    return level_alone(random_problem(seed), Start())


def level_alone(problem: Problem, start: Start) -> LevelResult:
    (result,) = Crew(Nowhere(), never()).run([LevelJob(problem, PARAMS, start)], quiet)
    return result


@cache
def lowest(seed: int) -> float:
    return exact_level(random_problem(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_bound_is_no_higher_than_the_lowest_level_and_that_no_higher_than_the_plans(seed: int):
    assert solved(seed).level_bound <= lowest(seed) + 1e-6
    assert lowest(seed) <= solved(seed).level + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_the_level_told_is_that_of_the_plan(seed: int):
    assert solved(seed).level == pytest.approx(level_of(random_problem(seed), solved(seed).days[0].plan))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cheapest_plan_keeps_rules_and_the_level_found_first(seed: int):
    problem, plan = random_problem(seed), solved(seed).days[0].plan
    assert keeps_rules(problem, plan)
    assert (plan_load(problem, plan) <= ceiling_at(problem, first_of(seed).level) + 2 * HOLDS).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_at_its_level_the_plan_costs_no_more_than_the_one_that_found_the_level(seed: int):
    problem, day = random_problem(seed), solved(seed).days[0]
    assert day.bound <= day.objective <= objective(problem, first_of(seed).plan) + 1e-6


def test_levels_are_found_nearly_always(capsys: pytest.CaptureFixture[str]):
    above = [solved(seed).level - lowest(seed) for seed in SEEDS]
    with capsys.disabled():
        print(f"\n{len(above)} small regions: level above the lowest {np.mean(above):.4f} on average")
    assert np.mean(above) <= 0.005


def test_a_date_under_the_level_of_the_hardest_date_need_not_move():
    """Monday's 30 + 30 go an hour apart, for a level of 0.3; Tuesday's two of 10 at once are at 0.2, and stay."""
    rows = [
        session("mo-1", day="MO", earliest="08:00", latest="08:00", heads=30),
        session("mo-2", day="MO", heads=30, weight=0.5),
        session("tu-1", day="TU", heads=10),
        session("tu-2", day="TU", heads=10),
    ]
    region = region_of(rows, days=2, capacity=100)
    result = solve_here(PARAMS, build_problem(region, 0), build_problem(region, 1))
    assert result.level == pytest.approx(0.3)
    assert result.days[1].plan.shift.tolist() == [0, 0]


def test_slots_without_capacity_or_limit_have_no_level():
    region = region_of([session("s", heads=30)], capacity=0)
    problem = build_problem(region, 0)
    assert level_of(problem, usual_day(problem)) == 0
    assert np.isinf(ceiling_at(problem, 0.5)).all()


def test_a_former_plan_is_never_made_worse():
    """A start at the lowest level stays at it, though the usual timetable is far above."""
    problem = random_problem(4)
    again = level_alone(problem, Start(first_of(4).plan))
    assert again.level <= first_of(4).level
