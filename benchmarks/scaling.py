"""How time grows with the schools, and what a second worker is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.command import PlanOptions, stagger
from benchmarks.sizes import case_of
from benchmarks.tables import NOTHING, Table, percent, seconds_of, whole

if TYPE_CHECKING:
    from benchmarks.figures import Figures
    from benchmarks.instances import Instances

SCHOOLS = (10, 40, 300, 1000, 4000)
WORKERS = (1, 2)
PART = "scaling"
COLUMNS = (
    *("schools", "activities", "workers", "whole command", "a thousand activities", "speed-up", "× former"),
    *("gap reached", "peak memory"),
)


def scaling(
    instances: Instances, figures: Figures, options: PlanOptions, schools: tuple[int, ...], workers: tuple[int, ...]
) -> None:
    """Print the table: one date of each size with each number of workers; the first number is what others speed up."""
    table = Table("Scaling", COLUMNS)
    for count in schools:
        first: float | None = None
        for hands in workers:
            mine = replace(options, workers=hands)
            run = stagger(instances.demo(count), instances.plan(f"{count}-{hands}"), mine)
            report, case = run.report, case_of(f"{count} schools", mine)
            table.row(
                whole(count),
                whole(report["activities"]),
                str(hands),
                seconds_of(run.seconds),
                f"{1000 * run.seconds / max(report['activities'], 1):.2f} s",
                NOTHING if first is None else f"× {first / run.seconds:.2f}",
                figures.ratio(PART, case, "seconds", run.seconds),
                percent(report["gap"]),
                f"{report['peak_memory_mib']:,.0f} MiB",
            )
            figures.keep(PART, case, seconds=run.seconds, gap=report["gap"], peak_mib=report["peak_memory_mib"])
            first = run.seconds if first is None else first
