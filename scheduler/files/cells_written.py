"""Values as cells that read back equal (CONTRACT section 2)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

from scheduler.domain.grid import WEEKDAYS, clock
from scheduler.domain.timetable import UNBOUNDED, WEEKLY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table: commas, line feeds, quotation marks only where a cell needs them."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


def number_cell(number: float) -> str:
    """Write a finite number with as few digits as read back to it."""
    return str(int(number)) if number == int(number) else repr(number)


def bound_cell(minute: int) -> str:
    """Write a bound in minutes of the day; none where it is `UNBOUNDED`."""
    return "" if minute == UNBOUNDED else clock(minute)


def day_cell(weekday: int, date: int) -> str:
    """Write a day, by its weekday or by the ordinal of its date."""
    return WEEKDAYS[weekday] if date == WEEKLY else dt.date.fromordinal(date).isoformat()
