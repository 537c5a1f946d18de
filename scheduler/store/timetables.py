"""Versions of timetables: which one is in force, and their contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from scheduler.errors import NotThere
from scheduler.store.packed import unpack_bytes
from scheduler.store.scoped import Repository, in_schools
from scheduler.store.tables.regions import schools
from scheduler.store.tables.timetables import timetables, wishes
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Row, Select

AT_ONCE = 500
"""Names of rows in one query; SQLite takes a limited number of them."""


@dataclass(frozen=True)
class Brought:
    """A timetable that comes into the store.

    Attributes
    ----------
    school : str
        Key of its school; ``""`` for the audiences of the region.
    sessions, windows : int
        How many rows it has.
    first_minute, last_minute : int
        From the earliest usual start to the latest usual end, in minutes of the day.
    digest : bytes
        SHA-256 of the content before it was packed.
    packed : bytes
    """

    school: str
    sessions: int
    windows: int
    first_minute: int
    last_minute: int
    digest: bytes
    packed: bytes


class TimetableRepository(Repository):
    """The timetables of the schools in the scope."""

    def content(self, region: str, school: str, timetable_id: int | None = None) -> bytes | None:
        """Give the content of a school's version in force, or of the version named; None where none is in force.

        Raises
        ------
        NotThere
            There is no such school or version, or the content was erased.
        """
        row = self.school_row(region, school)
        wanted = row.timetable_id if timetable_id is None else timetable_id
        if wanted is None:
            return None
        query = select(timetables.c.content).where(timetables.c.id == wanted, timetables.c.school_id == row.id)
        packed = self.connection.execute(query).scalar()
        if packed is None:
            raise NotThere(T("the school “{key}” has no such version of its timetable, or it was erased", key=school))
        return unpack_bytes(packed)

    def in_force(self, region_id: int) -> list[tuple[str, int]]:
        """List the schools of a region that have a timetable in force, with its version's id.

        By position, and the audiences of the region, whose key is empty, last; schools that left are left out.
        """
        listed = schools.c.left_at.is_(None), schools.c.timetable_id.is_not(None)
        query = (
            select(schools.c.key, schools.c.timetable_id)
            .where(schools.c.region_id == region_id, *listed, in_schools(self.scope))
            .order_by(schools.c.key == "", schools.c.position)
        )
        return [(row.key, row.timetable_id) for row in self.connection.execute(query)]

    def with_windows(self, region_id: int) -> list[tuple[str, int]]:
        """List those of :meth:`in_force` that have access windows, in any order."""
        joined = schools.join(timetables, timetables.c.id == schools.c.timetable_id)
        query = select(schools.c.key, timetables.c.id).select_from(joined)
        query = query.where(schools.c.region_id == region_id, timetables.c.windows > 0, in_schools(self.scope))
        return [(row.key, row.id) for row in self.connection.execute(query)]

    def packed(self, ids: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Give the contents of versions, as they are packed, by id, in any order.

        Raises
        ------
        NotThere
            One of them is not there, or its content was erased.
        """
        for some in _in_parts(list(ids)):
            query = (
                self._with_school(timetables.c.id, timetables.c.content)
                .where(timetables.c.id.in_(some), timetables.c.content.is_not(None))
                .order_by(timetables.c.id)
            )
            rows = self.connection.execute(query).all()
            if len(rows) < len(set(some)):
                raise NotThere(T("a timetable of those that were asked for was erased"))
            yield from ((row.id, row.content) for row in rows)

    def wishes(self, region_id: int) -> list[dict[str, Any]]:
        """List what the schools of a region lock and wish, in the order in which it was stated."""
        columns = (wishes.c.kind, wishes.c.of_what, wishes.c.name, wishes.c.minute, wishes.c.note)
        query = (
            select(schools.c.key.label("school"), *columns)
            .select_from(wishes.join(schools, schools.c.id == wishes.c.school_id))
            .where(schools.c.region_id == region_id, schools.c.left_at.is_(None), in_schools(self.scope))
            .order_by(wishes.c.id)
        )
        return [dict(row._mapping) for row in self.connection.execute(query)]

    def _with_school(self, *columns: Any) -> Select[Any]:
        joined = timetables.join(schools, schools.c.id == timetables.c.school_id)
        return select(*columns).select_from(joined).where(in_schools(self.scope))

    def lock_schools(self, region_id: int) -> None:
        """Hold all schools of a region against other writers; the region is held already."""
        if self.work.on_postgresql:
            query = select(schools.c.id).where(schools.c.region_id == region_id).order_by(schools.c.id)
            self.connection.execute(query.with_for_update()).all()

    def bring(self, region_id: int, brought: Iterable[Brought], source: str, person_id: int | None) -> int:
        """Put timetables in force, each as a new version unless it equals the one in force; give how many are new.

        Schools that `brought` does not name keep theirs.

        Raises
        ------
        KeyError
            A school is not in the region.
        """
        all_brought = list(brought)
        state = {row.key: row for row in self._state(region_id, [one.school for one in all_brought])}
        new = [(state[one.school].id, one) for one in all_brought if state[one.school].digest != one.digest]
        last = self._last_numbers([school_id for school_id, _ in new])
        rows = [
            {
                "school_id": school_id,
                "number": last.get(school_id, 0) + 1,
                "brought_at": self.work.now,
                "brought_by": person_id,
                "source": source,
                "sessions": one.sessions,
                "windows": one.windows,
                "first_minute": one.first_minute,
                "last_minute": one.last_minute,
                "digest": one.digest,
                "content": one.packed,
            }
            for school_id, one in new
        ]
        for some in _in_parts(rows):
            self.connection.execute(insert(timetables), some)
        self._put_latest_in_force([school_id for school_id, _ in new])
        return len(new)

    def take_away(self, region_id: int, kept: Iterable[str]) -> int:
        """Leave the schools of a region that are not named without a timetable in force; give how many had one."""
        named = set(kept)
        mine = schools.c.region_id == region_id, schools.c.timetable_id.is_not(None)
        rows = self.connection.execute(select(schools.c.id, schools.c.key).where(*mine)).all()
        gone = [row.id for row in rows if row.key not in named]
        for some in _in_parts(gone):
            self.connection.execute(update(schools).where(schools.c.id.in_(some)).values(timetable_id=None))
        return len(gone)

    def _state(self, region_id: int, keys: list[str]) -> Iterator[Row[Any, Any, Any]]:
        joined = schools.outerjoin(timetables, timetables.c.id == schools.c.timetable_id)
        query = select(schools.c.id, schools.c.key, timetables.c.digest).select_from(joined)
        for some in _in_parts(keys):
            yield from self.connection.execute(query.where(schools.c.region_id == region_id, schools.c.key.in_(some)))

    def _last_numbers(self, school_ids: list[int]) -> dict[int, int]:
        last: dict[int, int] = {}
        for some in _in_parts(school_ids):
            query = select(timetables.c.school_id, func.max(timetables.c.number).label("last"))
            query = query.where(timetables.c.school_id.in_(some)).group_by(timetables.c.school_id)
            last |= {row.school_id: row.last for row in self.connection.execute(query)}
        return last

    def _put_latest_in_force(self, school_ids: list[int]) -> None:
        latest = (
            select(timetables.c.id)
            .where(timetables.c.school_id == schools.c.id)
            .order_by(timetables.c.number.desc())
            .limit(1)
            .scalar_subquery()
        )
        for some in _in_parts(school_ids):
            self.connection.execute(update(schools).where(schools.c.id.in_(some)).values(timetable_id=latest))


def _in_parts(things: list[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(things), AT_ONCE):
        yield things[first : first + AT_ONCE]
