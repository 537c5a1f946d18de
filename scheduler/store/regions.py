"""What regions say of themselves: settings, platforms, capacities, usage, calendar, and the list of their schools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.domain.calendar import Calendar
from scheduler.domain.region import Region
from scheduler.domain.timetable import no_activities
from scheduler.store.region_rows import (
    capacity_of,
    capacity_values,
    closure_of,
    closure_values,
    grid_of,
    period_of,
    period_values,
    platform_of,
    platform_values,
    policy_of,
    region_values,
    school_of,
    school_values,
    usage_of,
    usage_values,
    week_of,
    week_values,
)
from scheduler.store.scoped import Repository
from scheduler.store.tables.regions import (
    capacity_entries,
    closures,
    periods,
    platforms,
    regions,
    schools,
    usage_rows,
    weeks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Row, Table

    from scheduler.domain.places import School

V = TypeVar("V")


@dataclass(frozen=True)
class SchoolChanges:
    """How many schools came, how many changed in what the region says of them, and the ids of those that left."""

    new: int
    changed: int
    gone: tuple[int, ...]


class RegionRepository(Repository):
    """Regions without their activities."""

    def head(self, key: str, *, with_schools: bool = True) -> Region:
        """Give a region with all its schools, or none, and no activities.

        Raises
        ------
        NotThere
        """
        row = self.region_row(key)
        listed = schools.c.key != "", schools.c.left_at.is_(None)
        return self._region(row, self._listed(schools, row.id, school_of, *listed) if with_schools else ())

    def head_for(self, key: str, school: str) -> Region:
        """Give a region with one of its schools, what concerns that one, and no activities.

        Parameters
        ----------
        key : str
            The region's.
        school : str
            The school's; ``""`` for the audiences of the region, which then has no school.

        Raises
        ------
        NotThere
        """
        row = self.school_row(key, school)
        region = self.connection.execute(select(regions).where(regions.c.id == row.region_id)).one()
        return self._region(region, (school_of(row),) if school else (), only=school)

    def _region(self, row: Row[Any], its_schools: tuple[School, ...], only: str | None = None) -> Region:
        def concerns(table: Table) -> tuple[ColumnElement[bool], ...]:
            return () if only is None else (table.c.school.in_(["", only]),)

        calendar = Calendar(
            self._listed(periods, row.id, period_of) if row.has_periods else None,
            self._listed(closures, row.id, closure_of, *concerns(closures)),
            self._listed(weeks, row.id, week_of, *concerns(weeks)),
        )
        return Region(
            name=row.name,
            grid=grid_of(row),
            policy=policy_of(row.policy),
            platforms=self._listed(platforms, row.id, platform_of),
            schools=its_schools,
            capacities=self._listed(capacity_entries, row.id, capacity_of),
            usage=self._listed(usage_rows, row.id, usage_of),
            calendar=calendar,
            activities=no_activities(its_schools),
        )

    def _listed(
        self, table: Table, region_id: int, of: Callable[[Row[Any]], V], *conditions: ColumnElement[bool]
    ) -> tuple[V, ...]:
        query = select(table).where(table.c.region_id == region_id, *conditions).order_by(table.c.position)
        return tuple(map(of, self.connection.execute(query)))

    def begin(self, key: str, region: Region) -> bool:
        """Make a region without platforms and schools, unless one of that key is there; tell whether it was made."""
        values = region_values(region) | {"key": key, "created_at": self.work.now}
        insert_once = postgresql.insert if self.work.on_postgresql else sqlite.insert
        made = insert_once(regions).values(values).on_conflict_do_nothing(index_elements=["key"])
        return self.connection.execute(made).rowcount == 1

    def replace(self, region_id: int, former: Region, region: Region, person_id: int | None) -> tuple[str, ...]:
        """Put everything but schools and timetables in the place of what was; what is equal is not touched.

        Parameters
        ----------
        region_id : int
        former, region : Region
            As the store has it, and as it is to be.
        person_id : int or None
            Who enters the capacities.

        Returns
        -------
        tuple of str
            What differed: ``settings`` and names of files.
        """
        entered = {"entered_at": self.work.now, "entered_by": person_id}
        differing = []
        if region_values(former) != region_values(region):
            differing.append("settings")
            self.connection.execute(update(regions).where(regions.c.id == region_id).values(region_values(region)))
        old, new = dict(_tables(former)), dict(_tables(region))
        for name, table in TABLES.items():
            if old[name] != new[name]:
                differing.append(name)
                more = entered if table is capacity_entries else {}
                self._replace_rows(table, region_id, [row | more for row in new[name]])
        return tuple(differing)

    def _replace_rows(self, table: Table, region_id: int, rows: Iterable[dict[str, Any]]) -> None:
        self.connection.execute(delete(table).where(table.c.region_id == region_id))
        placed = [row | {"region_id": region_id, "position": position} for position, row in enumerate(rows)]
        if placed:
            self.connection.execute(insert(table), placed)

    def list_schools_anew(self, region_id: int, wanted: Sequence[School], *, audiences: bool) -> SchoolChanges:
        """Make these the schools of a region, in this order.

        A school that they lack stays, with all that belongs to it, but is marked as having left and has no timetable
        in force any more; one that comes back is the same school again.

        Parameters
        ----------
        region_id : int
        wanted : sequence of School
        audiences : bool
            The region has audiences of its own: they get a row too, if they have none.
        """
        rows = self.connection.execute(select(schools).where(schools.c.region_id == region_id))
        found = {row.key: row for row in rows}
        new, changed = [], []
        for position, school in enumerate(wanted):
            values = school_values(school) | {"position": position, "left_at": None}
            row = found.pop(school.key, None)
            if row is None:
                new.append(values | {"region_id": region_id})
            elif any(getattr(row, name) != value for name, value in values.items()):
                changed.append(values | {"its_id": row.id})
        if audiences and "" not in found:
            new.append(_AUDIENCES | {"region_id": region_id, "position": len(wanted)})
        gone = [{"its_id": row.id} for key, row in found.items() if key and row.left_at is None]
        by_id = update(schools).where(schools.c.id == bindparam("its_id"))
        if new:
            self.connection.execute(insert(schools), new)
        if changed:
            values = {name: bindparam(name) for name in changed[0] if name != "its_id"}
            self.connection.execute(by_id.values(values), changed)
        if gone:
            self.connection.execute(by_id.values(left_at=self.work.now, timetable_id=None), gone)
        return SchoolChanges(len(new), len(changed), tuple(one["its_id"] for one in gone))

    def grow(self, region_id: int) -> int:
        """Count one more change of a region's input; give its new revision."""
        grown = update(regions).where(regions.c.id == region_id).values(revision=regions.c.revision + 1)
        self.connection.execute(grown)
        return int(self.connection.execute(select(regions.c.revision).where(regions.c.id == region_id)).scalar_one())


_AUDIENCES = {"key": "", "name": "", "level": "", "academy": "", "pupils": None, "words": "", "left_at": None}

TABLES = {
    "platforms.csv": platforms,
    "capacity.csv": capacity_entries,
    "usage.csv": usage_rows,
    "periods.csv": periods,
    "closures.csv": closures,
    "weeks.csv": weeks,
}


def _tables(region: Region) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Give the rows of the small tables by the names of their files."""
    calendar = region.calendar
    yield "platforms.csv", [*map(platform_values, region.platforms)]
    yield "capacity.csv", [*map(capacity_values, region.capacities)]
    yield "usage.csv", [*map(usage_values, region.usage)]
    yield "periods.csv", [*map(period_values, calendar.periods or ())]
    yield "closures.csv", [*map(closure_values, calendar.closures)]
    yield "weeks.csv", [*map(week_values, calendar.weeks)]
