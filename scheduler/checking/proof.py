"""Verifying a lower bound from the prices in load.csv, by other means than the optimizer's (CONTRACT section 5).

For any prices, the sum over all activities of the cheapest cost that the hard rules allow when each unit of load
costs its slot's price, less Σ price × limit, is below the objective of every plan: what a plan pays for load above a
limit is at least what the prices say. So whoever can reckon that sum can verify the bound, school by school.
"""

from __future__ import annotations

import math
import os
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.checking.blocks import Component, components
from scheduler.checking.cheapest import cheapest
from scheduler.checking.costs import PricedDate, compared_on
from scheduler.domain.placed import SchoolDays, by_school_and_date
from scheduler.domain.plan import usual_plan
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scheduler.domain.region import Region
    from scheduler.domain.stored import StoredPlan

Progress = Callable[[int, int], None]
"""Told how many of how many school days are done."""

SHARE_BELOW = 1e-4
"""The prices may prove this share more than the stated bound: "to 0.01 %, from above or equal"."""
ROUNDING = 1e-6
"""The stated bound may exceed what the prices prove by this share: floating point and the solver's tolerance."""
BATCH = 64
"""School days handed out at a time, so that memory stays small however large the region."""


def verify_bound(region: Region, stored: StoredPlan, on_progress: Progress | None = None) -> list[Text]:
    """Verify the lower bounds of report.json, in total and of each date, from the prices in load.csv.

    That the prices are in their range is for :func:`scheduler.checking.check.check_plan` to say.

    Parameters
    ----------
    region : Region
    stored : StoredPlan
    on_progress : callable, optional
        Told (done, of how many) school days.

    Returns
    -------
    list of Text
        One sentence a bound that the prices do not prove, or that they prove to be stated too low; empty where the
        proof holds to 0.01 %.

    Raises
    ------
    NotSolved
        When a linear program ends without an optimum: our own failure, not the plan's.
    """
    proven = proven_bounds(region, stored, on_progress)
    claimed = {entry.get("date"): entry.get("lower_bound") for entry in _days(stored.report)}
    found = []
    for day, bound in sorted(proven.items()):
        name = region.grid.dates[day].isoformat()
        found += _compared(T("of {date}", date=name), claimed.get(name), bound)
    return found + _compared(T("in total"), stored.report.get("lower_bound"), math.fsum(proven.values()))


def proven_bounds(region: Region, stored: StoredPlan, on_progress: Progress | None = None) -> dict[int, float]:
    """Reckon what the prices prove for each date with activities: day -> head-minutes, ``-inf`` for nothing."""
    usual = usual_plan(region)
    dates = {
        day: PricedDate(
            region, stored.prices(region, day), compared_on(stored.reference, day), stored.begins_at(region, day)
        )
        for day in np.unique(usual.day).tolist()
    }
    jobs = _school_days(region, dates, usual.row, usual.day)
    total = sum(1 for _ in by_school_and_date(region, usual.row, usual.day))
    costs: defaultdict[int, list[float]] = defaultdict(list)
    done = 0
    # The linear programs run outside Python's lock, so threads share them out.
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        while batch := list(islice(jobs, BATCH)):
            for (day, _), cost in zip(batch, threads.map(lambda job: cheapest(job[1]), batch), strict=True):
                costs[day].append(cost)
            done += len(batch)
            if on_progress:
                on_progress(done, total)
    return {
        day: math.fsum(costs[day]) - date.worth(region.limit(region.grid.dates[day])) for day, date in dates.items()
    }


def _school_days(
    region: Region, dates: dict[int, PricedDate], rows: NDArray[Any], days: NDArray[Any]
) -> Iterator[tuple[int, list[tuple[Component, list[NDArray[np.float64]]]]]]:
    """Give the day and the priced components of each school and date."""
    known = SchoolDays(region)
    for school, day, places in by_school_and_date(region, rows, days):
        usual, ties, _ = known.of(school, day, rows[places])
        yield (
            day,
            [
                (component, [dates[day].block_cost(usual, block) for block in component.blocks])
                for component in components(region, usual, ties, dates[day].narrower(usual))
            ],
        )


def _days(report: dict[str, Any]) -> list[dict[str, Any]]:
    days = report.get("days")
    return [entry for entry in days if isinstance(entry, dict)] if isinstance(days, list) else []


def _compared(which: Text, stated: object, proven: float) -> list[Text]:
    """Compare one stated bound with what the prices prove: to 0.01 %, from above or equal (CONTRACT section 5)."""
    if isinstance(stated, bool) or not isinstance(stated, int | float):
        return [T("report.json: the lower bound {which} is missing.", which=which)]
    values = {"which": which, "stated": f"{stated:.6g}", "proven": f"{proven:.6g}"}
    scale = max(abs(stated), 1.0)
    if stated > proven + ROUNDING * scale:
        return [T("report.json: the lower bound {which} is {stated}, but the prices prove only {proven}.", **values)]
    if proven > stated + SHARE_BELOW * scale:
        return [
            T(
                "report.json: the lower bound {which} is {stated}, but the prices prove {proven}, "
                "which is more than 0.01 % above it.",
                **values,
            )
        ]
    return []
