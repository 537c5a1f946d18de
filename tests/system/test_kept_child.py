"""The planning worker beside the pages: started again when it dies, stopped with the service."""

from __future__ import annotations

import errno
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from served import PATIENCE, environment, is_running, wait_for

from scheduler.cli import kept_child
from scheduler.cli.kept_child import KeptChild, worker_command
from scheduler.cli.speaker import Speaker

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SLEEP = "import time; time.sleep(600)"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_child_that_dies_is_started_again_after_growing_pauses(capfd: pytest.CaptureFixture[str]) -> None:
    child = KeptChild(python("raise SystemExit(7)"), Speaker("en"), first_pause=0.01)
    child.start()
    said = ""

    def four_times() -> bool:
        nonlocal said
        said += capfd.readouterr().err
        return said.count("started again") >= 4

    wait_for(four_times, "it died four times")
    child.stop()
    told = [line for line in said.splitlines() if "started again" in line]
    assert [line.rsplit(" ", 2)[1] for line in told[:4]] == ["0.01", "0.02", "0.04", "0.08"]
    assert all("status 7" in line for line in told)


def test_a_killed_child_comes_back_and_a_stopped_one_does_not() -> None:
    child = KeptChild(python(SLEEP), Speaker("en"), first_pause=0.01)
    child.start()
    wait_for(lambda: child.process is not None, "it runs")
    first = child.process
    assert first is not None
    first.kill()
    wait_for(lambda: child.process is not first, "another one runs")
    second = child.process
    assert second is not None
    child.stop()
    assert not is_running(second.pid)


def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_child, "STOP_SECONDS", 0.2)
    code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); {SLEEP}"
    child = KeptChild(python(code), Speaker("en"))
    child.start()
    wait_for(lambda: child.process is not None, "it runs")
    time.sleep(0.5)
    process = child.process
    assert process is not None
    child.stop()
    assert not is_running(process.pid)


def test_a_child_that_cannot_be_started_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The machine had no memory left for a moment, and there was no planning worker until the service was restarted."""
    begin, missing = KeptChild._begin, [OSError(errno.ENOMEM, "Cannot allocate memory")]

    def begin_later(child: KeptChild) -> subprocess.Popen[bytes] | None:
        if missing:
            raise missing.pop()
        return begin(child)

    monkeypatch.setattr(KeptChild, "_begin", begin_later)
    child = KeptChild(python(SLEEP), Speaker("en"), first_pause=0.05)
    child.start()
    wait_for(lambda: child.process is not None, "the child is started")
    child.stop()
    said = "the planning worker cannot be started (Cannot allocate memory); it is started again in 0.05 s"
    assert said in capfd.readouterr().err


def test_stopping_before_starting_is_no_harm() -> None:
    child = KeptChild(python(SLEEP), Speaker("en"))
    child.stop()
    child.start()
    child.stop()
    assert child.process is None


def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    """The parent is killed outright and cannot tell anybody."""
    inner = f"from scheduler.cli.orphans import end_with_parent; end_with_parent(); print('up', flush=True); {SLEEP}"
    outer = (
        "import subprocess, sys;"
        f"child = subprocess.Popen([sys.executable, '-c', {inner!r}], stdout=subprocess.PIPE);"
        f"child.stdout.readline(); print(child.pid, flush=True); {SLEEP}"
    )
    with subprocess.Popen(python(outer), stdout=subprocess.PIPE, text=True, env=environment(tmp_path)) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
        wait_for(lambda: not is_running(child), "the child ended")


def test_the_worker_s_command_names_how_many_plan() -> None:
    assert worker_command(None)[-1] == "worker"
    assert worker_command(3)[-3:] == ["worker", "--workers", "3"]
    assert PATIENCE > kept_child.STOP_SECONDS


def test_a_worker_of_the_service_begins_without_a_warning(tmp_path: Path) -> None:
    """Its module was imported before it was run, which Python complained about on stderr at every start."""
    asked = [*worker_command(None)[:-1], "--version"]
    done = subprocess.run(
        asked, capture_output=True, text=True, env=environment(tmp_path), check=True, timeout=PATIENCE
    )
    assert (done.stdout[:6], done.stderr) == ("etale ", "")
