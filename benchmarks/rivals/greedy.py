"""A rival: greedy first fit, what a person would do by hand with a list and a load curve."""

from __future__ import annotations

from benchmarks.rivals.entrant import Answer, Task
from scheduler.optimizer.policies.greedy import first_fit_day


def answer_of_greedy(task: Task) -> Answer:
    """Place a date greedily, as ``etale compare`` does; it takes the time that it takes."""
    return Answer(first_fit_day(task.problem))
