"""Where a search is worth its time: the shifts that cost next to nothing at the prices.

At the dual's prices most nodes have one sensible shift and the others a few between which they are indifferent; a
plan close to the bound is made of such shifts only (complementary slackness). A search that draws its steps from
them wastes few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.optimizer.pricing import level_costs, price_profiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.packed import Packed


class Focus(NamedTuple):
    """The sensible shifts of nodes; by node, and by the slot that they start in.

    Attributes
    ----------
    node : ndarray of int32
        Nodes with at least two sensible shifts.
    start : ndarray of int32, shape (nodes + 1,)
        Node v has the sensible shifts ``shift[start[v]:start[v + 1]]``, rising.
    shift : ndarray of int32
    slot_start : ndarray of int32, shape (slots + 1,)
        In slot s begin the pairs from ``slot_start[s]`` to ``slot_start[s + 1]``.
    slot_node, slot_shift : ndarray of int32
        Node and shift of each pair, by the slot in which the node's first member then begins; nodes of `node` only.
    """

    node: NDArray[np.int32]
    start: NDArray[np.int32]
    shift: NDArray[np.int32]
    slot_start: NDArray[np.int32]
    slot_node: NDArray[np.int32]
    slot_shift: NDArray[np.int32]


def focus_on(packed: Packed, price: NDArray[np.float64], node_shift: NDArray[np.int32], slack: float) -> Focus:
    """Find the shifts that cost at most `slack` more than a node's best place.

    Parameters
    ----------
    packed : Packed
    price : ndarray of float64, shape (meters, slots)
        Head-minutes a connection.
    node_shift : ndarray of int32, shape (nodes,)
        A cheapest plan at these prices: the place that its neighbours leave each node.
    slack : float
        Head-minutes.
    """
    slots = price.shape[1]
    cost = level_costs(packed, price_profiles(packed, price))
    owner = np.repeat(np.arange(len(packed.low)), np.diff(packed.level_start))
    best = cost[packed.level_start[:-1] + node_shift - packed.low]
    level = np.flatnonzero(cost <= best[owner] + slack)
    owner = owner[level]
    shift = (level - packed.level_start[owner] + packed.low[owner]).astype(np.int32)
    count = np.bincount(owner, minlength=len(packed.low))
    several = count > 1
    kept = several[owner]
    pair_node, pair_shift = owner[kept].astype(np.int32), shift[kept]
    slot = packed.usual_slot[packed.member[packed.member_start[pair_node]]] + pair_shift
    order = np.argsort(slot, kind="stable")
    return Focus(
        node=np.flatnonzero(several).astype(np.int32),
        start=np.concatenate([[0], np.cumsum(count)]).astype(np.int32),
        shift=shift,
        slot_start=np.searchsorted(slot[order], np.arange(slots + 1)).astype(np.int32),
        slot_node=pair_node[order],
        slot_shift=pair_shift[order],
    )


def no_focus(nodes: int, slots: int) -> Focus:
    """Give a focus on nothing: then a search draws from all shifts."""
    none = np.zeros(0, dtype=np.int32)
    return Focus(none, np.zeros(nodes + 1, np.int32), none, np.zeros(slots + 1, np.int32), none, none)
