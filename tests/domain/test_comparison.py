"""The figures of policies side by side, by hand."""

from __future__ import annotations

import pytest
from builders import changed, region_of, session, window

from scheduler.domain.breaches import count_breaches
from scheduler.domain.comparison import Candidate, standings
from scheduler.domain.load import figures
from scheduler.domain.plan import usual_plan


def candidate(region, policy, shifts=None, alternatives=None, **more) -> Candidate:
    plan = changed(region, shifts or {}, alternatives or {})
    return Candidate(policy, plan, figures(region, plan, usual_plan(region)), count_breaches(region, plan), **more)


@pytest.fixture
def region():
    """Two sessions and a window at 8:00 on an ENT of 40 connections; the ENT is loaded from 7:55 on."""
    rows = [session("a", heads=30), session("b", heads=20, platforms="ent|cned"), window("w", heads=5, minutes=30)]
    return region_of(rows, capacity=40)


def test_figures_by_hand(region):
    usual, ours = standings(
        region, [candidate(region, "usual"), candidate(region, "ours", {"b": 20}, lower_bound=200.0)]
    )
    # 50 connections from 7:55, 55 from 8:00 to 8:10.
    assert usual.meters[0].peak == 55
    assert usual.utilisation == pytest.approx(55 / 40)
    assert usual.over_minutes == usual.meters[0].over_minutes == 15
    assert usual.overload == usual.meters[0].overload == 5 * 10 + 10 * 15
    assert (usual.allowed, usual.within_limits) == (True, False)
    assert usual.gap == pytest.approx((2000 - 200) / 2000)
    assert (ours.sessions, ours.sessions_moved, ours.attendances, ours.attendances_moved) == (2, 1, 50, 20)
    assert (ours.mean_shift_minutes, ours.largest_shift_minutes, ours.windows_moved, ours.switched) == (20, 20, 0, 0)
    # From 8:15, b's burst of 20 is added to 7.5 of a's plateau and 5 parents.
    assert ours.meters[0].peak == 35
    assert ours.within_limits
    assert ours.objective == 20 * 20
    assert ours.gap == pytest.approx(0.5)


def test_windows_and_switches_are_counted_apart(region):
    (found,) = standings(region, [candidate(region, "greedy", {"w": 30}, {"b": 1})])
    assert (found.windows_moved, found.switched, found.sessions_moved, found.mean_shift_minutes) == (1, 1, 0, 0.0)


def test_who_breaks_rules_has_no_gap(region):
    broken, ours = standings(
        region, [candidate(region, "rota", {"a": 90}), candidate(region, "ours", lower_bound=100.0)]
    )
    assert (broken.allowed, broken.gap) == (False, None)
    assert ours.gap is not None


def test_without_a_bound_nobody_has_a_gap(region):
    assert [one.gap for one in standings(region, [candidate(region, "usual")])] == [None]


def test_a_bound_above_the_objective_is_noise(region):
    (found,) = standings(region, [candidate(region, "ours", lower_bound=2000.0000001)])
    assert found.gap == 0


def test_no_limited_meter_no_utilisation():
    region = region_of([session("a")])
    (found,) = standings(region, [candidate(region, "usual")])
    assert (found.meters, found.utilisation, found.within_limits) == ((), None, True)
