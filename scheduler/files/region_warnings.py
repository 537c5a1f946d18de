"""What in a sound region deserves a look (CONTRACT section 2)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.capacity import limited_meters
from scheduler.domain.grid import monday_of
from scheduler.domain.timetable import WEEKLY
from scheduler.wording import T

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.calendar import Period
    from scheduler.domain.capacity import CapacityEntry
    from scheduler.domain.region import Region
    from scheduler.domain.usage import UsageRow
    from scheduler.files.fault_list import FaultList
    from scheduler.files.region_tables import Listed
    from scheduler.files.table import Table

LAST_WEEK = 53


def warn_of_idle_usage(region: Region, usage: Listed[UsageRow]) -> None:
    """Warn of a row of usage.csv for an activity that nobody uses."""
    used = {way.activity for ways in region.activities.words.alternatives for way in ways}
    for entry, row in zip(usage.values, usage.rows, strict=True):
        if entry.activity not in used:
            what = T("nobody uses the activity “{activity}”", activity=entry.activity)
            usage.table.warn(row, what, T("take the row out, or check how sessions and windows write the activity"))


def warn_of_idle_capacity(region: Region, capacities: Listed[CapacityEntry]) -> None:
    """Warn of a change without a base, and of a limited meter that no row of usage.csv names."""
    based = {(entry.platform, entry.meter) for entry in capacities.values if entry.kind == "base"}
    limited = limited_meters(capacities.values, region.grid)
    loaded = {(row.platform, row.meter) for row in region.usage}
    seen = set()
    for entry, row in zip(capacities.values, capacities.rows, strict=True):
        meter = (entry.platform, entry.meter)
        names = {"platform": entry.platform, "meter": entry.meter}
        if meter in seen:
            continue
        seen.add(meter)
        if meter not in based:
            what = T("{platform}, {meter}, has no base, so this change has no effect", **names)
            capacities.table.warn(row, what, T("add a row of kind “base”"))
        elif meter in limited and meter not in loaded:
            what = T("no row of usage.csv loads {platform}, {meter}", **names)
            capacities.table.warn(row, what, T("add one there if activities load it"))


def warn_of_idle_schools(region: Region, schools: Table) -> None:
    """Warn of a school without a session, where there are sessions at all."""
    activities = region.activities
    taught = np.zeros(len(region.schools), dtype=bool)
    taught[activities.school[~activities.window]] = True
    if not taught.any():
        return
    for row in np.flatnonzero(~taught).tolist():
        what = T("school “{school}” has no session", school=region.schools[row].key)
        schools.warn(row, what, T("add its sessions, or take the school out"))


def warn_of_unknown_levels(region: Region, periods: Listed[Period]) -> None:
    """Warn of a level in periods.csv that no school has."""
    levels = {school.level for school in region.schools}
    for period, row in zip(periods.values, periods.rows, strict=True):
        if period.level and period.level not in levels:
            what = T("no school has the level “{level}”", level=period.level)
            periods.table.warn(row, what, T("write the level as in schools.csv"))


def warn_of_no_periods(region: Region, warnings: FaultList) -> None:
    """Warn of a periods.csv without a row: by it, no level is taught at a distance on any date."""
    if region.calendar.periods == ():
        what = T("there is no period in it, so no date is planned")
        warnings.add("periods.csv", 0, what, T("add the periods, or remove the file if every date is meant"))


def warn_of_other_dates(region: Region, table: Table, dates: NDArray[np.int32]) -> None:
    """Warn of dated rows outside the horizon, once a file; `dates` holds an ordinal or `WEEKLY` a row."""
    first, last = region.grid.first_date.toordinal(), region.grid.last_date.toordinal()
    outside = np.flatnonzero((dates != WEEKLY) & ((dates < first) | (dates > last)))
    files, starts, counts = np.unique(table.file[outside], return_index=True, return_counts=True)
    for _, start, count in zip(files, starts, counts, strict=True):
        what = T("dates outside the horizon, which are not planned, from here on: {count}", count=int(count))
        table.warn(int(outside[start]), what, T("check the dates, or first_date and last_date in region.toml"))


def warn_of_week_53(region: Region, warnings: FaultList) -> None:
    """Warn that ISO weeks 53 and 1 are both `A`, unless weeks.csv says otherwise."""
    if not (region.activities.week != 0).any():
        return
    grid = region.grid
    touched = sorted({monday_of(date) for date in grid.dates})
    before = {monday: (monday - dt.timedelta(days=7)).isocalendar().week for monday in touched}
    doubtful = [m for m in touched if m.isocalendar().week == LAST_WEEK or before[m] == LAST_WEEK]
    for monday in doubtful:
        # Of weeks 53 and 1 both are A by the rule; where weeks.csv states the other one, this one is meant so.
        other = monday + dt.timedelta(days=7 if monday.isocalendar().week == LAST_WEEK else -7)
        told_there = other in touched and other > monday
        if not told_there and not _stated(region, monday) and not _stated(region, other):
            what = T(
                "the week of {monday} is A, and so is the one before or after it (ISO weeks 53 and 1)", monday=monday
            )
            warnings.add("weeks.csv", 0, what, T("say in weeks.csv which week begins on {monday}", monday=monday))


def _stated(region: Region, monday: dt.date) -> bool:
    """Tell whether weeks.csv says for every school which week begins on a Monday."""
    stated = {week.school for week in region.calendar.weeks if week.monday == monday}
    return "" in stated or bool(region.schools and {school.key for school in region.schools} <= stated)
