"""Raises that end an overload, and the slots where one more connection saves most."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from builders import MONDAY, region_of, session
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_plans, random_problem, random_region

from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.load import day_figures
from scheduler.domain.outcome import LeastRaises
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import place_plan
from scheduler.domain.shortage import DearRun, Raise, dearest_runs, raises_all_day, raises_for_plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.domain.load import DayFigures
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region

OUTAGE = CapacityEntry(
    "ent",
    "connections",
    dt.datetime.combine(MONDAY, dt.time(8)),
    dt.datetime.combine(MONDAY, dt.time(9)),
    "change",
    -50.0,
)


def figures_of(region: Region, plan: Plan | None = None) -> DayFigures:
    usual = usual_plan(region)
    return day_figures(region, 0, usual if plan is None else plan, usual)


def raised(region: Region, raises: Iterable[Raise], less: int = 0) -> Region:
    """Write the raises as changes into the capacities, each by so much less."""
    midnight = dt.datetime.combine(region.grid.first_date, dt.time())
    slot = dt.timedelta(minutes=region.grid.slot_minutes)
    entries = tuple(
        CapacityEntry(
            region.meters[one.meter].platform,
            region.meters[one.meter].meter,
            midnight + one.first * slot,
            midnight + one.last * slot,
            "change",
            float(one.capacity - less),
        )
        for one in raises
    )
    return replace(region, capacities=(*region.capacities, *entries))


def test_a_raise_of_the_capacity_is_more_than_what_the_limit_lacks():
    """30 heads under a limit of half of 20: 20 are missing, which takes a capacity higher by 40."""
    region = region_of([session("s", activity="browse")], capacity=20, target_utilisation=0.5)
    assert raises_for_plan(region, [figures_of(region)]) == (Raise(0, 0, 96, 107, 20.0, 40),)


def test_what_an_outage_takes_below_nothing_is_made_up_for_too():
    """Base 20 less 50 is cut at 0: to bear 30 it takes 30 and the 30 below 0."""
    region = region_of([session("s", activity="browse")], capacity=20, capacities=[OUTAGE])
    assert raises_for_plan(region, [figures_of(region)]) == (Raise(0, 0, 96, 107, 30.0, 60),)


def test_a_plan_within_limits_needs_no_raise():
    region = region_of([session("s", activity="browse")], capacity=30)
    assert raises_for_plan(region, [figures_of(region)]) == ()


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 400), target=st.sampled_from([1.0, 0.75, 0.6]), outage=st.booleans())
def test_with_the_raises_the_plan_is_within_limits_and_with_less_it_is_not(seed: int, target: float, outage: bool):
    region = random_region(seed)
    region = replace(
        region,
        policy=replace(region.policy, target_utilisation=target),
        capacities=(*region.capacities, OUTAGE) if outage else region.capacities,
    )
    problem = random_problem(seed)
    (plan,) = random_plans(problem, seed, 1)
    placed = place_plan(problem, region.activities, plan)
    raises = raises_for_plan(region, [figures_of(region, placed)])
    assert figures_of(raised(region, raises), placed).status == "within_limits"
    if raises:
        assert figures_of(raised(region, raises, less=1), placed).status == "overloaded"


def test_an_estimate_becomes_a_raise_of_capacity_all_day():
    """A limit higher by 6 at half of the capacity takes 12; a meter that needs none is left out."""
    bases = [CapacityEntry("cned", "connections", None, None, "base", 5.0)]
    rows = [session("s", activity="browse"), session("t", platforms="cned")]
    region = region_of(rows, capacity=20, capacities=bases, target_utilisation=0.5)
    found = raises_all_day(region, figures_of(region), LeastRaises(np.array([6.0, 0.0]), 100.0))
    assert found == (Raise(0, 0, 0, 288, 6.0, 12),)


def test_dear_runs_go_around_the_dearest_slots():
    region = region_of([session("s")], capacity=20)
    price = np.zeros((1, 288))
    price[0, 94:100] = [4.0, 10.0, 6.0, 0.0, 5.0, 7.0]
    assert dearest_runs(region, {0: price}, 9) == (
        DearRun(0, 0, 95, 97, 10.0, 16.0),
        DearRun(0, 0, 98, 100, 7.0, 12.0),
        DearRun(0, 0, 94, 95, 4.0, 4.0),
    )
    assert dearest_runs(region, {0: price}, 1) == (DearRun(0, 0, 95, 97, 10.0, 16.0),)


def test_runs_of_all_dates_and_meters_compete():
    region = region_of([session("s")], days=2, capacity=20)
    first, second = np.zeros((2, 288)), np.zeros((2, 288))
    first[1, 287], second[0, 0], second[1, 5:8] = 3.0, 3.0, 2.0
    found = [
        (run.meter, run.day, run.first, run.last, run.saves) for run in dearest_runs(region, {0: first, 1: second}, 9)
    ]
    assert found == [(1, 1, 5, 8, 6.0), (0, 1, 0, 1, 3.0), (1, 0, 287, 288, 3.0)]


def test_no_price_no_run():
    region = region_of([session("s")], capacity=20)
    assert dearest_runs(region, {0: np.zeros((1, 288))}, 9) == ()
    assert dearest_runs(region, {}, 9) == ()
