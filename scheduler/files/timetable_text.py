"""One school's timetable as text, and back: the contract's sessions.csv and access.csv, always in the same form.

Equal timetables give equal bytes: every column in the contract's order, defaults left empty, but for the usual start of
a window, so that a timetable means the same when the region's day changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.calendar import WEEK_LETTERS
from scheduler.domain.grid import MINUTES_A_DATE, clock
from scheduler.domain.timetable import UNBOUNDED
from scheduler.files.cells_written import bound_cell, csv_text, day_cell, number_cell
from scheduler.files.region_activities import ACCESS, SESSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.timetable import Activities, Alternative

SESSION_ACTIVITY, WINDOW_ACTIVITY = "live", "browse"
SESSION_WEIGHT, WINDOW_WEIGHT = 1.0, 0.1
"""What empty cells mean (CONTRACT section 2)."""

MARK = b"etale-timetable-1"
"""Begins the first line of a joined timetable; the number grows when the form changes."""

BOUNDS = {minute: bound_cell(minute) for minute in range(UNBOUNDED, MINUTES_A_DATE + 1)}
TIMES = tuple(clock(minute) for minute in range(MINUTES_A_DATE + 1))


@dataclass(frozen=True)
class TimetableText:
    """A school's rows.

    Attributes
    ----------
    sessions, windows : bytes
        Its sessions.csv and its access.csv, with headers, in UTF-8; empty where it has no such row.
    """

    sessions: bytes
    windows: bytes

    def joined(self) -> bytes:
        r"""Put both into one: a line ``etale-timetable-1 <bytes of sessions>\n``, then the two texts."""
        return b"%s %d\n%s%s" % (MARK, len(self.sessions), self.sessions, self.windows)

    @classmethod
    def parted(cls, joined: bytes) -> TimetableText:
        """Undo :meth:`joined`.

        Raises
        ------
        ValueError
            It is of another form.
        """
        line, _, texts = joined.partition(b"\n")
        mark, _, length = line.partition(b" ")
        if mark != MARK:
            raise ValueError(f"a timetable is kept as {mark[:40]!r}, which is unknown here")
        return cls(texts[: int(length)], texts[int(length) :])


@dataclass(frozen=True)
class SchoolText:
    """The timetable of one school of a region, as text, and how many rows it has.

    Attributes
    ----------
    school : str
        Its key; ``""`` for the audiences of the region.
    sessions, windows : int
    first_minute, last_minute : int
        From the earliest usual start to the latest usual end, in minutes of the day.
    text : TimetableText
    """

    school: str
    sessions: int
    windows: int
    first_minute: int
    last_minute: int
    text: TimetableText


def school_texts(activities: Activities) -> Iterator[SchoolText]:
    """Write the timetable of each school that has any row, by number of school; the region's audiences first."""
    writer = _Writer(activities)
    order = np.argsort(activities.school, kind="stable")
    cuts = np.flatnonzero(np.diff(activities.school[order], prepend=-2)).tolist()
    for first, last in pairwise([*cuts, len(order)]):
        rows = order[first:last]
        window = activities.window[rows]
        sessions, windows = rows[~window], rows[window]
        text = TimetableText(writer.sessions(sessions), writer.windows(windows))
        yield SchoolText(
            school=activities.school_key(int(rows[0])),
            sessions=len(sessions),
            windows=len(windows),
            first_minute=int(activities.start[rows].min()),
            last_minute=int((activities.start[rows] + activities.minutes[rows]).max()),
            text=text,
        )


def joined_tables(tables: Sequence[bytes]) -> bytes:
    """Put the sessions, or the windows, of several schools below one header; there is at least one table."""
    header = tables[0].partition(b"\n")[0]
    return b"".join([header, b"\n", *(table.partition(b"\n")[2] for table in tables)])


class _Writer:
    """Writes rows of activities; each distinct value becomes a text once."""

    def __init__(self, activities: Activities):
        words = activities.words
        self._activities = activities
        self._schools = [*(school.key for school in activities.schools), ""]  # the last is what school -1 points at
        self._groups = ["|".join(groups) for groups in words.groups]
        self._teachers = ["|".join(teachers) for teachers in words.teachers]
        self._platforms = ["|".join(way.text for way in ways) for ways in words.alternatives]
        self._days: dict[tuple[int, int], str] = {}
        self._numbers: dict[float, str] = {}

    def sessions(self, rows: NDArray[np.intp]) -> bytes:
        """Write rows of sessions.csv; nothing without a row."""
        of, words = self._activities, self._activities.words
        activity = [_activity_cell(ways, SESSION_ACTIVITY) for ways in words.alternatives]
        ways = of.alternatives[rows].tolist()
        cells = (
            *self._place(rows),
            self._day(rows),
            [WEEK_LETTERS[week] for week in of.week[rows].tolist()],
            [TIMES[minute] for minute in of.start[rows].tolist()],
            of.minutes[rows].tolist(),
            [self._groups[code] for code in of.groups[rows].tolist()],
            [self._teachers[code] for code in of.teachers[rows].tolist()],
            [words.rooms[code] for code in of.room[rows].tolist()],
            [words.subjects[code] for code in of.subject[rows].tolist()],
            of.heads[rows].tolist(),
            [self._platforms[code] for code in ways],
            [activity[code] for code in ways],
            ["1" if locked else "" for locked in of.locked[rows].tolist()],
            *self._bounds(rows),
            self._weight(rows, SESSION_WEIGHT),
            [words.links[code] for code in of.link[rows].tolist()],
        )
        return _table(SESSIONS.columns, cells)

    def windows(self, rows: NDArray[np.intp]) -> bytes:
        """Write rows of access.csv; nothing without a row."""
        of, words = self._activities, self._activities.words
        activity = [_activity_cell(ways, WINDOW_ACTIVITY) for ways in words.alternatives]
        ways = of.alternatives[rows].tolist()
        cells = (
            *self._place(rows),
            [words.audiences[code] for code in of.audience[rows].tolist()],
            self._day(rows),
            [WEEK_LETTERS[week] for week in of.week[rows].tolist()],
            of.heads[rows].tolist(),
            of.minutes[rows].tolist(),
            [self._platforms[code] for code in ways],
            [activity[code] for code in ways],
            [TIMES[minute] for minute in of.start[rows].tolist()],
            *self._bounds(rows),
            self._weight(rows, WINDOW_WEIGHT),
        )
        return _table(ACCESS.columns, cells)

    def _place(self, rows: NDArray[np.intp]) -> tuple[list[str], list[str]]:
        of = self._activities
        schools = [self._schools[school] for school in of.school[rows].tolist()]
        return schools, [of.words.keys[code] for code in of.key[rows].tolist()]

    def _day(self, rows: NDArray[np.intp]) -> list[str]:
        of, days = self._activities, self._days
        pairs = list(zip(of.weekday[rows].tolist(), of.date[rows].tolist(), strict=True))
        for pair in set(pairs).difference(days):
            days[pair] = day_cell(*pair)
        return [days[pair] for pair in pairs]

    def _bounds(self, rows: NDArray[np.intp]) -> tuple[list[str], list[str]]:
        of = self._activities
        earliest, latest = of.earliest[rows].tolist(), of.latest[rows].tolist()
        return [BOUNDS[minute] for minute in earliest], [BOUNDS[minute] for minute in latest]

    def _weight(self, rows: NDArray[np.intp], default: float) -> list[str]:
        numbers, weights = self._numbers, self._activities.weight[rows].tolist()
        for weight in set(weights).difference(numbers):
            numbers[weight] = number_cell(weight)
        return ["" if weight == default else numbers[weight] for weight in weights]


def _activity_cell(ways: tuple[Alternative, ...], default: str) -> str:
    """Give the cell `activity`: of the alternatives that do not end in one of their own."""
    stated = next((way.activity for way in ways if "@" not in way.text), default)
    return "" if stated == default else stated


def _table(columns: tuple[str, ...], cells: tuple[Sequence[object], ...]) -> bytes:
    return csv_text(columns, zip(*cells, strict=True)).encode() if cells[0] else b""
