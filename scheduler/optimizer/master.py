"""The master: which mixture of the passes so far costs least, and what the slots are worth in it.

A linear program with a row a meter and slot and one convexity row a group of schools; a column is one group's part
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
        self._model = mathopt.Model()
        bounds = limit / self._load_unit
        self._rows = [
            self._model.add_linear_constraint(lb=-np.inf, ub=0.0 if overload_price is None else float(bound))
            for bound in bounds
        ]
        self._convexity = [self._model.add_linear_constraint(lb=1.0, ub=1.0) for _ in range(groups)]
        self._columns: list[list[mathopt.Variable]] = []
        objective = self._model.objective
        if overload_price is None:
            level = self._model.add_variable(lb=0.0)
            objective.set_linear_coefficient(level, 1.0)
            for row, bound in zip(self._rows, bounds, strict=True):
                row.set_coefficient(level, -float(bound))
        else:
            for row in self._rows:
                over = self._model.add_variable(lb=0.0)
                objective.set_linear_coefficient(over, overload_price * self._load_unit / self._cost_unit)
                row.set_coefficient(over, -1.0)
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        self._weights = np.zeros((0, groups))

    def add(self, cost: NDArray[np.float64], load: NDArray[np.float64]) -> None:
        """Add a pass: `cost` has shape (groups,), `load` has shape (groups, rows)."""
        columns = []
        for group, convexity in enumerate(self._convexity):
            column = self._model.add_variable(lb=0.0)
            self._model.objective.set_linear_coefficient(column, float(cost[group]) / self._cost_unit)
            convexity.set_coefficient(column, 1.0)
            for row in np.flatnonzero(load[group]):
                self._rows[row].set_coefficient(column, float(load[group, row]) / self._load_unit)
            columns.append(column)
        self._columns.append(columns)

    def solve(self) -> MasterSolution | None:
        """Find the cheapest mixture; None where the numbers are too close for the solver to go on.

        Nothing is lost then: bounds and passes so far stay true, and so do the last weights.
        """
        result = self._solved()
        if result is None:
            return None
        weights = [result.variable_values(columns) for columns in self._columns]
        shares = np.maximum(np.array(weights), 0.0)
        self._weights = shares / shares.sum(axis=0)
        duals = np.array(result.dual_values(self._rows)).reshape(len(self._rows))
        return MasterSolution(
            value=result.objective_value() * self._cost_unit,
            price=np.maximum(0.0, -duals) * self._cost_unit / self._load_unit,
            group_value=np.array(result.dual_values(self._convexity)) * self._cost_unit,
        )

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
