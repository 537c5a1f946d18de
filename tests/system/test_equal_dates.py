"""Equal dates are planned once; what a run may hold decides how, and not what, it plans."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import region_of, session
from solving import never, quiet

from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.problem import DayPlan, Problem, build_problem
from scheduler.errors import FaultyInput
from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.optimizer.day import Start
from scheduler.optimizer.params import NeighbourhoodParams, SearchParams, ShardParams, SolveParams
from scheduler.optimizer.solve import solve
from scheduler.service import planning
from scheduler.service.planning import Means, plan_dates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.optimizer.solve import Result
    from scheduler.optimizer.work import Job, Progress

QUICK = SolveParams(
    gap=0.0005,
    search=SearchParams(rounds=1, stretches=3, fewest_moves=500),
    neighbourhoods=NeighbourhoodParams(rounds=0),
)
MONDAYS = (0, 7, 14)


class Counting(Crew):
    """An executor in this process that notes which dates it is given, run by run."""

    def __init__(self) -> None:
        super().__init__(Nowhere(), never())
        self.given: list[list[int]] = []

    def run(
        self,
        jobs: Sequence[Job[Any]],
        on_progress: Callable[[Progress], None],
        share: float = 1.0,
        on_result: Callable[[int, Any], None] | None = None,
    ) -> list[Any]:
        self.given.append([job.problem.day for job in jobs])
        return super().run(jobs, on_progress, share, on_result)


def mondays(*capacities: CapacityEntry, weeks: str = "") -> list[Problem]:
    """Give three Mondays of twelve sessions at once; those of `weeks` are taught in these weeks only."""
    rows = [session(f"s{at}", heads=20 + 7 * at % 23, weeks=weeks if at == 0 else "") for at in range(12)]
    region = region_of(rows, days=21, capacity=150, capacities=capacities)
    return [build_problem(region, day) for day in MONDAYS]


def counted(problems: list[Problem], **options: Any) -> tuple[Counting, Result]:
    executor = Counting()
    return executor, solve(problems, QUICK, executor, quiet, **options)


def test_equal_dates_are_solved_once_and_get_equal_plans():
    executor, result = counted(mondays())
    assert executor.given == [[0]]
    assert [day.day for day in result.days] == list(MONDAYS)
    first, *others = result.days
    assert first.plan.shift.any()
    for day in others:
        assert day.plan.shift.tobytes() == first.plan.shift.tobytes()
        assert (day.objective, day.bound, day.price.tobytes()) == (first.objective, first.bound, first.price.tobytes())


def test_a_date_of_another_limit_is_solved_on_its_own():
    """The second Monday has a quarter of an hour with ten connections less; the third is as the first."""
    begin = dt.datetime(2021, 4, 12, 8, 0)  # noqa: DTZ001 - local time, as capacities have it
    less = CapacityEntry("ent", "connections", begin, begin + dt.timedelta(minutes=15), "change", -10)
    executor, result = counted(mondays(less))
    assert executor.given == [[0, 7]]
    first, second, third = result.days
    assert third.plan.shift.tobytes() == first.plan.shift.tobytes()
    assert second.objective > first.objective


def test_a_date_of_other_activities_is_solved_on_its_own():
    executor, result = counted(mondays(weeks="A"))
    assert executor.given == [[0, 7]]
    assert [len(day.plan.shift) for day in result.days] == [11, 12, 11]


@pytest.mark.parametrize("differs", ["plan", "price"])
def test_a_date_that_begins_elsewhere_is_solved_on_its_own(differs: str):
    problems = mondays()
    plan = DayPlan(np.ones(12, dtype=np.int32), np.zeros(12, dtype=np.int32))
    start = Start(plan=plan) if differs == "plan" else Start(price=np.ones(problems[0].limit.shape))
    executor, _ = counted(problems, starts=[Start(), start, start])
    assert executor.given == [[0, 7]]


FIELDS = [
    *("overload_price", "limit", "capacity", "heads", "usual_slot", "low", "high", "slot_cost", "move_cost"),
    *("reference", "alternative_cost"),
]


@pytest.mark.parametrize("field", FIELDS)
def test_dates_that_differ_in_any_number_are_solved_each(field: str):
    first, second, _ = mondays()
    executor, _ = counted([first, replace(second, **{field: getattr(second, field) + one_less(field)})])
    assert executor.given == [[0, 7]]


def one_less(field: str) -> float | int:
    """Give a change that leaves a problem a problem: windows that still hold 0."""
    return {"low": 1, "high": -1}.get(field, 1)


# What a run may hold


class Planned:
    """What `plan_dates` would have had solved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.shards: ShardParams | None = None
        self.workers: int | None = None
        solve_really, make_really = planning.solve, planning.make_executor

        def solve_noting(problems: Any, params: SolveParams, *rest: Any) -> Any:
            self.shards = params.shards
            return solve_really(problems, params, *rest)

        def make_noting(workers: int | None, dask: str | None, stop: Any) -> Crew:
            self.workers = workers
            return make_really(1, None, stop)

        monkeypatch.setattr(planning, "solve", solve_noting)
        monkeypatch.setattr(planning, "make_executor", make_noting)
        # So that limits are round numbers: 100 MiB now, 200 a worker, 100 a date with networks and 10 without.
        monkeypatch.setattr(planning, "peak_mib", lambda: 100.0)
        monkeypatch.setattr(planning, "WORKER_MIB", 200)
        monkeypatch.setattr(planning, "KEPT_KIB", 100 * 1024 / 12)
        monkeypatch.setattr(planning, "LEAN_KIB", 10 * 1024 / 12)

    def with_memory(self, memory_mib: float, workers: int = 3) -> tuple[int | None, bool, Result]:
        result, _ = plan_dates(mondays(), QUICK, Means(workers, None, memory_mib), never(), quiet)
        assert self.shards is not None
        return self.workers, self.shards.keep_networks, result


@pytest.mark.parametrize(
    ("memory", "workers", "keeps"),
    [
        (800, 3, True),
        (799, 3, False),
        (710, 3, False),
        (709, 2, True),
        (600, 2, True),
        (599, 2, False),
        (509, 1, True),
        (200, 1, True),
        (199, 1, False),
        (110, 1, False),
    ],
)
def test_networks_are_given_up_before_workers_and_the_plan_is_the_same(
    monkeypatch: pytest.MonkeyPatch, memory: float, workers: int, keeps: bool
):
    planned = Planned(monkeypatch)
    *found, result = planned.with_memory(memory)
    assert found == [workers, keeps]
    *_, ample = planned.with_memory(1e9)
    assert [day.plan.shift.tobytes() for day in result.days] == [day.plan.shift.tobytes() for day in ample.days]


def test_less_than_the_least_is_refused_and_what_is_told_to_be_enough_is_enough(monkeypatch: pytest.MonkeyPatch):
    planned = Planned(monkeypatch)
    with pytest.raises(FaultyInput) as raised:
        planned.with_memory(109)
    (fault,) = raised.value.faults
    assert "--memory 109 is not enough for this region; allow at least about 110 MiB" in str(fault)
    planned.with_memory(110)
