"""The dual: the prices of slots, and the bound they prove.

For any prices >= 0 the cheapest cost of all activities, less what the limits would pay, is a lower bound of the
objective. Column generation on a master of few groups of schools finds the best prices; each pass is also a feasible
timetable, and the master's mixture of them is where plans are rounded from (ENGINE section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.problem import DayPlan, usual_day
from scheduler.optimizer.master import Master, MasterSolution
from scheduler.optimizer.pricing import activity_costs, group_loads, loadable_slots

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.params import PriceParams
    from scheduler.optimizer.shifts import Oracle


@dataclass(frozen=True)
class Mixture:
    """Passes and how much of each the best mixture holds.

    Attributes
    ----------
    passes : list of DayPlan
        Feasible timetables; int16 to save memory.
    weights : ndarray of float64, shape (passes, groups)
    group : ndarray of int32, shape (activities,)
        Group of each activity.
    """

    passes: list[DayPlan]
    weights: NDArray[np.float64]
    group: NDArray[np.int32]


@dataclass(frozen=True)
class DualSolution:
    """Prices, the bound they prove, and the mixture that comes with them.

    Attributes
    ----------
    price : ndarray of float64, shape (meters, slots)
    bound : float
        Proven lower bound at `price`.
    mixture : Mixture
    value : float
        What the mixture costs: no better bound is to be had from these passes. For the level, the mixture's level.
    """

    price: NDArray[np.float64]
    bound: float
    mixture: Mixture
    value: float


def balanced_groups(problem: Problem, groups: int) -> NDArray[np.int32]:
    """Deal the schools into groups of about equal heads; activities of a school stay together.

    Returns
    -------
    ndarray of int32, shape (activities,)
    """
    heads = np.bincount(problem.school + 1, weights=problem.heads)
    ranked = np.argsort(-heads, kind="stable")
    group_of_school = np.zeros(len(heads), dtype=np.int32)
    # There and back again: the largest and the smallest of each 2 × groups schools meet.
    deal = np.arange(len(ranked)) % (2 * groups)
    group_of_school[ranked] = np.where(deal < groups, deal, 2 * groups - 1 - deal)
    return group_of_school[problem.school + 1]


class _Dual:
    """What cost and level have in common: rows, columns and the bound of one pass."""

    def __init__(self, problem: Problem, oracle: Oracle, params: PriceParams, level: bool):
        self.problem, self.oracle, self.level = problem, oracle, level
        self.limit = problem.capacity if level else problem.limit
        # A price where no plan can put any load would prove nothing and tell a reader of load.csv something untrue.
        counted = np.isfinite(self.limit) & loadable_slots(oracle.packed, *problem.limit.shape)
        if level:
            counted &= self.limit > 0
        self.rows = np.flatnonzero(counted.ravel())
        self.row_limit = self.limit.ravel()[self.rows]
        schools = len(np.unique(problem.school))
        self.groups = max(1, min(params.groups, schools))
        self.group = balanced_groups(problem, self.groups)
        self.master = Master(self.row_limit, self.groups, None if level else problem.overload_price)
        self.passes: list[DayPlan] = []

    def add(self, plan: DayPlan) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Add a pass to the master and give its cost and load by group."""
        charges = np.zeros(len(self.problem)) if self.level else activity_costs(self.problem, plan)
        cost = np.bincount(self.group, weights=charges, minlength=self.groups).astype(np.float64)
        load = group_loads(self.problem, plan, self.group, self.groups).reshape(self.groups, -1)[:, self.rows]
        self.master.add(cost, load)
        self.passes.append(DayPlan(plan.shift.astype(np.int16), plan.alternative.astype(np.int16)))
        return cost, load

    def ask(self, row_price: NDArray[np.float64]) -> tuple[float, DayPlan]:
        """Give the bound that prices prove, and the pass that is cheapest at them."""
        total, plan = self.oracle.cheapest(self.spread(row_price))
        if self.level:
            worth = float(row_price @ self.row_limit)
            return total / worth if worth > 0 else 0.0, plan
        return total - float(row_price @ self.row_limit), plan

    def spread(self, row_price: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give prices by row as prices by meter and slot."""
        price = np.zeros(self.limit.size)
        price[self.rows] = row_price
        return price.reshape(self.limit.shape)


def solve_dual(
    problem: Problem,
    oracle: Oracle,
    params: PriceParams,
    go_on: Callable[[int, float, float], bool],
    *,
    level: bool = False,
    first_price: NDArray[np.float64] | None = None,
) -> DualSolution:
    """Find the prices that prove the best bound.

    Parameters
    ----------
    problem : Problem
    oracle : Oracle
        Built with base 1, or with base 0 for the level.
    params : PriceParams
    go_on : callable
        ``go_on(passes, bound, value)`` after each pass; False stops with what there is.
    level : bool
        Bound the highest load/capacity instead of the cost.
    first_price : ndarray of float64, shape (meters, slots), optional
        Prices of a former plan; the result is as good without.
    """
    dual = _Dual(problem, oracle, params, level)
    dual.add(usual_day(problem))
    best_price, best_bound = np.zeros(len(dual.rows)), 0.0
    if first_price is not None and not level:
        asked = np.clip(first_price.ravel()[dual.rows], 0.0, problem.overload_price)
        bound, plan = dual.ask(asked)
        dual.add(plan)
        if bound > best_bound:
            best_price, best_bound = asked, bound
    solution = dual.master.solve()
    value = solution.value if solution else 0.0
    smoothing = 0.0 if level and best_bound == 0.0 else params.smoothing
    while (
        solution is not None
        and len(dual.passes) < params.most_passes
        and solution.value - best_bound > params.tolerance * max(solution.value, 1e-9)
        and go_on(len(dual.passes), best_bound, solution.value)
    ):
        asked = smoothing * best_price + (1.0 - smoothing) * solution.price
        bound, plan = dual.ask(asked)
        cost, load = dual.add(plan)
        cuts = _cuts(solution, cost, load)
        if bound > best_bound:
            best_price, best_bound = asked, bound
        if not cuts and smoothing == 0.0:
            break  # the master's own prices bring nothing new: what is left is rounding of numbers
        # A miss says that the best prices hold back too much: go nearer the master's.
        smoothing = params.smoothing if cuts else (smoothing / 2 if smoothing > 0.1 else 0.0)
        solution = dual.master.solve()
        value = solution.value if solution else value
    mixture = Mixture(dual.passes, dual.master.weights(), dual.group)
    return DualSolution(dual.spread(best_price), best_bound, mixture, value)


def _cuts(solution: MasterSolution, cost: NDArray[np.float64], load: NDArray[np.float64]) -> bool:
    """Tell whether a pass holds a column that the master's prices find cheaper than all before."""
    reduced = cost + load @ solution.price - solution.group_value
    return bool((reduced < -1e-7 * np.maximum(np.abs(solution.group_value), 1.0)).any())
