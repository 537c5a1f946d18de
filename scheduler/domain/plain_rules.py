"""The hard rules' raw material once more, in plain dictionaries and lists: who shares whom, and what moves together.

The audit and the proof stand on this module, the optimizer stands on :mod:`scheduler.domain.sharers`; the two have
no line in common, so that a mistake in either is found by the other. Everything goes school by school and date by
date, and reads as CONTRACT section 3 does.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from scheduler.domain.calendar import WEEK_A, WEEK_B, WEEK_LETTERS
from scheduler.domain.grid import monday_of
from scheduler.domain.places import HALF_DAY
from scheduler.domain.timetable import WEEKLY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.calendar import Calendar
    from scheduler.domain.places import Policy
    from scheduler.domain.region import Region

PartsApart = set[tuple[str, str]]
"""Pairs of parts of one division that have no pupil in common; each pair stands in alphabetical order."""


@dataclass(frozen=True)
class SchoolDay:
    """What takes place in one school on one date as the timetable has it; element i of each list is one activity.

    Attributes
    ----------
    school : str
        Key of the school, ``""`` for the audiences of the region.
    date : datetime.date
    rows : list of int
        Rows of the region's activities.
    keys : list of str
        Keys of the sessions and windows.
    start, minutes : list of int
        Usual start in minutes of the day, and length.
    earliest, latest : list of int
        Stated bounds, ``UNBOUNDED`` where there are none.
    locked, window : list of bool
    groups, teachers : list of tuple of str
        Empty for an access window.
    room : list of str
    """

    school: str
    date: dt.date
    rows: list[int]
    keys: list[str]
    start: list[int]
    minutes: list[int]
    earliest: list[int]
    latest: list[int]
    locked: list[bool]
    window: list[bool]
    groups: list[tuple[str, ...]]
    teachers: list[tuple[str, ...]]
    room: list[str]

    @classmethod
    def of(cls, region: Region, school: int, date: dt.date, rows: NDArray[Any]) -> SchoolDay:
        """List what the timetable says about `rows`, activities of one `school` (-1: the region's audiences)."""
        activities, words = region.activities, region.activities.words
        window = activities.window[rows].tolist()

        def listed(codes: list[int], vocabulary: tuple[Any, ...], none: Any) -> list[Any]:
            return [none if is_window else vocabulary[code] for code, is_window in zip(codes, window, strict=True)]

        return cls(
            school=activities.schools[school].key if school >= 0 else "",
            date=date,
            rows=rows.tolist(),
            keys=[words.keys[code] for code in activities.key[rows].tolist()],
            start=activities.start[rows].tolist(),
            minutes=activities.minutes[rows].tolist(),
            earliest=activities.earliest[rows].tolist(),
            latest=activities.latest[rows].tolist(),
            locked=activities.locked[rows].tolist(),
            window=window,
            groups=listed(activities.groups[rows].tolist(), words.groups, ()),
            teachers=listed(activities.teachers[rows].tolist(), words.teachers, ()),
            room=listed(activities.room[rows].tolist(), words.rooms, ""),
        )

    def end(self, activity: int) -> int:
        """Give the usual end of an activity, in minutes of the day."""
        return self.start[activity] + self.minutes[activity]

    def sessions(self) -> list[int]:
        """Give the places in the lists that are class sessions."""
        return [activity for activity, window in enumerate(self.window) if not window]


class WeekLetters:
    """The week letters of a calendar, looked up one school and date at a time (CONTRACT section 2, weeks.csv)."""

    def __init__(self, calendar: Calendar):
        self._letters = {(week.school, week.monday): week.letter for week in calendar.weeks}

    def __call__(self, school: str, date: dt.date) -> int:
        """Give `WEEK_A` or `WEEK_B`: a school's row goes before the general one; else odd ISO weeks are A."""
        monday = monday_of(date)
        letter = self._letters.get((school, monday)) or self._letters.get(("", monday))
        if letter:
            return WEEK_LETTERS.index(letter)
        return WEEK_A if monday.isocalendar().week % 2 else WEEK_B


def division(group: str) -> str:
    """Give the division of a group: ``6A`` of ``6A`` and of ``6A/latin``."""
    return group.split("/", 1)[0]


def pair(one: str, other: str) -> tuple[str, str]:
    """Give two names in alphabetical order."""
    return (one, other) if one < other else (other, one)


def parts_apart(region: Region, rows: NDArray[Any], letters: WeekLetters) -> PartsApart:
    """Find the parts of divisions that a school itself teaches at the same time, so without a common pupil.

    Rule 4 of CONTRACT section 3: taught at overlapping times in two sessions of the same weekday that are not in
    opposite weeks; two dated sessions: on the same date; a date counts with its week's letter; whether or not that
    day is in the horizon. A dated session whose ``weeks`` contradicts its date never takes place and says nothing.

    Parameters
    ----------
    region : Region
    rows : ndarray
        Every row of one school.
    letters : WeekLetters
    """
    taught = defaultdict(list)
    for place, meeting in _meetings_of_parts(region, rows, letters):
        taught[place].append(meeting)
    apart: PartsApart = set()
    for meetings in taught.values():
        meetings.sort()
        for position, (_, end, row, week, date, part) in enumerate(meetings, start=1):
            for start, _, other_row, other_week, other_date, other_part in meetings[position:]:
                if start >= end:
                    break
                opposite_weeks = {week, other_week} == {WEEK_A, WEEK_B}
                other_dates = WEEKLY not in (date, other_date) and date != other_date
                if part != other_part and row != other_row and not opposite_weeks and not other_dates:
                    apart.add(pair(part, other_part))
    return apart


def _meetings_of_parts(
    region: Region, rows: NDArray[Any], letters: WeekLetters
) -> list[tuple[tuple[str, int], tuple[int, int, int, int, int, str]]]:
    """List each part in each session: (division, weekday), (start, end, row, week, date or WEEKLY, part)."""
    activities, words = region.activities, region.activities.words
    columns = (activities.start, activities.minutes, activities.weekday, activities.week, activities.date)
    found = []
    for row, window, code, start, minutes, weekday, stated_week, date in zip(
        rows.tolist(),
        activities.window[rows].tolist(),
        activities.groups[rows].tolist(),
        *(column[rows].tolist() for column in columns),
        strict=True,
    ):
        if window:
            continue
        parts = [group for group in words.groups[code] if "/" in group]
        if not parts:
            continue
        week = stated_week
        if date != WEEKLY:
            week = letters(activities.school_key(row), dt.date.fromordinal(date))
            if stated_week and stated_week != week:
                continue
        found += [
            ((division(part), weekday), (start, start + minutes, row, week, date, part))
            for part in dict.fromkeys(parts)
        ]
    return found


def sharing_pairs(day: SchoolDay, apart: PartsApart) -> list[tuple[int, int]]:
    """Find every two sessions that have a teacher, a room or a pupil in common (CONTRACT section 3, rule 4).

    Returns
    -------
    list of (int, int)
        Places in the day's lists; the first of a pair usually starts no later than the second.
    """
    users: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    learners: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for session in day.sessions():
        for teacher in dict.fromkeys(day.teachers[session]):
            users["teacher", teacher].append(session)
        if day.room[session]:
            users["room", day.room[session]].append(session)
        for group in dict.fromkeys(day.groups[session]):
            learners[division(group)].append((session, group))
    found = {couple for sessions in users.values() for couple in combinations(sessions, 2)}
    for entries in learners.values():
        for (one, group), (other, other_group) in combinations(entries, 2):
            if one != other and (group == other_group or pupils_in_common(group, other_group, apart)):
                found.add((one, other))
    start = day.start
    return sorted((one, other) if start[one] <= start[other] else (other, one) for one, other in found)


def pupils_in_common(group: str, other: str, apart: PartsApart) -> bool:
    """Tell whether two different groups of one division may have a pupil in common."""
    return "/" not in group or "/" not in other or pair(group, other) not in apart


def kept_gap(end: int, start: int, policy: Policy) -> int:
    """Give the gap that two sharers keep, in minutes, from the usual `end` of one and the `start` of the next.

    With g the usual gap: ``lunch.minutes`` where g ≥ ``lunch.minutes`` and at least one minute of the gap lies in
    the lunch window, else min(g, ``break_minutes``) (CONTRACT section 3, rule 4).
    """
    gap, lunch = start - end, policy.lunch
    minutes_at_lunch = min(start, lunch.end) - max(end, lunch.start)
    if gap >= lunch.minutes and minutes_at_lunch >= 1:
        return lunch.minutes
    return min(gap, policy.break_minutes)


def moving_together(day: SchoolDay, policy: Policy) -> dict[tuple[str, str], list[int]]:
    """Give the sets of sessions that have one shift (CONTRACT section 3, rule 6); a locked session is in none.

    Returns
    -------
    dict
        The sessions by division and half-day (``morning``, ``afternoon``); both are ``""`` where they do not matter.
    """
    together: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    if policy.move_together == "session":
        return together
    for session in day.sessions():
        if day.locked[session]:
            continue
        if policy.move_together == "school":
            together["", ""].append(session)
            continue
        half = ""
        if policy.move_together == "half-day":
            half = "morning" if day.start[session] < HALF_DAY else "afternoon"
        for name in dict.fromkeys(division(group) for group in day.groups[session]):
            together[name, half].append(session)
    return together
