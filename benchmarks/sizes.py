"""How long, how much memory, how good, by size: one date of 10 to 1,000 schools, then a national week and a re-plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.command import PlanOptions, stagger
from benchmarks.tables import Table, percent, seconds_of, whole

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.figures import Figures
    from benchmarks.instances import Instances

SCHOOLS = (10, 40, 300, 1000)
PART = "sizes"
COLUMNS = (
    *("schools", "dates", "activities", "gap asked", "gap reached", "whole command", "× former", "target"),
    *("peak memory", "moved", "status", "stopped by"),
)


@dataclass(frozen=True)
class Line:
    """One line of the table: what is planned, and how."""

    case: str
    region: Path
    out: Path
    options: PlanOptions


def sizes(
    instances: Instances, figures: Figures, options: PlanOptions, schools: tuple[int, ...], *, week: int | None = None
) -> None:
    """Print the table.

    Parameters
    ----------
    schools : tuple of int
        Sizes of one date.
    week : int or None
        Schools of the national week that follows, and of the re-plan after an outage from its plan; None = neither.
    """
    table = Table("Sizes", COLUMNS)
    for count in schools:
        _run(table, figures, Line(f"{count} schools", instances.demo(count), instances.plan(f"{count}"), options))
    if week is not None:
        region, plan = instances.france(week), instances.plan(f"week-{week}")
        _run(table, figures, Line(f"week of {week} schools", region, plan, options))
        again = replace(options, start_from=plan)
        changed = Line(
            f"week of {week} schools, re-planned", instances.changed(region), instances.plan("changed"), again
        )
        _run(table, figures, changed)
    table.note("Each line is a process of its own: start-up, reading, planning, audit and writing are in it.")


def _run(table: Table, figures: Figures, line: Line) -> None:
    run = stagger(line.region, line.out, line.options)
    report, case = run.report, case_of(line.case, line.options)
    target = ", ".join(
        shown(wanted)
        for measure, shown in (("gap", percent), ("seconds", seconds_of))
        if (wanted := figures.wanted(PART, case, measure)) is not None
    )
    table.row(
        line.case,
        str(len(report["days"])),
        whole(report["activities"]),
        percent(line.options.gap),
        percent(report["gap"]),
        seconds_of(run.seconds),
        figures.ratio(PART, case, "seconds", run.seconds),
        target or "–",
        f"{report['peak_memory_mib']:,.0f} MiB",
        f"{report['moved'] / max(report['activities'], 1):.0%}",
        report["status"],
        report["stopped_by"],
    )
    figures.keep(PART, case, seconds=run.seconds, gap=report["gap"], peak_mib=report["peak_memory_mib"])


def case_of(name: str, options: PlanOptions) -> str:
    """Name a case by everything that its figures depend on."""
    limit = "" if options.time_limit is None else f", {options.time_limit:g} s"
    workers = "" if options.workers is None else f", {options.workers} workers"
    return f"{name}, gap {options.gap:g}{limit}{workers}"
