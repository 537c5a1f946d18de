"""Jobs and their shards, spread over seats: what every executor has in common.

A *seat* is a process that keeps states: a worker process, a worker of a cluster, or this process (`HERE`). A *place*
gives seats and carries batches to them and replies back; it knows nothing of jobs. The *crew* decides which shard sits
where, bundles what one ask has for one seat into one batch, and sends a seat a batch only when it is idle.

A state is built with the first task that needs it. When a seat dies its shards get other seats and count as not
built; so their next task, maybe the very one that was under way, brings the part again, then the tasks that changed
the state, then itself. States are functions of part, tasks and messages alone: no death and no number of workers
changes a result.
"""

from __future__ import annotations

import itertools
import pickle
from collections import deque
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from scheduler.execution.memory import peak_mib
from scheduler.execution.seat import Done, Failed, Seat
from scheduler.execution.shards import Desk, Order, Running, Shard, assign, at_once, size_of
from scheduler.execution.stop import JobControl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scheduler.execution.place import Place
    from scheduler.execution.stop import Span, Stop
    from scheduler.optimizer.work import Job, Progress

R = TypeVar("R")

HERE = -1
"""This process as a seat."""

POLL_SECONDS = 0.1
"""Longest wait for replies at a time, so that signals are seen."""

MOST_DEATHS = 3
"""Seats that may die under a shard and give it another one; then it is worked on in this process."""


class Crew:
    """An executor (scheduler.optimizer.work.Executor) whose seats live until it is closed.

    Use it as a context manager. An exception in a job or task goes up to the caller, and all seats are closed.

    Parameters
    ----------
    place : Place
        Where there are seats besides this process.
    stop : Stop
    """

    def __init__(self, place: Place, stop: Stop):
        self.place, self.stop = place, stop
        self.numbers = itertools.count()
        self.here = Seat()
        self.desks = {HERE: Desk()}
        self._highest = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all seats and drop all states."""
        self.here, self.desks = Seat(), {HERE: Desk()}
        self.place.close()

    def run(
        self,
        jobs: Sequence[Job[R]],
        on_progress: Callable[[Progress], None],
        share: float = 1.0,
        on_result: Callable[[int, R], None] | None = None,
    ) -> list[R]:
        """Do every job and give the results in their order; see scheduler.optimizer.work.Executor."""
        with ExitStack() as undone:
            undone.callback(self.close)
            seats = self.place.open()
            self.desks = {seat: self.desks.get(seat, Desk()) for seat in (HERE, *seats)}
            run = _Run(self, jobs, on_progress, self.stop.span(share), on_result)
            undone.callback(run.end_generators)
            results = run.results()
            undone.pop_all()
        return results

    def note_memory(self) -> None:
        """Take note of the memory of all seats outside of this process together."""
        self._highest = max(self._highest, sum(desk.peak_mib for desk in self.desks.values()))

    def peak_memory_mib(self) -> float:
        """Give the most memory that this process, and the processes of all seats at one time, have held, in MiB."""
        return peak_mib() + self._highest


class _Run(Generic[R]):
    """One call of `Crew.run`."""

    def __init__(
        self,
        crew: Crew,
        jobs: Sequence[Job[R]],
        on_progress: Callable[[Progress], None],
        span: Span,
        on_result: Callable[[int, R], None] | None,
    ):
        self._crew, self._place, self._desks = crew, crew.place, crew.desks
        self._on_progress, self._span, self._on_result = on_progress, span, on_result
        self._count = len(jobs)
        self._jobs = deque(enumerate(jobs))
        self._opened: tuple[int, Job[R], Sequence[Any]] | None = None
        self._running: list[Running] = []
        self._results: dict[int, R] = {}

    def results(self) -> list[R]:
        """Go round until every job is done and every seat idle."""
        while True:
            self._begin_jobs()
            for seat, desk in self._desks.items():
                if seat != HERE and desk.waits():
                    self._place.send(seat, pickle.dumps(desk.next_batch(), pickle.HIGHEST_PROTOCOL))
            worked = self._work_here()
            if not (worked or self._running or any(desk.busy for desk in self._desks.values())):
                return [self._results[at] for at in range(self._count)]
            for seat, data in self._place.wait(0.0 if worked else POLL_SECONDS):
                self._receive(seat, data)

    def end_generators(self) -> None:
        """End the jobs that run, where a run ends before its time."""
        for running in self._running:
            running.generator.close()

    # Jobs

    def _begin_jobs(self) -> None:
        """Begin the next jobs, in their order, while there is room beside those that run."""
        while (self._jobs or self._opened) and self._has_room(0):
            if self._opened is None:
                at, job = self._jobs.popleft()
                self._opened = (at, job, job.parts())
            at, job, parts = self._opened
            if not self._has_room(len(parts)):
                return
            self._opened = None
            rounds = -(-(len(self._jobs) + 1) // at_once(self._workers(), len(parts)))
            mine = self._span.item(self._crew.stop.clock(), rounds)
            control = JobControl(self._crew.stop, mine, self._on_progress)
            running = Running(next(self._crew.numbers), at, job, self._seated(parts), job.drive(control))
            self._running.append(running)
            self._advance(running)

    def _workers(self) -> int:
        return max(1, len(self._desks) - 1)

    def _has_room(self, shards: int) -> bool:
        """Tell whether a job of so many shards may run beside those that do."""
        most = max([shards, *(len(one.shards) for one in self._running)])
        return not self._running or len(self._running) < at_once(self._workers(), most)

    def _seated(self, parts: Sequence[Any]) -> list[Shard]:
        """Give every part of a job a seat."""
        sizes = [size_of(part) for part in parts]
        # A single shard of a single job would make this process wait for another one: that saves nothing.
        only = self._count == 1 and len(parts) == 1
        seats = [seat for seat in self._desks if seat != HERE and not only]
        taken = assign(sizes, self._loads(seats or [HERE]))
        return [Shard(part, size, seat) for part, size, seat in zip(parts, sizes, taken, strict=True)]

    def _loads(self, seats: Sequence[int]) -> dict[int, float]:
        loads = dict.fromkeys(seats, 0.0)
        for shard in self._shards():
            if shard.seat in loads:
                loads[shard.seat] += shard.size
        return loads

    def _shards(self) -> Iterator[Shard]:
        for running in self._running:
            yield from running.shards

    def _advance(self, running: Running) -> None:
        """Give a job its answers, and take what it asks next or its result."""
        while True:
            try:
                ask = next(running.generator) if running.ask is None else running.generator.send(running.results)
            except StopIteration as end:
                self._finish(running, end.value)
                return
            if len(ask.messages) != len(running.shards):
                raise ValueError(f"{len(ask.messages)} messages for {len(running.shards)} shards")
            count = len(running.shards)
            running.ask, running.results, running.missing = ask, [None] * count, count
            if count:
                self._queue(running, range(count))
                return

    def _finish(self, running: Running, result: R) -> None:
        """Keep a job's result, have its states dropped, and tell of it."""
        self._results[running.at] = result
        self._running.remove(running)
        for seat in {shard.seat for shard in running.shards if shard.built}:
            self._desks[seat].drops.append(running.number)
        if self._on_result is not None:
            self._on_result(running.at, result)

    # Seats

    def _queue(self, running: Running, shards: Sequence[int]) -> None:
        """Queue what a job asks of some shards, an order a seat."""
        orders: dict[int, list[int]] = {}
        for at in shards:
            orders.setdefault(running.shards[at].seat, []).append(at)
        for seat, ours in orders.items():
            self._desks[seat].queue.append(Order(running, ours))

    def _work_here(self) -> bool:
        """Do one batch in this process; tell whether there was one."""
        desk = self._desks[HERE]
        if not desk.waits():
            return False
        self._accept(desk, self._crew.here.do(desk.next_batch()) or [])
        return True

    def _receive(self, seat: int, data: bytes | None) -> None:
        """Take a reply, or the news that a seat has died."""
        reply = None if data is None else pickle.loads(data)  # noqa: S301 - from our own seat
        if isinstance(reply, Failed):
            reply.error.add_note(f"At the worker:\n{reply.text}")
            raise reply.error
        if isinstance(reply, Done):
            desk = self._desks[seat]
            desk.peak_mib = reply.peak_mib
            self._crew.note_memory()
            self._accept(desk, reply.results)
        else:
            self._move(seat)

    def _accept(self, desk: Desk, results: list[Any]) -> None:
        """Hand answers to the job that asked."""
        order = desk.idle()
        if order is None or order.running.ask is None:
            return
        running, ask = order.running, order.running.ask
        for at, result in zip(order.shards, results, strict=True):
            shard = running.shards[at]
            shard.built = True
            running.results[at] = result
            if ask.changes:
                shard.log.append((ask.task, ask.messages[at]))
        running.missing -= len(order.shards)
        if not running.missing:
            self._advance(running)

    def _move(self, seat: int) -> None:
        """Give the shards of a seat that died other seats, and ask them again for what was under way."""
        desk = self._desks.pop(seat)
        seats = self._place.instead(seat)
        for other in seats:
            self._desks.setdefault(other, Desk())
        orphans = [shard for shard in self._shards() if shard.seat == seat]
        for shard in orphans:
            shard.built, shard.deaths, shard.seat = False, shard.deaths + 1, HERE
        movable = [shard for shard in orphans if shard.deaths <= MOST_DEATHS and seats]
        if movable:
            taken = assign([shard.size for shard in movable], self._loads(seats))
            for shard, other in zip(movable, taken, strict=True):
                shard.seat = other
        for order in filter(None, [desk.doing, *desk.queue]):
            self._queue(order.running, order.shards)
