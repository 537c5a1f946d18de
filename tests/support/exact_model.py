"""A problem as one exact model for CP-SAT, straight from CONTRACT sections 3 and 4; for tests only.

Every activity takes one of its (shift, alternative) pairs; loads, limits and costs are whole numbers after scaling,
which is exact for the random regions: their shares are multiples of 1/4 of a slot's minutes, their weights and prices
multiples of 1/10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from scheduler.domain.problem import DayPlan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem

LOAD_SCALE = 120
COST_SCALE = 10 * LOAD_SCALE
ENOUGH = 30.0
"""Deterministic time for what is to be solved to the end."""


@dataclass
class _Choices:
    """The variables: which (shift, alternative) each activity takes, and the shift that follows from it."""

    model: cp_model.CpModel
    taken: list[dict[tuple[int, int], cp_model.IntVar]]
    shift: list[cp_model.LinearExpr]


def exact_optimum(problem: Problem, *, order_kept: bool = True) -> tuple[float, DayPlan]:
    """Give the smallest objective that any plan of the problem has, and a plan that has it.

    Without `order_kept`, sharers may stand in either order.
    """
    return _proven(*_objective_model(problem, order_kept=order_kept), ENOUGH)


def optimum_within(problem: Problem, work: float) -> tuple[float, float]:
    """Give what no plan costs less than, and what the best plan found costs; both the same where `work` is enough.

    `work` is CP-SAT's deterministic time, in seconds or so.
    """
    choices, cost = _objective_model(problem)
    solver, _ = _solved(choices, cost, work)
    return solver.best_objective_bound / COST_SCALE, solver.objective_value / COST_SCALE


def _objective_model(problem: Problem, *, order_kept: bool = True) -> tuple[_Choices, list[cp_model.LinearExpr]]:
    choices = _choices(problem, order_kept=order_kept)
    model, most = choices.model, 10**9
    cost = [_whole(COST_SCALE * placing_cost(problem, j, *way)) * taken for j, way, taken in _taken(choices)]
    loads: dict[tuple[int, int], list[cp_model.LinearExpr]] = {}
    for j, way, taken in _taken(choices):
        for meter, slot, load in loads_of(problem, j, *way):
            loads.setdefault((meter, slot), []).append(_whole(LOAD_SCALE * load) * taken)
    for (meter, slot), terms in loads.items():
        if np.isfinite(problem.limit[meter, slot]):
            over = model.new_int_var(0, most, "")
            model.add(over >= sum(terms) - _whole(LOAD_SCALE * problem.limit[meter, slot]))
            cost.append(_whole(problem.overload_price * COST_SCALE / LOAD_SCALE) * over)
    return choices, cost


def exact_cheapest(problem: Problem, price: NDArray[np.float64]) -> tuple[float, DayPlan]:
    """Give the least that all activities cost where a unit of load costs a whole `price`, and no limit holds."""
    choices = _choices(problem)
    cost = []
    for j, way, taken in _taken(choices):
        paid = sum(load * price[meter, slot] for meter, slot, load in loads_of(problem, j, *way))
        cost.append(_whole(COST_SCALE * (placing_cost(problem, j, *way) + paid)) * taken)
    return _proven(choices, cost, ENOUGH)


def placing_cost(problem: Problem, j: int, shift: int, alternative: int) -> float:
    """Give what shifting and switching activity `j` costs."""
    away = abs(shift - problem.reference[j])
    moving = problem.slot_cost[j] * away + (problem.move_cost[j] if away else 0.0)
    return float(moving + problem.alternative_cost[problem.alternative_start[j] + alternative])


def loads_of(problem: Problem, j: int, shift: int, alternative: int) -> Iterator[tuple[int, int, float]]:
    """Give (meter, slot, load) of everything that activity `j` loads within the date."""
    profiles = problem.profiles
    profile = problem.alternative_profile[problem.alternative_start[j] + alternative]
    for piece in range(profiles.piece_start[profile], profiles.piece_start[profile + 1]):
        first = problem.usual_slot[j] + shift + profiles.first_slot[piece]
        for place, value in enumerate(profiles.values[profiles.value_start[piece] : profiles.value_start[piece + 1]]):
            if 0 <= first + place < problem.slots:
                yield int(profiles.meter[piece]), int(first + place), float(problem.heads[j] * value)


def _choices(problem: Problem, *, order_kept: bool = True) -> _Choices:
    model = cp_model.CpModel()
    taken, shift = [], []
    for j in range(len(problem)):
        ways = int(problem.alternative_start[j + 1] - problem.alternative_start[j])
        mine = {
            (at, way): model.new_bool_var("")
            for at in range(problem.low[j], problem.high[j] + 1)
            for way in range(ways)
        }
        model.add_exactly_one(mine.values())
        taken.append(mine)
        shift.append(sum(at * variable for (at, _), variable in mine.items()))
    columns = (problem.before, problem.after, problem.distance, problem.swapped)
    for before, after, distance, swapped in zip(*(column.tolist() for column in columns), strict=True):
        usual = model.add(shift[after] >= shift[before] + distance)
        if not order_kept:
            order = model.new_bool_var("")
            usual.only_enforce_if(order)
            model.add(shift[before] >= shift[after] + swapped).only_enforce_if(order.negated())
    for one, other in zip(problem.tied, problem.tied_to, strict=True):
        model.add(shift[one] == shift[other])
    return _Choices(model, taken, shift)


def _taken(choices: _Choices) -> Iterator[tuple[int, tuple[int, int], cp_model.IntVar]]:
    for j, mine in enumerate(choices.taken):
        for way, variable in mine.items():
            yield j, way, variable


def _whole(number: float) -> int:
    """Give a scaled number, which must be whole: then nothing is lost."""
    nearest = round(number)
    if abs(number - nearest) > 1e-6:
        raise ValueError(f"{number} is not a whole number, so the model would not be exact")
    return nearest


def _solved(
    choices: _Choices, cost: list[cp_model.LinearExpr], work: float
) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
    choices.model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = work
    return solver, solver.solve(choices.model)


def _proven(choices: _Choices, cost: list[cp_model.LinearExpr], work: float) -> tuple[float, DayPlan]:
    solver, status = _solved(choices, cost, work)
    if status != cp_model.OPTIMAL:
        raise RuntimeError(f"the exact model ended with {solver.status_name(status)}")
    ways = [next(way for way, taken in mine.items() if solver.value(taken)) for mine in choices.taken]
    return solver.objective_value / COST_SCALE, DayPlan(
        np.array([shift for shift, _ in ways], dtype=np.int32), np.array([way for _, way in ways], dtype=np.int32)
    )


LEVEL_SCALE = 10**6


def exact_level(problem: Problem) -> float:
    """Give the lowest highest load/capacity that any plan has, over slots of capacity > 0, to a millionth (upwards)."""
    choices = _choices(problem)
    loads: dict[tuple[int, int], list[cp_model.LinearExpr]] = {}
    for j, way, taken in _taken(choices):
        for meter, slot, load in loads_of(problem, j, *way):
            loads.setdefault((meter, slot), []).append(_whole(LOAD_SCALE * load) * taken)
    level = choices.model.new_int_var(0, 10**9, "")
    for (meter, slot), terms in loads.items():
        capacity = problem.capacity[meter, slot]
        if np.isfinite(capacity) and capacity > 0:
            choices.model.add(level * _whole(LOAD_SCALE * capacity) >= LEVEL_SCALE * sum(terms))
    cost, _ = _proven(choices, [level], ENOUGH)
    return cost * COST_SCALE / LEVEL_SCALE
