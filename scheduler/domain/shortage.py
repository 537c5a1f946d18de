"""What more capacity would do: raises that end an overload, and the slots where one more connection saves most."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.capacity import uncut_capacity_by_slot
from scheduler.domain.verdict import shortfalls

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.load import DayFigures
    from scheduler.domain.outcome import LeastRaises
    from scheduler.domain.region import Region

NOISE = 1e-7
"""Connections that are rounding of floats: so many missing ones are no reason for a whole one more."""

NEAR = 0.5
"""A run of dear slots goes as far as prices are at least this share of its highest."""


@dataclass(frozen=True)
class Raise:
    """More capacity of one meter on one date.

    Attributes
    ----------
    meter : int
        Index into the region's meters.
    day : int
        Days since the first date.
    first, last : int
        The slots in which it is there, half-open.
    missing : float
        Connections (or logins per minute) by which the limit is too low, at most.
    capacity : int
        What to add to the capacity, as a change in capacity.csv would: more than is missing, because a plan fills
        only a share of the capacity.
    """

    meter: int
    day: int
    first: int
    last: int
    missing: float
    capacity: int


@dataclass(frozen=True)
class DearRun:
    """Consecutive slots of one meter on one date in which one more connection would save much.

    Attributes
    ----------
    meter, day, first, last : int
        As in :class:`Raise`.
    price : float
        Highest price of a slot in it, head-minutes a connection.
    saves : float
        What one more connection of the limit in all its slots would save, in head-minutes: the sum of their prices.
        True for the first connections; each further one saves no more than the one before.
    """

    meter: int
    day: int
    first: int
    last: int
    price: float
    saves: float


def raises_for_plan(region: Region, figures: Sequence[DayFigures]) -> tuple[Raise, ...]:
    """Give for each shortfall the smallest raise that ends it while the plan stays as it is; by meter, date, time."""
    found = [
        Raise(
            short.meter,
            short.day,
            short.first,
            short.last,
            short.missing,
            _capacity_for(region, short.meter, short.day, day.after[short.meter], slice(short.first, short.last)),
        )
        for day in figures
        for short in shortfalls(region, day, planned=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.meter, one.day, one.first)))


def raises_all_day(region: Region, day: DayFigures, least: LeastRaises) -> tuple[Raise, ...]:
    """Give an estimate's raises of limits as raises of capacity, the whole date; of the meters that need one."""
    slots = region.grid.slots
    return tuple(
        Raise(
            meter,
            day.day,
            0,
            slots,
            needed,
            _capacity_for(region, meter, day.day, day.limit[meter] + needed, day.after[meter] > 0),
        )
        for meter, needed in enumerate(least.limit_raise.tolist())
        if needed > NOISE and bool((day.after[meter] > 0).any())
    )


def _capacity_for(
    region: Region, meter: int, day: int, limit: NDArray[np.float64], slots: slice | NDArray[np.bool_]
) -> int:
    """Give the smallest whole change of capacity that lifts the limit to `limit` in all of `slots`.

    A capacity is cut at 0 only when all changes are added up: what an outage takes below 0 must be made up for too.
    """
    place = region.meters[meter]
    date = region.grid.dates[day]
    now = uncut_capacity_by_slot(region.capacities, place.platform, place.meter, date, region.grid)[slots]
    bounded = np.isfinite(now)
    missing = limit[slots][bounded] / region.policy.target_utilisation - now[bounded]
    return max(0, math.ceil(float(missing.max(initial=0.0)) - NOISE))


def dearest_runs(region: Region, prices: Mapping[int, NDArray[np.float64]], most: int) -> tuple[DearRun, ...]:
    """Find where one more connection would save most.

    The dearest slot is taken with its neighbours down to half its price, then the dearest of the rest, and so on.

    Parameters
    ----------
    region : Region
    prices : mapping
        Day -> prices of its slots, shape (meters, slots), head-minutes a connection.
    most : int
        How many runs to give, those that save most first.
    """
    found = [
        DearRun(meter, day, first, last, float(row[first:last].max()), float(row[first:last].sum()))
        for day, price in prices.items()
        for meter, row in enumerate(price)
        for first, last in _runs(row, most)
    ]
    found.sort(key=lambda run: (-run.saves, run.meter, run.day, run.first))
    return tuple(found[:most])


def _runs(price: NDArray[np.float64], most: int) -> list[tuple[int, int]]:
    """Cut one meter's prices into runs around its dearest slots, at most `most`."""
    left = price.copy()
    runs: list[tuple[int, int]] = []
    while len(runs) < most and left.max(initial=0.0) > 0.0:
        peak = int(left.argmax())
        low = np.flatnonzero(left < NEAR * left[peak])
        first = int(low[low < peak].max(initial=-1)) + 1
        last = int(low[low > peak].min(initial=len(left)))
        runs.append((first, last))
        left[first:last] = 0.0
    return runs
