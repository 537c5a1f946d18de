"""A few freed nodes as one exact model for CP-SAT: places, pairs in either order, and what load above limits costs.

The kept gap hangs on the pair, so each pair is a choice between two distances; intervals that must not overlap, which
know only one gap, would say less. Loads and costs are whole numbers after scaling; whoever asked weighs the answer
again in full precision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from scheduler.domain.problem import DayPlan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.freed import Freed

LOAD_SCALE = 1000
"""Parts that a connection is divided into, where the loads are not huge."""

COST_SCALE = 100.0
"""Parts that a head-minute is divided into at least, where the costs are not huge."""

MOST_LOAD, MOST_COST = 10**9, 10**14
"""Largest scaled load of a slot, and objective: far from where 64 bits overflow."""


class Proposal(NamedTuple):
    """Another plan of the freed activities, and whether it is proven that no better one is there."""

    plan: DayPlan
    proven: bool


class _Scale(NamedTuple):
    """Scaled units: of load a connection, of cost a head-minute, and of cost a scaled unit of overload."""

    load: float
    cost: float
    over: int


class _Model:
    """The variables, and what they load and cost."""

    def __init__(self, freed: Freed):
        self.freed, self.problem = freed, freed.problem
        self.model = cp_model.CpModel()
        self.at: list[dict[int, Any]] = [
            {int(shift): self.model.new_bool_var("") for shift in allowed} for allowed in freed.allowed
        ]
        self.shift = [self._shift_of(at) for at in self.at]
        self.way = [self._ways_of(j) for j in range(len(self.problem))]

    def _shift_of(self, at: dict[int, Any]) -> Any:
        """Every node has one of its allowed shifts (CONTRACT section 3, rules 1 and 2)."""
        self.model.add_exactly_one(at.values())
        shift = self.model.new_int_var_from_domain(cp_model.Domain.from_values(list(at)), "")
        self.model.add(shift == cp_model.LinearExpr.weighted_sum(list(at.values()), list(at)))
        return shift

    def _ways_of(self, j: int) -> dict[tuple[int, int], Any]:
        """Every activity uses one alternative at the shift of its node (rule 3)."""
        at = self.at[self.freed.node[j]]
        ways = int(self.problem.alternative_start[j + 1] - self.problem.alternative_start[j])
        if ways == 1:
            return {(shift, 0): taken for shift, taken in at.items()}
        chosen = {(shift, way): self.model.new_bool_var("") for shift in at for way in range(ways)}
        for shift, taken in at.items():
            self.model.add(sum(chosen[shift, way] for way in range(ways)) == taken)
        return chosen

    def keep_apart(self) -> None:
        """Every pair keeps its distance in one order or the other (rule 4 as ``--reorder`` has it)."""
        for one, other, kept, swapped in self.freed.pairs.tolist():
            self.keep_pair_apart(one, other, kept, swapped)

    def keep_pair_apart(self, one: int, other: int, kept: int, swapped: int) -> None:
        """Let a pair choose its order, where both orders are possible and neither is sure."""
        first, second = self.freed.allowed[one], self.freed.allowed[other]
        if second.min() >= first.max() + kept or first.min() >= second.max() + swapped:
            return
        as_usual = self.shift[other] >= self.shift[one] + kept
        changed = self.shift[one] >= self.shift[other] + swapped
        if first.max() < second.min() + swapped:
            self.model.add(as_usual)
        elif second.max() < first.min() + kept:
            self.model.add(changed)
        else:
            order = self.model.new_bool_var("")
            self.model.add(as_usual).only_enforce_if(order)
            self.model.add(changed).only_enforce_if(order.negated())

    def loads(self) -> dict[tuple[int, int], tuple[list[Any], list[float]]]:
        """Give for each meter and slot the places that load it, and with how much."""
        found: dict[tuple[int, int], tuple[list[Any], list[float]]] = {}
        for j, chosen in enumerate(self.way):
            for (shift, way), taken in chosen.items():
                for place, load in _loads_of(self.problem, j, shift, way):
                    variables, amounts = found.setdefault(place, ([], []))
                    variables.append(taken)
                    amounts.append(load)
        return found

    def costs(self) -> tuple[list[Any], list[float]]:
        """Give every place and what it costs without load, in head-minutes."""
        variables, costs = [], []
        for j, chosen in enumerate(self.way):
            for (shift, way), taken in chosen.items():
                variables.append(taken)
                costs.append(_cost_of(self.problem, j, shift, way))
        return variables, costs

    def hint(self) -> None:
        """Begin with the present plan."""
        plan = self.freed.plan
        for v, at in enumerate(self.at):
            here = int(plan.shift[np.flatnonzero(self.freed.node == v)[0]])
            for shift, taken in at.items():
                self.model.add_hint(taken, int(shift == here))
            self.model.add_hint(self.shift[v], here)
        for j, chosen in enumerate(self.way):
            if self.problem.alternative_start[j + 1] - self.problem.alternative_start[j] > 1:
                here_way = (int(plan.shift[j]), int(plan.alternative[j]))
                for place, taken in chosen.items():
                    self.model.add_hint(taken, int(place == here_way))

    def plan(self, solver: cp_model.CpSolver) -> DayPlan:
        """Read the plan that the solver found."""
        places = [next(place for place, taken in one.items() if solver.boolean_value(taken)) for one in self.way]
        return DayPlan(
            np.array([shift for shift, _ in places], dtype=np.int32),
            np.array([way for _, way in places], dtype=np.int32),
        )


def solve_freed(freed: Freed, effort: float, seed: int) -> Proposal | None:
    """Plan the freed nodes at their cheapest, their sharers in any order.

    Parameters
    ----------
    freed : Freed
    effort : float
        Deterministic seconds of CP-SAT.
    seed : int

    Returns
    -------
    Proposal or None
        None where nothing else was found, or the figures are too large for whole numbers.
    """
    built = _Model(freed)
    built.keep_apart()
    if not _weigh(built):
        return None
    built.hint()
    solver = cp_model.CpSolver()
    # One worker and deterministic time: the same answer on every machine.
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = effort
    solver.parameters.linearization_level = 2
    status = solver.solve(built.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    plan = built.plan(solver)
    stays = np.array_equal(plan.shift, freed.plan.shift) and np.array_equal(plan.alternative, freed.plan.alternative)
    return None if stays else Proposal(plan, status == cp_model.OPTIMAL)


def _weigh(built: _Model) -> bool:
    """Charge moving, switching and overload, and hold the ceiling; False where that is too large to count."""
    freed, problem = built.freed, built.problem
    loads = built.loads()
    variables, costs = built.costs()
    scale = _scale(problem.overload_price, sum(costs), max((sum(amounts) for _, amounts in loads.values()), default=0))
    if scale is None:
        return False
    terms, prices = list(variables), [round(cost * scale.cost) for cost in costs]
    present = _present(freed)
    for (meter, slot), (taken, amounts) in loads.items():
        parts = [round(amount * scale.load) for amount in amounts]
        load, most = cp_model.LinearExpr.weighted_sum(taken, parts), sum(parts)
        limit, ceiling = problem.limit[meter, slot], freed.ceiling[meter, slot]
        if ceiling * scale.load < most:
            # What is above the ceiling now may stay so, and rounding must not forbid the present plan.
            held = max(ceiling, present.get((meter, slot), 0.0)) * scale.load
            built.model.add(load <= int(held) + len(problem))
        if scale.over and limit * scale.load < most:
            over = built.model.new_int_var(0, most + max(0, round(-limit * scale.load)), "")
            built.model.add(over >= load - round(limit * scale.load))
            terms.append(over)
            prices.append(scale.over)
    built.model.minimize(cp_model.LinearExpr.weighted_sum(terms, prices))
    return True


def _scale(price: float, most_cost: float, most_load: float) -> _Scale | None:
    """Choose units in which a unit of overload costs a whole number, so that no rounding of it adds up."""
    load = min(LOAD_SCALE, MOST_LOAD / max(most_load, 1.0))
    if price <= 0:
        return _Scale(load, min(COST_SCALE, MOST_COST / max(most_cost, 1.0)), 0)
    over = max(1, round(COST_SCALE * price / load))
    if over * load / price * most_cost > MOST_COST:
        over = 1
    cost = over * load / price
    return _Scale(load, cost, over) if cost * most_cost <= MOST_COST else None


def _present(freed: Freed) -> dict[tuple[int, int], float]:
    """Give what the freed activities load now."""
    found: dict[tuple[int, int], float] = {}
    for j, (shift, way) in enumerate(zip(freed.plan.shift.tolist(), freed.plan.alternative.tolist(), strict=True)):
        for place, load in _loads_of(freed.problem, j, shift, way):
            found[place] = found.get(place, 0.0) + load
    return found


def _cost_of(problem: Problem, j: int, shift: int, way: int) -> float:
    """Give what a place of an activity costs without load."""
    away = abs(shift - problem.reference[j])
    moving = problem.slot_cost[j] * away + (problem.move_cost[j] if away else 0.0)
    return float(moving + problem.alternative_cost[problem.alternative_start[j] + way])


def _loads_of(problem: Problem, j: int, shift: int, way: int) -> Iterator[tuple[tuple[int, int], float]]:
    """Give what an activity loads at a place: (meter, slot), load."""
    profiles, slots = problem.profiles, problem.slots
    profile = problem.alternative_profile[problem.alternative_start[j] + way]
    for piece in range(profiles.piece_start[profile], profiles.piece_start[profile + 1]):
        first, meter = int(problem.usual_slot[j] + shift + profiles.first_slot[piece]), int(profiles.meter[piece])
        values = profiles.values[profiles.value_start[piece] : profiles.value_start[piece + 1]].tolist()
        for slot, value in enumerate(values, start=first):
            if 0 <= slot < slots and value:
                yield (meter, slot), float(problem.heads[j]) * value
