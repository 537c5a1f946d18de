"""Teams of shards: what is shared out among them adds up, and what they tell is what their plans come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import region_of, session
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_plans, random_problem, tangled_problem
from shards import FINE, ByHand

from scheduler.domain.problem import DayPlan, Problem, build_problem, usual_day
from scheduler.optimizer.change import Charges
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.params import RoundingParams, SearchParams, ShardParams
from scheduler.optimizer.pricing import objective, plan_load
from scheduler.optimizer.tasks import Draw, Stretch, draw, give, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.optimizer.work import Ask

often = settings(max_examples=25, deadline=None)
every_kind = pytest.mark.parametrize("make", [random_problem, tangled_problem])
WAVES = [ShardParams(activities=3, search_waves=most, rounding_waves=most) for most in (1, 2, 1000)]
cases = {"of": st.integers(0, 200), "seed": st.integers(0, 1000), "params": st.sampled_from(WAVES)}
SEARCH = SearchParams()


def charges_of(problem: Problem, ceiling: float = np.inf) -> Charges:
    return Charges(problem.limit.ravel(), problem.overload_price, np.full(problem.limit.size, ceiling), 0.5)


def plan_of(asked: ByHand, team: int = 0) -> DayPlan:
    """Give the plan where a team stands, from its shards."""
    size = len(asked.teams.parts)
    return asked.teams.joined([shard.plan for shard in asked.shards[team * size : (team + 1) * size]])


def messages(asks: list[Ask], task: Callable[..., object]) -> list[list[Draw | Stretch | None]]:
    """Give what was asked of one kind, wave by wave."""
    return [list(ask.messages) for ask in asks if ask.task is task]


def searched(asked: ByHand, temperature: float, seed: int, charges: Charges | None = None) -> None:
    count = asked.teams.count
    charged = charges or charges_of(asked.problem)
    seeds = [seed + team for team in range(count)]
    asked.do(asked.teams.search([charged] * count, SEARCH, 300, [temperature] * count, seeds))


@every_kind
@often
@given(**cases)
def test_the_limits_of_a_wave_add_up_to_what_the_rest_leaves_of_the_limit(
    make, of: int, seed: int, params: ShardParams
):
    """So do the ceilings. What is free, or above the limit, is shared out evenly; the rest stands still meanwhile."""
    problem = make(of)
    asked = ByHand(problem, params)
    (plan,) = random_plans(problem, seed, 1)
    asked.do(asked.teams.take([plan]))
    charges = charges_of(problem, ceiling=7.0)
    loads = [plan_load(shard.part.problem, shard.plan).ravel() for shard in asked.shards]
    generator = asked.teams.search([charges], SEARCH, 300, [5.0], [seed])
    ask = next(generator)
    waves = 0
    while True:
        wave = [at for at, message in enumerate(ask.messages) if message is not None]
        assert wave
        rest = sum((loads[at] for at in range(len(loads)) if at not in wave), np.zeros(problem.limit.size))
        limits = sum(ask.messages[at].charges.limit for at in wave)
        ceilings = sum(ask.messages[at].charges.ceiling for at in wave)
        np.testing.assert_allclose(limits + rest, charges.limit, atol=1e-6)
        np.testing.assert_allclose(ceilings + rest, charges.ceiling, atol=1e-6)
        free = [ask.messages[at].charges.limit - loads[at] for at in wave]
        np.testing.assert_allclose(free, [free[0]] * len(wave), atol=1e-6)
        results = [ask.task(shard, message) for shard, message in zip(asked.shards, ask.messages, strict=True)]
        loads = [plan_load(shard.part.problem, shard.plan).ravel() for shard in asked.shards]
        waves += 1
        try:
            ask = generator.send(results)
        except StopIteration:
            break
    assert waves == min(params.search_waves, len(asked.shards))


@every_kind
@often
@given(**cases)
def test_every_shard_is_in_one_wave(make, of: int, seed: int, params: ShardParams):
    asked = ByHand(make(of), params)
    searched(asked, 5.0, seed)
    told = messages(asked.asked, search)
    assert [sum(message is not None for message in one) for one in zip(*told, strict=True)] == [1] * len(asked.shards)


@every_kind
@often
@given(**cases)
def test_the_moves_of_a_team_are_shared_out_by_size(make, of: int, seed: int, params: ShardParams):
    asked = ByHand(make(of), params)
    searched(asked, 5.0, seed)
    moves = sum(message.moves for wave in messages(asked.asked, search) for message in wave if message)
    assert moves == pytest.approx(300, abs=len(asked.shards))


@every_kind
@often
@given(**cases)
def test_what_a_team_is_known_by_is_what_its_plan_comes_to(make, of: int, seed: int, params: ShardParams):
    """Load and objective of the shards' plans together, after plans taken, and after a hot search."""
    problem = make(of)
    asked = ByHand(problem, params, count=2)
    asked.do(asked.teams.take(random_plans(problem, seed, 2)))
    for _ in range(2):
        for team in range(2):
            plan = plan_of(asked, team)
            assert keeps_rules(problem, plan)
            np.testing.assert_allclose(asked.teams.load(team), plan_load(problem, plan), atol=1e-6)
            assert asked.teams.objective(team) == pytest.approx(objective(problem, plan))
        searched(asked, 50.0, seed)


@every_kind
@often
@given(**cases)
def test_without_heat_shards_that_search_at_once_never_make_the_whole_dearer(
    make, of: int, seed: int, params: ShardParams
):
    """Overload is convex: what the shares of a limit gain together, the limit gains at least."""
    problem = make(of)
    asked = ByHand(problem, params)
    asked.do(asked.teams.take(random_plans(problem, seed, 1)))
    before = asked.teams.objective(0)
    for step in range(3):
        searched(asked, 0.0, seed + step)
        assert asked.teams.objective(0) <= before + 1e-6
        before = asked.teams.objective(0)


@every_kind
@often
@given(**cases)
def test_each_shard_rounds_beside_all_that_stands_and_is_expected(make, of: int, seed: int, params: ShardParams):
    """The limits that it is given are the whole's less what the others load, placed or expected so far."""
    problem = make(of)
    asked = ByHand(problem, params)
    dual = asked.dual()
    ends = np.cumsum([0, *(part.groups for part in asked.teams.parts)])
    loads = [dual.load[ends[at] : ends[at + 1]].sum(axis=0).ravel() for at in range(len(asked.shards))]
    charges = charges_of(problem)
    generator = asked.teams.draw(dual, charges, RoundingParams(), [seed])
    answers = None
    while True:
        try:
            ask = generator.send(answers)
        except StopIteration:
            break
        for at, message in enumerate(ask.messages):
            if message is not None:
                others = sum((load for other, load in enumerate(loads) if other != at), np.zeros(problem.limit.size))
                np.testing.assert_allclose(message.charges.limit, charges.limit - others, atol=1e-6)
                assert message.weights.shape == (len(dual.weights), asked.teams.parts[at].groups)
        answers = [ask.task(shard, message) for shard, message in zip(asked.shards, ask.messages, strict=True)]
        for at, message in enumerate(ask.messages):
            if message is not None:
                loads[at] = plan_load(asked.shards[at].part.problem, asked.shards[at].plan).ravel()
    assert keeps_rules(problem, plan_of(asked))
    assert asked.teams.objective(0) == pytest.approx(objective(problem, plan_of(asked)))


@every_kind
def test_a_plan_divided_and_joined_is_the_plan(make):
    for of in range(10):
        problem = make(of)
        teams = ByHand(problem, FINE).teams
        for plan in random_plans(problem, of, 3):
            again = teams.joined(teams.divided(plan))
            assert again.shift.tolist() == plan.shift.tolist()
            assert again.alternative.tolist() == plan.alternative.tolist()


def test_a_team_keeps_its_best_and_goes_back_to_it():
    problem = random_problem(4)
    asked = ByHand(problem, FINE, count=2)
    first, second, third = random_plans(problem, 4, 3)
    asked.do(asked.teams.take([first, second]))
    asked.do(asked.teams.keep(1))
    asked.do(asked.teams.take([third, third]))
    given_back = asked.do(asked.teams.tell(give, True, changes=False))
    kept = [asked.teams.joined(plans).shift.tolist() for plans in given_back]
    assert kept == [usual_day(problem).shift.tolist(), second.shift.tolist()]
    asked.do(asked.teams.go_back())
    assert plan_of(asked, 1).shift.tolist() == second.shift.tolist()
    assert asked.teams.objective(1) == pytest.approx(objective(problem, second))


def test_teams_draw_and_search_from_seeds_of_their_own():
    rows = [session(f"s{at}", heads=10 + at % 8) for at in range(24)]
    asked = ByHand(build_problem(region_of(rows, capacity=200), 0), ShardParams(groups=1, fewest_groups=1), count=4)
    dual = asked.dual()
    assert (dual.weights > 0).sum(axis=0).max() > 1, "there is something to draw from"
    for shard in asked.shards:
        shard.passes = asked.shards[0].passes
    asked.do(asked.teams.draw(dual, charges_of(asked.problem), RoundingParams(draws=1), [1, 2, 3, 1]))
    drawn = [plan_of(asked, team).shift.tolist() for team in range(4)]
    assert drawn[0] == drawn[3]
    assert len({str(one) for one in drawn}) > 1
    searched(asked, 5.0, 0)
    seeds = [message.seed for wave in messages(asked.asked, search) for message in wave]
    assert len(set(seeds)) == 4


def test_the_survey_counts_everything_once():
    """However many teams: 24 sessions of 30 heads, each 150 head-minutes a slot."""
    rows = [session(f"s{at}", school="ABC"[at % 3]) for at in range(24)]
    problem = build_problem(region_of(rows, capacity=100), 0)
    for params, count in ((ShardParams(), 3), (ShardParams(activities=5), 1)):
        teams = ByHand(problem, params, count).teams
        assert (teams.nodes, teams.slot_cost, teams.heads) == (24, 24 * 150, 24 * 30)
        loaded = teams.loadable[0].nonzero()[0]
        # From 07:30 at the earliest, five minutes before the start, to 09:55 at the latest.
        assert (loaded.min(), loaded.max()) == (7 * 12 + 5, 10 * 12 - 2)


def test_what_is_drawn_is_asked_in_waves():
    asked = ByHand(random_problem(1), ShardParams(activities=1, rounding_waves=2))
    asked.do(asked.teams.draw(asked.dual(), charges_of(asked.problem), RoundingParams(), [1]))
    told = messages(asked.asked, draw)
    assert len(told) == min(2, len(asked.shards))
    assert len(asked.shards) > 2
