"""One neighbourhood as a model for CP-SAT: some nodes are free, the others stay where a plan has them.

Every free node takes one of its *options*, a shift with an alternative for each of its members; distances hold between
free nodes, and towards the others they narrow the windows. Loads are linear in the options, and what exceeds the room
that the others leave is paid for as CONTRACT section 4 says. Whole numbers stand for costs and loads, so what is found
is judged again in floats before it counts (see scheduler.optimizer.neighbourhoods).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from scheduler.optimizer.change import Change, finish, moving_cost, new_change, touch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import DayPlan
    from scheduler.optimizer.change import Charges
    from scheduler.optimizer.packed import Packed
    from scheduler.optimizer.reduced_costs import Guide

COST_STEPS = 1e4
"""Steps of cost that what moving an average node by one slot costs is divided into, about."""

LOAD_STEPS = 250
"""Steps of load whose overload costs as much as moving an average node by one slot, about."""

MOST_LOAD, MOST_PRICE, MOST_RATIO, MOST_COST = 2**31, 2**12, 2**7, 2**45
"""Bounds on scaled loads, the scaled price, the ceiling's price in it, and scaled costs: sums stay within 64 bits."""


@dataclass(frozen=True)
class Neighbourhood:
    """What is free; pickles.

    Attributes
    ----------
    node : ndarray of int32
        The free nodes, ascending.
    reach : float
        Options of a larger reduced cost are left out, in head-minutes.
    work : float
        Deterministic time at most, as CP-SAT counts it; never a clock, so the same on every machine.
    seed : int
        [0, 2^31) of CP-SAT.
    whole : bool
        No other node has any option within reach.
    """

    node: NDArray[np.int32]
    reach: float
    work: float
    seed: int
    whole: bool = False


@dataclass(frozen=True)
class Proposal:
    """What CP-SAT would change; pickles.

    Attributes
    ----------
    node, shift : ndarray of int32, same shape
        The nodes that change, and their new shifts.
    activity, alternative : ndarray of int32, same shape
        The members of those nodes, and their alternatives.
    proven : bool
        There is nothing better in the neighbourhood, but for rounding to whole numbers.
    """

    node: NDArray[np.int32]
    shift: NDArray[np.int32]
    activity: NDArray[np.int32]
    alternative: NDArray[np.int32]
    proven: bool


@dataclass(frozen=True)
class _Option:
    """One way to hold a node: its shift, its members' alternatives, what it costs and loads (place -> amount)."""

    shift: int
    alternative: tuple[int, ...]
    cost: float
    load: dict[int, float]


def propose(
    guide: Guide,
    charges: Charges,
    plan: DayPlan,
    load: NDArray[np.float64],
    neighbourhood: Neighbourhood,
) -> Proposal:
    """Search one neighbourhood of `plan`, whose load is `load`, for the cheapest plan in it.

    Parameters
    ----------
    guide : Guide
    charges : Charges
        With a price > 0.
    plan : DayPlan
        Keeps the rules.
    load : ndarray of float64, shape (meters, slots)
    neighbourhood : Neighbourhood
    """
    packed = guide.packed
    shift = node_shifts(packed, plan)
    free = np.zeros(len(shift), dtype=np.bool_)
    free[neighbourhood.node] = True
    room = new_change(load.size)
    options = {
        v: _options(guide, plan, v, _window(packed, shift, free, v), neighbourhood.reach, room)
        for v in neighbourhood.node.tolist()
    }
    rest = load.ravel().copy()
    for mine in options.values():
        for place, amount in mine[0].load.items():
            rest[place] -= amount
    model = _Model(options, charges, guide.unit)
    model.keep_distances(packed)
    model.charge(rest)
    proven, chosen = model.solved(neighbourhood.seed, neighbourhood.work)
    return _proposal(packed, {v: options[v][at] for v, at in chosen.items() if at}, proven)


def node_shifts(packed: Packed, plan: DayPlan) -> NDArray[np.int32]:
    """Give the shift of each node in a plan; shape (nodes,)."""
    shifts: NDArray[np.int32] = plan.shift[packed.member[packed.member_start[:-1]]]
    return shifts


def _window(packed: Packed, shift: NDArray[np.int32], free: NDArray[np.bool_], v: int) -> tuple[int, int]:
    """Give the shifts that the neighbours that stay leave a node."""
    before = slice(packed.in_start[v], packed.in_start[v + 1])
    after = slice(packed.out_start[v], packed.out_start[v + 1])
    lows = (shift[packed.preceding[before]] + packed.in_distance[before])[~free[packed.preceding[before]]]
    highs = (shift[packed.succeeding[after]] - packed.out_distance[after])[~free[packed.succeeding[after]]]
    return max([int(packed.low[v]), *lows.tolist()]), min([int(packed.high[v]), *highs.tolist()])


def _options(guide: Guide, plan: DayPlan, v: int, window: tuple[int, int], reach: float, room: Change) -> list[_Option]:
    """List the options of a node within reach; the plan's own comes first, whatever its reduced cost."""
    packed = guide.packed
    members = packed.member[packed.member_start[v] : packed.member_start[v + 1]].tolist()
    own = (int(plan.shift[members[0]]), tuple(plan.alternative[members].tolist()))
    wanted = {own: None}
    for shift in range(window[0], window[1] + 1):
        level = packed.level_start[v] + shift - packed.low[v]
        if guide.reduced[level] <= reach:
            for ways in _ways(guide, members, shift, own[1]):
                dearer = sum(_priced(guide, j, shift, way) for j, way in zip(members, ways, strict=True))
                if guide.reduced[level] + dearer - guide.cost[level] <= reach:
                    wanted[shift, ways] = None
    return [_option(guide, members, shift, ways, room) for shift, ways in wanted]


def _ways(guide: Guide, members: list[int], shift: int, own: tuple[int, ...]) -> list[tuple[int, ...]]:
    """List alternatives of a node's members: the present and the cheapest ones, and these with one of them switched."""
    packed = guide.packed
    counts = [int(packed.alternative_start[j + 1] - packed.alternative_start[j]) for j in members]
    if max(counts) == 1:
        return [own]
    cheapest = tuple(
        min(range(count), key=lambda way: _priced(guide, j, shift, way))
        for j, count in zip(members, counts, strict=True)
    )
    found = {own: None, cheapest: None}
    for at, count in enumerate(counts):
        for way in range(count):
            for base in (own, cheapest):
                found[(*base[:at], way, *base[at + 1 :])] = None
    return list(found)


def _placed(packed: Packed, j: int, shift: int, way: int) -> float:
    """Give what shifting and switching an activity cost."""
    return moving_cost(packed, j, shift) + float(packed.alternative_cost[packed.alternative_start[j] + way])


def _priced(guide: Guide, j: int, shift: int, way: int) -> float:
    """Give what an activity costs at the prices."""
    packed = guide.packed
    profile = packed.alternative_profile[packed.alternative_start[j] + way]
    paid = packed.heads[j] * guide.paid[profile, packed.usual_slot[j] + shift]
    return _placed(packed, j, shift, way) + float(paid)


def _option(guide: Guide, members: list[int], shift: int, ways: tuple[int, ...], room: Change) -> _Option:
    """Reckon what an option costs and loads."""
    packed = guide.packed
    cost = 0.0
    for j, way in zip(members, ways, strict=True):
        cost += _placed(packed, j, shift, way)
        touch(packed, room, guide.slots, j, way, int(packed.usual_slot[j]) + shift, 1.0)
    places = room.touched[: room.filled[0]].copy()
    load = dict(zip(places.tolist(), room.amount[places].tolist(), strict=True))
    finish(room, room.amount, False)
    return _Option(shift, ways, cost, load)


def _proposal(packed: Packed, changed: dict[int, _Option], proven: bool) -> Proposal:
    nodes = np.array(list(changed), dtype=np.int32)
    members = [packed.member[packed.member_start[v] : packed.member_start[v + 1]] for v in changed]
    ways = [way for option in changed.values() for way in option.alternative]
    return Proposal(
        node=nodes,
        shift=np.array([option.shift for option in changed.values()], dtype=np.int32),
        activity=np.concatenate([np.zeros(0, np.int32), *members]).astype(np.int32),
        alternative=np.array(ways, dtype=np.int32),
        proven=proven,
    )


@dataclass
class _Place:
    """One meter and slot: what each variable loads in units, what the present plan does, and what can be at most."""

    variables: list[cp_model.IntVar]
    units: list[int]
    own: int = 0
    most: int = 0


class _Model:
    """The model being built; `options` of each free node, the first of them the present one."""

    def __init__(self, options: dict[int, list[_Option]], charges: Charges, unit: float):
        self._options, self._charges = options, charges
        heaviest = sum(max(max(option.load.values(), default=0.0) for option in mine) for mine in options.values())
        self._load_scale = min(LOAD_STEPS * charges.price / unit, MOST_LOAD / max(heaviest, 1e-9))
        price = round(charges.price * COST_STEPS / unit / self._load_scale)
        self._price = min(max(price, 1), MOST_PRICE)
        self._cost_scale = self._price * self._load_scale / charges.price
        self._model = cp_model.CpModel()
        self._taken = {v: [self._model.new_bool_var("") for _ in mine] for v, mine in options.items()}
        self._spent: list[tuple[cp_model.IntVar, int]] = []
        for v, taken in self._taken.items():
            self._model.add_exactly_one(taken)
            for at, (variable, option) in enumerate(zip(taken, options[v], strict=True)):
                self._model.add_hint(variable, at == 0)
                self._spent.append((variable, min(round(option.cost * self._cost_scale), MOST_COST)))

    def keep_distances(self, packed: Packed) -> None:
        """Rule 4: who is `before`, and so late, forces who is `after` to be as late, less the distance."""
        for v in self._options:
            for i in range(packed.out_start[v], packed.out_start[v + 1]):
                w, distance = int(packed.succeeding[i]), int(packed.out_distance[i])
                if w in self._options:
                    for at in sorted({option.shift for option in self._options[v]}):
                        late = self._later(w, at + distance)
                        if len(late) < len(self._options[w]):
                            self._model.add(sum(self._later(v, at)) <= sum(late))

    def _later(self, v: int, shift: int) -> list[cp_model.IntVar]:
        """Give the variables of a node's options at a shift or later."""
        return [taken for taken, option in zip(self._taken[v], self._options[v], strict=True) if option.shift >= shift]

    def charge(self, rest: NDArray[np.float64]) -> None:
        """Charge what exceeds limits and ceilings, on top of the load of the `rest`."""
        places: dict[int, _Place] = {}
        for v, mine in self._options.items():
            most: dict[int, int] = {}
            for at, (taken, option) in enumerate(zip(self._taken[v], mine, strict=True)):
                for place, amount in option.load.items():
                    units = round(amount * self._load_scale)
                    here = places.setdefault(place, _Place([], []))
                    here.variables.append(taken)
                    here.units.append(units)
                    here.own += units if at == 0 else 0
                    most[place] = max(most.get(place, 0), units)
            for place, units in most.items():
                places[place].most += units
        charges = self._charges
        dearer = min(round(self._price * charges.ceiling_price / charges.price), self._price * MOST_RATIO)
        for place, here in sorted(places.items()):
            for bound, price in ((charges.limit[place], self._price), (charges.ceiling[place], dearer)):
                if np.isfinite(bound) and price > 0:
                    self._exceed(here, float(bound - rest[place]), price)

    def _exceed(self, place: _Place, space: float, price: int) -> None:
        """Charge `price` for each unit of load above the `space`, in connections, that the rest leaves."""
        # A lack of space is overload in any case, a constant; more space than can be loaded binds nobody.
        fits = int(min(max(space * self._load_scale, 0.0), place.most))
        if fits < place.most:
            over = self._model.new_int_var(0, place.most - fits, "")
            self._model.add(cp_model.LinearExpr.weighted_sum(place.variables, place.units) - over <= fits)
            self._model.add_hint(over, max(place.own - fits, 0))
            self._spent.append((over, price))

    def solved(self, seed: int, work: float) -> tuple[bool, dict[int, int]]:
        """Solve; tell whether the optimum is proven, and which option each node takes."""
        variables, prices = [variable for variable, _ in self._spent], [price for _, price in self._spent]
        self._model.minimize(cp_model.LinearExpr.weighted_sum(variables, prices))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = work
        solver.parameters.linearization_level = 2
        # An interrupt is the caller's to handle.
        solver.parameters.catch_sigint_signal = False
        status = solver.solve(self._model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return False, {}
        return status == cp_model.OPTIMAL, {
            v: next(at for at, variable in enumerate(taken) if solver.value(variable))
            for v, taken in self._taken.items()
        }
