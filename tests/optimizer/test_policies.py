"""The rivals by hand, and the rules that those that promise them keep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import MONDAY, minute, region_of, session, window
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_region

from scheduler.domain.audit import audit
from scheduler.domain.load import figures, load_by_slot
from scheduler.domain.plan import joined, usual_plan
from scheduler.domain.problem import build_problem, place_plan
from scheduler.optimizer.policies import bells
from scheduler.optimizer.policies.bells import bell_times
from scheduler.optimizer.policies.greedy import first_fit
from scheduler.optimizer.policies.jitter import (
    jittered_figures,
    jittered_load,
    mean_wait_minutes,
    spread_activities,
)
from scheduler.optimizer.policies.parents import parents_in_the_afternoon
from scheduler.optimizer.policies.rota import level_rota
from scheduler.optimizer.policies.usual import as_usual

if TYPE_CHECKING:
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region


def planned(policy, region: Region) -> Plan:
    """Give what a policy makes of the whole horizon."""
    days = [day for day, date in enumerate(region.grid.dates) if len(region.presence.rows(date))]
    problems = [build_problem(region, day) for day in days]
    found = zip(problems, policy(region, problems), strict=True)
    return joined([place_plan(problem, region.activities, day) for problem, day in found])


def shifts(policy, region: Region) -> dict[str, int]:
    """Give the shift of each activity in minutes, by its key."""
    plan = planned(policy, region)
    keys = [region.activities.key_of(row) for row in plan.row.tolist()]
    return dict(zip(keys, plan.shift(region).tolist(), strict=True))


@pytest.mark.parametrize("policy", [as_usual, parents_in_the_afternoon, bell_times, first_fit])
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 400))
def test_what_promises_the_rules_keeps_them(policy, seed: int):
    region = random_region(seed)
    assert audit(region, planned(policy, region)) == []


class TestUsual:
    def test_nothing_moves(self):
        region = region_of([session("s"), window("w")])
        assert shifts(as_usual, region) == {"s": 0, "w": 0}


class TestJitter:
    """One session at 8:00: 30 heads ask 1 each from 7:55 to 8:10, then 0.25 each to 8:55."""

    def load(self, longest: int, **cells) -> dict[str, float]:
        region = region_of([session("s", **cells)], capacity=100)
        load = jittered_load(region, 0, usual_plan(region), longest)[0]
        return {f"{slot * 5 // 60}:{slot * 5 % 60:02d}": float(load[slot]) for slot in np.flatnonzero(load)}

    def test_the_start_is_spread_and_the_end_stays(self):
        load = self.load(10)
        # Delays of 0 to 4 minutes leave 5, 4, 3, 2, 1 minutes of the slot: 15 of 50.
        assert load["7:55"] == pytest.approx(30 * 15 / 50)
        assert load["8:00"] == pytest.approx(30 * (25 + 15) / 50)
        # The burst ends at 8:10 + delay, then the plateau begins.
        assert load["8:10"] == pytest.approx(30 * (35 + 0.25 * 15) / 50)
        assert load["8:50"] == pytest.approx(30 * 0.25)
        assert "8:55" not in load

    def test_a_delay_of_one_minute_at_most_is_none(self):
        region = random_region(7)
        plan = usual_plan(region)
        assert np.array_equal(jittered_load(region, 0, plan, 1), load_by_slot(region, 0, plan))

    def test_nobody_comes_after_the_end(self):
        # From 8:00 to 8:05 without a burst: delays of 4 minutes and more all leave the last minute.
        load = self.load(60, minutes=5, activity="browse")
        assert load == {"8:00": pytest.approx(30 * (5 + 4 + 3 + 2 + 56) / (60 * 5))}

    def test_who_waits_and_whose_start_is_spread(self):
        region = region_of([session("many"), session("alone", heads=1), session("nobody", heads=0)], capacity=100)
        plan = usual_plan(region)
        assert mean_wait_minutes(region, plan, 10) == pytest.approx(4.5)
        assert spread_activities(region, plan, 10) == 1
        assert spread_activities(region, plan, 1) == 0

    def test_figures_count_the_wait_and_the_spread_load(self):
        region = region_of([session("s", weight=2.0)], capacity=20)
        plan = usual_plan(region)
        (day,) = figures(region, plan, plan)
        spread = jittered_figures(region, plan, day, 10)
        assert spread.cost.shift == pytest.approx(30 * 2 * 4.5)
        assert spread.cost.overload == pytest.approx(5 * np.maximum(spread.after - 20, 0).sum())
        assert np.array_equal(spread.before, day.before)
        assert spread.cost.overload < day.cost.overload


class TestRota:
    def test_each_level_moves_by_one_amount_to_its_block(self):
        rows = [
            session("6-first", groups="6A", start="08:00"),
            session("6-later", groups="6eB/latin", start="10:00"),
            session("2nde", groups="2nde 1", start="08:05"),
            session("5", groups="5A", start="10:33"),
        ]
        # 6e from 8:30; 2nde from 8:00; 5e from 10:30, which whole slots reach at 10:33 only.
        assert shifts(level_rota, region_of(rows)) == {"6-first": 30, "6-later": 30, "2nde": -5, "5": 0}

    def test_the_day_ends_it(self):
        rows = [
            session("first", groups="Tle 1", start="08:00"),
            session("last", groups="Tle 2", start="15:00", minutes=60),
        ]
        # Tle from 14:00 would be six hours later, but only three are left behind 16:00.
        assert shifts(level_rota, region_of(rows)) == {"first": 180, "last": 180}

    def test_schools_and_dates_have_their_own_first_session(self):
        rows = [
            session("a", school="A", groups="6A", start="08:00"),
            session("b", school="B", groups="6A", start="09:00"),
            session("tuesday", school="A", day="TU", groups="6A", start="10:00"),
        ]
        assert shifts(level_rota, region_of(rows, days=2)) == {"a": 30, "b": -30, "tuesday": -90}

    def test_what_has_no_block_stays(self):
        rows = [
            session("locked", groups="6A", start="08:00", locked=True),
            session("nameless", start="08:00"),
            session("other", groups="Atelier", start="08:00"),
            window("w"),
        ]
        assert set(shifts(level_rota, region_of(rows)).values()) == {0}

    def test_primary_schools_stay(self):
        region = region_of([session("s", groups="1A")])
        assert shifts(level_rota, region) == {"s": 180}
        schools = tuple(replace(school, level="primary") for school in region.activities.schools)
        primary = replace(region, activities=replace(region.activities, schools=schools))
        assert shifts(level_rota, primary) == {"s": 0}


class TestParents:
    def test_windows_open_in_the_afternoon_as_far_as_their_bounds_allow(self):
        rows = [
            window("morning", start="08:00"),
            window("odd", start="08:03"),
            window("evening", start="17:00"),
            window("early", start="08:00", latest="14:00"),
            session("s", start="08:00"),
        ]
        found = shifts(parents_in_the_afternoon, region_of(rows))
        hours = 7 * 60
        assert found == {"morning": hours, "odd": hours, "evening": 0, "early": 5 * 60, "s": 0}


class TestBells:
    def test_schools_of_one_size_are_dealt_out_evenly(self):
        region = region_of([session(school, school=school, start="09:00") for school in "ABCD"])
        assert shifts(bell_times, region) == {"A": 0, "B": 15, "C": -15, "D": 30}

    def test_the_largest_goes_first_and_the_small_ones_share(self):
        heads = {"A": 10, "B": 100, "C": 20, "D": 30, "E": 5}
        region = region_of([session(school, school=school, start="09:00", heads=heads[school]) for school in heads])
        assert shifts(bell_times, region) == {"B": 0, "D": 15, "C": -15, "A": 30, "E": 30}

    def test_the_day_and_every_date_bound_it(self):
        rows = [
            session("large", school="B", heads=99, start="09:00"),
            session("monday", school="A", start="09:00"),
            session("tuesday", school="A", day="TU", start="09:00", latest="09:00"),
        ]
        found = shifts(bell_times, region_of(rows, days=2))
        assert found == {"large": 0, "monday": -15, "tuesday": -15}

    def test_a_locked_session_stays_and_holds_back_its_sharers_school(self):
        rows = [
            session("large", school="B", heads=99, start="09:00"),
            session("before", start="09:00", teachers="Rhin"),
            session("exam", start="10:00", teachers="Rhin", locked=True),
            session("far", start="14:00"),
        ]
        # A gap of five minutes is kept, so nothing of the school can go later.
        assert shifts(bell_times, region_of(rows)) == {"large": 0, "before": -15, "exam": 0, "far": -15}

    def test_who_overlaps_a_locked_session_stays(self):
        rows = [
            session("large", school="B", heads=99, start="09:00"),
            session("with", start="09:30", teachers="Rhin"),
            session("exam", start="09:00", teachers="Rhin", locked=True),
        ]
        assert set(shifts(bell_times, region_of(rows)).values()) == {0}

    @pytest.mark.parametrize(
        ("slot", "largest", "minutes"),
        [(5, 60, [0, 15, -15, 30]), (10, 60, [0, 20, -20]), (15, 15, [0, 15, -15]), (5, 0, [0])],
    )
    def test_amounts_are_quarters_within_the_largest_shift(self, slot: int, largest: int, minutes: list[int]):
        region = region_of([session("s")], slot_minutes=slot, max_shift_minutes=largest)
        assert [amount * slot for amount in bells.amounts(region)] == minutes


def test_by_hand_dates_are_those_of_the_builders():
    """The cases above count on Monday as the first date and 7:30 to 19:00 as the day."""
    region = region_of([session("s")])
    assert (region.grid.first_date, region.grid.day_start, region.grid.day_end) == (MONDAY, minute("07:30"), 1140)
