"""What a meter bears over the dates of a region, as the spans in which nothing changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.capacity import capacity_by_slot
from scheduler.domain.region import Meter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.capacity import CapacityEntry
    from scheduler.domain.region import Region


@dataclass(frozen=True)
class CapacityRun:
    """A span in which a meter's capacity stays.

    Attributes
    ----------
    start, end : datetime.datetime
        Local, half-open; whole slots.
    capacity, limit : float
        Connections, or logins per minute; ``inf`` where unlimited.
    """

    start: dt.datetime
    end: dt.datetime
    capacity: float
    limit: float


def capacity_runs(region: Region, meter: Meter) -> tuple[CapacityRun, ...]:
    """Give what a meter bears from the first to the last date of the horizon, in order and without gaps."""
    grid, share = region.grid, region.policy.target_utilisation
    step = dt.timedelta(minutes=grid.slot_minutes)
    begin = dt.datetime.combine(grid.dates[0], dt.time())
    slots = np.concatenate(
        [capacity_by_slot(region.capacities, meter.platform, meter.meter, date, grid) for date in grid.dates]
    )
    edges = [0, *(np.flatnonzero(slots[1:] != slots[:-1]) + 1).tolist(), len(slots)]
    return tuple(
        CapacityRun(begin + first * step, begin + last * step, float(slots[first]), float(slots[first]) * share)
        for first, last in pairwise(edges)
    )


def meters_named(region: Region, entries: Sequence[CapacityEntry]) -> tuple[Meter, ...]:
    """Give every meter that some entry or usage row names, in the order of the platforms."""
    named = {(entry.platform, entry.meter) for entry in entries}
    named |= {(row.platform, row.meter) for row in region.usage}
    order = {platform.key: place for place, platform in enumerate(region.platforms)}
    return tuple(Meter(*pair) for pair in sorted(named, key=lambda pair: (order.get(pair[0], len(order)), pair)))
