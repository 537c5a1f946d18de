"""Dates are told as they are finished, and a solve that is given some of them goes on with the same plan."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from builders import region_of, session
from solving import quiet

from scheduler.domain.problem import build_problem
from scheduler.execution import Stop
from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.optimizer.params import NeighbourhoodParams, ReorderParams, SearchParams, SolveParams
from scheduler.optimizer.solve import Kept, Result, solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.outcome import DayResult
    from scheduler.domain.problem import Problem

QUICK = SolveParams(
    gap=0.0005,
    search=SearchParams(rounds=1, stretches=3, fewest_moves=500),
    neighbourhoods=NeighbourhoodParams(rounds=0),
)
WAYS = {
    "cost": QUICK,
    "level": replace(QUICK, objective="level"),
    "reorder": replace(QUICK, reorder=True, reordering=ReorderParams(nodes=2, lanes=3, effort=0.05)),
}


@pytest.fixture(scope="module")
def problems() -> list[Problem]:
    """Give three Mondays, of which the first and the last are alike, and a Tuesday."""
    rows = [
        session(f"s{at}", heads=20 + 7 * at % 23, teachers=f"T{at // 2}", start=f"{8 + at % 2:02d}:00")
        for at in range(12)
    ]
    rows += [session("second", day="2021-04-12", heads=50)]
    rows += [session(f"t{at}", day="TU", heads=30 + 3 * at) for at in range(6)]
    region = region_of(rows, days=15, capacity=110)
    return [build_problem(region, day) for day in (0, 1, 7, 14)]


def solved(
    problems: Sequence[Problem], params: SolveParams, done: Sequence[DayResult] = ()
) -> tuple[Result, list[list[DayResult]]]:
    told: list[list[DayResult]] = []
    kept = Kept({result.day: result for result in done}, lambda results: told.append(list(results)))
    return solve(problems, params, Crew(Nowhere(), Stop(time.monotonic)), quiet, None, kept), told


def as_bytes(results: Sequence[DayResult]) -> list[tuple[object, ...]]:
    return [
        (
            one.day,
            one.plan.shift.tobytes(),
            one.plan.alternative.tobytes(),
            one.objective,
            one.bound,
            one.price.tobytes(),
        )
        for one in sorted(results, key=lambda one: one.day)
    ]


@pytest.mark.parametrize("way", WAYS)
def test_a_solve_goes_on_where_one_was_cut_off(problems: list[Problem], way: str) -> None:
    whole, told = solved(problems, WAYS[way])
    assert any(day.plan.shift.any() for day in whole.days)
    everything = [one for results in told for one in results]
    assert as_bytes(everything) == as_bytes(whole.days)
    for count in (1, len(told)):
        before = [one for results in told[:count] for one in results]
        again, more = solved(problems, WAYS[way], before)
        assert as_bytes(again.days) == as_bytes(whole.days)
        assert (again.stopped_by, again.level, again.level_bound) == (whole.stopped_by, whole.level, whole.level_bound)
        assert as_bytes([*before, *(one for results in more for one in results)]) == as_bytes(everything)


def test_equal_dates_are_told_together(problems: list[Problem]) -> None:
    _, told = solved(problems, QUICK)
    assert sorted([one.day for one in results] for results in told) == [[0, 14], [1], [7]]
    # One of them is enough to know the other.
    _, told = solved(problems, QUICK, [one for results in told for one in results if one.day in (1, 7, 14)])
    assert [[one.day for one in results] for results in told] == [[0]]
