"""What a run gives each school, read without the plans themselves."""

from __future__ import annotations

from sqlalchemy import Float, cast, func, select

from scheduler.domain.run_schools import RunSchool, RunSchools
from scheduler.store.scoped import Repository, in_schools
from scheduler.store.tables.regions import schools
from scheduler.store.tables.runs import school_plans


class RunSchoolRepository(Repository):
    """The plans that a run made for the schools in a scope."""

    def of_run(self, run_id: int, *, most: int = 20, after: int = 0) -> RunSchools:
        """List schools by how much they move on average, the worst first.

        Parameters
        ----------
        run_id : int
            Of a run that was found in the scope.
        most, after : int
            So many at most, after leaving out so many.
        """
        joined = school_plans.join(schools, schools.c.id == school_plans.c.school_id)
        mine = school_plans.c.run_id == run_id, in_schools(self.scope)
        counts = select(func.count(), func.count().filter(school_plans.c.moved > 0)).select_from(joined).where(*mine)
        total, moving = self.connection.execute(counts).one()
        columns = [school_plans.c[name] for name in ("state", "activities", "moved", "shift_minutes")]
        current = (school_plans.c.timetable_id == schools.c.timetable_id).label("in_force")
        mean = cast(school_plans.c.shift_minutes, Float) / func.nullif(school_plans.c.activities, 0)
        query = select(schools.c.key, schools.c.name, *columns, current).select_from(joined).where(*mine)
        rows = self.connection.execute(
            query.order_by(mean.desc().nulls_last(), schools.c.key).limit(most).offset(after)
        )
        entries = tuple(
            RunSchool(
                school=row.key,
                name=row.name if row.key else "",
                state=row.state,
                activities=row.activities,
                moved=row.moved,
                shift_minutes=row.shift_minutes,
                current=bool(row.in_force),
            )
            for row in rows
        )
        return RunSchools(entries, total, moving)

    def states_of_run(self, run_id: int) -> dict[str, int]:
        """Count the plans of a run by state."""
        joined = school_plans.join(schools, schools.c.id == school_plans.c.school_id)
        mine = school_plans.c.run_id == run_id, in_schools(self.scope)
        query = select(school_plans.c.state, func.count()).select_from(joined).where(*mine)
        return {state: count for state, count in self.connection.execute(query.group_by(school_plans.c.state))}
