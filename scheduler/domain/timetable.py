"""What schools teach and when parents connect: the activities of a region, kept in columns.

A region's week has millions of rows, so a row is never an object: each attribute is one array over all rows, and
texts are codes into a vocabulary that holds each distinct text once. :meth:`Activities.describe` gives one row as a
:class:`ClassSession` or :class:`AccessWindow` where a person or plain code wants to look at it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.calendar import WEEK_LETTERS, Calendar
from scheduler.domain.grid import WEEKDAYS, Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scheduler.domain.places import School

UNBOUNDED = -1
"""In the columns `earliest` and `latest`: the region states no bound."""
WEEKLY = 0
"""In the column `date`: the activity takes place every week."""


@dataclass(frozen=True)
class Alternative:
    """One way to serve an activity.

    Attributes
    ----------
    platforms : tuple of str
        Platforms used together, in the order written; empty = loads nothing.
    activity : str
        Key of the usage that loads them.
    text : str
        As the region writes it (``ent+bbb``, ``ent@async``); plan.csv names the alternative so.
    """

    platforms: tuple[str, ...]
    activity: str
    text: str

    def means_the_same_as(self, other: Alternative) -> bool:
        """Tell whether both load the same platforms in the same way."""
        return set(self.platforms) == set(other.platforms) and self.activity == other.activity


@dataclass(frozen=True)
class ClassSession:
    """One row of sessions.csv, to be looked at; times are minutes of the day, None = no bound stated."""

    school: str
    key: str
    day: str
    week: str
    start: int
    minutes: int
    groups: tuple[str, ...]
    teachers: tuple[str, ...]
    room: str
    subject: str
    heads: int
    alternatives: tuple[Alternative, ...]
    locked: bool
    earliest: int | None
    latest: int | None
    weight: float
    link: str


@dataclass(frozen=True)
class AccessWindow:
    """One row of access.csv, to be looked at; `school` is ``""`` for an audience of the region."""

    school: str
    key: str
    audience: str
    day: str
    week: str
    start: int
    minutes: int
    heads: int
    alternatives: tuple[Alternative, ...]
    earliest: int | None
    latest: int | None
    weight: float


@dataclass(frozen=True)
class Vocabularies:
    """The distinct values that the code columns of :class:`Activities` point into."""

    keys: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    teachers: tuple[tuple[str, ...], ...] = ()
    rooms: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    alternatives: tuple[tuple[Alternative, ...], ...] = ()


@dataclass(frozen=True)
class Activities:
    """All class sessions and access windows of a region, one array element a row of the files.

    Attributes
    ----------
    schools : tuple of School
        What the column `school` points into.
    words : Vocabularies
        What the code columns point into.
    school : int32
        Index into `schools`; -1 for an audience of the region.
    window : bool
        True for an access window, False for a class session.
    weekday : int8
        0 = Monday; of a dated row, the weekday of its date.
    date : int32
        Proleptic ordinal of a dated row's date; `WEEKLY` for a weekly one.
    week : int8
        `ANY_WEEK`, `WEEK_A` or `WEEK_B` of scheduler.domain.calendar.
    start, minutes : int16
        Usual start in minutes of the day, and length.
    earliest, latest : int16
        Bounds in minutes, `UNBOUNDED` where none is stated: for a session both on the start; for a window on the
        start and on the end.
    locked : bool
        Keeps its usual start and alternative.
    heads : int32
        People connecting.
    weight : float64
        Factor on the cost of its shift.
    key, alternatives, groups, teachers, room, subject, audience, link : int32
        Codes into `words`.
    """

    schools: tuple[School, ...]
    words: Vocabularies
    school: NDArray[np.int32]
    window: NDArray[np.bool_]
    weekday: NDArray[np.int8]
    date: NDArray[np.int32]
    week: NDArray[np.int8]
    start: NDArray[np.int16]
    minutes: NDArray[np.int16]
    earliest: NDArray[np.int16]
    latest: NDArray[np.int16]
    locked: NDArray[np.bool_]
    heads: NDArray[np.int32]
    weight: NDArray[np.float64]
    key: NDArray[np.int32]
    alternatives: NDArray[np.int32]
    groups: NDArray[np.int32]
    teachers: NDArray[np.int32]
    room: NDArray[np.int32]
    subject: NDArray[np.int32]
    audience: NDArray[np.int32]
    link: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.school)

    def school_key(self, row: int) -> str:
        """Give the key of a row's school; ``""`` for an audience of the region."""
        school = int(self.school[row])
        return self.schools[school].key if school >= 0 else ""

    def key_of(self, row: int) -> str:
        """Give a row's session or window key."""
        return self.words.keys[int(self.key[row])]

    def alternatives_of(self, row: int) -> tuple[Alternative, ...]:
        """Give a row's alternatives, the usual one first."""
        return self.words.alternatives[int(self.alternatives[row])]

    def describe(self, row: int) -> ClassSession | AccessWindow:
        """Give one row as a value to look at."""
        day = (
            WEEKDAYS[self.weekday[row]]
            if self.date[row] == WEEKLY
            else dt.date.fromordinal(int(self.date[row])).isoformat()
        )
        earliest, latest = (
            None if bound == UNBOUNDED else int(bound) for bound in (self.earliest[row], self.latest[row])
        )
        if self.window[row]:
            return AccessWindow(
                school=self.school_key(row),
                key=self.key_of(row),
                audience=self.words.audiences[self.audience[row]],
                day=day,
                week=WEEK_LETTERS[self.week[row]],
                start=int(self.start[row]),
                minutes=int(self.minutes[row]),
                heads=int(self.heads[row]),
                alternatives=self.alternatives_of(row),
                earliest=earliest,
                latest=latest,
                weight=float(self.weight[row]),
            )
        return ClassSession(
            school=self.school_key(row),
            key=self.key_of(row),
            day=day,
            week=WEEK_LETTERS[self.week[row]],
            start=int(self.start[row]),
            minutes=int(self.minutes[row]),
            groups=self.words.groups[self.groups[row]],
            teachers=self.words.teachers[self.teachers[row]],
            room=self.words.rooms[self.room[row]],
            subject=self.words.subjects[self.subject[row]],
            heads=int(self.heads[row]),
            alternatives=self.alternatives_of(row),
            locked=bool(self.locked[row]),
            earliest=earliest,
            latest=latest,
            weight=float(self.weight[row]),
            link=self.words.links[self.link[row]],
        )


def no_activities(schools: Sequence[School]) -> Activities:
    """Give the activities of schools of which nothing is known, or nothing is asked."""
    codes, minutes = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int16)
    small, flags = np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.bool_)
    return Activities(
        schools=tuple(schools),
        words=Vocabularies(),
        school=codes,
        window=flags,
        weekday=small,
        date=codes,
        week=small,
        start=minutes,
        minutes=minutes,
        earliest=minutes,
        latest=minutes,
        locked=flags,
        heads=codes,
        weight=np.zeros(0, dtype=np.float64),
        key=codes,
        alternatives=codes,
        groups=codes,
        teachers=codes,
        room=codes,
        subject=codes,
        audience=codes,
        link=codes,
    )


class Presence:
    """Which activities take place on which date of the horizon."""

    def __init__(self, activities: Activities, schools: Sequence[School], calendar: Calendar, grid: Grid):
        self._activities = activities
        self._grid = grid
        self._open = calendar.open_dates(schools, grid)
        self._letters = calendar.letters(schools, grid.dates)

    def rows(self, date: dt.date) -> NDArray[np.intp]:
        """Give the rows of :class:`Activities` that take place on `date`, ascending (CONTRACT section 2)."""
        activities = self._activities
        day = (date - self._grid.first_date).days
        # The last row of both tables is the region's audiences, which is what school -1 points at.
        present = self._open[activities.school, day] & (activities.weekday == date.weekday())
        present &= (activities.date == WEEKLY) | (activities.date == date.toordinal())
        present &= (activities.week == 0) | (activities.week == self._letters[activities.school, day])
        return np.flatnonzero(present)
