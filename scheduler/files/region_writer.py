"""A region as the files of its folder, which read back to the same values (CONTRACT section 2)."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.domain.calendar import Closure, Period, Week
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.grid import MINUTES_A_DATE, clock
from scheduler.domain.places import Platform
from scheduler.domain.usage import UsageRow
from scheduler.errors import CannotWrite
from scheduler.files.cells_written import csv_text, number_cell
from scheduler.files.folder_contents import KNOWN, SESSIONS_FOLDER
from scheduler.files.region_tables import CAPACITY, CLOSURES, PERIODS, PLATFORMS, SCHOOLS, USAGE, WEEKS
from scheduler.files.timetable_text import joined_tables
from scheduler.whole_folder import cannot_write, check_can_write_folder, whole_folder
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from scheduler.domain.region import Region
    from scheduler.domain.usage import Moment
    from scheduler.files.timetable_text import TimetableText


def region_files(region: Region) -> dict[str, str]:
    """Write everything but the timetables: the texts of region.toml and of the small tables, by file name."""
    calendar = region.calendar
    files = {
        "region.toml": region_toml(region),
        "platforms.csv": csv_text(PLATFORMS.columns, ((one.key, one.name, one.kind) for one in region.platforms)),
        "schools.csv": csv_text(
            SCHOOLS.columns,
            (
                (one.key, one.name, one.level, one.academy, "" if one.pupils is None else one.pupils)
                for one in region.schools
            ),
        ),
        "usage.csv": csv_text(USAGE.columns, map(_usage_row, region.usage)),
    }
    if region.capacities:
        files["capacity.csv"] = csv_text(CAPACITY.columns, map(_capacity_row, region.capacities))
    # An empty periods.csv means that no date is taught at a distance; no file, that every date is.
    if calendar.periods is not None:
        files["periods.csv"] = csv_text(
            PERIODS.columns, ((one.level, one.first_date, one.last_date) for one in calendar.periods)
        )
    if calendar.closures:
        files["closures.csv"] = csv_text(
            CLOSURES.columns, ((one.school, one.first_date, one.last_date, one.note) for one in calendar.closures)
        )
    if calendar.weeks:
        files["weeks.csv"] = csv_text(WEEKS.columns, ((one.school, one.monday, one.letter) for one in calendar.weeks))
    return files


def check_can_write_region(out: Path) -> None:
    """Refuse early a region folder that could not, or should not, be written later.

    Raises
    ------
    CannotWrite
        `out` is a file, or a folder that holds something else than a region, or lies in a place that takes no folder.
    """
    out = Path(os.path.realpath(out))
    try:
        _refuse_foreign(out)
    except OSError as error:
        raise CannotWrite(cannot_write(out, error)) from error
    check_can_write_folder(out)


def _refuse_foreign(out: Path) -> None:
    """Refuse to replace what is not a region folder and nothing else: it may be somebody's work."""
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise CannotWrite(T("{path} is a file; name a folder for the region.", path=out))
    names = {path.name for path in out.iterdir()}
    inside = out / SESSIONS_FOLDER
    others = [path for path in inside.iterdir() if path.suffix != ".csv"] if inside.is_dir() else []
    if names and ("region.toml" not in names or names - {*KNOWN, SESSIONS_FOLDER} or others):
        raise CannotWrite(
            T("The folder {folder} holds other things than a region; name another folder for the region.", folder=out)
        )


def write_region_folder(out: Path, region: Region, timetables: Iterable[tuple[str, TimetableText]]) -> int:
    """Write a region folder as a whole; one that stands there is replaced, or left as it was.

    Each school's sessions make a file of their own, save where its name would be hidden or, on a disk that does not
    tell capitals from small letters, be another's: these stand in sessions.csv.

    Parameters
    ----------
    out : Path
    region : Region
        Everything but the activities is taken from it.
    timetables : iterable of (str, TimetableText)
        By school, ``""`` for the audiences of the region; taken one by one, for all need not fit in memory.

    Returns
    -------
    int
        How many timetables were written.

    Raises
    ------
    CannotWrite
    """
    check_can_write_region(out)
    alike = Counter(school.key.lower() for school in region.schools)
    together: list[bytes] = []
    windows: list[bytes] = []
    count = 0
    with whole_folder(out) as folder:
        for name, text in region_files(region).items():
            (folder / name).write_bytes(text.encode())
        (folder / SESSIONS_FOLDER).mkdir()
        for school, timetable in timetables:
            count += 1
            if timetable.windows:
                windows.append(timetable.windows)
            if timetable.sessions and (school.startswith(".") or alike[school.lower()] > 1):
                together.append(timetable.sessions)
            elif timetable.sessions:
                (folder / SESSIONS_FOLDER / f"{school}.csv").write_bytes(timetable.sessions)
        for name, tables in (("sessions.csv", together), ("access.csv", windows)):
            if tables:
                (folder / name).write_bytes(joined_tables(tables))
    return count


def region_toml(region: Region) -> str:
    """Write region.toml with every key."""
    return "\n".join(_toml_lines(region)) + "\n"


def _toml_lines(region: Region) -> Iterator[str]:
    grid, policy = region.grid, region.policy
    yield f"name = {_toml_text(region.name)}"
    yield f"timezone = {_toml_text(grid.timezone)}"
    yield f"first_date = {grid.first_date.isoformat()}"
    yield f"last_date = {grid.last_date.isoformat()}"
    yield ""
    yield "[day]"
    yield f'start = "{clock(grid.day_start)}"'
    yield f'end = "{clock(grid.day_end)}"'
    yield f"slot_minutes = {grid.slot_minutes}"
    yield ""
    yield "[policy]"
    yield f"target_utilisation = {policy.target_utilisation!r}"
    yield f"max_shift_minutes = {policy.max_shift_minutes}"
    yield f'move_together = "{policy.move_together}"'
    for name in ("overload_weight", "move_minutes", "switch_minutes", "activity_minutes"):
        yield f"{name} = {getattr(policy, name)!r}"
    yield f"break_minutes = {policy.break_minutes}"
    lunch = policy.lunch
    times = f'from = "{clock(lunch.start)}", to = "{clock(lunch.end)}"'
    yield f"lunch = {{ {times}, minutes = {lunch.minutes} }}"


def _toml_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _capacity_row(entry: CapacityEntry) -> tuple[str, ...]:
    sign = "+" if entry.kind == "change" and entry.amount > 0 else ""
    amount = f"{sign}{number_cell(entry.amount)}{'%' if entry.percent else ''}"
    span = _moment_cell(entry.start), _moment_cell(entry.end)
    return (entry.platform, entry.meter, *span, entry.kind, amount, entry.note)


def _moment_cell(moment: dt.datetime | None) -> str:
    return "" if moment is None else moment.isoformat("T", "minutes")


def _usage_row(row: UsageRow) -> tuple[str, ...]:
    first, last = row.start, row.end
    # Reading pulls far-off moments near; two that met so are written apart again, for an empty stretch is a fault.
    meet = not first.from_end and not last.from_end and first.minutes == last.minutes
    apart = 1 if meet and last.minutes == MINUTES_A_DATE else 0
    before = 1 if meet and not apart else 0
    span = _minutes_cell(first, -before), _minutes_cell(last, apart)
    return (row.activity, row.platform, row.meter, *span, number_cell(row.share))


def _minutes_cell(moment: Moment, further: int) -> str:
    minutes = moment.minutes + further
    if not moment.from_end:
        return str(minutes)
    return f"end{minutes:+d}" if minutes else "end"


def cells_of(value: CapacityEntry | Period | Closure | Week | UsageRow | Platform) -> dict[str, str]:
    """Write one row of a small table of the region, by column."""
    match value:
        case UsageRow():
            return dict(zip(USAGE.columns, _usage_row(value), strict=True))
        case Platform(key, name, kind):
            return dict(zip(PLATFORMS.columns, (key, name, kind), strict=True))
        case CapacityEntry():
            return dict(zip(CAPACITY.columns, _capacity_row(value), strict=True))
        case Period(level, first, last):
            return dict(zip(PERIODS.columns, (level, first.isoformat(), last.isoformat()), strict=True))
        case Closure(school, first, last, note):
            return dict(zip(CLOSURES.columns, (school, first.isoformat(), last.isoformat(), note), strict=True))
        case Week(school, monday, letter):
            return dict(zip(WEEKS.columns, (school, monday.isoformat(), letter), strict=True))
