"""The cheapest shifts of a school's day at given prices, by a linear program.

With a variable "block b is shifted to its i-th shift or a later one" for each i, every rule is an inequality between
two variables, so the matrix is that of a network and totally unimodular: the linear program's optimum is the best
whole timetable's cost, with no need to branch. The optimizer finds the same number by minimum cuts; the two share no
line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scheduler.checking.blocks import Component

    Costs = Sequence[NDArray[np.float64]]


class NotSolved(Exception):
    """The linear program ended without an optimum."""


def cheapest(priced: Sequence[tuple[Component, Costs]]) -> float:
    """Give the cheapest cost of a school's day, in head-minutes; ``inf`` where no timetable keeps the rules.

    Parameters
    ----------
    priced : sequence of (Component, costs)
        The components of the day; for each block of a component, its cost at each shift from its lowest on.

    Raises
    ------
    NotSolved
        When the linear program ends without an optimum.
    """
    if any(len(cost) == 0 for _, costs in priced for cost in costs):
        return float("inf")
    total, entangled = 0.0, []
    for component, costs in priced:
        if _free(component, costs):
            total += sum(float(cost.min()) for cost in costs)
        else:
            entangled.append((component, costs))
    return total + (_by_linear_program(entangled) if entangled else 0.0)


def _free(component: Component, costs: Costs) -> bool:
    """Tell whether every block may take its own cheapest shift: alone, or at the distances asked."""
    best = [block.low + int(cost.argmin()) for block, cost in zip(component.blocks, costs, strict=True)]
    return all(best[other] >= best[one] + distance for (one, other), distance in component.distances.items())


def _by_linear_program(priced: Sequence[tuple[Component, Costs]]) -> float:
    """Solve the components together, one linear program a school and date."""
    steps = [np.diff(cost) for _, costs in priced for cost in costs]
    less, greater = _inequalities(priced)
    model = mathopt.Model.from_model_proto(_model(np.concatenate(steps), less, greater))
    parameters = mathopt.SolveParameters(
        lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX, presolve=mathopt.Emphasis.OFF, enable_output=False
    )
    result = mathopt.solve(model, mathopt.SolverType.GLOP, params=parameters)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        raise NotSolved(f"the linear program ended with {result.termination.reason.name}")
    return float(result.objective_value()) + sum(float(cost[0]) for _, costs in priced for cost in costs)


def _inequalities(priced: Sequence[tuple[Component, Costs]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the pairs of variables of which the first may not exceed the second.

    Variable i of a block is 1 when the block is shifted to its (i + 1)-th shift or a later one.

    Returns
    -------
    less, greater : ndarray of int64
        ``y[less] <= y[greater]``.
    """
    less, greater = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    count = 0
    for component, costs in priced:
        first = []
        for cost in costs:
            first.append(count)
            # Later than the (i + 1)-th shift is later than the i-th.
            within = np.arange(count, count + max(len(cost) - 2, 0))
            less.append(within + 1)
            greater.append(within)
            count += len(cost) - 1
        for (one, other), distance in component.distances.items():
            # Where `one` reaches its shift low + i, `other` has reached low + i + distance.
            index = np.arange(1, len(costs[one]))
            reached = index + component.blocks[one].low + distance - component.blocks[other].low
            asked = reached >= 1
            less.append(first[one] + index[asked] - 1)
            greater.append(first[other] + reached[asked] - 1)
    return np.concatenate(less), np.concatenate(greater)


def _model(cost: NDArray[np.float64], less: NDArray[np.int64], greater: NDArray[np.int64]) -> model_pb2.ModelProto:
    """Write "minimise cost · y with y[less] <= y[greater] and 0 <= y <= 1" as the solver's message."""
    variables, rows = len(cost), len(less)
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(variables))
    proto.variables.lower_bounds.extend([0.0] * variables)
    proto.variables.upper_bounds.extend([1.0] * variables)
    proto.variables.integers.extend([False] * variables)
    proto.objective.linear_coefficients.ids.extend(range(variables))
    proto.objective.linear_coefficients.values.extend(cost.tolist())
    proto.linear_constraints.ids.extend(range(rows))
    proto.linear_constraints.lower_bounds.extend([float("-inf")] * rows)
    proto.linear_constraints.upper_bounds.extend([0.0] * rows)
    # The message wants the matrix row by row with ascending columns.
    columns = np.stack([np.minimum(less, greater), np.maximum(less, greater)], axis=1)
    proto.linear_constraint_matrix.row_ids.extend(np.repeat(np.arange(rows), 2).tolist())
    proto.linear_constraint_matrix.column_ids.extend(columns.reshape(-1).tolist())
    proto.linear_constraint_matrix.coefficients.extend(
        np.where(columns == less[:, np.newaxis], 1.0, -1.0).reshape(-1).tolist()
    )
    return proto
