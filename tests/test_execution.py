"""Where work runs changes nothing: the same results here and on a pool, a killed worker, a stop in the middle."""

from __future__ import annotations

import os
import pickle
import threading
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import region_of, session
from solving import never, quiet, solve_here

from scheduler.domain.problem import Problem, build_problem, usual_day
from scheduler.execution import ProcessPool, Stop, ThisProcess, make_executor
from scheduler.optimizer.day import DayResult, Progress, Start, keeps_rules
from scheduler.optimizer.params import SearchParams, SolveParams
from scheduler.optimizer.pricing import objective
from scheduler.optimizer.solve import _cost_task, _held_task, _level_task, solve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scheduler.optimizer.day import Control

QUICK = SolveParams(gap=0.0005, search=SearchParams(rounds=2, fewest_moves=100, moves_per_node=10))
"""Too little work to find the best plan, so that what is found hangs on the seed."""
ENDLESS = SolveParams(gap=0.0, search=SearchParams(rounds=1000, fewest_moves=10_000_000))
"""Work for hours, where the bound is below every plan."""


@pytest.fixture(scope="module")
def problems() -> list[Problem]:
    """Three dates of four schools whose heads do not fit together, and cannot be split as the bound would."""
    rows = [
        session(f"{at}{day}", school="ABCD"[at % 4], day=day, start=f"08:{5 * (at % 3):02d}", heads=20 + 7 * at % 23)
        for at in range(24)
        for day in ("MO", "TU", "WE")
    ]
    region = region_of(rows, days=3, capacity=170)
    return [build_problem(region, day) for day in range(3)]


def said(result: DayResult) -> tuple[object, ...]:
    plan, price = result.plan, result.price
    arrays = (plan.shift.tobytes(), plan.alternative.tobytes(), price.tobytes())
    return (result.day, result.objective, result.bound, result.stopped_by, *arrays)


# Tasks, at module level so that workers can import them.


def doubled(item: int, control: Control) -> int:
    control.report(Progress(item, "prices", 0, 0.0, 0.0))
    return 2 * item


def doubled_by_a_worker_that_dies_once(marker: Path, item: int, control: Control) -> int:
    if item == 1 and not marker.exists():
        marker.touch()
        os._exit(1)
    return doubled(item, control)


def fails(item: int, control: Control) -> int:
    raise ZeroDivisionError(f"item {item}")


def what_it_is_told(_: int, control: Control) -> str | None:
    return control.stop()


def waits_to_be_stopped(_: int, control: Control) -> str | None:
    control.report(Progress(0, "prices", 0, 0.0, 0.0))
    for _ in range(6000):
        if control.stop() is not None:
            break
        time.sleep(0.01)
    return control.stop()


# The same results everywhere


def test_a_pool_gives_the_same_bytes_as_this_process(problems: list[Problem]):
    here = solve_here(QUICK, *problems)
    pool = solve(problems, QUICK, ProcessPool(2, never()), quiet)
    assert [said(day) for day in pool.days] == [said(day) for day in here.days]


def test_another_seed_is_another_search(problems: list[Problem]):
    """Else the test above would prove little: the seed is what the plans hang on."""

    def plans(seed: int) -> list[bytes]:
        return [day.plan.shift.tobytes() for day in solve_here(replace(QUICK, seed=seed), *problems).days]

    first = plans(0)
    assert any(plans(seed) != first for seed in range(1, 6))


@pytest.mark.parametrize("make", [ThisProcess, partial(ProcessPool, 2)], ids=["here", "pool"])
def test_results_come_in_the_order_of_the_items_and_progress_is_passed_on(make: Callable[[Stop], ThisProcess]):
    told: list[Progress] = []
    assert make(never()).run(doubled, [3, 1, 2], told.append) == [6, 2, 4]
    assert sorted(progress.day for progress in told) == [1, 2, 3]


@pytest.mark.parametrize("make", [ThisProcess, partial(ProcessPool, 2)], ids=["here", "pool"])
def test_a_task_that_fails_is_no_result(make: Callable[[Stop], ThisProcess]):
    with pytest.raises(ZeroDivisionError, match="item 1"):
        make(never()).run(fails, [1], quiet)


def test_no_items_give_no_results():
    assert ProcessPool(2, never()).run(doubled, [], quiet) == []


def test_a_worker_that_is_killed_costs_time_and_not_the_run(tmp_path: Path):
    marker = tmp_path / "died"
    task = partial(doubled_by_a_worker_that_dies_once, marker)
    assert ProcessPool(2, never()).run(task, [0, 1, 2, 3], quiet) == [0, 2, 4, 6]
    assert marker.exists()


# What crosses the executor


def test_what_crosses_the_executor_pickles(problems: list[Problem]):
    problem = problems[0]
    (result,) = solve_here(QUICK, problem).days
    tasks = [partial(task, QUICK) for task in (_cost_task, _level_task, _held_task)]
    crossing = (problem, Start(usual_day(problem), result.price), Progress(0, "prices", 1, 2.0, 3.0), tasks)
    again_problem, again_start, again_progress, again_tasks = pickle.loads(pickle.dumps(crossing))  # noqa: S301 - ours
    assert again_progress == crossing[2]
    assert [task.func for task in again_tasks] == [task.func for task in tasks]
    assert again_start.price.tobytes() == result.price.tobytes()
    assert said(solve_here(QUICK, again_problem).days[0]) == said(result)
    assert said(pickle.loads(pickle.dumps(result))) == said(result)  # noqa: S301 - ours


# Stopping


def assert_valid(problem: Problem, result: DayResult) -> None:
    assert keeps_rules(problem, result.plan)
    assert result.objective == pytest.approx(objective(problem, result.plan))
    assert result.bound <= result.objective


def test_a_deadline_that_has_passed_leaves_the_usual_timetable(problems: list[Problem]):
    stop = Stop(lambda: 10.0, deadline=10.0)
    result = solve(problems, ENDLESS, ThisProcess(stop), quiet)
    assert result.stopped_by == "time"
    assert not any(day.plan.shift.any() for day in result.days)


@pytest.mark.parametrize("make", [ThisProcess, partial(ProcessPool, 2)], ids=["here", "pool"])
def test_a_deadline_ends_endless_work_with_a_valid_plan(problems: list[Problem], make: Callable[[Stop], ThisProcess]):
    begun = time.monotonic()
    result = solve(problems[:2], ENDLESS, make(Stop(time.monotonic, begun + 2)), quiet)
    assert time.monotonic() - begun < 30
    assert result.stopped_by == "time"
    for problem, day in zip(problems, result.days, strict=False):
        assert_valid(problem, day)


@pytest.mark.parametrize("make", [ThisProcess, partial(ProcessPool, 2)], ids=["here", "pool"])
def test_asked_to_stop_while_improving_the_best_plan_so_far_is_kept(
    problems: list[Problem], make: Callable[[Stop], ThisProcess]
):
    stop = never()

    def ask_once_improving(progress: Progress) -> None:
        if progress.stage == "improving":
            stop.asked.set()

    result = solve(problems[:1], ENDLESS, make(stop), ask_once_improving)
    (day,) = result.days
    assert result.stopped_by == "user"
    assert_valid(problems[0], day)
    assert day.bound > 0
    assert day.objective < objective(problems[0], usual_day(problems[0]))


def test_asking_reaches_workers_that_have_begun():
    stop = never()
    asker = threading.Timer(0.5, stop.asked.set)
    asker.start()
    assert ProcessPool(2, stop).run(waits_to_be_stopped, [0, 1, 2], quiet) == ["user"] * 3
    asker.join()


def test_the_clock_reaches_workers():
    stop = Stop(time.monotonic, time.monotonic() + 0.5)
    assert ProcessPool(2, stop).run(waits_to_be_stopped, [0, 1], quiet) == ["time"] * 2


def test_a_persons_word_goes_before_the_clock():
    stop = Stop(lambda: 5.0, deadline=1.0)
    assert ThisProcess(stop).run(what_it_is_told, [0], quiet) == ["time"]
    stop.asked.set()
    assert ThisProcess(stop).run(what_it_is_told, [0], quiet) == ["user"]


@pytest.mark.parametrize(("now", "told"), [(0.9, None), (1.0, "time")])
def test_the_deadline_itself_is_too_late(now: float, told: str | None):
    class Clock:
        """Shows 0 until the task has begun, and then the time of the case."""

        shows = 0.0

        def __call__(self) -> float:
            return self.shows

    clock = Clock()

    def task(_: int, control: Control) -> str | None:
        clock.shows = now
        return control.stop()

    assert ThisProcess(Stop(clock, deadline=1.0)).run(task, [0], quiet) == [told]


@pytest.mark.parametrize(("share", "looks"), [(1.0, [40, 40, 40]), (0.5, [20, 20, 20])])
def test_items_have_even_parts_of_the_time_they_may_take(share: float, looks: list[int]):
    """120 seconds for three items, or half of it; the clock goes on by a second at each look."""
    clock = iter(range(1000))

    def looks_until_told(_: int, control: Control) -> int:
        count = 1
        while control.stop() is None:
            count += 1
        return count

    found = ThisProcess(Stop(lambda: float(next(clock)), deadline=120.0)).run(looks_until_told, [0, 1, 2], quiet, share)
    assert found == pytest.approx(looks, abs=2)


@pytest.mark.parametrize(
    ("workers", "items", "kind"),
    [(1, 5, ThisProcess), (4, 1, ThisProcess), (4, 0, ThisProcess), (2, 2, ProcessPool), (8, 3, ProcessPool)],
)
def test_a_pool_only_where_there_are_workers_and_items_for_it(workers: int, items: int, kind: type):
    assert type(make_executor(workers, items, never())) is kind


def test_prices_of_the_days_are_finite(problems: list[Problem]):
    result = solve_here(QUICK, *problems)
    assert all(np.isfinite(day.price).all() for day in result.days)
