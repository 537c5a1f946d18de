"""Planning runs for the people of a region: start, watch, stop. The work itself is done by scheduler.runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scheduler.domain.runs import PLAN, QUEUED
from scheduler.errors import Fault, FaultyInput, Refused
from scheduler.service.kept_regions import freeze
from scheduler.store import audit
from scheduler.store.runs import Runs, counts_by_state
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from scheduler.domain.people import Actor
    from scheduler.domain.runs import Run, RunOptions
    from scheduler.store import Store, Work

MOST_DATES = 62
"""A run plans so many dates at most: two months."""

ATTEMPTS = 5
"""Times that a start is tried again where the run in its way ends at that very moment."""


@dataclass(frozen=True)
class RunWanted:
    """What a run is to be beside its options.

    Attributes
    ----------
    dates : (date, date) or None
        First and last; None: the region's horizon.
    purpose : str
        One of `scheduler.domain.runs.PURPOSES`.
    title : str
        What people call it.
    changes : dict or None
        How its input differs from the region, to be shown.
    change : callable or None
        Makes its input from the work under way and the frozen region.
    """

    dates: tuple[dt.date, dt.date] | None = None
    purpose: str = PLAN
    title: str = ""
    changes: dict[str, Any] | None = None
    change: Callable[[Work, bytes], bytes] | None = None

    def faults(self) -> list[Fault]:
        """Give what cannot be used, with the remedies."""
        if self.dates is None:
            return []
        if self.dates[0] > self.dates[1]:
            return [Fault("last", 0, T("the last date is before the first"), T("exchange the two dates"))]
        if (self.dates[1] - self.dates[0]).days >= MOST_DATES:
            what = T("these are more than {count} dates", count=MOST_DATES)
            return [Fault("last", 0, what, T("plan some weeks at a time"))]
        return []


def start_run(store: Store, actor: Actor, region: str, options: RunOptions, *, wanted: RunWanted | None = None) -> Run:
    """Queue a planning run of a region as it is now; what changes later does not change the run.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    options : RunOptions
    wanted : RunWanted, optional
        Other dates or another purpose; default: a plan of the region's horizon.

    Raises
    ------
    FaultyInput
        Options that cannot be used, every one.
    NotThere
        There is no such region that the actor may change.
    Refused
        A run of the same horizon is queued or running, or a former run that was named is not done.
    """
    wanted = wanted or RunWanted()
    faults = [*options.faults(), *wanted.faults()]
    if faults:
        raise FaultyInput(faults)
    for _ in range(ATTEMPTS):
        run = store.in_work(lambda work: queue_run(work, actor, region, options, wanted))
        if run is not None:
            return run
    raise Refused(T("another planning run ended just now; start this one again"))


def queue_run(work: Work, actor: Actor, region: str, options: RunOptions, wanted: RunWanted) -> Run | None:
    """Queue a run whose options are sound, among other work; None where another one was in the way and is no more.

    Raises
    ------
    NotThere, Refused
        As :func:`start_run`.
    """
    runs = Runs(work, actor.edits)
    row = runs.region_row(region)
    runs.lock_region(row.id)
    # Read again: it may have changed while we waited.
    row = runs.region_row(region)
    for former in (options.start_from, options.stay_close_to):
        if former is not None and not runs.is_done(row.id, former):
            raise Refused(T("planning run {number} is not there, or not done; name one that is done", number=former))
    dates = wanted.dates or (row.first_date, row.last_date)
    frozen = freeze(work, actor.edits, region, dates)
    number = runs.add(
        row,
        options,
        frozen if wanted.change is None else wanted.change(work, frozen),
        actor.person_id,
        dates=dates,
        purpose=wanted.purpose,
        title=wanted.title,
        changes=wanted.changes,
    )
    if number is None:
        active = runs.active(row, dates)
        if active is None:
            return None
        raise Refused(
            T(
                "planning run {number} of the same dates is not at its end yet; wait for it, or stop it first",
                number=active,
            )
        )
    told = {} if wanted.purpose == PLAN else {"purpose": wanted.purpose, "title": wanted.title}
    audit.note(work, actor, region, "run.started", str(number), after=options.as_document() | told)
    return runs.one(region, number)


def stop_run(store: Store, actor: Actor, region: str, number: int) -> Run:
    """Stop a run: one that nobody has begun is cancelled; another one ends soon, with the best plan so far.

    Stopping what is at its end, or was stopped already, changes nothing.

    Raises
    ------
    NotThere
        There is no such region or run that the actor may change.
    """
    return store.in_work(lambda work: _stop(work, actor, region, number))


def _stop(work: Work, actor: Actor, region: str, number: int) -> Run:
    runs = Runs(work, actor.edits)
    run = runs.one(region, number, lock=True)
    if not run.active or run.stop_asked_at is not None:
        return run
    # A worker that was to end has given a run back to the queue that has dates already: they are kept.
    untouched = run.state == QUEUED and run.begun_at is None
    (runs.cancel if untouched else runs.ask_to_stop)(run, actor.person_id)
    audit.note(work, actor, region, "run.cancelled" if untouched else "run.stop_asked", str(number))
    return runs.one(region, number)


def run_status(store: Store, actor: Actor, region: str, number: int) -> Run:
    """Give a run with its progress and, once it is done, its report.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return Runs(work, actor.sees).one(region, number)


def list_runs(
    store: Store,
    actor: Actor,
    region: str,
    *,
    most: int = 50,
    before: int | None = None,
    purposes: Sequence[str] | None = None,
) -> list[Run]:
    """List the latest runs of a region, newest first, without their reports; `before`: those of a smaller number.

    `purposes`: only those; default all.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return Runs(work, actor.sees).listed(region, most, before, purposes)


def count_runs(store: Store) -> dict[str, int]:
    """Count all runs by state, for operators."""
    with store.read() as work:
        return counts_by_state(work)
