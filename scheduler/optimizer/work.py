"""The face between the optimizer and where its work runs (see scheduler.execution).

A *job* is one date. Its activities are cut into *shards*; each shard's state is built once, at a *seat* (this process,
a worker process, a worker of a cluster), and stays there. The job itself is a generator that runs in the first
process: it yields an :class:`Ask`, which is done for every shard where the shard's state is, and receives the results
in the order of the shards. Prices go out and loads come back, a few kB each; the states, hundreds of MB, never move.

Whether a part, message or result is copied on its way hangs on the seat. So a job changes no part and no message after
it gave it, a task changes no message and keeps none that it means to change, and what it returns shares no memory with
what it will change in the state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")


@dataclass(frozen=True)
class Progress:
    """How far one date has come.

    Attributes
    ----------
    day : int
        Days since the first date of the horizon.
    stage : str
        ``preparing``, ``prices``, ``improving``, ``searching``, ``level``, ``reordering`` or ``done``.
    step : int
        Pass or round within the stage.
    bound, best : float
        Proven lower bound and objective of the best plan so far, in head-minutes; in stage ``level`` of the level.
    """

    day: int
    stage: str
    step: int
    bound: float
    best: float


class Control(Protocol):
    """What a job tells while it works, and what it is told; the clock and the user live behind it."""

    def report(self, progress: Progress) -> None:
        """Take note of progress."""

    def stop(self, share: float = 1.0) -> str | None:
        """Say why to stop (``time``, ``user``), or None to go on.

        With a `share` below 1, limited time is over when that share of it is.
        """


@dataclass(frozen=True)
class Ask:
    """Something to do for every shard of a job.

    Attributes
    ----------
    task : callable
        ``task(state, message)``, a function of a module, so that it pickles; deterministic.
    messages : sequence
        One a shard, in their order; pickles.
    changes : bool
        The task changes the state. A shard whose worker died is built again and such tasks are done again, in
        their order; others are not.
    """

    task: Callable[[Any, Any], Any]
    messages: Sequence[Any]
    changes: bool = False


class Job(Protocol[R_co]):
    """One date's work."""

    def parts(self) -> Sequence[Any]:
        """Give what each shard's state is built from; called once, before the job begins. A part pickles.

        Shards are spread by the parts' `size` where that is a number, else by their length, else evenly.
        """

    def build(self, part: Any) -> Any:
        """Build a shard's state from its part; called where the shard is to be, before its first task.

        Bound methods pickle with the job: what the job holds goes to every seat.
        """

    def drive(self, control: Control) -> Generator[Ask, list[Any], R_co]:
        """Do the work; called after `parts`."""


class Executor(Protocol):
    """Where jobs run."""

    def run(
        self,
        jobs: Sequence[Job[R]],
        on_progress: Callable[[Progress], None],
        share: float = 1.0,
        on_result: Callable[[int, R], None] | None = None,
    ) -> list[R]:
        """Do every job and give the results in their order; tell each, with its place, as soon as it is there.

        The results are the same on every executor, unless time runs out or a person asks to stop. Where time is
        limited, all jobs together may take `share` of what is left, each an even part of it.
        """
