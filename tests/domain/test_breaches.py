"""Counting broken rules: as often as the audit finds fault, rule by rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from builders import moved, region_of, session
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_region

from scheduler.domain.audit import audit
from scheduler.domain.breaches import Breaches, count_breaches
from scheduler.domain.plan import usual_plan

TWO = [session("s1", teachers="Rhin"), session("s2", start="09:00", teachers="Rhin")]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 400))
def test_the_usual_timetable_breaks_nothing(seed: int):
    region = random_region(seed)
    assert count_breaches(region, usual_plan(region)) == Breaches()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 400))
def test_as_many_as_the_audit_finds(seed: int):
    region = random_region(seed)
    usual = usual_plan(region)
    draw = np.random.default_rng(seed)
    start = usual.start + draw.integers(-30, 31, len(usual)).astype(np.int16)
    plan = replace(usual, start=start, alternative=draw.integers(0, 3, len(usual)).astype(np.int16))
    assert count_breaches(region, plan).total == len(audit(region, plan))


def test_each_rule_has_its_own_count():
    rows = [*TWO, session("locked", school="B", locked=True), session("far", school="B", start="10:00")]
    region = region_of(rows)
    found = count_breaches(region, moved(region, s1=30, locked=5, far=120))
    # The first of the pair ends at 9:25 now: one pair too close, and at the same time.
    assert (found.of("apart"), found.clashes) == (1, 1)
    assert found.of("lock") == 1
    assert found.of("bounds") == 1
    assert found.total == 3


def test_swapped_is_broken_but_no_clash():
    region = region_of(TWO, max_shift_minutes=120)
    found = count_breaches(region, moved(region, s1=120))
    assert (found.of("apart"), found.clashes, found.total) == (1, 0, 1)


def test_a_start_off_the_slots_and_a_missing_one_are_of_the_first_rule():
    region = region_of(TWO)
    assert count_breaches(region, moved(region, s2=7)).of("start") == 1
    assert count_breaches(region, usual_plan(region).on_day(5)).of("start") == 2


def test_what_moves_together_is_parted():
    rows = [
        session("a", groups="6A"),
        session("b", groups="6A", start="10:00"),
        session("c", groups="6A", start="14:00"),
    ]
    region = region_of(rows, move_together="day")
    assert count_breaches(region, moved(region, b=5)).of("together") == 1


def test_more_of_one_rule_can_be_added():
    assert Breaches().with_more("start", 3).total == 3
    assert Breaches().with_more("start", 3).of("start") == 3
