"""Publishing while others publish and read, with a full disk, and with processes that are killed."""

from __future__ import annotations

import itertools
import multiprocessing
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import publishing_loop
import pytest
from agreement import agreement
from kept_schools import ACTOR, COLLEGE, FIRST, LAST, LYCEE, REGION, WEEK, accept, keep_region, state_of
from sqlalchemy import event, func, select, text, update

from scheduler.errors import StoreFailed
from scheduler.service.publishing import publication, publications, publish
from scheduler.service.publishing_all import PublishedAll, publish_all
from scheduler.store.tables.publications import calendar_entries, feed_contents
from scheduler.store.tables.runs import school_plans
from scheduler.store.tables.timetables import timetables

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

KILLS = 20


@pytest.fixture
def kept(store: Store, tmp_path: Path) -> Store:
    """Give a store with the little region."""
    keep_region(store, tmp_path)
    return store


def test_a_plan_that_eight_publish_at_once_is_published_once(kept: Store) -> None:
    plan = accept(kept)
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: publish(kept, ACTOR, REGION, COLLEGE, plan), range(8)))
    assert {one.number for one in made} == {1}
    assert all(one == made[0] for one in made)
    assert agreement(kept) == []


def test_eight_plans_that_are_published_at_once_get_a_number_each(kept: Store) -> None:
    plans = [accept(kept, shift=5 * place) for place in range(8)]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda plan: publish(kept, ACTOR, REGION, COLLEGE, plan), plans))
    assert sorted(one.number for one in made) == list(range(1, 9))
    states = sorted(state_of(kept, plan) for plan in plans)
    assert states == ["published"] + 7 * ["replaced"]
    assert agreement(kept) == []


def test_readers_see_whole_publications(kept: Store) -> None:
    publish(kept, ACTOR, REGION, COLLEGE, accept(kept))
    over = threading.Event()
    seen: list[list[str]] = []

    def look() -> None:
        while not over.is_set():
            seen.append(agreement(kept))

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for shift in range(5, 60, 5):
            publish(kept, ACTOR, REGION, COLLEGE, accept(kept, shift=shift))
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert len(seen) > 2
    assert [found for found in seen if found] == []


@pytest.fixture(scope="module")
def processes() -> Any:
    """Give processes that begin within some hundredths of a second."""
    context = multiprocessing.get_context("forkserver")
    # Only what is found from the folder of the program; the rest is loaded in each process.
    context.set_forkserver_preload(["scheduler.service.regions", "scheduler.service.publishing", "psycopg"])
    return context


def test_a_process_that_is_killed_leaves_a_whole_publication(kept: Store, database: str, processes: Any) -> None:
    publish(kept, ACTOR, REGION, COLLEGE, accept(kept))
    draw = random.Random(8)  # noqa: S311 - no secret
    for kill in range(KILLS):
        before = publication(kept, ACTOR, REGION, COLLEGE).number
        process = processes.Process(target=publishing_loop.publish_for_ever, args=(database, kill))
        process.start()
        deadline = time.monotonic() + 30
        while publication(kept, ACTOR, REGION, COLLEGE).number == before and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(draw.uniform(0, 0.06))
        process.kill()
        process.join()
        assert agreement(kept) == [], f"after kill {kill}"
    assert publication(kept, ACTOR, REGION, COLLEGE).number > KILLS


def test_a_kill_before_any_statement_leaves_the_former_publication(kept: Store, database: str, processes: Any) -> None:
    publish(kept, ACTOR, REGION, COLLEGE, accept(kept))
    plan = accept(kept, shift=25)
    for statement in itertools.count(1):
        process = processes.Process(target=publishing_loop.publish_until, args=(database, plan, statement))
        process.start()
        process.join()
        assert agreement(kept) == [], f"killed before statement {statement}"
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        assert publication(kept, ACTOR, REGION, COLLEGE).number == 1
        assert state_of(kept, plan) == "accepted"
    assert statement > 12
    assert publication(kept, ACTOR, REGION, COLLEGE).number == 2


def counts(store: Store) -> list[int]:
    """Count rows."""
    with store.read() as work:
        tables = (calendar_entries, feed_contents)
        return [work.connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def test_a_full_disk_changes_nothing(kept: Store) -> None:
    if kept.on_postgresql:
        pytest.skip("a limit of pages is SQLite's")
    plan = accept(kept, last_date=FIRST + 3 * WEEK)
    with kept.read() as work:
        pages = work.connection.execute(text("PRAGMA page_count")).scalar_one()
    room = 0
    # With each page of room the writes come further before the disk is full.
    while not is_published(kept, plan, pages + room):
        assert counts(kept) == [0, 0]
        assert state_of(kept, plan) == "accepted"
        room += 1
    assert room > 2
    assert agreement(kept) == []


def is_published(store: Store, plan: int, pages: int) -> bool:
    """Publish a plan into a database that may have so many pages; tell whether there was room."""
    store.dispose()
    event.listen(store.engine, "connect", partial(bound, pages))
    try:
        publish(store, ACTOR, REGION, COLLEGE, plan)
    except StoreFailed as failed:
        if "full" not in str(failed):
            raise
        return False
    return True


def bound(pages: int, connection: Any, _: object) -> None:
    """Let a database have so many pages and no more."""
    connection.execute(f"PRAGMA max_page_count={pages}")


@pytest.mark.parametrize("processes", [1, 2])
def test_all_that_schools_accepted_is_published_and_who_fails_is_told(kept: Store, processes: int) -> None:
    accept(kept, first_date=FIRST + WEEK, last_date=LAST + WEEK)
    for school in (COLLEGE, LYCEE, ""):
        accept(kept, school)
    with kept.write() as work:
        version = work.connection.execute(select(timetables.c.id).where(timetables.c.sessions == 2)).scalar_one()
        work.connection.execute(update(timetables).where(timetables.c.id == version).values(content=None))
    told: list[tuple[int, int]] = []
    done = publish_all(kept, ACTOR, REGION, processes=processes, on_progress=lambda *counts: told.append(counts))
    assert sorted(done.published) == [("", 1), (COLLEGE, 1), (COLLEGE, 2)]
    ((school, reasons),) = done.failed
    assert (school, bool(reasons)) == (LYCEE, True)
    assert told == [(count, 4) for count in range(5)]
    assert agreement(kept) == []
    again = publish_all(kept, ACTOR, REGION, processes=1)
    assert again == PublishedAll((), done.failed)
    with kept.read() as work:
        states = work.connection.execute(select(school_plans.c.state)).scalars().all()
    assert sorted(states) == ["accepted", "published", "published", "replaced"]
    assert len(publications(kept, ACTOR, REGION, COLLEGE)) == 2


def test_where_a_process_ends_unexpectedly_the_rest_is_told_and_published_the_next_time(kept: Store) -> None:
    for shift in range(12):
        accept(kept, shift=5 * shift)

    others = set(multiprocessing.active_children())

    def kill(done: int, _: int) -> None:
        if done == 1:
            next(child for child in multiprocessing.active_children() if child not in others).kill()

    done = publish_all(kept, ACTOR, REGION, processes=2, on_progress=kill)
    assert len(done.published) + len(done.failed) == 12
    assert done.published
    assert done.failed
    assert agreement(kept) == []
    again = publish_all(kept, ACTOR, REGION, processes=1)
    assert not again.failed
    assert publication(kept, ACTOR, REGION, COLLEGE).number == 12
    assert agreement(kept) == []
