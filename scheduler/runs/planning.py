"""One planning run, from its frozen input to proposals for every school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.runs import USUAL, RunProgress
from scheduler.errors import BrokenPlan, CannotWrite, FaultyInput, NotThere, Refused
from scheduler.execution.memory import peak_mib
from scheduler.optimizer.params import SolveParams
from scheduler.optimizer.solve import Kept
from scheduler.runs.closing import Closing
from scheduler.runs.endings import fail, finish
from scheduler.runs.inputs import Inputs, read_inputs
from scheduler.runs.usual import look_at_usual
from scheduler.service.outcomes import judge, outcome_of
from scheduler.service.planning import Means, plan_dates
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.outcome import DayResult
    from scheduler.execution import Stop
    from scheduler.optimizer.work import Progress
    from scheduler.runs.keeper import Keeper
    from scheduler.store import Store
    from scheduler.store.leases import Lease


def plan_run(store: Store, lease: Lease, keeper: Keeper, stop: Stop, means: Means) -> None:
    """Plan a run that a worker has taken, and store what comes of it.

    Raises
    ------
    LeaseLost, GivenBack
        The worker is to leave the run to others.
    """
    try:
        _plan_run(store, lease, keeper, stop, means)
    except FaultyInput as faulty:
        fail(store, lease, keeper, [fault.as_text() for fault in faulty.faults])
    except NotThere as gone:
        fail(store, lease, keeper, [gone.what])
    except Refused as refused:
        fail(store, lease, keeper, refused.reasons)
    except CannotWrite as full:
        fail(store, lease, keeper, [full.reason])
    except BrokenPlan as broken:
        why = T("the plan that was found breaks rules: a failure of Étale, please report it. Nothing of it was kept")
        fail(store, lease, keeper, [why, *broken.violations])


def _plan_run(store: Store, lease: Lease, keeper: Keeper, stop: Stop, means: Means) -> None:
    if lease.purpose == USUAL:
        look_at_usual(store, lease, keeper)
        return
    inputs, options = keeper.patiently(lambda: read_inputs(store, lease)), lease.options
    teller = _Teller(inputs, keeper)
    params = SolveParams(
        seed=options.seed,
        gap=options.gap,
        enough=inputs.enough,
        objective=options.objective,
        reorder=options.reorder,
    )
    kept = Kept(inputs.done_of_solved, lambda results: teller.finished(inputs.whole(results)))
    result, memory_mib = plan_dates(inputs.solved, params, means, stop, teller.progress, inputs.starts, kept)
    teller.stage("checking")
    outcome = outcome_of(
        inputs.region,
        inputs.problems,
        inputs.whole(result.days),
        stopped_by=result.stopped_by,
        seed=options.seed,
        level=result.horizon_level,
        warnings=inputs.warnings,
        reference=inputs.reference,
    )
    judged = judge(inputs.region, inputs.problems, outcome, order_kept=not options.reorder)
    teller.stage("storing")
    keeper.flush()
    finish(store, lease, keeper, inputs, judged, max(memory_mib, peak_mib()))


class _Teller:
    """Passes progress and finished dates on to the keeper, and sees whether to go on."""

    def __init__(self, inputs: Inputs, keeper: Keeper):
        self._dates, self._keeper = inputs.region.grid.dates, keeper
        self._count, self._done = len(inputs.problems), len(inputs.done)
        self._closing = Closing({day: (one.bound, one.objective) for day, one in inputs.done.items()})

    def stage(self, stage: str) -> None:
        """Tell what is being done that is of no single date."""
        points = self._closing.points
        self._keeper.note(RunProgress(stage, dates_done=self._done, dates=self._count, points=points))
        self._keeper.check()

    def progress(self, progress: Progress) -> None:
        """Tell how far a date has come."""
        if progress.stage != "level":
            self._closing.note(self._keeper.seconds, progress.day, progress.bound, progress.best)
        told = RunProgress(
            stage=progress.stage,
            step=progress.step,
            date=self._dates[progress.day],
            bound=progress.bound,
            best=progress.best,
            dates_done=self._done,
            dates=self._count,
            points=self._closing.points,
        )
        self._keeper.note(told)
        self._keeper.check()

    def finished(self, results: Sequence[DayResult]) -> None:
        """Hand over dates whose results are final."""
        self._done += len(results)
        self._keeper.keep(results)
