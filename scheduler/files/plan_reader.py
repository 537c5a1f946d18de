"""Reading a plan folder back and matching it to a region (CONTRACT section 5).

What cannot be read at all is a fault and stops; what can be read but names something that the region does not have
is a problem of the plan, to be told like a broken rule.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.plan import Plan
from scheduler.domain.stored import LoadCell, StoredPlan
from scheduler.errors import Fault, FaultyInput
from scheduler.files.cells import Cell, iso_date, number, number_from_0, one_of, shown, time_of_day, whole
from scheduler.files.csv_rows import Source
from scheduler.files.fault_list import FaultList, Findings
from scheduler.files.table import Column, Schema, Table, read_table
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scheduler.domain.region import Region
    from scheduler.domain.timetable import Alternative

FILES = ("plan.csv", "load.csv", "report.json")
PLAN = Schema(
    ("school", "kind", "id", "date", "start", "minutes", "platforms", "shift_minutes"),
    ("kind", "id", "date", "start", "minutes", "shift_minutes"),
)
LOADS = Schema(
    ("platform", "meter", "date", "slot", "capacity", "limit", "before", "after", "price"),
    ("platform", "meter", "date", "slot", "before", "after", "price"),
)
NOWHERE = -2
"""Stands for what the region does not have; -1 is taken by the region's own audiences."""


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
        With every fault of the three files: one is missing, a row is malformed, a number is none.
    """
    if not any((folder / name).is_file() for name in FILES):
        what = T("there is no plan in this folder (plan.csv, load.csv, report.json)")
        raise FaultyInput([Fault(str(folder), 0, what, T("name a folder that etale stagger wrote"))])
    findings, problems = Findings(), FaultList()
    table = read_table([Source(folder / "plan.csv", "plan.csv")], PLAN, findings)
    plan, minutes, shift, line = _read_plan(table, region, problems)
    loads = _read_loads(read_table([Source(folder / "load.csv", "load.csv")], LOADS, findings), region, problems)
    report = _read_report(folder / "report.json", findings.faults)
    if len(findings.faults):
        raise FaultyInput(findings.faults.listed(FILES))
    return StoredPlan(plan, line, minutes, shift, loads, report, problems.listed(FILES))


def _text(cell: Cell) -> str:
    return cell.text


def _read_plan(
    table: Table, region: Region, problems: FaultList
) -> tuple[Plan, NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Match the rows of plan.csv; give the plan, and the columns minutes, shift_minutes and line beside it."""
    dates = {date: day for day, date in enumerate(region.grid.dates)}
    date = table.required("date", iso_date)
    day = date.array(np.int16, lambda value: dates.get(value, NOWHERE))
    _tell(table, problems, day == NOWHERE, lambda at: T("{date} is not in the horizon", date=date[at]))
    row = _match_activities(table, region, day, problems)
    alternative = _match_alternatives(table, region, row, problems)
    start = table.required("start", time_of_day).array(np.int16)
    minutes = table.required("minutes", whole(0, 24 * 60)).array(np.int32)
    shift = table.required("shift_minutes", whole(-24 * 60, 24 * 60)).array(np.int32)
    found = (row >= 0) & (day >= 0)
    plan = Plan(row[found].astype(np.int32), day[found], start[found], alternative[found].astype(np.int16))
    return plan, minutes[found], shift[found], table.line[found]


def _match_activities(table: Table, region: Region, day: NDArray[np.int16], problems: FaultList) -> NDArray[np.int64]:
    """Give each row's activity of the region, `NOWHERE` where there is none; `day` holds the rows' dates."""
    activities = region.activities
    schools = {school.key: index for index, school in enumerate(activities.schools)} | {"": -1}
    keys = {key: code for code, key in enumerate(activities.words.keys)}
    school_name, key_name = table.optional("school", _text, ""), table.required("id", _text)
    school = school_name.array(np.int64, lambda name: schools.get(name, NOWHERE))
    key = key_name.array(np.int64, lambda name: keys.get(name, NOWHERE))
    window = table.required("kind", one_of("session", "access")).array(np.int64, lambda kind: kind == "access")
    _tell(
        table,
        problems,
        school == NOWHERE,
        lambda at: T("school “{school}” is not in the region", school=shown(school_name[at])),
    )
    # One number an activity: by school, kind and key.
    mine = ((activities.school.astype(np.int64) + 1) * 2 + activities.window) * (len(keys) + 1) + activities.key
    order = np.argsort(mine, kind="stable")
    asked = ((school + 1) * 2 + window) * (len(keys) + 1) + key
    place = np.minimum(np.searchsorted(mine[order], asked), max(len(mine) - 1, 0))
    known = (school != NOWHERE) & (key != NOWHERE)
    row = np.full(len(table), NOWHERE, dtype=np.int64)
    if len(mine):
        known &= mine[order][place] == asked
        row[known] = order[place[known]]
        ends = np.searchsorted(mine[order], asked, side="right")
        _choose_by_date(
            region,
            row,
            day,
            {int(at): order[place[at] : ends[at]] for at in np.flatnonzero(known & (ends - place > 1))},
        )
    _tell(
        table,
        problems,
        ~known & (school != NOWHERE),
        lambda at: T(
            "school “{school}” has no {kind} “{key}”",
            school=shown(school_name[at]),
            kind=T("access window") if window[at] else T("session"),
            key=shown(key_name[at]),
        ),
    )
    return row


def _choose_by_date(
    region: Region, row: NDArray[np.int64], day: NDArray[np.int16], candidates: dict[int, NDArray[np.intp]]
) -> None:
    """Where one window key stands on several rows of access.csv, take the row that takes place on the date."""
    present = {
        int(one): set(region.presence.rows(region.grid.dates[one]).tolist()) for one in np.unique(day) if one >= 0
    }
    for at, rows in candidates.items():
        there = present.get(int(day[at]), set())
        row[at] = next((one for one in rows.tolist() if one in there), rows[0])


def _match_alternatives(table: Table, region: Region, row: NDArray[np.int64], problems: FaultList) -> NDArray[np.int64]:
    """Give which of its activity's alternatives each row names; the usual one where it names none of them."""
    written: Column[str] = table.optional("platforms", _text, "")
    lists = region.activities.words.alternatives
    known = row >= 0
    pairs = region.activities.alternatives[row[known]].astype(np.int64) * len(written.values) + written.codes[known]
    distinct, inverse = np.unique(pairs, return_inverse=True)
    ways = np.array(
        [
            _alternative(lists[pair // len(written.values)], written.values[pair % len(written.values)])
            for pair in distinct.tolist()
        ],
        dtype=np.int64,
    )
    found = np.zeros(len(row), dtype=np.int64)
    found[known] = ways[inverse.reshape(-1)]
    _tell(
        table,
        problems,
        found == NOWHERE,
        lambda at: T("“{platforms}” is none of its alternatives", platforms=shown(written[at])),
    )
    return np.maximum(found, 0)


def _alternative(ways: tuple[Alternative, ...], text: str) -> int:
    """Find the alternative of that text, else the one that means the same."""
    for place, way in enumerate(ways):
        if way.text == text:
            return place
    platforms, _, activity = text.partition("@")
    names = {name.strip() for name in platforms.split("+") if name.strip()}
    # Without an activity of its own, an alternative has that of the session.
    usual = next((way.activity for way in ways if "@" not in way.text), "")
    for place, way in enumerate(ways):
        if set(way.platforms) == names and way.activity == (activity.strip() or usual):
            return place
    return NOWHERE


def _tell(table: Table, problems: FaultList, mask: NDArray[np.bool_], sentence: Any) -> None:
    """Note a problem, `sentence` of its number, at each row of `mask`."""
    remedy = T("check the plan against the region folder that it was made from")
    for at in np.flatnonzero(mask).tolist():
        problems.add(*table.place(at), sentence(at), remedy)


def _read_loads(table: Table, region: Region, problems: FaultList) -> dict[tuple[int, int, int], LoadCell]:
    """Read load.csv by (meter, day, slot)."""
    dates = {date: day for day, date in enumerate(region.grid.dates)}
    meters = {(place.platform, place.meter): meter for meter, place in enumerate(region.meters)}
    platform, meter = table.required("platform", _text), table.required("meter", _text)
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
