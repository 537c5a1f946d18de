"""From capacity entries to what a platform bears in each slot (CONTRACT section 2, capacity.csv)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.grid import MINUTES_A_DATE, Grid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

METERS = ("connections", "logins_per_minute")


@dataclass(frozen=True)
class CapacityEntry:
    """One row of capacity.csv.

    Attributes
    ----------
    platform, meter : str
        What is limited.
    start, end : datetime.datetime or None
        Local wall-clock date-times, naive; None = always, for good. `end` is exclusive.
    kind : str
        ``base`` or ``change``.
    amount : float
        For a base the capacity; for a change what is added, absolute or in per cent of the base.
    percent : bool
        Whether `amount` is in per cent of the base.
    note : str
        Free text of the region.
    """

    platform: str
    meter: str
    start: dt.datetime | None
    end: dt.datetime | None
    kind: str
    amount: float
    percent: bool = False
    note: str = ""

    def minutes_on(self, date: dt.date) -> tuple[int, int]:
        """Give the half-open range of minutes of `date` in which the entry is in force; empty if first ≥ last.

        Seconds do not occur: the reader refuses them.
        """
        return _minute_on(self.start, date, 0), _minute_on(self.end, date, MINUTES_A_DATE)


@dataclass(frozen=True)
class KeptCapacity:
    """An entry as the store keeps it.

    Attributes
    ----------
    id : int
    entry : CapacityEntry
    entered_at : datetime.datetime
        In UTC.
    entered_by : str
        E-mail address of the person; ``""`` for the service itself.
    """

    id: int
    entry: CapacityEntry
    entered_at: dt.datetime
    entered_by: str


def _minute_on(moment: dt.datetime | None, date: dt.date, default: int) -> int:
    if moment is None:
        return default
    midnight = dt.datetime.combine(date, dt.time())
    minutes = (moment - midnight) // dt.timedelta(minutes=1)
    return min(max(minutes, 0), MINUTES_A_DATE)


def capacity_by_slot(
    entries: Iterable[CapacityEntry], platform: str, meter: str, date: dt.date, grid: Grid
) -> NDArray[np.float64]:
    """Reckon the capacity in every slot of a date: :func:`uncut_capacity_by_slot`, cut at 0.

    Returns
    -------
    ndarray of float64, shape (grid.slots,)
        Capacity in connections (or logins per minute); ``inf`` where unlimited.
    """
    capacity: NDArray[np.float64] = np.maximum(0.0, uncut_capacity_by_slot(entries, platform, meter, date, grid))
    return capacity


def uncut_capacity_by_slot(
    entries: Iterable[CapacityEntry], platform: str, meter: str, date: dt.date, grid: Grid
) -> NDArray[np.float64]:
    """Sum base and changes in every slot of a date, which may be below 0.

    The base in force with the latest start counts, all changes in force add up, and a slot has the smallest value that
    holds during it. Without a base in force the meter is unlimited.

    Returns
    -------
    ndarray of float64, shape (grid.slots,)
        In connections (or logins per minute); ``inf`` where unlimited.
    """
    bases = np.full(MINUTES_A_DATE, np.inf)
    changes = np.zeros(MINUTES_A_DATE)
    percents = np.zeros(MINUTES_A_DATE)
    mine = [entry for entry in entries if (entry.platform, entry.meter) == (platform, meter)]
    # Among bases the latest start wins, so later ones overwrite earlier ones minute by minute.
    for entry in sorted(mine, key=lambda entry: entry.start or dt.datetime.min):  # noqa: DTZ901 - only an order
        first, last = entry.minutes_on(date)
        if entry.kind == "base":
            bases[first:last] = entry.amount
        elif entry.percent:
            percents[first:last] += entry.amount
        else:
            changes[first:last] += entry.amount
    limited = np.isfinite(bases)
    capacity = np.full(MINUTES_A_DATE, np.inf)
    capacity[limited] = bases[limited] + bases[limited] * percents[limited] / 100.0 + changes[limited]
    by_slot: NDArray[np.float64] = capacity.reshape(grid.slots, grid.slot_minutes).min(axis=1)
    return by_slot


def limited_meters(entries: Iterable[CapacityEntry], grid: Grid) -> set[tuple[str, str]]:
    """Give the (platform, meter) pairs with a base in force at some time of the horizon (CONTRACT section 5)."""
    return {
        (entry.platform, entry.meter)
        for entry in entries
        if entry.kind == "base" and any(first < last for first, last in (entry.minutes_on(date) for date in grid.dates))
    }
