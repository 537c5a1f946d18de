"""``--reorder`` against an exact model whose sharers stand in either order, on small regions where that often pays."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import changed, region_of, session
from exact_model import exact_optimum
from random_regions import random_problem, random_region, random_swaps, tangled_problem
from solving import never, quiet, solve_here

from scheduler.domain.audit import audit
from scheduler.domain.load import figures
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import DayPlan, Problem, build_problem, place_plan, take_plan, usual_day
from scheduler.domain.reference import Reference
from scheduler.execution import Stop, make_executor
from scheduler.optimizer.day import HOLDS, Start, keeps_rules
from scheduler.optimizer.params import ReorderParams, SearchParams, SolveParams
from scheduler.optimizer.pricing import objective
from scheduler.optimizer.solve import solve

if TYPE_CHECKING:
    from scheduler.domain.outcome import DayResult

PARAMS = SolveParams(gap=0.0005, search=SearchParams(rounds=1, fewest_moves=5_000))
FREE = replace(PARAMS, reorder=True)
NARROW = replace(FREE, reordering=ReorderParams(nodes=2, lanes=3, effort=0.05))
"""Hardly more than the pair itself is free, so that several sets of nodes are planned beside each other."""
SWAPS = range(32)
NOISE = 1e-6


@cache
def problem_of(seed: int) -> Problem:
    return build_problem(random_swaps(seed), 0)


@cache
def kept(seed: int) -> DayResult:
    return solve_here(PARAMS, problem_of(seed)).days[0]


@cache
def free(seed: int) -> DayResult:
    return solve_here(FREE, problem_of(seed)).days[0]


def changes(problem: Problem, plan: DayPlan) -> int:
    """Count the sharers that have changed their order."""
    return int((plan.shift[problem.after] < plan.shift[problem.before] + problem.distance).sum())


@pytest.mark.parametrize("seed", SWAPS)
def test_plan_is_as_good_as_any_in_any_order(seed: int):
    """The dates are so small that one model holds each of them whole."""
    assert free(seed).objective == pytest.approx(exact_optimum(problem_of(seed), order_kept=False)[0])


@pytest.mark.parametrize("seed", SWAPS)
def test_bound_and_prices_stay_those_of_plans_that_keep_the_order(seed: int):
    assert free(seed).bound == kept(seed).bound
    assert np.array_equal(free(seed).price, kept(seed).price)
    assert free(seed).bound <= exact_optimum(problem_of(seed))[0] * (1 + NOISE) + NOISE


@pytest.mark.parametrize("seed", SWAPS)
def test_plan_passes_the_audit_and_costs_as_much_by_the_region_alone(seed: int):
    region, problem, result = random_swaps(seed), problem_of(seed), free(seed)
    plan = place_plan(problem, region.activities, result.plan)
    assert audit(region, plan, order_kept=False) == []
    (day,) = figures(region, plan, usual_plan(region))
    assert day.cost.objective == pytest.approx(result.objective)


def test_in_many_of_these_regions_the_order_changes_and_the_gap_is_below_zero():
    assert sum(changes(problem_of(seed), free(seed).plan) > 0 for seed in SWAPS) >= 10
    assert sum(free(seed).objective < free(seed).bound - 1 for seed in SWAPS) >= 8
    assert all(changes(problem_of(seed), kept(seed).plan) == 0 for seed in SWAPS)


@pytest.mark.parametrize("seed", SWAPS)
def test_plan_is_never_worse_when_little_is_free_at_a_time(seed: int):
    result = solve_here(NARROW, problem_of(seed)).days[0]
    assert keeps_rules(problem_of(seed), result.plan, order_kept=False)
    assert result.objective == pytest.approx(objective(problem_of(seed), result.plan))
    assert free(seed).objective - NOISE <= result.objective <= kept(seed).objective + NOISE


@pytest.mark.parametrize("problem", [random_problem, tangled_problem], ids=["region", "tangle"])
@pytest.mark.parametrize("seed", range(12))
def test_plan_of_any_region_keeps_the_rules_and_is_never_worse(problem, seed: int):
    """These have windows, alternatives, ties and locks; a change of order seldom pays."""
    one = problem(seed)
    result = solve_here(NARROW, one).days[0]
    assert keeps_rules(one, result.plan, order_kept=False)
    assert result.objective == pytest.approx(objective(one, result.plan))
    assert result.objective <= solve_here(PARAMS, one).days[0].objective + NOISE
    if problem is random_problem:
        region = random_region(seed)
        assert audit(region, place_plan(one, region.activities, result.plan), order_kept=False) == []


def test_one_and_two_workers_give_the_same_plan():
    problems = [problem_of(seed) for seed in (7, 18, 37)]
    here = solve_here(NARROW, *problems)
    with make_executor(2, None, never()) as executor:
        there = solve(problems, NARROW, executor, quiet)
    for one, other in zip(here.days, there.days, strict=True):
        assert one.plan.shift.tobytes() == other.plan.shift.tobytes()
        assert one.plan.alternative.tobytes() == other.plan.alternative.tobytes()
    assert sum(changes(problem, day.plan) for problem, day in zip(problems, here.days, strict=True)) > 0


@pytest.mark.parametrize("seed", SWAPS[:12])
def test_the_level_is_held(seed: int):
    level = replace(PARAMS, objective="level")
    before, after = (solve_here(one, problem_of(seed)) for one in (level, replace(level, reorder=True)))
    assert after.level <= before.level + HOLDS
    assert after.days[0].objective <= before.days[0].objective + NOISE
    assert keeps_rules(problem_of(seed), after.days[0].plan, order_kept=False)


# Former plans


def swapped_pair() -> tuple[Problem, DayPlan]:
    """Give two sessions of one teacher, a third alone, and the plan in which the two have changed places."""
    rows = [
        session("one", start="08:00", minutes=25, teachers="Rhin"),
        session("two", start="08:30", minutes=25, teachers="Rhin", school="A"),
        session("far", start="10:00", school="B"),
    ]
    region = region_of(rows)
    plan = changed(region, {"one": 30, "two": -30, "far": 10}, {})
    problem = build_problem(region, 0, Reference.of(region, plan))
    return problem, take_plan(problem, region.activities, plan)


def test_a_former_plan_that_changed_the_order_is_stayed_at():
    problem, former = swapped_pair()
    result = solve_here(FREE, problem).days[0]
    assert result.objective == 0
    assert np.array_equal(result.plan.shift, former.shift)
    assert result.bound > 0


def test_of_a_former_plan_that_breaks_a_rule_by_now_the_rest_is_stayed_at():
    """`far` may no longer start later: it stays at its usual start, 10 minutes of 30 heads from the former plan."""
    problem, former = swapped_pair()
    problem = replace(problem, high=np.where(former.shift == 2, 0, problem.high).astype(np.int32))
    result = solve_here(replace(FREE, reordering=ReorderParams(fewest_proposals=0)), problem).days[0]
    assert result.plan.shift.tolist() == [6, -6, 0]
    assert result.objective == 300


def test_a_plan_to_begin_with_may_change_the_order():
    """Without a single proposal, what a former plan had found is not lost."""
    seed = 37
    problem, best = problem_of(seed), free(seed)
    none = replace(FREE, reordering=ReorderParams(fewest_proposals=0))
    started = solve([problem], none, make_executor(1, None, never()), quiet, [Start(best.plan, best.price)])
    assert started.days[0].objective == pytest.approx(best.objective)
    assert solve_here(none, problem).days[0].objective > best.objective + 1


def test_a_plan_to_begin_with_is_refused_where_it_breaks_rules():
    problem = problem_of(37)
    wild = usual_day(problem)
    wild.shift[:] = problem.high + 1
    started = solve([problem], FREE, make_executor(1, None, never()), quiet, [Start(wild)])
    assert keeps_rules(problem, started.days[0].plan, order_kept=False)


# Stopping


def test_where_there_is_no_more_time_the_plan_that_keeps_the_order_stands():
    stop = never()
    stop.asked.set()
    result = solve([problem_of(37)], FREE, make_executor(1, None, stop), quiet)
    assert result.stopped_by == "user"
    assert keeps_rules(problem_of(37), result.days[0].plan)


def test_where_time_cut_the_usual_order_short_that_is_the_reason():
    """The clock goes past what the first stage may take, and then stands still."""
    ticks = iter([0.0, *[70.0] * 3])
    stop = Stop(lambda: next(ticks, 70.0), 100.0)
    result = solve([problem_of(37)], FREE, make_executor(1, None, stop), quiet)
    assert result.stopped_by == "time"
    assert result.days[0].objective == pytest.approx(free(37).objective)


def test_the_gap_is_no_reason_to_stop():
    assert solve_here(FREE, problem_of(2)).stopped_by == "work"
    assert solve_here(PARAMS, problem_of(2)).stopped_by == "gap"
