"""One date, from the usual timetable to a plan with a proven bound; it can be stopped at any time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.load import OVERLOADED_FROM
from scheduler.domain.outcome import DayResult
from scheduler.domain.problem import reference_day
from scheduler.optimizer.change import Charges
from scheduler.optimizer.local_search import first_temperature
from scheduler.optimizer.neighbourhoods import Rounds
from scheduler.optimizer.network import build_network
from scheduler.optimizer.packed import pack
from scheduler.optimizer.parts import Part, cut
from scheduler.optimizer.prices import DualSolution, Limits, solve_dual
from scheduler.optimizer.pricing import objective, overload
from scheduler.optimizer.raises import smallest_raises
from scheduler.optimizer.reduced_costs import build_guide
from scheduler.optimizer.tasks import (
    Aim,
    Given,
    Search,
    Shard,
    aim,
    begin_passes,
    give,
    lend_passes,
    search_neighbourhood,
)
from scheduler.optimizer.teams import Teams
from scheduler.optimizer.work import Progress

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.problem import DayPlan, Problem
    from scheduler.optimizer.params import SolveParams
    from scheduler.optimizer.work import Ask, Control

    Steps = Generator[Ask, list[Any], None]

PRICES_SHARE = 0.6
"""Of limited time, what the prices may take; the rest is for the plan."""

CEILING_PRICE = 100.0
"""A connection above a ceiling costs this many times one above the limit: a ceiling is to hold, not to be weighed."""

ROUNDING = 1e-7
"""A gap this small is only the rounding down of the bound (see scheduler.optimizer.cuts)."""

HOLDS = 1e-6
"""Connections above a ceiling that are rounding of floats."""


@dataclass(frozen=True)
class Start:
    """Where one date may begin from: a former plan of it. The result is as good without.

    Attributes
    ----------
    plan : DayPlan or None
        May break rules: then only its prices serve.
    price : ndarray of float64 or None, shape (meters, slots)
    """

    plan: DayPlan | None = None
    price: NDArray[np.float64] | None = None


def keeps_rules(problem: Problem, plan: DayPlan, *, order_kept: bool = True) -> bool:
    """Tell whether a plan keeps every bound, distance and tie of its problem; sharers in either order if so wished."""
    ways = np.diff(problem.alternative_start)
    before, after = plan.shift[problem.before], plan.shift[problem.after]
    apart = after >= before + problem.distance
    if not order_kept:
        apart |= before >= after + problem.swapped
    return bool(
        (problem.low <= plan.shift).all()
        and (plan.shift <= problem.high).all()
        and apart.all()
        and (plan.shift[problem.tied] == plan.shift[problem.tied_to]).all()
        and (plan.alternative >= 0).all()
        and (plan.alternative < ways).all()
    )


def can_stay(problem: Problem) -> bool:
    """Tell whether a plan can be had that costs nothing but overload: the one that plans are compared with."""
    former = reference_day(problem)
    return problem.compares_with_usual or (former is not None and keeps_rules(problem, former))


class ShardedJob:
    """A date cut into shards: what the cost and the level have in common (see scheduler.optimizer.work.Job)."""

    def __init__(self, problem: Problem, params: SolveParams, start: Start):
        self.problem, self.params, self.former = problem, params, start.plan
        self.first_price = start.price
        found = [plan for plan in (start.plan, reference_day(problem)) if plan is not None]
        self.former_plans = [plan for plan in found if keeps_rules(problem, plan)]
        self._parts: list[Part] = []

    def parts(self) -> Sequence[Part]:
        """Cut the date; one that is a single shard is copied for every team."""
        self._parts = cut(self.problem, self.params.shards)
        return self._parts * self._team_count()

    @staticmethod
    def build(part: Part) -> Shard:
        """Build a shard at its seat."""
        return Shard(part)

    def _team_count(self) -> int:
        return max(1, self.params.shards.teams // len(self._parts))

    def teams(self) -> Teams:
        """Give the shards as teams."""
        return Teams(self.problem, self._parts, self._team_count(), self.params.shards)

    def moves(self) -> int:
        """Give how many steps a team tries in a stretch."""
        search, nodes = self.params.search, len(self.problem)
        fewest = min(search.fewest_moves, search.most_moves_per_node * nodes)
        return max(fewest, search.moves_per_node * nodes) // search.stretches

    def temperatures(self, hottest: float) -> list[float]:
        """Give the temperature of each stretch of a round: falling evenly by factor, and 0 at last."""
        search = self.params.search
        last = max(search.stretches - 2, 1)
        return [hottest * search.coldest ** (at / last) for at in range(search.stretches - 1)] + [0.0]


class DayJob(ShardedJob):
    """One date at its cheapest.

    Parameters
    ----------
    problem : Problem
    params : SolveParams
    start : Start
    ceiling : ndarray of float64 or None, shape (meters, slots)
        Loads that the plan must hold, as `start.plan` does.
    """

    def __init__(self, problem: Problem, params: SolveParams, start: Start, ceiling: NDArray[np.float64] | None = None):
        super().__init__(problem, params, start)
        self.ceiling = np.full(problem.limit.shape, np.inf) if ceiling is None else ceiling
        self._charges = Charges(
            problem.limit.ravel(),
            problem.overload_price,
            self.ceiling.ravel(),
            CEILING_PRICE * max(problem.overload_price, 1.0),
        )

    def drive(self, control: Control) -> Generator[Ask, list[Any], DayResult]:
        """Find prices, round, search; from whatever stands, give the best plan."""
        problem, teams = self.problem, self.teams()
        yield from teams.survey()
        best = _Best(teams, self.ceiling)
        yield from best.offer()
        for plan in self.former_plans:
            yield from teams.take([plan] * teams.count)
            yield from best.offer()
        bound, price, raises = 0.0, np.zeros(problem.limit.shape), None
        control.report(Progress(problem.day, "preparing", 0, bound, best.objective))
        # Where nothing can stay as it was, the bound at prices of 0 is not 0: it is worked out whatever time there is.
        if (not self._done(best, bound) and control.stop() is None) or not can_stay(problem):
            dual = yield from self._dual(teams, best, control)
            bound, price = dual.bound, dual.price
            mixture = dual
            if (self.ceiling < problem.limit).any():
                mixture = yield from self._under_ceiling(teams, best, control)
            yield from self._improve(teams, best, mixture, bound, control)
            if best.overload * problem.slot_minutes > OVERLOADED_FROM and control.stop() is None:
                raises = smallest_raises(*dual.history)
        stopped = control.stop()
        reason = "gap" if self._done(best, bound) else (stopped or "work")
        plan = yield from best.plan()
        reached = objective(problem, plan)
        bound = min(bound, reached)
        control.report(Progress(problem.day, "done", 0, bound, reached))
        return DayResult(problem.day, plan, reached, bound, price, reason, raises)

    def _done(self, best: _Best, bound: float) -> bool:
        """Tell whether the proven gap is small enough."""
        return self.params.is_done(best.objective, bound, ROUNDING)

    def _dual(self, teams: Teams, best: _Best, control: Control) -> Generator[Ask, list[Any], DualSolution]:
        """Find the prices that prove the best bound."""

        def go_on(step: int, bound: float, _value: float) -> bool:
            control.report(Progress(self.problem.day, "prices", step, bound, best.objective))
            return control.stop(PRICES_SHARE) is None and not self._done(best, bound)

        # A hundredth of the gap asked for is lost to the prices at most, and rounding is the better for it.
        tolerance = max(self.params.prices.tolerance, self.params.gap / 100)
        return (
            yield from solve_dual(
                teams,
                Limits(self.problem.limit, self.problem.overload_price),
                replace(self.params.prices, tolerance=tolerance),
                go_on,
                first_prices=[
                    *([] if can_stay(self.problem) else [np.zeros(self.problem.limit.shape)]),
                    *([] if self.first_price is None else [self.first_price]),
                ],
                first_plans=self.former_plans,
            )
        )

    def _under_ceiling(self, teams: Teams, best: _Best, control: Control) -> Generator[Ask, list[Any], DualSolution]:
        """Mix passes under a ceiling tighter than the limits; what it proves is not of use, only the passes are."""

        def go_on(step: int, bound: float, _value: float) -> bool:
            control.report(Progress(self.problem.day, "prices", step, bound, best.objective))
            return control.stop(PRICES_SHARE) is None

        tight = Limits(np.minimum(self.problem.limit, self.ceiling), self._charges.ceiling_price)
        return (yield from solve_dual(teams, tight, self.params.prices, go_on, first_plans=self.former_plans))

    def _improve(self, teams: Teams, best: _Best, dual: DualSolution, bound: float, control: Control) -> Steps:
        """Round the mixture again and again, and search from each rounding, until the gap or the work is done."""
        dual = yield from lent(teams, dual)
        slacks = self.params.search.slack
        unit = teams.slot_cost / max(teams.nodes, 1)
        closer = self.params.neighbourhoods
        small = len(teams.parts) == 1 and len(self.problem) <= closer.largest and closer.rounds > 0
        rounds = min(self.params.search.rounds, closer.after) if small else self.params.search.rounds
        for step in range(max(rounds, 1)):
            # One rounding is done even when it is time to stop: it is quick, and far better than the usual timetable.
            if step and control.stop() is not None:
                return
            yield from teams.tell(aim, Aim(dual.price, dual.cheapest, slacks[step % len(slacks)] * unit), changes=True)
            seeds = [seed_of(self.params.seed, self.problem.day, step, team) for team in range(teams.count)]
            yield from teams.draw(dual, self._charges, self.params.rounding, seeds)
            yield from best.offer()
            if step % 2 and np.isfinite(self.ceiling).any():
                # Close to the lowest level few plans hold the ceiling at all: the best so far is one.
                yield from teams.go_back()
            control.report(Progress(self.problem.day, "improving", step, bound, best.objective))
            if self.params.search.rounds:
                yield from self._search(teams, best, bound, step, seeds, control)
            if self._done(best, bound):
                break
        else:
            if small:
                yield from self._search_closer(teams, best, dual, bound, control)
        yield from self._settle(teams, best)

    def _search_closer(self, teams: Teams, best: _Best, dual: DualSolution, bound: float, control: Control) -> Steps:
        """Search large neighbourhoods of the best plan, several at once, each by another team."""
        plan = yield from best.plan()
        network = build_network(self.problem)
        guide = build_guide(network, pack(network), dual.price)
        seed = seed_of(self.params.seed, self.problem.day, 1 << 20)
        asking = replace(self.params.neighbourhoods, at_once=min(self.params.neighbourhoods.at_once, teams.count))
        rounds = Rounds(self.problem, guide, self._charges, plan, asking, seed)
        step = 0
        while not self._done(best, bound) and control.stop() is None:
            asked = rounds.next()
            if not asked:
                return
            messages: list[list[Search | None]] = [
                [Search(dual.price, self._charges, rounds.plan, rounds.load, one)] for one in asked
            ]
            messages += [[None]] * (teams.count - len(asked))
            found = yield from teams.ask(search_neighbourhood, messages, changes=False)
            rounds.take([one for (one,) in found[: len(asked)]])
            if rounds.plan is not plan:
                plan = rounds.plan
                yield from teams.take([plan] * teams.count)
                yield from best.offer()
            step += 1
            control.report(Progress(self.problem.day, "searching", step, bound, best.objective))

    def _settle(self, teams: Teams, best: _Best) -> Steps:
        """Send home what moved for nothing: a search that ended early may have left something."""
        if not self.params.search.rounds:
            return
        yield from teams.go_back()
        seeds = [seed_of(self.params.seed, self.problem.day, 1 << 21)] * teams.count
        charges, cold = [self._charges] * teams.count, [0.0] * teams.count
        yield from teams.search(charges, self.params.search, self.moves() // 4, cold, seeds)
        yield from best.settle()

    def _search(self, teams: Teams, best: _Best, bound: float, step: int, seeds: list[int], control: Control) -> Steps:
        """Let every team search from where it stands, for one round."""
        warmth = self.params.search.warmth
        falling = [
            self.temperatures(
                first_temperature(
                    teams.nodes,
                    teams.slot_cost,
                    teams.objective(team) - bound,
                    warmth[(step * teams.count + team) % len(warmth)],
                )
            )
            for team in range(teams.count)
        ]
        for stretch in range(self.params.search.stretches):
            if self._done(best, bound) or control.stop() is not None:
                return
            yield from teams.search(
                [self._charges] * teams.count,
                self.params.search,
                self.moves(),
                [one[stretch] for one in falling],
                [seed + 104729 * (stretch + 1) for seed in seeds],
            )
            yield from best.offer()
            control.report(Progress(self.problem.day, "improving", step, bound, best.objective))


def lent(teams: Teams, dual: DualSolution) -> Generator[Ask, list[Any], DualSolution]:
    """Give the passes of the mixture to the teams that did not find them; their numbers are new then."""
    if teams.count == 1:
        return dual
    used = np.flatnonzero((dual.weights > 0).any(axis=1))
    used = np.union1d(used, [dual.cheapest])
    plans: list[list[DayPlan]] = yield from teams.tell_first(lend_passes, used.tolist(), changes=False)
    yield from teams.ask(begin_passes, [[Given(one, 1.0) for one in plans]] * teams.count, changes=True)
    return replace(dual, weights=dual.weights[used], cheapest=int(np.searchsorted(used, dual.cheapest)))


class _Best:
    """The best plan of a date so far: the cheapest of those that hold its ceiling best; it stays where it was found."""

    def __init__(self, teams: Teams, ceiling: NDArray[np.float64]):
        self._teams, self._ceiling = teams, ceiling
        self._team = 0
        self._above = self.objective = self.overload = np.inf

    def offer(self) -> Steps:
        """Keep the best of the teams' plans if it is better than the best so far."""
        judged = []
        for team in range(self._teams.count):
            above = overload(self._teams.load(team), self._ceiling)
            judged.append((above if above > HOLDS else 0.0, self._teams.objective(team), team))
        above, cost, team = min(judged)
        if (above, cost) < (self._above, self.objective):
            self._above, self.objective, self._team = above, cost, team
            self.overload = overload(self._teams.load(team), self._teams.problem.limit)
            yield from self._teams.keep(team)

    def settle(self) -> Steps:
        """Keep the best team's plan if it is as good: then fewer activities move."""
        above = overload(self._teams.load(self._team), self._ceiling)
        if above <= self._above + HOLDS and self._teams.objective(self._team) <= self.objective + HOLDS:
            self.objective = self._teams.objective(self._team)
            yield from self._teams.keep(self._team)

    def plan(self) -> Generator[Ask, list[Any], DayPlan]:
        """Fetch it."""
        teams = self._teams
        messages = [[True if one == self._team else None] * len(teams.parts) for one in range(teams.count)]
        given = yield from teams.ask(give, messages, changes=False)
        return teams.joined(given[self._team])


def seed_of(seed: int, *place: int) -> int:
    """Give each round of each team of each date a seed of its own, the same on every machine."""
    return int(np.random.SeedSequence([seed, *place]).generate_state(1)[0])
