"""From what the optimizer found to an audited outcome with its figures and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.audit import audit
from scheduler.domain.explanation import Explanation, explain
from scheduler.domain.load import DayFigures, figures
from scheduler.domain.outcome import DayProof, DayResult, Level, Outcome
from scheduler.domain.plan import joined, usual_plan
from scheduler.domain.problem import Problem, build_problem, place_plan
from scheduler.domain.reference import Reference
from scheduler.errors import BrokenPlan
from scheduler.files.result_page import result_page
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.region import Region
    from scheduler.domain.stored import StoredPlan
    from scheduler.files.plan_folder import RunConditions
    from scheduler.wording import Text

LISTED_OVERLAPS = 1000
"""Overlapping sharers named one by one in the warnings; more are counted."""


@dataclass(frozen=True)
class Judged:
    """A plan that keeps every rule, with its proof, its figures, and why it is so."""

    outcome: Outcome
    figures: tuple[DayFigures, ...]
    explanation: Explanation


def compared_with(stored: StoredPlan, region: Region) -> tuple[Reference, list[Text]]:
    """Take a plan to stay close to; give what it names that the region has no place for, too."""
    unknown = [problem.as_text() for problem in stored.problems if problem.file == "plan.csv"]
    return Reference.of(region, stored.plan), unknown


def problems_of(region: Region, reference: Reference | None = None) -> list[Problem]:
    """Give the problem of each date with activities; with a `reference`, costs are against it."""
    return [build_problem(region, int(day), reference) for day in np.unique(usual_plan(region).day)]


def outcome_of(
    region: Region,
    problems: Sequence[Problem],
    days: Sequence[DayResult],
    *,
    stopped_by: str,
    seed: int,
    level: Level | None = None,
    warnings: Sequence[Text] = (),
    reference: Reference | None = None,
) -> Outcome:
    """Put the results of the dates, one a problem, together to a plan of the horizon with its proof."""
    return Outcome(
        plan=joined(
            [place_plan(problem, region.activities, day.plan) for problem, day in zip(problems, days, strict=True)]
        ),
        proofs=tuple(DayProof(day.day, day.bound, day.price) for day in days),
        stopped_by=stopped_by,
        seed=seed,
        level=level,
        warnings=(*warnings, *_overlaps(region, problems)),
        reference=reference,
        least_raises={day.day: day.least_raises for day in days if day.least_raises is not None},
    )


def judge(region: Region, problems: Sequence[Problem], outcome: Outcome, *, order_kept: bool) -> Judged:
    """Check every rule again, and reckon figures and reasons.

    Raises
    ------
    BrokenPlan
        Our own failure: the plan breaks a rule.
    """
    violations = audit(region, outcome.plan, order_kept=order_kept)
    if violations:
        raise BrokenPlan(violations)
    days = figures(region, outcome.plan, usual_plan(region), outcome.reference)
    # Against a former plan "moved" has another meaning than the reasons know.
    explained = problems if outcome.reference is None else []
    return Judged(outcome, days, explain(region, explained, outcome, days, order_kept=order_kept))


def page_of(region: Region, judged: Judged, conditions: RunConditions) -> bytes:
    """Make the page that shows a plan."""
    return result_page(
        region,
        judged.outcome,
        judged.figures,
        conditions.seconds,
        conditions.language,
        conditions.order_kept,
        explanation=judged.explanation,
    )


def _overlaps(region: Region, problems: Sequence[Problem]) -> list[Text]:
    """Warn of sharers that already overlap in the usual timetable (CONTRACT section 3, rule 5)."""
    pairs = np.unique(np.concatenate([np.zeros((0, 2), np.int32), *(one.overlapping for one in problems)]), axis=0)
    activities = region.activities
    warnings = [
        T(
            "{school}: sessions {one} and {other} usually overlap though they share a teacher, a room or pupils; "
            "they keep their distance",
            school=activities.school_key(int(one)),
            one=activities.key_of(int(one)),
            other=activities.key_of(int(other)),
        )
        for one, other in pairs[:LISTED_OVERLAPS]
    ]
    if len(pairs) > LISTED_OVERLAPS:
        warnings.append(
            T("Pairs of sessions that overlap in the same way: {count} more", count=len(pairs) - LISTED_OVERLAPS)
        )
    return warnings
