"""One school's timetable read into a region that is there already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scheduler.errors import FaultyInput
from scheduler.files.activity_rows import activities_of
from scheduler.files.csv_rows import Source
from scheduler.files.fault_list import Findings
from scheduler.files.region_activities import ACCESS, OWN_SESSIONS, SESSIONS, Around, read_sessions, read_windows
from scheduler.files.region_warnings import warn_of_other_dates
from scheduler.files.table import read_table
from scheduler.files.window_clashes import refuse_clashes
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scheduler.domain.places import School
    from scheduler.domain.region import Region
    from scheduler.domain.timetable import Activities
    from scheduler.errors import Fault
    from scheduler.files.timetable_text import TimetableText

NAMES = ("sessions.csv", "access.csv")
"""Under which names the faults of a school's two files are told."""


def sources_of(school: str, text: TimetableText) -> tuple[tuple[Source, ...], tuple[Source, ...]]:
    """Give what is to be read of a kept timetable, sessions and windows, under the names that an export gives them."""
    sessions = (Source(text.sessions, f"sessions/{school}.csv"),) if text.sessions else ()
    return sessions, (Source(text.windows, "access.csv"),) if text.windows else ()


def read_timetable(sessions: Sequence[Source], windows: Sequence[Source], region: Region) -> Activities:
    """Read files of sessions and of windows as part of a region, whose own activities do not matter.

    Parameters
    ----------
    sessions, windows : sequence of Source
        With the columns of sessions.csv and of access.csv.
    region : Region
        What the rows refer to: schools, platforms, usage, day, calendar.

    Raises
    ------
    FaultyInput
        With every fault, in file and line order: also where a sound timetable does not fit the region as it is now.
    """
    findings = Findings()
    around = _around(region)
    taught = read_sessions(read_table(sessions, SESSIONS, findings), around)
    accessed = read_windows(read_table(windows, ACCESS, findings), around)
    refuse_clashes(accessed, region.schools, region.calendar)
    if len(findings.faults):
        raise FaultyInput(findings.faults.listed([source.name for source in (*sessions, *windows)]))
    return activities_of(taught, accessed, region.schools)


def _around(region: Region) -> Around:
    return Around(
        schools={school.key for school in region.schools},
        platforms={platform.key for platform in region.platforms},
        pairs={(row.activity, row.platform) for row in region.usage},
        day=(region.grid.day_start, region.grid.day_end),
    )


@dataclass(frozen=True)
class ReadTimetable:
    """A school's sound timetable.

    Attributes
    ----------
    activities : Activities
        At least one.
    warnings : tuple of Fault
        What in the files deserves a look.
    """

    activities: Activities
    warnings: tuple[Fault, ...]


def read_one_school(sessions: bytes | None, windows: bytes | None, region: Region, school: str) -> ReadTimetable:
    """Read the files of one school, which need not say whose they are.

    Parameters
    ----------
    sessions, windows : bytes or None
        As sessions.csv and as access.csv; None where there is no such file.
    region : Region
        With that school alone; what the rows refer to. Its own activities do not matter.
    school : str
        ``""``: the audiences of the region, who have windows only.

    Raises
    ------
    FaultyInput
        With every fault of both files.
    """
    findings, around = Findings(), replace(_around(region), own=school)
    files = [
        () if content is None else (Source(content, name),)
        for content, name in zip((sessions, windows), NAMES, strict=True)
    ]
    taught = read_sessions(read_table(files[0], OWN_SESSIONS, findings), around)
    accessed = read_windows(read_table(files[1], ACCESS, findings), around)
    refuse_clashes(accessed, region.schools, region.calendar)
    if not school and len(taught.table):
        what = T("the audiences of the region have no class sessions")
        findings.faults.add(NAMES[0], 0, what, T("bring their access.csv alone"))
    if taught.table.complete and accessed.table.complete and not len(taught.table) and not len(accessed.table):
        what = T("the timetable has no class session and no access window")
        findings.faults.add(NAMES[0], 0, what, T("add rows to sessions.csv or access.csv"))
    if len(findings.faults):
        raise FaultyInput(findings.faults.listed(NAMES))
    activities = activities_of(taught, accessed, region.schools)
    for rows in (taught, accessed):
        warn_of_other_dates(region, rows.table, activities.date[activities.window == rows.window])
    return ReadTimetable(activities, findings.warnings.listed(NAMES))


def refuse_kept_clashes(windows: Iterable[tuple[str, bytes]], region: Region) -> None:
    """See that kept windows go with the weeks of a region: a date counts with the letter of its week.

    Parameters
    ----------
    windows : iterable of (str, bytes)
        Schools and their access.csv.
    region : Region

    Raises
    ------
    FaultyInput
        Two rows of one window can fall on the same date.
    """
    findings = Findings()
    sources = [Source(content, f"access/{school}.csv" if school else "access.csv") for school, content in windows]
    around = Around(schools=None, platforms=None, pairs=None, day=None)
    refuse_clashes(read_windows(read_table(sources, ACCESS, findings), around), region.schools, region.calendar)
    if len(findings.faults):
        raise FaultyInput(findings.faults.listed([source.name for source in sources]))


def read_kept(text: TimetableText, school: School) -> Activities:
    """Read a kept timetable by itself, whether or not it fits its region as it is now."""
    findings = Findings()
    around = Around(schools=None, platforms=None, pairs=None, day=None, own=school.key)
    sessions, windows = sources_of(school.key, text)
    taught = read_sessions(read_table(sessions, SESSIONS, findings), around)
    accessed = read_windows(read_table(windows, ACCESS, findings), around)
    return activities_of(taught, accessed, (school,) if school.key else ())
