"""Slots, minutes and local time, the two nights of the year included."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.grid import Grid, clock, monday_of

MONDAY = dt.date(2021, 4, 5)


def grid(slot_minutes: int = 5, timezone: str = "Europe/Paris", days: int = 5) -> Grid:
    return Grid(450, 1140, slot_minutes, timezone, MONDAY, MONDAY + dt.timedelta(days=days - 1))


@pytest.mark.parametrize(("slot_minutes", "slots"), [(5, 288), (10, 144), (15, 96)])
def test_slots_divide_the_whole_date(slot_minutes: int, slots: int):
    assert grid(slot_minutes).slots == slots


@pytest.mark.parametrize(("slot_minutes", "first", "last"), [(5, 90, 227), (10, 45, 113), (15, 30, 75)])
def test_day_slots_are_those_from_07_30_to_19_00(slot_minutes: int, first: int, last: int):
    slots = grid(slot_minutes).day_slots
    assert (slots[0], slots[-1]) == (first, last)


def test_both_ends_of_the_horizon_are_dates_of_it():
    assert grid(days=3).dates == (MONDAY, dt.date(2021, 4, 6), dt.date(2021, 4, 7))
    assert grid(days=1).dates == (MONDAY,)


@pytest.mark.parametrize(
    ("date", "minute", "local"),
    [
        ("2021-04-06", 480, "2021-04-06T08:00:00+02:00"),
        ("2021-01-06", 480, "2021-01-06T08:00:00+01:00"),
        ("2021-04-06", 0, "2021-04-06T00:00:00+02:00"),
        ("2021-04-06", 1440, "2021-04-07T00:00:00+02:00"),
        ("2021-03-28", 119, "2021-03-28T01:59:00+01:00"),
        ("2021-03-28", 150, "2021-03-28T02:30:00+01:00"),
        ("2021-03-28", 180, "2021-03-28T03:00:00+02:00"),
        ("2021-03-27", 1440, "2021-03-28T00:00:00+01:00"),
        ("2021-03-28", 1440, "2021-03-29T00:00:00+02:00"),
        ("2021-10-31", 119, "2021-10-31T01:59:00+02:00"),
        ("2021-10-31", 150, "2021-10-31T02:30:00+02:00"),
        ("2021-10-31", 180, "2021-10-31T03:00:00+01:00"),
        ("2021-10-31", 1440, "2021-11-01T00:00:00+01:00"),
    ],
    ids=[
        "summer",
        "winter",
        "midnight-before",
        "midnight-after",
        "spring-before-the-gap",
        "spring-in-the-gap-counts-as-before",
        "spring-after-the-gap",
        "midnight-before-spring",
        "midnight-after-spring",
        "autumn-before-the-hour-that-comes-twice",
        "autumn-the-first-of-the-two",
        "autumn-after-it",
        "midnight-after-autumn",
    ],
)
def test_local_time(date: str, minute: int, local: str):
    assert grid().local(dt.date.fromisoformat(date), minute).isoformat() == local


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2037, 12, 30)),
    st.integers(0, 1440),
    st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Cayenne"]),
)
def test_local_time_shows_the_minute_on_the_wall(date: dt.date, minute: int, timezone: str):
    moment = grid(timezone=timezone).local(date, minute)
    assert moment.tzinfo is not None
    assert moment.replace(tzinfo=None) == dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minute)


@pytest.mark.parametrize(("minute", "text"), [(0, "00:00"), (485, "08:05"), (1439, "23:59"), (1440, "24:00")])
def test_clock(minute: int, text: str):
    assert clock(minute) == text


@given(st.dates(dt.date(1, 1, 8)))
def test_monday_of_is_a_monday_at_most_six_days_before(date: dt.date):
    monday = monday_of(date)
    assert monday.weekday() == 0
    assert 0 <= (date - monday).days <= 6
