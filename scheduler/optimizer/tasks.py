"""One shard at its seat: the state that stays there, and what it is asked to do (see scheduler.optimizer.work).

Every task takes None for "not you": then nothing is done and None is given back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.domain.problem import DayPlan, usual_day
from scheduler.optimizer.focus import Focus, focus_on
from scheduler.optimizer.local_search import anneal
from scheduler.optimizer.network import build_network
from scheduler.optimizer.packed import Packed, pack
from scheduler.optimizer.pricing import activity_costs, group_loads, loadable_slots, plan_load
from scheduler.optimizer.reduced_costs import Guide, build_guide
from scheduler.optimizer.rounding import Mixture, round_mixture
from scheduler.optimizer.shifts import Oracle, build_oracle
from scheduler.optimizer.submodel import Neighbourhood, Proposal, propose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.change import Charges
    from scheduler.optimizer.params import RoundingParams, SearchParams
    from scheduler.optimizer.parts import Part


class Shard:
    """The state of one part.

    Attributes
    ----------
    part : Part
    network : Network
    passes : list of DayPlan
        Feasible timetables found while the dual was solved, int16.
    plan : DayPlan
        Where the search stands.
    best : DayPlan
        What is to be kept.
    """

    def __init__(self, part: Part):
        self.part = part
        self.network = build_network(part.problem)
        self.passes: list[DayPlan] = []
        self.plan = self.best = usual_day(part.problem)
        self.focus: Focus | None = None
        self.guide: Guide | None = None
        self._oracles: dict[float, Oracle] = {}
        self._packed: dict[float, Packed] = {}

    def packed(self, base: float = 1.0) -> Packed:
        """Give the network's arrays; `base` is a factor on the costs of shifting and switching."""
        if base not in self._packed:
            self._packed[base] = pack(self.network, base)
        return self._packed[base]

    def oracle(self, base: float) -> Oracle:
        """Give the oracle for a factor on the costs of shifting and switching, made when first asked for."""
        if base not in self._oracles:
            self._oracles[base] = build_oracle(self.network, base, keep=self.part.keep_networks)
        return self._oracles[base]

    def standing(self) -> Standing:
        """Give what the plan costs and loads."""
        return Standing(
            float(activity_costs(self.part.problem, self.plan).sum()), plan_load(self.part.problem, self.plan)
        )


class Survey(NamedTuple):
    """What the driver needs to know of a shard.

    Attributes
    ----------
    loadable : ndarray of bool, shape (meters, slots)
        The slots that some allowed start loads.
    nodes : int
    slot_cost : float
        What moving every activity by one slot costs, head-minutes.
    heads : float
    usual : Standing
    """

    loadable: NDArray[np.bool_]
    nodes: int
    slot_cost: float
    heads: float
    usual: Standing


class Standing(NamedTuple):
    """What a shard's plan costs without overload (head-minutes), and loads, shape (meters, slots)."""

    cost: float
    load: NDArray[np.float64]


class Pass(NamedTuple):
    """What one pass comes to.

    Attributes
    ----------
    total : float
        Lower bound of the cheapest cost at the prices; 0 where a given plan is the pass.
    cost : ndarray of float64, shape (groups,)
    load : ndarray of float64, shape (groups, meters, slots)
    """

    total: float
    cost: NDArray[np.float64]
    load: NDArray[np.float64]


def survey(shard: Shard, message: bool | None) -> Survey | None:
    """Look at the part."""
    if message is None:
        return None
    problem = shard.part.problem
    return Survey(
        loadable_slots(shard.packed(), *problem.limit.shape),
        shard.network.nodes,
        float(problem.slot_cost.sum() or problem.heads.sum()),
        float(problem.heads.sum()),
        shard.standing(),
    )


class Given(NamedTuple):
    """Plans to begin the dual with: the first passes; `base` as in :class:`Priced`."""

    plans: list[DayPlan]
    base: float


def begin_passes(shard: Shard, message: Given | None) -> list[Pass] | None:
    """Forget the passes so far and take these plans as the first ones."""
    if message is None:
        return None
    shard.passes.clear()
    return [_add(shard, 0.0, plan, message.base) for plan in message.plans]


class Priced(NamedTuple):
    """Prices, shape (meters, slots), and a factor on the costs of shifting and switching (0 for the level)."""

    price: NDArray[np.float64]
    base: float


def price_pass(shard: Shard, message: Priced | None) -> Pass | None:
    """Plan everything at its cheapest at these prices; the plan is kept as a pass."""
    if message is None:
        return None
    total, plan = shard.oracle(message.base).cheapest(message.price)
    return _add(shard, total, plan, message.base)


def _add(shard: Shard, total: float, plan: DayPlan, base: float) -> Pass:
    part = shard.part
    shard.passes.append(DayPlan(plan.shift.astype(np.int16), plan.alternative.astype(np.int16)))
    charges = activity_costs(part.problem, plan) if base else np.zeros(len(part))
    cost = np.bincount(part.group, weights=charges, minlength=part.groups).astype(np.float64)
    return Pass(total, cost, group_loads(part.problem, plan, part.group, part.groups))


class Aim(NamedTuple):
    """What a search is to look at: prices, shape (meters, slots), the pass that is cheapest at them, and a slack."""

    price: NDArray[np.float64]
    cheapest: int
    slack: float


def aim(shard: Shard, message: Aim | None) -> None:
    """Find the shifts that the search should draw from."""
    if message is not None:
        first = shard.network.member[shard.network.member_start[:-1]]
        node_shift = shard.passes[message.cheapest].shift.astype(np.int32)[first]
        shard.focus = focus_on(shard.packed(), message.price, node_shift, message.slack)


class Draw(NamedTuple):
    """How to round: the passes' weights, shape (passes, groups), and the charges on the shard's own load.

    `base` is a factor on the costs of shifting and switching: 0 for the level, which knows only load.
    """

    weights: NDArray[np.float64]
    charges: Charges
    params: RoundingParams
    seed: int
    base: float


def draw(shard: Shard, message: Draw | None) -> Standing | None:
    """Round the mixture of the passes to one plan, which is then the shard's plan."""
    if message is None:
        return None
    shard.plan = round_mixture(
        shard.network,
        shard.packed(message.base),
        Mixture(shard.passes, message.weights, shard.part.group),
        message.charges,
        message.params,
        message.seed,
    )
    return shard.standing()


class Stretch(NamedTuple):
    """A stretch of search: the charges on the shard's own load, and how much and how hot to search.

    `base` as in :class:`Draw`.
    """

    charges: Charges
    moves: int
    temperature: float
    params: SearchParams
    seed: int
    base: float


def search(shard: Shard, message: Stretch | None) -> Standing | None:
    """Search from the shard's plan."""
    if message is None:
        return None
    shard.plan = anneal(
        shard.network,
        shard.packed(message.base),
        message.charges,
        shard.plan,
        message.params,
        message.moves,
        message.temperature,
        message.seed,
        shard.focus,
    )
    return shard.standing()


def keep(shard: Shard, message: bool | None) -> None:
    """Keep the plan as the best one."""
    if message is not None:
        shard.best = shard.plan


def go_back(shard: Shard, message: bool | None) -> Standing | None:
    """Stand where the best plan is."""
    if message is None:
        return None
    shard.plan = shard.best
    return shard.standing()


def take(shard: Shard, message: DayPlan | None) -> Standing | None:
    """Stand where this plan of the part is."""
    if message is None:
        return None
    shard.plan = DayPlan(message.shift.astype(np.int32), message.alternative.astype(np.int32))
    return shard.standing()


def give(shard: Shard, message: bool | None) -> DayPlan | None:
    """Give the best plan, int16."""
    if message is None:
        return None
    return DayPlan(shard.best.shift.astype(np.int16), shard.best.alternative.astype(np.int16))


def lend_passes(shard: Shard, message: list[int] | None) -> list[DayPlan] | None:
    """Give some of the passes."""
    return None if message is None else [shard.passes[at] for at in message]


class Search(NamedTuple):
    """One neighbourhood to search, from a plan of the part and its load, shape (meters, slots), at these prices."""

    price: NDArray[np.float64]
    charges: Charges
    plan: DayPlan
    load: NDArray[np.float64]
    neighbourhood: Neighbourhood


def search_neighbourhood(shard: Shard, message: Search | None) -> Proposal | None:
    """Let CP-SAT look for something better in one neighbourhood; the shard's own plan stays."""
    if message is None:
        return None
    if shard.guide is None:
        # Prices do not change any more when neighbourhoods are searched.
        shard.guide = build_guide(shard.network, shard.packed(1.0), message.price)
    return propose(shard.guide, message.charges, message.plan, message.load, message.neighbourhood)
