"""The versions of one school's timetable: there is no way here to change or delete one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select, update

from scheduler.domain.versions import PlanOfVersion, TimetableVersion
from scheduler.errors import NotThere
from scheduler.store.scoped import Repository
from scheduler.store.tables.people import people
from scheduler.store.tables.regions import schools
from scheduler.store.tables.runs import school_plans
from scheduler.store.tables.timetables import timetables
from scheduler.wording import T

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

ALIVE = ("proposed", "accepted", "published")
"""States of plans that somebody may still use."""


class VersionRepository(Repository):
    """Versions of the timetables of the schools in the scope."""

    def of_school(self, region: str, school: str) -> tuple[TimetableVersion, ...]:
        """List a school's versions, the latest first.

        Raises
        ------
        NotThere
        """
        school_id = self.school_row(region, school).id
        query = _versions().where(timetables.c.school_id == school_id).order_by(timetables.c.number.desc())
        return tuple(map(_version, self.connection.execute(query)))

    def numbered(self, region: str, school: str, number: int) -> TimetableVersion:
        """Find a school's version by its number.

        Raises
        ------
        NotThere
        """
        mine = timetables.c.school_id == self.school_row(region, school).id, timetables.c.number == number
        row = self.connection.execute(_versions().where(*mine)).first()
        if row is None:
            raise NotThere(T("the timetable of the school “{school}” has no version {number}",
                             school=school, number=number))  # fmt: skip
        return _version(row)

    def put_in_force(self, school_id: int, number: int) -> None:
        """Let another version of a school count; the school is held already."""
        version = (
            select(timetables.c.id)
            .where(timetables.c.school_id == school_id, timetables.c.number == number)
            .scalar_subquery()
        )
        self.connection.execute(update(schools).where(schools.c.id == school_id).values(timetable_id=version))

    def outside_day(self, region_id: int, first: int, last: int, most: int) -> list[str]:
        """List schools of a region whose timetable in force begins before a minute of the day or ends after another.

        Parameters
        ----------
        region_id : int
        first, last : int
        most : int
            So many at most, by their keys.
        """
        joined = schools.join(timetables, timetables.c.id == schools.c.timetable_id)
        beyond = or_(timetables.c.first_minute < first, timetables.c.last_minute > last)
        query = select(schools.c.key).select_from(joined).where(schools.c.region_id == region_id, beyond)
        return list(self.connection.execute(query.order_by(schools.c.key).limit(most)).scalars())

    def plans_of_others(self, region: str, school: str) -> tuple[PlanOfVersion, ...]:
        """List the plans of a school that were made from another version than the one in force, the latest first.

        Raises
        ------
        NotThere
        """
        row = self.school_row(region, school)
        joined = school_plans.join(timetables, timetables.c.id == school_plans.c.timetable_id)
        query = (
            select(school_plans.c.id, school_plans.c.state, timetables.c.number)
            .select_from(joined)
            .where(
                school_plans.c.school_id == row.id,
                school_plans.c.state.in_(ALIVE),
                school_plans.c.timetable_id.is_distinct_from(row.timetable_id),
            )
            .order_by(school_plans.c.id.desc())
        )
        return tuple(PlanOfVersion(plan.id, plan.state, plan.number) for plan in self.connection.execute(query))


def _versions() -> Select[Any]:
    joined = timetables.join(schools, schools.c.id == timetables.c.school_id)
    joined = joined.outerjoin(people, people.c.id == timetables.c.brought_by)
    told = (column for column in timetables.c if column is not timetables.c.content)
    in_force = (schools.c.timetable_id == timetables.c.id).label("in_force")
    erased = timetables.c.content.is_(None).label("erased")
    return select(*told, people.c.email, in_force, erased).select_from(joined)


def _version(row: Row[Any]) -> TimetableVersion:
    return TimetableVersion(
        id=row.id,
        number=row.number,
        brought_at=row.brought_at,
        brought_by=row.email or "",
        source=row.source,
        sessions=row.sessions,
        windows=row.windows,
        in_force=bool(row.in_force),
        erased=bool(row.erased),
    )
