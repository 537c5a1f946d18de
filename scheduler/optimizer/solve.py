"""The single door: the problems of a horizon in, plans with proven bounds out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.outcome import gap
from scheduler.optimizer.day import ROUNDING, DayJob, DayResult, Start
from scheduler.optimizer.level import LevelJob, ceiling_at, level_of
from scheduler.optimizer.reorder import ReorderJob

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.params import SolveParams
    from scheduler.optimizer.work import Executor, Progress

LEVEL_SHARE = 0.6
"""Of limited time, what finding the level may take; the rest is for the cost below it."""

ORDER_KEPT_SHARE = 0.6
"""Of limited time, what plans that keep the order may take where it may change; the rest is for changing it."""


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
    first = _first_alike(problems, given)
    jobs = {at: DayJob(problems[at], params, given[at]) for at in sorted(set(first))}
    done = dict(zip(jobs, _run_days(list(jobs.values()), params, executor, on_progress), strict=True))
    days = [replace(done[at], day=problem.day) for at, problem in zip(first, problems, strict=True)]
    return Result(tuple(days), _reason(days, [day.stopped_by for day in days], params))


def _run_days(
    jobs: list[DayJob], params: SolveParams, executor: Executor, on_progress: Callable[[Progress], None]
) -> list[DayResult]:
    """Plan dates; with ``reorder``, first keeping the order, then changing it where that pays."""
    if not params.reorder:
        return executor.run(jobs, on_progress)
    kept = executor.run(jobs, on_progress, ORDER_KEPT_SHARE)
    return executor.run([ReorderJob(job, result) for job, result in zip(jobs, kept, strict=True)], on_progress)


def _first_alike(problems: Sequence[Problem], starts: Sequence[Start]) -> list[int]:
    """Give for each date the first one that is the same but for its date: it is solved once (ENGINE section 6)."""
    first: dict[bytes, int] = {}
    return [
        first.setdefault(_fingerprint(problem, start), at)
        for at, (problem, start) in enumerate(zip(problems, starts, strict=True))
    ]


def _fingerprint(problem: Problem, start: Start) -> bytes:
    """Give the same bytes for problems and starts that differ in nothing but the date."""
    digest = hashlib.sha256()
    for one in (problem, problem.profiles, start, start.plan):
        for field in fields(one) if one is not None else ():
            value = getattr(one, field.name)
            if isinstance(value, np.ndarray):
                digest.update(f"{field.name} {value.dtype} {value.shape}".encode())
                digest.update(np.ascontiguousarray(value).data)
            elif isinstance(value, (int, float)) and field.name != "day":
                digest.update(f"{field.name} {value!r}".encode())
    return digest.digest()


def _solve_level(
    problems: Sequence[Problem],
    params: SolveParams,
    executor: Executor,
    on_progress: Callable[[Progress], None],
    starts: list[Start],
) -> Result:
    """First the lowest level of the horizon, that of its hardest date; then every date at its cheapest below it."""
    jobs = [LevelJob(problem, params, start) for problem, start in zip(problems, starts, strict=True)]
    levels = executor.run(jobs, on_progress, LEVEL_SHARE)
    level = max((one.level for one in levels), default=0.0)
    bound = max((one.bound for one in levels), default=0.0)
    held = [
        DayJob(problem, params, Start(one.plan, start.price), ceiling_at(problem, level))
        for problem, one, start in zip(problems, levels, starts, strict=True)
    ]
    days = _run_days(held, params, executor, on_progress)
    reached = max((level_of(problem, day.plan) for problem, day in zip(problems, days, strict=True)), default=0.0)
    reasons = [one.stopped_by for one in levels] + [day.stopped_by for day in days]
    # Both are rounded, so the bound may be above by a hair; one of plans that keep the order may truly be above.
    return Result(
        tuple(days), _reason(days, reasons, params), reached, bound if params.reorder else min(bound, reached)
    )


def _reason(days: Sequence[DayResult], reasons: Sequence[str], params: SolveParams) -> str:
    """Give why the horizon was done: its gap, else a person's word, then the clock, then the work of some date.

    Where the order may change, the gap is no proof, and so no reason either.
    """
    proven = gap(sum(day.objective for day in days), sum(day.bound for day in days))
    if not params.reorder and proven <= params.gap + ROUNDING:
        return "gap"
    return next((reason for reason in ("user", "time", "work") if reason in reasons), "gap")
