"""sessions.csv, sessions/*.csv and access.csv (CONTRACT section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.calendar import ANY_WEEK
from scheduler.domain.timetable import UNBOUNDED
from scheduler.files import cells
from scheduler.files.activity_rows import ActivityRows
from scheduler.files.alternatives import read_ways, refuse_unloaded
from scheduler.files.table import Schema
from scheduler.files.usual_bounds import refuse_outside_bounds, refuse_outside_day
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from scheduler.files.table import Column, Table
    from scheduler.wording import Text

SESSIONS = Schema(
    (
        *("school", "session", "day", "weeks", "start", "minutes", "groups", "teachers", "room", "subject"),
        *("heads", "platforms", "activity", "locked", "earliest", "latest", "weight", "link"),
    ),
    ("school", "session", "day", "start", "minutes", "heads"),
)
ACCESS = Schema(
    (
        *("school", "window", "audience", "day", "weeks", "heads", "minutes", "platforms", "activity"),
        *("usual_start", "earliest", "latest", "weight"),
    ),
    ("window", "audience", "day", "heads", "minutes"),
)
OWN_SESSIONS = Schema(SESSIONS.columns, tuple(name for name in SESSIONS.required if name != "school"))
"""Of a file that is of one school, and so need not say which."""
MOST_HEADS = 1_000_000
SESSION_MINUTES = (5, 600)
WINDOW_MINUTES = (5, 1440)
LONG_KEY = 80
NOBODY: tuple[str, ...] = ()


@dataclass(frozen=True)
class Around:
    """What the other files say that activities refer to; None where that is in doubt.

    Attributes
    ----------
    schools, platforms : collection of str or None
        Keys.
    pairs : collection of (str, str) or None
        What usage.csv names: activity and platform.
    day : (int, int) or None
        Start and end of the day in minutes.
    own : str or None
        Key of the one school that the files are of (``""``: the audiences of the region); None: each row says its own.
    """

    schools: Collection[str] | None
    platforms: Collection[str] | None
    pairs: Collection[tuple[str, str]] | None
    day: tuple[int, int] | None
    own: str | None = None


def read_sessions(table: Table, around: Around) -> ActivityRows:
    """Read the class sessions of all files."""
    start = table.required("start", cells.time_of_day)
    rows = ActivityRows(
        table=table,
        window=False,
        usual=np.where(start.ok, start.array(np.int32), UNBOUNDED),
        school=_school_of_session(table, around),
        key=table.required("session", cells.key(LONG_KEY)),
        day=table.required("day", cells.day),
        week=table.optional("weeks", cells.week_letter, ANY_WEEK),
        minutes=table.required("minutes", cells.whole(*SESSION_MINUTES)),
        heads=table.required("heads", cells.whole(0, MOST_HEADS)),
        ways=read_ways(table, around.platforms, "live"),
        earliest=table.optional("earliest", cells.time_of_day, UNBOUNDED),
        latest=table.optional("latest", cells.time_of_day, UNBOUNDED),
        weight=table.optional("weight", cells.number_from_0, 1.0),
        locked=table.optional("locked", cells.flag, False),
        groups=table.optional("groups", cells.text_list, NOBODY),
        teachers=table.optional("teachers", cells.text_list, NOBODY),
        room=table.optional("room", cells.plain_text, ""),
        subject=table.optional("subject", cells.plain_text, ""),
        audience=table.constant(""),
        link=table.optional("link", cells.link, ""),
    )
    _check(rows, around)
    _refuse_repeated_sessions(rows)
    return rows


def read_windows(table: Table, around: Around) -> ActivityRows:
    """Read the access windows."""
    usual = table.optional("usual_start", cells.time_of_day, UNBOUNDED)
    earliest = table.optional("earliest", cells.time_of_day, UNBOUNDED)
    rows = ActivityRows(
        table=table,
        window=True,
        usual=_usual_start(usual, earliest, around.day),
        school=_school_of_window(table, around),
        key=table.required("window", cells.key(LONG_KEY)),
        day=table.required("day", cells.day),
        week=table.optional("weeks", cells.week_letter, ANY_WEEK),
        minutes=table.required("minutes", cells.whole(*WINDOW_MINUTES)),
        heads=table.required("heads", cells.whole(0, MOST_HEADS)),
        ways=read_ways(table, around.platforms, "browse"),
        earliest=earliest,
        latest=table.optional("latest", cells.end_of_day, UNBOUNDED),
        weight=table.optional("weight", cells.number_from_0, 0.1),
        locked=table.constant(False),
        groups=table.constant(NOBODY),
        teachers=table.constant(NOBODY),
        room=table.constant(""),
        subject=table.constant(""),
        audience=table.required("audience", cells.key()),
        link=table.constant(""),
    )
    _check(rows, around)
    return rows


def _school_of_session(table: Table, around: Around) -> Column[str]:
    if around.own is not None:
        return table.optional("school", cells.only_school(around.own), around.own)
    return table.required("school", cells.listed_in("schools.csv", around.schools))


def _school_of_window(table: Table, around: Around) -> Column[str]:
    if around.own is not None:
        return table.optional("school", cells.only_school(around.own), around.own)
    return table.optional("school", cells.listed_in("schools.csv", around.schools), "")


def _usual_start(usual: Column[int], earliest: Column[int], day: tuple[int, int] | None) -> NDArray[np.int32]:
    """Give the usual start of windows: as stated, else `earliest`, else when the day starts."""
    stated, bound = usual.array(np.int32), earliest.array(np.int32)
    start = np.where(bound != UNBOUNDED, bound, UNBOUNDED if day is None else day[0])
    start = np.where(stated != UNBOUNDED, stated, start)
    return np.where(usual.ok & earliest.ok, start, UNBOUNDED).astype(np.int32)


def _check(rows: ActivityRows, around: Around) -> None:
    refuse_unloaded(rows.table, rows.ways, around.pairs)
    if around.day:
        refuse_outside_day(rows, *around.day)
    refuse_outside_bounds(rows)


def _refuse_repeated_sessions(rows: ActivityRows) -> None:
    def sentence(row: int, earlier: str) -> tuple[Text, Text]:
        values = {"session": rows.key[row], "school": rows.school[row], "earlier": earlier}
        what = T("session “{session}” of school “{school}” stands on {earlier} already", **values)
        return what, T("give each session of a school a key of its own")

    rows.table.refuse_repeated(rows.school, rows.key, sentence=sentence)
