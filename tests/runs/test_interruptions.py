"""Whatever cuts a run off, it ends with the plan of an undisturbed one."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from run_regions import (
    ACTOR,
    KEY,
    OPTIONS,
    claimed,
    dates_kept,
    exported,
    wait_until,
    worker,
)
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from scheduler.domain.runs import DONE, QUEUED, RunOptions
from scheduler.execution import Stop
from scheduler.runs.keeper import Keeper, LeaseLost
from scheduler.runs.planning import plan_run
from scheduler.runs.worker import Worker
from scheduler.service.planning import Means
from scheduler.service.runs import run_status, start_run
from scheduler.store import audit
from scheduler.store.tables import METADATA
from scheduler.store.tables.runs import plan_runs, school_plans
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scheduler.store import Store


def test_a_worker_that_is_to_end_gives_its_run_back_and_another_one_goes_on(
    store: Store, region: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    start_run(store, ACTOR, KEY, OPTIONS)
    first = worker(store)
    thread = threading.Thread(target=first.work)
    thread.start()
    wait_until(lambda: dates_kept(store) >= 1)
    first.ending.set()
    thread.join()
    left = dates_kept(store)
    run = run_status(store, ACTOR, KEY, 1)
    assert (run.state, run.stop_asked_at) == (QUEUED, None)
    assert 1 <= left < 4
    assert run.progress is not None
    seconds = run.progress.seconds
    worker(store, "two").work(once=True)
    run = run_status(store, ACTOR, KEY, 1)
    assert (run.state, run.worker) == (DONE, "two")
    assert run.progress is not None
    assert run.progress.seconds > seconds > 0
    assert exported(store, tmp_path / "plan") == undisturbed


def test_a_worker_that_wakes_after_its_lease_changes_nothing(store: Store, region: Path) -> None:
    start_run(store, ACTOR, KEY, OPTIONS)
    asleep = claimed(store, 0.05)
    time.sleep(0.1)
    worker(store, "two").work(once=True)
    before = everything(store)
    stop = Stop(time.monotonic)
    keeper = Keeper(store, asleep, 30.0, stop, threading.Event(), lambda _: None)
    with pytest.raises(LeaseLost), keeper:
        plan_run(store, asleep, keeper, stop, Means())
    # Even one that has not heard of it yet, at the very end.
    with pytest.raises(LeaseLost):
        plan_run(store, asleep, Deaf(store, asleep, 30.0, stop, threading.Event(), lambda _: None), stop, Means())
    assert everything(store) == before


class Deaf(Keeper):
    """A keeper whose thread sleeps on."""

    def flush(self) -> None:
        """Let what was finished wait."""


def everything(store: Store) -> dict[str, list[Any]]:
    with store.read() as work:
        return {
            table.name: work.connection.execute(select(table).order_by(*table.primary_key)).all()
            for table in METADATA.sorted_tables
        }


@contextmanager
def away(store: Store) -> Iterator[None]:
    """Let every transaction fail, as when the database's server is stopped."""

    def refuse(_: object) -> None:
        raise OperationalError("BEGIN", {}, ConnectionError("connection refused"))

    event.listen(store.engine, "begin", refuse)
    try:
        yield
    finally:
        event.remove(store.engine, "begin", refuse)


def test_a_database_that_is_away_for_a_while_costs_nothing(
    store: Store, region: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    start_run(store, ACTOR, KEY, OPTIONS)
    said: list[str] = []
    one = Worker(store, "one", 0.3, lambda text: said.append(str(text)))
    thread = threading.Thread(target=one.work, kwargs={"once": True})
    thread.start()
    wait_until(lambda: dates_kept(store) >= 1)
    with away(store):
        time.sleep(2.0)
    thread.join()
    assert any("the database does not answer" in text for text in said)
    run = run_status(store, ACTOR, KEY, 1)
    assert (run.state, run.worker) == (DONE, "one")
    assert exported(store, tmp_path / "plan") == undisturbed
    with store.read() as work:
        assert work.connection.execute(select(plan_runs.c.fence)).scalar_one() == 1


def test_a_worker_may_end_while_the_database_is_away(store: Store, region: Path) -> None:
    start_run(store, ACTOR, KEY, OPTIONS)
    one = worker(store, lease_seconds=0.3)
    thread = threading.Thread(target=one.work)
    thread.start()
    wait_until(lambda: dates_kept(store) >= 1)
    with away(store):
        one.ending.set()
        thread.join(20)
        assert not thread.is_alive()
    assert dates_kept(store) < 4
    worker(store, "two").work(once=True)
    wait_until(lambda: worker(store, "two").work(once=True) or not run_status(store, ACTOR, KEY, 1).active)
    assert run_status(store, ACTOR, KEY, 1).state == DONE


def test_a_full_disk_is_waited_for_and_leaves_nothing_half_stored(
    store: Store, region: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    if store.on_postgresql:
        pytest.skip("SQLite alone can be told how large it may grow")
    start_run(store, ACTOR, KEY, OPTIONS)
    said: list[str] = []
    pages = 1

    def allow(connection: Any) -> None:
        # A number below the present size means the present size.
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    event.listen(store.engine, "begin", allow, insert=True)
    one = Worker(store, "one", 0.3, lambda text: said.append(str(text)))
    thread = threading.Thread(target=one.work, kwargs={"once": True})
    thread.start()
    wait_until(lambda: any("disk of the database is full" in text for text in said))
    run = run_status(store, ACTOR, KEY, 1)
    assert (run.state, run.report) == ("running", None)
    pages = 1_000_000
    thread.join()
    assert run_status(store, ACTOR, KEY, 1).state == DONE
    assert exported(store, tmp_path / "plan") == undisturbed


def test_a_commit_that_came_through_though_it_seemed_not_to_is_not_done_twice(
    store: Store, region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks after the end was stored: the worker tries again, and finds its own end there."""
    start_run(store, ACTOR, KEY, RunOptions(gap=1.0))
    in_work, broken = store.in_work, []

    def breaking(use: Any, attempts: int = 5) -> Any:
        result = in_work(use, attempts)
        if not broken and run_status(store, ACTOR, KEY, 1).state == DONE:
            broken.append(True)
            from scheduler.errors import StoreFailed

            raise StoreFailed(T("the line broke"))
        return result

    monkeypatch.setattr(store, "in_work", breaking)
    worker(store).work(once=True)
    assert broken
    assert run_status(store, ACTOR, KEY, 1).state == DONE
    with store.read() as work:
        assert [entry.what for entry in audit.entries(work, KEY, of_what="1")] == ["run.done", "run.started"]
        assert work.connection.execute(select(func.count()).select_from(school_plans)).scalar_one() == 3
