"""Settings and calendar of a region, each replaced as a whole: region.toml, periods, closures and weeks."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from scheduler.domain.grid import clock
from scheduler.errors import FaultyInput, Refused
from scheduler.files.fault_list import Findings
from scheduler.files.region_tables import (
    CLOSURES,
    PERIODS,
    WEEKS,
    read_closures,
    read_periods,
    read_weeks,
)
from scheduler.files.region_toml import settings_of
from scheduler.files.region_writer import cells_of, region_toml
from scheduler.files.table import table_of
from scheduler.files.timetable_reader import refuse_kept_clashes
from scheduler.files.timetable_text import TimetableText
from scheduler.service.region_edits import Edit, Edited, Subject, begin_edit
from scheduler.store.packed import unpack_bytes
from scheduler.store.regions import RegionRepository
from scheduler.store.timetables import TimetableRepository
from scheduler.store.versions import VersionRepository
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scheduler.domain.calendar import Calendar
    from scheduler.domain.grid import Grid
    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.store import Store, Work

SETTINGS = Subject("settings", "settings")
MOST_NAMED = 5
"""So many schools a sentence names."""
CALENDAR = {
    "periods": Subject("periods", "periods.csv"),
    "closures": Subject("closures", "closures.csv", names_schools=True),
    "weeks": Subject("weeks", "weeks.csv", names_schools=True),
}

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class RegionInput:
    """What a region says of itself, to be edited.

    Attributes
    ----------
    settings : dict
        As region.toml, every key with its value; dates and times are texts.
    periods : list of dict or None
        Rows of periods.csv by column; None: every date is taught at a distance.
    closures, weeks : list of dict
        Rows of closures.csv and weeks.csv by column.
    revision : int
        Of the region; an edit made from this names it.
    """

    settings: dict[str, Any]
    periods: Rows | None
    closures: Rows
    weeks: Rows
    revision: int


def open_settings(store: Store, actor: Actor, region: str) -> RegionInput:
    """Give settings and calendar of a region.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        regions = RegionRepository(work, actor.sees)
        revision = regions.region_row(region).revision
        head = regions.head(region)
    closures, weeks = _rows(head.calendar, "closures"), _rows(head.calendar, "weeks")
    return RegionInput(settings_in(head), _rows(head.calendar, "periods"), closures or [], weeks or [], revision)


def settings_in(region: Region) -> dict[str, Any]:
    """Give the settings of a region as region.toml would hold them; dates are texts."""
    values = tomllib.loads(region_toml(region))
    return {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in values.items()}


def _rows(calendar: Calendar, table: str) -> Rows | None:
    values = getattr(calendar, table)
    return None if values is None else [cells_of(value) for value in values]


def change_settings(store: Store, actor: Actor, region: str, settings: Mapping[str, Any], *, made_from: int) -> Edited:
    """Replace the settings of a region: name, horizon, time zone, day and policy.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    settings : mapping
        As region.toml: what is left out has its default. Dates and times may be texts.
    made_from : int
        The region's revision that the actor has looked at.

    Raises
    ------
    FaultyInput
        With everything that is wrong with them.
    NotThere
        There is no such region that the actor may change.
    Refused
        Somebody else changed the settings meanwhile; says who and when. Or timetables in force do not fit the new day.
    """
    return store.in_work(partial(_change, actor=actor, region=region, settings=settings, made_from=made_from))


def _change(work: Work, actor: Actor, region: str, settings: Mapping[str, Any], made_from: int) -> Edited:
    edit = begin_edit(work, actor, region, SETTINGS, made_from)
    return _keep_settings(edit, _with_settings(edit.former, settings))


def _with_settings(region: Region, settings: Mapping[str, Any]) -> Region:
    """Give a region with other settings.

    Raises
    ------
    FaultyInput
    """
    findings = Findings()
    read = settings_of(dict(settings), findings.faults)
    if read.name is None or read.grid is None or read.policy is None or len(findings.faults):
        raise FaultyInput(findings.faults.listed([]))
    return replace(region, name=read.name, grid=read.grid, policy=read.policy)


def settings_wanted(store: Store, actor: Actor, region: str, settings: Mapping[str, Any]) -> Region:
    """See what a region would be with other settings, without its activities; nothing is kept.

    Raises
    ------
    FaultyInput, NotThere
    """
    with store.read() as work:
        return _with_settings(RegionRepository(work, actor.sees).head(region), settings)


def _keep_settings(edit: Edit, region: Region) -> Edited:
    before, after = _flat(settings_in(edit.former)), _flat(settings_in(region))
    differing = [key for key in after if before[key] != after[key]]
    if not differing:
        return edit.nothing()
    _refuse_outside_day(edit, region.grid)
    regions = RegionRepository(edit.work, edit.actor.edits)
    regions.replace(edit.region_id, edit.former, region, edit.actor.person_id)
    told = ({key: values[key] for key in differing} for values in (before, after))
    return edit.done("settings.changed", edit.region, **dict(zip(("before", "after"), told, strict=True)))


def _refuse_outside_day(edit: Edit, grid: Grid) -> None:
    """See that every timetable in force lies in the day (CONTRACT section 3, rule 7).

    Raises
    ------
    Refused
    """
    versions = VersionRepository(edit.work, edit.actor.edits)
    found = versions.outside_day(edit.region_id, grid.day_start, grid.day_end, MOST_NAMED + 1)
    if found:
        named = [key or "access.csv" for key in found[:MOST_NAMED]]
        values = {"start": clock(grid.day_start), "end": clock(grid.day_end), "schools": ", ".join(named)}
        what = T("timetables in force go beyond a day from {start} to {end}, among them those of {schools}", **values)
        remedy = T("let the day be longer, or bring these timetables anew first")
        raise Refused(T("{what}; {remedy}", what=what, remedy=remedy))


def _flat(values: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Give the values of tables in tables by dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return flat


def replace_periods(
    store: Store, actor: Actor, region: str, rows: Sequence[Mapping[str, str]] | None, *, made_from: int
) -> Edited:
    """Replace the dates on which levels are taught at a distance.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    rows : sequence of mapping of str to str, or None
        Cells of periods.csv by column; None: every date of the horizon.
    made_from : int
        The region's revision that the actor has looked at.

    Raises
    ------
    FaultyInput, NotThere, Refused
        As :func:`change_settings`.
    """
    return _replace(store, actor, region, "periods", rows, made_from)


def replace_closures(
    store: Store, actor: Actor, region: str, rows: Sequence[Mapping[str, str]], *, made_from: int
) -> Edited:
    """Replace the dates on which schools are closed; rows of closures.csv, otherwise as :func:`replace_periods`."""
    return _replace(store, actor, region, "closures", rows, made_from)


def replace_weeks(
    store: Store, actor: Actor, region: str, rows: Sequence[Mapping[str, str]], *, made_from: int
) -> Edited:
    """Replace the letters of weeks; rows of weeks.csv, otherwise as :func:`replace_periods`."""
    return _replace(store, actor, region, "weeks", rows, made_from)


def _replace(
    store: Store, actor: Actor, region: str, table: str, rows: Sequence[Mapping[str, str]] | None, made_from: int
) -> Edited:
    def use(work: Work) -> Edited:
        edit = begin_edit(work, actor, region, CALENDAR[table], made_from)
        return _keep_table(edit, table, None if rows is None else _read(edit, table, rows))

    return store.in_work(use)


def _read(edit: Edit, table: str, rows: Sequence[Mapping[str, str]]) -> tuple[Any, ...]:
    """Read rows by the rules of their file.

    Raises
    ------
    FaultyInput
    """
    findings, file = Findings(), CALENDAR[table].file
    schools = {school.key for school in edit.former.schools}
    values: tuple[Any, ...]
    if table == "periods":
        values = read_periods(table_of(file, rows, PERIODS, findings)).values
    elif table == "closures":
        values = read_closures(table_of(file, rows, CLOSURES, findings), schools).values
    else:
        values = read_weeks(table_of(file, rows, WEEKS, findings), schools).values
    if len(findings.faults):
        raise FaultyInput(findings.faults.listed([file]))
    return values


def _keep_table(edit: Edit, table: str, values: tuple[Any, ...] | None) -> Edited:
    calendar = replace(edit.former.calendar, **{table: values})  # type: ignore[arg-type]
    if calendar == edit.former.calendar:
        return edit.nothing()
    region = replace(edit.former, calendar=calendar)
    if table == "weeks":
        _refuse_clashes(edit, region)
    RegionRepository(edit.work, edit.actor.edits).replace(edit.region_id, edit.former, region, edit.actor.person_id)
    before, after = (_rows(one, table) for one in (edit.former.calendar, calendar))
    return edit.done(f"{table}.replaced", edit.region, before=before, after=after)


def _refuse_clashes(edit: Edit, region: Region) -> None:
    """See that the windows of every timetable in force go with new weeks.

    Raises
    ------
    FaultyInput
    """
    kept = TimetableRepository(edit.work, edit.actor.edits)
    schools = {version: school for school, version in kept.with_windows(edit.region_id)}
    texts = ((schools[version], TimetableText.parted(unpack_bytes(packed))) for version, packed in kept.packed(schools))
    refuse_kept_clashes(((school, text.windows) for school, text in texts), region)
