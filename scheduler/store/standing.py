"""Which plans people go by on some dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from scheduler.store.school_plans import IN_FORCE, unpack_plan
from scheduler.store.scoped import Repository
from scheduler.store.tables.regions import schools
from scheduler.store.tables.runs import school_plans

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from scheduler.domain.plan import Plan

AT_ONCE = 500


class Placed(NamedTuple):
    """The placements of a plan, counted from its first date."""

    plan_id: int
    first_date: dt.date
    placements: Plan


class StandingPlans(Repository):
    """The plans in force of the regions in the scope."""

    def on(self, region: str, dates: Sequence[dt.date]) -> dict[str, dict[int, list[dt.date]]]:
        """Say by which plans a region's schools go on some dates: the one last published, else the one accepted.

        Plans for another timetable than the one in force are left out: their rows are not the school's any more.

        Returns
        -------
        dict
            Key of the school (``""``: the region's audiences) -> number of the plan -> dates.

        Raises
        ------
        NotThere
        """
        region_id = self.region_row(region).id
        plans = school_plans.c
        query = (
            select(schools.c.key, plans.id, plans.first_date, plans.last_date)
            .select_from(school_plans.join(schools, schools.c.id == plans.school_id))
            .where(schools.c.region_id == region_id, schools.c.left_at.is_(None), IN_FORCE)
            .where(plans.timetable_id == schools.c.timetable_id, plans.placements.is_not(None))
            .where(plans.first_date <= dates[-1], plans.last_date >= dates[0])
            .order_by(schools.c.position, schools.c.id, plans.published_at.asc().nulls_first(), plans.id)
        )
        by_date: dict[str, dict[dt.date, int]] = {}
        for row in self.connection.execute(query):
            # The last one published comes last, and is what calendars show.
            mine = by_date.setdefault(row.key, {})
            mine.update({date: row.id for date in dates if row.first_date <= date <= row.last_date})
        found: dict[str, dict[int, list[dt.date]]] = {}
        for school, chosen in by_date.items():
            for date, plan_id in chosen.items():
                found.setdefault(school, {}).setdefault(plan_id, []).append(date)
        return found

    def placed(self, plan_ids: Sequence[int]) -> Iterator[Placed]:
        """Give the placements of plans that were found in the scope."""
        for begin in range(0, len(plan_ids), AT_ONCE):
            some = list(plan_ids[begin : begin + AT_ONCE])
            query = select(school_plans.c.id, school_plans.c.first_date, school_plans.c.placements)
            for row in self.connection.execute(query.where(school_plans.c.id.in_(some))):
                if row.placements is not None:
                    yield Placed(row.id, row.first_date, unpack_plan(row.placements))
