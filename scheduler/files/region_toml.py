"""region.toml: the horizon, the day and the policy (CONTRACT section 2)."""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.grid import MINUTES_A_DATE, Grid
from scheduler.domain.places import MOVE_TOGETHER, Lunch, Policy
from scheduler.files.cells import shown
from scheduler.files.csv_rows import check_encoding
from scheduler.files.table import name_unreadable
from scheduler.files.toml_section import Section, lines_of_keys
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt

    from scheduler.files.csv_rows import Source
    from scheduler.files.fault_list import FaultList

LONGEST_HORIZON_DATES = 56
SLOT_MINUTES = (5, 10, 15)


@dataclass(frozen=True)
class Settings:
    """What region.toml says; None where it is faulty, so that no check builds on it.

    Attributes
    ----------
    name : str or None
    day : (int, int) or None
        Start and end of the day in minutes.
    grid : Grid or None
    policy : Policy or None
    """

    name: str | None = None
    day: tuple[int, int] | None = None
    grid: Grid | None = None
    policy: Policy | None = None


def read_settings(source: Source | None, faults: FaultList) -> Settings:
    """Read region.toml and name its faults; without a source its absence is named already."""
    if source is None:
        return Settings()
    try:
        top = _parse(source, faults)
    except OSError as error:
        name_unreadable(source.name, error, faults)
        return Settings()
    return _settings(top)


def settings_of(values: dict[str, object], faults: FaultList) -> Settings:
    """Read settings that were not read from a file, and name their faults.

    Parameters
    ----------
    values : dict
        As region.toml would be read: texts, numbers and tables by key. Dates and times may be texts.
    faults : FaultList
    """
    return _settings(Section("", values, {}, faults))


def _settings(top: Section) -> Settings:
    name = top.text("name", None)
    timezone = _timezone(top)
    horizon = _horizon(top)
    day, slot_minutes = _day(top.section("day"))
    policy = _policy(top.section("policy"), slot_minutes)
    top.close()
    grid = None
    if day and slot_minutes and timezone and horizon:
        grid = Grid(*day, slot_minutes, timezone, *horizon)
    return Settings(name, day, grid, policy)


def _parse(source: Source, faults: FaultList) -> Section:
    unreadable = Section(source.name, None, {}, faults)
    if not check_encoding(source, faults):
        return unreadable
    with source.open_text() as stream:
        text = stream.read()
    try:
        return Section(source.name, tomllib.loads(text), lines_of_keys(text), faults)
    except (ValueError, RecursionError) as error:
        # Beside TOMLDecodeError: numbers of thousands of digits, and brackets nested as deeply.
        place = re.search(r"at line ([0-9]+)", str(error))
        line = int(place[1]) if place else len(text.rstrip("\n").split("\n"))
        reason = re.sub(r" \(at .*\)$", "", str(error))
        what = T("this is not TOML ({reason})", reason=shown(reason))
        faults.add(source.name, line, what, T("write key = value; texts and times stand between quotation marks"))
        return unreadable


def _timezone(top: Section) -> str | None:
    name = top.text("timezone", "Europe/Paris")
    if name is None:
        return None
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        # A folder of the time zone database, such as "Europe", is an OSError.
        what = T("the time zone “{text}” is unknown", text=shown(name))
        top.complain("timezone", what, T("write an IANA name such as Europe/Paris"))
        return None
    return name


def _horizon(top: Section) -> tuple[dt.date, dt.date] | None:
    first, last = top.date("first_date"), top.date("last_date")
    if first is None or last is None:
        return None
    if last < first:
        what = T("last_date {last} is before first_date {first}", last=last, first=first)
        top.complain("last_date", what, T("swap or repair the two"))
        return None
    count = (last - first).days + 1
    if count > LONGEST_HORIZON_DATES:
        what = T("from first_date to last_date there are {count} dates", count=count)
        remedy = T("plan at most {most} dates (8 weeks) at a time", most=LONGEST_HORIZON_DATES)
        top.complain("last_date", what, remedy)
        return None
    return first, last


def _day(day: Section) -> tuple[tuple[int, int] | None, int | None]:
    """Read the table ``[day]``: the day if it is sound, and the slot if it is."""
    slot = day.whole("slot_minutes", 5, 1)
    if slot is not None and slot not in SLOT_MINUTES:
        day.complain("slot_minutes", T("“day.slot_minutes” is {slot}", slot=shown(str(slot))), T("write 5, 10 or 15"))
        slot = None
    start, end = day.time("start", "07:30"), day.time("end", "19:00", end=True)
    day.close()
    sound = start is not None and end is not None
    for key, minute in (("start", start), ("end", end)):
        if minute is not None and slot is not None and minute % slot:
            what = T("“{key}” does not begin a slot of {slot} minutes", key=day.name(key), slot=slot)
            day.complain(key, what, T("write a multiple of day.slot_minutes"))
            sound = False
    if start is None or end is None:
        return None, slot
    if start >= end:
        day.complain(
            "end", T("the day does not end after it starts"), T("write a later “day.end” or an earlier “day.start”")
        )
        sound = False
    return ((start, end) if sound else None), slot


def _policy(policy: Section, slot_minutes: int | None) -> Policy | None:
    usual = Policy()
    values = {
        "target_utilisation": _utilisation(policy, usual.target_utilisation),
        "max_shift_minutes": _largest_shift(policy, usual.max_shift_minutes, slot_minutes),
        "move_together": policy.choice("move_together", usual.move_together, MOVE_TOGETHER),
        "overload_weight": policy.number("overload_weight", usual.overload_weight),
        "move_minutes": policy.number("move_minutes", usual.move_minutes),
        "switch_minutes": policy.number("switch_minutes", usual.switch_minutes),
        "activity_minutes": policy.number("activity_minutes", usual.activity_minutes),
        "break_minutes": _at_most_a_date(policy.whole("break_minutes", usual.break_minutes, 0)),
        "lunch": _lunch(policy.section("lunch")),
    }
    policy.close()
    return None if None in values.values() else Policy(**values)  # type: ignore[arg-type]


def _utilisation(policy: Section, default: float) -> float | None:
    value = policy.number("target_utilisation", default)
    if value is None or 0 < value <= 1:
        return value
    what = T("“policy.target_utilisation” is {value}", value=value)
    policy.complain("target_utilisation", what, T("write a number above 0 and up to 1, for example 0.75"))
    return None


def _largest_shift(policy: Section, default: int, slot_minutes: int | None) -> int | None:
    value = policy.whole("max_shift_minutes", default, 0)
    if value is not None and slot_minutes is not None and value % slot_minutes:
        what = T("“policy.max_shift_minutes” is {value}, not a multiple of the slot", value=shown(str(value)))
        policy.complain("max_shift_minutes", what, T("write a multiple of {slot}", slot=slot_minutes))
        return None
    return _at_most_a_date(value)


def _at_most_a_date(minutes: int | None) -> int | None:
    """Cut a length that means “without end” so that arrays of minutes can hold it; more than a date changes nothing."""
    return None if minutes is None else min(minutes, MINUTES_A_DATE)


def _lunch(lunch: Section) -> Lunch | None:
    start, end = lunch.time("from", "11:30"), lunch.time("to", "14:00", end=True)
    minutes = _at_most_a_date(lunch.whole("minutes", Lunch().minutes, 0))
    lunch.close()
    if start is None or end is None or minutes is None:
        return None
    if start >= end:
        lunch.complain("to", T("lunch does not end after it starts"), T("write a later “to” or an earlier “from”"))
        return None
    return Lunch(start, end, minutes)
