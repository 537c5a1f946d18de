"""Loads and figures of a plan, from the region and the plan alone (CONTRACT sections 1, 4 and 5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import changed, moved, region_of, session, window
from hypothesis import given, settings
from hypothesis import strategies as st
from random_timetables import regions

from scheduler.domain.load import (
    Cost,
    day_figures,
    figures,
    load_by_slot,
    overload_minutes,
    placing_cost,
    switch_charge,
)
from scheduler.domain.plan import Plan, joined, usual_plan
from scheduler.domain.problem import DayPlan, build_problem, place_plan
from scheduler.optimizer.pricing import plan_load

if TYPE_CHECKING:
    from scheduler.domain.region import Region


def random_plan(region: Region, seed: int) -> tuple[DayPlan, Plan]:
    """Give a plan of the first date, starts and alternatives at random within bounds, in both forms."""
    problem, draw = build_problem(region, 0), np.random.default_rng(seed)
    shift = draw.integers(problem.low, problem.high + 1).astype(np.int32)
    plan = DayPlan(shift, draw.integers(np.diff(problem.alternative_start)).astype(np.int32))
    return plan, place_plan(problem, region.activities, plan)


def load_by_minute(region: Region, plan: Plan) -> np.ndarray:
    """Reckon the load minute by minute, activity by activity."""
    load = np.zeros((len(region.meters), 1440))
    for row, start, alternative in zip(plan.row, plan.start, plan.alternative, strict=True):
        used = region.activities.alternatives_of(row)[alternative]
        minutes, heads = int(region.activities.minutes[row]), int(region.activities.heads[row])
        for meter, place in enumerate(region.meters):
            for one in region.usage:
                if (one.activity, one.platform, one.meter) != (used.activity, place.platform, place.meter):
                    continue
                if one.platform not in used.platforms:
                    continue
                first, last = (max(int(start) + moment.after_start(minutes), 0) for moment in (one.start, one.end))
                load[meter, first:last] += heads * one.share
    return load.reshape(len(region.meters), region.grid.slots, region.grid.slot_minutes).mean(axis=2)


seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=80, deadline=None)
@given(regions, seeds)
def test_load_is_the_average_over_each_slots_minutes(region: Region, seed: int):
    _, plan = random_plan(region, seed)
    np.testing.assert_allclose(load_by_slot(region, 0, plan), load_by_minute(region, plan), atol=1e-9)


@settings(max_examples=80, deadline=None)
@given(regions, seeds)
def test_the_optimizer_reckons_the_same_load(region: Region, seed: int):
    day_plan, plan = random_plan(region, seed)
    found = plan_load(build_problem(region, 0), day_plan)
    np.testing.assert_allclose(found, load_by_slot(region, 0, plan), atol=1e-9)


def test_only_the_date_asked_for_counts():
    region = region_of([session("mo"), session("tu", day="TU", heads=7)], days=2, capacity=100)
    plan = usual_plan(region)
    assert load_by_slot(region, 0, plan)[0, 96] == 30
    assert load_by_slot(region, 1, plan)[0, 96] == 7


def test_load_past_midnight_is_not_counted():
    """From 23:30 to 00:25, 30 heads: the quarter that stays counts until midnight and comes back nowhere."""
    region = region_of([session("late", start="23:30")], capacity=100)
    load = load_by_slot(region, 0, usual_plan(region))[0]
    assert load[281:288].tolist() == [30, 30, 30, 7.5, 7.5, 7.5, 7.5]
    assert not load[:281].any()


def test_load_before_midnight_of_the_day_before_is_not_counted():
    region = region_of([session("early", start="00:00")], capacity=100)
    load = load_by_slot(region, 0, usual_plan(region))[0]
    assert load[:3].tolist() == [30, 30, 7.5]
    assert load.sum() == 30 * 2 + 7.5 * 9


def test_a_platform_that_the_alternative_lacks_is_not_loaded():
    region = region_of([session("s", platforms="cned|ent")], capacity=100)
    assert not load_by_slot(region, 0, usual_plan(region)).any()
    assert load_by_slot(region, 0, changed(region, {}, {"s": 1}))[0, 96] == 30


def test_overload_is_what_lies_above_the_limit_times_minutes_and_nothing_where_unlimited():
    region = region_of([session("s")], slot_minutes=10)
    load, limit = np.array([[5.0, 12.5, 9.0, 40.0]]), np.array([[10.0, 10.0, 0.0, np.inf]])
    assert overload_minutes(region, load, limit) == (2.5 + 9.0) * 10


def test_the_objective_weighs_overload():
    assert Cost(shift=10.0, switch=5.0, overload=2.0, overload_weight=3.0).objective == 21.0


def test_moving_costs_heads_times_weight_times_minutes_and_more_for_moving_at_all():
    """30 heads, weight 2: 15 minutes and 4 for moving at all: 30 × 2 × 19, earlier or later alike."""
    rows = [session(key, weight=2.0) for key in ("later", "earlier", "still")]
    region = region_of(rows, move_minutes=4.0)
    moving, switching = placing_cost(region, moved(region, later=15, earlier=-15))
    assert moving.tolist() == [1140, 1140, 0]
    assert not switching.any()


@pytest.mark.parametrize(
    ("alternative", "charge"),
    [(0, 0), (1, 10), (2, 30), (3, 40), (4, 10)],
    ids=["usual", "ent", "async", "both", "more"],
)
def test_switching_is_charged_for_other_platforms_and_for_another_activity(alternative: int, charge: float):
    region = region_of([session("s", platforms="cned|ent|cned@async|ent@async|cned+ent")])
    assert switch_charge(region, int(region.activities.alternatives[0]), alternative) == charge
    _, switching = placing_cost(region, changed(region, {}, {"s": alternative}))
    assert switching.tolist() == [30 * charge]


def test_platforms_in_another_order_are_the_same_platforms():
    region = region_of([session("s", platforms="ent+cned|cned+ent@async")])
    assert switch_charge(region, 0, 1) == 30


def test_figures_of_a_day():
    """s1 moves 15 minutes (450), s2 is served by CNED (300), the window moves 20 (0.1 × 100 × 20 = 200).

    Before: 30 + 30 + 100 at 08:00. After: nobody; at 08:20, in the last slot of its burst, s1 has 30, the parents
    100: 10 too many for one slot.
    """
    region = region_of(
        [session("s1"), session("s2", platforms="ent|cned"), window("w", minutes=10)], capacity=120, days=2
    )
    plan = changed(region, {"s1": 15, "w": 20}, {"s2": 1})
    day = day_figures(region, 0, plan, usual_plan(region))
    assert (day.activities, day.moved, day.switched, day.largest_shift_minutes) == (3, 2, 1, 15)
    assert (day.cost.shift, day.cost.switch) == (650, 300)
    assert (day.before[0, 96], day.after[0, 96], day.after[0, 100]) == (160, 0, 130)
    assert day.cost.overload == (130 - 120) * 5
    assert day.cost.objective == 650 + 300 + 10 * 50
    assert day.status == "overloaded"
    assert set(day.capacity.ravel()) == set(day.limit.ravel()) == {120}


@pytest.mark.parametrize(("overload", "status"), [(0.001, "within_limits"), (0.0011, "overloaded")])
def test_status_forgives_a_thousandth_of_a_connection_minute(overload: float, status: str):
    region = region_of([session("s")])
    day = day_figures(region, 0, usual_plan(region), usual_plan(region))
    assert replace(day, cost=Cost(0.0, 0.0, overload, 10.0)).status == status


def test_figures_are_of_the_dates_with_activities():
    region = region_of([session("mo"), session("we", day="WE")], days=5)
    assert [day.day for day in figures(region, usual_plan(region), usual_plan(region))] == [0, 2]


def test_a_date_that_only_the_plan_knows_has_figures_too():
    """A faulty plan is looked at as well: its dates are not dropped in silence."""
    region = region_of([session("mo")], days=2)
    extra = Plan(*(np.array([value], dtype=kind) for value, kind in ((0, "i4"), (1, "i2"), (480, "i2"), (0, "i2"))))
    found = figures(region, joined([usual_plan(region), extra]), usual_plan(region))
    assert [day.day for day in found] == [0, 1]
