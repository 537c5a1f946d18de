"""Stagger a region folder: from its files to a plan folder, audited on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scheduler.domain.publication import time_without_clock
from scheduler.execution.memory import peak_mib
from scheduler.feeds.ics import plan_feeds
from scheduler.files.plan_folder import RunConditions, check_can_write, read_plan_folder, write_plan_folder
from scheduler.files.region_folder import read_region
from scheduler.optimizer.params import SolveParams
from scheduler.service.outcomes import Judged, compared_with, judge, outcome_of, page_of, problems_of
from scheduler.service.planning import Means, plan_dates, starts_from
from scheduler.wording import T, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scheduler.domain.explanation import Explanation
    from scheduler.domain.load import DayFigures
    from scheduler.domain.outcome import Outcome
    from scheduler.domain.problem import Problem
    from scheduler.domain.reference import Reference
    from scheduler.domain.region import Region
    from scheduler.execution import Stop
    from scheduler.optimizer.day import Start
    from scheduler.optimizer.work import Progress

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
    reference, unknown = former_plan(options.stay_close_to, region)
    problems = problems_of(region, reference)
    starts = _starts(options, region, problems)
    params = SolveParams(seed=options.seed, gap=options.gap, objective=options.objective, reorder=options.reorder)
    dates = region.grid.dates

    def on_progress(progress: Progress) -> None:
        on_step(Step(T("Planning"), dates[progress.day], progress))

    result, memory_mib = plan_dates(problems, params, options.means, stop, on_progress, starts)
    outcome = outcome_of(
        region,
        problems,
        result.days,
        stopped_by=result.stopped_by,
        seed=options.seed,
        level=result.horizon_level,
        warnings=[*(fault.as_text() for fault in read.warnings), *unknown],
        reference=reference,
    )
    on_step(Step(T("Checking every rule again")))
    judged = judge(region, problems, outcome, order_kept=not options.reorder)
    on_step(Step(T("Writing {folder}", folder=options.out)))
    conditions = RunConditions(
        stop.clock() - begun, max(memory_mib, peak_mib()), options.language, order_kept=not options.reorder
    )
    extra = _extra(options, region, judged, conditions)
    write_plan_folder(options.out, region, outcome, judged.figures, conditions, extra, judged.explanation)
    return Staggered(region, outcome, judged.figures, conditions, judged.explanation)


def former_plan(folder: Path | None, region: Region) -> tuple[Reference | None, list[Text]]:
    """Read the plan to stay close to, and warn where it has rows that the region has no place for.

    Raises
    ------
    FaultyInput
        Where the folder cannot be read, with every fault.
    """
    if folder is None:
        return None, []
    reference, unknown = compared_with(read_plan_folder(folder, region), region)
    warnings = [
        T(
            "the former plan in {folder} names what the region does not have, and what it names counts as usual; "
            "first {row}",
            folder=folder,
            row=row,
        )
        for row in unknown[:1]
    ]
    return reference, warnings


def _starts(options: StaggerOptions, region: Region, problems: list[Problem]) -> list[Start] | None:
    """Take a former plan and its prices, where there is one."""
    if options.start_from is None:
        return None
    return starts_from(read_plan_folder(options.start_from, region), region, problems)


def _extra(
    options: StaggerOptions, region: Region, judged: Judged, conditions: RunConditions
) -> Iterator[tuple[str, bytes]]:
    """Make what lies beside the plan: the page, and the calendar files where asked for."""
    yield PAGE, page_of(region, judged, conditions)
    if options.feeds:
        yield from plan_feeds(region, judged.outcome.plan, time_without_clock(region), options.language)
