"""The figures of report.json, from a plan's own figures and its bounds (CONTRACT section 5)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from scheduler.domain.grid import clock
from scheduler.domain.load import OVERLOADED_FROM
from scheduler.domain.outcome import gap
from scheduler.domain.verdict import Peak, peaks, shortfalls

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scheduler.domain.load import DayFigures
    from scheduler.domain.region import Region

NOISE = 1e-9
"""A bound may exceed its objective by this share through floating point alone."""


def reckoned(region: Region, figures: Sequence[DayFigures], bounds: Mapping[int, float]) -> dict[str, Any]:
    """Give every figure of report.json that follows from a plan and its bounds.

    Parameters
    ----------
    region : Region
    figures : sequence of DayFigures
        One a date with activities.
    bounds : mapping
        day -> proven lower bound of that date, head-minutes.

    Returns
    -------
    dict
        Field -> number, text or list, as JSON holds them.
    """
    days = [day_entry(region, day, bounds[day.day]) for day in figures]
    # Sums are rounded once, so that the total of the bounds is never above that of the objectives by noise.
    objective = math.fsum(entry["objective"] for entry in days)
    lower_bound = math.fsum(entry["lower_bound"] for entry in days)
    overload = math.fsum(day.cost.overload for day in figures)
    return {
        "status": status(overload),
        "objective": objective,
        "shift_head_minutes": math.fsum(day.cost.shift for day in figures),
        "switch_head_minutes": math.fsum(day.cost.switch for day in figures),
        "overload_connection_minutes": overload,
        "lower_bound": lower_bound,
        "gap": gap(objective, lower_bound),
        "activities": sum(day.activities for day in figures),
        "moved": sum(day.moved for day in figures),
        "switched": sum(day.switched for day in figures),
        "largest_shift_minutes": max((day.largest_shift_minutes for day in figures), default=0),
        "peaks": peak_entries(region, figures),
        "shortfalls": shortfall_entries(region, figures),
        "days": days,
    }


def status(overload: float) -> str:
    """Tell ``within_limits`` from ``overloaded``, above 0.001 connection-minutes."""
    return "overloaded" if overload > OVERLOADED_FROM else "within_limits"


def day_entry(region: Region, day: DayFigures, bound: float) -> dict[str, Any]:
    """Give the figures of one date; a bound that noise lifts above the objective is put back onto it."""
    objective = day.cost.objective
    if objective < bound <= objective + NOISE * max(objective, 1.0):
        bound = objective
    return {
        "date": region.grid.dates[day.day].isoformat(),
        "activities": day.activities,
        "moved": day.moved,
        "objective": objective,
        "lower_bound": bound,
        "gap": gap(objective, bound),
        "shift_head_minutes": day.cost.shift,
        "overload_connection_minutes": day.cost.overload,
        "status": day.status,
    }


def peak_entries(region: Region, figures: Sequence[DayFigures]) -> list[dict[str, Any]]:
    """Give one entry a limited meter; without any activity there is no load and no slot to look at."""
    found = peaks(region, figures) or [
        Peak(meter, 0.0, 0.0, math.inf, math.inf, None, None, False, False) for meter in range(len(region.meters))
    ]
    return [
        {
            "platform": region.meters[peak.meter].platform,
            "meter": region.meters[peak.meter].meter,
            "capacity_at_peak": peak.capacity if math.isfinite(peak.capacity) else None,
            "before": peak.before,
            "after": peak.after,
            "utilisation_before": peak.utilisation_before,
            "utilisation_after": peak.utilisation_after,
        }
        for peak in found
    ]


def shortfall_entries(region: Region, figures: Sequence[DayFigures]) -> list[dict[str, Any]]:
    """Give the runs of slots over the limit, by meter, date and time."""
    found = [shortfall for day in figures for shortfall in shortfalls(region, day, planned=True)]
    found.sort(key=lambda shortfall: (shortfall.meter, shortfall.day, shortfall.first))
    minutes = region.grid.slot_minutes
    return [
        {
            "platform": region.meters[shortfall.meter].platform,
            "meter": region.meters[shortfall.meter].meter,
            "date": region.grid.dates[shortfall.day].isoformat(),
            "from": clock(shortfall.first * minutes),
            "to": clock(shortfall.last * minutes),
            "missing_connections": shortfall.missing,
        }
        for shortfall in found
    ]


def shown_slots(region: Region, day: DayFigures) -> NDArray[np.bool_]:
    """Tell which slots load.csv lists whatever their prices: those of the day, and each other with a load.

    Returns
    -------
    ndarray of bool, shape (meters, slots)
    """
    shown: NDArray[np.bool_] = (day.before > 0) | (day.after > 0)
    shown[:, region.grid.day_slots] = True
    return shown
