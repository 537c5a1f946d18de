"""Small regions and runs to show: built by hand, so that pages are tested without files and without the optimizer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from scheduler.domain.calendar import Calendar
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.grid import Grid
from scheduler.domain.load import DayFigures, figures
from scheduler.domain.outcome import DayProof, Outcome
from scheduler.domain.places import Platform, Policy, School
from scheduler.domain.plan import Plan, usual_plan
from scheduler.domain.region import Region
from scheduler.domain.timetable import UNBOUNDED, Activities, Alternative, Vocabularies
from scheduler.domain.usage import Moment, UsageRow

TUESDAY = dt.date(2021, 4, 6)
ENT = Platform("ent", "ENT Mon bureau numérique", "ent")
BASE = CapacityEntry("ent", "connections", None, None, "base", 400.0)


def activities(schools: tuple[School, ...], starts: list[list[int]], heads: int = 100) -> Activities:
    """Give sessions of 55 minutes on the ENT: for each school, one at each of its `starts`, Tuesday and Wednesday."""
    rows = [(at, day, start) for at, mine in enumerate(starts) for day in (1, 2) for start in mine]
    school, weekday, start = (np.array(column) for column in zip(*rows, strict=True))
    count = len(rows)
    words = Vocabularies(
        keys=tuple(f"s{row}" for row in range(count)),
        groups=((),),
        teachers=((),),
        rooms=("",),
        subjects=("",),
        audiences=("",),
        links=("",),
        alternatives=((Alternative(("ent",), "live", "ent"),),),
    )
    zeros = np.zeros(count, dtype=np.int32)
    return Activities(
        schools=schools,
        words=words,
        school=school.astype(np.int32),
        window=zeros.astype(bool),
        weekday=weekday.astype(np.int8),
        date=zeros,
        week=zeros.astype(np.int8),
        start=start.astype(np.int16),
        minutes=np.full(count, 55, dtype=np.int16),
        earliest=np.full(count, UNBOUNDED, dtype=np.int16),
        latest=np.full(count, UNBOUNDED, dtype=np.int16),
        locked=zeros.astype(bool),
        heads=np.full(count, heads, dtype=np.int32),
        weight=np.ones(count),
        key=np.arange(count, dtype=np.int32),
        alternatives=zeros,
        groups=zeros,
        teachers=zeros,
        room=zeros,
        subject=zeros,
        audience=zeros,
        link=zeros,
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
        activities=activities(places, [[8 * 60, 9 * 60]] * schools),
    )


def staggered(place: Region, minutes: int = 60) -> Plan:
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
