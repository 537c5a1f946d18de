"""Plan dates on what there is: workers, a cluster, and so much memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scheduler.domain.problem import take_plan
from scheduler.errors import Fault, FaultyInput
from scheduler.execution import make_executor
from scheduler.execution.make import count_workers
from scheduler.execution.memory import peak_mib
from scheduler.execution.shards import at_once
from scheduler.optimizer.day import Start
from scheduler.optimizer.solve import Result, solve
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region
    from scheduler.domain.stored import StoredPlan
    from scheduler.execution import Stop
    from scheduler.optimizer.params import SolveParams
    from scheduler.optimizer.solve import Kept
    from scheduler.optimizer.work import Progress

SMALL = 1000
"""Activities up to which a pool of processes takes longer to start than it saves."""

WORKER_MIB = 235
"""What a worker process holds before it has any work."""

CLOSER_MIB = 200
"""What a process holds besides while it searches the neighbourhoods of a small date."""

KEPT_KIB, LEAN_KIB = 7.5, 2.5
"""What planning holds for each activity of a date, with the networks of arcs kept between passes and without."""


@dataclass(frozen=True)
class Means:
    """What a run may use.

    Attributes
    ----------
    workers : int or None
        Processes; None = as many as serve.
    dask : str or None
        Address of a Dask scheduler: then its workers do the work.
    memory_mib : float or None
        All processes of this machine together may hold so much; None = as much as they need.
    """

    workers: int | None = None
    dask: str | None = None
    memory_mib: float | None = None


def plan_dates(
    problems: Sequence[Problem],
    params: SolveParams,
    means: Means,
    stop: Stop,
    on_progress: Callable[[Progress], None],
    starts: Sequence[Start] | None = None,
    kept: Kept | None = None,
) -> tuple[Result, float]:
    """Solve the dates of a horizon and give the result and the most memory held, in MiB.

    `kept` has the dates that are finished, and is told of the others (scheduler.optimizer.solve).

    Raises
    ------
    FaultyInput
        There is no such cluster, or the memory allowed is not enough.
    """
    small = means.workers is None and sum(len(problem) for problem in problems) <= SMALL
    workers = 1 if small else means.workers
    if means.memory_mib is not None and means.dask is None:
        workers, params = _within_memory(problems, params, workers or count_workers(), means.memory_mib)
    with make_executor(workers, means.dask, stop) as executor:
        result = solve(problems, params, executor, on_progress, starts, kept)
        return result, executor.peak_memory_mib()


def starts_from(stored: StoredPlan, region: Region, problems: list[Problem]) -> list[Start]:
    """Take a former plan and its prices to begin with."""
    return [
        Start(take_plan(problem, region.activities, stored.plan), stored.prices(region, problem.day))
        for problem in problems
    ]


def _within_memory(
    problems: Sequence[Problem], params: SolveParams, workers: int, memory_mib: float
) -> tuple[int, SolveParams]:
    """Give up first what costs least time: the kept networks, then workers; the plan stays the same."""
    lean = replace(params, shards=replace(params.shards, keep_networks=False))
    for count in range(workers, 0, -1):
        for one, kib in ((params, KEPT_KIB), (lean, LEAN_KIB)):
            if _needed_mib(problems, one, count, kib) <= memory_mib:
                return count, one
    needed = round(_needed_mib(problems, lean, 1, LEAN_KIB))
    what = T("--memory {memory} is not enough for this region", memory=round(memory_mib))
    remedy = T("allow at least about {needed} MiB, or plan fewer dates or schools at a time", needed=needed)
    raise FaultyInput([Fault("", 0, what, remedy)])


def _needed_mib(problems: Sequence[Problem], params: SolveParams, workers: int, kib: float) -> float:
    """Estimate the most memory of all processes together."""
    largest = max((len(problem) for problem in problems), default=0)
    shards = max(1, round(largest / params.shards.activities))
    beside = at_once(workers, max(shards, params.shards.teams))
    searched_closer = any(SMALL < len(problem) <= params.neighbourhoods.largest for problem in problems)
    processes = WORKER_MIB * (workers if workers > 1 else 0) + CLOSER_MIB * workers * searched_closer
    return peak_mib() + processes + beside * largest * kib / 1024
