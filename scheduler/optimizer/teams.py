"""The shards of a date as its driver sees them: asked together, with the loads summed in a fixed order.

A date of several shards has one *team*: they search together, each beside the others' load. A date of one shard has
several teams, copies of it that search on their own from other seeds; the best of them counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.problem import DayPlan, Problem, usual_day
from scheduler.optimizer.pricing import overload
from scheduler.optimizer.tasks import Draw, Standing, Stretch, Survey, draw, go_back, keep, search, survey, take
from scheduler.optimizer.work import Ask

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from numpy.typing import NDArray

    from scheduler.optimizer.change import Charges
    from scheduler.optimizer.params import RoundingParams, SearchParams, ShardParams
    from scheduler.optimizer.parts import Part
    from scheduler.optimizer.prices import DualSolution

    Asking = Generator[Ask, list[Any], list[Any]]


class Teams:
    """Asks the shards of one date.

    Parameters
    ----------
    problem : Problem
        The whole date.
    parts : list of Part
        Of one team.
    count : int
        Number of teams; each has a shard a part.

    Attributes
    ----------
    groups : int
        Groups of one team's shards together.
    loadable : ndarray of bool, shape (meters, slots)
        Slots that some allowed start loads.
    nodes : int
        Of one team.
    slot_cost : float
        What moving everything by one slot costs, head-minutes.
    heads : float
    standing : list of list of Standing
        Cost and load of each team's shards.
    """

    def __init__(self, problem: Problem, parts: list[Part], count: int, params: ShardParams):
        self.problem, self.parts, self.count, self.params = problem, parts, count, params
        self.groups = sum(part.groups for part in parts)
        self.usual = usual_day(problem)
        self.loadable = np.zeros(problem.limit.shape, dtype=bool)
        self.nodes, self.slot_cost, self.heads = 0, 0.0, 0.0
        self.standing: list[list[Standing]] = []

    def ask(self, task: Callable[[Any, Any], Any], messages: Sequence[Sequence[Any]], *, changes: bool) -> Asking:
        """Ask every team: a message a shard; the results come likewise, by team."""
        results = yield Ask(task, [message for team in messages for message in team], changes)
        size = len(self.parts)
        return [results[team * size : (team + 1) * size] for team in range(self.count)]

    def ask_first(self, task: Callable[[Any, Any], Any], messages: Sequence[Any], *, changes: bool) -> Asking:
        """Ask the first team's shards, and nobody else."""
        nobody = [[None] * len(self.parts)] * (self.count - 1)
        results = yield from self.ask(task, [messages, *nobody], changes=changes)
        return list(results[0])

    def tell_first(self, task: Callable[[Any, Any], Any], message: Any, *, changes: bool) -> Asking:
        """Ask all shards of the first team the same."""
        return (yield from self.ask_first(task, [message] * len(self.parts), changes=changes))

    def tell(self, task: Callable[[Any, Any], Any], message: Any, *, changes: bool) -> Asking:
        """Ask everybody the same."""
        return (yield from self.ask(task, [[message] * len(self.parts)] * self.count, changes=changes))

    def divided(self, plan: DayPlan) -> list[DayPlan]:
        """Give each part its share of a plan."""
        return [DayPlan(plan.shift[part.place], plan.alternative[part.place]) for part in self.parts]

    def joined(self, plans: Sequence[DayPlan]) -> DayPlan:
        """Put the shares of a plan together."""
        whole = usual_day(self.problem)
        for part, plan in zip(self.parts, plans, strict=True):
            whole.shift[part.place] = plan.shift
            whole.alternative[part.place] = plan.alternative
        return whole

    def survey(self) -> Generator[Ask, list[Any], None]:
        """Get to know the shards; they stand at the usual timetable."""
        surveys: list[Survey] = yield from self.tell_first(survey, True, changes=False)
        for one in surveys:
            self.loadable |= one.loadable
        self.nodes = sum(one.nodes for one in surveys)
        self.slot_cost = sum(one.slot_cost for one in surveys)
        self.heads = sum(one.heads for one in surveys)
        self.standing = [[one.usual for one in surveys] for _ in range(self.count)]

    def load(self, team: int) -> NDArray[np.float64]:
        """Give what a team's plan loads; shape (meters, slots)."""
        load = np.zeros(self.problem.limit.shape)
        for one in self.standing[team]:
            load += one.load
        return load

    def objective(self, team: int) -> float:
        """Give the objective of a team's plan."""
        cost = sum(one.cost for one in self.standing[team])
        return cost + self.problem.overload_price * overload(self.load(team), self.problem.limit)

    def take(self, plans: Sequence[DayPlan]) -> Generator[Ask, list[Any], None]:
        """Let every team stand at a plan of its own."""
        self.standing = yield from self.ask(take, [self.divided(plan) for plan in plans], changes=True)

    def go_back(self) -> Generator[Ask, list[Any], None]:
        """Let every team stand at the best plan that it kept."""
        self.standing = yield from self.tell(go_back, True, changes=True)

    def keep(self, team: int) -> Generator[Ask, list[Any], None]:
        """Let one team keep its plan."""
        messages = [[True if one == team else None] * len(self.parts) for one in range(self.count)]
        yield from self.ask(keep, messages, changes=True)

    def draw(
        self, dual: DualSolution, charges: Charges, params: RoundingParams, seeds: Sequence[int], base: float = 1.0
    ) -> Generator[Ask, list[Any], None]:
        """Let every team round the mixture, from a seed of its own; `base` is a factor on all costs but load's.

        Wave by wave: each shard beside the load of the waves before it and the expected load of all others.
        """
        ends = np.cumsum([0, *(part.groups for part in self.parts)])
        mine = [slice(ends[at], ends[at + 1]) for at in range(len(self.parts))]
        expected = [dual.load[one].sum(axis=0) for one in mine]
        self.standing = [[Standing(0.0, load) for load in expected] for _ in seeds]
        for wave in self._waves(self.params.rounding_waves):
            messages = [
                [
                    Draw(
                        dual.weights[:, one],
                        beside(charges, self.load(team) - expected[at]),
                        params,
                        (seed + 7919 * at) % 2**32,
                        base,
                    )
                    if at in wave
                    else None
                    for at, one in enumerate(mine)
                ]
                for team, seed in enumerate(seeds)
            ]
            yield from self._stand(draw, messages)

    def search(
        self,
        charges: Sequence[Charges],
        params: SearchParams,
        moves: int,
        temperatures: Sequence[float],
        seeds: Sequence[int],
        base: float = 1.0,
    ) -> Generator[Ask, list[Any], None]:
        """Let every team search for a stretch, at a temperature and from a seed of its own.

        `moves` are those of one team, `base` is a factor on all costs but load's. Wave by wave: what is free below a
        limit, or above it already, is shared out among the shards of a wave. The sum of what they gain is never more
        than what the whole gains, for overload is convex.
        """
        for wave in self._waves(self.params.search_waves):
            messages = []
            for team in range(self.count):
                load = self.load(team).ravel()
                free = (charges[team].limit - load) / len(wave), (charges[team].ceiling - load) / len(wave)
                messages.append(
                    [
                        Stretch(
                            charges[team]._replace(
                                limit=self.standing[team][at].load.ravel() + free[0],
                                ceiling=self.standing[team][at].load.ravel() + free[1],
                            ),
                            max(1, round(moves * len(part) / max(len(self.problem), 1))),
                            temperatures[team],
                            params,
                            (seeds[team] + 7919 * at) % 2**32,
                            base,
                        )
                        if at in wave
                        else None
                        for at, part in enumerate(self.parts)
                    ]
                )
            yield from self._stand(search, messages)

    def _waves(self, most: int) -> list[range]:
        """Divide the shards into at most so many waves."""
        waves = min(most, len(self.parts))
        return [range(wave, len(self.parts), waves) for wave in range(waves)]

    def _stand(
        self, task: Callable[[Any, Any], Any], messages: Sequence[Sequence[Any]]
    ) -> Generator[Ask, list[Any], None]:
        """Ask some shards of every team for a step; the others stand where they stood."""
        told = yield from self.ask(task, messages, changes=True)
        self.standing = [
            [now or before for now, before in zip(*pair, strict=True)] for pair in zip(told, self.standing, strict=True)
        ]


def beside(charges: Charges, others: NDArray[np.float64]) -> Charges:
    """Give the charges on what is loaded beside `others`."""
    return charges._replace(limit=charges.limit - others.ravel(), ceiling=charges.ceiling - others.ravel())
