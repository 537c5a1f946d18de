"""Stagger a region folder: from its files to a plan folder, audited on the way."""

from __future__ import annotations

import resource
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.audit import audit
from scheduler.domain.explanation import Explanation, explain
from scheduler.domain.load import DayFigures, figures
from scheduler.domain.outcome import DayProof, Level, Outcome
from scheduler.domain.plan import joined, usual_plan
from scheduler.domain.problem import Problem, build_problem, place_plan, take_plan
from scheduler.domain.publication import time_without_clock
from scheduler.errors import BrokenPlan
from scheduler.execution import make_executor
from scheduler.feeds.ics import plan_feeds
from scheduler.files.plan_folder import RunConditions, check_can_write, read_plan_folder, write_plan_folder
from scheduler.files.region_folder import read_region
from scheduler.files.result_page import result_page
from scheduler.optimizer.day import Start
from scheduler.optimizer.params import SolveParams
from scheduler.optimizer.solve import Result, solve
from scheduler.wording import T, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scheduler.domain.region import Region
    from scheduler.execution import Stop
    from scheduler.optimizer.day import Progress

SMALL = 4000
"""Activities up to which a pool of processes takes longer to start than it saves."""

LISTED_OVERLAPS = 1000
"""Overlapping sharers named one by one in the warnings; more are counted."""

PAGE = "index.html"


@dataclass(frozen=True)
class StaggerOptions:
    """What a person asks for (CONTRACT section 6).

    Attributes
    ----------
    region, out : Path
        The region folder and the plan folder.
    gap : float
        Proven gap at which a date is good enough.
    workers : int or None
        Processes; None = as many as serve.
    seed : int
    objective : str
        ``cost`` or ``level``.
    start_from : Path or None
        A former plan folder to begin with.
    feeds : bool
        Write calendar files too.
    language : str
        Of warnings, page and feeds.
    """

    region: Path
    out: Path
    gap: float = 0.01
    workers: int | None = None
    seed: int = 0
    objective: str = "cost"
    start_from: Path | None = None
    feeds: bool = False
    language: str = "en"


@dataclass(frozen=True)
class Staggered:
    """What came of it: the region, the plan with its proof, its figures, how long it took, and why it is so."""

    region: Region
    outcome: Outcome
    figures: tuple[DayFigures, ...]
    conditions: RunConditions
    explanation: Explanation


@dataclass(frozen=True)
class Step:
    """What is being done, in words; while planning, how far which date has come."""

    words: Text
    date: dt.date | None = None
    progress: Progress | None = None


def stagger(options: StaggerOptions, stop: Stop, on_step: Callable[[Step], None]) -> Staggered:
    """Plan a region folder and write the plan folder.

    Raises
    ------
    FaultyInput
        With every fault of every file; nothing is written.
    CannotWrite
        The plan folder could not be written; what stood there still stands.
    BrokenPlan
        Our own failure: the plan breaks a rule. Nothing is written.
    """
    begun = stop.clock()
    check_can_write(options.out)
    on_step(Step(T("Reading {folder}", folder=options.region)))
    read = read_region(options.region)
    region = read.region
    on_step(Step(T("Finding who shares teachers, rooms and pupils")))
    usual = usual_plan(region)
    problems = [build_problem(region, int(day)) for day in np.unique(usual.day)]
    starts = _starts(options, region, problems)
    params = SolveParams(seed=options.seed, gap=options.gap, objective=options.objective)
    small = options.workers is None and len(usual) <= SMALL
    executor = make_executor(1 if small else options.workers, len(problems), stop)
    dates = region.grid.dates

    def on_progress(progress: Progress) -> None:
        on_step(Step(T("Planning"), dates[progress.day], progress))

    result = solve(problems, params, executor, on_progress, starts)
    outcome = _outcome(region, problems, result, options.seed, [fault.as_text() for fault in read.warnings])
    on_step(Step(T("Checking every rule again")))
    violations = audit(region, outcome.plan)
    if violations:
        raise BrokenPlan(violations)
    days = figures(region, outcome.plan, usual)
    explanation = explain(region, problems, outcome, days)
    on_step(Step(T("Writing {folder}", folder=options.out)))
    conditions = RunConditions(stop.clock() - begun, _peak_memory_mib(), options.language)
    extra = _extra(options, region, outcome, days, conditions, explanation)
    write_plan_folder(options.out, region, outcome, days, conditions, extra, explanation)
    return Staggered(region, outcome, days, conditions, explanation)


def _starts(options: StaggerOptions, region: Region, problems: list[Problem]) -> list[Start] | None:
    """Take a former plan and its prices, where there is one."""
    if options.start_from is None:
        return None
    stored = read_plan_folder(options.start_from, region)
    return [
        Start(take_plan(problem, region.activities, stored.plan), stored.prices(region, problem.day))
        for problem in problems
    ]


def _outcome(region: Region, problems: list[Problem], result: Result, seed: int, warnings: list[Text]) -> Outcome:
    """Turn the optimizer's result into a plan of the horizon with its proof."""
    level = None
    if result.level is not None and result.level_bound is not None:
        level = Level(result.level, result.level_bound)
    return Outcome(
        plan=joined(
            [
                place_plan(problem, region.activities, day.plan)
                for problem, day in zip(problems, result.days, strict=True)
            ]
        ),
        proofs=tuple(DayProof(day.day, day.bound, day.price) for day in result.days),
        stopped_by=result.stopped_by,
        seed=seed,
        level=level,
        warnings=(*warnings, *_overlaps(region, problems)),
        least_raises={day.day: day.least_raises for day in result.days if day.least_raises is not None},
    )


def _overlaps(region: Region, problems: list[Problem]) -> list[Text]:
    """Warn of sharers that already overlap in the usual timetable (CONTRACT section 3, rule 5)."""
    pairs = np.unique(np.concatenate([np.zeros((0, 2), np.int32), *(one.overlapping for one in problems)]), axis=0)
    activities = region.activities
    warnings = [
        T(
            "{school}: sessions {one} and {other} usually overlap though they share a teacher, a room or pupils; "
            "they keep their distance",
            school=activities.school_key(int(one)),
            one=activities.key_of(int(one)),
            other=activities.key_of(int(other)),
        )
        for one, other in pairs[:LISTED_OVERLAPS]
    ]
    if len(pairs) > LISTED_OVERLAPS:
        warnings.append(
            T("Pairs of sessions that overlap in the same way: {count} more", count=len(pairs) - LISTED_OVERLAPS)
        )
    return warnings


def _extra(
    options: StaggerOptions,
    region: Region,
    outcome: Outcome,
    days: tuple[DayFigures, ...],
    conditions: RunConditions,
    explanation: Explanation,
) -> Iterator[tuple[str, bytes]]:
    """Make what lies beside the plan: the page, and the calendar files where asked for."""
    page = result_page(region, outcome, days, conditions.seconds, options.language, explanation=explanation)
    yield PAGE, page
    if options.feeds:
        yield from plan_feeds(region, outcome.plan, time_without_clock(region), options.language)


def _peak_memory_mib() -> float:
    """Give the most memory that this process and its largest worker held at once, in MiB."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + workers) / 1024
