"""The oracle: every activity's cheapest plan at given prices, exact, component by component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.problem import DayPlan
from scheduler.optimizer.cuts import Cuts, build_cuts, plan_cuts
from scheduler.optimizer.packed import Packed, pack
from scheduler.optimizer.pricing import cheapest_alternatives, level_costs, price_profiles
from scheduler.optimizer.trees import Forest, build_forest, plan_forest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.network import Network


@dataclass(frozen=True)
class Oracle:
    """A network with its components ready to be planned again and again.

    Attributes
    ----------
    network : Network
    packed : Packed
        The network's arrays, with the costs that count.
    forest : Forest
        The components without cycles.
    cuts : Cuts
        The others.
    """

    network: Network
    packed: Packed
    forest: Forest
    cuts: Cuts

    def cheapest(self, price: NDArray[np.float64]) -> tuple[float, DayPlan]:
        """Plan everything at its cheapest when each connection costs `price`.

        Parameters
        ----------
        price : ndarray of float64, shape (meters, slots)
            Head-minutes a connection in a slot, >= 0, 0 where unlimited.

        Returns
        -------
        total : float
            A lower bound of the cheapest cost, exact but for rounding down (ENGINE section 2).
        plan : DayPlan
            A plan that costs that much.
        """
        paid = price_profiles(self.packed, price)
        cost = level_costs(self.packed, paid)
        node_shift = np.zeros(self.network.nodes, dtype=np.int32)
        total = plan_forest(self.network, self.forest, cost, node_shift)
        total += plan_cuts(self.network, self.cuts, cost, node_shift)
        shift = node_shift[self.network.node]
        return total, DayPlan(shift, cheapest_alternatives(self.packed, shift, paid))


def build_oracle(network: Network, base: float = 1.0, *, keep: bool = True) -> Oracle:
    """Make a network's oracle; `base` is a factor on the costs of shifting and switching.

    With a base of 0 only the load is to be paid for. `keep` the networks of arcs between passes, for speed.
    """
    forest, cyclic = build_forest(network)
    return Oracle(network, pack(network, base), forest, build_cuts(network, cyclic, keep=keep))
