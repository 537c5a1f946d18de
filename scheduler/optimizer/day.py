"""One date, from the usual timetable to a plan with a proven bound; it can be stopped at any time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from scheduler.domain.load import OVERLOADED_FROM
from scheduler.domain.outcome import gap
from scheduler.domain.problem import DayPlan, usual_day
from scheduler.optimizer.change import Charges
from scheduler.optimizer.local_search import first_temperature, search
from scheduler.optimizer.network import build_network
from scheduler.optimizer.prices import solve_dual
from scheduler.optimizer.pricing import activity_costs, objective, overload, plan_load
from scheduler.optimizer.raises import raises_of_mixture
from scheduler.optimizer.rounding import round_mixture
from scheduler.optimizer.shifts import Oracle, build_oracle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.outcome import LeastRaises
    from scheduler.domain.problem import Problem
    from scheduler.optimizer.params import SolveParams
    from scheduler.optimizer.prices import Mixture

PRICES_SHARE = 0.6
"""Of limited time, what the prices may take; the rest is for the plan."""

CEILING_PRICE = 100.0
"""A connection above a ceiling costs this many times one above the limit: a ceiling is to hold, not to be weighed."""

ROUNDING = 1e-7
"""A gap this small is only the rounding down of the bound (see scheduler.optimizer.cuts)."""

HOLDS = 1e-6
"""Connections above a ceiling that are rounding of floats."""


@dataclass(frozen=True)
class Progress:
    """How far one date has come.

    Attributes
    ----------
    day : int
        Days since the first date of the horizon.
    stage : str
        ``preparing``, ``prices``, ``improving``, ``level`` or ``done``.
    step : int
        Pass or round within the stage.
    bound, best : float
        Proven lower bound and objective of the best plan so far, in head-minutes; in stage ``level`` of the level.
    """

    day: int
    stage: str
    step: int
    bound: float
    best: float


class Control(Protocol):
    """What a solve tells while it works, and what it is told; the clock and the user live behind it."""

    def report(self, progress: Progress) -> None:
        """Take note of progress."""

    def stop(self, share: float = 1.0) -> str | None:
        """Say why to stop (``time``, ``user``), or None to go on.

        With a `share` below 1, limited time is over when that share of it is.
        """


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


@dataclass(frozen=True)
class DayResult:
    """A plan of one date with its proof.

    Attributes
    ----------
    day : int
    plan : DayPlan
    objective, bound : float
        Head-minutes; bound <= objective.
    price : ndarray of float64, shape (meters, slots)
        Proves the bound.
    stopped_by : str
        ``gap``, ``work``, ``time`` or ``user``.
    least_raises : LeastRaises or None
        Where the plan has overload: an estimate of what would end it; None where the work was stopped, too.
    """

    day: int
    plan: DayPlan
    objective: float
    bound: float
    price: NDArray[np.float64]
    stopped_by: str
    least_raises: LeastRaises | None = None


def keeps_rules(problem: Problem, plan: DayPlan) -> bool:
    """Tell whether a plan keeps every bound, distance and tie of its problem."""
    ways = np.diff(problem.alternative_start)
    return bool(
        (problem.low <= plan.shift).all()
        and (plan.shift <= problem.high).all()
        and (plan.shift[problem.after] >= plan.shift[problem.before] + problem.distance).all()
        and (plan.shift[problem.tied] == plan.shift[problem.tied_to]).all()
        and (plan.alternative >= 0).all()
        and (plan.alternative < ways).all()
    )


class BestPlan:
    """The best plan of a date so far: the cheapest of those that hold its ceiling best.

    Parameters
    ----------
    problem : Problem
    ceiling : ndarray of float64, shape (meters, slots)
        Loads that must hold, ``inf`` where there is none.
    """

    def __init__(self, problem: Problem, ceiling: NDArray[np.float64]):
        self._problem, self._ceiling = problem, ceiling
        self.plan = usual_day(problem)
        self.objective, self._above = self._judge(self.plan)

    def _judge(self, plan: DayPlan) -> tuple[float, float]:
        load = plan_load(self._problem, plan)
        above = overload(load, self._ceiling)
        cost = float(activity_costs(self._problem, plan).sum())
        objective = cost + self._problem.overload_price * overload(load, self._problem.limit)
        return objective, above if above > HOLDS else 0.0

    def offer(self, plan: DayPlan) -> None:
        """Keep the plan if it is better."""
        objective, above = self._judge(plan)
        if (above, objective) < (self._above, self.objective):
            self.plan, self.objective, self._above = plan, objective, above


def solve_day(
    problem: Problem,
    params: SolveParams,
    control: Control,
    start: Start | None = None,
    ceiling: NDArray[np.float64] | None = None,
) -> DayResult:
    """Plan one date.

    Parameters
    ----------
    problem : Problem
    params : SolveParams
    control : Control
    start : Start, optional
        A former plan to begin with.
    ceiling : ndarray of float64, shape (meters, slots), optional
        Loads that the plan must not exceed where `start`'s plan does not (``--objective level``).
    """
    held = np.full(problem.limit.shape, np.inf) if ceiling is None else ceiling
    best = BestPlan(problem, held)
    if start is not None and start.plan is not None and keeps_rules(problem, start.plan):
        best.offer(start.plan)
    bound, price, raises = 0.0, np.zeros(problem.limit.shape), None
    day = _Day(problem, params, control, best)
    if not day.done(bound) and control.stop() is None:
        control.report(Progress(problem.day, "preparing", 0, bound, best.objective))
        oracle = build_oracle(build_network(problem))
        dual = solve_dual(
            problem,
            oracle,
            replace(params.prices, tolerance=max(params.prices.tolerance, params.gap / 100)),
            day.watch,
            first_price=None if start is None else start.price,
        )
        bound, price, mixture = dual.bound, dual.price, dual.mixture
        if ceiling is not None and (ceiling < problem.limit).any():
            mixture = day.mixture_under(ceiling, oracle)
        day.improve(oracle, mixture, bound, held)
        over = overload(plan_load(problem, best.plan), problem.limit) * problem.slot_minutes
        if over > OVERLOADED_FROM and control.stop() is None:
            raises = raises_of_mixture(problem, dual.mixture)
    stopped = control.stop()
    reason = "gap" if day.done(bound) else (stopped or "work")
    bound = min(bound, best.objective)
    control.report(Progress(problem.day, "done", 0, bound, best.objective))
    return DayResult(problem.day, best.plan, best.objective, bound, price, reason, raises)


class _Day:
    """The stages of one date and what they share."""

    def __init__(self, problem: Problem, params: SolveParams, control: Control, best: BestPlan):
        self.problem, self.params, self.control, self.best = problem, params, control, best

    def done(self, bound: float) -> bool:
        """Tell whether the proven gap is small enough."""
        return gap(self.best.objective, bound) <= self.params.gap + ROUNDING

    def watch(self, step: int, bound: float, _value: float) -> bool:
        """Tell of a pass of the dual, and whether there is time for another."""
        self.control.report(Progress(self.problem.day, "prices", step, bound, self.best.objective))
        return self.control.stop(PRICES_SHARE) is None

    def mixture_under(self, ceiling: NDArray[np.float64], oracle: Oracle) -> Mixture:
        """Mix passes under a ceiling tighter than the limits; what it proves is not of use, only the passes are."""
        tight = replace(
            self.problem,
            limit=np.minimum(self.problem.limit, ceiling),
            overload_price=CEILING_PRICE * max(self.problem.overload_price, 1.0),
        )
        return solve_dual(tight, oracle, self.params.prices, self.watch).mixture

    def improve(self, oracle: Oracle, mixture: Mixture, bound: float, ceiling: NDArray[np.float64]) -> None:
        """Round the mixture again and again, and search from each rounding, until the gap or the work is done."""
        params, network = self.params, oracle.network
        charges = Charges(
            self.problem.limit.ravel(),
            self.problem.overload_price,
            ceiling.ravel(),
            CEILING_PRICE * max(self.problem.overload_price, 1.0),
        )
        for step in range(max(params.search.rounds, 1)):
            # One rounding is done even when it is time to stop: it is quick, and far better than the usual timetable.
            if step and self.control.stop() is not None:
                return
            seed = seed_of(params.seed, self.problem.day, step)
            plan = round_mixture(network, oracle.packed, mixture, charges, params.rounding, seed)
            self.best.offer(plan)
            if step % 2 and np.isfinite(ceiling).any():
                # Close to the lowest level few plans hold the ceiling at all: the best so far is one.
                plan = self.best.plan
            self.control.report(Progress(self.problem.day, "improving", step, bound, self.best.objective))
            if params.search.rounds and not self.done(bound):
                warmth = params.search.warmth[step % len(params.search.warmth)]
                excess = objective(self.problem, plan) - bound
                hottest = first_temperature(oracle.packed, excess, warmth)
                self.best.offer(self._searched(oracle, charges, plan, hottest, seed))
            self.control.report(Progress(self.problem.day, "improving", step, bound, self.best.objective))
            if self.done(bound):
                return

    def _searched(self, oracle: Oracle, charges: Charges, plan: DayPlan, hottest: float, seed: int) -> DayPlan:
        return search(
            oracle.network,
            oracle.packed,
            charges,
            plan,
            plan_load(self.problem, plan),
            self.params.search,
            hottest,
            seed,
            lambda: self.control.stop() is None,
        )


def seed_of(seed: int, day: int, step: int) -> int:
    """Give each round of each date a seed of its own, the same on every machine."""
    return int(np.random.SeedSequence([seed, day, step]).generate_state(1)[0])
