"""What every rival is given, and what it gives back."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scheduler.domain.problem import DayPlan, Problem


@dataclass(frozen=True)
class Task:
    """A race from the start: the clock runs from the moment the problem is in memory.

    Attributes
    ----------
    problem : Problem
    time_limit : float
        Seconds, building a model included.
    workers : int
        Threads at most.
    begun : float
        When it began, by ``time.monotonic``.
    """

    problem: Problem
    time_limit: float
    workers: int
    begun: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Give the seconds left, one at least."""
        return max(self.time_limit - (time.monotonic() - self.begun), 1.0)


@dataclass(frozen=True)
class Answer:
    """What a rival found.

    Attributes
    ----------
    plan : DayPlan or None
        None where it found nothing.
    bound : float or None
        What it proves that no plan is below, in head-minutes.
    note : str
        What else is to be said.
    """

    plan: DayPlan | None
    bound: float | None = None
    note: str = ""


def ways_of(problem: Problem, j: int) -> list[tuple[int, int]]:
    """List every (shift, alternative) of activity `j`."""
    alternatives = int(problem.alternative_start[j + 1] - problem.alternative_start[j])
    shifts = range(int(problem.low[j]), int(problem.high[j]) + 1)
    return [(shift, alternative) for shift in shifts for alternative in range(alternatives)]


def way_cost(problem: Problem, j: int, shift: int, alternative: int) -> float:
    """Give what a shift and an alternative of activity `j` cost, in head-minutes (CONTRACT section 4)."""
    moving = problem.slot_cost[j] * abs(shift) + (problem.move_cost[j] if shift else 0.0)
    return float(moving + problem.alternative_cost[problem.alternative_start[j] + alternative])


def profile_of(problem: Problem, j: int, alternative: int) -> int:
    """Give the load profile of an alternative of activity `j`."""
    return int(problem.alternative_profile[problem.alternative_start[j] + alternative])


def pieces_of(problem: Problem, profile: int, slot: int) -> list[tuple[int, int, NDArray[np.float64]]]:
    """Give what one head loads that starts in `slot`: (meter, first slot, amounts), cut to the date."""
    profiles, pieces = problem.profiles, []
    for piece in range(profiles.piece_start[profile], profiles.piece_start[profile + 1]):
        values = profiles.values[profiles.value_start[piece] : profiles.value_start[piece + 1]]
        first = slot + int(profiles.first_slot[piece])
        values = values[max(-first, 0) : max(problem.slots - first, 0)]
        if len(values):
            pieces.append((int(profiles.meter[piece]), max(first, 0), values))
    return pieces
