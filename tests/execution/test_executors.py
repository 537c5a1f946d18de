"""One suite for every executor: where work runs changes no result."""

from __future__ import annotations

import os
import time
from pickle import PicklingError
from typing import TYPE_CHECKING

import pytest
from solving import quiet
from toys import ALIVE, BadlyShaped, Once, Part, Toy, UntilStopped, fail, sleep, states_alive, toys, unspeakable, where

from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.execution.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scheduler.optimizer.work import Progress


@pytest.fixture
def stop(executor: Crew) -> Iterator[Stop]:
    """Give the executor's stop, for one test."""
    yield executor.stop
    executor.stop.deadline = None
    executor.stop.asked.clear()


def results_here(jobs: list[Toy]) -> list[list[object]]:
    return Crew(Nowhere(), Stop(time.monotonic)).run(jobs, quiet)


@pytest.mark.parametrize(("shards", "dates"), [(1, 1), (1, 4), (2, 3), (5, 2)])
def test_results_are_the_same_everywhere(executor: Crew, shards: int, dates: int):
    jobs = toys(shards, dates)
    assert executor.run(jobs, quiet) == results_here(jobs)


def test_what_is_compared_hangs_on_every_message_and_part():
    """Else the test above would prove little."""
    first, second, third = results_here(
        [Toy(0, (Part(0), Part(1))), Toy(0, (Part(0), Part(2))), Toy(1, (Part(0), Part(1)))]
    )
    assert len({repr(answer) for told in (first, second, third) for answer in told}) == 18
    drawn_once, looked_once, drawn_twice = first[:3]
    assert [len(answers) for answers in (drawn_once, looked_once, drawn_twice)] == [2, 2, 2]


def test_no_jobs_and_no_shards(executor: Crew):
    assert executor.run([], quiet) == []
    assert executor.run([Once(where, (), times=3)], quiet) == [[[], [], []]]


def test_progress_is_told_in_this_process(executor: Crew):
    told: list[Progress] = []
    executor.run(toys(2, dates=3), told.append)
    assert sorted((progress.day, progress.step) for progress in told) == [
        (day, step) for day in range(3) for step in range(3)
    ]


def test_an_exception_in_a_task_goes_up_with_where_it_happened(make: Callable[[], Crew]):
    with make() as executor:
        with pytest.raises(ZeroDivisionError, match="of no use") as raised:
            executor.run([Once(fail, ("of no use", "of no use"))], quiet)
        told = "".join([*getattr(raised.value, "__notes__", []), *(str(entry) for entry in raised.traceback)])
        assert "toys.py" in told
        assert "raise ZeroDivisionError(message)" in told
        # All seats were closed, but the executor is not broken.
        assert executor.run(toys(2), quiet) == results_here(toys(2))


@pytest.mark.parametrize(
    ("task", "message", "told"),
    [(fail, "shape", "this and that"), (unspeakable, "", "lambda"), (lambda _state, _message: 1, "", "lambda")],
)
def test_what_does_not_pickle_is_told_as_an_error(
    make: Callable[[], Crew], task: Callable[[object, object], object], message: str, told: str
):
    """An exception, a result and a task; where nothing is pickled, only the exception is one."""
    with make() as executor:
        if executor.place.open() or task is fail:
            with pytest.raises((BadlyShaped, RuntimeError, AttributeError, PicklingError), match=told):
                executor.run([Once(task, (message, message))], quiet)
        else:
            assert len(executor.run([Once(task, (message, message))], quiet)) == 1


def test_a_wrong_number_of_messages_is_refused():
    class Short(Once):
        def parts(self) -> list[Part]:
            return [Part(0)]

    with pytest.raises(ValueError, match="2 messages for 1 shards"):
        Crew(Nowhere(), Stop(time.monotonic)).run([Short(where)], quiet)


def test_a_stop_by_time_comes_between_asks(executor: Crew, stop: Stop):
    stop.deadline = time.monotonic() + 0.5
    assert executor.run([UntilStopped(sleep, (0.01, 0.02), day=day) for day in range(2)], quiet) == ["time", "time"]


def test_a_stop_by_the_user_comes_between_asks_and_goes_before_time(executor: Crew, stop: Stop):
    stop.deadline = time.monotonic() + 60

    def ask_to_stop(progress: Progress) -> None:
        if progress.step == 3:
            stop.asked.set()

    assert executor.run([UntilStopped(sleep, (0.0, 0.0), day=day) for day in range(2)], ask_to_stop) == ["user"] * 2
    assert executor.run([UntilStopped(sleep, (0.0, 0.0))], quiet) == ["user"]


def test_memory_of_the_seats_is_counted(executor: Crew):
    alone = Crew(Nowhere(), executor.stop)
    ((pids,),) = executor.run([Once(where, (None,) * 3)], quiet)
    elsewhere = {pid for pid in pids if pid != os.getpid()}
    assert executor.peak_memory_mib() - alone.peak_memory_mib() >= 10 * len(elsewhere)


def test_states_are_dropped_when_a_job_ends(executor: Crew):
    """Each shard tells its process and how many states live there: those of its own job and no more."""
    ALIVE.clear()  # In this process, tracebacks of other tests keep some.
    for _ in range(2):
        ((told,),) = executor.run([Once(states_alive, (None,) * 3)], quiet)
        processes = [process for process, _ in told]
        assert [alive for _, alive in told] == [processes.count(process) for process in processes]
