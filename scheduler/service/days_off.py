"""School holidays and public holidays within a region's horizon, proposed to be taken over as closures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import holidays as public_holidays

from scheduler.errors import NotThere
from scheduler.files.region_writer import cells_of
from scheduler.school_holidays import academy_in_calendar, holidays
from scheduler.service.kept_regions import head_of
from scheduler.service.region_settings import replace_closures
from scheduler.store.regions import RegionRepository
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scheduler.domain.calendar import Closure
    from scheduler.domain.people import Actor
    from scheduler.domain.places import School
    from scheduler.domain.region import Region
    from scheduler.service.region_edits import Edited
    from scheduler.store import Store

SCHOOL, PUBLIC = "school", "public"
ONE_DAY = dt.timedelta(days=1)

ALSACE_MOSELLE = {"067": "6AE", "068": "6AE", "057": "57"}
"""Departments by how a UAI begins -> what the library calls them: Good Friday and 26 December are off."""
OVERSEAS = {"971": "971", "972": "972", "973": "973", "974": "974", "976": "976"}
"""Departments overseas, where the abolition of slavery has a day of its own."""


@dataclass(frozen=True)
class DaysOff:
    """Days off that could be taken over.

    Attributes
    ----------
    kind : str
        ``school`` or ``public``.
    name : str
        In French, as the calendars have it.
    where : str
        The academy, or the department; ``""``: everywhere.
    first_date, last_date : datetime.date
        Within the horizon.
    schools : tuple of str
        Keys of the schools that are off; ``("",)``: all of the region, and its audiences.
    taken : bool
        Whether closures say so already.
    """

    kind: str
    name: str
    where: str
    first_date: dt.date
    last_date: dt.date
    schools: tuple[str, ...]
    taken: bool

    @property
    def key(self) -> str:
        """A name for it in forms."""
        return "|".join((self.kind, self.where, self.name, self.first_date.isoformat()))


def days_off(store: Store, actor: Actor, region: str) -> tuple[DaysOff, ...]:
    """Give the days off of a region's schools within its horizon, by date.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return _days_off(head_of(work, actor.sees, region))


def _days_off(region: Region) -> tuple[DaysOff, ...]:
    found = [*_school_holidays(region), *_public_holidays(region)]
    return tuple(sorted(found, key=lambda one: (one.first_date, one.kind, one.where, one.name)))


def _school_holidays(region: Region) -> Iterator[DaysOff]:
    first, last = region.grid.first_date, region.grid.last_date
    by_academy: dict[str, list[School]] = {}
    for school in region.schools:
        by_academy.setdefault(school.academy, []).append(school)
    for academy, schools in sorted(by_academy.items()):
        wanted = academy_in_calendar(academy)
        for one in holidays():
            begin, end = max(one.first_day_off, first), min(one.first_day_back - ONE_DAY, last)
            if one.academy == wanted and begin <= end:
                yield _proposal(region, SCHOOL, one.name, academy, begin, end, schools)


def _public_holidays(region: Region) -> Iterator[DaysOff]:
    grid = region.grid
    years = range(grid.first_date.year, grid.last_date.year + 1)
    everywhere = public_holidays.country_holidays("FR", years=years, language="fr")
    inside = {date: name for date, name in everywhere.items() if grid.first_date <= date <= grid.last_date}
    for date, name in sorted(inside.items()):
        yield _proposal(region, PUBLIC, name, "", date, date, region.schools)
    departments = ALSACE_MOSELLE | OVERSEAS
    by_department: dict[str, list[School]] = {}
    for school in region.schools:
        if school.key[:3] in departments:
            by_department.setdefault(school.key[:3], []).append(school)
    for department, schools in sorted(by_department.items()):
        own = public_holidays.country_holidays("FR", subdiv=departments[department], years=years, language="fr")
        for date, name in sorted(own.items()):
            if grid.first_date <= date <= grid.last_date and date not in inside:
                yield _proposal(region, PUBLIC, name, department, date, date, schools)


def _proposal(
    region: Region, kind: str, name: str, where: str, first: dt.date, last: dt.date, schools: Sequence[School]
) -> DaysOff:
    keys = ("",) if len(schools) == len(region.schools) else tuple(school.key for school in schools)
    closed = region.calendar.closures
    taken = all(any(_covers(one, key, first, last) for one in closed) for key in keys)
    return DaysOff(kind, name, where, first, last, keys, taken)


def _covers(closure: Closure, school: str, first: dt.date, last: dt.date) -> bool:
    return closure.school in ("", school) and closure.first_date <= first and closure.last_date >= last


def take_days_off(store: Store, actor: Actor, region: str, key: str, *, made_from: int) -> Edited:
    """Take days off over as closures, beside those there are.

    Raises
    ------
    NotThere
        There is no such region that the actor may change, or there are no such days off.
    Refused
        Somebody else changed the closures meanwhile.
    """
    with store.read() as work:
        RegionRepository(work, actor.edits).region_row(region)
        head = head_of(work, actor.edits, region)
    wanted = next((one for one in _days_off(head) if one.key == key), None)
    if wanted is None:
        raise NotThere(T("there are no such days off in the region “{key}”", key=region))
    had = head.calendar.closures
    rows = [cells_of(one) for one in had]
    first, last = wanted.first_date, wanted.last_date
    missing = [school for school in wanted.schools if not any(_covers(one, school, first, last) for one in had)]
    cells = {"first_date": first.isoformat(), "last_date": last.isoformat(), "note": wanted.name}
    rows += [{"school": school, **cells} for school in missing]
    return replace_closures(store, actor, region, rows, made_from=made_from)
