"""Small regions for tests: rows in plain Python, as the region's files would say it, put into columns.

A region of two sessions that share a teacher, on Monday, 5 April 2021::

    region = region_of([session("s1", start="08:00", teachers="X"), session("s2", start="09:00", teachers="X")])

Dates go from Monday, 5 April 2021, an even ISO week and so of letter B; `moved` makes plans. What readers see of a
class, its subject, group and teacher, is in :func:`lesson`; a plain :func:`session` has none, and so nobody to share.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.calendar import WEEK_LETTERS, Calendar
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.grid import WEEKDAYS, Grid
from scheduler.domain.places import Platform, Policy, School
from scheduler.domain.plan import Plan, usual_plan
from scheduler.domain.region import Region
from scheduler.domain.timetable import UNBOUNDED, WEEKLY, Activities, Alternative, Vocabularies
from scheduler.domain.usage import Moment, UsageRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MONDAY = dt.date(2021, 4, 5)
TUESDAY = dt.date(2021, 4, 6)
SCHOOL = "0670001A"
"""The school of lessons."""
TYPES = {
    "school": np.int32,
    "window": np.bool_,
    "weekday": np.int8,
    "date": np.int32,
    "week": np.int8,
    "start": np.int16,
    "minutes": np.int16,
    "earliest": np.int16,
    "latest": np.int16,
    "locked": np.bool_,
    "heads": np.int32,
    "weight": np.float64,
}
VOCABULARIES = {
    "key": "keys",
    "groups": "groups",
    "teachers": "teachers",
    "room": "rooms",
    "subject": "subjects",
    "audience": "audiences",
    "link": "links",
    "alternatives": "alternatives",
}
LIVE = (
    UsageRow("live", "ent", "connections", Moment(-5), Moment(10), 1.0),
    UsageRow("live", "ent", "connections", Moment(10), Moment(0, from_end=True), 0.25),
    UsageRow("async", "ent", "connections", Moment(0), Moment(0, from_end=True), 0.5),
    UsageRow("browse", "ent", "connections", Moment(0), Moment(0, from_end=True), 1.0),
    UsageRow("live", "cned", "connections", Moment(0), Moment(0, from_end=True), 1.0),
)
"""A burst around each start on the ENT, a constant load on CNED."""


def minute(time: str) -> int:
    """Give the minute of the day of ``HH:MM``."""
    hours, minutes = time.split(":")
    return 60 * int(hours) + int(minutes)


def ways(text: str, activity: str) -> tuple[Alternative, ...]:
    """Read a platforms cell: ``ent+bbb|ent@async``; empty = one alternative that loads nothing."""
    found = []
    for way in text.split("|"):
        platforms, _, other = way.partition("@")
        found.append(Alternative(tuple(platforms.split("+")) if platforms else (), other or activity, way))
    return tuple(found)


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _day(day: str) -> tuple[int, int]:
    if day in WEEKDAYS:
        return WEEKDAYS.index(day), WEEKLY
    date = dt.date.fromisoformat(day)
    return date.weekday(), date.toordinal()


def _row(window: bool, cells: dict[str, Any]) -> dict[str, Any]:
    weekday, date = _day(cells["day"])
    return {
        "school": cells["school"],
        "window": window,
        "weekday": weekday,
        "date": date,
        "week": WEEK_LETTERS.index(cells["weeks"]),
        "start": minute(cells["start"]),
        "minutes": cells["minutes"],
        "earliest": minute(cells["earliest"]) if cells["earliest"] else UNBOUNDED,
        "latest": minute(cells["latest"]) if cells["latest"] else UNBOUNDED,
        "locked": cells.get("locked", False),
        "heads": cells["heads"],
        "weight": cells["weight"],
        "key": cells["key"],
        "groups": _listed(cells.get("groups", "")),
        "teachers": _listed(cells.get("teachers", "")),
        "room": cells.get("room", ""),
        "subject": cells.get("subject", ""),
        "audience": cells.get("audience", ""),
        "link": cells.get("link", ""),
        "alternatives": ways(cells["platforms"], cells["activity"]),
    }


def session(key: str, **cells: Any) -> dict[str, Any]:
    """Give one row of sessions.csv; cells as the file has them (`groups` and `teachers` with ``|``)."""
    usual = {"school": "A", "day": "MO", "weeks": "", "start": "08:00", "minutes": 55, "earliest": "", "latest": ""}
    rest = {"heads": 30, "weight": 1.0, "platforms": "ent", "activity": "live"}
    return _row(False, usual | rest | {"key": key} | cells)


def lesson(key: str, **cells: Any) -> dict[str, Any]:
    """Give a session with all that its readers see: maths of 6A with Mme Petit on Tuesday, in :data:`SCHOOL`."""
    usual = {"school": SCHOOL, "day": "TU", "groups": "6A", "teachers": "Mme Petit", "subject": "Mathématiques"}
    return session(key, **(usual | cells))


def window(key: str, **cells: Any) -> dict[str, Any]:
    """Give one row of access.csv; school ``""`` for an audience of the region, `start` is the usual start."""
    usual = {"school": "A", "day": "MO", "weeks": "", "start": "08:00", "minutes": 60, "earliest": "", "latest": ""}
    rest = {"heads": 100, "weight": 0.1, "platforms": "ent", "activity": "browse", "audience": "parents"}
    return _row(True, usual | rest | {"key": key} | cells)


def activities_of(rows: Iterable[dict[str, Any]], schools: Sequence[School]) -> Activities:
    """Put rows of :func:`session` and :func:`window` into columns."""
    rows = list(rows)
    number = {school.key: place for place, school in enumerate(schools)} | {"": -1}
    columns: dict[str, Any] = {
        name: np.array([number[row[name]] if name == "school" else row[name] for row in rows], dtype=dtype)
        for name, dtype in TYPES.items()
    }
    words = {}
    for column, vocabulary in VOCABULARIES.items():
        distinct = list(dict.fromkeys(row[column] for row in rows))
        words[vocabulary] = tuple(distinct)
        columns[column] = np.array([distinct.index(row[column]) for row in rows], dtype=np.int32)
    return Activities(schools=tuple(schools), words=Vocabularies(**words), **columns)


def region_of(
    rows: Iterable[dict[str, Any]],
    *,
    days: int = 1,
    first_date: dt.date = MONDAY,
    slot_minutes: int = 5,
    timezone: str = "Europe/Paris",
    capacity: float | None = None,
    capacities: Sequence[CapacityEntry] = (),
    calendar: Calendar | None = None,
    usage: Sequence[UsageRow] = LIVE,
    **policy: Any,
) -> Region:
    """Build a region.

    Parameters
    ----------
    rows : iterable of dict
        From :func:`session` and :func:`window`; their schools are the region's schools, in order of appearance.
    days : int
        Length of the horizon from `first_date`.
    slot_minutes : int
    timezone : str
    capacity : float, optional
        Connections that the ENT bears at any time; unlimited without.
    capacities : sequence of CapacityEntry
        Further capacities.
    calendar : Calendar, optional
    usage : sequence of UsageRow
    **policy
        Fields of Policy; the target utilisation is 1 unless given, so that limits are capacities.
    """
    rows = list(rows)
    schools = tuple(School(key, f"Collège {key}") for key in dict.fromkeys(row["school"] for row in rows) if key)
    base = (CapacityEntry("ent", "connections", None, None, "base", capacity),) if capacity is not None else ()
    return Region(
        name="Test",
        grid=Grid(
            minute("07:30"),
            minute("19:00"),
            slot_minutes,
            timezone,
            first_date,
            first_date + dt.timedelta(days=days - 1),
        ),
        policy=Policy(**({"target_utilisation": 1.0} | policy)),
        platforms=(
            Platform("ent", "Mon Bureau Numérique", "ent"),
            Platform("cned", "Ma classe à la maison", "virtual-class"),
        ),
        schools=schools,
        capacities=(*base, *capacities),
        usage=tuple(usage),
        calendar=calendar or Calendar(),
        activities=activities_of(rows, schools),
    )


def moved(region: Region, **shifts: int) -> Plan:
    """Give the usual plan with some activities, named by their keys, shifted by minutes on every date."""
    return changed(region, shifts, {})


def changed(region: Region, shifts: dict[str, int], alternatives: dict[str, int]) -> Plan:
    """Give the usual plan with other starts (key -> minutes of shift) and other alternatives (key -> number)."""
    plan = usual_plan(region)
    keys = [region.activities.key_of(row) for row in plan.row.tolist()]
    return Plan(
        plan.row,
        plan.day,
        (plan.start + np.array([shifts.get(key, 0) for key in keys])).astype(np.int16),
        np.array([alternatives.get(key, 0) for key in keys], dtype=np.int16),
    )
