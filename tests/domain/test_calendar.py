"""When schools teach at a distance, and in which week (CONTRACT section 2: periods, closures, weeks)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.calendar import WEEK_A, WEEK_B, Calendar, Closure, Period, Week
from scheduler.domain.grid import Grid
from scheduler.domain.places import School

MONDAY = dt.date(2021, 4, 5)  # ISO week 14: B
GRID = Grid(450, 1140, 5, "Europe/Paris", MONDAY, MONDAY + dt.timedelta(days=3))
SCHOOLS = (School("A", "A", "primary"), School("B", "B", "secondary"), School("C", "C"))
REGION = 3


def day(number: int) -> dt.date:
    """Give a date, counted from the first of the horizon."""
    return MONDAY + dt.timedelta(days=number)


def open_days(calendar: Calendar) -> list[str]:
    """Give the open dates of schools A, B, C and the region's audiences, as ``"0123"``."""
    return ["".join(str(at) for at in range(4) if row[at]) for row in calendar.open_dates(SCHOOLS, GRID)]


def test_without_periods_the_whole_horizon_is_taught():
    assert open_days(Calendar()) == ["0123"] * 4


def test_with_empty_periods_no_date_is_taught():
    assert open_days(Calendar(periods=())) == [""] * 4


def test_a_level_has_its_dates_and_the_regions_audiences_have_every_covered_date():
    periods = (Period("primary", day(0), day(1)), Period("secondary", day(2), day(2)))
    assert open_days(Calendar(periods=periods)) == ["01", "2", "", "012"]


def test_an_empty_level_is_every_level_and_the_only_one_for_a_school_without():
    periods = (Period("primary", day(0), day(0)), Period("", day(3), day(3)))
    assert open_days(Calendar(periods=periods)) == ["03", "3", "3", "03"]


def test_periods_and_closures_may_begin_before_and_end_after_the_horizon():
    calendar = Calendar(periods=(Period("", day(-9), day(9)),), closures=(Closure("A", day(-9), day(0)),))
    assert open_days(calendar) == ["123", "0123", "0123", "0123"]


@pytest.mark.parametrize("first", [-9, 4])
def test_what_lies_outside_the_horizon_does_not_count(first: int):
    calendar = Calendar(periods=(Period("", day(first), day(first + 2)),))
    assert open_days(calendar) == [""] * 4
    assert open_days(Calendar(closures=(Closure("", day(first), day(first + 2)),))) == ["0123"] * 4


def test_a_closure_of_a_school_is_its_own_and_an_empty_one_is_everybodys():
    closures = (Closure("B", day(1), day(1)), Closure("", day(3), day(3)))
    assert open_days(Calendar(closures=closures)) == ["012", "02", "012", "012"]


def test_a_closure_goes_before_a_period():
    calendar = Calendar(periods=(Period("", day(0), day(3)),), closures=(Closure("A", day(2), day(2)),))
    assert open_days(calendar)[0] == "013"


def letters(calendar: Calendar, *dates: dt.date) -> list[list[int]]:
    return calendar.letters(SCHOOLS, dates).tolist()


@given(st.dates(dt.date(2000, 1, 3), dt.date(2040, 1, 1)))
def test_odd_iso_weeks_are_a_and_even_ones_b(date: dt.date):
    expected = WEEK_A if date.isocalendar().week % 2 else WEEK_B
    assert letters(Calendar(), date) == [[expected]] * 4


def test_weeks_53_and_1_are_both_a():
    assert letters(Calendar(), dt.date(2020, 12, 31), dt.date(2021, 1, 1), dt.date(2021, 1, 4))[0] == [WEEK_A] * 3


def test_a_week_goes_from_monday_to_sunday():
    assert letters(Calendar(), day(-1), day(0), day(6), day(7))[REGION] == [WEEK_A, WEEK_B, WEEK_B, WEEK_A]


def test_a_row_of_a_monday_holds_for_the_whole_week_and_no_other():
    calendar = Calendar(weeks=(Week("", MONDAY, "A"),))
    assert letters(calendar, day(0), day(6), day(14))[REGION] == [WEEK_A, WEEK_A, WEEK_B]


@pytest.mark.parametrize("order", [1, -1])
def test_a_schools_row_goes_before_the_general_one_in_whatever_order(order: int):
    weeks = (Week("B", MONDAY, "B"), Week("", MONDAY, "A"))[::order]
    assert letters(Calendar(weeks=weeks), MONDAY) == [[WEEK_A], [WEEK_B], [WEEK_A], [WEEK_A]]
