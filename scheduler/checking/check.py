"""Recomputing a plan folder from the two folders alone (CONTRACT section 6, ``etale check``).

Nothing that the plan folder claims is believed: every hard rule is audited, every load and figure is reckoned again
from the region and the planned starts. Only the lower bounds are taken as they stand; whether the prices prove them
is for :mod:`scheduler.checking.proof` to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.checking.figures import report_differences
from scheduler.checking.numbers import same_amount
from scheduler.domain.audit import audit
from scheduler.domain.findings import Findings
from scheduler.domain.grid import clock
from scheduler.domain.load import figures
from scheduler.domain.plan import usual_plan
from scheduler.domain.report import shown_slots
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.load import DayFigures
    from scheduler.domain.region import Region
    from scheduler.domain.stored import LoadCell, StoredPlan


def check_plan(region: Region, stored: StoredPlan) -> list[Text]:
    """Check everything that a plan folder says, except whether its prices prove its lower bounds.

    Parameters
    ----------
    region : Region
    stored : StoredPlan

    Returns
    -------
    list of Text
        One sentence a broken hard rule, a row that names what the region does not have, a cell of plan.csv or
        load.csv or a figure of report.json that differs from what is recomputed; empty where all agree. Sums and
        loads may differ by 1e-6 of themselves or by 0.001, counts not at all.
    """
    broken, cells = Findings(), Findings()
    for problem in stored.problems:
        broken.add(problem.as_text())
    broken.extend(audit(region, stored.plan, order_kept=stored.order_kept))
    days = figures(region, stored.plan, usual_plan(region), stored.reference)
    cells.extend(plan_differences(region, stored))
    cells.extend(load_differences(region, stored, days))
    return broken.told() + cells.told() + report_differences(region, stored, days)


def plan_differences(region: Region, stored: StoredPlan) -> Iterator[Text]:
    """Compare the columns minutes and shift_minutes of plan.csv with the timetable."""
    plan = stored.plan
    columns = {
        "minutes": (stored.minutes, region.activities.minutes[plan.row].astype(np.int64)),
        "shift_minutes": (stored.shift_minutes, plan.shift(region)),
    }
    for name, (stated, expected) in columns.items():
        for at in np.flatnonzero(stated != expected).tolist():
            yield T(
                "plan.csv:{line}: {column} is {stated}, but {expected} when recomputed.",
                line=int(stored.line[at]),
                column=name,
                stated=int(stated[at]),
                expected=int(expected[at]),
            )


def load_differences(region: Region, stored: StoredPlan, days: Sequence[DayFigures]) -> Iterator[Text]:
    """Compare each cell of load.csv with what is recomputed, find rows that are missing, and judge the prices."""
    by_day = {day.day: day for day in days}
    for day in days:
        for meter, slot in np.argwhere(shown_slots(region, day)).tolist():
            if (meter, day.day, slot) not in stored.loads:
                yield T("load.csv: the row of {place} is missing.", place=_slot_words(region, (meter, day.day, slot)))
    nothing = np.zeros((len(region.meters), region.grid.slots))
    idle: dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    for place, cell in sorted(stored.loads.items()):
        meter, number, slot = place
        if number in by_day:
            day = by_day[number]
            tables = (day.capacity, day.limit, day.before, day.after)
        else:
            # A date without activities: nothing loads it.
            date = region.grid.dates[number]
            if number not in idle:
                idle[number] = region.capacity(date), region.limit(date)
            tables = (*idle[number], nothing, nothing)
        yield from _cell_differences(region, place, cell, [float(table[meter, slot]) for table in tables])


def _cell_differences(
    region: Region, place: tuple[int, int, int], cell: LoadCell, expected: list[float]
) -> Iterator[Text]:
    """Compare one row of load.csv; `expected` are its capacity, limit, before and after."""
    stated = (cell.capacity, cell.limit, cell.before, cell.after)
    for name, mine, right in zip(("capacity", "limit", "before", "after"), stated, expected, strict=True):
        if not same_amount(mine, right):
            yield T(
                "load.csv:{line}: {column} of {place} is {stated}, but {expected} when recomputed.",
                line=cell.line,
                column=name,
                place=_slot_words(region, place),
                stated=_amount(mine),
                expected=_amount(right),
            )
    highest = region.policy.overload_weight * region.grid.slot_minutes
    unlimited = expected[1] == np.inf
    if unlimited and cell.price != 0:
        yield T(
            "load.csv:{line}: the price of {place} is {stated}, but an unlimited slot has the price 0.",
            line=cell.line,
            place=_slot_words(region, place),
            stated=repr(cell.price),
        )
    elif not 0 <= cell.price <= highest * (1 + 1e-9):
        yield T(
            "load.csv:{line}: the price of {place} is {stated}, but prices go from 0 to {highest}.",
            line=cell.line,
            place=_slot_words(region, place),
            stated=repr(cell.price),
            highest=f"{highest:g}",
        )


def _slot_words(region: Region, place: tuple[int, int, int]) -> Text:
    meter, day, slot = place
    return T(
        "{platform} {meter} on {date} at {time}",
        platform=region.meters[meter].platform,
        meter=region.meters[meter].meter,
        date=region.grid.dates[day].isoformat(),
        time=clock(slot * region.grid.slot_minutes),
    )


def _amount(number: float) -> str | Text:
    return T("unlimited") if number == np.inf else f"{number:.6f}"
