"""Capacities: a base that the usual timetable overloads and a staggered one fits, and the events of the region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from scheduler.demo.loads import CONNECTIONS, LOGINS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scheduler.demo.presets import Event, Preset

TARGET_UTILISATION = 0.75
# The limit (target × capacity) as a share of the usual peak.
ENT_SHARE = {CONNECTIONS: 0.66, LOGINS: 0.65}
VIRTUAL_SHARE = 0.9
SPARE_SHARE = 0.25  # of the largest virtual class, for one that nobody uses usually


@dataclass(frozen=True)
class CapacityRow:
    """A row of capacity.csv; `start` and `end` are ISO local date-times or ``""``."""

    platform: str
    meter: str
    start: str
    end: str
    kind: str
    amount: str
    note: str

    def cells(self) -> tuple[str, ...]:
        """Give the cells in the order of the contract."""
        return (self.platform, self.meter, self.start, self.end, self.kind, self.amount, self.note)


def rounded(capacity: float) -> int:
    """Round a capacity as one states it: to hundreds, for a few schools to tens or ones, never to 0."""
    step = 100 if capacity >= 2000 else 10 if capacity >= 100 else 1
    return max(step, step * round(capacity / step))


def base_capacities(preset: Preset, peaks: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], int]:
    """Set the base capacity of every platform and meter from the peaks of the usual timetable.

    A second virtual class that nobody uses usually gets a quarter of the first one's.
    """
    bases = {
        (preset.ent, meter): rounded(share * peaks.get((preset.ent, meter), 0.0) / TARGET_UTILISATION)
        for meter, share in ENT_SHARE.items()
    }
    largest = max((peaks.get((platform, CONNECTIONS), 0.0) for platform in preset.virtual), default=0.0)
    for platform in preset.virtual:
        peak = peaks.get((platform, CONNECTIONS), 0.0) or SPARE_SHARE * largest
        bases[platform, CONNECTIONS] = rounded(VIRTUAL_SHARE * peak / TARGET_UTILISATION)
    return bases


def capacity_rows(
    preset: Preset, bases: Mapping[tuple[str, str], int], share: float, schools: int | None
) -> Iterator[CapacityRow]:
    """Give the rows of capacity.csv.

    Parameters
    ----------
    preset : Preset
        The region.
    bases : mapping
        Base capacity by platform and meter.
    share : float
        Share of the region's pupils that are in the folder; changes in connections are scaled by it.
    schools : int or None
        Number of schools taken; None for all: changes are then as published, unscaled.
    """
    for (platform, meter), base in bases.items():
        if platform == preset.ent and preset.small_base < 1:
            small = rounded(base * preset.small_base)
            yield CapacityRow(platform, meter, "", "", "base", str(small), "before the region reacted")
            second = _local(preset, 1, 0)
            yield CapacityRow(platform, meter, second, "", "base", str(base), "after: from 5000 to 8500, scaled")
        else:
            yield CapacityRow(platform, meter, "", "", "base", str(base), "")
    for event in preset.events:
        platform = preset.ent if event.platform == "ent" else event.platform
        start = _local(preset, event.day, event.start)
        end = _local(preset, event.day, event.start + event.minutes) if event.minutes else ""
        for meter in event.meters:
            amount, note = _change(event, bases[platform, meter], share, schools)
            yield CapacityRow(platform, meter, start, end, "change", amount, note)


def _change(event: Event, base: int, share: float, schools: int | None) -> tuple[str, str]:
    """Give amount and note of an event; a raise in percent is written as the connections that it is."""
    if event.connections and schools is None:
        return f"{event.connections:+d}", event.note
    if event.connections:
        scaled = max(1, round(event.connections * share))
        note = f"{event.note}; {event.connections:+d} for the whole region, scaled to {schools} schools"
        return f"{scaled:+d}", note
    if event.percent > 0:
        return f"{max(1, round(base * event.percent / 100)):+d}", event.note
    return f"{event.percent:d}%", event.note


def _local(preset: Preset, day: int, minute: int) -> str:
    moment = datetime.combine(preset.first_date, time()) + timedelta(days=day, minutes=minute)
    return moment.isoformat(timespec="minutes")
