"""The race: every entrant on the same date, with the same time, judged by the same plain functions.

Plans are judged by scheduler.domain.load and scheduler.domain.audit, which know nothing of how a plan was found.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.command import PlanOptions, stagger
from benchmarks.conditions import ROOT
from benchmarks.rivals import OURS, USUAL
from benchmarks.tables import NOTHING, Table, percent, seconds_of, whole
from scheduler.domain.audit import audit
from scheduler.domain.load import day_figures
from scheduler.domain.outcome import gap
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import DayPlan, build_problem, place_plan
from scheduler.files.plan_folder import read_plan_folder
from scheduler.files.region_folder import read_region

if TYPE_CHECKING:
    from benchmarks.figures import Figures
    from scheduler.domain.plan import Plan
    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region

PART = "rivals"
PATIENCE = 120.0
"""Seconds beyond twice the time limit after which a rival is ended: reading the region is not in its time."""

COLUMNS = (
    *("region", "activities", "entrant", "objective", "shift", "overload", "own bound", "own gap"),
    *("gap to the best bound", "broken rules", "time", "× former objective", "peak memory", "note"),
)


@dataclass(frozen=True)
class Course:
    """A region of one date, ready to be raced on."""

    name: str
    folder: Path
    region: Region
    problem: Problem


@dataclass(frozen=True)
class Attempt:
    """What an entrant brought home.

    Attributes
    ----------
    plan : Plan or None
    bound : float or None
        Head-minutes.
    seconds, peak_mib : float or None
    note : str
    """

    plan: Plan | None
    bound: float | None = None
    seconds: float | None = None
    peak_mib: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Judged:
    """An attempt with its verdict: objective and shift in head-minutes, overload in connection-minutes."""

    attempt: Attempt
    objective: float | None = None
    shift: float | None = None
    overload: float | None = None
    broken: int | None = None


@dataclass(frozen=True)
class Rules:
    """What is the same for all: seconds, threads, and the gap at which ours may stop before its time is over."""

    time_limit: float = 60.0
    workers: int = 1
    gap: float = 0.001


def course(name: str, folder: Path) -> Course:
    """Read a region folder of one date.

    Raises
    ------
    ValueError
        It has more dates.
    """
    region = read_region(folder).region
    if len(region.grid.dates) != 1:
        raise ValueError(f"{folder} has {len(region.grid.dates)} dates; a race is about one")
    return Course(name, folder, region, build_problem(region, 0))


def race(courses: list[Course], figures: Figures, entrants: tuple[str, ...], rules: Rules) -> None:
    """Print the table: every entrant on every course."""
    table = Table(f"Rivals: {rules.time_limit:g} s each, {rules.workers} worker(s)", COLUMNS)
    for where in courses:
        judged = {name: judge(where, attempt(where, name, rules)) for name in entrants}
        # A plan that keeps every rule shows that no true bound is above it.
        bounds = [one.attempt.bound for one in judged.values() if one.attempt.bound is not None]
        for name, one in judged.items():
            _row(table, figures, where, rules, name, one, max(bounds, default=None))
    table.note(
        "Everyone is judged by the same code, from the starts alone. The time of rivals runs from the moment the "
        "problem is in memory; ours is the whole command: start-up, reading, planning, audit and writing."
    )


def attempt(where: Course, name: str, rules: Rules) -> Attempt:
    """Let one entrant run."""
    if name == USUAL:
        return Attempt(usual_plan(where.region), note="nothing moves")
    with tempfile.TemporaryDirectory() as folder:
        if name == OURS:
            return _ours(where, Path(folder) / "plan", rules)
        return _alone(where, name, Path(folder) / "answer", rules)


def _ours(where: Course, out: Path, rules: Rules) -> Attempt:
    run = stagger(where.folder, out, PlanOptions(rules.gap, rules.time_limit, rules.workers))
    report = run.report
    plan = read_plan_folder(out, where.region).plan
    note = f"stopped by {report['stopped_by']}"
    return Attempt(plan, report["lower_bound"], run.seconds, report["peak_memory_mib"], note)


def _alone(where: Course, name: str, answer: Path, rules: Rules) -> Attempt:
    """Run a rival in a process of its own, and end it where it does not end by itself."""
    patience = 2 * rules.time_limit + PATIENCE
    arguments = [name, str(where.folder), str(answer), str(rules.time_limit), str(rules.workers)]
    command = [sys.executable, "-m", "benchmarks.rivals", *arguments]
    status, said = _bounded(command, patience)
    if status is None:
        return Attempt(None, note=f"ended by us after {patience:g} s")
    if status != 0:
        return Attempt(None, note=f"failed with status {status}: {' '.join(said.split()[-12:])}")
    told = json.loads(Path(f"{answer}.json").read_text(encoding="utf-8"))
    plan = None
    if Path(f"{answer}.npz").is_file():
        with np.load(f"{answer}.npz") as found:
            day = DayPlan(found["shift"], found["alternative"])
        plan = place_plan(where.problem, where.region.activities, day)
    return Attempt(plan, told["bound"], told["seconds"], told["peak_mib"], told["note"])


def _bounded(command: list[str], patience: float) -> tuple[int | None, str]:
    """Run a command for `patience` seconds at most; give its status, None where it was ended, and its stderr."""
    # A session of its own, so that what the command started, say a Java machine, ends with it.
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            _, said = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, said


def judge(where: Course, attempt: Attempt) -> Judged:
    """Reckon what an attempt's plan comes to, and count the hard rules that it breaks."""
    if attempt.plan is None:
        return Judged(attempt)
    cost = day_figures(where.region, 0, attempt.plan, usual_plan(where.region)).cost
    return Judged(attempt, cost.objective, cost.shift, cost.overload, len(audit(where.region, attempt.plan)))


def _row(
    table: Table, figures: Figures, where: Course, rules: Rules, name: str, one: Judged, best_bound: float | None
) -> None:
    case = f"{where.name}, {name}, {rules.time_limit:g} s, {rules.workers} workers"
    own, objective = one.attempt.bound, one.objective
    table.row(
        where.name,
        whole(len(where.problem)),
        name,
        whole(objective),
        whole(one.shift),
        whole(one.overload),
        whole(own),
        NOTHING if objective is None or own is None else percent(gap(objective, own)),
        NOTHING if objective is None or best_bound is None else percent(gap(objective, best_bound)),
        whole(one.broken),
        seconds_of(one.attempt.seconds),
        figures.ratio(PART, case, "objective", objective),
        NOTHING if one.attempt.peak_mib is None else f"{one.attempt.peak_mib:,.0f} MiB",
        one.attempt.note or NOTHING,
    )
    figures.keep(PART, case, seconds=one.attempt.seconds, objective=objective, peak_mib=one.attempt.peak_mib)
