"""Compare policies: the usual timetable, what was done by hand elsewhere, and our plan, in the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.audit import audit
from scheduler.domain.breaches import count_breaches
from scheduler.domain.comparison import KEEP_RULES, POLICIES, Candidate, standings
from scheduler.domain.load import figures
from scheduler.domain.plan import joined, usual_plan
from scheduler.domain.problem import build_problem, place_plan
from scheduler.errors import BrokenPlan
from scheduler.files.comparison_data import comparison_csv, comparison_json
from scheduler.files.comparison_page import comparison_page
from scheduler.files.region_folder import read_region
from scheduler.optimizer.params import SolveParams
from scheduler.optimizer.policies.bells import bell_times
from scheduler.optimizer.policies.greedy import first_fit
from scheduler.optimizer.policies.jitter import (
    JITTER_MINUTES,
    jittered_figures,
    mean_wait_minutes,
    spread_activities,
)
from scheduler.optimizer.policies.parents import parents_in_the_afternoon
from scheduler.optimizer.policies.rota import level_rota
from scheduler.optimizer.policies.usual import as_usual
from scheduler.service.planning import Means, plan_dates
from scheduler.service.stagger import Step
from scheduler.whole_folder import check_can_write_file, whole_file
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scheduler.domain.comparison import Standing
    from scheduler.domain.plan import Plan
    from scheduler.domain.problem import DayPlan, Problem
    from scheduler.domain.region import Region
    from scheduler.execution import Stop
    from scheduler.optimizer.work import Progress

RIVALS: dict[str, Callable[[Region, Sequence[Problem]], list[DayPlan]]] = {
    "usual": as_usual,
    "jitter": as_usual,
    "rota": level_rota,
    "parents": parents_in_the_afternoon,
    "bells": bell_times,
    "greedy": first_fit,
}
"""How each policy but our own makes its plans; jitter moves nothing, and then spreads the load."""


@dataclass(frozen=True)
class CompareOptions:
    """What a person asks for (CONTRACT section 6).

    Attributes
    ----------
    region : Path
    policies : tuple of str
        Of `POLICIES`; the usual timetable is always among those shown, and first.
    page, csv, json : Path or None
        Files to write.
    gap : float
        Proven gap at which our plan is good enough.
    time_limit : float or None
        Seconds that our plan may take.
    workers : int or None
        Processes; None = as many as serve.
    seed : int
    jitter_minutes : int
        Longest random delay of the policy ``jitter``, at least 1.
    language : str
        Of page and files.
    """

    region: Path
    policies: tuple[str, ...] = POLICIES
    page: Path | None = None
    csv: Path | None = None
    json: Path | None = None
    gap: float = 0.01
    time_limit: float | None = None
    workers: int | None = None
    seed: int = 0
    jitter_minutes: int = JITTER_MINUTES
    language: str = "en"


@dataclass(frozen=True, eq=False)
class Compared:
    """What came of it: the region, what each policy makes of it, their figures, and warnings about the files."""

    region: Region
    candidates: tuple[Candidate, ...]
    standings: tuple[Standing, ...]
    warnings: tuple[Text, ...]


def compare(options: CompareOptions, stop: Stop, on_step: Callable[[Step], None]) -> Compared:
    """Put the usual timetable and the named policies of a region side by side; write the files asked for.

    Raises
    ------
    FaultyInput
        With every fault of every file; nothing is written.
    CannotWrite
        A file could not be written.
    BrokenPlan
        Our own failure: a policy that promises the hard rules breaks one. Nothing is written.
    """
    files = [path for path in (options.page, options.csv, options.json) if path is not None]
    for path in files:
        check_can_write_file(path, options.region)
    on_step(Step(T("Reading {folder}", folder=options.region)))
    read = read_region(options.region)
    region, usual = read.region, usual_plan(read.region)
    on_step(Step(T("Finding who shares teachers, rooms and pupils")))
    problems = [build_problem(region, int(day)) for day in np.unique(usual.day)]
    asked = list(dict.fromkeys(("usual", *options.policies)))
    candidates = tuple(_candidate(policy, options, region, problems, stop, on_step) for policy in asked)
    done = Compared(
        region, candidates, standings(region, candidates), tuple(fault.as_text() for fault in read.warnings)
    )
    _write(options, done, on_step)
    return done


def _candidate(
    policy: str,
    options: CompareOptions,
    region: Region,
    problems: Sequence[Problem],
    stop: Stop,
    on_step: Callable[[Step], None],
) -> Candidate:
    """Make one policy's plan and reckon its figures."""
    bound: float | None = None
    if policy == "ours":
        days, bound = _ours(options, region, problems, stop, on_step)
    else:
        on_step(Step(T("Trying the policy {policy}", policy=policy)))
        days = RIVALS[policy](region, problems)
    plan = _joined(region, problems, days)
    if policy in KEEP_RULES and (violations := audit(region, plan)):
        raise BrokenPlan(violations)
    breaches, found, wait = count_breaches(region, plan), figures(region, plan, usual_plan(region)), 0.0
    if policy == "jitter":
        found = tuple(jittered_figures(region, plan, day, options.jitter_minutes) for day in found)
        breaches = breaches.with_more("start", spread_activities(region, plan, options.jitter_minutes))
        wait = mean_wait_minutes(region, plan, options.jitter_minutes)
    return Candidate(policy, plan, found, breaches, wait, bound)


def _joined(region: Region, problems: Sequence[Problem], days: Sequence[DayPlan]) -> Plan:
    return joined([place_plan(one, region.activities, day) for one, day in zip(problems, days, strict=True)])


def _ours(
    options: CompareOptions,
    region: Region,
    problems: Sequence[Problem],
    stop: Stop,
    on_step: Callable[[Step], None],
) -> tuple[list[DayPlan], float]:
    """Plan as ``etale stagger`` does; give the plans of the dates and the proven bound of all of them together."""
    dates = region.grid.dates

    def on_progress(progress: Progress) -> None:
        on_step(Step(T("Planning"), dates[progress.day], progress))

    if options.time_limit is not None:
        # The others take no time worth counting; the limit is for our plan alone.
        stop.deadline = stop.clock() + options.time_limit
    params = SolveParams(seed=options.seed, gap=options.gap)
    result, _ = plan_dates(problems, params, Means(options.workers), stop, on_progress)
    return [day.plan for day in result.days], sum(day.bound for day in result.days)


def _write(options: CompareOptions, done: Compared, on_step: Callable[[Step], None]) -> None:
    """Write the files that were asked for."""
    if options.page is not None:
        on_step(Step(T("Writing {folder}", folder=options.page)))
        page = comparison_page(done.region, done.candidates, done.standings, options.jitter_minutes, options.language)
        whole_file(options.page, page)
    if options.csv is not None:
        whole_file(options.csv, comparison_csv(done.region, done.standings))
    if options.json is not None:
        whole_file(options.json, comparison_json(done.region, done.candidates, done.standings, options.language))
