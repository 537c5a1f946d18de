"""The sensible shifts at prices: those that cost next to nothing more than a node's best place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import region_of, session
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_problem, tangled_problem

from scheduler.domain.problem import build_problem
from scheduler.optimizer.focus import Focus, focus_on, no_focus
from scheduler.optimizer.network import Network, build_network
from scheduler.optimizer.packed import Packed, pack
from scheduler.optimizer.shifts import build_oracle

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem

every_kind = pytest.mark.parametrize("make", [random_problem, tangled_problem])
cases = {"of": st.integers(0, 200), "seed": st.integers(0, 2**32 - 1), "slack": st.sampled_from([0.0, 5.0, 200.0])}
often = settings(max_examples=40, deadline=None)
NOISE = 1e-6


class Focused:
    """A focus at random prices, with what it was made from."""

    def __init__(self, problem: Problem, seed: int, slack: float):
        self.problem, self.network = problem, build_network(problem)
        self.packed: Packed = pack(self.network)
        self.price = np.random.default_rng([seed, 9]).choice([0.0, 0.0, 1.0, 5.0], problem.limit.shape)
        _, plan = build_oracle(self.network).cheapest(self.price)
        first = self.network.member[self.network.member_start[:-1]]
        self.best = plan.shift[first]
        self.focus: Focus = focus_on(self.packed, self.price, self.best, slack)

    def shifts_of(self, v: int) -> list[int]:
        return self.focus.shift[self.focus.start[v] : self.focus.start[v + 1]].tolist()

    def cost(self, v: int, shift: int) -> float:
        """Give what a node costs at a shift, from its members one by one: shifting, switching and load."""
        return sum(cheapest_place(self.problem, self.price, int(j), shift) for j in members(self.network, v))


def members(network: Network, v: int) -> NDArray[np.int32]:
    return network.member[network.member_start[v] : network.member_start[v + 1]]


def cheapest_place(problem: Problem, price: NDArray[np.float64], j: int, shift: int) -> float:
    """Give what activity `j` costs at a shift, on its cheapest alternative."""
    profiles = problem.profiles
    costs = []
    for a in range(problem.alternative_start[j], problem.alternative_start[j + 1]):
        cost = float(problem.alternative_cost[a])
        profile = problem.alternative_profile[a]
        for piece in range(profiles.piece_start[profile], profiles.piece_start[profile + 1]):
            values = profiles.values[profiles.value_start[piece] : profiles.value_start[piece + 1]]
            for place, value in enumerate(values):
                slot = problem.usual_slot[j] + shift + profiles.first_slot[piece] + place
                if 0 <= slot < problem.slots:
                    cost += float(problem.heads[j] * value * price[profiles.meter[piece], slot])
        costs.append(cost)
    away = abs(shift - problem.reference[j])
    return float(problem.slot_cost[j] * away + (problem.move_cost[j] if away else 0.0)) + min(costs)


@every_kind
@often
@given(**cases)
def test_sensible_shifts_are_those_within_the_slack_and_no_others(
    make: Callable[[int], Problem], of: int, seed: int, slack: float
):
    """Of the shifts a node may have; the place that its neighbours leave it in the cheapest plan is the measure."""
    focused = Focused(make(of), seed, slack)
    network = focused.network
    for v in range(network.nodes):
        most = focused.cost(v, int(focused.best[v])) + slack
        found = focused.shifts_of(v)
        for shift in range(network.low[v], network.high[v] + 1):
            cost = focused.cost(v, shift)
            if abs(cost - most) > NOISE:
                assert (shift in found) == (cost < most)
        assert found == sorted(set(found))
        assert all(network.low[v] <= shift <= network.high[v] for shift in found)


@every_kind
@often
@given(**cases)
def test_the_cheapest_place_of_every_node_is_sensible(make: Callable[[int], Problem], of: int, seed: int, slack: float):
    """That of the cheapest plan, and the cheapest of all that its windows allow."""
    focused = Focused(make(of), seed, slack)
    for v in range(focused.network.nodes):
        low, high = int(focused.network.low[v]), int(focused.network.high[v])
        found = focused.shifts_of(v)
        assert focused.best[v] in found
        assert min(range(low, high + 1), key=lambda shift: (round(focused.cost(v, shift), 6), shift)) in found


@every_kind
@often
@given(**cases)
def test_slots_list_the_nodes_with_a_choice_by_where_they_would_begin(
    make: Callable[[int], Problem], of: int, seed: int, slack: float
):
    focused = Focused(make(of), seed, slack)
    focus, network, problem = focused.focus, focused.network, focused.problem
    choosers = [v for v in range(network.nodes) if len(focused.shifts_of(v)) > 1]
    assert focus.node.tolist() == choosers
    pairs = [
        (int(problem.usual_slot[members(network, v)[0]] + shift), v, shift)
        for v in choosers
        for shift in focused.shifts_of(v)
    ]
    listed = [
        (slot, int(focus.slot_node[at]), int(focus.slot_shift[at]))
        for slot in range(problem.slots)
        for at in range(focus.slot_start[slot], focus.slot_start[slot + 1])
    ]
    assert sorted(listed) == sorted(pairs)


def test_more_slack_only_adds_shifts():
    for seed in range(20):
        narrow, wide = (Focused(random_problem(seed), seed, slack) for slack in (1.0, 50.0))
        assert all(set(narrow.shifts_of(v)) <= set(wide.shifts_of(v)) for v in range(narrow.network.nodes))
        assert len(narrow.focus.shift) <= len(wide.focus.shift)


def test_where_two_places_cost_the_same_both_are_sensible_without_slack():
    """30 heads that start at 08:00 pay 5 each from 07:55 on, as much as 5 minutes' shift cost; later is dearer."""
    problem = build_problem(region_of([session("s", earliest="08:00")], capacity=10), 0)
    packed = pack(build_network(problem))
    price = np.zeros(problem.limit.shape)
    price[0, 8 * 12 - 1] = 5.0
    focus = focus_on(packed, price, np.zeros(1, dtype=np.int32), 0.0)
    assert focus.shift.tolist() == [0, 1]
    assert focus.node.tolist() == [0]


def test_a_focus_on_nothing_holds_nothing():
    focus = no_focus(3, 288)
    assert [len(one) for one in focus] == [0, 4, 0, 289, 0, 0]
    assert not focus.start.any()
    assert not focus.slot_start.any()
