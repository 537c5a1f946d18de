"""Whole millionths say what the loads are, and a school's ceiling is the rule of the ledger."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from builders import MONDAY, TUESDAY, changed, lesson, moved, region_of, session, window
from hypothesis import given
from hypothesis import strategies as st
from random_regions import random_region

from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.ledger import (
    MILLION,
    NOISE,
    UNLIMITED,
    Account,
    Entry,
    Total,
    ceiling,
    fitted,
    highest,
    limits,
    loads_by_school,
    millionths_down,
    millionths_up,
    school_loads,
)
from scheduler.domain.load import load_by_slot
from scheduler.domain.plan import Plan, usual_plan

ENT = Account("ent", "connections", MONDAY)
few = st.lists(st.integers(0, 9), min_size=3, max_size=3).map(lambda values: np.array(values, dtype=np.int64))


@pytest.mark.parametrize("seed", range(12))
def test_the_loads_of_all_schools_are_the_loads_of_the_plan(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # A chunk of one activity parts all schools from one another.
    monkeypatch.setattr("scheduler.domain.ledger.CHUNK", 1 + seed % 4)
    region = random_region(seed)
    plan = usual_plan(region)
    shuffled = np.random.default_rng(seed).permutation(len(plan))
    plan = Plan(plan.row[shuffled], plan.day[shuffled], plan.start[shuffled], plan.alternative[shuffled])
    parts = dict(loads_by_school(region, plan))
    assert list(parts) == sorted(parts)
    for meter, place in enumerate(region.meters):
        account = Account(place.platform, place.meter, MONDAY)
        told = sum((part[account] for part in parts.values() if account in part), np.zeros(region.grid.slots, np.int64))
        truth = load_by_slot(region, 0, plan)[meter] * MILLION
        assert (told >= truth - NOISE - 1e-6).all()
        assert (told <= truth + len(parts)).all()


def test_meters_without_a_limit_are_reckoned_too_for_a_limit_may_come() -> None:
    region = region_of([session("s", platforms="ent+cned"), window("w", school="")], capacity=50, days=2)
    parts = dict(loads_by_school(region, usual_plan(region)))
    assert list(parts) == [-1, 0]
    assert set(parts[0]) == {ENT, ENT._replace(platform="cned")}
    # 30 heads from 8:00 to 8:55; 8 o'clock is slot 96.
    assert parts[0][ENT._replace(platform="cned")][96:107].tolist() == [30 * MILLION] * 11
    assert set(parts[-1]) == {ENT}


def test_the_loads_of_one_school_are_those_it_has_in_its_region() -> None:
    region = region_of(
        [lesson("s", heads=21), lesson("t", start="10:07", platforms="ent|cned")], slot_minutes=15, days=2
    )
    plan = changed(region, {"s": 15}, {"t": 1})
    assert set(school_loads(region, plan)) == {Account(key, "connections", TUESDAY) for key in ("ent", "cned")}
    assert (
        school_loads(region, Plan(*(column[:0] for column in (plan.row, plan.day, plan.start, plan.alternative)))) == {}
    )


def test_noise_of_floats_makes_no_millionth_and_all_else_does() -> None:
    assert millionths_up(np.array([0.1 + 0.2, 30.000000000004, 1e-6, 1 / 3])).tolist() == [
        300_000,
        30 * MILLION,
        1,
        333_334,
    ]
    assert millionths_down(np.array([0.7 * 1000, 2 / 3, np.inf, 0.0])).tolist() == [
        700 * MILLION,
        666_666,
        UNLIMITED,
        0,
    ]


def test_limits_are_of_every_date_and_unlimited_where_no_base_is_in_force() -> None:
    region = region_of([session("s")], capacity=100, days=2, target_utilisation=0.75)
    assert limits(region) == {account: pytest.approx(75 * MILLION) for account in (ENT, ENT._replace(date=TUESDAY))}
    later = CapacityEntry("cned", "connections", None, None, "base", 1.0)
    some = replace(later, end=np.datetime64("2021-04-05T12:00").astype(object))
    assert limits(region_of([session("s")], capacities=[some]))[ENT._replace(platform="cned")][-1] == UNLIMITED


@given(booked=few, quota=st.none() | few, asked=few, others=few, limit=few)
def test_a_school_may_book_what_raises_nothing_and_what_the_limit_leaves(
    booked: np.ndarray, quota: np.ndarray | None, asked: np.ndarray, others: np.ndarray, limit: np.ndarray
) -> None:
    entry = Entry(booked, quota)
    total = Total(entry.committed + others, booked + others)
    after = total.changed(entry, Entry(asked, quota)).committed
    allowed = (after <= entry.committed + others) | (after <= limit)
    assert ((asked <= ceiling(entry, total, limit)) == allowed).all()


def test_an_unlimited_slot_takes_everything() -> None:
    entry, some = Entry(np.zeros(1, np.int64)), np.array([5 * MILLION])
    assert ceiling(entry, Total(some, some), np.array([UNLIMITED]))[0] > 10**18


def test_the_highest_of_several_plans_is_slot_by_slot() -> None:
    one, other = {ENT: np.array([1, 5])}, {ENT: np.array([3, 2])}
    assert highest([one, other])[ENT].tolist() == [3, 5]
    assert highest([]) == {}


@pytest.mark.parametrize("to", [96, 144, 288])
@pytest.mark.parametrize("of", [96, 144, 288])
def test_an_amount_in_other_slots_is_never_less(of: int, to: int) -> None:
    amount = np.random.default_rng(of).integers(0, 9, of)
    minutes = np.repeat(fitted(amount, to), 1440 // to)
    assert (minutes >= np.repeat(amount, 1440 // of)).all()
    assert fitted(fitted(amount, 288), of).tolist() == amount.tolist()


def test_a_moved_session_asks_elsewhere() -> None:
    region = region_of([session("s")], capacity=100)
    before, after = school_loads(region, usual_plan(region)), school_loads(region, moved(region, s=30))
    assert np.roll(before[ENT], 6).tolist() == after[ENT].tolist()
