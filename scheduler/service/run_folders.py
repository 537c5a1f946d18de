"""The plan folder of a finished run, as ``etale stagger`` writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.outcome import Level
from scheduler.domain.runs import DONE
from scheduler.errors import Refused
from scheduler.files.plan_folder import RunConditions, check_can_write, read_plan_folder, write_plan_folder
from scheduler.service.kept_regions import thaw
from scheduler.service.outcomes import compared_with, judge, outcome_of, page_of, problems_of
from scheduler.service.standing import standing_in
from scheduler.store.run_dates import kept_dates
from scheduler.store.runs import Runs
from scheduler.whole_folder import folder_for_now
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scheduler.domain.people import Actor
    from scheduler.domain.reference import Reference
    from scheduler.domain.region import Region
    from scheduler.domain.rest_of_day import Cut
    from scheduler.domain.runs import Run
    from scheduler.domain.stored import StoredPlan
    from scheduler.service.outcomes import Judged
    from scheduler.store import Store
    from scheduler.wording import Text

PAGE = "index.html"


def plan_of_run(
    store: Store, actor: Actor, region: str, number: int, folder: Path, *, language: str = "en", page: bool = True
) -> None:
    """Write the plan folder of a finished run (CONTRACT section 5); everything is reckoned and audited anew.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
        Key.
    number : int
    folder : Path
        A plan folder that stands there is replaced.
    language : str
        Of warnings and page.
    page : bool
        Write the page, too.

    Raises
    ------
    NotThere
    Refused
        The run is not done, or its input was erased.
    CannotWrite
    BrokenPlan
        Our own failure; nothing is written.
    """
    check_can_write(folder)
    with store.read() as work:
        run = Runs(work, actor.sees).one(region, number)
    report = run.report
    if run.state != DONE or report is None:
        raise Refused(T("planning run {number} is not done: there is no plan of it", number=number))
    planned, judged, cut = _judged_again(store, actor, run)
    conditions = RunConditions(
        report["seconds"],
        report["peak_memory_mib"],
        language,
        order_kept=not run.options.reorder,
        rest_of_day=cut,
    )
    extra = [(PAGE, page_of(planned, judged, conditions))] if page else []
    write_plan_folder(folder, planned, judged.outcome, judged.figures, conditions, extra, judged.explanation)


def _judged_again(store: Store, actor: Actor, run: Run) -> tuple[Region, Judged, Cut | None]:
    """Put a run's plan together from its dates, and audit it; say from when on it could move things, if not all day."""
    with store.read() as work:
        frozen, kept = Runs(work, actor.sees).frozen(run), kept_dates(work, run.id, run.first_date)
    if frozen is None:
        raise Refused(T("what planning run {number} was made from was erased", number=run.number))
    read = thaw(store, frozen)
    with store.read() as work:
        standing = standing_in(work, actor.sees, frozen, read.region)
    if standing is None:
        reference, unknown = reference_of_run(store, actor, run.region, run.options.stay_close_to, read.region)
        problems = problems_of(read.region, reference)
    else:
        reference, unknown, problems = standing.reference, list(standing.warnings), standing.problems
    report = run.report or {}
    outcome = outcome_of(
        read.region,
        problems,
        [kept[problem.day] for problem in problems],
        stopped_by=str(run.stopped_by),
        seed=run.options.seed,
        level=Level(report["level"], report["level_lower_bound"]) if "level" in report else None,
        warnings=[*(fault.as_text() for fault in read.warnings), *unknown],
        reference=reference,
    )
    judged = judge(read.region, problems, outcome, order_kept=not run.options.reorder)
    return read.region, judged, None if standing is None else standing.cut


def reference_of_run(
    store: Store, actor: Actor, region: str, number: int | None, now: Region
) -> tuple[Reference | None, list[Text]]:
    """Take the plan of a former run to stay close to, for a region as it is now; warn of what has no place there."""
    formers = {} if number is None else {number: stored_plan_of_run(store, actor, region, number, now)}
    return reference_in(formers, number, now)


def reference_in(
    formers: Mapping[int, StoredPlan], number: int | None, now: Region
) -> tuple[Reference | None, list[Text]]:
    """As :func:`reference_of_run`, from plans of runs that were read already, by number."""
    if number is None:
        return None, []
    reference, unknown = compared_with(formers[number], now)
    warnings = [
        T(
            "the plan of run {number} names what the region does not have, and what it names counts as usual; "
            "first {row}",
            number=number,
            row=row,
        )
        for row in unknown[:1]
    ]
    return reference, warnings


def stored_plan_of_run(store: Store, actor: Actor, region: str, number: int, now: Region) -> StoredPlan:
    """Read the plan of a former run against a region as it is now, exactly as its plan folder would be read."""
    with folder_for_now() as place:
        folder = place / "plan"
        plan_of_run(store, actor, region, number, folder, page=False)
        return read_plan_folder(folder, now)
