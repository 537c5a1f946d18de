"""Large neighbourhoods: from a plan to a better one, by CP-SAT on some hundred nodes at a time (ENGINE section 5).

Local search ends where no small step pays. What is left of the gap then lies in nodes at shifts of some reduced cost
and in priced slots that are not full, and to mend one takes many nodes at once. Of most nodes the prices leave but one
or two sensible shifts (scheduler.optimizer.reduced_costs), so a neighbourhood may be large: it frees the nodes that
have a choice, and only the shifts within reach.

A *round* is one or several neighbourhoods of one plan, each in a stretch of the day of its own, to be searched in any
order or at once. What they propose is judged in exact floats, one after the other in a fixed order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.problem import DayPlan
from scheduler.optimizer.freeing import neighbourhoods
from scheduler.optimizer.pricing import overload, plan_load
from scheduler.optimizer.submodel import Neighbourhood, Proposal, node_shifts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.change import Charges
    from scheduler.optimizer.packed import Packed
    from scheduler.optimizer.params import NeighbourhoodParams, Scope
    from scheduler.optimizer.reduced_costs import Guide

BETTER = 1e-6
"""Head-minutes below which a plan is no better, but another sum of the same floats."""

WORTH = 1e-4
"""A round that saves less than this share of the cost counts as one that brought nothing to speak of."""


class Rounds:
    """The rounds of one plan: what to search next, and what became of it.

    Between :meth:`next` and :meth:`take` the neighbourhoods can be searched wherever it suits: `guide`, `charges`,
    `plan`, `load` and the neighbourhoods pickle. Neither depends on who searches them, only on what is found.

    Parameters
    ----------
    problem : Problem
    guide : Guide
    charges : Charges
    plan : DayPlan
        To begin with; keeps the rules.
    params : NeighbourhoodParams
    seed : int

    Attributes
    ----------
    plan : DayPlan
        The best so far.
    load : ndarray of float64, shape (meters, slots)
        Its load.
    cost : float
        What it costs, in head-minutes; with charges for ceilings more than the objective.
    """

    def __init__(
        self,
        problem: Problem,
        guide: Guide,
        charges: Charges,
        plan: DayPlan,
        params: NeighbourhoodParams,
        seed: int,
    ):
        self._problem, self.guide, self._charges, self._params = problem, guide, charges, params
        self._seed, self._step, self._scope, self._barren = seed, 0, 0, 0
        self._settled: set[Scope] = set()
        self._asked: list[Neighbourhood] = []
        self.plan, self.load = plan, plan_load(problem, plan)
        self.cost = plan_cost(guide.packed, charges, plan, self.load)

    def next(self) -> list[Neighbourhood]:
        """Give the neighbourhoods of the next round; none when the planned amount is done, or nothing is left."""
        scopes = self._params.scopes
        # Without a price no load is too much, so nothing is to be had.
        while self._step < self._params.rounds and len(self._settled) < len(set(scopes)) and self._charges.price > 0:
            scope = scopes[self._scope]
            if scope not in self._settled:
                seed, at_once = (self._seed, self._step), self._params.at_once
                self._asked = neighbourhoods(self.guide, self._charges, self.plan, self.load, scope, at_once, seed)
                self._step += 1
                if self._asked:
                    return self._asked
                self._settled.add(scope)
            self._widen()
        return []

    def _widen(self) -> None:
        """Let the next scope have its turn."""
        self._scope, self._barren = (self._scope + 1) % len(self._params.scopes), 0

    def take(self, proposals: list[Proposal]) -> None:
        """Apply what pays of a round's proposals, one for each of its neighbourhoods and in their order."""
        before = self.cost
        for proposal in proposals:
            plan = applied(self.guide.packed, self.plan, proposal)
            if _keeps_distances(self._problem, plan):
                load = plan_load(self._problem, plan)
                cost = plan_cost(self.guide.packed, self._charges, plan, load)
                if cost < self.cost - BETTER:
                    self.plan, self.load, self.cost = plan, load, cost
        if self.cost < before:
            self._settled.clear()
        elif any(asked.whole and found.proven for asked, found in zip(self._asked, proposals, strict=True)):
            # There is nothing else to ask in this scope until the plan changes.
            self._settled.add(self._params.scopes[self._scope])
        self._barren = 0 if before - self.cost > WORTH * before else self._barren + 1
        if self._barren >= self._params.patience:
            self._widen()


def plan_cost(packed: Packed, charges: Charges, plan: DayPlan, load: NDArray[np.float64]) -> float:
    """Give what a plan costs, with its `load` above limits and ceilings, in head-minutes."""
    load = load.ravel()
    away = plan.shift - packed.reference
    moving = packed.slot_cost * np.abs(away) + packed.move_cost * (away != 0)
    switching = packed.alternative_cost[packed.alternative_start[:-1] + plan.alternative]
    above = charges.price * overload(load, charges.limit) + charges.ceiling_price * overload(load, charges.ceiling)
    return float(moving.sum() + switching.sum()) + above


def applied(packed: Packed, plan: DayPlan, proposal: Proposal) -> DayPlan:
    """Give a plan with a proposal's changes."""
    shift, alternative = node_shifts(packed, plan), plan.alternative.copy()
    shift[proposal.node] = proposal.shift
    alternative[proposal.activity] = proposal.alternative
    return DayPlan(shift[packed.node], alternative)


def _keeps_distances(problem: Problem, plan: DayPlan) -> bool:
    """Rule 4: two neighbourhoods of one plan may hold sharers, and neither knows that the other moves."""
    return bool((plan.shift[problem.after] >= plan.shift[problem.before] + problem.distance).all())
