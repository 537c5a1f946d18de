"""What the first process knows of jobs, shards and seats, and which seat a shard goes to."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Any

from scheduler.execution.seat import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from scheduler.optimizer.work import Ask, Job


@dataclass
class Shard:
    """A shard of a job.

    Attributes
    ----------
    part : object
        What its state is built from; kept, for a seat may die.
    size : float
        Work, against that of other shards.
    seat : int
        Where its state is, or is to be.
    built : bool
        The state is there.
    deaths : int
        Seats that died under it.
    log : list of (callable, object)
        Tasks that changed the state, with their messages, in order: what is done again after a death.
    """

    part: Any
    size: float
    seat: int
    built: bool = False
    deaths: int = 0
    log: list[tuple[Callable[[Any, Any], Any], Any]] = field(default_factory=list)


@dataclass
class Running:
    """A job that has begun.

    Attributes
    ----------
    number : int
        Unlike that of any other job of the same executor.
    at : int
        Its place among the jobs of the run.
    job : Job
    shards : list of Shard
    generator : generator
        What ``job.drive`` gave.
    ask : Ask or None
        What is being done; None before the first one.
    results : list
        The answers so far, in the order of the shards.
    missing : int
        Answers still to come.
    """

    number: int
    at: int
    job: Job[Any]
    shards: list[Shard]
    generator: Generator[Ask, list[Any], Any]
    ask: Ask | None = None
    results: list[Any] = field(default_factory=list)
    missing: int = 0


@dataclass(frozen=True)
class Order:
    """What an ask has for one seat: the shards by their places in the job."""

    running: Running
    shards: list[int]


@dataclass
class Desk:
    """What the first process knows of a seat.

    Attributes
    ----------
    turn : int
        Batches sent.
    drops : list of int
        Jobs that the seat is still to be told to drop.
    queue : deque of Order
        What it has still to do.
    doing : Order or None
        What it does; None while it is idle, or only drops.
    busy : bool
        A reply is to come.
    peak_mib : float
        The most memory of its process, as far as told.
    """

    turn: int = 0
    drops: list[int] = field(default_factory=list)
    queue: deque[Order] = field(default_factory=deque)
    doing: Order | None = None
    busy: bool = False
    peak_mib: float = 0.0

    def waits(self) -> bool:
        """Tell whether there is a batch to be done, and the seat is idle."""
        return not self.busy and bool(self.queue or self.drops)

    def next_batch(self) -> Batch:
        """Make the batch of the next order, and take the order for begun."""
        self.doing = self.queue.popleft() if self.queue else None
        builds: list[Any] = []
        tasks: list[Any] = []
        if self.doing is not None and self.doing.running.ask is not None:
            running, ask = self.doing.running, self.doing.running.ask
            for at in self.doing.shards:
                shard, key = running.shards[at], (running.number, at)
                if not shard.built:
                    builds.append((key, running.job.build, shard.part))
                    tasks.extend((key, task, message, False) for task, message in shard.log)
                tasks.append((key, ask.task, ask.messages[at], True))
        batch = Batch(self.turn, tuple(self.drops), tuple(builds), tuple(tasks))
        self.turn, self.drops, self.busy = self.turn + 1, [], True
        return batch

    def idle(self) -> Order | None:
        """Note that the batch is done, and give the order that it was for."""
        order, self.doing, self.busy = self.doing, None, False
        return order


def size_of(part: object) -> float:
    """Give a part's size: its attribute `size` if that is a number, else its length, else 1."""
    size = getattr(part, "size", None)
    if isinstance(size, Real) and math.isfinite(size):
        return float(size)
    return float(len(part)) if hasattr(part, "__len__") else 1.0


def at_once(workers: int, shards: int) -> int:
    """Give how many jobs of so many shards run beside each other: as few as keep the workers busy.

    A job with at least as many shards as there are workers runs alone, for states of a second one take memory and save
    no time.
    """
    return max(1, math.ceil(workers / max(shards, 1)))


def assign(sizes: Sequence[float], loads: Mapping[int, float]) -> list[int]:
    """Give each size a seat: the largest first, each to the seat with the least load so far.

    Parameters
    ----------
    sizes : sequence of float
    loads : mapping of int to float
        What each seat carries already; at least one seat.
    """
    carried = dict(loads)
    seats = [0] * len(sizes)
    for at in sorted(range(len(sizes)), key=lambda at: -sizes[at]):
        seat = min(carried, key=lambda seat: carried[seat])
        seats[at] = seat
        carried[seat] += sizes[at]
    return seats
