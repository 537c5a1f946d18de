"""Solving in this process, with nobody to tell of progress and nothing that stops it but its parameters."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scheduler.execution import Stop
from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.optimizer.solve import Result, solve

if TYPE_CHECKING:
    from scheduler.domain.problem import Problem
    from scheduler.optimizer.params import SolveParams
    from scheduler.optimizer.work import Progress


def never() -> Stop:
    """Give a stop that never comes."""
    return Stop(time.monotonic)


def quiet(_: Progress) -> None:
    """Tell nobody."""


def solve_here(params: SolveParams, *problems: Problem) -> Result:
    """Solve problems in this process."""
    return solve(problems, params, Crew(Nowhere(), never()), quiet)
