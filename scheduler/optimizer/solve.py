"""The single door: the problems of a horizon in, plans with proven bounds out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.outcome import DayResult, Level
from scheduler.optimizer.day import ROUNDING, DayJob, Start
from scheduler.optimizer.level import LevelJob, ceiling_at, level_of
from scheduler.optimizer.reorder import ReorderJob

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.params import SolveParams
    from scheduler.optimizer.work import Executor, Progress

    Tell = Callable[[Sequence[DayResult]], None]

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

    @property
    def horizon_level(self) -> Level | None:
        """The level and its bound; with objective ``level`` only."""
        return None if self.level is None or self.level_bound is None else Level(self.level, self.level_bound)


@dataclass(frozen=True)
class Kept:
    """What keeps the dates that are finished, so that a solve that was cut off goes on with the others.

    Attributes
    ----------
    done : mapping
        day -> what came of it before, with the same problems, parameters and starts.
    tell : callable
        Told of dates whose results are final, in this process, as they are finished; equal dates together.
    """

    done: Mapping[int, DayResult] = field(default_factory=dict)
    tell: Tell = field(default=lambda _: None)


def solve(
    problems: Sequence[Problem],
    params: SolveParams,
    executor: Executor,
    on_progress: Callable[[Progress], None],
    starts: Sequence[Start] | None = None,
    kept: Kept | None = None,
) -> Result:
    """Plan the dates of a horizon.

    Dates share no limit, so each is solved on its own, wherever the executor puts it; the same problems, parameters
    and starts give the same result on every executor unless it stops the work, and wherever it was cut off before.

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
    kept : Kept, optional
    """
    given = list(starts) if starts is not None else [Start()] * len(problems)
    dates = _Dates(problems, params, executor, on_progress, kept or Kept())
    if params.objective == "level":
        return _solve_level(dates, given)
    first = _first_alike(problems, given)
    days = dates.run([DayJob(problem, params, start) for problem, start in zip(problems, given, strict=True)], first)
    return Result(tuple(days), _reason(days, [day.stopped_by for day in days], params))


@dataclass(frozen=True)
class _Dates:
    """The dates of a horizon, and what plans them."""

    problems: Sequence[Problem]
    params: SolveParams
    executor: Executor
    on_progress: Callable[[Progress], None]
    kept: Kept

    def run(self, jobs: Sequence[DayJob], first: Sequence[int]) -> list[DayResult]:
        """Plan the dates that are not done; `first` names for each date the one that is planned in its place."""
        found = {first[at]: self.kept.done[p.day] for at, p in enumerate(self.problems) if p.day in self.kept.done}
        for at in found:
            self._tell(first, at, found[at])
        missing = sorted(set(first) - set(found))

        def on_result(place: int, result: DayResult) -> None:
            found[missing[place]] = result
            self._tell(first, missing[place], result)

        self._run_missing([jobs[at] for at in missing], on_result)
        return [replace(found[at], day=problem.day) for at, problem in zip(first, self.problems, strict=True)]

    def _tell(self, first: Sequence[int], at: int, result: DayResult) -> None:
        """Tell a result for its date and those alike, where they are not done."""
        days = [problem.day for problem, one in zip(self.problems, first, strict=True) if one == at]
        news = [replace(result, day=day) for day in days if day not in self.kept.done]
        if news:
            self.kept.tell(news)

    def _run_missing(self, jobs: list[DayJob], on_result: Callable[[int, DayResult], None]) -> None:
        """Plan dates; with ``reorder``, first keeping the order, then changing it where that pays."""
        if not self.params.reorder:
            self.executor.run(jobs, self.on_progress, 1.0, on_result)
            return
        ordered = self.executor.run(jobs, self.on_progress, ORDER_KEPT_SHARE)
        free = [ReorderJob(job, result) for job, result in zip(jobs, ordered, strict=True)]
        self.executor.run(free, self.on_progress, 1.0, on_result)


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
        for each in fields(one) if one is not None else ():
            value = getattr(one, each.name)
            if isinstance(value, np.ndarray):
                digest.update(f"{each.name} {value.dtype} {value.shape}".encode())
                digest.update(np.ascontiguousarray(value).data)
            elif isinstance(value, (int, float)) and each.name != "day":
                digest.update(f"{each.name} {value!r}".encode())
    return digest.digest()


def _solve_level(dates: _Dates, starts: list[Start]) -> Result:
    """First the lowest level of the horizon, that of its hardest date; then every date at its cheapest below it.

    The level is of all dates, so it is found again where a solve was cut off.
    """
    problems, params = dates.problems, dates.params
    jobs = [LevelJob(problem, params, start) for problem, start in zip(problems, starts, strict=True)]
    levels = dates.executor.run(jobs, dates.on_progress, LEVEL_SHARE)
    level = max((one.level for one in levels), default=0.0)
    bound = max((one.bound for one in levels), default=0.0)
    held = [
        DayJob(problem, params, Start(one.plan, start.price), ceiling_at(problem, level))
        for problem, one, start in zip(problems, levels, starts, strict=True)
    ]
    days = dates.run(held, range(len(problems)))
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
    whole = replace(params, enough=params.enough * len(days))
    done = whole.is_done(sum(day.objective for day in days), sum(day.bound for day in days), ROUNDING)
    if not params.reorder and done:
        return "gap"
    return next((reason for reason in ("user", "time", "work") if reason in reasons), "gap")
