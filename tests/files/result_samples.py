"""Small regions and runs to show: built by hand, so that pages are tested without files and without the optimizer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from builders import activities_of, session

from scheduler.domain.calendar import Calendar
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.grid import Grid
from scheduler.domain.load import DayFigures, figures
from scheduler.domain.outcome import DayProof, Outcome
from scheduler.domain.places import Platform, Policy, School
from scheduler.domain.plan import Plan, usual_plan
from scheduler.domain.region import Region
from scheduler.domain.usage import Moment, UsageRow

if TYPE_CHECKING:
    from scheduler.domain.timetable import Activities

TUESDAY = dt.date(2021, 4, 6)
ENT = Platform("ent", "ENT Mon bureau numérique", "ent")
BASE = CapacityEntry("ent", "connections", None, None, "base", 400.0)


def activities(schools: tuple[School, ...], starts: tuple[str, ...]) -> Activities:
    """Give sessions of 55 minutes and 100 heads on the ENT: each school at each start, Tuesday and Wednesday."""
    return activities_of(
        (
            session(f"{school.key}-{day}-{start}", school=school.key, day=day, start=start, heads=100)
            for school in schools
            for day in ("TU", "WE")
            for start in starts
        ),
        schools,
    )


def region(
    capacities: tuple[CapacityEntry, ...] = (BASE,), platforms: tuple[Platform, ...] = (ENT,), schools: int = 6
) -> Region:
    """Give a region of a Tuesday and a Wednesday whose schools all start at 8:00 and 9:00, 100 heads each."""
    places = tuple(School(f"067000{at}A", f"Collège {at}") for at in range(schools))
    return Region(
        name="Grand Est",
        grid=Grid(7 * 60 + 30, 19 * 60, 5, "Europe/Paris", TUESDAY, TUESDAY + dt.timedelta(days=1)),
        policy=Policy(),
        platforms=platforms,
        schools=places,
        capacities=capacities,
        usage=(UsageRow("live", "ent", "connections", Moment(-5), Moment(0, from_end=True), 1.0),),
        calendar=Calendar(),
        activities=activities(places, ("08:00", "09:00")),
    )


def staggered(place: Region, minutes: int = 120) -> Plan:
    """Move every second school by so many minutes."""
    usual = usual_plan(place)
    moved = place.activities.school[usual.row] % 2 == 1
    return replace(usual, start=(usual.start + moved * minutes).astype(np.int16))


def outcome(place: Region, plan: Plan, found: tuple[DayFigures, ...], bound_share: float = 0.998) -> Outcome:
    """Give a run whose lower bound is a share of its objective and whose prices are 1 where the limit is reached."""
    proofs = tuple(
        DayProof(day.day, bound_share * day.cost.objective, (day.after >= 0.9 * day.limit).astype(float))
        for day in found
    )
    return Outcome(plan, proofs, "gap", 0)


def run(place: Region, plan: Plan | None = None) -> tuple[Outcome, tuple[DayFigures, ...]]:
    """Give a run of a region: its outcome and figures; without a plan nothing moves."""
    plan = usual_plan(place) if plan is None else plan
    found = figures(place, plan, usual_plan(place))
    return outcome(place, plan, found), found
