"""The rest of a day: what began stays, nothing begins too early, every rule holds, and costs are what they were."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from exact_model import exact_optimum
from random_regions import random_plans, random_region

from scheduler.domain.audit import audit
from scheduler.domain.load import figures
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import DayPlan, build_problem, place_plan, usual_day
from scheduler.domain.reference import Reference
from scheduler.domain.rest_of_day import Rest, broken_schools, recentred
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.pricing import objective

if TYPE_CHECKING:
    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region

SEEDS = range(12)


@cache
def standing_on(seed: int) -> tuple[Region, Problem, DayPlan]:
    """Give a region, one date of it with costs against a plan that keeps its rules, and that plan."""
    region = random_region(seed)
    plain = build_problem(region, 0)
    (standing,) = random_plans(plain, seed, 1)
    reference = Reference.of(region, place_plan(plain, region.activities, standing))
    return region, build_problem(region, 0, reference), standing


def starts_of(region: Region, problem: Problem, plan: DayPlan) -> list[int]:
    return place_plan(problem, region.activities, plan).start.tolist()


def cut_at(seed: int) -> tuple[Region, Problem, DayPlan, int, Rest]:
    """Cut a day in the middle of its starts."""
    region, problem, standing = standing_on(seed)
    minute = int(np.median(starts_of(region, problem, standing))) // problem.slot_minutes * problem.slot_minutes
    return region, problem, standing, minute, recentred(problem, region.activities, standing, minute)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_rest_keeps_what_began_and_every_rule(seed: int) -> None:
    region, problem, standing, minute, rest = cut_at(seed)
    cost, best = exact_optimum(rest.problem)
    whole = rest.whole(best)
    assert keeps_rules(problem, whole)
    assert audit(region, place_plan(problem, region.activities, whole)) == []
    before, after = starts_of(region, problem, standing), starts_of(region, problem, whole)
    for stood, start, served, way in zip(before, after, standing.alternative, whole.alternative, strict=True):
        if stood < minute:
            assert (start, way) == (stood, served)
        else:
            assert start >= minute
    assert objective(problem, whole) == pytest.approx(cost, abs=1e-6)
    # Nothing that keeps what began is cheaper than the plan that stands, unless it is this one.
    assert cost <= objective(problem, standing) + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_costs_are_those_of_the_whole_day_against_what_stands(seed: int) -> None:
    region, problem, standing, _, rest = cut_at(seed)
    reference = Reference.of(region, place_plan(problem, region.activities, standing))
    for plan in random_plans(rest.problem, seed, 5):
        placed = place_plan(problem, region.activities, rest.whole(plan))
        (day,) = [one for one in figures(region, placed, usual_plan(region), reference) if one.day == 0]
        assert objective(rest.problem, plan) == pytest.approx(day.cost.objective)


@pytest.mark.parametrize("seed", SEEDS)
def test_plans_come_back_from_whole_days_as_they_were(seed: int) -> None:
    *_, rest = cut_at(seed)
    for plan in [usual_day(rest.problem), *random_plans(rest.problem, seed, 5)]:
        back = rest.rest(rest.whole(plan))
        assert back.shift.tolist() == plan.shift.tolist()
        assert back.alternative.tolist() == plan.alternative.tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_that_has_not_begun_leaves_everything_free(seed: int) -> None:
    """Recentring alone changes no optimum."""
    region, problem, standing = standing_on(seed)
    rest = recentred(problem, region.activities, standing, None)
    assert exact_optimum(rest.problem)[0] == pytest.approx(exact_optimum(problem)[0], abs=1e-6)


def test_a_day_that_is_over_leaves_nothing_free() -> None:
    region, problem, standing = standing_on(3)
    rest = recentred(problem, region.activities, standing, 24 * 60)
    assert not rest.problem.low.any()
    assert not rest.problem.high.any()
    assert np.diff(rest.problem.alternative_start).tolist() == [1] * len(problem)


def test_a_plan_that_breaks_a_rule_is_found_and_cannot_be_the_middle() -> None:
    region, problem, standing = standing_on(1)
    shift = standing.shift.copy()
    shift[0] = problem.high[0] + 1
    broken = DayPlan(shift, standing.alternative)
    assert broken_schools(problem, broken).tolist() == [problem.school[0]]
    assert len(broken_schools(problem, standing)) == 0
    with pytest.raises(ValueError, match="breaks a rule"):
        recentred(problem, region.activities, broken, None)
