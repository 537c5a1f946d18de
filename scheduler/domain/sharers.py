"""Who shares whom: sessions that need the same teacher, room or pupils (CONTRACT section 3, rules 4 and 5).

Everything is reckoned in columns over all schools at once: each session is listed under each of its teachers, its
room and its groups, the lists are sorted, and neighbours in them are paired.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.domain.timetable import WEEKLY, Activities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.calendar import Calendar

Rows = NDArray[np.intp]


def division_of(group: str) -> str:
    """Give the division of a group: what stands before the first ``/`` (CONTRACT section 1)."""
    return group.partition("/")[0]


def is_part(group: str) -> bool:
    """Tell whether a group is a part of its division."""
    return "/" in group


@dataclass(frozen=True)
class GroupNumbers:
    """The distinct groups of a region, numbered, with the division of each.

    Attributes
    ----------
    division : ndarray of int64, shape (groups,)
        Number of each group's division.
    part : ndarray of bool, shape (groups,)
        Whether the group is a part of its division.
    listed : tuple of ndarray
        For each entry of ``words.groups``, the numbers of its groups.
    """

    division: NDArray[np.int64]
    part: NDArray[np.bool_]
    listed: tuple[NDArray[np.int64], ...]

    @classmethod
    def of(cls, lists: Sequence[tuple[str, ...]]) -> GroupNumbers:
        """Give every group that occurs in `lists` a number."""
        numbers: dict[str, int] = {}
        listed = tuple(
            np.array(sorted({numbers.setdefault(group, len(numbers)) for group in groups}), dtype=np.int64)
            for groups in lists
        )
        divisions: dict[str, int] = {}
        division = [divisions.setdefault(division_of(group), len(divisions)) for group in numbers]
        return cls(
            np.array(division, dtype=np.int64),
            np.array([is_part(group) for group in numbers], dtype=bool),
            listed,
        )


@dataclass(frozen=True)
class DisjointParts:
    """Pairs of parts of one division and school that have no pupil in common.

    Attributes
    ----------
    groups : GroupNumbers
    keys : ndarray of int64
        Sorted keys of the pairs, as :meth:`key` makes them.
    """

    groups: GroupNumbers
    keys: NDArray[np.int64]

    def key(self, school: NDArray[np.int64], one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give one number for an unordered pair of groups of a school."""
        return pair_key(school, one, other, len(self.groups.division))

    def contain(self, school: NDArray[np.int64], one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each pair of groups whether it is known to be disjoint."""
        return np.isin(self.key(school, one, other), self.keys)


def pair_key(
    school: NDArray[np.int64], one: NDArray[np.int64], other: NDArray[np.int64], groups: int
) -> NDArray[np.int64]:
    """Give one number for an unordered pair of groups of a school; `groups` is how many groups there are."""
    return (school * groups + np.minimum(one, other)) * groups + np.maximum(one, other)


def spread(codes: NDArray[np.int32], lists: Sequence[NDArray[np.int64]]) -> tuple[Rows, NDArray[np.int64]]:
    """List every item of every row.

    Parameters
    ----------
    codes : ndarray of int, shape (rows,)
        For each row, which of `lists` is its list.
    lists : sequence of ndarray
        The distinct lists.

    Returns
    -------
    places : ndarray, shape (items,)
        Position in `codes` that each item belongs to.
    items : ndarray, shape (items,)
    """
    lengths = np.array([len(items) for items in lists], dtype=np.int64)
    flat = np.concatenate([*lists, np.zeros(0, dtype=np.int64)])
    starts = np.concatenate([[0], np.cumsum(lengths)])
    counts = lengths[codes]
    places = np.repeat(np.arange(len(codes)), counts)
    within = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    return places, flat[starts[codes[places]] + within]


def disjoint_parts(activities: Activities, calendar: Calendar) -> DisjointParts:
    """Find the parts of a division that the timetable itself teaches at the same time (CONTRACT section 3, rule 4).

    Two parts are disjoint when they are taught at overlapping times in two sessions of the same weekday that are not
    in opposite weeks; two dated sessions: on the same date; a date counts with its week's letter. The whole timetable
    counts, whether or not the day is in the horizon. A dated session whose ``weeks`` contradicts its date is never
    taught and so says nothing.
    """
    groups = GroupNumbers.of(activities.words.groups)
    sessions = np.flatnonzero(~activities.window)
    week, taught = _effective_weeks(activities, sessions, calendar)
    sessions, week = sessions[taught], week[taught]
    places, items = spread(activities.groups[sessions], groups.listed)
    parts = groups.part[items]
    places, items = places[parts], items[parts]
    rows = sessions[places]
    start = activities.start[rows].astype(np.int64)
    place = (activities.school[rows].astype(np.int64) * max(len(groups.division), 1) + groups.division[items]) * 7
    place += activities.weekday[rows]
    order = np.lexsort((start, place))
    place, start, items, rows, week = (
        place[order],
        start[order],
        items[order],
        rows[order],
        week[places][order],
    )
    end = start + activities.minutes[rows]
    date = activities.date[rows]
    found = [np.zeros(0, dtype=np.int64)]
    first = np.arange(len(rows))
    for step in range(1, len(rows)):
        # Sorted by start: once a session begins after another's end, so do all later ones of the same place.
        first = first[first + step < len(rows)]
        first = first[(place[first] == place[first + step]) & (start[first + step] < end[first])]
        if not len(first):
            break
        second = first + step
        disjoint = (items[first] != items[second]) & (rows[first] != rows[second])
        disjoint &= ~((week[first] + week[second] == 3) & (week[first] != 0) & (week[second] != 0))
        disjoint &= (date[first] == WEEKLY) | (date[second] == WEEKLY) | (date[first] == date[second])
        found.append(
            pair_key(
                activities.school[rows[first[disjoint]]].astype(np.int64),
                items[first[disjoint]],
                items[second[disjoint]],
                len(groups.division),
            )
        )
    return DisjointParts(groups, np.unique(np.concatenate(found)))


def _effective_weeks(
    activities: Activities, rows: Rows, calendar: Calendar
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Give each row's week, a dated row's from its date, and whether the two agree."""
    week = activities.week[rows].copy()
    taught = np.ones(len(rows), dtype=bool)
    dated = np.flatnonzero(activities.date[rows] != WEEKLY)
    if len(dated):
        ordinals, column = np.unique(activities.date[rows[dated]], return_inverse=True)
        letters = calendar.letters(activities.schools, [dt.date.fromordinal(int(ordinal)) for ordinal in ordinals])
        letter = letters[activities.school[rows[dated]], column]
        taught[dated] = (week[dated] == 0) | (week[dated] == letter)
        week[dated] = letter
    return week, taught


@dataclass(frozen=True)
class Sharers:
    """The pairs of sessions of one date that share.

    Attributes
    ----------
    first, second : ndarray of int
        Positions in the rows asked about; `first` usually starts before `second` (or together with it).
    overlap : ndarray of bool
        The two already overlap in the usual timetable (rule 5).
    """

    first: Rows
    second: Rows
    overlap: NDArray[np.bool_]


def sharers(activities: Activities, rows: Rows, disjoint: DisjointParts) -> Sharers:
    """Find every pair of sharers among `rows`, the activities of one date; access windows share with nobody."""
    sessions = np.flatnonzero(~activities.window[rows])
    mine = rows[sessions]
    pairs = [
        _pairs_by_item(activities, mine, *spread(activities.teachers[mine], _numbered(activities.words.teachers))),
        _pairs_by_item(activities, mine, *spread(activities.room[mine], _numbered_rooms(activities.words.rooms))),
        _pairs_by_division(activities, mine, disjoint),
    ]
    count = max(len(mine), 1)
    keys = np.unique(np.concatenate([first * count + second for first, second in pairs]))
    first, second = keys // count, keys % count
    # `first` and `second` are in the order of (school, start); a pair is unordered until here.
    end_of_first = activities.start[mine[first]].astype(np.int64) + activities.minutes[mine[first]]
    overlap = activities.start[mine[second]] < end_of_first
    return Sharers(sessions[first], sessions[second], overlap)


def _pairs_by_item(activities: Activities, rows: Rows, places: Rows, items: NDArray[np.int64]) -> tuple[Rows, Rows]:
    """Pair the sessions of a school that have an item in common."""
    return _pairs_of_equal(activities, rows, places, items)[:2]


def _pairs_by_division(activities: Activities, rows: Rows, disjoint: DisjointParts) -> tuple[Rows, Rows]:
    """Pair the sessions of a school that have pupils of a division in common."""
    groups = disjoint.groups
    places, items = spread(activities.groups[rows], groups.listed)
    first, second, one, other = _pairs_of_equal(activities, rows, places, groups.division[items])
    one, other = items[one], items[other]
    apart = groups.part[one] & groups.part[other] & (one != other)
    school = activities.school[rows[first]].astype(np.int64)
    apart[apart] = disjoint.contain(school[apart], one[apart], other[apart])
    return first[~apart], second[~apart]


def _pairs_of_equal(
    activities: Activities, rows: Rows, places: Rows, items: NDArray[np.int64]
) -> tuple[Rows, Rows, Rows, Rows]:
    """Pair the entries of one school and item.

    Returns
    -------
    first, second : ndarray
        Positions in `rows`; `first` usually starts no later than `second`, and comes first where both start together.
    one, other : ndarray
        The entries of `places` and `items` that they were paired by.
    """
    school = activities.school[rows[places]].astype(np.int64)
    start = activities.start[rows[places]]
    order = np.lexsort((places, start, items, school))
    school, items, places = school[order], items[order], places[order]
    firsts, seconds = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.intp)]
    index = np.arange(len(order))
    for step in range(1, len(order)):
        index = index[index + step < len(order)]
        index = index[(school[index] == school[index + step]) & (items[index] == items[index + step])]
        if not len(index):
            break
        distinct = index[places[index] != places[index + step]]
        firsts.append(distinct)
        seconds.append(distinct + step)
    one, other = np.concatenate(firsts), np.concatenate(seconds)
    return places[one], places[other], order[one], order[other]


def _numbered(lists: Sequence[tuple[str, ...]]) -> tuple[NDArray[np.int64], ...]:
    numbers: dict[str, int] = {}
    return tuple(
        np.array([numbers.setdefault(item, len(numbers)) for item in dict.fromkeys(items)], dtype=np.int64)
        for items in lists
    )


def _numbered_rooms(rooms: Sequence[str]) -> tuple[NDArray[np.int64], ...]:
    return tuple(np.array([number] if room else [], dtype=np.int64) for number, room in enumerate(rooms))
