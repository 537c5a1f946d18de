"""A worker plans what waits as the command line would, and every school gets its part."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest
from run_regions import (
    ACTOR,
    KEY,
    OPTIONS,
    brought,
    claimed,
    exported,
    planned,
    rows_of,
    wait_until,
    worker,
)
from sqlalchemy import func, select, update

from scheduler.cli.main import main
from scheduler.domain.runs import DONE, RunOptions
from scheduler.runs.worker import Worker
from scheduler.service.adoption import adopt_run
from scheduler.service.check import check
from scheduler.service.run_folders import plan_of_run
from scheduler.service.runs import run_status, start_run, stop_run
from scheduler.store import audit, leases
from scheduler.store.packed import unpack_arrays
from scheduler.store.run_outcomes import loads_of
from scheduler.store.tables.regions import schools
from scheduler.store.tables.runs import plan_runs, school_plans

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store


def test_a_run_leaves_the_plan_of_the_command_line(
    store: Store, region: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    run = planned(store)
    assert (run.state, run.stopped_by, run.failure) == (DONE, "work", ())
    assert run.report is not None
    assert run.report["objective"] == run.objective
    assert run.progress is not None
    assert (run.progress.dates_done, run.progress.dates) == (4, 4)
    assert exported(store, tmp_path / "plan") == undisturbed
    assert check(region, tmp_path / "plan", proof=True, on_progress=lambda *_: None) == []
    with store.read() as work:
        assert audit.verify(work) == []
        assert audit.entries(work, KEY, of_what="1")[0].what == "run.done"


def test_every_school_gets_a_proposal_that_says_what_the_plan_says(store: Store, region: Path, tmp_path: Path) -> None:
    assert planned(store, RunOptions(gap=0.5)).report["moved"] > 0
    exported(store, tmp_path / "plan")
    told = rows_of(tmp_path / "plan" / "plan.csv")
    with store.read() as work:
        joined = select(school_plans, schools.c.key, schools.c.timetable_id.label("in_force")).join(schools)
        rows = work.connection.execute(joined).all()
        loads = loads_of(work, 1)
    assert sorted(row.key for row in rows) == ["", "A", "B"]
    for row in rows:
        mine = [one for one in told if one["school"] == row.key]
        assert (row.state, row.timetable_id, row.activities) == ("proposed", row.in_force, len(mine))
        assert row.moved == sum(one["shift_minutes"] != "0" for one in mine)
        assert row.shift_minutes == sum(abs(int(one["shift_minutes"])) for one in mine)
        arrays = unpack_arrays(row.placements)
        assert sorted(zip(arrays["day"], arrays["row"], strict=True)) == list(
            zip(arrays["day"], arrays["row"], strict=True)
        )
        starts = [f"{start // 60:02d}:{start % 60:02d}" for start in sorted(arrays["start"].tolist())]
        assert starts == sorted(one["start"] for one in mine)
    assert [(one.platform, one.date.isoformat()) for one in loads] == [
        ("ent", f"2021-04-0{day}") for day in (6, 7, 8, 9)
    ]
    written = rows_of(tmp_path / "plan" / "load.csv")
    assert sum(float(one["after"]) for one in written) == pytest.approx(
        sum(one.columns["after"].sum() for one in loads), abs=0.01
    )


def test_a_proposal_replaces_that_of_a_former_run_unless_it_was_accepted(store: Store, region: Path) -> None:
    """The second school proposed its plan by itself: that is not for a run to take away."""
    quick = RunOptions(gap=1.0)
    planned(store, quick)
    with store.write() as work:
        first = work.connection.execute(select(func.min(school_plans.c.id))).scalar_one()
        work.connection.execute(update(school_plans).where(school_plans.c.id == first).values(state="accepted"))
        own = update(school_plans).where(school_plans.c.id == first + 1)
        work.connection.execute(own.values(run_id=None))
    planned(store, quick)
    with store.read() as work:
        states = work.connection.execute(select(school_plans.c.run_id, school_plans.c.state)).all()
    assert sorted((row.run_id or 0, row.state) for row in states) == [
        (0, "proposed"),
        (1, "accepted"),
        (1, "replaced"),
        *[(2, "proposed")] * 3,
    ]


def test_a_stopped_run_is_done_with_its_best_plan(store: Store, tmp_path: Path) -> None:
    folder = brought(store, tmp_path / "large", sessions=16, capacity=200)
    start_run(store, ACTOR, KEY, OPTIONS)
    thread = threading.Thread(target=worker(store).work, kwargs={"once": True})
    thread.start()
    wait_until(lambda: (run := run_status(store, ACTOR, KEY, 1)).progress is not None and run.progress.best is not None)
    begun = time.monotonic()
    stop_run(store, ACTOR, KEY, 1)
    thread.join()
    assert time.monotonic() - begun < 10
    run = run_status(store, ACTOR, KEY, 1)
    assert (run.state, run.stopped_by) == (DONE, "user")
    exported(store, tmp_path / "plan")
    assert check(folder, tmp_path / "plan", proof=False, on_progress=lambda *_: None) == []


def test_limited_time_counts_across_workers(store: Store, region: Path) -> None:
    start_run(store, ACTOR, KEY, RunOptions(gap=0.0, time_limit=1000.0))
    lease = claimed(store)
    with store.write() as work:
        progress = {"stage": "prices", "seconds": 999.9}
        work.connection.execute(update(plan_runs).values(progress=progress))
        leases.give_back(work, lease)
    begun = time.monotonic()
    worker(store, "two").work(once=True)
    assert time.monotonic() - begun < 3
    run = run_status(store, ACTOR, KEY, 1)
    assert (run.state, run.stopped_by) == (DONE, "time")
    assert run.report is not None
    assert run.report["seconds"] > 999.9


def test_former_runs_are_begun_with_and_stayed_close_to(store: Store, region: Path, tmp_path: Path) -> None:
    first = planned(store)
    begun = planned(store, RunOptions(gap=0.9, start_from=1))
    assert begun.state == DONE
    assert begun.objective is not None
    assert begun.objective <= first.objective + 1e-6
    close = planned(store, RunOptions(gap=0.5, stay_close_to=1))
    assert (close.state, close.failure) == (DONE, ())
    assert close.report is not None
    assert close.report["moved"] == 0
    plan_of_run(store, ACTOR, KEY, 3, tmp_path / "plan")
    assert (tmp_path / "plan" / "reference.csv").exists()
    assert check(region, tmp_path / "plan", proof=False, on_progress=lambda *_: None) == []


def test_a_proposal_says_what_it_asks_as_adopting_would_reckon_it(store: Store, region: Path) -> None:
    """Adopting a run of a whole region need not reckon anything; plans of which it is not known are still reckoned."""
    planned(store, RunOptions(gap=0.5))
    with store.write() as work:
        told = select(school_plans.c.id, school_plans.c.loads).order_by(school_plans.c.id)
        by_worker = work.connection.execute(told).all()
        work.connection.execute(update(school_plans).values(loads=None))
    adopt_run(store, ACTOR, KEY, 1)
    with store.read() as work:
        assert work.connection.execute(told).all() == by_worker
    assert all(row.loads for row in by_worker)


@pytest.mark.parametrize(("works", "told"), [(False, "no run is at work"), (True, "the run at work is given back")])
def test_a_worker_that_is_asked_to_end_says_whether_it_gives_a_run_back(
    works: bool, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def is_asked_to_end(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setenv("ETALE_DATABASE", "")
    monkeypatch.setenv("ETALE_DATA", str(tmp_path))
    monkeypatch.setattr(Worker, "claim", (lambda _: object()) if works else is_asked_to_end)
    monkeypatch.setattr(Worker, "plan", is_asked_to_end)
    assert main(["worker"]) == 0
    assert told in capsys.readouterr().err
