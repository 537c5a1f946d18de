"""The shards of a date, built in this process, and generators of its driver run by hand, without an executor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.optimizer.params import PriceParams, ShardParams
from scheduler.optimizer.parts import cut
from scheduler.optimizer.prices import Limits, solve_dual
from scheduler.optimizer.tasks import Shard
from scheduler.optimizer.teams import Teams

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.prices import DualSolution
    from scheduler.optimizer.work import Ask

WHOLE = ShardParams()
FINE = ShardParams(activities=4)
"""So small that a random region of several components falls into several parts, and some of these into groups."""


class ByHand:
    """One date's shards, surveyed, with their teams.

    Attributes
    ----------
    asked : list of Ask
        What was asked so far.
    """

    def __init__(self, problem: Problem, params: ShardParams = WHOLE, count: int = 1):
        parts = cut(problem, params)
        self.problem = problem
        self.shards = [Shard(part) for part in parts * count]
        self.teams = Teams(problem, parts, count, params)
        self.asked: list[Ask] = []
        self.do(self.teams.survey())

    def do(self, generator: Generator[Ask, list[Any], Any]) -> Any:
        """Answer what a generator asks until it ends, and give its result."""
        try:
            ask = next(generator)
            while True:
                self.asked.append(ask)
                ask = generator.send(
                    [ask.task(shard, message) for shard, message in zip(self.shards, ask.messages, strict=True)]
                )
        except StopIteration as end:
            return end.value

    def dual(
        self,
        go_on: Callable[[int, float, float], bool] = lambda *_: True,
        params: PriceParams = PriceParams(),  # noqa: B008 - frozen
        **options: Any,
    ) -> DualSolution:
        """Solve the dual of the date's cost."""
        limits = Limits(self.problem.limit, self.problem.overload_price)
        return self.do(solve_dual(self.teams, limits, params, go_on, **options))
