"""The finished dates of a planning run: what a run that is taken up again does not do a second time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import delete, insert, select

from scheduler.domain.outcome import DayResult, LeastRaises
from scheduler.domain.problem import DayPlan
from scheduler.store.packed import pack_arrays, unpack_arrays
from scheduler.store.tables.runs import run_dates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from scheduler.store.engine import Work

PRICES, LIMIT_RAISE = "price", "limit_raise"


def keep_dates(work: Work, run_id: int, first_date: dt.date, results: Sequence[DayResult]) -> None:
    """Keep finished dates; doing it again changes nothing. The run must be held (scheduler.store.leases).

    Parameters
    ----------
    work : Work
    run_id : int
    first_date : datetime.date
        Of the horizon.
    results : sequence of DayResult
    """
    if not results:
        return
    rows = [_row(work, run_id, first_date + dt.timedelta(days=result.day), result) for result in results]
    again = run_dates.c.run_id == run_id, run_dates.c.date.in_([row["date"] for row in rows])
    work.connection.execute(delete(run_dates).where(*again))
    work.connection.execute(insert(run_dates), rows)


def kept_dates(work: Work, run_id: int, first_date: dt.date) -> dict[int, DayResult]:
    """Give the finished dates of a run by day of its horizon."""
    rows = work.connection.execute(select(run_dates).where(run_dates.c.run_id == run_id).order_by(run_dates.c.date))
    results = [_result(row, (row.date - first_date).days) for row in rows]
    return {result.day: result for result in results}


def drop_dates(work: Work, run_id: int) -> None:
    """Forget what a run had finished."""
    work.connection.execute(delete(run_dates).where(run_dates.c.run_id == run_id))


def _row(work: Work, run_id: int, date: dt.date, result: DayResult) -> dict[str, Any]:
    arrays: dict[str, Any] = {
        "shift": result.plan.shift,
        "alternative": result.plan.alternative,
        PRICES: result.price,
        "stopped_by": np.array(result.stopped_by),
    }
    if result.least_raises is not None:
        arrays |= {LIMIT_RAISE: result.least_raises.limit_raise, "raise_cost": np.array(result.least_raises.cost)}
    return {
        "run_id": run_id,
        "date": date,
        "finished_at": work.now,
        "objective": float(result.objective),
        "lower_bound": float(result.bound),
        "result": pack_arrays(arrays),
    }


def _result(row: Row[Any], day: int) -> DayResult:
    arrays = unpack_arrays(row.result)
    raises = None
    if LIMIT_RAISE in arrays:
        raises = LeastRaises(arrays[LIMIT_RAISE], float(arrays["raise_cost"]))
    return DayResult(
        day=day,
        plan=DayPlan(arrays["shift"], arrays["alternative"]),
        objective=row.objective,
        bound=row.lower_bound,
        price=arrays[PRICES],
        stopped_by=str(arrays["stopped_by"]),
        least_raises=raises,
    )
