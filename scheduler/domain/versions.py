"""Versions of a school's timetable, and what differs between two."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.timetable import AccessWindow
from scheduler.wording import T, Text

if TYPE_CHECKING:
    import datetime as dt

    from scheduler.domain.timetable import Activities, ClassSession

WHEN = ("day", "weeks", "start")
"""The columns that say when a session takes place; where one of them changes, it moved."""

SESSION_COLUMNS = {
    **{"day": "day", "weeks": "week", "start": "start", "minutes": "minutes", "groups": "groups"},
    **{"teachers": "teachers", "room": "room", "subject": "subject", "heads": "heads", "platforms": "alternatives"},
    **{"locked": "locked", "earliest": "earliest", "latest": "latest", "weight": "weight", "link": "link"},
}
"""Columns of sessions.csv, and where a :class:`ClassSession` keeps them; `platforms` with `activity`."""

WINDOW_COLUMNS = {
    **{"audience": "audience", "day": "day", "weeks": "week", "start": "start", "minutes": "minutes"},
    **{"heads": "heads", "platforms": "alternatives", "earliest": "earliest", "latest": "latest", "weight": "weight"},
}
"""Columns of access.csv in the same way; `start` is its usual_start."""


@dataclass(frozen=True)
class TimetableVersion:
    """One version of a school's timetable; it is never changed.

    Attributes
    ----------
    id : int
        What plans refer to.
    number : int
        From 1 in each school.
    brought_at : datetime.datetime
        In UTC.
    brought_by : str
        E-mail address of the person; ``""`` for the service itself.
    source : str
        The file or program it came from.
    sessions, windows : int
        Rows of each.
    in_force : bool
        Whether plans are made of it now.
    erased : bool
        Its content was erased after its time; it cannot be returned to.
    """

    id: int
    number: int
    brought_at: dt.datetime
    brought_by: str
    source: str
    sessions: int
    windows: int
    in_force: bool
    erased: bool


@dataclass(frozen=True)
class PlanOfVersion:
    """A plan of a school that was made from another version than the one in force.

    Attributes
    ----------
    plan_id : int
    state : str
        ``proposed``, ``accepted`` or ``published``.
    number : int
        The version it was made from.
    """

    plan_id: int
    state: str
    number: int

    def words(self) -> Text:
        """Say so."""
        return T("made for version {number} of the timetable, which is not in force", number=self.number)


@dataclass(frozen=True)
class Change:
    """A session, or a window, that both versions have and that is not the same in them.

    Attributes
    ----------
    key : str
    columns : tuple of str
        The columns that differ, as the file names them; at least one.
    before, after : ClassSession or AccessWindow
    """

    key: str
    columns: tuple[str, ...]
    before: ClassSession | AccessWindow
    after: ClassSession | AccessWindow

    @property
    def moved(self) -> bool:
        """Whether it takes place at another time or on another day."""
        return not set(WHEN).isdisjoint(self.columns)


@dataclass(frozen=True)
class VersionChanges:
    """What differs between two versions, each list in the order of its version.

    Attributes
    ----------
    added, gone : tuple of ClassSession or AccessWindow
    changed : tuple of Change
    """

    added: tuple[ClassSession | AccessWindow, ...]
    gone: tuple[ClassSession | AccessWindow, ...]
    changed: tuple[Change, ...]

    @property
    def moved(self) -> tuple[Change, ...]:
        """Those of `changed` that take place at another time or on another day."""
        return tuple(change for change in self.changed if change.moved)

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed)


def compare_versions(one: Activities, other: Activities) -> VersionChanges:
    """Say what `other` adds to, takes from and changes in `one`.

    Rows are known by their key. That of a window may stand on several days: its rows are then paired in their order,
    those that are equal first.

    Parameters
    ----------
    one, other : Activities
        Of one school.
    """
    before, after = _by_key(one), _by_key(other)
    added: list[ClassSession | AccessWindow] = []
    gone: list[ClassSession | AccessWindow] = []
    changed = []
    for place in dict.fromkeys([*before, *after]):
        left = [row for row in before[place] if row not in after[place]]
        right = [row for row in after[place] if row not in before[place]]
        changed += [_change(row, new) for row, new in zip(left, right, strict=False)]
        gone += left[len(right) :]
        added += right[len(left) :]
    return VersionChanges(tuple(added), tuple(gone), tuple(changed))


def _by_key(activities: Activities) -> defaultdict[tuple[bool, str], list[ClassSession | AccessWindow]]:
    rows = defaultdict(list)
    for row in range(len(activities)):
        rows[bool(activities.window[row]), activities.key_of(row)].append(activities.describe(row))
    return rows


def _change(before: ClassSession | AccessWindow, after: ClassSession | AccessWindow) -> Change:
    columns = WINDOW_COLUMNS if isinstance(after, AccessWindow) else SESSION_COLUMNS
    differing = tuple(name for name, at in columns.items() if getattr(before, at) != getattr(after, at))
    return Change(after.key, differing, before, after)
