"""Better plans by changing the order of sessions (``--reorder``): a date's order-keeping plan, improved here and there.

In waves: the nodes around some pairs of sharers are freed, each set at a seat of its own and beside the same loads of
everything else (ENGINE section 6). The answers are then taken in a fixed order, each if the exact objective falls
beside those taken before it. The bound stays that of plans that keep the order.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scheduler.domain.load import OVERLOADED_FROM
from scheduler.domain.problem import DayPlan, reference_day
from scheduler.optimizer.day import HOLDS, seed_of
from scheduler.optimizer.free_order import FreeOrder, free_order, promise
from scheduler.optimizer.freed import Chooser, Freed, freed, node_shifts
from scheduler.optimizer.pricing import objective, overload, plan_load
from scheduler.optimizer.reorder_model import Proposal, solve_freed
from scheduler.optimizer.work import Ask, Progress

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.outcome import DayResult
    from scheduler.domain.problem import Problem
    from scheduler.optimizer.day import DayJob
    from scheduler.optimizer.params import ReorderParams
    from scheduler.optimizer.work import Control

PAYS = 1e-6
"""Head-minutes that a change must save at least; less is rounding of floats."""


class Task(NamedTuple):
    """Nodes to plan anew, and how much to try."""

    freed: Freed
    effort: float
    seed: int


def propose(_: object, message: Task | None) -> Proposal | None:
    """Plan freed nodes anew, at a seat; None where there is nothing to do or nothing was found."""
    return None if message is None else solve_freed(*message)


class ReorderJob:
    """One date whose sharers may change their order (see scheduler.optimizer.work.Job).

    Parameters
    ----------
    job : DayJob
        How the date was planned in its usual order, a ceiling included.
    result : DayResult
        What came of it.
    """

    def __init__(self, job: DayJob, result: DayResult):
        self.problem, self.params, self.result = job.problem, job.params, result
        self._former, self._ceiling = job.former, job.ceiling

    def parts(self) -> Sequence[int]:
        """Give a number a lane: nothing stays at a seat, and each proposal brings what it needs."""
        return range(self.params.reordering.lanes)

    @staticmethod
    def build(_: int) -> None:
        """Build nothing."""

    def drive(self, control: Control) -> Generator[Ask, list[Any], DayResult]:
        """Take a cheaper former plan, then improve wave by wave until nothing is left to try, or the work is done."""
        free = free_order(self.problem)
        board = _Board(self.problem, free, self.result.plan, self._ceiling)
        for plan in (self._former, reference_day(self.problem)):
            if plan is not None:
                board.offer_former(plan)
        chooser = Chooser(free, self.params.reordering)
        left, wave = _proposals(self.params.reordering, len(self.problem)), 0
        while left > 0 and control.stop() is None:
            sets = chooser.choose(promise(free, board.node_shift(), self._price(board)), min(left, self._lanes))
            if not sets:
                break
            answers = yield Ask(propose, self._messages(board, sets, wave))
            for nodes, answer in zip(sets, answers[: len(sets)], strict=True):
                if answer is not None and board.offer_change(nodes, answer.plan):
                    chooser.open_again(nodes, inside=not answer.proven)
            left, wave = left - len(sets), wave + 1
            control.report(Progress(self.problem.day, "reordering", wave, self.result.bound, board.objective))
        return self._result(board, control.stop())

    def _result(self, board: _Board, stopped: str | None) -> DayResult:
        """Give the plan; the proof stays, and what raises would end the overload as long as there is any.

        Where the first stage was cut short, so was the whole, though nothing be left to try here.
        """
        cut_short = self.result.stopped_by in ("user", "time")
        reason = stopped or (self.result.stopped_by if cut_short else "work")
        over = overload(board.load, self.problem.limit) * self.problem.slot_minutes > OVERLOADED_FROM
        return replace(
            self.result,
            plan=board.plan,
            objective=board.objective,
            stopped_by=reason,
            least_raises=self.result.least_raises if over else None,
        )

    @property
    def _lanes(self) -> int:
        return self.params.reordering.lanes

    def _price(self, board: _Board) -> NDArray[np.float64]:
        """Give the prices that prove the bound; where the plan is overloaded all the same, up to what overload costs.

        An activity in the way of an overload saves no more than all of it, so a small one counts by its share of an
        activity of average size.
        """
        problem = self.problem
        size = max(float(problem.heads.mean()), 1.0)
        share = np.clip((board.load - problem.limit) / size, 0.0, 1.0)
        price: NDArray[np.float64] = self.result.price + share * (problem.overload_price - self.result.price)
        return price

    def _messages(self, board: _Board, sets: list[NDArray[np.int32]], wave: int) -> list[Task | None]:
        """Give each lane a set, as long as there are some."""
        effort, day = self.params.reordering.effort, self.problem.day
        tasks: list[Task | None] = [
            Task(board.freed(nodes), effort, seed_of(self.params.seed, day, wave, lane))
            for lane, nodes in enumerate(sets)
        ]
        return tasks + [None] * (self._lanes - len(tasks))


def _proposals(params: ReorderParams, activities: int) -> int:
    return max(params.fewest_proposals, activities // params.activities_per_proposal)


class _Board:
    """The plan so far and its load; it is replaced only by plans that keep the ceiling as well and cost less."""

    def __init__(self, problem: Problem, free: FreeOrder, plan: DayPlan, ceiling: NDArray[np.float64]):
        self._problem, self._free = problem, free
        self._ceiling = ceiling
        self._above, self.objective = np.inf, np.inf
        self._take(DayPlan(plan.shift.astype(np.int32), plan.alternative.astype(np.int32)))

    def node_shift(self) -> NDArray[np.int32]:
        """Give the shift of each node."""
        return node_shifts(self._free, self.plan)

    def freed(self, nodes: NDArray[np.int32]) -> Freed:
        """Free some nodes beside everything else."""
        return freed(self._free, nodes, self.plan, self.load, self._ceiling)

    def offer_change(self, nodes: NDArray[np.int32], plan: DayPlan) -> bool:
        """Take another plan of the activities of some nodes if it pays; tell whether it was taken."""
        mine = np.isin(self._free.network.node, nodes)
        shift, alternative = self.plan.shift.copy(), self.plan.alternative.copy()
        shift[mine], alternative[mine] = plan.shift, plan.alternative
        return self._take(DayPlan(shift, alternative))

    def offer_former(self, former: DayPlan) -> None:
        """Take a former plan where it keeps the rules by now, or only where it changes the order there, if it pays."""
        problem, component = self._problem, self._free.components()[self._free.network.node]
        swaps = former.shift[problem.after] < former.shift[problem.before] + problem.distance
        broken = np.isin(component, component[_breaking(problem, former)])
        swapped = np.isin(component, component[problem.before[swaps]])
        for mine in (~broken, ~broken & swapped):
            shift = np.where(mine, former.shift, self.plan.shift).astype(np.int32)
            alternative = np.where(mine, former.alternative, self.plan.alternative).astype(np.int32)
            self._take(DayPlan(shift, alternative))

    def _take(self, plan: DayPlan) -> bool:
        load, cost = plan_load(self._problem, plan), objective(self._problem, plan)
        above = overload(load, self._ceiling)
        above = above if above > HOLDS else 0.0
        pays = (above, cost) < (self._above, self.objective - PAYS)
        if pays:
            self.plan, self.load, self._above, self.objective = plan, load, above, cost
        return pays


def _breaking(problem: Problem, plan: DayPlan) -> NDArray[np.intp]:
    """List activities that break a rule, whatever the order of sharers."""
    before, after = plan.shift[problem.before], plan.shift[problem.after]
    near = (after < before + problem.distance) & (before < after + problem.swapped)
    loose = plan.shift[problem.tied] != plan.shift[problem.tied_to]
    outside = (plan.shift < problem.low) | (plan.shift > problem.high)
    outside |= (plan.alternative < 0) | (plan.alternative >= np.diff(problem.alternative_start))
    return np.concatenate([np.flatnonzero(outside), problem.before[near], problem.tied[loose]])
