"""A rival: the whole date as one CP-SAT model, straight from CONTRACT sections 3 and 4.

A whole number a shift, a Boolean a shift and alternative; distances and ties between shifts. Heads that start in the
same slot with the same load profile are summed first, and loads are sums of those, which keeps the model small enough
for thousands of activities. Numbers are rounded so that the model never costs more than the truth (costs and shares
down, limits up): what CP-SAT proves is then a true bound.

It is given what helps it: the plan of greedy first fit as a complete hint, little presolve (all of it took some 20 s
at 900 activities), and two phases, because one worker alone either proves or improves: a
third of the time for the bound, the rest for large neighbourhood search from the hint.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.rivals.entrant import Answer, Task, pieces_of, profile_of, way_cost, ways_of
from scheduler.domain.problem import DayPlan
from scheduler.optimizer.policies.greedy import first_fit_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.domain.problem import Problem

SCALE = 1000
"""Whole units of the model in a connection, and in a head-minute."""

PROVING = 1 / 3
"""Of the time, what is for the bound."""

FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)

NOISE = 1e-6
"""Rounding of floats that is not to push a number to the next whole one."""


@dataclass(frozen=True)
class Model:
    """The model, the plan that is its hint, and of each activity its ways with a Boolean each."""

    model: cp_model.CpModel
    problem: Problem
    hint: DayPlan
    ways: list[list[tuple[int, int]]]
    taken: list[list[cp_model.IntVar]]

    def choices(self) -> Iterator[tuple[int, int, int, cp_model.IntVar]]:
        """Give (activity, shift, alternative, Boolean) of every way."""
        for j, (ways, taken) in enumerate(zip(self.ways, self.taken, strict=True)):
            for (shift, alternative), variable in zip(ways, taken, strict=True):
                yield j, shift, alternative, variable


def answer_of_cp_sat(task: Task) -> Answer:
    """Solve a date with CP-SAT."""
    built = build(task.problem, first_fit_day(task.problem))
    solver = _solver(task)
    solver.parameters.max_time_in_seconds = task.left() * PROVING
    status = solver.solve(built.model)
    bound = solver.best_objective_bound / SCALE
    found = _chosen(solver, built) if status in FOUND else None
    if status != cp_model.OPTIMAL:
        solver = _solver(task)
        solver.parameters.max_time_in_seconds = task.left()
        solver.parameters.use_lns_only = True
        solver.parameters.interleave_search = task.workers == 1
        status = solver.solve(built.model)
        found = _chosen(solver, built) if status in FOUND else found
    return Answer(found, bound if math.isfinite(bound) else None, solver.status_name(status).lower())


def _solver(task: Task) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = task.workers
    solver.parameters.random_seed = 0
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.max_presolve_iterations = 1
    return solver


def _chosen(solver: cp_model.CpSolver, built: Model) -> DayPlan:
    chosen = [
        next(way for way, taken in zip(ways, mine, strict=True) if solver.boolean_value(taken))
        for ways, mine in zip(built.ways, built.taken, strict=True)
    ]
    shift, alternative = np.array(chosen, dtype=np.int32).reshape(-1, 2).T
    return DayPlan(shift, alternative)


def build(problem: Problem, hint: DayPlan) -> Model:
    """Build the model, with a plan as its hint."""
    model = cp_model.CpModel()
    ways = [ways_of(problem, j) for j in range(len(problem))]
    built = Model(model, problem, hint, ways, [[model.new_bool_var("") for _ in mine] for mine in ways])
    for j, shift, alternative, variable in built.choices():
        model.add_hint(variable, (shift, alternative) == (hint.shift[j], hint.alternative[j]))
    _one_way_each(built)
    terms, weights = _charges(built)
    for over in _overloads(built):
        terms.append(over)
        weights.append(math.floor(problem.overload_price + NOISE))
    model.minimize(cp_model.LinearExpr.weighted_sum(terms, weights))
    return built


def _one_way_each(built: Model) -> None:
    """Rules 1 to 6: one way an activity, within its bounds; distances between shifts; what is tied shifts alike."""
    model, problem = built.model, built.problem
    shifts = []
    for j, (ways, taken) in enumerate(zip(built.ways, built.taken, strict=True)):
        model.add_exactly_one(taken)
        shift = model.new_int_var(int(problem.low[j]), int(problem.high[j]), "")
        model.add(shift == cp_model.LinearExpr.weighted_sum(taken, [at for at, _ in ways]))
        model.add_hint(shift, int(built.hint.shift[j]))
        shifts.append(shift)
    for before, after, distance in zip(problem.before, problem.after, problem.distance, strict=True):
        model.add(shifts[after] - shifts[before] >= int(distance))
    for one, other in zip(problem.tied, problem.tied_to, strict=True):
        model.add(shifts[one] == shifts[other])


def _charges(built: Model) -> tuple[list[cp_model.IntVar], list[int]]:
    """Give what shifting and switching cost: Booleans and their weights."""
    terms, weights = [], []
    for j, shift, alternative, variable in built.choices():
        cost = math.floor(SCALE * way_cost(built.problem, j, shift, alternative) + NOISE)
        if cost:
            terms.append(variable)
            weights.append(cost)
    return terms, weights


def _overloads(built: Model) -> list[cp_model.IntVar]:
    """Give a variable a meter and slot that is at least the load above the limit."""
    model, problem = built.model, built.problem
    loads: dict[tuple[int, int], list[tuple[Starting, int]]] = {}
    for starting in _starting(built):
        for meter, first, values in pieces_of(problem, starting.profile, starting.slot):
            for at, value in enumerate(values, start=first):
                amount = math.floor(SCALE * value + NOISE)
                if amount and np.isfinite(problem.limit[meter, at]):
                    loads.setdefault((meter, at), []).append((starting, amount))
    overloads = []
    for (meter, slot), parts in loads.items():
        amounts = [amount for _, amount in parts]
        limit = math.ceil(SCALE * problem.limit[meter, slot] - NOISE)
        highest = sum(amount * starting.most for starting, amount in parts)
        over = model.new_int_var(0, highest, "")
        model.add(over >= cp_model.LinearExpr.weighted_sum([starting.heads for starting, _ in parts], amounts) - limit)
        model.add_hint(over, max(sum(amount * starting.hint for starting, amount in parts) - limit, 0))
        overloads.append(over)
    return overloads


@dataclass(frozen=True)
class Starting:
    """The heads that start with a profile in a slot: a variable, how many at most, and how many in the hint."""

    profile: int
    slot: int
    heads: cp_model.IntVar
    most: int
    hint: int


def _starting(built: Model) -> list[Starting]:
    problem, hint = built.problem, built.hint
    parts: dict[tuple[int, int], list[tuple[cp_model.IntVar, int, bool]]] = {}
    for j, shift, alternative, variable in built.choices():
        place = (profile_of(problem, j, alternative), int(problem.usual_slot[j]) + shift)
        hinted = bool((shift, alternative) == (hint.shift[j], hint.alternative[j]))
        parts.setdefault(place, []).append((variable, int(problem.heads[j]), hinted))
    found = []
    for (profile, slot), terms in parts.items():
        counts = [heads for _, heads, _ in terms]
        most, hinted_heads = sum(counts), sum(heads for _, heads, hinted in terms if hinted)
        variable = built.model.new_int_var(0, most, "")
        built.model.add(variable == cp_model.LinearExpr.weighted_sum([term for term, _, _ in terms], counts))
        built.model.add_hint(variable, hinted_heads)
        found.append(Starting(profile, slot, variable, most, hinted_heads))
    return found
