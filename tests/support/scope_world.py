"""Two regions with everything that there can be, and people of one who ask for what belongs to the other."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import itertools
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import households
import numpy as np
from region_files import small_region, write_region
from sqlalchemy import Row, select

from scheduler.domain.people import EVERYTHING, TEACHER, Role, Scope
from scheduler.domain.plan import usual_plan
from scheduler.domain.runs import RunOptions
from scheduler.domain.wishes import Wish
from scheduler.service import bookings, capacities, feed_addresses, people, publishing, regions, runs, tasks, wishes
from scheduler.service.kept_regions import one_school
from scheduler.store.columns import METADATA
from scheduler.store.scoped import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.people import Actor
    from scheduler.domain.plan import Plan
    from scheduler.service.sign_in import SignedIn
    from scheduler.store import Store, Work

FIRST, LAST = dt.date(2021, 4, 6), dt.date(2021, 4, 9)

MUCH_LATER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
"""When nothing of a test is done any more."""

LATEST = 1_000_000
"""A revision that an edit can always be made from."""

RAISE = {
    "platform": "ent",
    "meter": "connections",
    "from": "2021-04-08T08:00",
    "to": "2021-04-08T12:00",
    "kind": "change",
    "amount": "50",
}
"""Cells of a capacity entry."""

SCHOOLS = {"north": ("nalder", "nbirch"), "south": ("salder", "sbirch")}
"""Schools by region. Everything that is kept of a school bears its key somewhere, and of a region its."""

ACTORS = {
    "region": ("region", "north", None),
    "principal": ("principal", "north", "nalder"),
    "teacher": ("teacher", "north", "nalder"),
}
"""Who tries, all in the north."""


@dataclasses.dataclass(frozen=True)
class Place:
    """The names and numbers of one school and what belongs to it, as they stand in addresses."""

    region: str
    school: str
    email: str
    person_id: int = 0
    sign_in_id: int = 0
    school_id: int = 0
    timetable_id: int = 0
    plan_id: int = 0
    feed_id: int = 0
    capacity_id: int = 0
    wish_id: int = 0
    task_id: int = 0

    def numbered_as(self, other: Place) -> Place:
        """Give this place with the numbers of another one."""
        numbers = {name: getattr(other, name) for name in NUMBERS}
        return dataclasses.replace(self, **numbers)


NUMBERS = tuple(field.name for field in dataclasses.fields(Place) if field.name.endswith("_id"))

NOWHERE = Place("nowhere", "nothing", "nobody@nowhere.fr")
"""What is not there for anybody."""


@dataclasses.dataclass(frozen=True)
class Try:
    """One try: somebody asks for something of a place.

    Attributes
    ----------
    store : Store
    who : SignedIn
    place : Place
    folder : Path
        Where files can be written; it is not there yet.
    """

    store: Store
    who: SignedIn
    place: Place
    folder: Path

    @property
    def actor(self) -> Actor:
        """Whoever asks."""
        return self.who.actor

    @property
    def school(self) -> tuple[str, str]:
        """The keys of region and school."""
        return self.place.region, self.place.school

    @property
    def asking(self) -> tuple[Store, Actor]:
        """What every use case begins with."""
        return self.store, self.actor

    @property
    def of_region(self) -> tuple[Store, Actor, str]:
        """What every use case about a region begins with."""
        return *self.asking, self.place.region

    @property
    def of_school(self) -> tuple[Store, Actor, str, str]:
        """What every use case about a school begins with."""
        return *self.asking, *self.school

    @property
    def teacher(self) -> tuple[str, str, str, str]:
        """The role of a teacher in the school for its person, as arguments."""
        return self.place.email, TEACHER, *self.school

    @property
    def role(self) -> Role:
        """The same as a value."""
        return Role(TEACHER, school_id=self.place.school_id)

    def within(self, use: Callable[[Work, Scope], Any]) -> Any:
        """Call something in a reading work with what they see."""
        with self.store.read() as work:
            return use(work, self.actor.sees)

    def changing(self, use: Callable[[Work, Scope], Any]) -> Any:
        """Call something in a writing work with what they may change."""
        with self.store.write() as work:
            return use(work, self.actor.edits)

    def reading(self, make: Callable[[Work, Scope], Any], use: Callable[[Any], Any]) -> Any:
        """Use a repository that was made with what they see."""
        return self.within(lambda work, scope: use(make(work, scope)))

    def written(self, write: Callable[[Path], Any]) -> Any:
        """Let a folder be written; give what is told and what stands in it."""
        result = write(self.folder)
        return result, {path.name: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}


@dataclasses.dataclass(frozen=True)
class World:
    """Two furnished regions, and whoever tries."""

    store: Store
    actors: dict[str, SignedIn]
    places: dict[str, Place]
    folders: Iterator[Path]

    def own(self, who: str) -> list[Place]:
        """Give the places that are somebody's own."""
        return [self.places[school] for school in (SCHOOLS["north"] if who == "region" else ("nalder",))]

    def foreign(self, who: str) -> list[Place]:
        """Give the places of others."""
        return [place for place in self.places.values() if place not in self.own(who)]

    def secrets(self, who: str) -> list[str]:
        """Give the words that somebody must never see; the region of one's own school has a name that is known."""
        return ["south", *SCHOOLS["south"]] + ([] if who == "region" else ["nbirch"])


def make_world(store: Store, folder: Path) -> World:
    """Bring both regions in and furnish them."""
    places = {}
    for region, schools in SCHOOLS.items():
        bring(store, folder / region, region, schools)
        raised = {**RAISE, "note": f"raise of {region}"}
        entered = capacities.enter_capacity(store, households.OPERATORS, region, raised, made_from=LATEST)
        later = tasks.publish_later(store, households.OPERATORS, region, MUCH_LATER)
        for school in schools:
            mine = furnish(store, region, school)
            places[school] = dataclasses.replace(mine, capacity_id=entered.id, task_id=later.id)
        people.invite(store, households.OPERATORS, f"boss@{region}.fr", "region", region)
        runs.start_run(store, households.OPERATORS, region, RunOptions())
    actors = {}
    for name, place in ACTORS.items():
        email = f"{name}@{place[2] or place[1]}.fr"
        actors[name] = households.present(store, households.newcomer(store, email, *place))
    return World(store, actors, places, (folder / f"tried-{number}" for number in itertools.count()))


def bring(store: Store, folder: Path, region: str, schools: tuple[str, str]) -> None:
    """Import the small region under other names."""
    renamed = {}
    for name, content in small_region().items():
        for old, new in zip(("0670001A", "0670002B"), schools, strict=True):
            content = content.replace(old, new)
        for old, new in zip(("Collège du Rhin", "Lycée de la Tour"), schools, strict=True):
            content = content.replace(old, new.upper())
        renamed[name] = content.replace("Little Region", region.upper()).replace("Mon ENT", f"ENT {region}")
    regions.import_region(store, households.OPERATORS, write_region(folder, renamed), region)


def furnish(store: Store, region: str, school: str) -> Place:
    """Fill a school with whatever there can be: a person, a plan, a publication, a calendar address."""
    email = f"head@{school}.fr"
    head = households.present(store, households.newcomer(store, email, "principal", region, school))
    plan = bookings.propose(store, head.actor, region, school, plan_of(store, region, school), FIRST, LAST)
    bookings.accept(store, head.actor, region, school, plan.id)
    publishing.publish(store, head.actor, region, school, plan.id)
    group = "6A" if school.endswith("alder") else "2A"
    feed_addresses.give_address(store, head.actor, region, school, "group", group, "fr", f"label of {school}")
    (feed,) = feed_addresses.addresses(store, head.actor, region, school)
    with store.write() as work:
        row = Repository(work, EVERYTHING).school_row(region, school)
    wish = Wish("lock", "session", "S1", None, f"wish of {school}")
    kept = wishes.state_wish(store, head.actor, region, school, wish)
    numbers = {"person_id": head.person.id, "sign_in_id": head.sign_in_id, "school_id": row.id, "wish_id": kept.id}
    return Place(region, school, email, **numbers, timetable_id=row.timetable_id, plan_id=plan.id, feed_id=feed.id)


def plan_of(store: Store, region: str, school: str) -> Plan:
    """Give a school's usual timetable as a plan."""
    with store.read() as work:
        return usual_plan(one_school(work, EVERYTHING, region, school))


def told(value: object) -> str:
    """Write a value out in full, with everything in it, in small letters."""
    return " ".join(_words(value)).lower()


def _words(value: object) -> Iterator[str]:
    if isinstance(value, Row):
        value = dict(value._mapping)
    if isinstance(value, bytes):
        yield from _words_of_bytes(value)
    elif isinstance(value, Mapping):
        yield from itertools.chain.from_iterable(_words(one) for pair in value.items() for one in pair)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from _words([getattr(value, field.name) for field in dataclasses.fields(value)])
    elif isinstance(value, np.ndarray):
        yield from _words(value.tolist())
    elif isinstance(value, list | tuple | set | frozenset | Iterator):
        yield from itertools.chain.from_iterable(map(_words, value))
    else:
        yield str(value)


def _words_of_bytes(value: bytes) -> Iterator[str]:
    for unpack in (bytes, zlib.decompress, gzip.decompress):
        try:
            yield unpack(value).decode("utf-8", "replace")
        except (zlib.error, OSError, EOFError):
            continue


def everything(store: Store) -> dict[str, list[Any]]:
    """Read all rows of all tables."""
    with store.read() as work:
        return {table.name: list(work.connection.execute(select(table))) for table in METADATA.sorted_tables}
