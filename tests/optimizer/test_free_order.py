"""The parts of ``--reorder``: pairs that can meet, what prices promise, which nodes are freed, and their model."""

from __future__ import annotations

import pickle
from itertools import product

import numpy as np
import pytest
from builders import region_of, session
from random_regions import random_problem, random_swaps, tangled_problem

from scheduler.domain.problem import DayPlan, Problem, build_problem, usual_day
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.free_order import FreeOrder, free_order, promise
from scheduler.optimizer.freed import Chooser, freed
from scheduler.optimizer.params import ReorderParams
from scheduler.optimizer.pricing import level_costs, objective, plan_load, price_profiles
from scheduler.optimizer.reorder import Task, propose
from scheduler.optimizer.reorder_model import solve_freed

SEEDS = range(16)


def problems() -> list[Problem]:
    return [
        *(build_problem(random_swaps(seed), 0) for seed in SEEDS),
        *map(random_problem, SEEDS),
        *map(tangled_problem, SEEDS),
    ]


every_problem = pytest.mark.parametrize("problem", problems())


def prices_for(problem: Problem) -> np.ndarray:
    return np.random.default_rng(len(problem)).uniform(0, 5, problem.limit.shape)


def apart(free: FreeOrder, shift: np.ndarray) -> bool:
    one, other = shift[free.one], shift[free.other]
    return bool(((other >= one + free.kept) | (one >= other + free.swapped)).all())


@every_problem
def test_pairs_that_can_meet_say_as_much_as_all_pairs(problem: Problem):
    free, draw = free_order(problem), np.random.default_rng(1)
    network = free.network
    for _ in range(40):
        shift = draw.integers(network.low, network.high + 1).astype(np.int32)
        plan = DayPlan(shift[network.node], np.zeros(len(problem), dtype=np.int32))
        assert apart(free, shift) == keeps_rules(problem, plan, order_kept=False)


@every_problem
def test_the_other_order_of_a_pair_costs_what_trying_all_shifts_says(problem: Problem):
    free = free_order(problem)
    network, price = free.network, prices_for(problem)
    costs = level_costs(free.packed, price_profiles(free.packed, price))
    shift = np.zeros(free.nodes, dtype=np.int32)
    told = promise(free, shift, price)

    def cost(node: int, at: int) -> float:
        return costs[network.level_start[node] + at - network.low[node]]

    least = [min(costs[a:b]) for a, b in zip(network.level_start, network.level_start[1:], strict=False)]
    slack = [cost(node, 0) - least[node] for node in range(free.nodes)]
    assert told.slack == pytest.approx(slack)
    for pair, (one, other, swapped) in enumerate(zip(free.one, free.other, free.swapped, strict=True)):
        ways = product(*(range(network.low[node], network.high[node] + 1) for node in (one, other)))
        # Where nothing moves every pair is in its usual order.
        both = min((cost(one, a) + cost(other, b) for a, b in ways if a >= b + swapped), default=np.inf)
        around = {one, other, *free.near_of(one).tolist()}, {one, other, *free.near_of(other).tolist()}
        saved = sum(slack[node] for side in around for node in side) - slack[one] - slack[other]
        assert told.gain[pair] == pytest.approx(saved - (both - least[one] - least[other]))


def test_fifty_five_minutes_in_a_row_swap_only_at_the_ends_of_an_hour():
    """8:00 and 9:00, 55 minutes each, shifts up to 60: 9:00 and 8:00 are the only other order."""
    rows = [session("a", teachers="X"), session("b", start="09:00", teachers="X", earliest="08:00")]
    free = free_order(build_problem(region_of(rows), 0))
    assert (free.swapped.tolist(), free.can_change().tolist()) == ([24], [True])
    free = free_order(build_problem(region_of(rows, max_shift_minutes=55), 0))
    assert free.can_change().tolist() == [False]


@every_problem
def test_no_pair_reaches_from_one_set_to_another_and_none_is_tried_twice(problem: Problem):
    free = free_order(problem)
    chooser = Chooser(free, ReorderParams(nodes=2, blind_proposals=100))
    told = promise(free, np.zeros(free.nodes, dtype=np.int32), prices_for(problem))
    rounds = 0
    while sets := chooser.choose(told, 4):
        rounds += 1
        of = np.full(free.nodes, -1)
        for number, nodes in enumerate(sets):
            assert len(nodes) <= 2
            assert (of[nodes] == -1).all()
            of[nodes] = number
        one, other = of[free.one], of[free.other]
        assert (one == other)[(one >= 0) & (other >= 0)].all()
    assert rounds <= free.can_change().sum()
    assert chooser.tried.all()


def test_blind_proposals_are_counted():
    problem = build_problem(random_swaps(7), 0)
    free = free_order(problem)
    chooser = Chooser(free, ReorderParams(nodes=2, blind_proposals=1))
    told = promise(free, np.zeros(free.nodes, dtype=np.int32), np.zeros(problem.limit.shape))
    # At prices of 0 everything is best at its usual start.
    assert (told.gain <= 0).all()
    assert [len(chooser.choose(told, 4)), len(chooser.choose(told, 4))] == [1, 0]


@every_problem
def test_what_is_proposed_for_some_nodes_keeps_the_rules_beside_the_others_and_pays(problem: Problem):
    free, plan = free_order(problem), usual_day(problem)
    load, no_ceiling = plan_load(problem, plan), np.full(problem.limit.shape, np.inf)
    before = objective(problem, plan)
    nodes = np.flatnonzero(np.arange(free.nodes) % 3 < 2).astype(np.int32)
    # A task goes to its seat as bytes.
    found = propose(None, pickle.loads(pickle.dumps(Task(freed(free, nodes, plan, load, no_ceiling), 1.0, 0))))  # noqa: S301
    if found is not None:
        mine = np.isin(free.network.node, nodes)
        plan.shift[mine], plan.alternative[mine] = found.plan.shift, found.plan.alternative
    assert keeps_rules(problem, plan, order_kept=False)
    assert objective(problem, plan) <= before + 1e-6


def test_a_seat_with_nothing_to_do_says_so():
    assert propose(None, None) is None


def two_in_a_row(**policy: float) -> Problem:
    rows = [
        session("big", teachers="X", heads=1_000_000, weight=1e9, minutes=25),
        session("small", teachers="X", start="08:30", heads=1, minutes=25),
    ]
    return build_problem(region_of(rows, capacity=10, **policy), 0)


@pytest.mark.parametrize("overload_weight", [1e9, 10.0, 0.0])
def test_huge_figures_overflow_nowhere(overload_weight: float):
    problem = two_in_a_row(overload_weight=overload_weight)
    free, usual = free_order(problem), usual_day(problem)
    load, no_ceiling = plan_load(problem, usual), np.full(problem.limit.shape, np.inf)
    found = solve_freed(freed(free, np.arange(2, dtype=np.int32), usual, load, no_ceiling), 0.1, 0)
    assert found is None or keeps_rules(problem, found.plan, order_kept=False)


def test_a_ceiling_is_not_passed():
    """Two sessions of 30 heads at 8:00 are too many for 45; one moves later, unless those slots are closed."""
    rows = [session("a", minutes=25, earliest="08:00"), session("b", minutes=25, earliest="08:00")]
    problem = build_problem(region_of(rows, capacity=45, max_shift_minutes=15), 0)
    free, usual = free_order(problem), usual_day(problem)
    nodes, load = np.arange(2, dtype=np.int32), plan_load(problem, usual)
    found = solve_freed(freed(free, nodes, usual, load, np.full(load.shape, np.inf)), 1.0, 0)
    assert found is not None
    ceiling = np.where(plan_load(problem, found.plan) > load, load, np.inf)
    held = solve_freed(freed(free, nodes, usual, load, ceiling), 1.0, 0)
    plan = usual if held is None else held.plan
    assert (plan_load(problem, plan) <= ceiling + 1e-9).all()
    assert objective(problem, found.plan) < objective(problem, plan)
