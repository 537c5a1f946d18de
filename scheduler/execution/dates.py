"""Where whole dates run: in this process, or on a pool of processes.

Both have one face, :class:`~scheduler.optimizer.solve.Executor`: a task, its items, results in the order of the items.
What crosses it is frozen and pickles. A task is told to stop by the same :class:`Stop` everywhere, and a worker
that is killed costs time, not the run: its items are done again in this process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Event

    from scheduler.execution.stop import Span, Stop
    from scheduler.optimizer.day import Control, Progress
    from scheduler.optimizer.solve import Executor

T = TypeVar("T")
R = TypeVar("R")

POLL_SECONDS = 0.1


class ThisProcess:
    """Does one item after the other, here."""

    def __init__(self, stop: Stop):
        self._stop = stop

    def run(
        self,
        task: Callable[[T, Control], R],
        items: Sequence[T],
        on_progress: Callable[[Progress], None],
        share: float = 1.0,
    ) -> list[R]:
        """Do `task` for every item and give the results in the order of the items."""
        span = self._stop.span(share)
        results = []
        for at, item in enumerate(items):
            mine = span.item(self._stop.clock(), len(items) - at)
            results.append(task(item, _HereControl(self._stop, mine, on_progress)))
        return results


@dataclass(frozen=True)
class _HereControl:
    whole: Stop
    span: Span
    on_progress: Callable[[Progress], None]

    def report(self, progress: Progress) -> None:
        self.on_progress(progress)

    def stop(self, share: float = 1.0) -> str | None:
        return self.span.reason(self.whole.asked.is_set(), self.whole.clock, share)


class ProcessPool:
    """Does items on worker processes of this machine.

    Workers are started afresh (``spawn``), because a fork of a process with threads can hang.
    """

    def __init__(self, workers: int, stop: Stop):
        self._workers, self._stop = workers, stop

    def run(
        self,
        task: Callable[[T, Control], R],
        items: Sequence[T],
        on_progress: Callable[[Progress], None],
        share: float = 1.0,
    ) -> list[R]:
        """Do `task` for every item and give the results in the order of the items."""
        context = multiprocessing.get_context("spawn")
        told: Queue[Progress] = context.Queue()
        asked = context.Event()
        workers = min(self._workers, max(len(items), 1))
        pool = ProcessPoolExecutor(
            workers,
            mp_context=context,
            initializer=_begin_worker,
            initargs=(told, asked, self._stop.clock, self._stop.span(share)),
        )
        done: dict[int, R] = {}
        with pool:
            futures: dict[Future[R], int] = {
                pool.submit(_work, task, item, -(-(len(items) - at) // workers)): at for at, item in enumerate(items)
            }
            waiting = set(futures)
            while waiting:
                finished, waiting = wait(waiting, POLL_SECONDS, FIRST_COMPLETED)
                if self._stop.asked.is_set():
                    asked.set()
                _pass_on(told, on_progress)
                for future in finished:
                    if not isinstance(future.exception(), BrokenProcessPool):
                        done[futures[future]] = future.result()
        _pass_on(told, on_progress)
        lost = [at for at in range(len(items)) if at not in done]
        again = ThisProcess(self._stop).run(task, [items[at] for at in lost], on_progress, share)
        done |= dict(zip(lost, again, strict=True))
        return [done[at] for at in range(len(items))]


def _pass_on(told: Queue[Progress], on_progress: Callable[[Progress], None]) -> None:
    while not told.empty():
        on_progress(told.get())


_worker: dict[str, Any] = {}
"""What a worker process was given when it began."""


def _begin_worker(told: Queue[Progress], asked: Event, clock: Callable[[], float], span: Span) -> None:
    # Ctrl-C reaches every process of the terminal; only the first one decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker.update(told=told, asked=asked, clock=clock, span=span)


@dataclass(frozen=True)
class _WorkerControl:
    span: Span

    def report(self, progress: Progress) -> None:
        _worker["told"].put(progress)

    def stop(self, share: float = 1.0) -> str | None:
        return self.span.reason(_worker["asked"].is_set(), _worker["clock"], share)


def _work(task: Callable[[T, Control], R], item: T, rounds_left: int) -> R:
    return task(item, _WorkerControl(_worker["span"].item(_worker["clock"](), rounds_left)))


def make_executor(workers: int | None, items: int, stop: Stop) -> Executor:
    """Choose where to work: a pool only where there is more than one worker and more than one item.

    Parameters
    ----------
    workers : int or None
        At most this many processes; None = one a core.
    items : int
        How many items there will be.
    stop : Stop
    """
    count = min(workers or os.cpu_count() or 1, items)
    return ProcessPool(count, stop) if count > 1 else ThisProcess(stop)
