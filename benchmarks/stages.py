"""Where the time goes: seconds a stage, from the lines of progress of whole commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.command import PlanOptions, Run, stagger
from benchmarks.sizes import case_of
from benchmarks.tables import Table, percent, seconds_of, whole

if TYPE_CHECKING:
    from benchmarks.figures import Figures
    from benchmarks.instances import Instances

SCHOOLS = (10, 40, 300)
PART = "stages"
STARTING, DONE = "starting", "done"
_STEP = re.compile(r"^\s*\d+ s  (?P<words>.+)$")
_PLANNING = re.compile(r"^[^:]+: (?P<stage>.+?), step \d")


def stages(instances: Instances, figures: Figures, options: PlanOptions, schools: tuple[int, ...]) -> None:
    """Print the table: one date of each size."""
    table = Table("Stages", ("schools", "activities", "stage", "time", "share", "× former"))
    for count in schools:
        run = stagger(instances.demo(count), instances.plan(f"{count}"), options)
        for stage, seconds in seconds_a_stage(run).items():
            case = case_of(f"{count} schools, {stage}", options)
            table.row(
                whole(count),
                whole(run.report["activities"]),
                stage,
                seconds_of(seconds),
                percent(seconds / run.seconds),
                figures.ratio(PART, case, "seconds", seconds),
            )
            figures.keep(PART, case, seconds=seconds)
    table.note(
        "A stage lasts from its first line of progress to the next one's. "
        "A stage of planning tells of its first step when that is done, so the step counts to the stage before."
    )


def seconds_a_stage(run: Run) -> dict[str, float]:
    """Share the seconds of a run of one date out to its stages, in their order; together they are all of it."""
    seconds: dict[str, float] = {}
    stage, since = STARTING, 0.0
    for at, line in (*((at, stage_of(line)) for at, line in run.lines), (run.seconds, DONE)):
        if line is None:
            continue
        seconds[stage] = seconds.get(stage, 0.0) + at - since
        stage, since = line, at
    return seconds


def stage_of(line: str) -> str | None:
    """Give the stage that a line of progress tells of, without the folder's name; None where it is no such line."""
    step = _STEP.match(line)
    if step is None:
        return None
    planning = _PLANNING.match(step["words"])
    if planning is not None:
        return f"planning: {planning['stage']}"
    words = [word for word in step["words"].split() if "/" not in word]
    return " ".join(words).lower()
