"""The lowest level: the smallest highest load/capacity that any plan of a date can have (``--objective level``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.optimizer.change import Charges
from scheduler.optimizer.day import HOLDS, PRICES_SHARE, ShardedJob, lent, seed_of
from scheduler.optimizer.local_search import first_temperature
from scheduler.optimizer.prices import Limits, solve_dual
from scheduler.optimizer.pricing import overload, plan_load
from scheduler.optimizer.tasks import give, keep
from scheduler.optimizer.work import Progress

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from scheduler.domain.problem import DayPlan, Problem
    from scheduler.optimizer.teams import Teams
    from scheduler.optimizer.work import Ask, Control

BISECTIONS = 8
"""How often the stretch between the proven level and the reached one is halved."""


@dataclass(frozen=True)
class LevelResult:
    """The lowest level found on one date.

    Attributes
    ----------
    plan : DayPlan
        A plan at that level.
    level : float
        Its highest load/capacity over meters and slots of capacity > 0; 0 where there is none.
    bound : float
        No plan has a lower level.
    stopped_by : str
        ``work``, ``gap``, ``time`` or ``user``.
    """

    plan: DayPlan
    level: float
    bound: float
    stopped_by: str


def level_of(problem: Problem, plan: DayPlan) -> float:
    """Give a plan's highest load/capacity over meters and slots of capacity > 0; 0 where there is none."""
    return _highest(problem, plan_load(problem, plan))


def _highest(problem: Problem, load: NDArray[np.float64]) -> float:
    counted = np.isfinite(problem.capacity) & (problem.capacity > 0)
    return float((load[counted] / problem.capacity[counted]).max(initial=0.0))


def ceiling_at(problem: Problem, level: float) -> NDArray[np.float64]:
    """Give the loads of a level; ``inf`` where a level has no meaning."""
    counted = np.isfinite(problem.capacity) & (problem.capacity > 0)
    return np.where(counted, level * np.where(counted, problem.capacity, 0.0), np.inf)


def _charges(problem: Problem, level: float) -> Charges:
    """Charge what lies above a level, and nothing else."""
    ceiling = ceiling_at(problem, level).ravel()
    return Charges(np.full(ceiling.shape, np.inf), 0.0, ceiling, 1.0)


class LevelJob(ShardedJob):
    """Finds the lowest level of one date, and proves how low it can be."""

    def drive(self, control: Control) -> Generator[Ask, list[Any], LevelResult]:
        """Find prices of capacity, round, and search for plans at lower and lower levels."""
        problem, teams = self.problem, self.teams()
        yield from teams.survey()
        best = _Lowest(problem, teams)
        yield from best.offer()
        for plan in self.former_plans:
            yield from teams.take([plan] * teams.count)
            yield from best.offer()
        bound = 0.0
        if best.level > 0 and control.stop() is None:

            def go_on(step: int, proven: float, _value: float) -> bool:
                control.report(Progress(problem.day, "level", step, proven, best.level))
                return control.stop(PRICES_SHARE) is None

            limits = Limits(problem.capacity, None)
            dual = yield from solve_dual(teams, limits, self.params.prices, go_on)
            bound = dual.bound
            dual = yield from lent(teams, dual)
            seeds = [seed_of(self.params.seed, problem.day, 0, team) for team in range(teams.count)]
            yield from teams.draw(dual, _charges(problem, dual.value), self.params.rounding, seeds, base=0.0)
            yield from best.offer()
            yield from self._lower(teams, best, bound, control)
        given = yield from teams.tell(give, True, changes=False)
        bound = min(bound, best.level)
        reason = "gap" if best.level - bound <= self.params.gap * best.level else (control.stop() or "work")
        return LevelResult(teams.joined(given[best.team]), best.level, bound, reason)

    def _lower(self, teams: Teams, best: _Lowest, bound: float, control: Control) -> Generator[Ask, list[Any], None]:
        """Halve the stretch down to the proven level."""
        low, warmest = bound, max(self.params.search.warmth)
        for step in range(BISECTIONS):
            if control.stop() is not None or best.level - bound <= self.params.gap * best.level:
                return
            target = (low + best.level) / 2
            yield from teams.go_back()
            falling = [
                self.temperatures(
                    first_temperature(
                        teams.nodes,
                        teams.heads,
                        overload(teams.load(team), ceiling_at(self.problem, target)),
                        warmest,
                    )
                )
                for team in range(teams.count)
            ]
            seeds = [seed_of(self.params.seed, self.problem.day, step + 1, team) for team in range(teams.count)]
            for stretch in range(self.params.search.stretches):
                control.report(Progress(self.problem.day, "level", step, bound, best.level))
                if control.stop() is not None:
                    return
                yield from teams.search(
                    [_charges(self.problem, target)] * teams.count,
                    self.params.search,
                    self.moves(),
                    [one[stretch] for one in falling],
                    [seed + 104729 * (stretch + 1) for seed in seeds],
                    base=0.0,
                )
                yield from best.offer()
            if best.level > target + HOLDS:
                low = target


class _Lowest:
    """The plan of the lowest level so far; every team keeps its own lowest."""

    def __init__(self, problem: Problem, teams: Teams):
        self._problem, self._teams = problem, teams
        self._levels = [np.inf] * teams.count
        self.team = 0
        self.level = np.inf

    def offer(self) -> Generator[Ask, list[Any], None]:
        """Let each team keep its plan if it is lower than what it kept."""
        teams = self._teams
        now = [_highest(self._problem, teams.load(team)) for team in range(teams.count)]
        better = [one < kept for one, kept in zip(now, self._levels, strict=True)]
        if not any(better):
            return
        self._levels = [min(pair) for pair in zip(now, self._levels, strict=True)]
        self.level = min(self._levels)
        self.team = self._levels.index(self.level)
        messages = [[True if one else None] * len(teams.parts) for one in better]
        yield from teams.ask(keep, messages, changes=True)
