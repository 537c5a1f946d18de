"""The dual: the prices of slots, and the bound they prove.

For any prices >= 0 the cheapest cost of all activities, less what the limits would pay, is a lower bound of the
objective. Column generation on a master of groups of components finds the best prices; each pass is also a feasible
timetable, and the master's mixture of them is where plans are rounded from (ENGINE section 3). The passes themselves
are worked out, and stay, where the shards are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.optimizer.master import Master, MasterSolution
from scheduler.optimizer.tasks import Given, Pass, Priced, begin_passes, price_pass

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from scheduler.domain.problem import DayPlan
    from scheduler.optimizer.params import PriceParams
    from scheduler.optimizer.teams import Teams
    from scheduler.optimizer.work import Ask


@dataclass(frozen=True)
class Limits:
    """What the loads are held against.

    Attributes
    ----------
    limit : ndarray of float64, shape (meters, slots)
        ``inf`` where there is none. For the level: the capacity.
    overload_price : float or None
        What a connection above the limit costs; None where the highest load/limit is to be as low as it can.
    """

    limit: NDArray[np.float64]
    overload_price: float | None


class History(NamedTuple):
    """What the passes came to, in the rows that have prices.

    Attributes
    ----------
    cost : ndarray of float64, shape (passes, groups)
    load : ndarray of float64, shape (passes, groups, rows)
    limit : ndarray of float64, shape (rows,)
    meter : ndarray of int64, shape (rows,)
        Meter of each row.
    meters : int
    """

    cost: NDArray[np.float64]
    load: NDArray[np.float64]
    limit: NDArray[np.float64]
    meter: NDArray[np.int64]
    meters: int


@dataclass(frozen=True)
class DualSolution:
    """Prices, the bound they prove, and the mixture that comes with them.

    Attributes
    ----------
    price : ndarray of float64, shape (meters, slots)
    bound : float
        Proven lower bound at `price`.
    value : float
        What the mixture costs: no better bound is to be had from these passes. For the level, the mixture's level.
    weights : ndarray of float64, shape (passes, groups of all shards)
        How much of each pass the best mixture holds; columns sum to 1.
    load : ndarray of float64, shape (groups of all shards, meters, slots)
        What the mixture loads.
    cheapest : int
        The pass that is cheapest at `price`.
    history : History
    """

    price: NDArray[np.float64]
    bound: float
    value: float
    weights: NDArray[np.float64]
    load: NDArray[np.float64]
    cheapest: int
    history: History


class _Dual:
    """What cost and level have in common: rows, columns and the bound of one pass."""

    def __init__(self, teams: Teams, limits: Limits, most_groups: int):
        self.teams, self.limits = teams, limits
        # A price where no plan can put any load would prove nothing and tell a reader of load.csv something untrue.
        counted = np.isfinite(limits.limit) & teams.loadable
        if limits.overload_price is None:
            counted &= limits.limit > 0
        self.rows = np.flatnonzero(counted.ravel())
        self.row_limit = limits.limit.ravel()[self.rows]
        # Neighbouring groups of a date of many shards are one in the master, so that it stays small.
        self.masters = min(teams.groups, most_groups)
        self.master_of = np.arange(teams.groups) * self.masters // max(teams.groups, 1)
        self.master = Master(self.row_limit, self.masters, limits.overload_price)
        self.costs: list[NDArray[np.float64]] = []
        self.row_loads: list[NDArray[np.float64]] = []
        self.loads: list[NDArray[np.float64]] = []

    @property
    def base(self) -> float:
        """Factor on the costs of shifting and switching: the level knows none."""
        return 0.0 if self.limits.overload_price is None else 1.0

    def add(self, parts: Sequence[Pass]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Add a pass to the master and give its cost and load by group."""
        whole = np.concatenate([part.load for part in parts])
        first = np.searchsorted(self.master_of, np.arange(self.masters))
        cost = np.add.reduceat(np.concatenate([part.cost for part in parts]), first)
        load = np.add.reduceat(whole.reshape(len(whole), -1)[:, self.rows], first, axis=0)
        self.costs.append(cost)
        self.row_loads.append(load)
        self.loads.append(whole)
        self.master.add(cost, load)
        return cost, load

    def bound(self, row_price: NDArray[np.float64], parts: Sequence[Pass]) -> float:
        """Give the bound that prices prove, from the pass that is cheapest at them."""
        total, worth = sum(part.total for part in parts), float(row_price @ self.row_limit)
        if self.limits.overload_price is None:
            return total / worth if worth > 0 else 0.0
        return total - worth

    def spread(self, row_price: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give prices by row as prices by meter and slot."""
        price = np.zeros(self.limits.limit.size)
        price[self.rows] = row_price
        return price.reshape(self.limits.limit.shape)

    def solution(self, price: NDArray[np.float64], bound: float, value: float, cheapest: int) -> DualSolution:
        weights = self.master.weights()[:, self.master_of]
        load = np.zeros_like(self.loads[0])
        for at, one in enumerate(self.loads):
            load += weights[at][:, None, None] * one
        return DualSolution(self.spread(price), bound, value, weights, load, cheapest, self.history())

    def history(self) -> History:
        """Give what the passes came to."""
        meters, slots = self.limits.limit.shape
        return History(np.array(self.costs), np.array(self.row_loads), self.row_limit, self.rows // slots, meters)


def solve_dual(
    teams: Teams,
    limits: Limits,
    params: PriceParams,
    go_on: Callable[[int, float, float], bool],
    *,
    first_prices: Sequence[NDArray[np.float64]] = (),
    first_plans: Sequence[DayPlan] = (),
) -> Generator[Ask, list[Any], DualSolution]:
    """Find the prices that prove the best bound, asking the first team.

    Parameters
    ----------
    teams : Teams
    limits : Limits
    params : PriceParams
    go_on : callable
        ``go_on(passes, bound, value)`` after each pass; False stops with what there is.
    first_prices : sequence of ndarray of float64, shape (meters, slots)
        Prices to begin with, of a former plan say; the result is as good without. Not for the level.
    first_plans : sequence of DayPlan
        Plans that keep the rules, to begin with beside the usual one.
    """
    dual = _Dual(teams, limits, params.groups)
    plans = [teams.usual, *first_plans]
    given = [Given(list(one), dual.base) for one in zip(*map(teams.divided, plans), strict=True)]
    begun = yield from teams.ask_first(begin_passes, given, changes=True)
    for together in zip(*begun, strict=True):
        dual.add(together)
    best_price, best_bound, cheapest = np.zeros(len(dual.rows)), 0.0, 0
    for first in first_prices:
        asked = np.clip(first.ravel()[dual.rows], 0.0, limits.overload_price)
        parts = yield from teams.tell_first(price_pass, Priced(dual.spread(asked), dual.base), changes=True)
        dual.add(parts)
        bound = dual.bound(asked, parts)
        if bound > best_bound:
            best_price, best_bound, cheapest = asked, bound, len(dual.loads) - 1
    solution = dual.master.solve()
    value = solution.value if solution else 0.0
    smoothing = 0.0 if best_bound == 0.0 and limits.overload_price is None else params.smoothing
    while (
        solution is not None
        and len(dual.loads) < params.most_passes
        and solution.value - best_bound > params.tolerance * max(solution.value, 1e-9)
        and go_on(len(dual.loads), best_bound, solution.value)
    ):
        asked = smoothing * best_price + (1.0 - smoothing) * solution.price
        parts = yield from teams.tell_first(price_pass, Priced(dual.spread(asked), dual.base), changes=True)
        cuts = _cuts(solution, *dual.add(parts))
        bound = dual.bound(asked, parts)
        if bound > best_bound:
            best_price, best_bound, cheapest = asked, bound, len(dual.loads) - 1
        if not cuts and smoothing == 0.0:
            break  # the master's own prices bring nothing new: what is left is rounding of numbers
        # A miss says that the best prices hold back too much: go nearer the master's.
        smoothing = params.smoothing if cuts else (smoothing / 2 if smoothing > 0.1 else 0.0)
        solution = dual.master.solve()
        value = solution.value if solution else value
    return dual.solution(best_price, best_bound, value, cheapest)


def _cuts(solution: MasterSolution, cost: NDArray[np.float64], load: NDArray[np.float64]) -> bool:
    """Tell whether a pass holds a column that the master's prices find cheaper than all before."""
    reduced = cost + load @ solution.price - solution.group_value
    return bool((reduced < -1e-7 * np.maximum(np.abs(solution.group_value), 1.0)).any())
