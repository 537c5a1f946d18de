"""Lists of regions and schools; the database searches, sorts and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, false, func, literal, select, text

from scheduler.domain.folding import folded_words
from scheduler.domain.listing import (
    NO_TIMETABLE,
    STATES,
    TIMETABLE,
    RegionEntry,
    SchoolEntry,
    SchoolPage,
    SchoolSearch,
)
from scheduler.errors import NotThere
from scheduler.store.region_rows import school_of
from scheduler.store.scoped import Repository, in_regions, in_schools
from scheduler.store.tables.regions import regions, schools
from scheduler.store.tables.runs import COUNTS, school_plans
from scheduler.store.tables.timetables import timetables
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row, Select

LISTED = (schools.c.key != "", schools.c.left_at.is_(None))


class ListingRepository(Repository):
    """Regions and schools in the scope, as lists show them."""

    def regions(self) -> tuple[RegionEntry, ...]:
        """List the regions that are in the scope as a whole, by name."""
        mine = select(regions).where(in_regions(self.scope)).order_by(regions.c.name, regions.c.key)
        joined = schools.outerjoin(timetables, timetables.c.id == schools.c.timetable_id)
        counts = (
            select(
                schools.c.region_id,
                func.count().label("schools"),
                func.count(schools.c.timetable_id).label("with_timetable"),
                func.coalesce(func.sum(timetables.c.sessions), 0).label("sessions"),
            )
            .select_from(joined)
            .where(*LISTED)
            .group_by(schools.c.region_id)
        )
        counted = {row.region_id: row[1:] for row in self.connection.execute(counts)}
        return tuple(
            RegionEntry(
                row.key,
                row.name,
                row.first_date,
                row.last_date,
                row.revision,
                *map(int, counted.get(row.id, (0, 0, 0))),
            )
            for row in self.connection.execute(mine)
        )

    def page(self, region: str, search: SchoolSearch) -> SchoolPage:
        """Give a page of the schools of a region that are in the scope.

        Raises
        ------
        NotThere
            Neither the region nor a school of it is in the scope.
        """
        conditions = [schools.c.region_id == self._region_id(region), in_schools(self.scope), *LISTED]
        conditions += _wanted(search)
        joined = schools.outerjoin(timetables, timetables.c.id == schools.c.timetable_id)
        total = self.connection.execute(select(func.count()).select_from(schools).where(*conditions)).scalar_one()
        ids = (
            select(schools.c.id)
            .select_from(joined)
            .where(*conditions)
            .order_by(*_order(search.sort, self.work.on_postgresql))
            .limit(search.size)
            .offset((search.page - 1) * search.size)
        )
        # What only the entries of the page need is not reckoned for all the others.
        found = self.entries(list(self.connection.execute(ids).scalars()))
        return SchoolPage(found, total, search.page, search.size)

    def states(self, region: str) -> dict[str, int]:
        """Count the schools of a region that are in the scope by state.

        Raises
        ------
        NotThere
        """
        mine = select(_state().label("state")).select_from(schools)
        mine = mine.where(schools.c.region_id == self._region_id(region), in_schools(self.scope), *LISTED)
        states = mine.subquery()
        query = select(states.c.state, func.count()).group_by(states.c.state)
        found = {state: count for state, count in self.connection.execute(query)}
        return {state: found.get(state, 0) for state in STATES}

    def entry(self, region: str, school: str) -> SchoolEntry:
        """Give one school; ``""`` for the audiences of the region.

        Raises
        ------
        NotThere
        """
        return self.entries([self.school_row(region, school).id])[0]

    def entries(self, ids: Sequence[int]) -> tuple[SchoolEntry, ...]:
        """Give the schools of these ids that are in the scope, in their order."""
        query = (
            select(
                schools,
                _state().label("state"),
                timetables.c.number,
                timetables.c.brought_at,
                timetables.c.source,
                timetables.c.sessions,
                timetables.c.windows,
            )
            .select_from(schools.outerjoin(timetables, timetables.c.id == schools.c.timetable_id))
            .where(schools.c.id.in_(ids), in_schools(self.scope))
        )
        found = {row.id: _entry(row) for row in self.connection.execute(query)}
        return tuple(found[school_id] for school_id in ids if school_id in found)

    def _region_id(self, key: str) -> int:
        region = select(regions.c.id).where(regions.c.key == key)
        whole = self.connection.execute(region.where(in_regions(self.scope))).scalar()
        if whole is not None:
            return int(whole)
        part = self.connection.execute(
            self.schools().with_only_columns(schools.c.region_id).where(regions.c.key == key).limit(1)
        ).scalar()
        if part is None:
            raise NotThere(T("there is no region “{key}”", key=key))
        return int(part)


def _entry(row: Row[Any]) -> SchoolEntry:
    return SchoolEntry(
        school=school_of(row),
        state=row.state,
        version=row.number,
        brought_at=row.brought_at,
        source=row.source or "",
        sessions=row.sessions or 0,
        windows=row.windows or 0,
        left_at=row.left_at,
    )


def _state() -> ColumnElement[str]:
    """Say how far a school is: its latest plan that is not refused or replaced tells, if it has a timetable."""
    latest: Select[Any] = (
        select(school_plans.c.state)
        .where(school_plans.c.school_id == schools.c.id)
        .where(text(f"school_plans.{COUNTS}"))  # in the words of the index, which only then can serve it
        .order_by(school_plans.c.id.desc())
        .limit(1)
    )
    planned = func.coalesce(latest.correlate(schools).scalar_subquery(), literal(TIMETABLE))
    return case((schools.c.timetable_id.is_(None), literal(NO_TIMETABLE)), else_=planned)


def _wanted(search: SchoolSearch) -> list[ColumnElement[bool]]:
    words = [folded_words(word) for word in search.words.split()]
    # A word of nothing but signs is in no name.
    found: list[ColumnElement[bool]] = [schools.c.words.contains(word) if word else false() for word in words]
    if search.level is not None:
        found.append(schools.c.level == search.level)
    if search.academy is not None:
        found.append(schools.c.academy == search.academy)
    if search.state is not None:
        found.append(_state() == search.state)
    return found


def _order(sort: str, on_postgresql: bool) -> list[Any]:
    def bytewise(column: ColumnElement[str]) -> ColumnElement[Any]:
        # SQLite does so by itself; PostgreSQL would sort by the server's language.
        return column.collate("C") if on_postgresql else column

    columns: dict[str, ColumnElement[Any]] = {
        "name": schools.c.words,
        "school": bytewise(schools.c.key),
        "level": bytewise(schools.c.level),
        "academy": bytewise(schools.c.academy),
        "pupils": schools.c.pupils,
        "sessions": timetables.c.sessions,
    }
    name = sort.removeprefix("-")
    if name == "state":
        columns[name] = case({state: place for place, state in enumerate(STATES)}, value=_state())
    column = columns[name].desc() if sort.startswith("-") else columns[name].asc()
    return [column.nulls_last(), schools.c.words, bytewise(schools.c.key)]
