"""A former plan to compare with: what counts of it, and what a plan costs against it (CONTRACT section 4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from builders import MONDAY, TUESDAY, changed, moved, region_of, session, window
from hypothesis import given, settings
from hypothesis import strategies as st
from random_references import random_reference
from random_timetables import regions

from scheduler.domain.calendar import Calendar, Closure
from scheduler.domain.load import figures, placing_cost, switch_charge
from scheduler.domain.outcome import DayProof, Outcome
from scheduler.domain.plan import Plan, joined, usual_plan
from scheduler.domain.problem import DayPlan, build_problem, place_plan, reference_day
from scheduler.domain.reference import Reference, changes
from scheduler.domain.verdict import school_moves, tally
from scheduler.optimizer.pricing import activity_costs


def as_rows(plan: Plan) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in vars(plan).values()), strict=True))


def two_days(**options):
    rows = [session("s1", platforms="ent|ent@async"), session("s2", day="TU"), window("w", school="", day="TU")]
    return region_of(rows, days=2, capacity=100, **options)


def test_only_what_differs_from_the_usual_timetable_is_kept_by_day_and_row():
    region = two_days()
    plan = changed(region, {"w": 15, "s1": -5}, {"s1": 1})
    turned = Plan(*(column[::-1] for column in vars(plan).values()))
    assert as_rows(Reference.of(region, turned).plan) == [(0, 0, 475, 1), (2, 1, 495, 0)]
    assert len(Reference.of(region, usual_plan(region)).plan) == 0


def test_another_alternative_alone_differs():
    region = two_days()
    assert as_rows(Reference.of(region, changed(region, {}, {"s1": 1})).plan) == [(0, 0, 480, 1)]


def test_the_first_of_two_elements_counts_even_where_it_is_as_usual():
    region = two_days()
    doubled = joined([usual_plan(region), moved(region, s1=5)])
    assert len(Reference.of(region, doubled).plan) == 0


def test_what_does_not_take_place_any_more_is_left_out():
    region = two_days()
    closed = replace(region, calendar=Calendar(closures=(Closure("A", TUESDAY, TUESDAY),)))
    plan = moved(region, s1=5, s2=5)
    assert as_rows(Reference.of(closed, plan).plan) == [(0, 0, 485, 0)]


def test_what_it_lacks_is_compared_with_the_usual_timetable():
    region = two_days()
    reference = Reference.of(region, changed(region, {"s2": 10}, {"s1": 1}))
    minutes, alternative = changes(region, moved(region, s1=5, s2=5, w=5), reference)
    assert (minutes.tolist(), alternative.tolist()) == ([5, -5, 5], [1, 0, 0])
    minutes, alternative = changes(region, moved(region, s1=5, s2=5, w=5))
    assert (minutes.tolist(), alternative.tolist()) == ([5, 5, 5], [0, 0, 0])


def test_moving_costs_by_the_distance_from_the_former_start():
    """30 heads of weight 2; from 08:10 to 07:55: 15 minutes and 4 for moving at all; staying at 08:10: nothing."""
    region = region_of([session("goes", weight=2.0), session("stays", weight=2.0)], move_minutes=4.0)
    reference = Reference.of(region, moved(region, goes=10, stays=10))
    moving, switching = placing_cost(region, moved(region, goes=-5, stays=10), reference)
    assert moving.tolist() == [30 * 2 * 19, 0]
    assert not switching.any()


@pytest.mark.parametrize(
    ("former", "now", "charge"),
    [(1, 1, 0), (1, 0, 10), (1, 2, 30), (2, 1, 30), (2, 0, 40), (3, 0, 30), (3, 1, 40), (0, 3, 30)],
)
def test_switching_costs_by_what_differs_from_the_former_alternative(former: int, now: int, charge: int):
    """Other platforms cost 10 a head, another activity 30; whether it is the usual alternative does not matter."""
    region = region_of([session("s", platforms="ent+cned|ent|ent@async|cned+ent@async")])
    assert switch_charge(region, 0, now, former) == charge
    reference = Reference.of(region, changed(region, {}, {"s": former}))
    _, switching = placing_cost(region, changed(region, {}, {"s": now}), reference)
    assert switching.tolist() == [30 * charge]


def test_figures_and_the_tally_count_against_the_former_plan():
    region = two_days()
    former = changed(region, {"s1": 10, "s2": 20}, {"s1": 1})
    plan = changed(region, {"s1": 10, "s2": 15, "w": 60}, {})
    reference = Reference.of(region, former)
    monday, tuesday = figures(region, plan, usual_plan(region), reference)
    assert (monday.moved, monday.switched, monday.largest_shift_minutes) == (0, 1, 0)
    assert (tuesday.moved, tuesday.switched, tuesday.largest_shift_minutes) == (2, 0, 5)
    assert (monday.cost.shift, monday.cost.switch) == (0, 30 * 30)
    assert tuesday.cost.shift == 30 * 5 + 100 * 60 * 0.1
    plain = figures(region, plan, usual_plan(region))
    assert [day.before.tolist() for day in (monday, tuesday)] == [day.before.tolist() for day in plain]
    proofs = tuple(DayProof(day, 0.0, np.zeros((1, 288))) for day in range(2))
    outcome = Outcome(plan, proofs, "gap", 0, reference=reference)
    total = tally(region, outcome, (monday, tuesday))
    assert (total.sessions_moved, total.mean_shift_minutes, total.moved) == (1, 5, 2)
    assert total.against_former
    (school,) = school_moves(region, outcome, 5)
    assert (school.moved, school.largest_shift_minutes) == (1, 5)


def test_a_problem_has_the_former_shift_in_slots_even_outside_bounds_and_between_slots():
    region = region_of([session("far", locked=True), session("between"), session("usual")])
    plan = moved(region, far=90, between=7)
    problem = build_problem(region, 0, Reference.of(region, plan))
    assert problem.reference.tolist() == [18, 1.4, 0]
    assert not problem.compares_with_usual
    assert reference_day(problem) is None
    whole = build_problem(region, 0, Reference.of(region, moved(region, far=90, between=-10)))
    assert reference_day(whole).shift.tolist() == [18, -2, 0]


def test_a_problem_without_a_reference_or_with_one_that_changes_nothing_compares_with_usual():
    region = region_of([session("s", platforms="ent|ent@async")])
    for reference in (None, Reference.of(region, usual_plan(region))):
        problem = build_problem(region, 0, reference)
        assert problem.compares_with_usual
        assert reference_day(problem) is None
        assert problem.alternative_cost.tolist() == [0, 900]
    other = build_problem(region, 0, Reference.of(region, changed(region, {}, {"s": 1})))
    assert not other.compares_with_usual
    assert other.alternative_cost.tolist() == [900, 0]


def test_a_reference_counts_on_its_own_date_only():
    region = region_of([session("s", day=(MONDAY + dt.timedelta(days=7 * week)).isoformat()) for week in range(2)])
    region = replace(region, grid=replace(region.grid, last_date=MONDAY + dt.timedelta(days=7)))
    usual = usual_plan(region)
    plan = replace(usual, start=(usual.start + 5 * (usual.day == 7)).astype(np.int16))
    reference = Reference.of(region, plan)
    assert [build_problem(region, day, reference).reference.tolist() for day in (0, 7)] == [[0], [1]]


@settings(max_examples=60, deadline=None)
@given(regions, st.integers(0, 2**32 - 1))
def test_the_optimizer_reckons_the_same_costs_against_any_reference(region, seed: int):
    draw = np.random.default_rng(seed)
    reference = random_reference(region, seed)
    problem = build_problem(region, 0, reference)
    shift = draw.integers(problem.low, problem.high + 1).astype(np.int32)
    plan = DayPlan(shift, draw.integers(np.diff(problem.alternative_start)).astype(np.int32))
    moving, switching = placing_cost(region, place_plan(problem, region.activities, plan), reference)
    np.testing.assert_allclose(activity_costs(problem, plan), moving + switching, atol=1e-9)
