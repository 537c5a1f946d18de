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
from scheduler.optimizer.pricing import overload, plan_load
from scheduler.optimizer.reduced_costs import build_guide
from scheduler.optimizer.submodel import Neighbourhood, Proposal, node_shifts, propose

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.change import Charges
    from scheduler.optimizer.network import Network
    from scheduler.optimizer.packed import Packed
    from scheduler.optimizer.params import NeighbourhoodParams, Scope
    from scheduler.optimizer.reduced_costs import Guide

BETTER = 1e-6
"""Head-minutes below which a plan is no better, but another sum of the same floats."""

WORTH = 1e-4
"""A round that saves less than this share of the cost counts as one that brought nothing to speak of."""


def improve(
    network: Network,
    packed: Packed,
    charges: Charges,
    plan: DayPlan,
    price: NDArray[np.float64],
    enough: float,
    params: NeighbourhoodParams,
    seed: int,
    go_on: Callable[[], bool],
) -> DayPlan:
    """Search neighbourhood after neighbourhood, all in this process.

    Parameters
    ----------
    network : Network
    packed : Packed
    charges : Charges
    plan : DayPlan
        Keeps the rules.
    price : ndarray of float64, shape (meters, slots)
        Of the dual.
    enough : float
        Cost at which to stop, such as the proven bound, in head-minutes.
    params : NeighbourhoodParams
    seed : int
    go_on : callable
        Asked before each round, which takes some 1.5 seconds for each unit of its neighbourhoods' work.

    Returns
    -------
    DayPlan
        No dearer than `plan`, and `plan` itself where nothing better is found.
    """
    if not go_on():
        return plan
    rounds = Rounds(network.problem, build_guide(network, packed, price), charges, plan, params, seed)
    while rounds.cost > enough + BETTER and go_on():
        neighbourhoods = rounds.next()
        if not neighbourhoods:
            break
        load = plan_load(network.problem, rounds.plan)
        found = [propose(rounds.guide, charges, rounds.plan, load, each) for each in neighbourhoods]
        rounds.take(found)
    return rounds.plan


class Rounds:
    """The rounds of one plan: what to search next, and what became of it.

    Between :meth:`next` and :meth:`take` the neighbourhoods can be searched wherever it suits: `guide`, `charges`,
    `plan` and the neighbourhoods pickle. Neither depends on who searches them, only on what is found.

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
        self.plan = plan
        self.cost = plan_cost(problem, guide.packed, charges, plan)

    def next(self) -> list[Neighbourhood]:
        """Give the neighbourhoods of the next round; none when the planned amount is done, or nothing is left."""
        scopes = self._params.scopes
        # Without a price no load is too much, so nothing is to be had.
        while self._step < self._params.rounds and len(self._settled) < len(set(scopes)) and self._charges.price > 0:
            scope = scopes[self._scope]
            if scope not in self._settled:
                self._asked = neighbourhoods(self.guide, self.plan, scope, self._params.at_once, self._step, self._seed)
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
                cost = plan_cost(self._problem, self.guide.packed, self._charges, plan)
                if cost < self.cost - BETTER:
                    self.plan, self.cost = plan, cost
        if self.cost < before:
            self._settled.clear()
        elif any(asked.whole and found.proven for asked, found in zip(self._asked, proposals, strict=True)):
            # There is nothing else to ask in this scope until the plan changes.
            self._settled.add(self._params.scopes[self._scope])
        self._barren = 0 if before - self.cost > WORTH * before else self._barren + 1
        if self._barren >= self._params.patience:
            self._widen()


def plan_cost(problem: Problem, packed: Packed, charges: Charges, plan: DayPlan) -> float:
    """Give what a plan costs, with its load above limits and ceilings, in head-minutes."""
    load = plan_load(problem, plan).ravel()
    moving = packed.slot_cost * np.abs(plan.shift) + packed.move_cost * (plan.shift != 0)
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


def neighbourhoods(
    guide: Guide, plan: DayPlan, scope: Scope, at_once: int, step: int, seed: int
) -> list[Neighbourhood]:
    """Choose what a round frees: disjoint sets of nodes, `at_once` of them where there are enough nodes.

    Parameters
    ----------
    guide : Guide
    plan : DayPlan
    scope : Scope
    at_once : int
    step : int
        The kinds of neighbourhoods take turns.
    seed : int
    """
    limit = scope.reach * guide.unit
    shift = node_shifts(guide.packed, plan)
    open_nodes = _open(guide, shift, limit)
    draw = np.random.default_rng([seed, step])
    rank = KINDS[step % len(KINDS)]
    found = []
    for stretch in _stretches(guide, shift, open_nodes, min(at_once, -(-len(open_nodes) // scope.size)), draw):
        chosen = stretch[np.argsort(rank(guide, shift, stretch, draw), kind="stable")[: scope.size]]
        whole = len(chosen) == len(open_nodes)
        found.append(Neighbourhood(np.sort(chosen), limit, scope.work, int(draw.integers(2**31)), whole))
    return found


def _open(guide: Guide, shift: NDArray[np.int32], limit: float) -> NDArray[np.int32]:
    """List the nodes with something to choose from: another shift within reach, or another alternative."""
    packed = guide.packed
    within = np.concatenate([[0], np.cumsum(guide.reduced <= limit)])
    choices = within[packed.level_start[1:]] - within[packed.level_start[:-1]]
    own = guide.reduced[_level(packed, shift)] <= limit
    switches = np.zeros(len(shift), dtype=np.bool_)
    switches[packed.node[packed.switchable]] = True
    return np.flatnonzero((choices > own) | switches).astype(np.int32)


def _level(packed: Packed, shift: NDArray[np.int32]) -> NDArray[np.int64]:
    """Give the level at which each node stands."""
    level: NDArray[np.int64] = packed.level_start[:-1] + shift - packed.low
    return level


def _stretches(
    guide: Guide,
    shift: NDArray[np.int32],
    nodes: NDArray[np.int32],
    count: int,
    draw: np.random.Generator,
) -> list[NDArray[np.int32]]:
    """Cut the nodes by time of day into `count` stretches of about equal numbers, at other places each round.

    So that neighbourhoods of one round do not fill the same room: what two of them propose mostly goes together.
    """
    if count < 2:
        return [nodes] if len(nodes) else []
    slot = guide.usual_slot[nodes] + shift[nodes]
    nodes = nodes[np.argsort(slot, kind="stable")]
    # The day is taken as a ring, so that the first cut is a random one, too.
    nodes = np.roll(nodes, int(draw.integers(len(nodes))))
    return np.array_split(nodes, count)


def _rank_dear_first(
    guide: Guide, shift: NDArray[np.int32], nodes: NDArray[np.int32], draw: np.random.Generator
) -> NDArray[np.float64]:
    """Nodes at a shift that the prices speak against come first, then any."""
    dear = guide.reduced[_level(guide.packed, shift)[nodes]] > DEAR * guide.unit
    ranks: NDArray[np.float64] = draw.random(len(nodes)) - 0.5 * dear
    return ranks


def _rank_around_dear(
    guide: Guide, shift: NDArray[np.int32], nodes: NDArray[np.int32], draw: np.random.Generator
) -> NDArray[np.float64]:
    """Nodes near in time to one that the prices speak against come first."""
    reduced = guide.reduced[_level(guide.packed, shift)[nodes]] + 1e-9 * guide.unit
    slot = guide.usual_slot[nodes] + shift[nodes]
    centre = slot[draw.choice(len(nodes), p=reduced / reduced.sum())]
    dear = reduced > DEAR * guide.unit
    ranks: NDArray[np.float64] = np.abs(slot - centre) + SPREAD_SLOTS * (draw.random(len(nodes)) - dear)
    return ranks


def _rank_by_school(
    guide: Guide, shift: NDArray[np.int32], nodes: NDArray[np.int32], draw: np.random.Generator
) -> NDArray[np.float64]:
    """Whole schools come one after the other, in random order."""
    _, school = np.unique(guide.school[nodes], return_inverse=True)
    turn = draw.permutation(int(school.max()) + 1)
    ranks: NDArray[np.float64] = turn[school.reshape(-1)].astype(np.float64)
    return ranks


DEAR = 0.01
"""A reduced cost above this share of what moving an average node by one slot costs is worth mending."""

SPREAD_SLOTS = 6
"""Nodes this much nearer or further in time are chosen at random."""

KINDS = (_rank_around_dear, _rank_dear_first, _rank_by_school)
"""The kinds of neighbourhoods, in turn."""
