"""Matching the rows of plan.csv and reference.csv, which name activities on dates, to a region.

A row that names what the region does not have is a problem of the plan, to be told like a broken rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.plan import Plan
from scheduler.files.cells import Cell, iso_date, one_of, shown, time_of_day
from scheduler.wording import T

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.region import Region
    from scheduler.domain.timetable import Alternative
    from scheduler.files.fault_list import FaultList
    from scheduler.files.table import Column, Table

NOWHERE = -2
"""Stands for what the region does not have; -1 is taken by the region's own audiences."""


@dataclass(frozen=True)
class PlanRows:
    """Rows of a table, matched to a region.

    Attributes
    ----------
    plan : Plan
        Of the rows that name an activity, a date and a start; an alternative that the activity does not have stands
        as the usual one.
    found : ndarray of bool, shape (len(table),)
        Which rows these are.
    """

    plan: Plan
    found: NDArray[np.bool_]


def match_rows(table: Table, region: Region, problems: FaultList) -> PlanRows:
    """Parse the columns school, kind, id, date, start and platforms, and match them; what has no match is a problem."""
    dates = {date: day for day, date in enumerate(region.grid.dates)}
    date = table.required("date", iso_date)
    day = date.array(np.int16, lambda value: dates.get(value, NOWHERE))
    tell(table, problems, day == NOWHERE, lambda at: T("{date} is not in the horizon", date=date[at]))
    row = _match_activities(table, region, day, problems)
    alternative = _match_alternatives(table, region, row, problems)
    start = table.required("start", time_of_day).array(np.int16)
    found = (row >= 0) & (day >= 0)
    plan = Plan(row[found].astype(np.int32), day[found], start[found], alternative[found].astype(np.int16))
    return PlanRows(plan, found)


def text_of(cell: Cell) -> str:
    """Read a cell as it stands."""
    return cell.text


def _match_activities(table: Table, region: Region, day: NDArray[np.int16], problems: FaultList) -> NDArray[np.int64]:
    """Give each row's activity of the region, `NOWHERE` where there is none; `day` holds the rows' dates."""
    activities = region.activities
    schools = {school.key: index for index, school in enumerate(activities.schools)} | {"": -1}
    keys = {key: code for code, key in enumerate(activities.words.keys)}
    school_name, key_name = table.optional("school", text_of, ""), table.required("id", text_of)
    school = school_name.array(np.int64, lambda name: schools.get(name, NOWHERE))
    key = key_name.array(np.int64, lambda name: keys.get(name, NOWHERE))
    window = table.required("kind", one_of("session", "access")).array(np.int64, lambda kind: kind == "access")
    tell(
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
    tell(
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
    written: Column[str] = table.optional("platforms", text_of, "")
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
    tell(
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


def tell(table: Table, problems: FaultList, mask: NDArray[np.bool_], sentence: Any) -> None:
    """Note a problem, `sentence` of its number, at each row of `mask`."""
    remedy = T("check the plan against the region folder that it was made from")
    for at in np.flatnonzero(mask).tolist():
        problems.add(*table.place(at), sentence(at), remedy)
