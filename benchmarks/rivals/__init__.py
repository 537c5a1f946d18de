"""Rivals of the optimizer: each a function of a :class:`~benchmarks.rivals.entrant.Task`, raced in a process alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.rivals.cp_sat import answer_of_cp_sat
from benchmarks.rivals.greedy import answer_of_greedy
from benchmarks.rivals.timefold_here import answer_of_timefold

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.rivals.entrant import Answer, Task

ALONE: dict[str, Callable[[Task], Answer]] = {
    "greedy": answer_of_greedy,
    "cp-sat": answer_of_cp_sat,
    "timefold": answer_of_timefold,
}
"""The rivals by name."""

USUAL, OURS = "usual", "ours"

ENTRANTS = (USUAL, "greedy", "timefold", "cp-sat", OURS)
"""Everyone who takes part, in the order of the table; `usual` moves nothing, `ours` is the whole command."""
