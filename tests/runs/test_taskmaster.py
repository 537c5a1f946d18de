"""Tasks are done once, when they are due, whoever dies meanwhile; on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import households
import pytest
from kept_schools import COLLEGE, REGION, accept, keep_region

from scheduler.domain.runs import RunOptions
from scheduler.domain.tasks import CANCELLED, DONE, FAILED, RUNNING, WAITING
from scheduler.errors import Refused
from scheduler.runs import taskmaster
from scheduler.runs.taskmaster import Taskmaster
from scheduler.service.people import disable
from scheduler.service.publishing import publications
from scheduler.service.runs import start_run
from scheduler.service.tasks import accept_run, cancel_task, list_tasks, publish_later
from scheduler.store import Store, tasks

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.people import Actor
    from scheduler.domain.tasks import Task
    from scheduler.store.tasks import TaskLease

LEASE_SECONDS = 30.0


@pytest.fixture
def clock() -> households.Clock:
    return households.Clock()


@pytest.fixture
def timed(store: Store, clock: households.Clock, tmp_path: Path) -> Store:
    """Give a region whose college has accepted a plan, on a clock that is turned by hand."""
    keep_region(store, tmp_path)
    accept(store)
    return Store(store.engine, clock)


@pytest.fixture
def actor(timed: Store) -> Actor:
    return households.actor(timed, "rectorat@x.fr", "region", REGION)


def master(store: Store, name: str = "one") -> Taskmaster:
    return Taskmaster(store, name, LEASE_SECONDS, lambda _: None, threading.Event())


def only(store: Store, actor: Actor) -> Task:
    (task,) = list_tasks(store, actor, REGION)
    return task


def claimed(store: Store, name: str) -> TaskLease:
    lease = store.in_work(lambda work: tasks.claim(work, name, LEASE_SECONDS))
    assert lease is not None
    return lease


def count(store: Store, actor: Actor) -> int:
    return len(publications(store, actor, REGION, COLLEGE))


def test_what_is_due_is_done_and_told(timed: Store, actor: Actor) -> None:
    publish_later(timed, actor, REGION)
    assert only(timed, actor).state == WAITING
    assert master(timed).do_all_due() == 1
    task = only(timed, actor)
    assert (task.state, task.result["published"], task.result["failed"]) == (DONE, 1, 0)
    assert count(timed, actor) == 1
    assert master(timed).do_all_due() == 0


def test_what_is_due_later_waits_for_its_time(
    timed: Store, actor: Actor, clock: households.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases count in the database's time; here it is the clock of the test."""
    monkeypatch.setattr(tasks, "database_now", lambda work: work.now)
    publish_later(timed, actor, REGION, clock.now + dt.timedelta(hours=2))
    clock.turn(hours=1)
    assert master(timed).do_all_due() == 0
    clock.turn(hours=1)
    assert master(timed).do_all_due() == 1
    assert count(timed, actor) == 1


def test_who_has_begun_is_not_crossed_and_who_died_is_followed(
    timed: Store, actor: Actor, clock: households.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "database_now", lambda work: work.now)
    publish_later(timed, actor, REGION)
    dead = claimed(timed, "dies")
    assert only(timed, actor).state == RUNNING
    assert master(timed, "other").do_all_due() == 0
    clock.turn(seconds=LEASE_SECONDS + 1)
    assert master(timed, "other").do_all_due() == 1
    assert count(timed, actor) == 1
    # The dead one wakes: what it says counts for nothing any more.
    assert not timed.in_work(lambda work: tasks.end(work, dead, FAILED, {}, ()))
    assert not timed.in_work(lambda work: tasks.renew(work, dead, LEASE_SECONDS, {}))
    assert only(timed, actor).state == DONE


def test_a_task_that_is_done_again_changes_nothing_more(
    timed: Store, actor: Actor, clock: households.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker dies after it published and before it said so."""
    monkeypatch.setattr(tasks, "database_now", lambda work: work.now)
    publish_later(timed, actor, REGION)
    lease = claimed(timed, "dies")
    taskmaster.do_task(timed, lease.task, lambda *_: None)
    assert count(timed, actor) == 1
    clock.turn(seconds=LEASE_SECONDS + 1)
    assert master(timed).do_all_due() == 1
    assert count(timed, actor) == 1
    assert only(timed, actor).result["published"] == 0


def test_what_is_asked_for_twice_before_it_is_begun_is_one_task(timed: Store, actor: Actor) -> None:
    assert publish_later(timed, actor, REGION).id == publish_later(timed, actor, REGION).id


def test_two_workers_never_take_one_task(timed: Store, actor: Actor, clock: households.Clock) -> None:
    for _ in range(6):
        clock.turn(seconds=1)
        publish_later(timed, actor, REGION)
    done: list[int] = []
    threads = [threading.Thread(target=lambda: done.append(master(timed).do_all_due())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 6
    assert {task.state for task in list_tasks(timed, actor, REGION)} == {DONE}
    assert count(timed, actor) == 1


def test_what_nobody_began_can_be_cancelled_and_what_was_begun_cannot(timed: Store, actor: Actor) -> None:
    first = publish_later(timed, actor, REGION)
    assert cancel_task(timed, actor, REGION, first.id).state == CANCELLED
    assert cancel_task(timed, actor, REGION, first.id).state == CANCELLED
    assert master(timed).do_all_due() == 0
    second = publish_later(timed, actor, REGION)
    claimed(timed, "one")
    with pytest.raises(Refused, match="begun already"):
        cancel_task(timed, actor, REGION, second.id)


def test_rights_are_those_of_when_it_is_done(timed: Store, actor: Actor) -> None:
    publish_later(timed, actor, REGION)
    disable(timed, households.OPERATORS, "rectorat@x.fr")
    assert master(timed).do_all_due() == 1
    (task,) = list_tasks(timed, households.OPERATORS, REGION)
    assert task.state == FAILED
    assert "may not do this any more" in str(task.told[0])
    assert count(timed, households.OPERATORS) == 0


def test_our_own_failure_is_told_and_keeps_nobody_waiting(
    timed: Store, actor: Actor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_later(timed, actor, REGION)
    with monkeypatch.context() as patch:
        patch.setattr(taskmaster, "do_task", lambda *_: 1 // 0)
        assert master(timed).do_all_due() == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
    publish_later(timed, actor, REGION)
    assert master(timed).do_all_due() == 1
    second, first = list_tasks(timed, actor, REGION)
    assert (first.state, second.state) == (FAILED, DONE)
    assert "Étale itself failed" in str(first.told[0])


def test_a_run_that_has_no_plan_cannot_be_accepted(timed: Store, actor: Actor) -> None:
    run = start_run(timed, actor, REGION, RunOptions())
    with pytest.raises(Refused, match="no plan that could be accepted"):
        accept_run(timed, actor, REGION, run.number)
