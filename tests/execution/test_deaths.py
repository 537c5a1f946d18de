"""Worker processes that die, in every moment, cost time and change no result; and none outlives the first process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from solving import quiet
from toys import Once, Part, Toy, die_anywhere_else, sleep, toys, where

from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.execution.pool import MOST_FRESH, WorkerProcesses
from scheduler.execution.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.optimizer.work import Progress


def pool(workers: int) -> Crew:
    return Crew(WorkerProcesses(workers), Stop(time.monotonic))


def results_here(jobs: Sequence[Toy]) -> list[list[object]]:
    return Crew(Nowhere(), Stop(time.monotonic)).run(jobs, quiet)


def processes(executor: Crew, shards: int = 2) -> set[int]:
    """Give the processes that a job is worked on in."""
    ((pids,),) = executor.run([Once(where, (None,) * shards)], quiet)
    return set(pids)


def soon(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Wait until something is true; it is an error in itself if that takes long."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def lives(pid: int) -> bool:
    """Tell whether a process lives; one that is dead and not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("moment", ["build", "change", "look"])
def test_a_worker_that_is_killed_changes_no_result(tmp_path: Path, moment: str):
    marker = tmp_path / "died"
    parts = tuple(
        Part(at, size=5 - at % 3, dies=str(marker) if (at, moment) == (1, "build") else "") for at in range(4)
    )
    dying = {"change": {"dies_drawing": str(marker)}, "look": {"dies_looking": str(marker)}}.get(moment, {})
    with pool(2) as executor:
        result = executor.run([Toy(0, parts, **dying), *toys(2, 3)[1:]], quiet)
    assert marker.exists()
    assert result == results_here(toys(4) + toys(2, 3)[1:])


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_that_die_at_every_moment_change_no_result(tmp_path: Path, workers: int):
    markers = [str(tmp_path / moment) for moment in ("build", "change", "look")]
    parts = tuple(Part(at, size=5 - at % 3, dies=markers[0] if at == 1 else "") for at in range(4))
    with pool(workers) as executor:
        result = executor.run([Toy(0, parts, dies_drawing=markers[1], dies_looking=markers[2])], quiet)
    assert all(Path(marker).exists() for marker in markers)
    assert result == results_here(toys(4))


def test_what_kills_every_worker_is_done_in_this_process():
    with pool(2) as executor:
        assert executor.run([Once(die_anywhere_else, (None,) * 3, times=2)], quiet) == [[[0, 0, 0], [0, 0, 0]]]
        # And so is everything from now on, for there are no fresh workers any more.
        assert executor.run(toys(3, 2), quiet) == results_here(toys(3, 2))
        assert os.getpid() in processes(executor)


def test_only_a_few_dead_workers_are_replaced(monkeypatch: pytest.MonkeyPatch):
    started = []
    start = multiprocessing.get_context("spawn").Process.start
    monkeypatch.setattr(
        multiprocessing.get_context("spawn").Process, "start", lambda self: (started.append(self), start(self))
    )
    with pool(1) as executor:
        executor.run([Once(die_anywhere_else, (None,) * 2)], quiet)
    assert len(started) == 1 + MOST_FRESH


def test_workers_that_die_while_idle_are_replaced():
    with pool(2) as executor:
        first = processes(executor)
        killed: set[int] = set()

        def kill_all(progress: Progress) -> None:
            if progress.step == 1 and not killed:
                killed.update(first)
                for pid in first:
                    os.kill(pid, signal.SIGKILL)

        assert executor.run(toys(4), kill_all) == results_here(toys(4))
        assert len(killed) == 2
        assert not processes(executor) & (killed | {os.getpid()})


def test_workers_that_die_between_runs_are_replaced():
    with pool(2) as executor:
        first = processes(executor)
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        assert soon(lambda: not any(map(lives, first)))
        assert executor.run(toys(4), quiet) == results_here(toys(4))
        assert not processes(executor) & (first | {os.getpid()})


def test_workers_live_through_runs_and_end_with_the_executor():
    with pool(2) as executor:
        first = processes(executor)
        assert len(first) == 2
        assert processes(executor) == first
    assert not any(map(lives, first))


def test_a_run_that_is_broken_off_leaves_no_worker_behind():
    # Whoever started the tests in the background had Ctrl-C ignored.
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    executor = pool(2)
    first = processes(executor)
    breaker = threading.Timer(0.5, signal.raise_signal, [signal.SIGINT])
    breaker.start()
    with pytest.raises(KeyboardInterrupt):
        executor.run([Once(sleep, (60.0, 60.0))], quiet)
    breaker.join()
    signal.signal(signal.SIGINT, former)
    assert not any(map(lives, first))


def test_signals_of_the_terminal_do_not_reach_workers():
    with pool(2) as executor:
        first = processes(executor)
        for pid in first:
            os.kill(pid, signal.SIGINT)
            os.kill(pid, signal.SIGTERM)
        assert processes(executor) == first


LEFT_BEHIND = """
import sys, time
sys.path[:0] = {path!r}
from scheduler.execution.make import make_executor
from scheduler.execution.stop import Stop
from toys import Once, sleep, where

def tell(progress):
    pass

if __name__ == "__main__":
    executor = make_executor(2, None, Stop(time.monotonic))
    print(*executor.run([Once(where)], tell)[0][0], flush=True)
    {then}
"""


@pytest.mark.parametrize(
    ("then", "kill"),
    [
        ("time.sleep(60)", True),
        ("executor.run([Once(sleep, (60.0, 60.0))], tell)", True),
        ("print('not closed')", False),
    ],
    ids=["idle", "busy", "not closed"],
)
def test_no_worker_outlives_the_first_process(tmp_path: Path, then: str, kill: bool):
    script = tmp_path / "first.py"
    script.write_text(LEFT_BEHIND.format(path=sys.path, then=then), encoding="utf-8")
    first = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    with first:
        workers = [int(pid) for pid in first.stdout.readline().split()]
        assert len(workers) == 2
        assert all(map(lives, workers)) or not kill
        if kill:
            time.sleep(0.3)
            first.kill()
        assert first.wait(30) == (-signal.SIGKILL if kill else 0)
    assert soon(lambda: not any(map(lives, workers)), 10)
