"""The usual timetable: what happens if nobody does anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.problem import usual_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.problem import DayPlan, Problem
    from scheduler.domain.region import Region


def as_usual(_region: Region, problems: Sequence[Problem]) -> list[DayPlan]:
    """Move nothing. Keeps every hard rule (CONTRACT section 3, rule 7)."""
    return [usual_day(problem) for problem in problems]
