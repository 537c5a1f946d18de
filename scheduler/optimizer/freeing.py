"""What a round of neighbourhoods frees: nodes with a choice, chosen by where a plan loses against the bound.

A plan lies above the bound by the reduced costs of its shifts, by priced room that it leaves unused, and by overload
that costs more than its price (complementary slackness). Nodes there are freed, with others at random, for to mend one
loss takes several that have nothing to lose. Random company beats neighbours in time and whole schools by far.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.optimizer.submodel import Neighbourhood, node_shifts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import DayPlan
    from scheduler.optimizer.change import Charges
    from scheduler.optimizer.params import Scope
    from scheduler.optimizer.reduced_costs import Guide

DEAR = 0.01
"""A reduced cost above this share of what moving an average node by one slot costs is worth mending."""

SPREAD_SLOTS = 18
"""Nodes this much nearer or further in time are chosen at random."""

NEARER_SLOTS = 6
"""Nodes with a loss of their own count as this much nearer in time."""


class _View(NamedTuple):
    """A plan as its losses show it.

    Attributes
    ----------
    school, slot : ndarray of int32, shape (nodes,)
        School of each node, and the slot in which its first member starts.
    reduced : ndarray of float64, shape (nodes,)
        Reduced cost of each node's shift, in units of moving an average node by one slot.
    lost : ndarray of float64, shape (slots,)
        What the plan loses in each slot: those reduced costs, and what the loads make of the prices.
    """

    school: NDArray[np.int32]
    slot: NDArray[np.int32]
    reduced: NDArray[np.float64]
    lost: NDArray[np.float64]


def neighbourhoods(
    guide: Guide,
    charges: Charges,
    plan: DayPlan,
    load: NDArray[np.float64],
    scope: Scope,
    at_once: int,
    seed: tuple[int, int],
) -> list[Neighbourhood]:
    """Choose what a round frees: disjoint sets of nodes, `at_once` of them where there are enough nodes.

    Parameters
    ----------
    guide : Guide
    charges : Charges
    plan : DayPlan
    load : ndarray of float64, shape (meters, slots)
        The plan's.
    scope : Scope
    at_once : int
    seed : tuple of int
        The solve's seed and the number of the round; the kinds of neighbourhoods take turns.
    """
    limit = scope.reach * guide.unit
    shift = node_shifts(guide.packed, plan)
    view = _view(guide, charges, shift, load)
    open_nodes = _open(guide, shift, limit)
    draw = np.random.default_rng(seed)
    rank = KINDS[seed[1] % len(KINDS)]
    found = []
    for stretch in _stretches(view, open_nodes, min(at_once, -(-len(open_nodes) // scope.size)), draw):
        chosen = stretch[np.argsort(rank(view, stretch, draw), kind="stable")[: scope.size]]
        whole = len(chosen) == len(open_nodes)
        found.append(Neighbourhood(np.sort(chosen), limit, scope.work, int(draw.integers(2**31)), whole))
    return found


def _view(guide: Guide, charges: Charges, shift: NDArray[np.int32], load: NDArray[np.float64]) -> _View:
    reduced = guide.reduced[guide.packed.level_start[:-1] + shift - guide.packed.low] / guide.unit
    slot = guide.usual_slot + shift
    limit, ceiling = charges.limit.reshape(load.shape), charges.ceiling.reshape(load.shape)
    unused = np.where(np.isfinite(limit), guide.price * np.maximum(limit - load, 0.0), 0.0)
    above = np.maximum(charges.price - guide.price, 0.0) * np.maximum(load - limit, 0.0)
    above += charges.ceiling_price * np.maximum(load - ceiling, 0.0)
    lost = np.bincount(slot, weights=reduced, minlength=guide.slots) + (unused + above).sum(axis=0) / guide.unit
    return _View(guide.school, slot, reduced, lost)


def _open(guide: Guide, shift: NDArray[np.int32], limit: float) -> NDArray[np.int32]:
    """List the nodes with something to choose from: another shift within reach, or another alternative."""
    packed = guide.packed
    within = np.concatenate([[0], np.cumsum(guide.reduced <= limit)])
    choices = within[packed.level_start[1:]] - within[packed.level_start[:-1]]
    own = guide.reduced[packed.level_start[:-1] + shift - packed.low] <= limit
    switches = np.zeros(len(shift), dtype=np.bool_)
    switches[packed.node[packed.switchable]] = True
    return np.flatnonzero((choices > own) | switches).astype(np.int32)


def _stretches(view: _View, nodes: NDArray[np.int32], count: int, draw: np.random.Generator) -> list[NDArray[np.int32]]:
    """Cut the nodes by time of day into `count` stretches of about equal numbers, at other places each round.

    So that neighbourhoods of one round do not fill the same room: what two of them propose mostly goes together.
    """
    if count < 2:
        return [nodes] if len(nodes) else []
    nodes = nodes[np.argsort(view.slot[nodes], kind="stable")]
    # The day is taken as a ring, so that the first cut is a random one, too.
    nodes = np.roll(nodes, int(draw.integers(len(nodes))))
    return np.array_split(nodes, count)


def _rank_dear_first(view: _View, nodes: NDArray[np.int32], draw: np.random.Generator) -> NDArray[np.float64]:
    """Nodes at a shift that the prices speak against come first, then any."""
    ranks: NDArray[np.float64] = draw.random(len(nodes)) - (view.reduced[nodes] > DEAR)
    return ranks


def _rank_around_a_loss(view: _View, nodes: NDArray[np.int32], draw: np.random.Generator) -> NDArray[np.float64]:
    """Nodes more or less near in time to a slot where much is lost come first."""
    slot = view.slot[nodes]
    # Every slot has a little chance, for the day may lose nothing where these nodes are.
    lost = view.lost[slot.min() : slot.max() + 1] + 1e-9
    centre = slot.min() + draw.choice(len(lost), p=lost / lost.sum())
    nearer = NEARER_SLOTS * (view.reduced[nodes] > DEAR)
    ranks: NDArray[np.float64] = np.abs(slot - centre) + SPREAD_SLOTS * draw.random(len(nodes)) - nearer
    return ranks


def _rank_by_school(view: _View, nodes: NDArray[np.int32], draw: np.random.Generator) -> NDArray[np.float64]:
    """Whole schools come one after the other, in random order."""
    _, school = np.unique(view.school[nodes], return_inverse=True)
    turn = draw.permutation(int(school.max()) + 1)
    ranks: NDArray[np.float64] = turn[school.reshape(-1)].astype(np.float64)
    return ranks


KINDS = (_rank_dear_first, _rank_around_a_loss, _rank_dear_first, _rank_by_school)
"""The kinds of neighbourhoods, in turn."""
