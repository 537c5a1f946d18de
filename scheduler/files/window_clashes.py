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

    from numpy.typing import NDArray

    from scheduler.domain.calendar import Calendar
    from scheduler.domain.places import School
    from scheduler.files.activity_rows import ActivityRows


NEVER = 3
"""Beside the weeks of scheduler.domain.calendar: the row's date lies in a week of the other letter."""


class _When(NamedTuple):
    row: int
    weekday: int
    date: int
    week: int


def refuse_clashes(rows: ActivityRows, schools: Sequence[School], calendar: Calendar) -> None:
    """Name each row whose window can fall on a date of an earlier row with the same school and key."""
    week = _weeks(rows, schools, calendar)
    for alike in _alike(rows):
        seen: list[_When] = []
        for row in alike:
            when = _When(row, *rows.day[row], int(week[row]))
            if when.week == NEVER:
                continue
            clash = next((earlier for earlier in seen if _can_meet(earlier, when)), None)
            if clash and not rows.table.spoiled[row]:
                file, line = rows.table.place(clash.row)
                what = T(
                    "window “{window}” can fall on a date on which {earlier} holds it already",
                    window=rows.key[row],
                    earlier=f"{file}:{line}",
                )
                remedy = T("give one of the two another key, or other days or weeks")
                rows.table.findings.faults.add(*rows.table.place(row), what, remedy)
            seen.append(when)


def _weeks(rows: ActivityRows, schools: Sequence[School], calendar: Calendar) -> NDArray[np.int8]:
    """Give each row's week: a date counts with its week's letter, and one against its letter never comes."""
    week = rows.week.array(np.int8)
    date = rows.day.array(np.int32, lambda day: day[1])
    dated = np.flatnonzero(rows.day.ok & rows.school.ok & (date != WEEKLY))
    ordinals, column = np.unique(date[dated], return_inverse=True)
    number_of = {school.key: number for number, school in enumerate(schools)}
    # The last row of the letters is the region's audiences, and so is a school whose own row is faulty.
    school = rows.school.array(np.int32, lambda key: number_of.get(key, -1))[dated]
    letter = calendar.letters(schools, [dt.date.fromordinal(int(ordinal)) for ordinal in ordinals])[school, column]
    week[dated] = np.where((week[dated] == ANY_WEEK) | (week[dated] == letter), letter, NEVER)
    return week


def _alike(rows: ActivityRows) -> Iterator[list[int]]:
    """Give the rows that share school and key, where there are several, in their order."""
    usable = np.flatnonzero(rows.school.ok & rows.key.ok & rows.day.ok & rows.week.ok)
    key = rows.school.codes.astype(np.int64) * max(len(rows.key.values), 1) + rows.key.codes
    usable = usable[np.argsort(key[usable], kind="stable")]
    cuts = np.flatnonzero(np.diff(key[usable], prepend=-1)).tolist()
    for first, last in pairwise([*cuts, len(usable)]):
        if last - first > 1:
            yield usable[first:last].tolist()


def _can_meet(one: _When, other: _When) -> bool:
    if one.weekday != other.weekday or (one.date != other.date and WEEKLY not in (one.date, other.date)):
        return False
    return ANY_WEEK in (one.week, other.week) or one.week == other.week
