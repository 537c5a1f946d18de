"""The master: which mixture of the passes so far costs least, and what the slots are worth in it.

A linear program with a row a meter and slot and one convexity row a group of components; a column is one group's part
of a whole pass. Its duals are the prices to ask next, its value bounds the best bound from above, its weights say
how much of each pass the best mixture holds (ENGINE section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.math_opt.python import mathopt

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class MasterSolution:
    """What the master says.

    Attributes
    ----------
    value : float
        Cost of the best mixture.
    price : ndarray of float64, shape (rows,)
    group_value : ndarray of float64, shape (groups,)
        Dual of each group's convexity row: no known column of the group is cheaper at `price`.
    """

    value: float
    price: NDArray[np.float64]
    group_value: NDArray[np.float64]


class Master:
    """Mixtures of passes under limits.

    Inside, loads are counted in typical limits and costs in what a typical limit of overload costs, so that the
    numbers of the linear program are near 1.

    Parameters
    ----------
    limit : ndarray of float64, shape (rows,)
        Right-hand side of each row.
    groups : int
    overload_price : float or None
        Cost of a unit above the limit; None where the common level is minimised instead: then the load may be at
        most ``level × limit`` and the level is the cost.
    """

    def __init__(self, limit: NDArray[np.float64], groups: int, overload_price: float | None):
        self._load_unit = float(np.max(limit, initial=0.0)) or 1.0
        self._cost_unit = 1.0 if overload_price is None else (overload_price or 1.0) * self._load_unit
        self._limit, self._overload_price = limit / self._load_unit, overload_price
        self._model = mathopt.Model()
        self._convexity = [self._model.add_linear_constraint(lb=1.0, ub=1.0) for _ in range(groups)]
        self._columns: list[list[mathopt.Variable]] = []
        self._loads: list[NDArray[np.float64]] = []
        self._rows: dict[int, mathopt.LinearConstraint] = {}
        self._level: mathopt.Variable | None = None
        if overload_price is None:
            self._level = self._model.add_variable(lb=0.0)
            self._model.objective.set_linear_coefficient(self._level, 1.0)
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        self._weights = np.zeros((0, groups))

    def add(self, cost: NDArray[np.float64], load: NDArray[np.float64]) -> None:
        """Add a pass: `cost` has shape (groups,), `load` has shape (groups, rows)."""
        columns = []
        load = load / self._load_unit
        for group, convexity in enumerate(self._convexity):
            column = self._model.add_variable(lb=0.0)
            self._model.objective.set_linear_coefficient(column, float(cost[group]) / self._cost_unit)
            convexity.set_coefficient(column, 1.0)
            columns.append(column)
            for row, constraint in self._rows.items():
                if load[group, row]:
                    constraint.set_coefficient(column, float(load[group, row]))
        self._columns.append(columns)
        self._loads.append(load)

    def _add_row(self, row: int) -> None:
        """Let a row count from now on."""
        if self._level is not None:
            constraint = self._model.add_linear_constraint(lb=-np.inf, ub=0.0)
            constraint.set_coefficient(self._level, -float(self._limit[row]))
        else:
            constraint = self._model.add_linear_constraint(lb=-np.inf, ub=float(self._limit[row]))
            over = self._model.add_variable(lb=0.0)
            price = (self._overload_price or 0.0) * self._load_unit / self._cost_unit
            self._model.objective.set_linear_coefficient(over, price)
            constraint.set_coefficient(over, -1.0)
        for columns, load in zip(self._columns, self._loads, strict=True):
            for group in np.flatnonzero(load[:, row]):
                constraint.set_coefficient(columns[group], float(load[group, row]))
        self._rows[row] = constraint

    def solve(self) -> MasterSolution | None:
        """Find the cheapest mixture; None where the numbers are too close for the solver to go on.

        Nothing is lost then: bounds and passes so far stay true, and so do the last weights. Rows that no mixture has
        broken so far are left out; they would have no price.
        """
        while True:
            result = self._solved()
            if result is None:
                return None
            weights = [result.variable_values(columns) for columns in self._columns]
            shares = np.maximum(np.array(weights), 0.0)
            self._weights = shares / shares.sum(axis=0)
            broken = self._broken(result)
            if not len(broken):
                break
            for row in broken:
                self._add_row(int(row))
        duals = np.array(result.dual_values(list(self._rows.values()))).reshape(len(self._rows))
        price = np.zeros(len(self._limit))
        price[list(self._rows)] = np.maximum(0.0, -duals) * self._cost_unit / self._load_unit
        return MasterSolution(
            value=result.objective_value() * self._cost_unit,
            price=price,
            group_value=np.array(result.dual_values(self._convexity)) * self._cost_unit,
        )

    def _broken(self, result: mathopt.SolveResult) -> NDArray[np.intp]:
        """Give the rows left out so far that the mixture breaks."""
        load = np.zeros(len(self._limit))
        for weights, one in zip(self._weights, self._loads, strict=True):
            load += weights @ one
        level = 1.0 if self._level is None else float(result.variable_values(self._level))
        broken = load > self._limit * level + 1e-9
        broken[list(self._rows)] = False
        return np.flatnonzero(broken)

    def _solved(self) -> mathopt.SolveResult | None:
        for solve in (self._solver.solve, self._solve_afresh):
            try:
                result = solve()
            except (RuntimeError, AttributeError, ValueError):
                # GLOP gives up on nearly equal columns now and then ("ABNORMAL"); MathOpt's error of that is an
                # AttributeError in ortools 9.15, whose StatusNotOk has no canonical_code.
                continue
            if result.termination.reason == mathopt.TerminationReason.OPTIMAL:
                return result
        return None

    def _solve_afresh(self) -> mathopt.SolveResult:
        """Solve without the former basis, by the dual simplex."""
        params = mathopt.SolveParameters(lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX)
        return mathopt.solve(self._model, mathopt.SolverType.GLOP, params=params)

    def weights(self) -> NDArray[np.float64]:
        """Give the share of each pass in each group's mixture, as of the last solve that succeeded.

        Returns
        -------
        ndarray of float64, shape (passes, groups)
            Columns sum to 1.
        """
        weights = np.zeros((len(self._columns), len(self._convexity)))
        weights[: len(self._weights)] = self._weights
        return weights
