"""The rows of sessions.csv and access.csv as parsed columns, and their way into the domain's Activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from scheduler.domain.timetable import Activities, Vocabularies
from scheduler.files.table import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.places import School
    from scheduler.files.alternatives import Ways
    from scheduler.files.table import Table

V = TypeVar("V")
N = TypeVar("N", bound=np.generic)


@dataclass(frozen=True)
class ActivityRows:
    """The rows of one kind of activity, as far as they can be read.

    Attributes
    ----------
    table : Table
    window : bool
        Whether they are access windows.
    usual : ndarray of int32, shape (rows,)
        Usual start in minutes, `UNBOUNDED` where it cannot be told.
    school, key, day, week, minutes, heads, ways, earliest, latest, weight : Column
    locked, groups, teachers, room, subject, audience, link : Column
        What one of the kinds lacks holds one empty value.
    """

    table: Table
    window: bool
    usual: NDArray[np.int32]
    school: Column[str]
    key: Column[str]
    day: Column[tuple[int, int]]
    week: Column[int]
    minutes: Column[int]
    heads: Column[int]
    ways: Column[Ways]
    earliest: Column[int]
    latest: Column[int]
    weight: Column[float]
    locked: Column[bool]
    groups: Column[tuple[str, ...]]
    teachers: Column[tuple[str, ...]]
    room: Column[str]
    subject: Column[str]
    audience: Column[str]
    link: Column[str]


def activities_of(sessions: ActivityRows, windows: ActivityRows, schools: Sequence[School]) -> Activities:
    """Put sessions and windows, both without a fault, below each other."""
    number_of = {school.key: number for number, school in enumerate(schools)}

    def numbers(
        column: Callable[[ActivityRows], Column[V]], dtype: type[N], of: Callable[[V], object] = lambda value: value
    ) -> NDArray[N]:
        return np.concatenate([column(rows).array(dtype, of) for rows in (sessions, windows)])

    key = _merged(sessions.key, windows.key)
    ways = _merged(sessions.ways, windows.ways)
    groups = _merged(sessions.groups, windows.groups)
    teachers = _merged(sessions.teachers, windows.teachers)
    room = _merged(sessions.room, windows.room)
    subject = _merged(sessions.subject, windows.subject)
    audience = _merged(sessions.audience, windows.audience)
    link = _merged(sessions.link, windows.link)
    return Activities(
        schools=tuple(schools),
        words=Vocabularies(
            keys=key.values,
            groups=groups.values,
            teachers=teachers.values,
            rooms=room.values,
            subjects=subject.values,
            audiences=audience.values,
            links=link.values,
            alternatives=ways.values,
        ),
        school=numbers(lambda rows: rows.school, np.int32, lambda school: number_of.get(school, -1)),
        window=np.repeat([False, True], [len(sessions.table), len(windows.table)]),
        weekday=numbers(lambda rows: rows.day, np.int8, lambda day: day[0]),
        date=numbers(lambda rows: rows.day, np.int32, lambda day: day[1]),
        week=numbers(lambda rows: rows.week, np.int8),
        start=np.concatenate([sessions.usual, windows.usual]).astype(np.int16),
        minutes=numbers(lambda rows: rows.minutes, np.int16),
        earliest=numbers(lambda rows: rows.earliest, np.int16),
        latest=numbers(lambda rows: rows.latest, np.int16),
        locked=numbers(lambda rows: rows.locked, np.bool_),
        heads=numbers(lambda rows: rows.heads, np.int32),
        weight=numbers(lambda rows: rows.weight, np.float64),
        key=key.codes,
        alternatives=ways.codes,
        groups=groups.codes,
        teachers=teachers.codes,
        room=room.codes,
        subject=subject.codes,
        audience=audience.codes,
        link=link.codes,
    )


def _merged(one: Column[V], other: Column[V]) -> Column[V]:
    """Put two columns below each other; equal values get one code."""
    codes = dict(zip(one.values, range(len(one.values)), strict=True))
    code_of = np.array([codes.setdefault(value, len(codes)) for value in other.values], dtype=np.int32)
    below = code_of[other.codes] if len(other.codes) else other.codes
    return Column(tuple(codes), np.concatenate([one.codes, below]))
