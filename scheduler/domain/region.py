"""The region: everything a region folder says, checked and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.capacity import CapacityEntry, capacity_by_slot, limited_meters
from scheduler.domain.sharers import DisjointParts, disjoint_parts
from scheduler.domain.timetable import Activities, Presence

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from scheduler.domain.calendar import Calendar
    from scheduler.domain.grid import Grid
    from scheduler.domain.places import Platform, Policy, School
    from scheduler.domain.usage import UsageRow


@dataclass(frozen=True)
class Meter:
    """What is limited on a platform."""

    platform: str
    meter: str


@dataclass(frozen=True)
class Region:
    """A region as its folder describes it (CONTRACT section 2).

    Attributes
    ----------
    name : str
    grid : Grid
        Day, slots, horizon and time zone.
    policy : Policy
    platforms : tuple of Platform
    schools : tuple of School
    capacities : tuple of CapacityEntry
    usage : tuple of UsageRow
    calendar : Calendar
    activities : Activities
    """

    name: str
    grid: Grid
    policy: Policy
    platforms: tuple[Platform, ...]
    schools: tuple[School, ...]
    capacities: tuple[CapacityEntry, ...]
    usage: tuple[UsageRow, ...]
    calendar: Calendar
    activities: Activities

    @cached_property
    def meters(self) -> tuple[Meter, ...]:
        """The limited meters, in the order of platforms.csv, then by name."""
        limited = limited_meters(self.capacities, self.grid)
        order = {platform.key: place for place, platform in enumerate(self.platforms)}
        return tuple(Meter(*pair) for pair in sorted(limited, key=lambda pair: (order[pair[0]], pair[1])))

    @cached_property
    def usage_rows(self) -> dict[tuple[str, str, str], tuple[UsageRow, ...]]:
        """The rows of usage.csv by (activity, platform, meter)."""
        rows: dict[tuple[str, str, str], tuple[UsageRow, ...]] = {}
        for row in self.usage:
            place = (row.activity, row.platform, row.meter)
            rows[place] = (*rows.get(place, ()), row)
        return rows

    @cached_property
    def disjoint_parts(self) -> DisjointParts:
        """The pairs of parts of a division that have no pupil in common (CONTRACT section 3, rule 4)."""
        return disjoint_parts(self.activities, self.calendar)

    @cached_property
    def presence(self) -> Presence:
        """Which activities take place when."""
        return Presence(self.activities, self.schools, self.calendar, self.grid)

    def capacity(self, date: dt.date) -> NDArray[np.float64]:
        """Give the capacity of each limited meter in each slot of `date`.

        Returns
        -------
        ndarray of float64, shape (len(meters), slots)
            ``inf`` where no base is in force.
        """
        rows = [
            capacity_by_slot(self.capacities, meter.platform, meter.meter, date, self.grid) for meter in self.meters
        ]
        return np.array(rows).reshape(len(rows), self.grid.slots)

    def limit(self, date: dt.date) -> NDArray[np.float64]:
        """Give what a plan may fill: target utilisation × capacity, shaped as :meth:`capacity`."""
        return self.policy.target_utilisation * self.capacity(date)
