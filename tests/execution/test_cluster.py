"""What only a Dask cluster does: workers and schedulers that come and go, and faults in words."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from solving import quiet
from toys import Once, Part, Toy, toys, where

from scheduler.errors import FaultyInput
from scheduler.execution import make
from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.execution.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from scheduler.optimizer.work import Progress


def on(address: str) -> Crew:
    return make.make_executor(None, address, Stop(time.monotonic))


def results_here(jobs: Sequence[Toy]) -> list[list[object]]:
    return Crew(Nowhere(), Stop(time.monotonic)).run(jobs, quiet)


def once_at(step: int, do: Callable[[], object]) -> Callable[[Progress], None]:
    """Do something at the first progress of a step."""
    done: list[object] = []

    def on_progress(progress: Progress) -> None:
        if progress.step == step and not done:
            done.append(do())

    return on_progress


@pytest.fixture
def threads() -> Iterator[Any]:
    """Start a cluster whose one worker is in this process, so that a test can do to it what it wants."""
    distributed = pytest.importorskip("distributed", reason="distributed, of the extra `cluster`, is not installed")
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster


@pytest.fixture
def module(threads: Any) -> Any:
    """Give the module that speaks with clusters, which here holds the worker's seats too."""
    from scheduler.execution import cluster

    return cluster


def test_workers_that_are_killed_change_no_result(cluster: Any, tmp_path: Path):
    markers = [str(tmp_path / moment) for moment in ("build", "change", "look")]
    parts = tuple(Part(at, size=5 - at % 3, dies=markers[0] if at == 1 else "") for at in range(4))
    with on(cluster.scheduler_address) as executor:
        jobs = [Toy(0, parts, dies_drawing=markers[1], dies_looking=markers[2]), *toys(3, 2)[1:]]
        result = executor.run(jobs, quiet)
    assert len(list(tmp_path.iterdir())) == 3
    assert result == results_here(toys(4) + toys(3, 2)[1:])


@pytest.mark.parametrize("what", ["the worker", "the scheduler"])
def test_without_a_cluster_work_goes_on_in_this_process(
    threads: Any, module: Any, monkeypatch: pytest.MonkeyPatch, what: str
):
    monkeypatch.setattr(module, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(module, "RETURN_SECONDS", 0.2)
    ends = {"the worker": lambda: threads.scale(0), "the scheduler": threads.close}
    with on(threads.scheduler_address) as executor:
        assert executor.run(toys(3), once_at(1, ends[what])) == results_here(toys(3))
        assert not executor.place.open()
        assert executor.run(toys(2, 2), quiet) == results_here(toys(2, 2))


def test_a_worker_without_its_states_is_given_them_again(threads: Any, module: Any):
    """As after a restart at the same address, which the list of workers does not tell."""
    with on(threads.scheduler_address) as executor:
        executor.run(toys(3), quiet)
        (before,) = module._seats
        assert executor.run(toys(3), once_at(1, module._seats.clear)) == results_here(toys(3))
        (after,) = module._seats
        assert after != before


def test_a_worker_that_dask_has_paused_is_given_up(threads: Any, module: Any, monkeypatch: pytest.MonkeyPatch):
    from distributed.core import Status

    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.2)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(module, "RETURN_SECONDS", 0.2)
    (worker,) = threads.workers.values()

    def pause() -> None:
        worker.status = Status.paused

    with on(threads.scheduler_address) as executor:
        assert executor.run(toys(3), once_at(1, pause)) == results_here(toys(3))
        assert not module._seats


def test_states_are_forgotten_at_the_end_and_those_of_killed_runs_at_the_beginning(threads: Any, module: Any):
    module._seats["Client-of-a-run-that-was-killed/0"] = module.Seat()
    with on(threads.scheduler_address) as executor, on(threads.scheduler_address) as other:
        executor.run([Once(where)], quiet)
        other.run([Once(where)], quiet)
        assert len(module._seats) == 2
        other.close()
        assert [name.split("/")[0] for name in module._seats] == [executor.place._client.id]
    assert not module._seats


def test_workers_that_join_take_part_in_the_next_run(threads: Any):
    with on(threads.scheduler_address) as executor:
        executor.run([Once(where)], quiet)
        threads.scale(2)
        threads.wait_for_workers(2)
        assert len(executor.place.open()) == 2
        assert executor.run(toys(4), quiet) == results_here(toys(4))


def test_big_parts_are_sent_without_a_word(threads: Any):
    """Dask warns of big tasks, and warnings are errors here."""
    with on(threads.scheduler_address) as executor:
        assert executor.run([Once(len_of, ("x" * 20_000_000,) * 2)], quiet) == [[[20_000_000] * 2]]


def len_of(_state: object, message: str) -> int:
    return len(message)


# Faults


def faults(address: str) -> list[str]:
    with pytest.raises(FaultyInput) as raised:
        on(address)
    return [str(fault) for fault in raised.value.faults]


def test_no_scheduler_is_a_fault(module: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "CONNECT_SECONDS", 0.2)
    (fault,) = faults("tcp://127.0.0.1:9")
    assert fault.startswith("no Dask scheduler answers at tcp://127.0.0.1:9 (")
    assert fault.endswith("; start one with “dask scheduler”, and give the address that it prints")
    assert "no Dask scheduler answers at no-such-thing://here" in faults("no-such-thing://here")[0]


def test_no_workers_is_a_fault(threads: Any):
    threads.scale(0)
    address = threads.scheduler_address
    with threads.get_client() as client:
        while client.nthreads():
            time.sleep(0.01)
    told = f"the Dask scheduler at {address} has no workers; start some with “dask worker {address}”"
    assert faults(address) == [told]


def test_another_version_at_a_worker_is_a_fault(threads: Any, module: Any, monkeypatch: pytest.MonkeyPatch):
    (worker,) = threads.workers.values()
    monkeypatch.setattr(module, "_version", lambda: "0.0.1")
    version = module.scheduler.__version__
    told = f"the Dask worker {worker.address} does not have Étale {version}; install the same version there as here"
    assert faults(threads.scheduler_address) == [told]


def test_without_the_library_a_cluster_is_a_fault(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "scheduler.execution.cluster", raising=False)
    monkeypatch.delattr("scheduler.execution.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    told = "--dask needs the Python library distributed, which is not installed; "
    assert faults("tcp://127.0.0.1:8786") == [told + "install it (“pip install distributed”), or leave --dask out"]
