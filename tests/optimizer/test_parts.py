"""A date cut into parts: nothing but the load is shared between them, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import region_of, session
from hypothesis import given, settings
from hypothesis import strategies as st
from random_references import random_reference
from random_regions import random_plans, random_problem, random_region, tangled_problem

from scheduler.domain.problem import DayPlan, Problem, build_problem
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.network import build_network, number_sets
from scheduler.optimizer.params import ShardParams
from scheduler.optimizer.parts import Part, cut
from scheduler.optimizer.pricing import activity_costs, group_loads, plan_load

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = [ShardParams(activities=size, groups=groups) for size, groups in ((1, 64), (3, 2), (4, 64), (1000, 5))]

every_kind = pytest.mark.parametrize("make", [random_problem, tangled_problem])
cases = {"seed": st.integers(0, 200), "params": st.sampled_from(SMALL)}
often = settings(max_examples=40, deadline=None)


def compared_problem(seed: int) -> Problem:
    """Give a problem that is compared with a former plan, some of it between slots."""
    region = random_region(seed)
    return build_problem(region, 0, random_reference(region, seed))


def part_of(parts: list[Part], count: int) -> np.ndarray:
    """Give the number of the part that each activity is in."""
    where = np.full(count, -1)
    for number, part in enumerate(parts):
        where[part.place] = number
    return where


def share(part: Part, plan: DayPlan) -> DayPlan:
    return DayPlan(plan.shift[part.place], plan.alternative[part.place])


@every_kind
@often
@given(**cases)
def test_every_activity_is_in_exactly_one_part(make: Callable[[int], Problem], seed: int, params: ShardParams):
    problem = make(seed)
    parts = cut(problem, params)
    places = np.concatenate([part.place for part in parts])
    assert sorted(places.tolist()) == list(range(len(problem)))
    for part in parts:
        assert len(part) == len(part.problem) == len(part.group) > 0
        assert (np.diff(part.place) > 0).all()
        assert part.problem.row.tolist() == problem.row[part.place].tolist()


@every_kind
@often
@given(**cases)
def test_no_distance_and_no_tie_leaves_a_part_and_none_is_lost(
    make: Callable[[int], Problem], seed: int, params: ShardParams
):
    """The parts' own distances and ties, in the whole's numbers, are the whole's: so none is between two parts."""
    problem = make(seed)
    parts = cut(problem, params)
    distances = [
        (int(part.place[before]), int(part.place[after]), int(distance))
        for part in parts
        for before, after, distance in zip(part.problem.before, part.problem.after, part.problem.distance, strict=True)
    ]
    ties = [
        (int(part.place[one]), int(part.place[other]))
        for part in parts
        for one, other in zip(part.problem.tied, part.problem.tied_to, strict=True)
    ]
    whole = zip(problem.before.tolist(), problem.after.tolist(), problem.distance.tolist(), strict=True)
    assert sorted(distances) == sorted(whole)
    assert sorted(ties) == sorted(zip(problem.tied.tolist(), problem.tied_to.tolist(), strict=True))


@every_kind
@often
@given(**cases)
def test_groups_and_parts_hold_whole_components(make: Callable[[int], Problem], seed: int, params: ShardParams):
    """As the distances and ties have it, a plan of a group is feasible whatever the other groups do."""
    problem = make(seed)
    parts = cut(problem, params)
    group = np.zeros(len(problem), dtype=int)
    for part in parts:
        assert 0 <= part.group.min() <= part.group.max() < part.groups
        assert len(set(part.group.tolist())) == part.groups, "no group is empty"
        group[part.place] = part.group
    where = part_of(parts, len(problem))
    connected = number_sets(
        len(problem), np.concatenate([problem.before, problem.tied]), np.concatenate([problem.after, problem.tied_to])
    )
    hands = {(int(one), int(at), int(of)) for one, at, of in zip(connected, where, group, strict=True)}
    assert len(hands) == connected.max() + 1


@pytest.mark.parametrize("make", [random_problem, tangled_problem, compared_problem])
@often
@given(plan_seed=st.integers(0, 100), **cases)
def test_loads_and_costs_of_the_parts_add_up_to_the_wholes(
    make: Callable[[int], Problem], seed: int, params: ShardParams, plan_seed: int
):
    problem = make(seed)
    parts = cut(problem, params)
    (plan,) = random_plans(problem, plan_seed, 1)
    load = sum(plan_load(part.problem, share(part, plan)) for part in parts)
    np.testing.assert_allclose(load, plan_load(problem, plan), atol=1e-6)
    costs = activity_costs(problem, plan)
    for part in parts:
        assert activity_costs(part.problem, share(part, plan)).tolist() == costs[part.place].tolist()
        by_group = group_loads(part.problem, share(part, plan), part.group, part.groups)
        np.testing.assert_allclose(by_group.sum(axis=0), plan_load(part.problem, share(part, plan)), atol=1e-6)


@every_kind
@often
@given(plan_seed=st.integers(0, 100), **cases)
def test_a_plan_keeps_the_rules_where_each_part_of_it_does(
    make: Callable[[int], Problem], seed: int, params: ShardParams, plan_seed: int
):
    """Put together from the parts' own plans, and tried with starts that break rules now and then."""
    problem = make(seed)
    parts = cut(problem, params)
    shift = np.zeros(len(problem), dtype=np.int32)
    alternative = np.zeros(len(problem), dtype=np.int32)
    for number, part in enumerate(parts):
        (own,) = random_plans(part.problem, plan_seed + number, 1)
        assert keeps_rules(part.problem, own)
        shift[part.place], alternative[part.place] = own.shift, own.alternative
    assert keeps_rules(problem, DayPlan(shift, alternative))
    anywhere = DayPlan(np.random.default_rng(plan_seed).integers(problem.low, problem.high + 1), alternative)
    assert keeps_rules(problem, anywhere) == all(keeps_rules(part.problem, share(part, anywhere)) for part in parts)


@every_kind
@often
@given(**cases)
def test_the_same_date_is_cut_the_same_way(make: Callable[[int], Problem], seed: int, params: ShardParams):
    first, again = cut(make(seed), params), cut(make(seed), params)
    assert [part.place.tolist() for part in first] == [part.place.tolist() for part in again]
    assert [part.group.tolist() for part in first] == [part.group.tolist() for part in again]


@every_kind
def test_the_parts_of_a_network_are_the_networks_of_its_parts(make: Callable[[int], Problem]):
    """Windows are as tight in a part as in the whole: nobody else could tighten them."""
    for seed in range(20):
        problem = make(seed)
        network = build_network(problem)
        for part in cut(problem, SMALL[0]):
            own = build_network(part.problem)
            assert own.low[own.node].tolist() == network.low[network.node[part.place]].tolist()
            assert own.high[own.node].tolist() == network.high[network.node[part.place]].tolist()


# How much goes where


def crowd(count: int) -> Problem:
    """Give sessions without sharers, of 10 to 17 heads."""
    return build_problem(region_of([session(f"s{at}", heads=10 + at % 8) for at in range(count)]), 0)


@pytest.mark.parametrize(
    ("count", "activities", "groups", "found"),
    [
        (32, 8, 8, [(8, 2)] * 4),
        (32, 1000, 8, [(32, 8)]),
        (32, 8, 1, [(8, 1)] * 4),
        (32, 16, 64, [(16, 16)] * 2),
        (3, 1, 64, [(1, 1)] * 3),
        (1, 1, 64, [(1, 1)]),
    ],
)
def test_as_many_parts_and_groups_as_asked_for_and_no_more_than_there_are_components(
    count: int, activities: int, groups: int, found: list[tuple[int, int]]
):
    parts = cut(crowd(count), ShardParams(activities=activities, groups=groups, fewest_groups=1))
    assert [(len(part), part.groups) for part in parts] == found


def test_however_many_parts_each_has_some_groups():
    parts = cut(crowd(32), ShardParams(activities=8, groups=8, fewest_groups=4))
    assert [(len(part), part.groups) for part in parts] == [(8, 4)] * 4


def test_parts_and_groups_have_about_equal_heads():
    parts = cut(crowd(64), ShardParams(activities=16, groups=16))
    heads = [np.bincount(part.group, weights=part.problem.heads).tolist() for part in parts]
    assert heads == [[54.0] * 4] * 4


def test_an_empty_date_is_one_empty_part():
    (part,) = cut(build_problem(region_of([session("s", day="TU")]), 0), ShardParams())
    assert len(part) == 0


def test_parts_keep_networks_as_told():
    for keep in (True, False):
        assert {part.keep_networks for part in cut(crowd(4), ShardParams(activities=1, keep_networks=keep))} == {keep}
