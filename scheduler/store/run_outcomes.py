"""What a finished run leaves: the loads of every limited meter, and a proposal for each school.

Rows are packed before the transaction that writes them, so that it is short: 4,000 schools in a second or two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sqlalchemy import delete, insert, select, update

from scheduler.domain.ledger import loads_by_school
from scheduler.store.packed import pack_arrays, unpack_arrays
from scheduler.store.school_plans import pack_loads
from scheduler.store.tables.regions import schools
from scheduler.store.tables.runs import run_loads, school_plans

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.load import DayFigures
    from scheduler.domain.outcome import DayProof
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region
    from scheduler.store.engine import Work

COLUMNS = ("capacity", "limit", "before", "after", "price")


class Version(NamedTuple):
    """A school and the version of its timetable that was planned."""

    school_id: int
    timetable_id: int


def school_ids(work: Work, region_id: int) -> dict[str, int]:
    """Give the identity of each school of a region by its key; ``""`` is the region's audiences."""
    rows = work.connection.execute(select(schools.c.key, schools.c.id).where(schools.c.region_id == region_id))
    return {row.key: row.id for row in rows}


@dataclass(frozen=True)
class LoadsOfDate:
    """The columns of load.csv of one meter and date, by slot; capacity and limit are ``inf`` where unlimited."""

    platform: str
    meter: str
    date: dt.date
    columns: Mapping[str, NDArray[np.float64]]


def packed_loads(region: Region, figures: Sequence[DayFigures], proofs: Sequence[DayProof]) -> list[dict[str, Any]]:
    """Make the rows of a run's loads."""
    prices = {proof.day: proof.price for proof in proofs}
    rows = []
    for day in figures:
        parts = (day.capacity, day.limit, day.before, day.after, prices.get(day.day, np.zeros_like(day.after)))
        for at, place in enumerate(region.meters):
            slots = pack_arrays({name: part[at] for name, part in zip(COLUMNS, parts, strict=True)})
            date = region.grid.dates[day.day]
            rows.append({"platform": place.platform, "meter": place.meter, "date": date, "slots": slots})
    return rows


def write_loads(work: Work, run_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Write the loads of a run, in the place of former ones."""
    work.connection.execute(delete(run_loads).where(run_loads.c.run_id == run_id))
    if rows:
        work.connection.execute(insert(run_loads), [row | {"run_id": run_id} for row in rows])


def loads_of(work: Work, run_id: int, date: dt.date | None = None) -> list[LoadsOfDate]:
    """Give the loads of a run, of one date or of all, by platform, meter and date."""
    query = select(run_loads).where(run_loads.c.run_id == run_id)
    if date is not None:
        query = query.where(run_loads.c.date == date)
    rows = work.connection.execute(query.order_by(run_loads.c.platform, run_loads.c.meter, run_loads.c.date))
    return [LoadsOfDate(row.platform, row.meter, row.date, unpack_arrays(row.slots)) for row in rows]


def packed_proposals(region: Region, plan: Plan, versions: Mapping[str, Version]) -> list[dict[str, Any]]:
    """Make a row for each school with activities on the horizon, and for the region's own audiences.

    With it goes what its plan asks of every meter, so that adopting the run needs not reckon it for a whole region.

    Parameters
    ----------
    region : Region
    plan : Plan
    versions : mapping
        Key of the school, ``""`` for the region's audiences -> the version that the region holds of it. Row k of a
        school in the region is row k of its version.
    """
    activities = region.activities
    rank = _rank_in_school(activities.school)
    school = activities.school[plan.row]
    shift = np.abs(plan.shift(region))
    order = np.lexsort((plan.row, plan.day, school))
    codes, first = np.unique(school[order], return_index=True)
    asked = {code: pack_loads(loads) for code, loads in loads_by_school(region, plan)}
    rows = []
    for code, mine in zip(codes.tolist(), np.split(order, first[1:]), strict=True):
        version = versions["" if code < 0 else activities.schools[code].key]
        placements: dict[str, NDArray[Any]] = {
            "row": rank[plan.row[mine]].astype(np.int32),
            "day": plan.day[mine].astype(np.int16),
            "start": plan.start[mine].astype(np.int16),
            "alternative": plan.alternative[mine].astype(np.int16),
        }
        moved = (shift[mine] != 0) | (plan.alternative[mine] != 0)
        rows.append(
            {
                **version._asdict(),
                "activities": len(mine),
                "moved": int(np.count_nonzero(moved)),
                "shift_minutes": int(shift[mine].sum()),
                "placements": pack_arrays(placements),
                "loads": asked[code],
            }
        )
    return rows


def _rank_in_school(school: NDArray[np.int32]) -> NDArray[np.int64]:
    """Give each row its number, from 0, among those of its school."""
    order = np.argsort(school, kind="stable")
    _, first, counts = np.unique(school[order], return_index=True, return_counts=True)
    rank = np.empty(len(school), dtype=np.int64)
    rank[order] = np.arange(len(school)) - np.repeat(first, counts)
    return rank


def write_proposals(
    work: Work, region_id: int, run_id: int, horizon: tuple[dt.date, dt.date], rows: Sequence[dict[str, Any]]
) -> None:
    """Propose a run's plans to the schools; those of former runs for the same horizon, not yet accepted, are replaced.

    What a school proposed by itself stays.
    """
    ours = school_plans.c.school_id.in_(select(schools.c.id).where(schools.c.region_id == region_id))
    same = school_plans.c.first_date == horizon[0], school_plans.c.last_date == horizon[1]
    open_ones = school_plans.c.state == "proposed", school_plans.c.run_id.is_not(None)
    former = update(school_plans).where(ours, *same, *open_ones)
    work.connection.execute(former.values(state="replaced"))
    common = {"run_id": run_id, "state": "proposed", "made_at": work.now}
    common |= {"first_date": horizon[0], "last_date": horizon[1]}
    if rows:
        work.connection.execute(insert(school_plans), [row | common for row in rows])
