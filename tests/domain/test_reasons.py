"""Why activities moved: each reason by hand, and on random plans the same question asked by reckoning anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import moved, region_of, session
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_plans, random_problem, random_region

from scheduler.domain import going_back
from scheduler.domain.load import day_figures
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import DayPlan, build_problem, place_plan, take_plan
from scheduler.domain.reasons import FULL, NOTHING, REASONS, SHARER, TOGETHER, Moves, tied_sets, why_moved
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.pricing import objective, plan_load

if TYPE_CHECKING:
    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region


def lesson(key: str, **cells: object) -> dict[str, object]:
    """Give a session of 55 minutes whose 30 heads load the ENT evenly."""
    return session(key, **({"activity": "browse"} | cells))


def explained(
    region: Region, level: float | None = None, *, order_kept: bool = True, **minutes: int
) -> dict[str, dict[str, object]]:
    """Explain the plan that moves sessions by so many minutes; give what is said of each by its key."""
    plan, problem = moved(region, **minutes), build_problem(region, 0)
    day = day_figures(region, 0, plan, usual_plan(region))
    ceiling = None if level is None else level * day.capacity
    moves = why_moved(problem, take_plan(problem, region.activities, plan), day.after, ceiling, order_kept=order_kept)
    return {region.activities.key_of(int(row)): said(region, moves, at) for at, row in enumerate(moves.row)}


def said(region: Region, moves: Moves, at: int) -> dict[str, object]:
    told: dict[str, object] = {
        "reason": REASONS[moves.reason[at]],
        "run": (int(moves.meter[at]), int(moves.first[at]), int(moves.last[at])),
        "change": pytest.approx(float(moves.head_minutes[at])),
    }
    for name in ("in_the_way", "companion"):
        row = int(getattr(moves, name)[at])
        if row >= 0:
            told[name] = region.activities.key_of(row)
    return told


def test_a_platform_that_is_full_at_the_usual_time():
    """Two classes of 30 at 8:00 under 40: back at 8:00 the second is 20 too many for 55 minutes, at a weight of 10."""
    region = region_of([lesson("still", school="B"), lesson("moved")], capacity=40)
    found = explained(region, moved=60)
    assert found == {"moved": {"reason": "full", "run": (0, 96, 107), "change": 20 * 55 * 10 - 30 * 60}}


def test_the_worst_run_is_named():
    """With room for 60 at 8:00, the class is 25 too many from 8:30 to 8:35 and 10 from 8:45 to 8:50."""
    rows = [
        lesson("still", school="B"),
        lesson("many", school="C", start="08:30", minutes=5, heads=25),
        lesson("few", school="D", start="08:45", minutes=5, heads=10),
        lesson("moved"),
    ]
    found = explained(region_of(rows, capacity=60, overload_weight=20.0), moved=60)
    assert found == {"moved": {"reason": "full", "run": (0, 102, 103), "change": (25 + 10) * 5 * 20 - 30 * 60}}


def test_a_sharer_that_moved_too():
    """The second class loads nothing, but its teacher is still with the first at 9:00."""
    rows = [
        lesson("still", school="B"),
        lesson("first", teachers="X"),
        lesson("second", teachers="X", start="09:00", platforms=""),
    ]
    found = explained(region_of(rows, capacity=40), first=60, second=60)
    assert found == {
        "first": {"reason": "full", "run": (0, 96, 107), "change": 20 * 55 * 10 - 30 * 60},
        "second": {"reason": "sharer", "run": (-1, -1, -1), "change": -30 * 60, "in_the_way": "first"},
    }


def test_the_sharer_most_in_the_way_is_named():
    """Going back to 9:00 collides with one that moved to 9:00 and with another that moved to 8:10 only."""
    rows = [
        lesson("early", teachers="X"),
        lesson("late", teachers="Y", minutes=60),
        lesson("moved", teachers="X|Y", start="09:00", platforms=""),
    ]
    found = explained(region_of(rows), early=5, late=60, moved=70)
    assert found["moved"] == {"reason": "sharer", "run": (-1, -1, -1), "change": -30 * 70, "in_the_way": "late"}


def test_where_the_order_may_change_a_sharer_that_is_done_before_is_not_in_the_way():
    """`late` went to 7:30 and ends at 7:55, so `early` could be back at 8:00; `late` could not be back at 8:30."""
    rows = [
        lesson("early", teachers="X", minutes=25),
        lesson("late", teachers="X", minutes=25, start="08:30"),
    ]
    found = explained(region_of(rows), order_kept=False, early=30, late=-60)
    assert "in_the_way" not in found["early"]
    assert found["late"]["in_the_way"] == "early"
    # Half an hour later it would be.
    assert explained(region_of(rows), order_kept=False, early=30, late=-30)["early"]["in_the_way"] == "late"


def test_what_moves_together_goes_back_together():
    """For the class at 8:00 there is no room; the one at 10:00 only goes with it. Both shifts are saved."""
    rows = [
        lesson("still", school="B"),
        lesson("early", groups="6A"),
        lesson("late", groups="6A", start="10:00", heads=5),
    ]
    found = explained(region_of(rows, capacity=40, move_together="day"), early=60, late=60)
    change = 20 * 55 * 10 - 30 * 60 - 5 * 60
    assert found == {
        "early": {"reason": "full", "run": (0, 96, 107), "change": change},
        "late": {"reason": "together", "run": (0, 96, 107), "change": change, "companion": "early"},
    }


def test_a_move_for_nothing_is_told_as_one():
    region = region_of([lesson("moved")], capacity=40, move_minutes=2.0)
    found = explained(region, moved=-5)
    assert found == {"moved": {"reason": "nothing", "run": (-1, -1, -1), "change": -30 * (5 + 2)}}


def test_a_level_can_be_the_reason():
    """No limit is in sight, but together the two would use 60 % of the capacity instead of 30 %."""
    region = region_of([lesson("still", school="B"), lesson("moved")], capacity=100)
    found = explained(region, level=0.3, moved=60)
    assert found == {"moved": {"reason": "level", "run": (0, 96, 107), "change": -30 * 60}}


def test_without_limited_platforms_nothing_is_full():
    assert explained(region_of([lesson("moved")]), moved=5)["moved"]["reason"] == "nothing"


def test_a_plan_that_moves_nothing_has_nothing_to_explain():
    assert explained(region_of([lesson("still")], capacity=40)) == {}


def back(problem: Problem, plan: DayPlan, activity: int) -> DayPlan:
    """Put one activity and what it is tied to back, one tie at a time."""
    tied = {activity}
    while more := {
        b
        for a, b in np.concatenate(
            [np.stack([problem.tied, problem.tied_to], 1), np.stack([problem.tied_to, problem.tied], 1)]
        ).tolist()
        if a in tied and b not in tied
    }:
        tied |= more
    shift = plan.shift.copy()
    shift[sorted(tied)] = 0
    return DayPlan(shift, plan.alternative)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 400), chunk=st.sampled_from([1, 3, 512]))
def test_what_putting_back_costs_is_the_difference_of_two_objectives(seed: int, chunk: int):
    problem = random_problem(seed)
    region = random_region(seed)
    usual = usual_plan(region)
    for plan in random_plans(problem, seed, 3):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(going_back, "CHUNK", chunk)
            moves = why_moved(problem, plan, plan_load(problem, plan))
        assert moves.row.tolist() == problem.row[plan.shift != 0].tolist()
        now = day_figures(region, 0, place_plan(problem, region.activities, plan), usual).cost.objective
        for at, row in enumerate(moves.row.tolist()):
            put_back = back(problem, plan, problem.row.tolist().index(row))
            then = day_figures(region, 0, place_plan(problem, region.activities, put_back), usual).cost.objective
            assert moves.head_minutes[at] == pytest.approx(then - now, abs=1e-6)
            assert then == pytest.approx(objective(problem, put_back), abs=1e-6)
            assert (moves.in_the_way[at] < 0) == keeps_rules(problem, put_back)
            judge(moves, at)


def judge(moves: Moves, at: int) -> None:
    """Check that a reason agrees with the figures beside it."""
    reason, change = int(moves.reason[at]), float(moves.head_minutes[at])
    assert (reason in (FULL, TOGETHER)) == (change > 1e-6)
    assert (reason == NOTHING) == (change <= 1e-6 and moves.in_the_way[at] < 0)
    assert (reason == SHARER) == (change <= 1e-6 and moves.in_the_way[at] >= 0)
    assert (moves.first[at] < moves.last[at]) == (moves.meter[at] >= 0) == (reason in (FULL, TOGETHER))
    assert (moves.companion[at] >= 0) == (reason == TOGETHER)


def test_ties_are_followed_to_their_ends():
    """A chain of 100 ties in random order is one set, and what is in no tie is a set of its own."""
    problem = random_problem(3)
    order = np.random.default_rng(5).permutation(100).astype(np.int32)
    long = replace(problem, row=np.arange(102, dtype=np.int32), tied=order[:-1], tied_to=order[1:])
    assert tied_sets(long).tolist() == [0] * 100 + [100, 101]
