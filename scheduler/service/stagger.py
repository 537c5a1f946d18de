"""Stagger a region folder: from its files to a plan folder, audited on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.audit import audit
from scheduler.domain.explanation import Explanation, explain
from scheduler.domain.load import DayFigures, figures
from scheduler.domain.outcome import DayProof, Level, Outcome
from scheduler.domain.plan import joined, usual_plan
from scheduler.domain.problem import Problem, build_problem, place_plan, take_plan
from scheduler.domain.publication import time_without_clock
from scheduler.domain.reference import Reference
from scheduler.errors import BrokenPlan
from scheduler.execution.memory import peak_mib
from scheduler.feeds.ics import plan_feeds
from scheduler.files.plan_folder import RunConditions, check_can_write, read_plan_folder, write_plan_folder
from scheduler.files.region_folder import read_region
from scheduler.files.result_page import result_page
from scheduler.optimizer.day import Start
from scheduler.optimizer.params import SolveParams
from scheduler.service.planning import Means, plan_dates
from scheduler.wording import T, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scheduler.domain.region import Region
    from scheduler.execution import Stop
    from scheduler.optimizer.solve import Result
    from scheduler.optimizer.work import Progress

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
    means : Means
        Workers, cluster, memory.
    seed : int
    objective : str
        ``cost`` or ``level``.
    reorder : bool
        Sessions that share people or rooms may change their order where that pays; the gap is no proof then.
    start_from : Path or None
        A former plan folder to begin with.
    stay_close_to : Path or None
        A former plan folder that changes are counted and paid for against, instead of the usual timetable.
    feeds : bool
        Write calendar files too.
    language : str
        Of warnings, page and feeds.
    """

    region: Path
    out: Path
    gap: float = 0.01
    means: Means = field(default_factory=Means)
    seed: int = 0
    objective: str = "cost"
    reorder: bool = False
    start_from: Path | None = None
    stay_close_to: Path | None = None
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
    reference, unknown = former_plan(options.stay_close_to, region)
    problems = [build_problem(region, int(day), reference) for day in np.unique(usual.day)]
    starts = _starts(options, region, problems)
    params = SolveParams(seed=options.seed, gap=options.gap, objective=options.objective, reorder=options.reorder)
    dates = region.grid.dates

    def on_progress(progress: Progress) -> None:
        on_step(Step(T("Planning"), dates[progress.day], progress))

    result, memory_mib = plan_dates(problems, params, options.means, stop, on_progress, starts)
    warnings = [*(fault.as_text() for fault in read.warnings), *unknown]
    outcome = replace(_outcome(region, problems, result, options.seed, warnings), reference=reference)
    on_step(Step(T("Checking every rule again")))
    violations = audit(region, outcome.plan, order_kept=not options.reorder)
    if violations:
        raise BrokenPlan(violations)
    days = figures(region, outcome.plan, usual, reference)
    # Against a former plan "moved" has another meaning than the reasons know.
    explained = problems if reference is None else []
    explanation = explain(region, explained, outcome, days, order_kept=not options.reorder)
    on_step(Step(T("Writing {folder}", folder=options.out)))
    conditions = RunConditions(
        stop.clock() - begun, max(memory_mib, peak_mib()), options.language, order_kept=not options.reorder
    )
    extra = _extra(options, region, outcome, days, conditions, explanation)
    write_plan_folder(options.out, region, outcome, days, conditions, extra, explanation)
    return Staggered(region, outcome, days, conditions, explanation)


def former_plan(folder: Path | None, region: Region) -> tuple[Reference | None, list[Text]]:
    """Read the plan to stay close to, and warn where it has rows that the region has no place for.

    Raises
    ------
    FaultyInput
        Where the folder cannot be read, with every fault.
    """
    if folder is None:
        return None, []
    stored = read_plan_folder(folder, region)
    unknown = [problem for problem in stored.problems if problem.file == "plan.csv"]
    warnings = [
        T(
            "the former plan in {folder} names what the region does not have, and what it names counts as usual; "
            "first {row}",
            folder=folder,
            row=problem.as_text(),
        )
        for problem in unknown[:1]
    ]
    return Reference.of(region, stored.plan), warnings


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
    page = result_page(
        region,
        outcome,
        days,
        conditions.seconds,
        options.language,
        conditions.order_kept,
        explanation=explanation,
    )
    yield PAGE, page
    if options.feeds:
        yield from plan_feeds(region, outcome.plan, time_without_clock(region), options.language)
