"""Why a plan is as it is: why activities moved, what is missing and what would mend it; figures for report.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.grid import clock
from scheduler.domain.problem import take_plan
from scheduler.domain.reasons import REASONS, Moves, why_moved
from scheduler.domain.shortage import DearRun, Raise, dearest_runs, raises_all_day, raises_for_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.load import DayFigures
    from scheduler.domain.outcome import Outcome
    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region

DEAREST = 10
"""How many runs of dear slots are told."""


@dataclass(frozen=True)
class Estimate:
    """The smallest raises with which some plan of one date would be within all limits, by estimate.

    Attributes
    ----------
    day : int
        Days since the first date.
    raises : tuple of Raise
        Empty where no raise is needed, and the overload is only cheaper than the moves that would avoid it.
    cost : float
        Head-minutes that such a plan would cost.
    objective : float
        Head-minutes that this plan costs on the date.
    """

    day: int
    raises: tuple[Raise, ...]
    cost: float
    objective: float


@dataclass(frozen=True)
class Explanation:
    """Why a plan is as it is.

    Attributes
    ----------
    moves : tuple of Moves
        One a date with activities, in order.
    raises : tuple of Raise
        With them the plan as it is would be within all limits.
    estimates : tuple of Estimate
        One a date with overload for which the optimizer made one.
    dearest : tuple of DearRun
        Where one more connection would save most, that first.
    """

    moves: tuple[Moves, ...]
    raises: tuple[Raise, ...]
    estimates: tuple[Estimate, ...]
    dearest: tuple[DearRun, ...]

    @property
    def count_by_reason(self) -> dict[str, int]:
        """How many activities moved for each of the reasons that moved any."""
        counts = sum(
            (np.bincount(moves.reason, minlength=len(REASONS)) for moves in self.moves),
            np.zeros(len(REASONS), np.int64),
        )
        return {name: int(count) for name, count in zip(REASONS, counts, strict=True) if count}


def explain(
    region: Region,
    problems: Sequence[Problem],
    outcome: Outcome,
    figures: Sequence[DayFigures],
    *,
    order_kept: bool = True,
) -> Explanation:
    """Explain a plan.

    Parameters
    ----------
    region : Region
    problems : sequence of Problem
        One a date with activities.
    outcome : Outcome
    figures : sequence of DayFigures
        One a date with activities.
    order_kept : bool
        False with ``--reorder``.
    """
    by_day = {day.day: day for day in figures}
    moves = []
    for problem in problems:
        day = by_day[problem.day]
        ceiling = None
        if outcome.level is not None:
            # The level speaks of slots with a capacity above 0 only.
            ceiling = np.where(day.capacity > 0, outcome.level.level * day.capacity, np.inf)
        plan = take_plan(problem, region.activities, outcome.plan)
        moves.append(why_moved(problem, plan, day.after, ceiling, order_kept=order_kept))
    return Explanation(
        tuple(moves),
        raises_for_plan(region, figures),
        tuple(
            Estimate(day, raises_all_day(region, by_day[day], least), least.cost, by_day[day].cost.objective)
            for day, least in sorted(outcome.least_raises.items())
        ),
        dearest_runs(region, {proof.day: proof.price for proof in outcome.proofs}, DEAREST),
    )


def explanation_entries(region: Region, explanation: Explanation) -> dict[str, Any]:
    """Give what report.json says of it: the keys moves_by_reason, raises, raise_estimates and dearest_slots."""
    minutes = region.grid.slot_minutes

    def place(one: Raise | DearRun) -> dict[str, Any]:
        return {
            "platform": region.meters[one.meter].platform,
            "meter": region.meters[one.meter].meter,
            "date": region.grid.dates[one.day].isoformat(),
            "from": clock(one.first * minutes),
            "to": clock(one.last * minutes),
        }

    return {
        "moves_by_reason": explanation.count_by_reason,
        "raises": [
            place(one) | {"missing_connections": one.missing, "capacity_raise": one.capacity}
            for one in explanation.raises
        ],
        "raise_estimates": [
            {
                "date": region.grid.dates[estimate.day].isoformat(),
                "head_minutes": estimate.cost,
                "raises": [place(one) | {"capacity_raise": one.capacity} for one in estimate.raises],
            }
            for estimate in explanation.estimates
        ],
        "dearest_slots": [place(one) | {"price": one.price, "saves": one.saves} for one in explanation.dearest],
    }
