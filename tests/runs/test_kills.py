"""Workers that are killed, as processes of their own: the run ends with the plan of an undisturbed one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from run_regions import ACTOR, KEY, brought, dates_kept, wait_until
from sqlalchemy import func, select, update

from scheduler.domain.runs import DONE, QUEUED, RUNNING, RunOptions
from scheduler.runs.worker import Worker
from scheduler.service.run_folders import plan_of_run
from scheduler.service.runs import run_status, start_run
from scheduler.store import audit
from scheduler.store.tables.runs import plan_runs, school_plans

if TYPE_CHECKING:
    from scheduler.store import Store

ROOT = Path(__file__).parents[2]


def begin(database: str, *options: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"ETALE_DATABASE": database, "ETALE_LEASE_SECONDS": "1"}
    command = [sys.executable, "-m", "scheduler", "worker", *options]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


@pytest.mark.slow
def test_a_run_whose_workers_are_killed_ends_with_the_same_plan(store: Store, database: str, tmp_path: Path) -> None:
    """Each worker is killed when it has finished one date more, and the next one is in the middle of a date."""
    brought(store, tmp_path / "region", sessions=2, capacity=40)
    start_run(store, ACTOR, KEY, RunOptions(gap=0.0))
    for count in (1, 2):
        worker = begin(database)
        wait_until(lambda count=count: dates_kept(store) >= count)
        worker.kill()
        worker.wait()
        if not run_status(store, ACTOR, KEY, 1).active:
            break
    worker = begin(database)
    wait_until(lambda: run_status(store, ACTOR, KEY, 1).state == DONE)
    # Asked to end, a worker without work ends at once.
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    start_run(store, ACTOR, KEY, RunOptions(gap=0.0))
    Worker(store, "here", 30.0, lambda _: None).work(once=True)
    for number in (1, 2):
        plan_of_run(store, ACTOR, KEY, number, tmp_path / str(number))
    for name in ("plan.csv", "load.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    with store.read() as work:
        assert audit.verify(work) == []
        assert work.connection.execute(select(func.count()).select_from(school_plans)).scalar_one() == 6
        fences = work.connection.execute(select(plan_runs.c.fence).order_by(plan_runs.c.number)).scalars().all()
    assert fences[0] > 1
    assert fences[1] == 1


@pytest.mark.slow
def test_a_worker_that_is_asked_to_end_gives_its_run_back(store: Store, database: str, tmp_path: Path) -> None:
    if store.on_postgresql:
        pytest.skip("signals do not hang on the database; what follows is tried on both in test_interruptions.py")
    brought(store, tmp_path / "region", sessions=16, capacity=200)
    start_run(store, ACTOR, KEY, RunOptions(gap=0.0))
    worker = begin(database)
    wait_until(lambda: run_status(store, ACTOR, KEY, 1).state == RUNNING)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert run_status(store, ACTOR, KEY, 1).state == QUEUED
    with store.write() as work:
        work.connection.execute(update(plan_runs).values(options=RunOptions(gap=1.0).as_document()))
    Worker(store, "here", 30.0, lambda _: None).work(once=True)
    run = run_status(store, ACTOR, KEY, 1)
    assert (run.state, run.worker) == (DONE, "here")
