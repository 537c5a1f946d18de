"""What people go by on a broken day, kept with the run that plans its rest: so whoever takes it up plans the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.plan import Plan, joined
from scheduler.domain.problem import DayPlan, place_plan, take_plan
from scheduler.domain.reference import Reference
from scheduler.domain.rest_of_day import Cut, Rest, broken_schools, recentred
from scheduler.domain.school_rows import SchoolRows
from scheduler.service.outcomes import problems_of
from scheduler.store.packed import pack_document, unpack_document
from scheduler.store.standing import StandingPlans
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.people import Scope
    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region
    from scheduler.store import Work
    from scheduler.wording import Text

KEY = "rest_of_day"
"""In a frozen region: what stands, and from when on things may begin."""


def with_standing(work: Work, scope: Scope, region: str, frozen: bytes, cut: Cut, dates: Sequence[dt.date]) -> bytes:
    """Keep with a frozen region by which plans its schools go, and from when on things may begin."""
    standing = StandingPlans(work, scope).on(region, dates)
    plans = {
        school: {str(plan_id): [date.isoformat() for date in its] for plan_id, its in chosen.items()}
        for school, chosen in standing.items()
    }
    kept = {"date": cut.date.isoformat(), "minute": cut.minute, "plans": plans}
    return pack_document(unpack_document(frozen) | {KEY: kept})


@dataclass(frozen=True)
class StandingRegion:
    """A day that has begun, ready to be planned.

    Attributes
    ----------
    cut : Cut
    reference : Reference
        What stands.
    problems : list of Problem
        Of whole days, with costs against what stands.
    rests : list of Rest
        The same, recentred; one a problem.
    warnings : tuple of Text
        Schools whose plan does not keep the rules of now: their usual times count for them.
    """

    cut: Cut
    reference: Reference
    problems: list[Problem]
    rests: list[Rest]
    warnings: tuple[Text, ...]


def standing_in(work: Work, scope: Scope, frozen: bytes, region: Region) -> StandingRegion | None:
    """Read what was kept by `with_standing`; None where nothing was.

    Parameters
    ----------
    work : Work
    scope : Scope
    frozen : bytes
    region : Region
        Thawed.
    """
    kept = unpack_document(frozen).get(KEY)
    if kept is None:
        return None
    cut = Cut(dt.date.fromisoformat(kept["date"]), int(kept["minute"]))
    whole = _plan(work, scope, kept["plans"], region)
    days, names = [], set()
    first = problems_of(region)
    for problem in first:
        stands = take_plan(problem, region.activities, whole)
        broken = broken_schools(problem, stands)
        names.update(broken.tolist())
        usual = np.isin(problem.school, broken)
        days.append(DayPlan(np.where(usual, 0, stands.shift), np.where(usual, 0, stands.alternative)))
    stood = [place_plan(problem, region.activities, day) for problem, day in zip(first, days, strict=True)]
    reference = Reference.of(region, joined(stood))
    problems = problems_of(region, reference)
    rests = [
        recentred(problem, region.activities, day, cut.minute if region.grid.dates[problem.day] == cut.date else None)
        for problem, day in zip(problems, days, strict=True)
    ]
    schools = region.activities.schools
    warnings = tuple(
        T(
            "{school}: what was published does not keep the rules of now, so its usual times count",
            school=schools[code].key if code >= 0 else region.name,
        )
        for code in sorted(names)
    )
    return StandingRegion(cut, reference, problems, rests, warnings)


def _plan(work: Work, scope: Scope, plans: dict[str, dict[str, Any]], region: Region) -> Plan:
    """Put the plans of the schools together; dates and schools that they lack are left out."""
    rows, first = SchoolRows(region), region.grid.first_date
    of = {int(plan_id): (school, dates) for school, chosen in plans.items() for plan_id, dates in chosen.items()}
    parts = []
    for placed in StandingPlans(work, scope).placed(sorted(of)):
        school, dates = of[placed.plan_id]
        if school not in rows.codes:
            continue
        part = rows.plan(school, placed.placements, (placed.first_date - first).days)
        days = [(dt.date.fromisoformat(date) - first).days for date in dates]
        mine = np.isin(part.day, np.array(days, dtype=np.int16))
        parts.append(Plan(part.row[mine], part.day[mine], part.start[mine], part.alternative[mine]))
    return joined(parts)
