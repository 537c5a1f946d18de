"""The problem of a date: bounds, distances and ties against a plain reading of CONTRACT section 3."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import MONDAY, minute, moved, region_of, session, window
from hypothesis import given, settings
from hypothesis import strategies as st
from random_timetables import regions

from scheduler.domain.audit import audit
from scheduler.domain.load import placing_cost
from scheduler.domain.places import Lunch
from scheduler.domain.plan import Plan, usual_plan
from scheduler.domain.problem import DayPlan, Problem, build_problem, kept_gap, place_plan, take_plan, usual_day
from scheduler.domain.sharers import sharers
from scheduler.domain.timetable import UNBOUNDED
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.pricing import activity_costs

if TYPE_CHECKING:
    from scheduler.domain.region import Region

seeds = st.integers(0, 2**32 - 1)


def problem_of(*rows, **options) -> Problem:
    return build_problem(region_of(rows, **options), 0)


def random_plan(problem: Problem, draw: np.random.Generator) -> DayPlan:
    """Give a plan that may keep or break any rule: all moved alike, but for a few."""
    shift = np.full(len(problem), draw.choice([0, 0, 1, -1, 2]))
    some = draw.random(len(problem)) < draw.choice([0.0, 0.2, 0.5])
    shift[some] += draw.integers(-3, 4, size=np.count_nonzero(some))
    ways = np.diff(problem.alternative_start)
    return DayPlan(shift.astype(np.int32), (draw.integers(4, size=len(problem)) % ways).astype(np.int32))


def allowed(region: Region, row: int, start: int) -> bool:
    """Say rule 2 of one activity and start, as the contract does."""
    activities, grid = region.activities, region.grid
    usual, end = int(activities.start[row]), start + int(activities.minutes[row])
    earliest, latest = int(activities.earliest[row]), int(activities.latest[row])
    if activities.window[row]:
        last = grid.day_end if latest == UNBOUNDED else min(grid.day_end, latest)
        return max(grid.day_start, earliest) <= start and end <= last
    if activities.locked[row]:
        return start == usual
    return (
        start >= grid.day_start
        and end <= grid.day_end
        and (earliest == UNBOUNDED or start >= earliest)
        and (latest == UNBOUNDED or start <= latest)
        and abs(start - usual) <= region.policy.max_shift_minutes
    )


# Laws


@settings(max_examples=100, deadline=None)
@given(regions)
def test_shifts_between_low_and_high_are_the_allowed_ones(region: Region):
    problem, slot = build_problem(region, 0), region.grid.slot_minutes
    for row, low, high in zip(problem.row, problem.low, problem.high, strict=True):
        usual = int(region.activities.start[row])
        by_rule = [shift for shift in range(-150, 151) if allowed(region, row, usual + shift * slot)]
        assert by_rule == list(range(low, high + 1))


@settings(max_examples=100, deadline=None)
@given(regions)
def test_the_usual_timetable_is_always_a_plan(region: Region):
    """CONTRACT section 3, rule 7; and so no distance is positive."""
    problem = build_problem(region, 0)
    assert keeps_rules(problem, usual_day(problem))
    assert (problem.distance <= 0).all()


@settings(max_examples=100, deadline=None)
@given(regions)
def test_a_distance_is_the_least_shift_that_leaves_the_kept_gap(region: Region):
    problem, slot, activities = build_problem(region, 0), region.grid.slot_minutes, region.activities
    for before, after, distance in zip(problem.before, problem.after, problem.distance, strict=True):
        one, other = problem.row[before], problem.row[after]
        end, start = int(activities.start[one]) + int(activities.minutes[one]), int(activities.start[other])
        kept = int(kept_gap(region, np.array([end], np.int32), np.array([start], np.int32))[0])
        assert start + distance * slot - end >= kept
        assert start + (distance - 1) * slot - end < kept


@settings(max_examples=100, deadline=None)
@given(regions)
def test_swapped_is_the_least_shift_that_leaves_the_kept_gap_in_the_other_order(region: Region):
    problem, slot, activities = build_problem(region, 0), region.grid.slot_minutes, region.activities
    for before, after, swapped in zip(problem.before, problem.after, problem.swapped, strict=True):
        one, other = problem.row[before], problem.row[after]
        gap = [int(activities.start[one]) + int(activities.minutes[one]), int(activities.start[other])]
        kept = int(kept_gap(region, *(np.array([minute], np.int32) for minute in gap))[0])
        end = int(activities.start[other]) + int(activities.minutes[other])
        assert int(activities.start[one]) + int(swapped) * slot - end >= kept
        assert int(activities.start[one]) + int(swapped - 1) * slot - end < kept


@settings(max_examples=100, deadline=None)
@given(regions)
def test_each_pair_of_sharers_has_a_distance_or_is_tied_and_warned_of(region: Region):
    problem = build_problem(region, 0)
    found = sharers(region.activities, region.presence.rows(MONDAY), region.disjoint_parts)
    pairs = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
    apart = [pair for pair, over in zip(pairs, found.overlap, strict=True) if not over]
    over = [pair for pair, over in zip(pairs, found.overlap, strict=True) if over]
    assert list(zip(problem.before.tolist(), problem.after.tolist(), strict=True)) == apart
    assert set(over) <= set(zip(problem.tied.tolist(), problem.tied_to.tolist(), strict=True))
    assert problem.overlapping.tolist() == [[problem.row[first], problem.row[second]] for first, second in over]


@settings(max_examples=150, deadline=None)
@given(regions, seeds)
def test_a_plan_keeps_the_problems_rules_exactly_where_the_audit_finds_no_fault(region: Region, seed: int):
    """Neither too loose nor too strict: the audit reads the rules anew and shares no line with the problem."""
    problem, draw = build_problem(region, 0), np.random.default_rng(seed)
    for _ in range(8):
        plan = random_plan(problem, draw)
        ways = np.diff(problem.alternative_start)
        assert (plan.alternative < ways).all()
        faults = audit(region, place_plan(problem, region.activities, plan))
        assert keeps_rules(problem, plan) == (faults == []), [str(fault) for fault in faults]
        freely = audit(region, place_plan(problem, region.activities, plan), order_kept=False)
        assert keeps_rules(problem, plan, order_kept=False) == (freely == []), [str(fault) for fault in freely]


@settings(max_examples=60, deadline=None)
@given(regions, seeds)
def test_costs_are_those_of_the_region(region: Region, seed: int):
    problem = build_problem(region, 0)
    plan = random_plan(problem, np.random.default_rng(seed))
    moving, switching = placing_cost(region, place_plan(problem, region.activities, plan))
    np.testing.assert_allclose(activity_costs(problem, plan), moving + switching)


@settings(max_examples=60, deadline=None)
@given(regions, seeds)
def test_take_plan_reads_what_place_plan_wrote(region: Region, seed: int):
    problem = build_problem(region, 0)
    plan = random_plan(problem, np.random.default_rng(seed))
    again = take_plan(problem, region.activities, place_plan(problem, region.activities, plan))
    assert again.shift.tolist() == plan.shift.tolist()
    assert again.alternative.tolist() == plan.alternative.tolist()


# By hand


def test_a_former_plan_counts_where_it_speaks_of_this_date_and_else_as_usual():
    """It knows s2 only, and another date's s3; the row of an activity that no longer takes place is passed over."""
    region = region_of([session("s1"), session("s2"), session("tu", day="TU"), session("s3")], days=8)
    former = moved(region, s2=10, s3=15, tu=5)
    some = Plan(*(column[[1, 3, 5]] for column in (former.row, former.day, former.start, former.alternative)))
    foreign = Plan(
        np.append(some.row, 2).astype(np.int32),
        np.append(some.day, 0).astype(np.int16),
        np.append(some.start, 485).astype(np.int16),
        np.append(some.alternative, 0).astype(np.int16),
    )
    problem = build_problem(region, 0)
    assert take_plan(problem, region.activities, foreign).shift.tolist() == [0, 2, 0]


def test_of_an_empty_plan_nothing_is_taken():
    region = region_of([session("s", day="TU")], days=2)
    problem = build_problem(region, 0)
    assert len(problem) == 0
    assert len(take_plan(problem, region.activities, usual_plan(region)).shift) == 0


def test_numbers_of_a_problem():
    """30 heads, weight 2, slots of 5: 300 a slot; move_minutes 4: 240; a connection over the limit: 0.5 × 5."""
    problem = problem_of(
        session("s", start="08:07", heads=30, weight=2.0),
        window("w", school=""),
        capacity=80,
        target_utilisation=0.75,
        overload_weight=0.5,
        move_minutes=4.0,
    )
    assert problem.slot_cost.tolist() == [300, 50]
    assert problem.move_cost.tolist() == [240, 40]
    assert problem.overload_price == 2.5
    assert problem.usual_slot.tolist() == [97, 96]
    assert problem.school.tolist() == [0, -1]
    assert problem.window.tolist() == [False, True]
    assert set(problem.capacity.ravel()) == {80}
    assert set(problem.limit.ravel()) == {60}
    assert problem.slots == 288


@pytest.mark.parametrize(
    ("cells", "bounds"),
    [
        ({}, (-6, 12)),
        ({"start": "08:03"}, (-6, 12)),
        ({"start": "17:30"}, (-12, 7)),
        ({"earliest": "07:51"}, (-1, 12)),
        ({"latest": "08:09"}, (-6, 1)),
        ({"locked": True}, (0, 0)),
        ({"minutes": 600, "latest": "18:00"}, (-6, 12)),
    ],
    ids=["day-start", "off-the-grid", "day-end", "earliest", "latest-is-of-the-start", "locked", "long"],
)
def test_bounds_of_a_session(cells: dict, bounds: tuple[int, int]):
    problem = problem_of(session("s", **cells))
    assert (problem.low[0], problem.high[0]) == bounds


@pytest.mark.parametrize(
    ("cells", "bounds"),
    [({}, (-6, 120)), ({"earliest": "08:00", "latest": "09:31"}, (0, 6)), ({"latest": "09:00"}, (-6, 0))],
    ids=["the-day", "latest-is-of-the-end", "no-room"],
)
def test_bounds_of_a_window_know_no_largest_shift(cells: dict, bounds: tuple[int, int]):
    problem = problem_of(window("w", **cells), max_shift_minutes=0)
    assert (problem.low[0], problem.high[0]) == bounds


@pytest.mark.parametrize(
    ("end", "start", "kept"),
    [
        ("08:55", "09:00", 5),
        ("08:55", "09:20", 5),
        ("08:55", "08:58", 3),
        ("08:55", "08:55", 0),
        ("12:00", "12:44", 5),
        ("12:00", "12:45", 45),
        ("10:00", "11:30", 5),
        ("10:00", "11:31", 45),
        ("13:59", "15:00", 45),
        ("14:00", "15:00", 5),
        ("11:00", "15:00", 45),
    ],
)
def test_kept_gap(end: str, start: str, kept: int):
    region = region_of([session("s")])
    assert kept_gap(region, np.array([minute(end)], np.int32), np.array([minute(start)], np.int32)).tolist() == [kept]


def test_kept_gap_with_another_break_and_lunch():
    region = region_of([session("s")], break_minutes=10, lunch=Lunch(minute("12:00"), minute("13:00"), 60))
    ends, starts = np.array([540, 540, 720], np.int32), np.array([547, 600, 780], np.int32)
    assert kept_gap(region, ends, starts).tolist() == [7, 10, 60]


@pytest.mark.parametrize(
    ("mode", "sets"),
    [
        ("session", [{0}, {1}, {2}, {3}, {4}, {5}, {6}]),
        ("half-day", [{0, 1, 3}, {2}, {4}, {5}, {6}]),
        ("day", [{0, 1, 2, 3}, {4}, {5}, {6}]),
        ("school", [{0, 1, 2, 3, 4}, {5}, {6}]),
    ],
)
def test_what_moves_together(mode: str, sets: list[set[int]]):
    """6A at 8, 6A|6B at 10, 6A/latin at 12:30, 6B at 12:29; no groups; locked 6A; another school's 6A."""
    problem = problem_of(
        session("0", groups="6A"),
        session("1", groups="6A|6B", start="10:00"),
        session("2", groups="6A/latin", start="12:30", minutes=20),
        session("3", groups="6B", start="12:29", minutes=20),
        session("4", start="15:00"),
        session("5", groups="6A", start="16:00", locked=True),
        session("6", groups="6A", school="B"),
        move_together=mode,
    )
    number = list(range(len(problem)))
    for one, other in zip(problem.tied.tolist(), problem.tied_to.tolist(), strict=True):
        number = [number[one] if at == number[other] else at for at in number]
    assert [{at for at in range(len(problem)) if number[at] == one} for one in dict.fromkeys(number)] == sets


def test_alternatives_with_what_they_cost_and_load():
    """Switching costs 2 minutes, another activity 3, for 10 heads; a locked session has its usual alternative only."""
    problem = problem_of(
        session("s", platforms="ent|cned|cned@async2|ent@async", heads=10),
        session("t", platforms="ent|cned", heads=10, locked=True),
        session("u", platforms=""),
        capacity=100,
        switch_minutes=2.0,
        activity_minutes=3.0,
    )
    assert np.diff(problem.alternative_start).tolist() == [4, 1, 1]
    assert problem.alternative_cost.tolist() == [0, 20, 50, 30, 0, 0]
    pieces = np.diff(problem.profiles.piece_start)[problem.alternative_profile]
    assert pieces.tolist() == [1, 0, 0, 1, 1, 0], "only the ENT is limited"
    assert problem.alternative_profile[0] == problem.alternative_profile[4], "alike, so one profile"


def test_a_profile_is_what_one_head_asks_from_the_slot_of_its_start():
    problem = problem_of(session("s", minutes=20), capacity=100)
    assert problem.profiles.first_slot.tolist() == [-1]
    assert problem.profiles.values.tolist() == [1, 1, 1, 0.25, 0.25]
    assert len(problem.profiles) == 1


def test_without_a_limited_meter_there_is_nothing_to_load():
    problem = problem_of(session("s"))
    assert problem.limit.shape == (0, 288)
    assert len(problem.profiles.meter) == 0
