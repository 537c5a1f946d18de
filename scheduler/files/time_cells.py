"""One parser a kind of cell that holds a time, a date, a day or a moment (CONTRACT section 2)."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from scheduler.domain.grid import MINUTES_A_DATE, WEEKDAYS, clock
from scheduler.domain.timetable import WEEKLY
from scheduler.domain.usage import Moment
from scheduler.files.text_cells import WHOLE, BadCell, shown, whole
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.files.text_cells import Cell

_TIME = re.compile(r"([0-9]{1,2})(?::([0-9]{2})(?::([0-9]{2}))?|[hH]([0-9]{2})?)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]| +)([0-9:]+)")
_OFFSET = re.compile(r"[0-9-]{10}[Tt ]+[0-9:.]+ *(?:[Zz]|[+-][0-9:]+)")
_MOMENT = re.compile(r"(?i:(end))(?: *([+-]) *([0-9]+))?")


def time_of_day(cell: Cell) -> int:
    """Read a time as minutes from midnight: ``08:05``, ``8h05``, ``08:05:00``."""
    minute = end_of_day(cell)
    if minute == MINUTES_A_DATE:
        raise BadCell(
            T("{column} “{text}” cannot be a start", column=cell.column, text=shown(cell.text)),
            T("write a time from 00:00 to 23:59 (24:00 is only an end)"),
        )
    return minute


def end_of_day(cell: Cell) -> int:
    """Read a time as minutes from midnight, where ``24:00`` is an end too."""
    match = _TIME.fullmatch(cell.text)
    hour, minute, second = (int(match[1]), int(match[2] or match[4] or 0), int(match[3] or 0)) if match else (99, 0, 0)
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise BadCell(
            T("{column} “{text}” is not a time of day", column=cell.column, text=shown(cell.text)),
            T("write it as HH:MM, for example 08:05"),
        )
    if second:
        raise BadCell(
            T("{column} “{text}” has seconds", column=cell.column, text=shown(cell.text)),
            T("write whole minutes, for example {time}", time=clock(60 * hour + minute)),
        )
    return 60 * hour + minute


def iso_date(cell: Cell) -> dt.date:
    """Read a date as ISO 8601 writes it."""
    if _DATE.fullmatch(cell.text):
        try:
            return dt.date.fromisoformat(cell.text)
        except ValueError:
            pass  # the 30th of February
    raise BadCell(
        T("{column} “{text}” is not a date", column=cell.column, text=shown(cell.text)),
        T("write it as YYYY-MM-DD, for example 2021-04-06"),
    )


def monday(cell: Cell) -> dt.date:
    """Read the date of a Monday."""
    date = iso_date(cell)
    if date.weekday():
        raise BadCell(
            T("{column} “{text}” is not a Monday", column=cell.column, text=shown(cell.text)),
            T("write the date of that week's Monday, {monday}", monday=date - dt.timedelta(days=date.weekday())),
        )
    return date


def day(cell: Cell) -> tuple[int, int]:
    """Read a day: its weekday (0 = Monday), and the ordinal of its date, `WEEKLY` where every such day is meant."""
    if cell.text.upper() in WEEKDAYS:
        return WEEKDAYS.index(cell.text.upper()), WEEKLY
    try:
        date = iso_date(cell)
    except BadCell:
        raise BadCell(
            T("{column} “{text}” is not a day", column=cell.column, text=shown(cell.text)),
            T("write one of MO, TU, WE, TH, FR, SA, SU, or a date such as 2021-04-06"),
        ) from None
    return date.weekday(), date.toordinal()


def start_moment(cell: Cell) -> dt.datetime:
    """Read a local date-time from which something holds."""
    return _moment(cell, time_of_day)


def end_moment(cell: Cell) -> dt.datetime:
    """Read a local date-time until which something holds; ``24:00`` is midnight."""
    return _moment(cell, end_of_day)


def _moment(cell: Cell, time: Callable[[Cell], int]) -> dt.datetime:
    match = _DATE_TIME.fullmatch(cell.text)
    if match:
        date, minute = iso_date(cell._replace(text=match[1])), time(cell._replace(text=match[2]))
        try:
            return dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minute)
        except OverflowError:
            pass  # midnight after 9999-12-31
    if _OFFSET.fullmatch(cell.text):
        raise BadCell(
            T("{column} “{text}” names a time zone", column=cell.column, text=shown(cell.text)),
            T("write local time without it, for example 2021-04-06T08:00"),
        )
    raise BadCell(
        T("{column} “{text}” is not a date and time", column=cell.column, text=shown(cell.text)),
        T("write it as YYYY-MM-DDTHH:MM, for example 2021-04-06T08:00"),
    )


def usage_moment(cell: Cell) -> Moment:
    """Read a time of usage.csv: minutes from the activity's start, or from its end."""
    match = _MOMENT.fullmatch(cell.text)
    if match:
        minutes = whole()(cell._replace(text=f"{match[2]}{match[3]}")) if match[3] else 0
        return Moment(minutes, from_end=True)
    if WHOLE.fullmatch(cell.text):
        return Moment(whole()(cell))
    raise BadCell(
        T("{column} “{text}” is not a time of an activity", column=cell.column, text=shown(cell.text)),
        T("write minutes from its start such as 0 or 10, or end, end+5, end-10"),
    )
