"""What the prices say against each shift of each node: its reduced cost.

At given prices a component's cheapest plan is a minimum cut, and the flow that proves it pays for a part of what each
shift costs. What the flow leaves of it adds up: a plan whose shifts have the reduced costs r lies at least Σ r above
the bound. So the shifts of reduced cost near 0 are the ones of which good plans are made, and there are few of them:
one or two a node (Ahuja, Magnanti, Orlin, *Network Flows*, 1993, section 9.4, on what residual capacities prove).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.optimizer.cuts import SCALE, build_cuts, plan_cuts, units_of
from scheduler.optimizer.pricing import level_costs, price_profiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.network import Network
    from scheduler.optimizer.packed import Packed


@dataclass(frozen=True)
class Guide:
    """Where in a problem it pays to look, as its prices see it; all of it is arrays, so it pickles.

    Attributes
    ----------
    packed : Packed
    slots : int
        Slots of the date.
    price : ndarray of float64, shape (meters, slots)
    paid : ndarray of float64, shape (profiles, slots)
        What one head pays for load, as :func:`~scheduler.optimizer.pricing.price_profiles` gives it.
    cost : ndarray of float64, shape (levels,)
        Each level's cost at the prices, on the cheapest alternatives, in head-minutes.
    reduced : ndarray of float64, shape (levels,)
        Each level's reduced cost, >= 0, in head-minutes.
    school : ndarray of int32, shape (nodes,)
    usual_slot : ndarray of int32, shape (nodes,)
        Slot in which the first member of each node usually starts.
    unit : float
        What moving an average node by one slot costs, in head-minutes; > 0.
    """

    packed: Packed
    slots: int
    price: NDArray[np.float64]
    paid: NDArray[np.float64]
    cost: NDArray[np.float64]
    reduced: NDArray[np.float64]
    school: NDArray[np.int32]
    usual_slot: NDArray[np.int32]
    unit: float


def build_guide(network: Network, packed: Packed, price: NDArray[np.float64]) -> Guide:
    """Find the reduced cost of every level.

    Parameters
    ----------
    network : Network
    packed : Packed
        The network's arrays, with the costs that count.
    price : ndarray of float64, shape (meters, slots)
        Head-minutes a connection in a slot, >= 0, 0 where unlimited.
    """
    paid = price_profiles(packed, price)
    cost = level_costs(packed, paid)
    first = network.member[network.member_start[:-1]]
    unit = float(packed.slot_cost.sum() or packed.heads.sum()) / max(network.nodes, 1)
    return Guide(
        packed=packed,
        slots=network.problem.slots,
        price=price,
        paid=paid,
        cost=cost,
        reduced=reduced_costs(network, cost),
        school=network.problem.school[first],
        usual_slot=network.problem.usual_slot[first],
        unit=unit or 1.0,
    )


def reduced_costs(network: Network, cost: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what is left of each level's cost when a maximum flow of its component has been paid from it.

    Parameters
    ----------
    network : Network
    cost : ndarray of float64, shape (levels,)
        Head-minutes.

    Returns
    -------
    ndarray of float64, shape (levels,)
        >= 0. For every plan the reduced costs of its levels add up to no more than its cost less the cheapest cost.
    """
    reduced = np.zeros(len(cost))
    shift = np.zeros(network.nodes, dtype=np.int32)
    # Chains and trees are planned without a flow elsewhere, but their reduced costs come from one, too.
    cuts = build_cuts(network, np.ones(network.components, dtype=np.bool_))
    plan_cuts(network, cuts, cost, shift)
    # The same whole numbers as the flow's, so that rounding never makes them add up to more.
    units, _ = units_of(cuts.node, network.low, network.high, network.level_start, cost)
    paid = [flow.flows(np.arange(len(vertex), dtype=np.int32)) for vertex, flow in cuts.flows]
    counts = (network.high - network.low + 1)[cuts.node].astype(np.int64)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    level = np.repeat(network.level_start[cuts.node], counts) + within
    reduced[level] = (units - np.concatenate([np.zeros(0, np.int64), *paid])) / SCALE
    return reduced
