"""The lowest level: the smallest highest load/capacity that any plan of a date can have (``--objective level``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.problem import DayPlan, usual_day
from scheduler.optimizer.change import Charges
from scheduler.optimizer.day import HOLDS, PRICES_SHARE, Progress, former_plans, seed_of
from scheduler.optimizer.local_search import first_temperature, search
from scheduler.optimizer.network import build_network
from scheduler.optimizer.prices import solve_dual
from scheduler.optimizer.pricing import overload, plan_load
from scheduler.optimizer.rounding import round_mixture
from scheduler.optimizer.shifts import Oracle, build_oracle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.day import Control, Start
    from scheduler.optimizer.params import SolveParams

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
    counted = np.isfinite(problem.capacity) & (problem.capacity > 0)
    return float((plan_load(problem, plan)[counted] / problem.capacity[counted]).max(initial=0.0))


def ceiling_at(problem: Problem, level: float) -> NDArray[np.float64]:
    """Give the loads of a level; ``inf`` where a level has no meaning."""
    counted = np.isfinite(problem.capacity) & (problem.capacity > 0)
    return np.where(counted, level * np.where(counted, problem.capacity, 0.0), np.inf)


def solve_level(problem: Problem, params: SolveParams, control: Control, start: Start | None = None) -> LevelResult:
    """Find the lowest level of one date, and prove how low it can be."""
    plan = min([usual_day(problem), *former_plans(problem, start)], key=lambda one: level_of(problem, one))
    level, bound = level_of(problem, plan), 0.0
    if level > 0 and control.stop() is None:
        oracle = build_oracle(build_network(problem), base=0.0)

        def go_on(step: int, proven: float, _value: float) -> bool:
            control.report(Progress(problem.day, "level", step, proven, level))
            return control.stop(PRICES_SHARE) is None

        dual = solve_dual(problem, oracle, params.prices, go_on, level=True)
        bound = dual.bound
        charges = _charges(problem, dual.value)
        seed = seed_of(params.seed, problem.day, 0)
        rounded = round_mixture(oracle.network, oracle.packed, dual.mixture, charges, params.rounding, seed)
        plan = min(plan, rounded, key=lambda one: level_of(problem, one))
        plan = _lowered(problem, oracle, plan, bound, params, control)
        level = level_of(problem, plan)
    reason = "gap" if level - bound <= params.gap * level else (control.stop() or "work")
    return LevelResult(plan, level, min(bound, level), reason)


def _charges(problem: Problem, level: float) -> Charges:
    """Charge what lies above a level, and nothing else."""
    ceiling = ceiling_at(problem, level).ravel()
    return Charges(np.full(ceiling.shape, np.inf), 0.0, ceiling, 1.0)


def _lowered(
    problem: Problem, oracle: Oracle, plan: DayPlan, bound: float, params: SolveParams, control: Control
) -> DayPlan:
    """Look for plans at lower and lower levels, halving the stretch down to the proven one."""
    low, best = bound, level_of(problem, plan)
    for step in range(BISECTIONS):
        if control.stop() is not None or best - bound <= params.gap * best:
            break
        control.report(Progress(problem.day, "level", step, bound, best))
        target = (low + best) / 2
        charges = _charges(problem, target)
        charged = overload(plan_load(problem, plan), ceiling_at(problem, target))
        found = search(
            oracle.network,
            oracle.packed,
            charges,
            plan,
            plan_load(problem, plan),
            params.search,
            first_temperature(oracle.packed, charged, max(params.search.warmth)),
            seed_of(params.seed, problem.day, step + 1),
            lambda: control.stop() is None,
        )
        reached = level_of(problem, found)
        if reached < best:
            plan, best = found, reached
        if reached > target + HOLDS:
            low = target
    return plan
