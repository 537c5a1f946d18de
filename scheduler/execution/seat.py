"""A seat: a process where states of shards are kept and worked on. This file is the seat's side."""

from __future__ import annotations

import pickle
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scheduler.execution.memory import peak_mib

if TYPE_CHECKING:
    from collections.abc import Callable

Key = tuple[int, int]
"""A shard: the number of its job, and its own in the job."""


@dataclass(frozen=True)
class Batch:
    """What a seat is to do next, in this order.

    Attributes
    ----------
    turn : int
        How many batches the seat was sent before. A seat whose count differs has lost its states.
    drops : tuple of int
        Jobs whose states are no longer needed.
    builds : tuple of (Key, callable, object)
        States to build, each from its part.
    tasks : tuple of (Key, callable, object, bool)
        Task and message for a state, and whether the result is wanted (not where a former task is done again).
    """

    turn: int
    drops: tuple[int, ...]
    builds: tuple[tuple[Key, Callable[[Any], Any], Any], ...]
    tasks: tuple[tuple[Key, Callable[[Any, Any], Any], Any, bool], ...]


@dataclass(frozen=True)
class Done:
    """A batch is done: its wanted results in order, and the most memory that the seat's process has held (MiB)."""

    results: list[Any]
    peak_mib: float


@dataclass(frozen=True)
class Failed:
    """A task raised an exception; `text` is the traceback as it was at the seat."""

    error: Exception
    text: str


@dataclass(frozen=True)
class Lost:
    """The seat does not have the states it should have: its process is another one than before."""


class Seat:
    """The states of some shards, and how to work on them."""

    def __init__(self) -> None:
        self._states: dict[Key, Any] = {}
        self._turn = 0

    def do(self, batch: Batch) -> list[Any] | None:
        """Do a batch and give its wanted results; None where the states are lost."""
        if batch.turn != self._turn:
            return None
        self._turn += 1
        for key in [key for key in self._states if key[0] in batch.drops]:
            del self._states[key]
        for key, build, part in batch.builds:
            self._states[key] = build(part)
        results = []
        for key, task, message, wanted in batch.tasks:
            result = task(self._states[key], message)
            if wanted:
                results.append(result)
        return results

    def answer(self, data: bytes) -> bytes:
        """Do a pickled batch and give the pickled reply: Done, Failed or Lost."""
        try:
            results = self.do(pickle.loads(data))  # noqa: S301 - from the process that started this one
            reply = Lost() if results is None else Done(results, peak_mib())
            return pickle.dumps(reply, pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            # The top of a worker: whatever goes wrong is told to the first process, which raises it.
            return pickle.dumps(_failed(error), pickle.HIGHEST_PROTOCOL)


def _failed(error: Exception) -> Failed:
    text = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:
        # An exception of an unusual shape must not hide what happened.
        return Failed(RuntimeError(f"{type(error).__name__}: {error}"), text)
    return Failed(error, text)
