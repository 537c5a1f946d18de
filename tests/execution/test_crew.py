"""The crew by itself, on a place that answers and dies as the test wants: which job runs when, and for how long."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solving import quiet
from toys import Once, Part, State, Toy, look, toys

from scheduler.execution.crew import Crew
from scheduler.execution.make import make_executor
from scheduler.execution.memory import peak_mib
from scheduler.execution.place import Nowhere
from scheduler.execution.pool import WorkerProcesses
from scheduler.execution.seat import Seat
from scheduler.execution.shards import assign, at_once, size_of
from scheduler.execution.stop import Stop
from scheduler.optimizer.work import Ask, Progress

if TYPE_CHECKING:
    from collections.abc import Generator

    from scheduler.optimizer.work import Control


class Imagined:
    """Seats in this process that answer in any order and die, before or after their work, as dice have it.

    Parameters
    ----------
    seats : int
    seed : int
    deadly : float
        Probability that a batch ends with a death.
    """

    def __init__(self, seats: int, seed: int = 0, deadly: float = 0.0):
        self.random, self.deadly = random.Random(seed), deadly  # noqa: S311 - dice
        self.seats = {at: Seat() for at in range(seats)}
        self.sent: dict[int, bytes] = {}

    def open(self) -> list[int]:
        return list(self.seats)

    def send(self, seat: int, data: bytes) -> None:
        assert seat not in self.sent, "a seat is sent a batch only when it is idle"
        self.sent[seat] = data

    def wait(self, seconds: float) -> list[tuple[int, bytes | None]]:
        ready = [seat for seat in self.sent if self.random.random() < 0.6]
        self.random.shuffle(ready)
        return [(seat, self._answer(seat)) for seat in ready]

    def _answer(self, seat: int) -> bytes | None:
        data = self.sent.pop(seat)
        if self.random.random() < self.deadly / 2:
            return None
        reply = self.seats[seat].answer(data)
        return None if self.random.random() < self.deadly / 2 else reply

    def instead(self, seat: int) -> list[int]:
        del self.seats[seat]
        if self.random.random() < 0.5:
            fresh = seat + 100
            self.seats[fresh] = Seat()
            return [fresh]
        return list(self.seats)

    def close(self) -> None:
        self.seats.clear()


def results_here(jobs: list[Toy]) -> list[list[object]]:
    return Crew(Nowhere(), Stop(time.monotonic)).run(jobs, quiet)


def crew_on(place: Imagined, stop: Stop | None = None) -> Crew:
    return Crew(place, stop or Stop(time.monotonic))


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(1, 4),
    st.sampled_from([0.0, 0.1, 0.4]),
    st.lists(st.integers(0, 5), max_size=4),
)
def test_no_order_of_answers_and_deaths_changes_a_result(seed: int, seats: int, deadly: float, shards: list[int]):
    jobs = [Toy(day, tuple(Part(at, size=1 + at % 3) for at in range(count))) for day, count in enumerate(shards)]
    executor = crew_on(Imagined(seats, seed, deadly))
    assert executor.run(jobs, quiet) == results_here(jobs)
    assert executor.run(jobs[::-1], quiet) == results_here(jobs)[::-1]


def count(state: State, _message: object) -> int:
    state.sum += 1
    return state.sum


@dataclass(frozen=True)
class Counts(Once):
    """Counts in turn with tasks that say they change the state and with others; then tells, and counts once more."""

    def drive(self, control: Control) -> Generator[Ask, list[Any], list[list[int]]]:
        counts = []
        for changes in (True, False, True, False):
            counts.append((yield Ask(count, self.messages, changes)))
        control.report(Progress(self.day, "prices", 0, 0.0, 0.0))
        return [*counts, (yield Ask(count, self.messages))]


def test_only_what_changed_a_state_is_done_again_after_a_death():
    """So of four counts only two are left."""
    place = Imagined(2)

    def kill_all(_: Progress) -> None:
        place.deadly = 2.0

    (counts,) = crew_on(place).run([Counts(count)], kill_all)
    assert counts == [[1, 1], [2, 2], [3, 3], [4, 4], [3, 3]]


# Which job runs when


@dataclass(frozen=True)
class Noted(Once):
    """Notes when it begins and ends."""

    notes: list[str] = field(default_factory=list)

    def parts(self) -> list[Part]:
        self.notes.append(f"parts of {self.day}")
        return super().parts()

    def drive(self, control: Control) -> Generator[Ask, list[Any], None]:  # type: ignore[override]
        self.notes.append(f"begin {self.day}")
        for _ in range(3):
            yield Ask(look, [(0, "")] * len(self.messages))
        self.notes.append(f"end {self.day}")


def most_at_once(shards: list[int], seats: int) -> int:
    notes: list[str] = []
    jobs = [Noted(look, (None,) * count, day=day, notes=notes) for day, count in enumerate(shards)]
    crew_on(Imagined(seats)).run(jobs, quiet)
    running = most = 0
    for note in notes:
        running += note.startswith("begin") - note.startswith("end")
        most = max(most, running)
    assert [note for note in notes if "begin" in note] == [f"begin {day}" for day in range(len(shards))]
    return most


@pytest.mark.parametrize(
    ("shards", "seats", "most"),
    [
        ([1, 1, 1, 1], 2, 2),
        ([1, 1, 1, 1], 3, 3),
        ([1, 1], 1, 1),
        ([2, 2], 2, 1),
        ([3, 3], 2, 1),
        ([2, 2, 2], 4, 2),
        ([3, 3, 3], 4, 2),
        ([1, 2], 2, 1),
        ([0, 0], 1, 1),
    ],
)
def test_small_jobs_run_beside_each_other_and_large_ones_alone(shards: list[int], seats: int, most: int):
    assert most_at_once(shards, seats) == most


def test_parts_are_asked_for_no_earlier_than_needed():
    """Parts of a date take memory, so those of the next one wait while one runs alone."""
    notes: list[str] = []
    crew_on(Imagined(2)).run([Noted(look, (None,) * 2, day=day, notes=notes) for day in range(2)], quiet)
    assert notes == ["parts of 0", "begin 0", "end 0", "parts of 1", "begin 1", "end 1"]


def test_a_single_shard_of_a_single_job_is_done_in_this_process():
    place = Imagined(2)
    crew_on(place).run(toys(1), quiet)
    assert [seat._turn for seat in place.seats.values()] == [0, 0]


def test_one_ask_sends_each_seat_one_batch():
    place = Imagined(2)
    crew_on(place).run([Once(look, ((0, ""),) * 6, times=5)], quiet)
    # Five asks, the first of which builds, and one to drop the states.
    assert [seat._turn for seat in place.seats.values()] == [6, 6]


# How long


class Clock:
    """Goes on by a second with each answer."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Told(Once):
    """Asks until it is told to stop, and gives when that was; each ask takes a second."""

    clock: Clock = field(default_factory=Clock)

    def parts(self) -> list[Part]:
        return [Part(0)]

    def build(self, part: Part) -> State:
        return State(np.random.default_rng(0))

    def drive(self, control: Control) -> Generator[Ask, list[Any], float]:  # type: ignore[override]
        while control.stop() is None:
            yield Ask(look, [(0, "")])
            self.clock.now += 1
        return self.clock.now


@pytest.mark.parametrize(
    ("seats", "share", "times"),
    [
        (0, 1.0, [30, 60, 90, 120]),
        (0, 0.5, [15, 30, 45, 60]),
        (1, 1.0, [30, 60, 90, 120]),
        (2, 1.0, [60, 60, 120, 120]),
        (3, 1.0, [60, 120, 120, 120]),
        (4, 0.5, [60, 60, 60, 60]),
    ],
)
def test_jobs_have_even_parts_of_the_time_they_may_take(seats: int, share: float, times: list[int]):
    clock = Clock()
    executor = crew_on(Imagined(seats), Stop(clock, deadline=120.0))
    found = executor.run([Told(look, (None,), clock=clock) for _ in range(4)], quiet, share)
    assert found == pytest.approx(times, abs=3)


def test_a_job_that_needs_less_leaves_its_time_to_the_others():
    clock = Clock()
    executor = crew_on(Imagined(0), Stop(clock, deadline=120.0))
    assert executor.run([*[Once(look, ((0, ""),))] * 2, Told(look, clock=clock)], quiet)[2] == pytest.approx(120, abs=1)


@pytest.mark.parametrize(("now", "told"), [(0.9, None), (1.0, "time")])
def test_the_deadline_itself_is_too_late(now: float, told: str | None):
    clock = Clock()

    class At(Once):
        def drive(self, control: Control) -> Generator[Ask, list[Any], str | None]:  # type: ignore[override]
            clock.now = now
            yield Ask(look, [(0, "")])
            return control.stop()

    assert crew_on(Imagined(0), Stop(clock, deadline=1.0)).run([At(look, (None,))], quiet) == [told]


# Which shard goes where


def test_shards_are_spread_by_their_sizes():
    assert assign([1, 5, 2, 2], {7: 0.0, 8: 0.0}) == [8, 7, 8, 8]
    assert assign([1, 1], {7: 10.0, 8: 0.0}) == [8, 8]
    assert assign([], {7: 0.0}) == []


def test_a_part_gives_its_size_or_its_length():
    assert [size_of(part) for part in (Part(0, size=9), np.zeros((2, 3)), [1, 2], {"size": 1}, object())] == [
        9,
        6,
        2,
        1,
        1,
    ]


@pytest.mark.parametrize(("workers", "shards", "most"), [(2, 1, 2), (2, 2, 1), (2, 9, 1), (8, 5, 2), (4, 0, 4)])
def test_jobs_at_once(workers: int, shards: int, most: int):
    assert at_once(workers, shards) == most


# What is chosen


def test_a_pool_only_where_there_are_workers_for_it(monkeypatch: pytest.MonkeyPatch):
    kinds = [type(make_executor(workers, None, Stop(time.monotonic)).place) for workers in (1, 2, 9)]
    assert kinds == [Nowhere, WorkerProcesses, WorkerProcesses]
    for cores, kind in (({0}, Nowhere), ({0, 1, 2}, WorkerProcesses)):
        monkeypatch.setattr("os.sched_getaffinity", lambda _process, cores=cores: cores)
        assert type(make_executor(None, None, Stop(time.monotonic)).place) is kind


def test_dask_is_not_imported_unless_asked_for():
    code = "import sys; import scheduler.execution.make; print({'dask', 'distributed'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_a_fresh_worker_of_a_big_process_is_not_big():
    """The system's own figure, ru_maxrss, is handed down to what a process starts."""
    before = peak_mib()
    big = bytearray(1) * (400 * 2**20)
    assert peak_mib() >= before + 100 or before > 500
    with make_executor(2, None, Stop(time.monotonic)) as executor:
        executor.run(toys(2), quiet)
        assert len(big) == 400 * 2**20
        assert 10 < executor.peak_memory_mib() - peak_mib() < 350
