"""How a run ends: with its outcome and a proposal for every school, or with the reasons why it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.domain.explanation import explanation_entries
from scheduler.domain.people import EVERYTHING
from scheduler.domain.runs import INCIDENT, PLAN
from scheduler.domain.verdict import tally
from scheduler.files.plan_folder import RunConditions, report_of
from scheduler.runs.inputs import WORKER
from scheduler.runs.keeper import LeaseLost
from scheduler.runs.touched import touched
from scheduler.runs.ways_out import ways_out
from scheduler.store import audit, leases, sentences
from scheduler.store.run_dates import drop_dates
from scheduler.store.run_outcomes import packed_loads, packed_proposals, write_loads, write_proposals
from scheduler.store.scoped import Repository

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.region import Region
    from scheduler.runs.inputs import Inputs
    from scheduler.runs.keeper import Keeper
    from scheduler.service.outcomes import Judged
    from scheduler.store import Store, Work
    from scheduler.store.leases import Lease
    from scheduler.wording import Text

WARNINGS_KEPT = 100
"""So many warnings of a run are kept as sentences that can be said in any language."""


def finish(store: Store, lease: Lease, keeper: Keeper, inputs: Inputs, judged: Judged, memory_mib: float) -> None:
    """Store an audited outcome and propose it to the schools, all in one transaction.

    Raises
    ------
    LeaseLost, GivenBack
    """
    region, outcome = inputs.region, judged.outcome
    loads = packed_loads(region, judged.figures, outcome.proofs)
    proposes = lease.purpose in (PLAN, INCIDENT)
    proposals = packed_proposals(region, outcome.plan, inputs.versions) if proposes else []
    cut = None if inputs.standing is None else inputs.standing.cut
    conditions = RunConditions(keeper.seconds, memory_mib, order_kept=not lease.options.reorder, rest_of_day=cut)
    report = report_of(region, outcome, judged.figures, conditions) | explanation_entries(region, judged.explanation)
    told = {name: report[name] for name in ("objective", "lower_bound", "status", "stopped_by")}
    kept = report | _for_pages(region, judged, order_kept=not lease.options.reorder, whole_days=cut is None)
    if cut is not None:
        kept["touched"] = touched(region, outcome.plan, outcome.reference)
    ended = told | {"report": kept, "progress": keeper.progress.as_document()}

    def use(work: Work) -> None:
        # The region before the run: who accepts a proposal takes them in this order, too.
        Repository(work, EVERYTHING).lock_region(lease.region_id)
        if not leases.end(work, lease, ended):
            _see_whose_end(work, lease)
            return
        write_loads(work, lease.run_id, loads)
        if proposes:
            write_proposals(work, lease.region_id, lease.run_id, (lease.first_date, lease.last_date), proposals)
        audit.note(work, WORKER, lease.region, "run.done", str(lease.number), after=told | {"schools": len(proposals)})

    keeper.patiently(lambda: store.in_work(use))


def _for_pages(region: Region, judged: Judged, *, order_kept: bool, whole_days: bool) -> dict[str, Any]:
    """Give what pages say of a run beyond report.json, so that they need not lay its plan out again."""
    counted = tally(region, judged.outcome, judged.figures, order_kept)
    return {
        "tally": vars(counted),
        # Where the order may change, or only the rest of a day is planned, the bound is of other plans.
        "ways_out": ways_out(region, judged) if order_kept and whole_days and judged.outcome.level is None else [],
        "warning_sentences": sentences.as_document(judged.outcome.warnings[:WARNINGS_KEPT]),
    }


def finish_look(store: Store, lease: Lease, keeper: Keeper, loads: Sequence[dict[str, Any]]) -> None:
    """Store the loads of a run that plans nothing.

    Raises
    ------
    LeaseLost, GivenBack
    """
    ended = {"progress": keeper.progress.as_document()}

    def use(work: Work) -> None:
        if not leases.end(work, lease, ended):
            _see_whose_end(work, lease)
            return
        write_loads(work, lease.run_id, loads)
        audit.note(work, WORKER, lease.region, "run.done", str(lease.number))

    keeper.patiently(lambda: store.in_work(use))


def fail(store: Store, lease: Lease, keeper: Keeper, why: Sequence[Text]) -> None:
    """End a run that failed; what it had finished is forgotten.

    Raises
    ------
    LeaseLost, GivenBack
    """

    def use(work: Work) -> None:
        if not leases.fail(work, lease, why):
            _see_whose_end(work, lease)
            return
        drop_dates(work, lease.run_id)
        told = [str(sentence) for sentence in why[:3]]
        audit.note(work, WORKER, lease.region, "run.failed", str(lease.number), after={"why": told})

    keeper.patiently(lambda: store.in_work(use))


def _see_whose_end(work: Work, lease: Lease) -> None:
    """Let it be where this worker's own attempt came through after all, though the connection broke; else give up."""
    if leases.ended_as(work, lease) is None:
        raise LeaseLost
