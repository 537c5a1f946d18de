"""What takes place on which date, and rows as values to look at (CONTRACT section 2)."""

from __future__ import annotations

import datetime as dt

import pytest
from builders import MONDAY, region_of, session, window

from scheduler.domain.calendar import Calendar, Closure, Week
from scheduler.domain.timetable import AccessWindow, Alternative, ClassSession


def present(region, number: int) -> list[str]:
    """Give the keys of what takes place on a date, counted from the first."""
    rows = region.presence.rows(MONDAY + dt.timedelta(days=number))
    return [region.activities.key_of(row) for row in rows]


def test_a_weekday_is_every_such_day_of_the_horizon():
    region = region_of([session("mo"), session("tu", day="TU")], days=9)
    assert [present(region, number) for number in (0, 1, 2, 7, 8)] == [["mo"], ["tu"], [], ["mo"], ["tu"]]


def test_a_date_is_that_date_alone():
    region = region_of([session("once", day="2021-04-12"), session("long-ago", day="2020-04-13")], days=15)
    assert [number for number in range(15) if present(region, number)] == [7]


def test_a_and_b_alternate_and_no_letter_is_every_week():
    region = region_of([session("a", weeks="A"), session("b", weeks="B"), session("every")], days=15)
    assert [present(region, number) for number in (0, 7, 14)] == [["b", "every"], ["a", "every"], ["b", "every"]]


def test_of_a_date_with_weeks_both_must_hold():
    rows = [session("b", day="2021-04-05", weeks="B"), session("a", day="2021-04-05", weeks="A")]
    assert present(region_of(rows), 0) == ["b"]


def test_each_school_follows_its_own_weeks_and_closures_and_the_region_the_general_ones():
    rows = [
        session("s", school="A", weeks="A"),
        session("t", school="B", weeks="A"),
        window("w", school="A"),
        window("u", school="", weeks="B"),
    ]
    calendar = Calendar(weeks=(Week("A", MONDAY, "A"),), closures=(Closure("B", MONDAY, MONDAY),))
    assert present(region_of(rows, calendar=calendar), 0) == ["s", "w", "u"]


def test_a_general_closure_closes_the_regions_audiences_too():
    calendar = Calendar(closures=(Closure("", MONDAY, MONDAY),))
    assert present(region_of([session("s"), window("w", school="")], calendar=calendar), 0) == []


def test_rows_come_in_their_own_order():
    region = region_of([session(f"s{at}") for at in range(5)])
    assert region.presence.rows(MONDAY).tolist() == [0, 1, 2, 3, 4]


def test_describe_gives_a_session_as_written():
    cells = {"day": "2021-04-06", "weeks": "B", "groups": "6A|6B", "teachers": "Rhin", "room": "B12"}
    region = region_of([session("s", earliest="07:45", platforms="ent|ent@async", locked=True, **cells)])
    assert region.activities.describe(0) == ClassSession(
        school="A",
        key="s",
        day="2021-04-06",
        week="B",
        start=480,
        minutes=55,
        groups=("6A", "6B"),
        teachers=("Rhin",),
        room="B12",
        subject="",
        heads=30,
        alternatives=(Alternative(("ent",), "live", "ent"), Alternative(("ent",), "async", "ent@async")),
        locked=True,
        earliest=465,
        latest=None,
        weight=1.0,
        link="",
    )


def test_describe_gives_a_window_as_written():
    region = region_of([window("w", school="", day="FR", latest="18:30")])
    assert region.activities.describe(0) == AccessWindow(
        school="",
        key="w",
        audience="parents",
        day="FR",
        week="",
        start=480,
        minutes=60,
        heads=100,
        alternatives=(Alternative(("ent",), "browse", "ent"),),
        earliest=None,
        latest=1110,
        weight=0.1,
    )


def test_keys_and_alternatives_of_a_row():
    activities = region_of([session("s", platforms="cned|ent"), window("w", school="")]).activities
    assert len(activities) == 2
    assert [activities.school_key(row) for row in (0, 1)] == ["A", ""]
    assert [way.text for way in activities.alternatives_of(0)] == ["cned", "ent"]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Alternative(("bbb", "ent"), "live", "bbb+ent"), True),
        (Alternative(("ent", "bbb"), "async", "ent+bbb@async"), False),
        (Alternative(("ent",), "live", "ent"), False),
    ],
)
def test_alternatives_mean_the_same_if_they_load_the_same(other: Alternative, same: bool):
    assert Alternative(("ent", "bbb"), "live", "ent+bbb").means_the_same_as(other) is same
