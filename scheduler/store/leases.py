"""The lease of a planning run: who works on it, and until when nobody else does.

A worker takes a run with a *fence*, a number that grows each time it is taken. Everything it writes goes through
:func:`renew` or :func:`end` first, in the same transaction: they change the run's row only where its fence is still
the worker's, and hold it until the end. So what a worker writes that slept past its lease changes nothing, whenever it
wakes. The time of a lease is the database's on PostgreSQL: the clocks of workers need not agree.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, update

from scheduler.domain.runs import DONE, FAILED, MOST_FRUITLESS, PLAN, QUEUED, RUNNING, RunOptions
from scheduler.store import sentences
from scheduler.store.run_dates import drop_dates
from scheduler.store.runs import progress_of
from scheduler.store.tables.regions import regions
from scheduler.store.tables.runs import plan_runs
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from scheduler.domain.runs import RunProgress
    from scheduler.store.engine import Work
    from scheduler.wording import Text


@dataclass(frozen=True)
class Lease:
    """A run that a worker has taken.

    Attributes
    ----------
    run_id, number : int
    region_id, region : int, str
        Identity and key.
    first_date, last_date : datetime.date
    fence : int
    options : RunOptions
    frozen : bytes or None
        Its input; None where it was erased.
    seconds : float
        That workers have spent on it before.
    lost_before : int
        Workers that it lost since it finished a date.
    purpose : str
    """

    run_id: int
    number: int
    region_id: int
    region: str
    first_date: dt.date
    last_date: dt.date
    fence: int
    options: RunOptions
    frozen: bytes | None
    seconds: float
    lost_before: int
    purpose: str = PLAN


@dataclass(frozen=True)
class Held:
    """A lease was renewed; whether the run's people ask to stop."""

    stop_asked: bool


@dataclass(frozen=True)
class GivenUp:
    """A run that lost too many workers: it has failed."""

    region: str
    number: int


def database_now(work: Work) -> dt.datetime:
    """Give the time by which leases are counted."""
    if not work.on_postgresql:
        return work.now
    now: dt.datetime = work.connection.execute(select(func.clock_timestamp())).scalar_one()
    return now


def some_wait(work: Work) -> bool:
    """Tell whether there is a run that a worker may take."""
    return work.connection.execute(select(plan_runs.c.id).where(_due(database_now(work))).limit(1)).first() is not None


def _due(now: dt.datetime) -> ColumnElement[bool]:
    over = and_(plan_runs.c.state == RUNNING, plan_runs.c.lease_until < now)
    return or_(plan_runs.c.state == QUEUED, over)


def claim(work: Work, worker: str, lease_seconds: float) -> Lease | GivenUp | None:
    """Take the oldest run that nobody works on; None where there is none.

    A run whose workers were lost `MOST_FRUITLESS` times without a date finished fails instead: it may be the run that
    kills them, and would go round for ever.
    """
    now = database_now(work)
    query = select(plan_runs, regions.c.key.label("region_key")).join(regions, regions.c.id == plan_runs.c.region_id)
    query = query.where(_due(now)).order_by(plan_runs.c.id).limit(1)
    row = work.connection.execute(query.with_for_update(of=plan_runs, skip_locked=True)).first()
    if row is None:
        return None
    mine, lost = plan_runs.c.id == row.id, row.fruitless + (row.state == RUNNING)
    if lost >= MOST_FRUITLESS:
        why = sentences.as_document(
            [
                T(
                    "{count} workers were lost while they worked on this run, and no date was finished meanwhile; "
                    "the machine may have too little memory for the region: see its log, then start the run again",
                    count=lost,
                )
            ]
        )
        ended = {"state": FAILED, "ended_at": work.now, "lease_until": None, "failure": why, "fruitless": lost}
        work.connection.execute(update(plan_runs).where(mine).values(ended))
        drop_dates(work, row.id)
        return GivenUp(row.region_key, row.number)
    taken = {
        "state": RUNNING,
        "worker": worker,
        "lease_until": now + dt.timedelta(seconds=lease_seconds),
        "fence": row.fence + 1,
        "fruitless": lost,
        "begun_at": row.begun_at or work.now,
    }
    work.connection.execute(update(plan_runs).where(mine).values(taken))
    return Lease(
        run_id=row.id,
        number=row.number,
        region_id=row.region_id,
        region=row.region_key,
        first_date=row.first_date,
        last_date=row.last_date,
        fence=row.fence + 1,
        options=RunOptions(**row.options),
        frozen=row.input,
        seconds=0.0 if row.progress is None else progress_of(row.progress).seconds,
        lost_before=lost,
        purpose=row.purpose,
    )


def renew(
    work: Work, lease: Lease, lease_seconds: float, progress: RunProgress | None = None, *, fruitful: bool = False
) -> Held | None:
    """Go on holding a lease, and hold the run's row until the work ends; None where it was lost.

    A lease that is over and that nobody took goes on: the database or the worker was away for a while.

    Parameters
    ----------
    work : Work
    lease : Lease
    lease_seconds : float
        From now.
    progress : RunProgress, optional
    fruitful : bool
        A date was finished: what was lost before no longer counts.
    """
    values: dict[str, Any] = {"lease_until": database_now(work) + dt.timedelta(seconds=lease_seconds)}
    if progress is not None:
        values |= {"progress": progress.as_document(), "progress_at": work.now}
    if fruitful:
        values["fruitless"] = 0
    query = update(plan_runs).where(*_mine(lease)).values(values).returning(plan_runs.c.stop_asked_at)
    row = work.connection.execute(query).first()
    return None if row is None else Held(row.stop_asked_at is not None)


def look(work: Work, lease: Lease) -> Held | None:
    """Tell whether a lease is still held, and whether people ask to stop; changes nothing."""
    row = work.connection.execute(select(plan_runs.c.stop_asked_at).where(*_mine(lease))).first()
    return None if row is None else Held(row.stop_asked_at is not None)


def give_back(work: Work, lease: Lease) -> bool:
    """Let another worker go on at once; False where the lease was lost already."""
    values = {"state": QUEUED, "worker": None, "lease_until": None}
    return _changed(work, lease, values)


def end(work: Work, lease: Lease, values: dict[str, Any]) -> bool:
    """End a run and hold its row until the work ends; False where the lease was lost.

    Parameters
    ----------
    work : Work
    lease : Lease
    values : dict
        Further columns, the outcome.
    """
    return _changed(work, lease, {"state": DONE, "ended_at": work.now, "lease_until": None} | values)


def fail(work: Work, lease: Lease, why: Sequence[Text]) -> bool:
    """End a run that failed, with the reasons; False where the lease was lost."""
    values = {"state": FAILED, "ended_at": work.now, "lease_until": None, "failure": sentences.as_document(why)}
    return _changed(work, lease, values)


def ended_as(work: Work, lease: Lease) -> str | None:
    """Give the state in which a worker itself ended its run: a commit may have come through that seemed to fail."""
    query = select(plan_runs.c.state).where(plan_runs.c.id == lease.run_id, plan_runs.c.fence == lease.fence)
    state = work.connection.execute(query).scalar()
    return state if state in (DONE, FAILED) else None


def _changed(work: Work, lease: Lease, values: dict[str, Any]) -> bool:
    done = work.connection.execute(update(plan_runs).where(*_mine(lease)).values(values))
    return done.rowcount == 1


def _mine(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return plan_runs.c.id == lease.run_id, plan_runs.c.state == RUNNING, plan_runs.c.fence == lease.fence
