"""Schools in the store with plans that were accepted, for the tests of publications."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from region_files import edited, write_region
from sqlalchemy import insert, select

from scheduler.domain.people import EVERYTHING, service_actor
from scheduler.domain.plan import Plan, usual_plan
from scheduler.service.kept_regions import one_school
from scheduler.service.regions import import_region
from scheduler.store.school_plans import pack_plan
from scheduler.store.scoped import Repository
from scheduler.store.tables.runs import school_plans

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scheduler.store import Store

REGION, COLLEGE, LYCEE = "little", "0670001A", "0670002B"
FIRST, LAST = dt.date(2021, 4, 6), dt.date(2021, 4, 9)
WEEK = dt.timedelta(days=7)
ACTOR = service_actor("test")
NOW = dt.datetime(2021, 4, 2, 18, 0, tzinfo=dt.UTC)


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self, at: dt.datetime = NOW):
        self.at = at

    def __call__(self) -> dt.datetime:
        return self.at

    def turn(self, **by: float) -> None:
        """Turn it, on or back: `by` as for timedelta."""
        self.at += dt.timedelta(**by)


def keep_region(store: Store, folder: Path) -> None:
    """Bring the little region (region_files), whose horizon is four weeks long here, into the store."""
    longer = edited("region.toml", "2021-04-09", "2021-05-07")
    import_region(store, ACTOR, write_region(folder / "region", longer), REGION)


def accept(
    store: Store,
    school: str = COLLEGE,
    *,
    shift: int = 0,
    without: Iterable[str] = (),
    first_date: dt.date = FIRST,
    last_date: dt.date = LAST,
) -> int:
    """Let a school have accepted its usual plan, with every activity moved by `shift` minutes and some left out."""
    with store.write() as work:
        row = Repository(work, EVERYTHING).school_row(REGION, school)
        region = one_school(work, EVERYTHING, REGION, school, row.timetable_id, horizon=(first_date, last_date))
        plan = usual_plan(region)
        keep = ~np.isin([region.activities.key_of(place) for place in plan.row.tolist()], list(without))
        start = (plan.start[keep] + shift).astype(np.int16)
        placed = Plan(plan.row[keep], plan.day[keep], start, plan.alternative[keep])
        values = {
            "school_id": row.id,
            "timetable_id": row.timetable_id,
            "state": "accepted",
            "made_at": work.now,
            "accepted_at": work.now,
            "first_date": first_date,
            "last_date": last_date,
            "activities": int(keep.sum()),
            "moved": 0,
            "shift_minutes": 0,
            "placements": pack_plan(placed),
        }
        added: int = work.connection.execute(
            insert(school_plans).values(values).returning(school_plans.c.id)
        ).scalar_one()
        return added


def state_of(store: Store, plan_id: int) -> str:
    """Give the state of a plan."""
    with store.read() as work:
        state: str = work.connection.execute(
            select(school_plans.c.state).where(school_plans.c.id == plan_id)
        ).scalar_one()
        return state
