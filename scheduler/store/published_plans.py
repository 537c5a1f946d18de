"""School plans on their way to publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select, update

from scheduler.domain.school_plans import ACCEPTED, PUBLISHED, REPLACED
from scheduler.store.scoped import Repository, in_schools
from scheduler.store.tables.publications import publications
from scheduler.store.tables.regions import regions, schools
from scheduler.store.tables.runs import school_plans

if TYPE_CHECKING:
    import datetime as dt


class PublishedPlans(Repository):
    """Which plans of the schools in the scope are published; all else of a plan is told by `SchoolPlans`."""

    def hold(self, plan_id: int) -> str | None:
        """Give the state of a plan, which nobody else changes until the work ends; None: there is no such plan."""
        query = select(school_plans.c.state).where(school_plans.c.id == plan_id)
        return self.connection.execute(query.with_for_update()).scalar()

    def timetable_in_force(self, school_id: int) -> int | None:
        """Give the id of the version of a school's timetable that is in force."""
        return self.connection.execute(select(schools.c.timetable_id).where(schools.c.id == school_id)).scalar()

    def shows_others(self, school_id: int, plan_id: int | None, first_date: dt.date, last_date: dt.date) -> bool:
        """Tell whether other plans of a school were published for some of these dates, both ends included."""
        others = and_(
            school_plans.c.school_id == school_id,
            school_plans.c.id != plan_id,
            school_plans.c.published_at.is_not(None),
            school_plans.c.first_date <= last_date,
            school_plans.c.last_date >= first_date,
        )
        return self.connection.execute(select(school_plans.c.id).where(others).limit(1)).first() is not None

    def show_as_of(self, school_id: int, number: int) -> tuple[dt.date, dt.date] | None:
        """Let those plans count as published that the calendars of a school showed as of the publication `number`.

        Returns
        -------
        (date, date) or None
            First and last date of the plans that come or go; None: it is the same ones.
        """
        shown = self._shown(school_id, number)
        mine = school_plans.c.school_id == school_id
        columns = school_plans.c.id, school_plans.c.published_at, school_plans.c.first_date, school_plans.c.last_date
        rows = self.connection.execute(select(*columns).where(mine)).all()
        changed = [row for row in rows if (row.published_at is not None) != (row.id in shown)]
        gone = [row.id for row in changed if row.id not in shown]
        self.connection.execute(update(school_plans).where(school_plans.c.id.in_(gone)).values(published_at=None))
        # Their order counts where they speak of the same dates, also when one was published again in between.
        for plan_id, at in shown.items():
            self.connection.execute(update(school_plans).where(school_plans.c.id == plan_id).values(published_at=at))
        if not changed:
            return None
        return min(row.first_date for row in changed), max(row.last_date for row in changed)

    def _shown(self, school_id: int, number: int) -> dict[int, dt.datetime]:
        """List the plans that a publication of a school left in its calendars, with the times they got there.

        A plan is accepted and published once; a later publication of it is a return to what stood then. So what lies
        under a plan, on dates that it does not speak of, is what was there before it was published first.
        """
        table = publications.c
        query = select(table.number, table.school_plan_id, table.published_at).where(table.school_id == school_id)
        rows = {row.number: row for row in self.connection.execute(query.where(table.number <= number))}
        first: dict[int, int] = {}
        for earlier in sorted(rows):
            first.setdefault(rows[earlier].school_plan_id, earlier)
        shown = {}
        while number in rows:
            number = first[rows[number].school_plan_id]
            shown[rows[number].school_plan_id] = rows[number].published_at
            number -= 1
        return shown

    def publish(self, school_id: int, plan_id: int, at: dt.datetime) -> None:
        """Let a plan be the published one; whatever was published before is replaced."""
        mine = school_plans.c.school_id == school_id
        former = mine & (school_plans.c.state == PUBLISHED) & (school_plans.c.id != plan_id)
        self.connection.execute(update(school_plans).where(former).values(state=REPLACED))
        this = mine & (school_plans.c.id == plan_id)
        self.connection.execute(update(school_plans).where(this).values(state=PUBLISHED, published_at=at))

    def waiting(self, region_id: int) -> list[tuple[str, int]]:
        """List the accepted plans of a region's schools in the scope: key of the school, number of the plan.

        By school in the region's order, then in the order in which they were accepted: where two speak of the same
        dates, what the school wanted last is what calendars show in the end.
        """
        joined = school_plans.join(schools, schools.c.id == school_plans.c.school_id)
        joined = joined.join(regions, regions.c.id == schools.c.region_id)
        query = (
            select(schools.c.key, school_plans.c.id)
            .select_from(joined)
            .where(schools.c.region_id == region_id, school_plans.c.state == ACCEPTED, in_schools(self.scope))
            .order_by(schools.c.position, schools.c.id, school_plans.c.accepted_at, school_plans.c.id)
        )
        return [(row.key, row.id) for row in self.connection.execute(query)]
