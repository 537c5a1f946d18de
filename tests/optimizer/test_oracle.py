"""The oracle: everything at its cheapest at given prices, exact for trees and cycles alike (ENGINE section 2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import region_of, session
from exact_model import exact_cheapest
from random_regions import random_problem, tangled_problem

from scheduler.domain.problem import build_problem
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.network import build_network
from scheduler.optimizer.pricing import activity_costs, plan_load
from scheduler.optimizer.shifts import build_oracle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import DayPlan, Problem
    from scheduler.optimizer.network import Network

ROUNDING = 1e-5
"""By so much a level of a component with cycles may the total fall short: costs are rounded down there."""

CASES = [(make, seed) for make in (random_problem, tangled_problem) for seed in range(40)]
every_case = pytest.mark.parametrize(
    ("make", "seed"), CASES, ids=[f"{make.__name__.split('_')[0]}-{seed}" for make, seed in CASES]
)


def prices(problem: Problem, seed: int) -> NDArray[np.float64]:
    """Draw whole prices, many of them 0 and many equal, so that ties are common; 0 where unlimited."""
    draw = np.random.default_rng([seed, 3])
    drawn = draw.choice([0, 0, 1, 5, 40], size=problem.limit.shape) * draw.integers(1, 4)
    return np.where(np.isfinite(problem.limit), drawn, 0).astype(np.float64)


def paid(problem: Problem, plan: DayPlan, price: NDArray[np.float64]) -> float:
    """Give what a plan costs where each unit of load costs `price`."""
    return float(activity_costs(problem, plan).sum() + (price * plan_load(problem, plan)).sum())


def shortfall_at_most(network: Network) -> float:
    return ROUNDING * network.level_start[-1]


@every_case
def test_total_is_the_exact_minimum_and_never_above_it(make, seed: int):
    problem = make(seed)
    price = prices(problem, seed)
    exact, _ = exact_cheapest(problem, price)
    network = build_network(problem)
    total, _ = build_oracle(network).cheapest(price)
    assert exact - shortfall_at_most(network) <= total + 1e-6
    assert total <= exact + 1e-6


@every_case
def test_plan_keeps_the_rules(make, seed: int):
    problem = make(seed)
    _, plan = build_oracle(build_network(problem)).cheapest(prices(problem, seed))
    assert keeps_rules(problem, plan)


@every_case
def test_plan_costs_the_total(make, seed: int):
    problem = make(seed)
    price = prices(problem, seed)
    network = build_network(problem)
    total, plan = build_oracle(network).cheapest(price)
    assert paid(problem, plan, price) == pytest.approx(total, abs=shortfall_at_most(network) + 1e-6)


def test_the_cases_hold_trees_and_cycles():
    oracles = [build_oracle(build_network(make(seed))) for make, seed in CASES]
    assert sum(len(oracle.cuts.flows) > 0 for oracle in oracles) >= 10
    assert sum(len(oracle.forest.parent) > 0 and (oracle.forest.parent >= 0).any() for oracle in oracles) >= 10


def test_prices_may_be_any_numbers():
    """Costs that are no whole number of units in the maximum flow: the total stays below, and near, what is paid."""
    for seed in range(10):
        problem = tangled_problem(seed)
        price = np.random.default_rng(seed).uniform(0, 7, problem.limit.shape)
        network = build_network(problem)
        total, plan = build_oracle(network).cheapest(price)
        cost = paid(problem, plan, price)
        assert cost - shortfall_at_most(network) - 1e-6 <= total <= cost + 1e-6


def test_an_oracle_can_be_asked_again_and_again():
    """The maximum flow keeps its arcs and gets new capacities: what was asked before must leave no trace."""
    problem = tangled_problem(3)
    oracle = build_oracle(build_network(problem))
    first, second = prices(problem, 1), prices(problem, 2)
    before, _ = oracle.cheapest(first)
    oracle.cheapest(second)
    again, _ = oracle.cheapest(first)
    assert again == before


def test_at_no_prices_the_usual_timetable_is_cheapest():
    problem = random_problem(0)
    total, plan = build_oracle(build_network(problem)).cheapest(np.zeros(problem.limit.shape))
    assert total == 0
    assert not plan.shift.any()
    assert not plan.alternative.any()


def test_with_base_0_only_load_is_paid_for():
    """30 heads at 08:00 pay 30 a slot from 07:55 to 08:10 and a quarter of it in the next one, after which all is free.

    That is less than the 150 of 5 minutes' shift. With base 0 shifting is free, and an hour later costs nothing.
    """
    problem = build_problem(region_of([session("s")], capacity=100), 0)
    price = np.zeros(problem.limit.shape)
    price[0, : 8 * 12 + 3] = 1.0
    assert build_oracle(build_network(problem)).cheapest(price)[0] == pytest.approx(97.5)
    assert build_oracle(build_network(problem), base=0.0).cheapest(price)[0] == 0


def test_the_first_of_equal_alternatives_is_taken():
    problem = build_problem(region_of([session("s", platforms="ent|ent@async")], capacity=100), 0)
    free = replace(problem, alternative_cost=np.zeros_like(problem.alternative_cost))
    _, plan = build_oracle(build_network(free)).cheapest(np.zeros(free.limit.shape))
    assert plan.alternative.tolist() == [0]
