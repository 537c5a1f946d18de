"""First fit: the nearest place with room, in order, and every rule kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from builders import region_of, session, window
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_problem, tangled_problem

from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.problem import DayPlan, Problem, build_problem
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.policies.greedy import first_fit
from scheduler.optimizer.pricing import overload, plan_load


def cned(amount: float) -> tuple[CapacityEntry, ...]:
    """Give a capacity of the virtual class, which each head loads with 1 from start to end."""
    return (CapacityEntry("cned", "connections", None, None, "base", amount),)


def placed(rows, limit: float, **policy) -> dict[str, tuple[int, int]]:
    """Give (shift in minutes, alternative) of each activity by its key."""
    region = region_of(rows, capacities=cned(limit), **policy)
    problem = build_problem(region, 0)
    (plan,) = first_fit(region, [problem])
    keys = [region.activities.key_of(row) for row in problem.row.tolist()]
    minutes = (plan.shift * problem.slot_minutes).tolist()
    return dict(zip(keys, zip(minutes, plan.alternative.tolist(), strict=True), strict=True))


def fit(problem: Problem) -> DayPlan:
    return first_fit(None, [problem])[0]  # type: ignore[arg-type]


def test_the_larger_stays_and_the_other_goes_to_the_nearest_room():
    rows = [session("small", heads=30, platforms="cned"), session("large", heads=40, platforms="cned")]
    assert placed(rows, 40) == {"large": (0, 0), "small": (55, 0)}


def test_the_earlier_one_is_placed_first_however_small():
    rows = [
        session("later", heads=40, start="08:30", platforms="cned"),
        session("earlier", heads=30, platforms="cned"),
    ]
    assert placed(rows, 40) == {"earlier": (0, 0), "later": (25, 0)}


def test_earlier_is_as_near_as_later_but_later_is_taken():
    rows = [
        session("large", heads=40, start="10:00", platforms="cned"),
        session("small", heads=30, start="10:00", platforms="cned"),
    ]
    assert placed(rows, 40)["small"] == (55, 0)


def test_without_room_the_least_overload_is_taken():
    rows = [session("small", heads=30, platforms="cned"), session("large", heads=40, platforms="cned")]
    assert placed(rows, 40, max_shift_minutes=30) == {"large": (0, 0), "small": (30, 0)}


def test_another_platform_is_taken_where_it_costs_less_than_moving():
    rows = [session("large", heads=40, platforms="cned"), session("small", heads=30, platforms="cned|ent")]
    assert placed(rows, 40)["small"] == (0, 1)
    assert placed(rows, 40, switch_minutes=60)["small"] == (55, 0)


def test_a_neighbour_leaves_only_what_its_own_rules_allow():
    rows = [
        session("blocker", heads=40, platforms="cned"),
        session("first", heads=30, platforms="cned", teachers="Rhin"),
        session("exam", heads=5, start="09:00", platforms="", teachers="Rhin", locked=True),
    ]
    # The exam begins five minutes after the first session's end, so that can only go earlier, to 7:30 at most.
    assert placed(rows, 40)["first"] == (-30, 0)


def test_what_moves_together_is_placed_together():
    rows = [
        session("blocker", school="B", heads=40, platforms="cned"),
        session("a", heads=20, platforms="cned", groups="6A"),
        session("b", heads=20, start="14:00", platforms="cned", groups="6A"),
    ]
    found = placed(rows, 40, move_together="day")
    assert found["a"] == found["b"] == (55, 0)


def test_windows_make_way_too():
    rows = [session("s", heads=40, platforms="cned"), window("w", heads=10, platforms="cned", activity="live")]
    assert placed(rows, 40)["w"] == (55, 0)


@pytest.mark.parametrize("make", [random_problem, tangled_problem])
@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 400))
def test_every_rule_is_kept(make, seed: int):
    problem = make(seed)
    assert keeps_rules(problem, fit(problem))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 400))
def test_nothing_moves_where_the_usual_timetable_has_room(seed: int):
    problem = random_problem(seed)
    usual = DayPlan(*(np.zeros(len(problem), dtype=np.int32) for _ in range(2)))
    roomy = replace(problem, limit=plan_load(problem, usual))
    plan = fit(roomy)
    assert not plan.shift.any()
    assert not plan.alternative.any()
    assert overload(plan_load(roomy, plan), roomy.limit) == pytest.approx(0, abs=1e-6)


def test_no_activity_at_all():
    problem = build_problem(region_of([session("s", day="TU")]), 0)
    assert len(fit(problem).shift) == 0
