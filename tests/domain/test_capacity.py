"""Capacity entries to capacity per slot, against a reckoning minute by minute (CONTRACT section 2, capacity.csv)."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.capacity import CapacityEntry, capacity_by_slot, limited_meters
from scheduler.domain.grid import Grid

DATE = dt.date(2021, 4, 6)
MIDNIGHT = dt.datetime(2021, 4, 6)  # noqa: DTZ001 - capacity.csv holds local wall-clock times


def grid(slot_minutes: int = 5) -> Grid:
    return Grid(450, 1140, slot_minutes, "Europe/Paris", DATE, DATE + dt.timedelta(days=1))


def at(minute: int | None) -> dt.datetime | None:
    return None if minute is None else MIDNIGHT + dt.timedelta(minutes=minute)


def entry(kind: str, amount: float, start: int | None = None, end: int | None = None, **more) -> CapacityEntry:
    """Give an entry of the ENT's connections; times in minutes from 00:00 of the date."""
    return CapacityEntry(
        more.pop("platform", "ent"), more.pop("meter", "connections"), at(start), at(end), kind, amount, **more
    )


def by_slot(*entries: CapacityEntry, slot_minutes: int = 5) -> np.ndarray:
    return capacity_by_slot(entries, "ent", "connections", DATE, grid(slot_minutes))


def by_minute(entries: list[CapacityEntry], minute: int) -> float:
    """Say as the contract says what holds in one minute."""
    moment = MIDNIGHT + dt.timedelta(minutes=minute)
    in_force = [
        one for one in entries if (one.start is None or one.start <= moment) and (one.end is None or moment < one.end)
    ]
    bases = [one for one in in_force if one.kind == "base"]
    if not bases:
        return math.inf
    base = max(bases, key=lambda one: (one.start is not None, one.start)).amount
    changes = [one.amount * base / 100 if one.percent else one.amount for one in in_force if one.kind == "change"]
    return max(0.0, base + sum(changes))


minutes = st.integers(-1500, 3000)
spans = st.tuples(st.none() | minutes, st.none() | minutes).filter(
    lambda span: None in span or span[0] < span[1]  # the reader refuses the others
)
bases = st.builds(lambda span, amount: entry("base", amount, *span), spans, st.integers(0, 1000))
changes = st.builds(
    lambda span, amount, percent: entry("change", amount, *span, percent=percent),
    spans,
    st.integers(-800, 800),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(bases, max_size=4, unique_by=lambda one: one.start),
    st.lists(changes, max_size=4),
    st.sampled_from([5, 10, 15]),
)
def test_capacity_is_the_smallest_that_holds_in_any_minute_of_the_slot(some, others, slot_minutes: int):
    entries = [*others, *some]
    expected = [
        min(by_minute(entries, minute) for minute in range(start, start + slot_minutes))
        for start in range(0, 1440, slot_minutes)
    ]
    np.testing.assert_allclose(by_slot(*entries, slot_minutes=slot_minutes), expected)


@settings(max_examples=30, deadline=None)
@given(
    st.permutations(
        [entry("base", 100), entry("base", 50, 480), entry("change", -20, 500, 600), entry("base", 70, 490, 700)]
    )
)
def test_the_order_of_the_rows_does_not_matter(entries):
    slots = by_slot(*entries)
    assert slots[[95, 96, 98, 100, 120, 140]].tolist() == [100, 50, 70, 50, 70, 50]


def test_without_a_base_the_meter_is_unlimited_whatever_changes_there_are():
    assert np.isinf(by_slot(entry("change", -50, percent=True))).all()


def test_capacity_is_never_below_0():
    assert (by_slot(entry("base", 10), entry("change", -500)) == 0).all()


def test_per_cents_are_of_the_base_and_do_not_compound():
    half = entry("change", -50, percent=True)
    assert (by_slot(entry("base", 80), half, half) == 0).all()


def test_to_is_exclusive_and_from_inclusive():
    slots = by_slot(entry("base", 100), entry("change", -40, 480, 490))
    assert slots[95:99].tolist() == [100, 60, 60, 100]


def test_other_platforms_and_meters_do_not_count():
    others = [entry("base", 1, platform="bbb"), entry("base", 2, meter="logins_per_minute")]
    assert (by_slot(entry("base", 100), *others) == 100).all()


@pytest.mark.parametrize(
    ("start", "end", "minutes_on"),
    [(None, None, (0, 1440)), (-60, 60, (0, 60)), (1400, 1500, (1400, 1440)), (480, None, (480, 1440))],
)
def test_minutes_on_a_date(start: int | None, end: int | None, minutes_on: tuple[int, int]):
    assert entry("base", 1, start, end).minutes_on(DATE) == minutes_on


@pytest.mark.parametrize(("start", "end"), [(-100, 0), (1440, None), (None, -5)])
def test_minutes_on_a_date_that_the_entry_misses_are_none(start: int | None, end: int | None):
    first, last = entry("base", 1, start, end).minutes_on(DATE)
    assert first >= last


def test_limited_meters_have_a_base_in_force_within_the_horizon():
    """The horizon is 6 and 7 April: a base until 6 April 00:00 or from 8 April 00:00 limits nothing, nor a change."""
    entries = [
        entry("base", 1, 1440 + 600, 1440 + 601),
        entry("base", 1, None, 0, meter="logins_per_minute"),
        entry("base", 1, 2880, platform="late"),
        entry("change", 1, platform="changed"),
        entry("base", 0, platform="none-left"),
    ]
    assert limited_meters(entries, grid()) == {("ent", "connections"), ("none-left", "connections")}
