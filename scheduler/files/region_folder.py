"""From a region folder to a Region, with every fault of every file at once (CONTRACT section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.calendar import Calendar
from scheduler.domain.region import Region
from scheduler.errors import Fault, FaultyInput
from scheduler.files import region_warnings as deserves_a_look
from scheduler.files.activity_rows import activities_of
from scheduler.files.fault_list import Findings
from scheduler.files.folder_contents import FILES, FolderContents, look_into
from scheduler.files.region_activities import ACCESS, SESSIONS, Around, read_sessions, read_windows
from scheduler.files.region_tables import (
    CAPACITY,
    CLOSURES,
    PERIODS,
    PLATFORMS,
    SCHOOLS,
    USAGE,
    WEEKS,
    Listed,
    read_capacity,
    read_closures,
    read_periods,
    read_platforms,
    read_schools,
    read_usage,
    read_weeks,
)
from scheduler.files.region_toml import Settings, read_settings
from scheduler.files.table import Schema, Table, read_table
from scheduler.files.window_clashes import refuse_clashes
from scheduler.wording import T

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.calendar import Closure, Period, Week
    from scheduler.domain.capacity import CapacityEntry
    from scheduler.domain.places import Platform, School
    from scheduler.domain.usage import UsageRow
    from scheduler.files.activity_rows import ActivityRows


@dataclass(frozen=True)
class ReadRegion:
    """A sound region, and what in its folder deserves a look.

    Attributes
    ----------
    region : Region
    warnings : tuple of Fault
        In file and line order; nothing that stops.
    """

    region: Region
    warnings: tuple[Fault, ...]


@dataclass(frozen=True)
class _Parts:
    """What the files say, each as far as it can be read."""

    settings: Settings
    platforms: Listed[Platform]
    capacities: Listed[CapacityEntry]
    schools: Listed[School]
    periods: Listed[Period]
    closures: Listed[Closure]
    weeks: Listed[Week]
    usage: Listed[UsageRow]
    sessions: ActivityRows
    windows: ActivityRows

    @property
    def calendar(self) -> Calendar:
        """The region's periods, closures and weeks."""
        # Without the file the whole horizon is taught at a distance; with an empty one no date is.
        periods = self.periods.values if self.periods.table.files else None
        return Calendar(periods, self.closures.values, self.weeks.values)


def read_region(folder: Path) -> ReadRegion:
    """Read a region folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    ReadRegion

    Raises
    ------
    FaultyInput
        With every fault of every file, in file and line order.
    """
    findings = Findings()
    return _read_region(look_into(folder, findings), findings)


def read_region_files(contents: FolderContents) -> ReadRegion:
    """Read the files of a region, wherever they lie; otherwise as :func:`read_region`.

    Raises
    ------
    FaultyInput
        With every fault of every file, in file and line order.
    """
    return _read_region(contents, Findings())


def _read_region(contents: FolderContents, findings: Findings) -> ReadRegion:
    order = [*FILES, *(source.name for source in contents.sessions), "access.csv", "usage.csv"]
    parts = _read(contents, findings)
    _check_together(parts, findings)
    if len(findings.faults):
        raise FaultyInput(findings.faults.listed(order))
    region = _region(parts)
    _look_at(region, parts, findings)
    return ReadRegion(region, findings.warnings.listed(order))


def _read(contents: FolderContents, findings: Findings) -> _Parts:
    """Read every file, each with what it needs to know of those before it."""

    def table(name: str, schema: Schema) -> Table:
        sources = contents.sources(name)
        return read_table(sources, schema, findings, complete=bool(sources) or not contents.is_missing(name))

    settings = read_settings(contents.settings, findings.faults)
    platforms = read_platforms(table("platforms.csv", PLATFORMS))
    capacities = read_capacity(table("capacity.csv", CAPACITY), platforms.declared)
    schools = read_schools(table("schools.csv", SCHOOLS))
    periods = read_periods(table("periods.csv", PERIODS))
    closures = read_closures(table("closures.csv", CLOSURES), schools.declared)
    weeks = read_weeks(table("weeks.csv", WEEKS), schools.declared)
    usage, pairs = read_usage(table("usage.csv", USAGE), platforms.declared)
    around = Around(schools.declared, platforms.declared, pairs, settings.day)
    sessions = read_sessions(read_table(contents.sessions, SESSIONS, findings), around)
    windows = read_windows(table("access.csv", ACCESS), around)
    return _Parts(settings, platforms, capacities, schools, periods, closures, weeks, usage, sessions, windows)


def _check_together(parts: _Parts, findings: Findings) -> None:
    """Check what several files say together."""
    sessions, windows = parts.sessions.table, parts.windows.table
    if not len(sessions) and not len(windows) and sessions.complete and windows.complete:
        what = T("the region has no class session and no access window, so there is nothing to plan")
        remedy = T("add sessions.csv, files in the folder sessions, or access.csv")
        findings.faults.add("sessions.csv", 0, what, remedy)
    # In doubt about schools or weeks, a window on a date has no sure letter.
    if parts.schools.declared is not None and parts.weeks.table.complete:
        known = {school.key for school in parts.schools.values}
        weeks = tuple(week for week in parts.weeks.values if not week.school or week.school in known)
        refuse_clashes(parts.windows, parts.schools.values, Calendar(weeks=weeks))


def _region(parts: _Parts) -> Region:
    settings = parts.settings
    # Without a fault nothing of region.toml is None; this tells the type checker so.
    if settings.name is None or settings.grid is None or settings.policy is None:
        raise AssertionError("region.toml lacks a value and no fault says so")
    return Region(
        settings.name,
        settings.grid,
        settings.policy,
        parts.platforms.values,
        parts.schools.values,
        parts.capacities.values,
        parts.usage.values,
        parts.calendar,
        activities_of(parts.sessions, parts.windows, parts.schools.values),
    )


def _look_at(region: Region, parts: _Parts, findings: Findings) -> None:
    """Warn of what a sound region holds that its writer hardly meant."""
    deserves_a_look.warn_of_idle_capacity(region, parts.capacities)
    deserves_a_look.warn_of_idle_schools(region, parts.schools.table)
    deserves_a_look.warn_of_unknown_levels(region, parts.periods)
    deserves_a_look.warn_of_no_periods(region, findings.warnings)
    deserves_a_look.warn_of_week_53(region, findings.warnings)
    deserves_a_look.warn_of_idle_usage(region, parts.usage)
    for rows in (parts.sessions, parts.windows):
        dates = region.activities.date[np.flatnonzero(region.activities.window == rows.window)]
        deserves_a_look.warn_of_other_dates(region, rows.table, dates)
