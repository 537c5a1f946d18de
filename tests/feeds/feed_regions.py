"""Small regions for the tests of feeds: rows as keyword arguments, written straight into the columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from scheduler.domain.calendar import Calendar
from scheduler.domain.grid import WEEKDAYS, Grid
from scheduler.domain.places import Platform, Policy, School
from scheduler.domain.region import Region
from scheduler.domain.timetable import UNBOUNDED, WEEKLY, Activities, Alternative, Vocabularies

MONDAY = dt.date(2021, 4, 5)
TUESDAY = dt.date(2021, 4, 6)
FRIDAY = dt.date(2021, 4, 9)

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


def alternative(text: str, activity: str = "live") -> Alternative:
    """Read one alternative as a region writes it."""
    platforms, _, other = text.partition("@")
    return Alternative(tuple(platforms.split("+")) if platforms else (), other or activity, text)


def session(school: str, key: str, **changes: Any) -> dict[str, Any]:
    """One row of sessions.csv; `day` is a weekday's letters or a date."""
    row: dict[str, Any] = {
        "school": school,
        "window": False,
        "key": key,
        "day": "TU",
        "week": 0,
        "start": 480,
        "minutes": 55,
        "groups": ("6A",),
        "teachers": ("Mme Petit",),
        "room": "",
        "subject": "Mathématiques",
        "audience": "",
        "heads": 29,
        "platforms": "ent",
        "activity": "live",
        "locked": False,
        "weight": 1.0,
        "link": "",
    }
    return row | changes


def window(school: str, key: str, audience: str = "parents", **changes: Any) -> dict[str, Any]:
    """One row of access.csv."""
    row = session(school, key, window=True, audience=audience, groups=(), teachers=(), subject="", activity="browse")
    return row | {"start": 900, "minutes": 120} | changes


def region(
    *rows: dict[str, Any],
    first_date: dt.date = MONDAY,
    last_date: dt.date = FRIDAY,
    timezone: str = "Europe/Paris",
    schools: tuple[School, ...] | None = None,
) -> Region:
    """Build a region of `rows`; its schools are those that rows name, in order of appearance."""
    keys = dict.fromkeys(row["school"] for row in rows if row["school"])
    schools = schools or tuple(School(key, f"Collège {key}") for key in keys)
    return Region(
        name="Grand Est",
        grid=Grid(450, 1140, 5, timezone, first_date, last_date),
        policy=Policy(),
        platforms=(Platform("ent", "Mon Bureau Numérique", "ent"), Platform("cned", "Ma classe à la maison", "")),
        schools=schools,
        capacities=(),
        usage=(),
        calendar=Calendar(),
        activities=activities(rows, schools),
    )


def activities(rows: tuple[dict[str, Any], ...], schools: tuple[School, ...]) -> Activities:
    """Write rows into columns and vocabularies."""
    place = {school.key: index for index, school in enumerate(schools)}
    vocabularies: dict[str, dict[Any, int]] = {column: {} for column in VOCABULARIES}
    columns: dict[str, list[Any]] = {column: [] for column in (*TYPES, *VOCABULARIES)}
    for row in rows:
        day = row["day"]
        dated = isinstance(day, dt.date)
        told = row | {
            "school": place.get(row["school"], -1),
            "weekday": day.weekday() if dated else WEEKDAYS.index(day),
            "date": day.toordinal() if dated else WEEKLY,
            "earliest": UNBOUNDED,
            "latest": UNBOUNDED,
            "alternatives": tuple(alternative(text, row["activity"]) for text in row["platforms"].split("|")),
        }
        for column in TYPES:
            columns[column].append(told[column])
        for column, words in vocabularies.items():
            columns[column].append(words.setdefault(told[column], len(words)))
    arrays = {column: np.array(values, dtype=TYPES.get(column, np.int32)) for column, values in columns.items()}
    words = Vocabularies(**{VOCABULARIES[column]: tuple(words) for column, words in vocabularies.items()})
    return Activities(schools=schools, words=words, **arrays)
