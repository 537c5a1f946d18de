"""Each hard rule: a plan that keeps it passes, a plan that breaks exactly it gives exactly that violation."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from builders import changed, moved, region_of, session, window

from scheduler.domain.audit import audit
from scheduler.domain.plan import Plan, joined, usual_plan


def said(region, plan, **options) -> list[str]:
    return [str(sentence) for sentence in audit(region, plan, **options)]


def only(region, plan, **options) -> str:
    """Give the one violation there is."""
    (sentence,) = said(region, plan, **options)
    return sentence


# Rule 1


def test_usual_timetable_is_a_plan():
    region = region_of(
        [session("s1", groups="6A"), session("s2", groups="6A", start="09:00"), window("w")], days=5, capacity=10
    )
    assert said(region, usual_plan(region)) == []


def test_missing_activity_is_named():
    region = region_of([session("s1"), session("s2")])
    plan = usual_plan(region)
    kept = Plan(plan.row[:1], plan.day[:1], plan.start[:1], plan.alternative[:1])
    assert only(region, kept) == "School A, 2021-04-05, session s2: has no start."


def test_activity_placed_twice_is_named():
    region = region_of([session("s1")])
    plan = usual_plan(region)
    assert only(region, joined([plan, plan])) == "School A, 2021-04-05, session s1: has more than one start."


def test_activity_of_another_date_is_named():
    region = region_of([session("s1"), session("s2", day="TU")], days=2)
    plan = usual_plan(region)
    on_monday = Plan(plan.row, np.zeros(2, dtype=np.int16), plan.start, plan.alternative)
    assert said(region, on_monday) == [
        "School A, 2021-04-05, session s2: has a start, but does not take place.",
        "School A, 2021-04-06, session s2: has no start.",
    ]


@pytest.mark.parametrize("day", [-1, 1])
def test_start_outside_the_horizon_is_named(day):
    region = region_of([session("s1")])
    plan = usual_plan(region)
    outside = Plan(plan.row, plan.day + np.int16(day), plan.start, plan.alternative)
    assert (
        said(region, joined([plan, outside]))[0]
        == "School A, outside the horizon, session s1: the plan gives it a start there."
    )


@pytest.mark.parametrize("row", [-1, 7])
def test_row_that_the_region_lacks_is_named(row):
    region = region_of([session("s1")])
    plan = usual_plan(region)
    stranger = Plan(np.array([row], dtype=np.int32), plan.day, plan.start, plan.alternative)
    assert "which the region does not have" in only(region, joined([plan, stranger]))


def test_start_between_slots_is_named():
    region = region_of([session("s1", start="08:03")])
    assert said(region, moved(region, s1=5)) == []
    assert "starts at 08:10, 7 minutes from its usual start" in only(region, moved(region, s1=7))


# Rule 2


def test_locked_session_stays():
    region = region_of([session("s1", locked=True, platforms="ent|ent@async")])
    assert "is locked, but starts at 08:05 instead of 08:00" in only(region, moved(region, s1=5))
    assert "is locked, but is not served as usual" in only(region, changed(region, {}, {"s1": 1}))


@pytest.mark.parametrize(
    ("cells", "allowed", "refused", "words"),
    [
        ({}, 60, 65, "65 minutes from its usual start; at most 60 are allowed"),
        ({}, -30, -35, "starts too early at 07:25; the day begins at 07:30"),
        ({"start": "17:30"}, 35, 40, "from 18:10 to 19:05; the day ends at 19:00"),
        ({"earliest": "07:50"}, -10, -15, "starts too early at 07:45; its earliest start is 07:50"),
        ({"latest": "08:10"}, 10, 15, "from 08:15 to 09:10; its latest start is 08:10"),
    ],
)
def test_session_keeps_its_bounds(cells, allowed, refused, words):
    region = region_of([session("s1", **cells)])
    assert said(region, moved(region, s1=allowed)) == []
    assert words in only(region, moved(region, s1=refused))


def test_window_moves_anywhere_in_its_bounds():
    region = region_of([window("w", start="08:00", earliest="08:00", latest="18:00", minutes=60)], max_shift_minutes=30)
    assert said(region, moved(region, w=540)) == []
    assert "from 17:05 to 18:05; its latest end is 18:00" in only(region, moved(region, w=545))
    assert "its earliest start is 08:00" in only(region, moved(region, w=-5))


# Rule 3


@pytest.mark.parametrize("alternative", [-1, 2])
def test_alternative_that_an_activity_lacks_is_named(alternative):
    region = region_of([session("s1", platforms="ent|cned"), window("w", platforms="ent|cned")])
    assert said(region, changed(region, {}, {"s1": 1, "w": 1})) == []
    assert "it has 2" in only(region, changed(region, {}, {"w": alternative}))


# Rule 5


def test_overlapping_sharers_keep_their_distance():
    region = region_of([session("s1", teachers="X"), session("s2", teachers="X", start="08:30")])
    assert said(region, moved(region, s1=5, s2=5)) == []
    sentence = only(region, moved(region, s2=30))
    assert "is shifted by 30 minutes, and session s1 by 0" in sentence
    assert only(region, moved(region, s2=60), order_kept=False)


def test_sharers_that_start_together_keep_their_distance():
    region = region_of([session("s1", room="R"), session("s2", room="R")])
    assert said(region, moved(region, s1=10, s2=10)) == []
    assert "room R" in only(region, moved(region, s1=10))


# Rule 6


def test_division_moves_together():
    rows = [session("s1", groups="6A"), session("s2", groups="6A", start="10:00"), session("s3", groups="6B")]
    region = region_of(rows, move_together="day")
    assert said(region, moved(region, s1=5, s2=5, s3=-5)) == []
    sentence = only(region, moved(region, s2=5))
    assert sentence == (
        "School A, 2021-04-05, session s2: is shifted by 5 minutes, while division 6A moves by 0 minutes that day."
    )


def test_part_moves_with_its_division():
    rows = [session("s1", groups="6A"), session("s2", groups="6A/latin", start="10:00")]
    assert only(region_of(rows, move_together="day"), moved(region_of(rows), s2=5))


def test_session_of_two_divisions_ties_them():
    rows = [
        session("s1", groups="6A"),
        session("s2", groups="6B"),
        session("both", groups="6A|6B", start="10:00"),
    ]
    region = region_of(rows, move_together="day")
    assert said(region, moved(region, s1=5, s2=5, both=5)) == []
    assert "division 6B" in only(region, moved(region, s1=5, both=5))
    free = region_of(rows[:2], move_together="day")
    assert said(free, moved(free, s1=5)) == []


def test_half_days_are_told_apart_at_half_past_twelve():
    rows = [
        session("s1", groups="6A"),
        session("s2", groups="6A", start="12:25", minutes=30),
        session("s3", groups="6A", start="15:00"),
    ]
    region = region_of(rows, move_together="half-day")
    assert said(region, moved(region, s1=5, s2=5)) == []
    assert "that morning" in only(region, moved(region, s2=5))
    rows[1] = session("s2", groups="6A", start="12:30", minutes=30)
    region = region_of(rows, move_together="half-day")
    assert said(region, moved(region, s2=5, s3=5)) == []
    assert "that afternoon" in only(region, moved(region, s3=5))


def test_school_moves_together_with_sessions_without_groups_and_without_windows():
    rows = [session("s1"), session("s2", groups="6A"), session("s3"), session("b", school="B"), window("w")]
    region = region_of(rows, move_together="school")
    assert said(region, moved(region, s1=5, s2=5, s3=5, w=60)) == []
    assert "the school moves by 0 minutes that day" in only(region, moved(region, s1=5))


def test_locked_session_is_left_out_of_moving_together():
    rows = [session("s1", groups="6A"), session("s2", groups="6A", start="10:00", locked=True)]
    for policy in ("day", "school"):
        region = region_of(rows, move_together=policy)
        assert said(region, moved(region, s1=5)) == []


# Size, and what is around


def test_dates_and_schools_are_told_apart():
    rows = [session("s1", teachers="X"), session("s2", teachers="X", start="09:00", day="TU")]
    region = region_of(rows, days=2)
    assert said(region, moved(region, s1=30)) == []


def test_flood_of_violations_is_summed_up():
    region = region_of([session(f"s{number}") for number in range(1200)])
    plan = moved(region, **{f"s{number}": 65 for number in range(1200)})
    sentences = said(region, plan)
    assert len(sentences) == 1001
    assert sentences[-1] == "And 200 more."


def test_order_of_the_plan_does_not_matter():
    region = region_of([session("s1", teachers="X"), session("s2", teachers="X", start="09:00")], days=8)
    plan = moved(region, s1=5)
    turned = Plan(plan.row[::-1], plan.day[::-1], plan.start[::-1], plan.alternative[::-1])
    assert sorted(said(region, turned)) == sorted(said(region, plan))
    assert len(said(region, turned)) == 2


def test_region_audience_is_named_as_such():
    region = region_of([session("s1"), window("w", school="")], first_date=dt.date(2021, 4, 5))
    assert only(region, moved(region, w=-60)).startswith("Region, 2021-04-05, access window w: starts too early")
