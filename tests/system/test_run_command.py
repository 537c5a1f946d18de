"""``etale run`` and ``etale worker``: start a run, plan it, see it, take its plan out and check it."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from run_regions import crowded
from stores import sqlite_address

from scheduler import wording
from scheduler.cli import main
from scheduler.errors import StoreAway
from scheduler.store import open_store
from scheduler.wording import T

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.people import Actor
    from scheduler.domain.runs import Run
    from scheduler.store import Store


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bring a region into a store that the environment names."""
    monkeypatch.setenv("ETALE_DATABASE", sqlite_address(tmp_path))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(wording, "_translator", [])
    folder = crowded(tmp_path / "region", sessions=4, capacity=60)
    assert main(["region", "import", str(folder)]) == 0
    return folder


def test_a_run_is_started_planned_shown_and_taken_out(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "list", "crowded"]) == 0
    assert "no run of crowded yet" in capsys.readouterr().err
    assert main(["run", "show", "crowded"]) == 2
    assert main(["run", "start", "crowded", "--gap", "0.6", "--seed", "5"]) == 0
    assert "Run 1 waits for a worker" in capsys.readouterr().out
    assert main(["run", "start", "crowded"]) == 2
    assert "planning run 1 of the same dates is not at its end yet" in capsys.readouterr().err
    assert main(["worker", "--once"]) == 0
    assert capsys.readouterr().err.splitlines() == ["Run 1 of crowded begins", "Run 1 of crowded is at its end"]
    assert main(["run", "show", "crowded"]) == 0
    assert "Run 1, 2021-04-06 – 2021-04-09: done; " in capsys.readouterr().out
    assert main(["run", "export", "crowded", "1", "--out", str(tmp_path / "plan")]) == 0
    assert main(["check", str(region), str(tmp_path / "plan"), "--proof"]) == 0
    assert (tmp_path / "plan" / "index.html").exists()


def test_a_run_that_waits_is_stopped(region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "start", "crowded"]) == 0
    assert main(["run", "stop", "crowded"]) == 0
    assert main(["run", "list", "crowded"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Run 1, 2021-04-06 – 2021-04-09: cancelled"
    assert main(["run", "export", "crowded", "1", "--out", "nowhere"]) == 2
    assert main(["run", "stop", "crowded", "7"]) == 2
    assert "has no planning run 7" in capsys.readouterr().err


def test_who_waits_does_so_while_the_database_is_away(
    region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server was restarted, and the command ended as though the run had failed."""
    from scheduler.service import runs

    status, away = runs.run_status, [StoreAway(T("the database does not answer"))]

    def status_later(store: Store, actor: Actor, key: str, number: int) -> Run:
        if away:
            raise away.pop()
        runs.stop_run(store, actor, key, number)
        return status(store, actor, key, number)

    monkeypatch.setattr(runs, "run_status", status_later)
    assert main(["run", "start", "crowded", "--wait"]) == 0
    said = capsys.readouterr()
    assert "the database does not answer. Trying again in 0.2 s" in said.err
    assert "cancelled" in said.out


def test_a_log_that_takes_nothing_more_keeps_no_run_from_its_end(
    region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The disk of the log was full, and the worker ended with its first sentence."""
    assert main(["run", "start", "crowded", "--gap", "1"]) == 0
    with monkeypatch.context() as patched, open("/dev/full", "w", encoding="utf-8", buffering=1) as full:
        patched.setattr(sys, "stderr", full)
        assert main(["worker", "--once"]) == 0
        with suppress(OSError):
            full.close()
    assert main(["run", "list", "crowded"]) == 0
    assert "done" in capsys.readouterr().out


def test_who_waits_is_told_the_end_and_a_failure_has_status_2(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from scheduler.runs.worker import Worker

    store = open_store(f"sqlite:///{tmp_path / 'etale.db'}")
    worker = Worker(store, "one", 30.0, lambda _: None)
    thread = threading.Thread(target=worker.work)
    thread.start()
    try:
        assert main(["run", "start", "crowded", "--gap", "1", "--wait"]) == 0
        assert "Run 1, 2021-04-06 – 2021-04-09: done" in capsys.readouterr().out
        with store.write() as work:
            work.connection.exec_driver_sql("UPDATE timetables SET content = NULL")
        assert main(["run", "start", "crowded", "--start-from", "1", "--wait"]) == 2
        assert "erased" in capsys.readouterr().err
    finally:
        worker.ending.set()
        thread.join()
        store.dispose()
