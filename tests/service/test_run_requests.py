"""What people do with planning runs: start, watch, stop, within their scope."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from run_regions import ACTOR, KEY, brought
from sqlalchemy import insert, select, update

from scheduler.domain.people import Role, person_actor
from scheduler.domain.runs import CANCELLED, QUEUED, RunOptions, RunProgress
from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.service.regions import import_region
from scheduler.service.run_words import run_in_words
from scheduler.service.runs import count_runs, list_runs, run_status, start_run, stop_run
from scheduler.store import audit, leases
from scheduler.store.leases import Lease
from scheduler.store.tables.people import people
from scheduler.store.tables.regions import regions, schools
from scheduler.store.tables.runs import plan_runs

if TYPE_CHECKING:
    from scheduler.store import Store


@pytest.fixture
def kept(store: Store, tmp_path: Path) -> Store:
    brought(store, tmp_path / "region")
    return store


def test_a_run_waits_with_its_options_and_is_in_the_audit_log(kept: Store) -> None:
    options = RunOptions(gap=0.02, time_limit=60.0, objective="level", reorder=True, seed=2**62)
    run = start_run(kept, ACTOR, KEY, options)
    assert (run.number, run.state, run.options, run.progress) == (1, QUEUED, options, None)
    assert run_status(kept, ACTOR, KEY, 1) == run
    assert list_runs(kept, ACTOR, KEY) == [run]
    assert count_runs(kept)[QUEUED] == 1
    with kept.read() as work:
        entry = audit.entries(work, KEY, of_what="1")[0]
        assert (entry.what, entry.after) == ("run.started", options.as_document())
        assert audit.verify(work) == []


def test_of_twenty_starts_at_once_one_comes_through_and_the_others_name_it(kept: Store) -> None:
    def start(_: int) -> object:
        try:
            return start_run(kept, ACTOR, KEY, RunOptions()).number
        except Refused as refused:
            return str(refused)

    with ThreadPoolExecutor(20) as pool:
        said = list(pool.map(start, range(20)))
    assert said.count(1) == 1
    assert sum("planning run 1 of the same dates is not at its end" in str(one) for one in said) == 19
    assert [run.number for run in list_runs(kept, ACTOR, KEY)] == [1]


def test_a_run_of_other_dates_may_go_beside_it(kept: Store) -> None:
    start_run(kept, ACTOR, KEY, RunOptions())
    with kept.write() as work:
        later = select(regions.c.last_date).scalar_subquery()
        work.connection.execute(update(regions).values(first_date=later))
    assert start_run(kept, ACTOR, KEY, RunOptions()).number == 2


def test_a_run_that_waits_is_cancelled_and_stopping_again_changes_nothing(kept: Store) -> None:
    start_run(kept, ACTOR, KEY, RunOptions())
    stopped = stop_run(kept, ACTOR, KEY, 1)
    assert (stopped.state, stopped.active) == (CANCELLED, False)
    assert stop_run(kept, ACTOR, KEY, 1) == stopped
    assert start_run(kept, ACTOR, KEY, RunOptions()).number == 2
    with kept.read() as work:
        assert [entry.what for entry in audit.entries(work, KEY, of_what="1")] == ["run.cancelled", "run.started"]


def test_a_run_that_came_back_to_the_queue_keeps_what_it_has_when_it_is_stopped(kept: Store) -> None:
    start_run(kept, ACTOR, KEY, RunOptions())
    with kept.write() as work:
        lease = leases.claim(work, "one", 30.0)
        assert isinstance(lease, Lease)
        assert leases.give_back(work, lease)
    assert stop_run(kept, ACTOR, KEY, 1).state == QUEUED
    with kept.write() as work:
        again = leases.claim(work, "two", 30.0)
        assert isinstance(again, Lease)
        assert leases.renew(work, again, 30.0) == leases.Held(stop_asked=True)


def test_progress_comes_back_as_it_was(kept: Store) -> None:
    start_run(kept, ACTOR, KEY, RunOptions())
    date = run_status(kept, ACTOR, KEY, 1).first_date
    told = RunProgress("prices", 3, date, 10.5, 12.25, 1, 4, 33.5, None)
    with kept.write() as work:
        lease = leases.claim(work, "one", 30.0)
        assert isinstance(lease, Lease)
        leases.renew(work, lease, 30.0, told)
    run = run_status(kept, ACTOR, KEY, 1)
    assert run.progress == told
    assert told.gap == pytest.approx(1 / 7)
    assert RunProgress("preparing", best=float("inf")).as_document().get("best") is None


def test_options_that_cannot_be_used_are_all_told(kept: Store) -> None:
    wrong = RunOptions(gap=2.0, time_limit=-1.0, objective="best", seed=-1)
    with pytest.raises(FaultyInput) as told:
        start_run(kept, ACTOR, KEY, wrong)
    assert len(told.value.faults) == 4
    with pytest.raises(Refused, match="run 7 is not there, or not done"):
        start_run(kept, ACTOR, KEY, RunOptions(start_from=7))
    assert list_runs(kept, ACTOR, KEY) == []


def test_runs_are_of_their_region_s_people(kept: Store, tmp_path: Path) -> None:
    import_region(kept, ACTOR, tmp_path / "region", "other")
    start_run(kept, ACTOR, "other", RunOptions())
    with kept.write() as work:
        person = {"email": "a@b.fr", "name": "A", "created_at": work.now}
        number = work.connection.execute(insert(people).values(person).returning(people.c.id)).scalar_one()
        ids = {key: id for key, id in work.connection.execute(select(regions.c.key, regions.c.id))}
        school = work.connection.execute(select(schools.c.id).where(schools.c.region_id == ids[KEY])).scalars().first()
    ours = person_actor(number, "a@b.fr", [Role("region", region_id=ids[KEY])])
    principal = person_actor(number, "a@b.fr", [Role("principal", school_id=school)])
    assert start_run(kept, ours, KEY, RunOptions()).asked_by == "a@b.fr"
    for act in (list_runs, lambda *to: run_status(*to, 1), lambda *to: stop_run(*to, 1)):
        with pytest.raises(NotThere):
            act(kept, ours, "other")
        with pytest.raises(NotThere):
            act(kept, principal, KEY)
    with pytest.raises(NotThere):
        start_run(kept, ours, "other", RunOptions())
    with pytest.raises(NotThere, match="has no planning run 9"):
        run_status(kept, ours, KEY, 9)
    with kept.read() as work:
        states = work.connection.execute(select(plan_runs.c.state)).scalars().all()
    assert list(states) == [QUEUED, QUEUED]


def test_what_people_ask_for_needs_no_solver() -> None:
    """The web process starts, shows and stops runs, and has no room for solvers."""
    code = "import sys, scheduler.service.runs, scheduler.service.run_words, scheduler.service.run_folders; "
    code += "sys.exit(bool({'numba', 'ortools'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_a_run_is_told_in_words(kept: Store) -> None:
    run = start_run(kept, ACTOR, KEY, RunOptions())
    assert str(run_in_words(run, "en")) == "Run 1, 2021-04-06 – 2021-04-09: waiting for a worker"
    begun = replace(run, state="running", progress=RunProgress("prices", 3, run.first_date, 90.0, 100.0, 1, 4))
    told = "running; Tuesday 6 April: finding the prices of slots, gap 10%; dates finished: 1 of 4"
    assert str(run_in_words(begun, "en")).endswith(told)
    stopping = replace(begun, stop_asked_at=run.asked_at, progress=RunProgress("storing", dates_done=4, dates=4))
    assert str(run_in_words(stopping, "en")).endswith("stopping; storing the plan; dates finished: 4 of 4")
    done = replace(run, state="done", objective=2000.0, lower_bound=1900.0)
    assert str(run_in_words(done, "en")).endswith("done; 2,000 head-minutes, gap 5%")
