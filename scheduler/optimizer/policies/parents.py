"""Parents in the afternoon: access windows wait until 15:00, and classes stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.problem import DayPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region

PARENTS_FROM = 15 * 60


def parents_in_the_afternoon(region: Region, problems: Sequence[Problem]) -> list[DayPlan]:
    """Open every access window at 15:00 at the earliest.

    As the ENT of Paris did on 7 April 2021, when parents were kept out until 15:00 (AEF info, 7 April 2021). A window
    that usually starts before starts at the first whole slot from 15:00 on that its bounds allow, or as late as they
    allow where they end before; one that usually starts later stays. The windows of every audience count, because a
    region names its audiences as it likes. Keeps every hard rule.
    """
    return [_afternoon(region, problem) for problem in problems]


def _afternoon(region: Region, problem: Problem) -> DayPlan:
    start = region.activities.start[problem.row].astype(np.int32)
    slots = -((start - PARENTS_FROM) // problem.slot_minutes)
    shift = np.clip(np.where(problem.window, np.maximum(slots, 0), 0), problem.low, problem.high)
    return DayPlan(shift.astype(np.int32), np.zeros(len(problem), dtype=np.int32))
