"""The single door: the problems of a horizon in, plans with proven bounds out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from scheduler.domain.outcome import gap
from scheduler.optimizer.day import ROUNDING, DayResult, Start, solve_day
from scheduler.optimizer.level import LevelResult, ceiling_at, level_of, solve_level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.day import Control, Progress
    from scheduler.optimizer.params import SolveParams

LEVEL_SHARE = 0.6
"""Of limited time, what finding the level may take; the rest is for the cost below it."""

T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """Where work runs; see scheduler.execution."""

    def run(
        self,
        task: Callable[[T, Control], R],
        items: Sequence[T],
        on_progress: Callable[[Progress], None],
        share: float = 1.0,
    ) -> list[R]:
        """Do `task` for every item and give the results in the order of the items.

        Where time is limited, all items together may take `share` of what is left, each an even part of it.
        """


@dataclass(frozen=True)
class Result:
    """The plans of a horizon.

    Attributes
    ----------
    days : tuple of DayResult
        In the order of the problems.
    stopped_by : str
        ``gap``, ``work``, ``time`` or ``user``.
    level, level_bound : float or None
        With objective ``level``: the highest load/capacity of the plans, and a proven bound of it.
    """

    days: tuple[DayResult, ...]
    stopped_by: str
    level: float | None = None
    level_bound: float | None = None


def solve(
    problems: Sequence[Problem],
    params: SolveParams,
    executor: Executor,
    on_progress: Callable[[Progress], None],
    starts: Sequence[Start] | None = None,
) -> Result:
    """Plan the dates of a horizon.

    Dates share no limit, so each is solved on its own, wherever the executor puts it; the same problems, parameters
    and starts give the same result on every executor unless it stops the work.

    Parameters
    ----------
    problems : sequence of Problem
        One a date with activities.
    params : SolveParams
    executor : Executor
    on_progress : callable
        Told of each step, in this process.
    starts : sequence of Start, optional
        One a problem.
    """
    given = list(starts) if starts is not None else [Start()] * len(problems)
    if params.objective == "level":
        return _solve_level(problems, params, executor, on_progress, given)
    tasks = list(zip(problems, given, strict=True))
    days = executor.run(partial(_cost_task, params), tasks, on_progress)
    return Result(tuple(days), _reason(days, [day.stopped_by for day in days], params))


def _solve_level(
    problems: Sequence[Problem],
    params: SolveParams,
    executor: Executor,
    on_progress: Callable[[Progress], None],
    starts: list[Start],
) -> Result:
    """First the lowest level of the horizon, that of its hardest date; then every date at its cheapest below it."""
    tasks = list(zip(problems, starts, strict=True))
    levels = executor.run(partial(_level_task, params), tasks, on_progress, LEVEL_SHARE)
    level = max((one.level for one in levels), default=0.0)
    bound = max((one.bound for one in levels), default=0.0)
    held = [
        (problem, Start(one.plan, start.price), level)
        for problem, one, start in zip(problems, levels, starts, strict=True)
    ]
    days = executor.run(partial(_held_task, params), held, on_progress)
    reached = max((level_of(problem, day.plan) for problem, day in zip(problems, days, strict=True)), default=0.0)
    reasons = [one.stopped_by for one in levels] + [day.stopped_by for day in days]
    return Result(tuple(days), _reason(days, reasons, params), reached, min(bound, reached))


def _reason(days: Sequence[DayResult], reasons: Sequence[str], params: SolveParams) -> str:
    """Give why the horizon was done: its gap, else a person's word, then the clock, then the work of some date."""
    if gap(sum(day.objective for day in days), sum(day.bound for day in days)) <= params.gap + ROUNDING:
        return "gap"
    return next((reason for reason in ("user", "time", "work") if reason in reasons), "gap")


def _cost_task(params: SolveParams, task: tuple[Problem, Start], control: Control) -> DayResult:
    problem, start = task
    return solve_day(problem, params, control, start)


def _level_task(params: SolveParams, task: tuple[Problem, Start], control: Control) -> LevelResult:
    problem, start = task
    return solve_level(problem, params, control, start)


def _held_task(params: SolveParams, task: tuple[Problem, Start, float], control: Control) -> DayResult:
    problem, start, level = task
    return solve_day(problem, params, control, start, ceiling_at(problem, level))
