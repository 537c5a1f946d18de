"""Reading a plan folder back and matching it to a region (CONTRACT section 5).

What cannot be read at all is a fault and stops; what can be read but names something that the region does not have
is a problem of the plan, to be told like a broken rule.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.reference import Reference
from scheduler.domain.stored import LoadCell, StoredPlan
from scheduler.errors import Fault, FaultyInput
from scheduler.files.cells import iso_date, number, number_from_0, shown, time_of_day, whole
from scheduler.files.csv_rows import Source
from scheduler.files.fault_list import FaultList, Findings
from scheduler.files.plan_rows import NOWHERE, match_rows, text_of
from scheduler.files.table import Schema, Table, read_table
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region

FILES = ("plan.csv", "load.csv", "report.json")
PLAN = Schema(
    ("school", "kind", "id", "date", "start", "minutes", "platforms", "shift_minutes"),
    ("kind", "id", "date", "start", "minutes", "shift_minutes"),
)
LOADS = Schema(
    ("platform", "meter", "date", "slot", "capacity", "limit", "before", "after", "price"),
    ("platform", "meter", "date", "slot", "before", "after", "price"),
)
REFERENCE = Schema(
    ("school", "kind", "id", "date", "start", "platforms"),
    ("kind", "id", "date", "start"),
)
REFERENCE_FILE = "reference.csv"
"""What a plan made with ``--stay-close-to`` is compared with; report.json names it in `COMPARED_WITH`."""
COMPARED_WITH = "compared_with"


def read_plan_folder(folder: Path, region: Region) -> StoredPlan:
    """Read a plan folder.

    Parameters
    ----------
    folder : Path
    region : Region
        The region that the plan is of, or at least was of.

    Returns
    -------
    StoredPlan

    Raises
    ------
    FaultyInput
        With every fault of the files: one is missing, a row is malformed, a number is none.
    """
    if not any((folder / name).is_file() for name in FILES):
        what = T("there is no plan in this folder (plan.csv, load.csv, report.json)")
        raise FaultyInput([Fault(str(folder), 0, what, T("name a folder that etale stagger wrote"))])
    findings, problems = Findings(), FaultList()
    table = read_table([Source(folder / "plan.csv", "plan.csv")], PLAN, findings)
    plan, minutes, shift, line = _read_plan(table, region, problems)
    loads = _read_loads(read_table([Source(folder / "load.csv", "load.csv")], LOADS, findings), region, problems)
    report = _read_report(folder / "report.json", findings.faults)
    named = report.get(COMPARED_WITH) == REFERENCE_FILE
    reference = _read_reference(folder, region, named, findings, problems)
    every = (*FILES, REFERENCE_FILE)
    if len(findings.faults):
        raise FaultyInput(findings.faults.listed(every))
    return StoredPlan(plan, line, minutes, shift, loads, report, problems.listed(every), reference)


def _read_plan(
    table: Table, region: Region, problems: FaultList
) -> tuple[Plan, NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Match the rows of plan.csv; give the plan, and the columns minutes, shift_minutes and line beside it."""
    rows = match_rows(table, region, problems)
    minutes = table.required("minutes", whole(0, 24 * 60)).array(np.int32)
    shift = table.required("shift_minutes", whole(-24 * 60, 24 * 60)).array(np.int32)
    return rows.plan, minutes[rows.found], shift[rows.found], table.line[rows.found]


def _read_reference(
    folder: Path, region: Region, named: bool, findings: Findings, problems: FaultList
) -> Reference | None:
    """Read reference.csv where report.json names it: what the plan is compared with instead of the usual timetable."""
    if not named:
        if (folder / REFERENCE_FILE).exists():
            what = T("report.json does not name this file, so the plan is compared with the usual timetable")
            problems.add(REFERENCE_FILE, 0, what, T("write the plan folder anew with etale stagger"))
        return None
    table = read_table([Source(folder / REFERENCE_FILE, REFERENCE_FILE)], REFERENCE, findings)
    rows = match_rows(table, region, problems)
    lines = table.line[rows.found]
    remedy = T("check the plan against the region folder that it was made from")
    first: dict[tuple[int, int], int] = {}
    present: dict[int, set[int]] = {}
    for line, row, day in zip(lines.tolist(), rows.plan.row.tolist(), rows.plan.day.tolist(), strict=True):
        date = region.grid.dates[day]
        if day not in present:
            present[day] = set(region.presence.rows(date).tolist())
        earlier = first.setdefault((row, day), line)
        if row not in present[day]:
            problems.add(REFERENCE_FILE, line, T("it does not take place on {date}", date=date), remedy)
        elif earlier != line:
            problems.add(
                REFERENCE_FILE, line, T("this activity is listed twice, first in line {line}", line=earlier), remedy
            )
    return Reference.of(region, rows.plan)


def _read_loads(table: Table, region: Region, problems: FaultList) -> dict[tuple[int, int, int], LoadCell]:
    """Read load.csv by (meter, day, slot)."""
    dates = {date: day for day, date in enumerate(region.grid.dates)}
    meters = {(place.platform, place.meter): meter for meter, place in enumerate(region.meters)}
    platform, meter = table.required("platform", text_of), table.required("meter", text_of)
    date, slot = table.required("date", iso_date), table.required("slot", time_of_day)
    numbers = [
        *(table.optional(name, number_from_0, math.inf).array(np.float64).tolist() for name in ("capacity", "limit")),
        *(table.required(name, number_from_0).array(np.float64).tolist() for name in ("before", "after")),
        table.required("price", number).array(np.float64).tolist(),
    ]
    if len(table.findings.faults):
        return {}
    loads: dict[tuple[int, int, int], LoadCell] = {}
    remedy = T("check the plan against the region folder that it was made from")
    for at, (line, *cells) in enumerate(zip(table.line.tolist(), *numbers, strict=True)):
        place = (
            meters.get((platform[at], meter[at]), NOWHERE),
            dates.get(date[at], NOWHERE),
            slot[at] // region.grid.slot_minutes,
        )
        what: Text | None = None
        if place[0] == NOWHERE:
            what = T("{platform} has no limited meter {meter}", platform=shown(platform[at]), meter=shown(meter[at]))
        elif place[1] == NOWHERE:
            what = T("{date} is not in the horizon", date=date[at])
        elif slot[at] % region.grid.slot_minutes:
            what = T("no slot of {minutes} minutes begins then", minutes=region.grid.slot_minutes)
        elif place in loads:
            what = T("this slot is listed twice, first in line {line}", line=loads[place].line)
        if what:
            problems.add("load.csv", line, what, remedy)
        else:
            loads[place] = LoadCell(line, *cells)
    return loads


def _read_report(path: Path, faults: FaultList) -> dict[str, Any]:
    """Read report.json; a number that is not finite is a fault."""
    remedy = T("write the plan folder anew with etale stagger")

    def refuse(name: str) -> float:
        raise ValueError(name)

    try:
        report = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=refuse)
    except OSError as error:
        what = T("the file cannot be read ({reason})", reason=error.strerror or type(error).__name__)
        faults.add("report.json", 0, what, T("check that it is a file and that you may read it"))
        return {}
    except json.JSONDecodeError as error:
        faults.add("report.json", error.lineno, T("this is not JSON: {reason}", reason=error.msg), remedy)
        return {}
    except (ValueError, RecursionError) as error:
        faults.add("report.json", 0, T("this is not JSON: {reason}", reason=shown(str(error))), remedy)
        return {}
    if not isinstance(report, dict):
        faults.add("report.json", 1, T("this is not a report: a JSON object is missing"), remedy)
        return {}
    return report
