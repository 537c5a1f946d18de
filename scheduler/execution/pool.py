"""Worker processes of this machine, each at the end of a pipe."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
import weakref
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from scheduler.execution.seat import Seat

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

MOST_FRESH = 3
"""Dead workers that are replaced. What kills more has a reason that another process does not remove."""

LEAVE_SECONDS = 5.0
"""Time for an idle worker to end by itself."""


@dataclass(frozen=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection


class WorkerProcesses:
    """A place (scheduler.execution.place) whose seats are worker processes.

    Workers are started afresh (``spawn``), because a fork of a process with threads can hang; each with the first batch
    for it. A worker has at most one batch, and is sent one only when it listens: neither side ever blocks in writing.

    Parameters
    ----------
    workers : int
        How many, at least 1.
    """

    def __init__(self, workers: int):
        self._count = workers
        self._numbers = itertools.count()
        self._seats: dict[int, _Worker | None] = {}
        self._busy: set[int] = set()
        self._fresh = MOST_FRESH
        self._opened = False
        # Whoever forgets to close must not hang at the end of the program: workers ignore the signal to terminate.
        weakref.finalize(self, _kill, self._seats)

    def open(self) -> list[int]:
        """Give the seats; begin with as many as were asked for, and replace those that died while nothing ran."""
        if not self._opened:
            self._opened, self._fresh = True, MOST_FRESH
            self._seats.update({next(self._numbers): None for _ in range(self._count)})
        for seat, worker in list(self._seats.items()):
            if worker is not None and not worker.process.is_alive():
                self.instead(seat)
        return list(self._seats)

    def send(self, seat: int, data: bytes) -> None:
        """Send a batch to a worker; a dead one is told by `wait`."""
        worker = self._seats[seat]
        if worker is None:
            worker = self._seats[seat] = _start()
        self._busy.add(seat)
        with suppress(OSError):
            worker.pipe.send_bytes(data)

    def wait(self, seconds: float) -> list[tuple[int, bytes | None]]:
        """Wait for replies and deaths."""
        begun = {seat: worker for seat, worker in self._seats.items() if worker is not None}
        watched = [end for worker in begun.values() for end in (worker.pipe, worker.process.sentinel)]
        ready = set(wait(watched, seconds))
        return [
            (seat, self._receive(seat, worker))
            for seat, worker in begun.items()
            if worker.pipe in ready or worker.process.sentinel in ready
        ]

    def _receive(self, seat: int, worker: _Worker) -> bytes | None:
        # The sentinel may be ready while the last reply still waits in the pipe: the reply goes first.
        try:
            data = worker.pipe.recv_bytes() if worker.pipe.poll() else None
        except (EOFError, OSError):
            data = None
        self._busy.discard(seat)
        return data

    def instead(self, seat: int) -> list[int]:
        """Give a fresh worker for a dead one, a few times; then none."""
        self._end([seat])
        if not self._fresh:
            return []
        self._fresh -= 1
        fresh = next(self._numbers)
        self._seats[fresh] = None
        return [fresh]

    def close(self) -> None:
        """End all workers: idle ones leave by themselves, others are killed."""
        self._end(list(self._seats))
        self._opened = False

    def _end(self, seats: list[int]) -> None:
        workers = [(seat in self._busy, self._seats.pop(seat)) for seat in seats]
        self._busy.difference_update(seats)
        for busy, worker in workers:
            if worker is not None:
                worker.pipe.close()
                if busy:
                    worker.process.kill()
        for _, worker in workers:
            if worker is not None:
                worker.process.join(LEAVE_SECONDS)
                if worker.process.is_alive():
                    worker.process.kill()
                    worker.process.join()
                worker.process.close()


def _kill(seats: dict[int, _Worker | None]) -> None:
    """End the workers of a place that nobody has closed."""
    for worker in seats.values():
        if worker is not None:
            worker.process.kill()


def _start() -> _Worker:
    """Start a worker."""
    context = multiprocessing.get_context("spawn")
    # The tracker that `start` would begin with the first worker unblocks signals.
    resource_tracker.ensure_running()
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True, name="etale worker")
    # Ctrl-C while a worker starts would end it with a traceback. Blocked signals stay blocked in it until it ignores
    # them; for this process they come after.
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)
    theirs.close()
    return _Worker(process, ours)


def _work(pipe: Connection) -> None:
    """Do batches until the other end of the pipe is closed: what a worker process runs."""
    # Both reach every process of a terminal or a service; only the first process decides what they mean.
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    seat = Seat()
    with suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(seat.answer(pipe.recv_bytes()))


def _leave_with_parent() -> None:
    """End this process when the one that started it has ended, even in the middle of a task."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
