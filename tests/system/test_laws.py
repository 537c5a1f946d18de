"""What holds of every solve, whatever the region: its plan is one, its bound is one, and a seed gives one of each.

Each region is random, with a horizon of two dates, and gets very little search: laws do not hang on how good a plan is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_region
from solving import never, quiet

from scheduler.domain.audit import audit
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.load import figures
from scheduler.domain.plan import joined, usual_plan
from scheduler.domain.problem import build_problem, place_plan
from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.optimizer.params import NeighbourhoodParams, Scope, SearchParams, SolveParams
from scheduler.optimizer.solve import Result, solve

if TYPE_CHECKING:
    from scheduler.domain.plan import Plan
    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region

LITTLE = SolveParams(
    gap=0.001,
    search=SearchParams(rounds=2, stretches=4, fewest_moves=1000, moves_per_node=10),
    neighbourhoods=NeighbourhoodParams(rounds=1, scopes=(Scope(10, 1.0, 0.02),)),
)
TOLERANCE = 2 * LITTLE.gap / 100
"""A bound is good enough within a hundredth of the gap (see scheduler.optimizer.day): twice that, to be safe."""

lawful = settings(max_examples=15, deadline=None)
regions = st.integers(0, 500).map(lambda seed: two_dates(random_region(seed)))
every_objective = st.sampled_from(["cost", "level"]).map(lambda objective: replace(LITTLE, objective=objective))


def two_dates(region: Region) -> Region:
    """Add the Tuesday to a region of one Monday."""
    last_date = region.grid.first_date + dt.timedelta(days=1)
    return replace(region, grid=replace(region.grid, last_date=last_date))


def problems_of(region: Region) -> list[Problem]:
    return [build_problem(region, day) for day in np.unique(usual_plan(region).day).tolist()]


def solved(region: Region, params: SolveParams) -> tuple[Result, Plan]:
    """Plan every date of a region; give the result and the plan of the horizon."""
    problems = problems_of(region)
    result = solve(problems, params, Crew(Nowhere(), never()), quiet)
    days = zip(problems, result.days, strict=True)
    return result, joined([place_plan(problem, region.activities, day.plan) for problem, day in days])


def said(result: Result) -> list[tuple[object, ...]]:
    """Give everything that a result says, comparable."""
    return [
        (day.objective, day.bound, day.plan.shift.tolist(), day.plan.alternative.tolist(), day.price.tolist())
        for day in result.days
    ]


@lawful
@given(region=regions, params=every_objective)
def test_any_plan_passes_the_audit_and_costs_what_is_said_and_no_less_than_its_bound(
    region: Region, params: SolveParams
):
    """What the optimizer says of a date's cost is what region and plan alone tell, without it."""
    result, plan = solved(region, params)
    assert audit(region, plan) == []
    reckoned = {day.day: day.cost.objective for day in figures(region, plan, usual_plan(region))}
    assert {day.day: day.objective for day in result.days} == pytest.approx(reckoned, rel=1e-6, abs=1e-6)
    assert all(0 <= day.bound <= day.objective for day in result.days)
    if params.objective == "level":
        assert 0 <= result.level_bound <= result.level


@lawful
@given(
    region=regions,
    platform=st.sampled_from(["ent", "cned"]),
    more=st.floats(0, 200),
    begin=st.integers(7, 12),
    hours=st.integers(1, 8),
)
def test_more_capacity_for_some_hours_never_raises_the_bound(
    region: Region, platform: str, more: float, begin: int, hours: int
):
    """One `change` entry adds to what a platform bears, from some hour of the Monday to some hour of the Tuesday."""
    first, last = (
        dt.datetime.combine(date, dt.time(hour))
        for date, hour in ((region.grid.first_date, begin), (region.grid.last_date, begin + hours))
    )
    entry = CapacityEntry(platform, "connections", first, last, "change", more)
    roomier = replace(region, capacities=(*region.capacities, entry))
    days = zip(solved(region, LITTLE)[0].days, solved(roomier, LITTLE)[0].days, strict=True)
    assert all(less.bound <= day.bound * (1 + TOLERANCE) + 1e-6 for day, less in days)


@settings(max_examples=8, deadline=None)
@given(region=regions, params=every_objective, seed=st.integers(0, 2**63 - 1))
def test_a_seed_gives_one_result(region: Region, params: SolveParams, seed: int):
    one, other = (solved(region, replace(params, seed=seed))[0] for _ in range(2))
    assert said(one) == said(other)
