"""A window key means one window a date: two rows of one key that can fall on the same date are an error."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.domain.calendar import ANY_WEEK
from scheduler.domain.timetable import WEEKLY
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scheduler.domain.calendar import Calendar
    from scheduler.domain.places import School
    from scheduler.files.activity_rows import ActivityRows


class _When(NamedTuple):
    row: int
    weekday: int
    date: int
    week: int


def refuse_clashes(rows: ActivityRows, schools: Sequence[School], calendar: Calendar) -> None:
    """Name each row whose window can fall on a date of an earlier row with the same school and key."""
    for alike in _alike(rows):
        seen: list[_When] = []
        for when in _placed(rows, alike, schools, calendar):
            clash = next((earlier for earlier in seen if _can_meet(earlier, when)), None)
            if clash and not rows.table.spoiled[when.row]:
                file, line = rows.table.place(clash.row)
                what = T(
                    "window “{window}” can fall on a date on which {earlier} holds it already",
                    window=rows.key[when.row],
                    earlier=f"{file}:{line}",
                )
                remedy = T("give one of the two another key, or other days or weeks")
                rows.table.findings.faults.add(*rows.table.place(when.row), what, remedy)
            seen.append(when)


def _alike(rows: ActivityRows) -> Iterator[list[int]]:
    """Give the rows that share school and key, where there are several, in their order."""
    usable = np.flatnonzero(rows.school.ok & rows.key.ok & rows.day.ok & rows.week.ok)
    key = rows.school.codes.astype(np.int64) * max(len(rows.key.values), 1) + rows.key.codes
    usable = usable[np.argsort(key[usable], kind="stable")]
    cuts = np.flatnonzero(np.diff(key[usable], prepend=-1)).tolist()
    for first, last in pairwise([*cuts, len(usable)]):
        if last - first > 1:
            yield usable[first:last].tolist()


def _placed(rows: ActivityRows, alike: list[int], schools: Sequence[School], calendar: Calendar) -> Iterator[_When]:
    """Say when each row falls; a date counts with its week's letter, and one against its letter never falls."""
    school = [school for school in schools if school.key == rows.school[alike[0]]]
    for row in alike:
        (weekday, date), week = rows.day[row], rows.week[row]
        if date != WEEKLY:
            letter = int(calendar.letters(school, [dt.date.fromordinal(date)])[0, 0])
            if week not in (ANY_WEEK, letter):
                continue
            week = letter
        yield _When(row, weekday, date, week)


def _can_meet(one: _When, other: _When) -> bool:
    if one.weekday != other.weekday or (one.date != other.date and WEEKLY not in (one.date, other.date)):
        return False
    return ANY_WEEK in (one.week, other.week) or one.week == other.week
