"""What a school locks by hand and wishes, apart from its timetable, and what that makes of a region.

A wish names sessions, teachers, groups or days as the timetable writes them, never rows: so a new timetable keeps it.
Wishes are of class sessions; an access window has its bounds in access.csv.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.domain.grid import MINUTES_A_DATE, WEEKDAYS, clock
from scheduler.domain.sharers import division_of
from scheduler.domain.timetable import UNBOUNDED
from scheduler.domain.wish_words import fault_of, idle_of
from scheduler.errors import FaultyInput

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from scheduler.domain.region import Region
    from scheduler.domain.timetable import Activities
    from scheduler.errors import Fault

LOCK, EARLIEST, LATEST = KINDS = ("lock", "earliest", "latest")
SESSION, TEACHER, GROUP, DAY, SCHOOL = OF_WHAT = ("session", "teacher", "group", "day", "school")

Rows = NDArray[np.intp]


@dataclass(frozen=True, order=True)
class Wish:
    """One wish of a school.

    Attributes
    ----------
    kind : str
        ``lock``: the sessions keep their usual start and alternative; ``earliest``, ``latest``: bounds on their
        planned start.
    of_what : str
        Which sessions: one ``session``, those of a ``teacher``, of a ``group`` (for a division also those of its
        parts), of a ``day``, or of the whole ``school``.
    name : str
        Key of the session, name of the teacher or group, ``MO`` … ``SU``; ``""`` for the school.
    minute : int or None
        Minute of the day from 0 to 1439; None for a lock.
    note : str
        Free text of the school.

    Raises
    ------
    ValueError
        These do not go together.
    """

    kind: str
    of_what: str
    name: str = ""
    minute: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.of_what not in OF_WHAT:
            raise ValueError(f"no wish is of the kind {self.kind!r} and of a {self.of_what!r}")
        if (self.minute is None) != (self.kind == LOCK):
            raise ValueError("a bound has a minute, and a lock has none")
        if self.minute is not None and not 0 <= self.minute < MINUTES_A_DATE:
            raise ValueError(f"{self.minute} is no minute of the day at which something starts")
        if (self.name == "") != (self.of_what == SCHOOL):
            raise ValueError("every wish names something, save that of the whole school")
        if self.of_what == DAY and self.name not in WEEKDAYS:
            raise ValueError(f"{self.name!r} is no day of the week")

    @property
    def subject(self) -> tuple[str, str, str]:
        """What a school can wish once: kind, of_what and name."""
        return self.kind, self.of_what, self.name


@dataclass(frozen=True)
class KeptWish:
    """A wish as the store keeps it.

    Attributes
    ----------
    id : int
    wish : Wish
    stated_at : datetime.datetime
        In UTC.
    stated_by : str
        E-mail address of the person; ``""`` for the service itself.
    """

    id: int
    wish: Wish
    stated_at: dt.datetime
    stated_by: str


@dataclass(frozen=True)
class Finding:
    """What a wish finds in a region.

    Attributes
    ----------
    school : str
    wish : Wish
    sessions : int
        Rows of sessions.csv that it holds for.
    against : tuple of str
        Those among them whose usual start it would forbid, ``S1 (08:00)``.
    """

    school: str
    wish: Wish
    sessions: int
    against: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether the usual timetable respects the wish (CONTRACT section 3, rule 7)."""
        return not self.against

    def fault(self) -> Fault:
        """Say that the wish forbids usual starts."""
        return fault_of(self.school, self.wish, self.against)

    def idle(self) -> Fault:
        """Say that the wish finds no session."""
        return idle_of(self.school, self.wish)


@dataclass(frozen=True)
class Wished:
    """A region under the wishes that it can bear.

    Attributes
    ----------
    region : Region
        With the bounds and locks of all sound wishes; the same object where there are none.
    findings : tuple of Finding
        One a wish, by school and in the order of its wishes.
    """

    region: Region
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The wishes that forbid a usual start, and so were not applied."""
        return tuple(finding.fault() for finding in self.findings if not finding.sound)

    @property
    def idle(self) -> tuple[Fault, ...]:
        """The wishes that find no session any more; they stay, for a later timetable may have it again."""
        return tuple(finding.idle() for finding in self.findings if not finding.sessions)


def apply_wishes(region: Region, wishes_by_school: Mapping[str, Sequence[Wish]]) -> Region:
    """Apply all wishes, or none where one of them forbids a usual start.

    Parameters
    ----------
    region : Region
    wishes_by_school : mapping of str to sequence of Wish
        By the school's key.

    Returns
    -------
    Region
        Another one; `region` stays as it is.

    Raises
    ------
    FaultyInput
        With every wish that forbids a usual start (CONTRACT section 3, rule 7).
    """
    wished = fit_wishes(region, wishes_by_school)
    if wished.faults:
        raise FaultyInput(wished.faults)
    return wished.region


def fit_wishes(region: Region, wishes_by_school: Mapping[str, Sequence[Wish]]) -> Wished:
    """Apply the wishes that respect the usual timetable, and tell what each finds.

    A wish that forbids one usual start is left out whole, so that nobody has to guess for whom it holds.
    """
    activities = region.activities
    bounds = _Bounds(activities)
    findings = []
    for school, sessions in _sessions_of(activities, wishes_by_school):
        for wish in wishes_by_school[school]:
            rows = sessions.found_by(wish)
            forbidden = _forbidden(activities, rows, wish)
            against = tuple(f"{activities.key_of(row)} ({clock(activities.start[row])})" for row in forbidden.tolist())
            findings.append(Finding(school, wish, len(rows), against))
            if len(rows) and not against:
                bounds.tighten(rows, wish)
    return Wished(bounds.applied_to(region), tuple(findings))


def _forbidden(activities: Activities, rows: Rows, wish: Wish) -> Rows:
    """Give the rows whose usual start lies outside the bound of a wish."""
    if wish.minute is None:
        return rows[:0]
    start = activities.start[rows]
    return rows[start < wish.minute if wish.kind == EARLIEST else start > wish.minute]


class _Bounds:
    """The columns that wishes change, copied once the first wish is applied."""

    def __init__(self, activities: Activities):
        self._columns = {name: getattr(activities, name) for name in ("locked", "earliest", "latest")}
        self._changed = False

    def tighten(self, rows: Rows, wish: Wish) -> None:
        """Make a wish hold for rows: of two bounds the tighter one counts."""
        if not self._changed:
            self._columns = {name: column.copy() for name, column in self._columns.items()}
            self._changed = True
        if wish.minute is None:
            self._columns["locked"][rows] = True
        elif wish.kind == EARLIEST:
            earliest = self._columns["earliest"]  # no bound is below every minute
            earliest[rows] = np.maximum(earliest[rows], wish.minute)
        else:
            latest = self._columns["latest"]
            stated = latest[rows]
            latest[rows] = np.where(stated == UNBOUNDED, wish.minute, np.minimum(stated, wish.minute))

    def applied_to(self, region: Region) -> Region:
        """Give the region with these columns."""
        if not self._changed:
            return region
        return replace(region, activities=replace(region.activities, **self._columns))


def _sessions_of(activities: Activities, schools: Iterable[str]) -> Iterator[tuple[str, _Sessions]]:
    """Give the class sessions of each school asked for, with one pass over all rows."""
    place_of = {school.key: place for place, school in enumerate(activities.schools)}
    asked = sorted(schools, key=lambda key: place_of.get(key, len(place_of)))
    places = np.array([place_of[key] for key in asked if key in place_of], dtype=np.int32)
    wanted = np.zeros(len(place_of) + 1, dtype=bool)  # the last one is the region's audiences, school -1
    wanted[places] = True
    rows = np.flatnonzero(wanted[activities.school] & ~activities.window)
    rows = rows[np.argsort(activities.school[rows], kind="stable")]
    starts = np.searchsorted(activities.school[rows], places)
    ends = np.searchsorted(activities.school[rows], places, side="right")
    for number, key in enumerate(asked):
        mine = rows[starts[number] : ends[number]] if number < len(places) else rows[:0]
        yield key, _Sessions(activities, mine)


class _Sessions:
    """The class sessions of one school, found by what a wish names."""

    def __init__(self, activities: Activities, rows: Rows):
        self._activities, self._rows = activities, rows
        self._codes: dict[str, dict[str, list[int]]] = {}

    def found_by(self, wish: Wish) -> Rows:
        """Give the rows that a wish holds for, ascending."""
        if wish.of_what == SCHOOL:
            return self._rows
        if wish.of_what == DAY:
            of_day: Rows = self._rows[self._activities.weekday[self._rows] == WEEKDAYS.index(wish.name)]
            return of_day
        words = self._activities.words
        if wish.of_what == SESSION:
            return self._named(wish.name, self._activities.key, lambda code: (words.keys[code],), SESSION)
        if wish.of_what == TEACHER:
            return self._named(wish.name, self._activities.teachers, words.teachers.__getitem__, TEACHER)
        return self._named(wish.name, self._activities.groups, lambda code: _with_divisions(words.groups[code]), GROUP)

    def _named(self, name: str, column: NDArray[np.int32], names: Callable[[int], Iterable[str]], of_what: str) -> Rows:
        mine = column[self._rows]
        if of_what not in self._codes:
            codes: dict[str, list[int]] = {}
            for code in np.unique(mine).tolist():
                for said in names(code):
                    codes.setdefault(said, []).append(code)
            self._codes[of_what] = codes
        found: Rows = self._rows[np.isin(mine, self._codes[of_what].get(name, []))]
        return found


def _with_divisions(groups: Iterable[str]) -> set[str]:
    """Give groups and the divisions that they are parts of: what holds for ``6A`` holds for ``6A/latin``."""
    return {name for group in groups for name in (group, division_of(group))}
