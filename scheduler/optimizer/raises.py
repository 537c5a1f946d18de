"""The smallest raises of limits with which some plan would be within all of them: a linear program on known passes.

The passes are those that the prices were found with (ENGINE section 6). A mixture of passes is no plan, and there are
other passes than the known ones, so that the answer is an estimate: planning again with the raise shows what it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.math_opt.python import mathopt

from scheduler.domain.outcome import LeastRaises

if TYPE_CHECKING:
    from numpy.typing import NDArray


SLACK = 1e-7
"""Share of its unit by which a raise may be above the smallest while costs are looked at: rounding of the solver."""


def smallest_raises(
    cost: NDArray[np.float64],
    load: NDArray[np.float64],
    limit: NDArray[np.float64],
    meter: NDArray[np.int64],
    meters: int,
) -> LeastRaises | None:
    """Find the smallest raises, and what the cheapest mixture within the raised limits costs.

    A meter's raise is the same in all its rows. Where several meters need one, the sum of the raises is smallest, each
    counted as a share of the meter's highest limit (of its highest load where the limit is 0).

    Parameters
    ----------
    cost : ndarray of float64, shape (passes, groups)
        Head-minutes of shifting and switching in each pass and group.
    load : ndarray of float64, shape (passes, groups, rows)
        What each loads in each row: a meter and slot.
    limit : ndarray of float64, shape (rows,)
        Finite.
    meter : ndarray of int, shape (rows,)
        Meter of each row.
    meters : int
        How many meters there are; one without rows needs no raise.

    Returns
    -------
    LeastRaises or None
        None where the numbers are too close for the solver to go on.
    """
    unit = _units(load, limit, meter, meters)
    # A row that the fullest choice of every group keeps below its limit can never need a raise.
    tight = np.flatnonzero(load.max(axis=0).sum(axis=0) > limit)
    model = _Model(cost, load[:, :, tight], limit[tight], meter[tight], unit)
    shares = model.least_raises()
    if shares is None:
        return None
    value = model.least_cost(shares)
    # Below what the solver can tell from 0 a raise is none.
    return None if value is None else LeastRaises(np.where(shares > SLACK, shares, 0.0) * unit, value)


def _units(
    load: NDArray[np.float64], limit: NDArray[np.float64], meter: NDArray[np.int64], meters: int
) -> NDArray[np.float64]:
    """Give what a raise of each meter is counted in, so that the numbers of the linear program are near 1."""
    highest, loaded = np.zeros(meters), np.zeros(meters)
    np.maximum.at(highest, meter, limit)
    np.maximum.at(loaded, meter, load.max(axis=0).sum(axis=0))
    return np.where(highest > 0, highest, np.where(loaded > 0, loaded, 1.0))


class _Model:
    """Mixtures of passes that keep every limit, raised meter by meter.

    Parameters
    ----------
    cost, load, limit, meter
        As in :func:`smallest_raises`.
    unit : ndarray of float64, shape (meters,)
        What raises and loads of a meter are counted in.
    """

    def __init__(
        self,
        cost: NDArray[np.float64],
        load: NDArray[np.float64],
        limit: NDArray[np.float64],
        meter: NDArray[np.int64],
        unit: NDArray[np.float64],
    ):
        passes, groups = cost.shape
        self._model = mathopt.Model()
        self._raises = [self._model.add_variable(lb=0.0) for _ in range(len(unit))]
        rows = [self._model.add_linear_constraint(ub=float(most)) for most in limit / unit[meter]]
        for row, place in zip(rows, meter.tolist(), strict=True):
            row.set_coefficient(self._raises[place], -1.0)
        self._cost = cost
        self._shares = [[self._model.add_variable(lb=0.0) for _ in range(groups)] for _ in range(passes)]
        for group in range(groups):
            whole = self._model.add_linear_constraint(lb=1.0, ub=1.0)
            for one in range(passes):
                whole.set_coefficient(self._shares[one][group], 1.0)
                part = load[one, group] / unit[meter]
                for row in np.flatnonzero(part).tolist():
                    rows[row].set_coefficient(self._shares[one][group], float(part[row]))

    def least_raises(self) -> NDArray[np.float64] | None:
        """Give the smallest raises, in units."""
        self._model.minimize(mathopt.LinearSum(self._raises))
        result = self._solved()
        return None if result is None else np.maximum(0.0, result.variable_values(self._raises))

    def least_cost(self, raises: NDArray[np.float64]) -> float | None:
        """Give the cost of the cheapest mixture with these raises."""
        for variable, highest in zip(self._raises, raises.tolist(), strict=True):
            variable.upper_bound = highest + SLACK
        unit = float(self._cost.max(initial=0.0)) or 1.0
        flat = [variable for line in self._shares for variable in line]
        costs = (self._cost / unit).ravel().tolist()
        self._model.minimize(mathopt.LinearSum(cost * variable for cost, variable in zip(costs, flat, strict=True)))
        result = self._solved()
        return None if result is None else result.objective_value() * unit

    def _solved(self) -> mathopt.SolveResult | None:
        """Solve by the primal, else by the dual simplex: GLOP gives up on nearly equal columns now and then."""
        for algorithm in (mathopt.LPAlgorithm.PRIMAL_SIMPLEX, mathopt.LPAlgorithm.DUAL_SIMPLEX):
            try:
                result = mathopt.solve(
                    self._model, mathopt.SolverType.GLOP, params=mathopt.SolveParameters(lp_algorithm=algorithm)
                )
            except (RuntimeError, AttributeError, ValueError):
                # The error of an abnormal end is an AttributeError in ortools 9.15 (see scheduler.optimizer.master).
                continue
            if result.termination.reason == mathopt.TerminationReason.OPTIMAL:
                return result
        return None
