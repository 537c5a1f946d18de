"""A rival: the whole date as one CP-SAT model, straight from CONTRACT sections 3 and 4.

A whole number a shift, a Boolean a shift and alternative; distances and ties between shifts. Heads that start in the
same slot with the same load profile are summed first, and loads are sums of those, which keeps the model small enough
for thousands of activities. Numbers are rounded so that the model never costs more than the truth (costs and shares
down, limits up): what CP-SAT proves is then a true bound. The usual timetable is its hint, so it always has a plan.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.rivals.entrant import Answer, Task, pieces_of, profile_of, way_cost, ways_of
from scheduler.domain.problem import DayPlan

if TYPE_CHECKING:
    from scheduler.domain.problem import Problem

SCALE = 1000
"""Whole units of the model in a connection, and in a head-minute."""

NOISE = 1e-6
"""Rounding of floats that is not to push a number to the next whole one."""


@dataclass(frozen=True)
class Model:
    """The model and the Booleans of each activity, in the order of its ways."""

    model: cp_model.CpModel
    ways: list[list[tuple[int, int]]]
    taken: list[list[cp_model.IntVar]]


def cp_sat(task: Task) -> Answer:
    """Solve a date with CP-SAT."""
    built = build(task.problem)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = task.workers
    solver.parameters.random_seed = 0
    solver.parameters.max_time_in_seconds = task.left()
    status = solver.solve(built.model)
    note = f"{solver.status_name(status).lower()}"
    bound = solver.best_objective_bound / SCALE
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, bound if math.isfinite(bound) and bound > 0 else None, note)
    chosen = [
        next(way for way, taken in zip(ways, mine, strict=True) if solver.boolean_value(taken))
        for ways, mine in zip(built.ways, built.taken, strict=True)
    ]
    shift, alternative = np.array(chosen, dtype=np.int32).reshape(-1, 2).T
    return Answer(DayPlan(shift, alternative), bound, note)


def build(problem: Problem) -> Model:
    """Build the model."""
    model = cp_model.CpModel()
    ways = [ways_of(problem, j) for j in range(len(problem))]
    taken = [[model.new_bool_var("") for _ in mine] for mine in ways]
    _one_way_each(model, problem, ways, taken)
    terms, weights = _charges(problem, ways, taken)
    for over in _overloads(model, problem, ways, taken):
        terms.append(over)
        weights.append(math.floor(problem.overload_price + NOISE))
    model.minimize(cp_model.LinearExpr.weighted_sum(terms, weights))
    return Model(model, ways, taken)


def _one_way_each(
    model: cp_model.CpModel, problem: Problem, ways: list[list[tuple[int, int]]], taken: list[list[cp_model.IntVar]]
) -> None:
    """Rules 1 to 6: one way an activity, within its bounds; distances between shifts; what is tied shifts alike."""
    shifts = []
    for j, (mine, variables) in enumerate(zip(ways, taken, strict=True)):
        model.add_exactly_one(variables)
        shift = model.new_int_var(int(problem.low[j]), int(problem.high[j]), "")
        model.add(shift == cp_model.LinearExpr.weighted_sum(variables, [at for at, _ in mine]))
        for way, variable in zip(mine, variables, strict=True):
            model.add_hint(variable, way == (0, 0))
        model.add_hint(shift, 0)
        shifts.append(shift)
    for before, after, distance in zip(problem.before, problem.after, problem.distance, strict=True):
        model.add(shifts[after] - shifts[before] >= int(distance))
    for one, other in zip(problem.tied, problem.tied_to, strict=True):
        model.add(shifts[one] == shifts[other])


def _charges(
    problem: Problem, ways: list[list[tuple[int, int]]], taken: list[list[cp_model.IntVar]]
) -> tuple[list[cp_model.IntVar], list[int]]:
    """Give what shifting and switching cost: Booleans and their weights."""
    terms, weights = [], []
    for j, (mine, variables) in enumerate(zip(ways, taken, strict=True)):
        for way, variable in zip(mine, variables, strict=True):
            cost = math.floor(SCALE * way_cost(problem, j, *way) + NOISE)
            if cost:
                terms.append(variable)
                weights.append(cost)
    return terms, weights


def _overloads(
    model: cp_model.CpModel, problem: Problem, ways: list[list[tuple[int, int]]], taken: list[list[cp_model.IntVar]]
) -> list[cp_model.IntVar]:
    """Give a variable a meter and slot that is at least the load above the limit."""
    loads: dict[tuple[int, int], tuple[list[cp_model.IntVar], list[int]]] = {}
    starting, usual = _starting(model, problem, ways, taken)
    for (profile, slot), heads in starting.items():
        for meter, first, values in pieces_of(problem, profile, slot):
            for at, value in enumerate(values, start=first):
                amount = math.floor(SCALE * value + NOISE)
                if amount and np.isfinite(problem.limit[meter, at]):
                    variables, amounts = loads.setdefault((meter, at), ([], []))
                    variables.append(heads)
                    amounts.append(amount)
    overloads = []
    highest = SCALE * math.ceil(problem.heads.sum() * max(problem.profiles.values.max(initial=0.0), 1.0)) + 1
    for (meter, slot), (variables, amounts) in loads.items():
        over = model.new_int_var(0, highest, "")
        limit = math.ceil(SCALE * problem.limit[meter, slot] - NOISE)
        model.add(over >= cp_model.LinearExpr.weighted_sum(variables, amounts) - limit)
        usual_load = sum(amount * usual[heads.index] for amount, heads in zip(amounts, variables, strict=True))
        model.add_hint(over, max(usual_load - limit, 0))
        overloads.append(over)
    return overloads


def _starting(
    model: cp_model.CpModel, problem: Problem, ways: list[list[tuple[int, int]]], taken: list[list[cp_model.IntVar]]
) -> tuple[dict[tuple[int, int], cp_model.IntVar], dict[int, int]]:
    """Give the heads that start with each profile in each slot, and how many do usually, by the variable's index."""
    parts: dict[tuple[int, int], tuple[list[cp_model.IntVar], list[int]]] = {}
    for j, (mine, variables) in enumerate(zip(ways, taken, strict=True)):
        for (shift, alternative), variable in zip(mine, variables, strict=True):
            place = (profile_of(problem, j, alternative), int(problem.usual_slot[j]) + shift)
            terms, heads = parts.setdefault(place, ([], []))
            terms.append(variable)
            heads.append(int(problem.heads[j]))
    usually = Counter[tuple[int, int]]()
    for j in range(len(problem)):
        usually[profile_of(problem, j, 0), int(problem.usual_slot[j])] += int(problem.heads[j])
    starting = {}
    for place, (terms, heads) in parts.items():
        starting[place] = model.new_int_var(0, sum(heads), "")
        model.add(starting[place] == cp_model.LinearExpr.weighted_sum(terms, heads))
        model.add_hint(starting[place], usually[place])
    return starting, {variable.index: usually[place] for place, variable in starting.items()}
