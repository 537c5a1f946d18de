"""Who works on a run: one worker at a time, and whoever slept past its lease changes nothing."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from run_regions import ACTOR, brought, dates_kept
from sqlalchemy import insert, select

from scheduler.domain.runs import DONE, FAILED, QUEUED, RUNNING, RunOptions, RunProgress
from scheduler.service.regions import import_region
from scheduler.service.runs import run_status, start_run, stop_run
from scheduler.store import leases
from scheduler.store.leases import GivenUp, Lease
from scheduler.store.tables.runs import plan_runs, run_dates

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

SHORT = 0.05
"""Seconds of a lease that is soon over."""


@pytest.fixture
def queued(store: Store, tmp_path: Path) -> Store:
    brought(store, tmp_path / "region")
    start_run(store, ACTOR, "crowded", RunOptions())
    return store


def claim(store: Store, worker: str = "one", seconds: float = 30.0) -> Lease | GivenUp | None:
    return store.in_work(lambda work: leases.claim(work, worker, seconds))


def taken(store: Store, worker: str = "one", seconds: float = 30.0) -> Lease:
    lease = claim(store, worker, seconds)
    assert isinstance(lease, Lease)
    return lease


def test_many_workers_at_once_take_each_run_once(store: Store, tmp_path: Path) -> None:
    folder = brought(store, tmp_path / "region", "region-0")
    for number in range(1, 12):
        import_region(store, ACTOR, folder, f"region-{number}")
    for number in range(12):
        start_run(store, ACTOR, f"region-{number}", RunOptions())

    def work(worker: int) -> list[int]:
        mine = []
        while (lease := claim(store, f"worker {worker}")) is not None:
            assert isinstance(lease, Lease)
            assert lease.fence == 1
            mine.append(lease.run_id)
        return mine

    with ThreadPoolExecutor(8) as pool:
        # PostgreSQL passes over rows that somebody else is about to take, so a worker may see nothing for a moment.
        found = [run for mine in pool.map(work, range(8)) for run in mine]
    assert sorted(found) == list(range(1, 13))
    with store.read() as reading:
        holders = reading.connection.execute(select(plan_runs.c.state, plan_runs.c.worker)).all()
    assert all(state == RUNNING and worker for state, worker in holders)


def test_a_lease_holds_as_long_as_it_is_renewed(queued: Store) -> None:
    lease = taken(queued, seconds=0.4)
    for _ in range(4):
        time.sleep(0.2)
        with queued.write() as work:
            assert leases.renew(work, lease, 0.4) is not None
        assert claim(queued, "other") is None


def test_who_slept_past_its_lease_changes_nothing(queued: Store) -> None:
    first = taken(queued, seconds=SHORT)
    time.sleep(2 * SHORT)
    second = taken(queued, "two")
    assert (second.run_id, second.fence) == (first.run_id, first.fence + 1)
    before = row(queued)
    with queued.write() as work:
        assert leases.renew(work, first, 30.0, RunProgress("checking"), fruitful=True) is None
        assert not leases.give_back(work, first)
        assert not leases.end(work, first, {"objective": 1.0})
        assert not leases.fail(work, first, [])
        assert leases.ended_as(work, first) is None
    assert row(queued) == before
    with queued.write() as work:
        assert leases.end(work, second, {"objective": 2.0})
    assert run_status(queued, ACTOR, "crowded", 1).objective == 2.0
    with queued.write() as work:
        assert leases.ended_as(work, first) is None
        assert leases.ended_as(work, second) == DONE


def row(store: Store) -> object:
    with store.read() as work:
        return work.connection.execute(select(plan_runs)).all()


def test_a_lease_that_is_over_and_that_nobody_took_goes_on(queued: Store) -> None:
    lease = taken(queued, seconds=SHORT)
    time.sleep(2 * SHORT)
    with queued.write() as work:
        assert leases.renew(work, lease, 30.0) is not None
    assert claim(queued, "two") is None


def test_a_run_that_lost_three_workers_without_a_date_fails(queued: Store) -> None:
    for lost in range(3):
        assert taken(queued, seconds=SHORT).lost_before == lost
        time.sleep(2 * SHORT)
    with queued.write() as work:
        date = {"run_id": 1, "date": dt.date(2021, 4, 6), "finished_at": work.now, "objective": 0.0, "lower_bound": 0.0}
        work.connection.execute(insert(run_dates).values(result=b"", **date))
    assert claim(queued) == GivenUp("crowded", 1)
    assert dates_kept(queued) == 0  # as of any run that failed
    run = run_status(queued, ACTOR, "crowded", 1)
    assert run.state == FAILED
    assert "3 workers were lost" in str(run.failure[0])
    assert claim(queued) is None


def test_a_finished_date_forgives_the_workers_lost_before(queued: Store) -> None:
    for _ in range(2):
        lease = taken(queued, seconds=SHORT)
        time.sleep(2 * SHORT)
    with queued.write() as work:
        assert leases.renew(work, lease, SHORT, fruitful=True) is not None
    time.sleep(2 * SHORT)
    assert taken(queued).lost_before == 1


def test_a_run_that_is_given_back_is_taken_at_once_and_has_lost_nobody(queued: Store) -> None:
    lease = taken(queued)
    with queued.write() as work:
        assert leases.renew(work, lease, 30.0, RunProgress("prices", seconds=12.5)) is not None
        assert leases.give_back(work, lease)
        assert leases.renew(work, lease, 30.0) is None
    assert run_status(queued, ACTOR, "crowded", 1).state == QUEUED
    again = taken(queued, "two")
    assert (again.fence, again.lost_before, again.seconds) == (2, 0, 12.5)


def test_a_wish_to_stop_is_seen_by_whoever_holds_the_lease(queued: Store) -> None:
    lease = taken(queued)
    with queued.read() as work:
        assert leases.look(work, lease) == leases.Held(stop_asked=False)
    stop_run(queued, ACTOR, "crowded", 1)
    with queued.read() as work:
        assert leases.look(work, lease) == leases.Held(stop_asked=True)
    with queued.write() as work:
        assert leases.renew(work, lease, 30.0) == leases.Held(stop_asked=True)
