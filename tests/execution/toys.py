"""Jobs whose states change and hang on every message, and tasks that kill their worker; workers import this file."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import numpy as np

from scheduler.optimizer.work import Ask, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from scheduler.optimizer.work import Control

FIRST_PROCESS = "ETALE_TEST_FIRST_PROCESS"
"""Environment variable with the id of the process that must not be killed: pytest's own."""


@dataclass(frozen=True)
class Part:
    """What a toy's state is built from.

    Attributes
    ----------
    seed : int
    size : int
        What the crew is to balance.
    dies : str
        A file: the build kills its worker where it does not exist yet; never where empty.
    """

    seed: int
    size: int = 1
    dies: str = ""


ALIVE: WeakSet[State] = WeakSet()
"""The states of this process."""


@dataclass(eq=False)
class State:
    random: np.random.Generator
    sum: int = 0
    said: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        ALIVE.add(self)


def in_first_process() -> bool:
    return os.environ.get(FIRST_PROCESS) == str(os.getpid())


def die() -> None:
    """Kill this worker as the system would; this must never hit pytest."""
    assert not in_first_process()
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(marker: str) -> None:
    if marker and not Path(marker).exists():
        Path(marker).touch()
        die()


def draw(state: State, message: tuple[int, str]) -> int:
    """Change the state, in a way that hangs on all that was done before."""
    number, marker = message
    drawn = int(state.random.integers(1000)) + number
    state.sum = 31 * state.sum + drawn
    # In the middle of the change: what is left half done must not come back.
    die_once(marker)
    state.said.append(drawn)
    return drawn


def look(state: State, message: tuple[int, str]) -> str:
    """Give a digest of the state, which does not change."""
    number, marker = message
    die_once(marker)
    return hashlib.sha256(repr((state.sum, state.said, number)).encode()).hexdigest()


def die_anywhere_else(state: State, message: object) -> int:
    if not in_first_process():
        die()
    return state.sum


def where(state: State, message: object) -> int:
    return os.getpid()


def states_alive(state: State, message: object) -> tuple[int, int]:
    return os.getpid(), len(ALIVE)


def sleep(state: State, seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


class BadlyShaped(Exception):
    """Cannot be made again from its arguments, as pickling would."""

    def __init__(self, one: str, other: str):
        super().__init__(f"{one} and {other}")


def fail(state: State, message: str) -> None:
    if message == "shape":
        raise BadlyShaped("this", "that")
    raise ZeroDivisionError(message)


def unspeakable(state: State, message: object) -> object:
    return lambda: state


@dataclass(frozen=True)
class Toy:
    """A job that draws, looks and draws again, with what it gives hanging on all answers so far.

    Attributes
    ----------
    day : int
    shards : tuple of Part
    dies_drawing, dies_looking : str
        Markers for the second shard's second draw and look.
    """

    day: int
    shards: tuple[Part, ...]
    rounds: int = 3
    dies_drawing: str = ""
    dies_looking: str = ""

    def parts(self) -> Sequence[Part]:
        return self.shards

    def build(self, part: Part) -> State:
        die_once(part.dies)
        return State(np.random.default_rng([self.day, part.seed]))

    def drive(self, control: Control) -> Generator[Ask, list[Any], list[Any]]:
        told: list[Any] = []
        number = self.day
        for step in range(self.rounds):
            control.report(Progress(self.day, "prices", step, 0.0, 0.0))
            dying = {"draw": "", "look": ""}
            if step == 1:
                dying = {"draw": self.dies_drawing, "look": self.dies_looking}
            drawn = yield self._ask(draw, number, dying["draw"], changes=True)
            number = sum(at * answer for at, answer in enumerate(drawn, 1)) % 1000
            told.append(drawn)
            told.append((yield self._ask(look, number, dying["look"])))
        return told

    def _ask(self, task: Callable[[Any, Any], Any], number: int, marker: str, changes: bool = False) -> Ask:
        messages = [(number + at, marker if at == 1 else "") for at in range(len(self.shards))]
        return Ask(task, messages, changes)


@dataclass(frozen=True)
class Once:
    """A job that asks one thing so often, and gives all answers."""

    task: Callable[[Any, Any], Any]
    messages: tuple[Any, ...] = (None, None)
    times: int = 1
    day: int = 0

    def parts(self) -> Sequence[Part]:
        return [Part(at) for at in range(len(self.messages))]

    def build(self, part: Part) -> State:
        return State(np.random.default_rng(part.seed))

    def drive(self, control: Control) -> Generator[Ask, list[Any], list[list[Any]]]:
        answers = []
        for step in range(self.times):
            answers.append((yield Ask(self.task, self.messages)))
            control.report(Progress(self.day, "prices", step, 0.0, 0.0))
        return answers


@dataclass(frozen=True)
class UntilStopped(Once):
    """Asks again and again until it is told to stop, and gives why."""

    def drive(self, control: Control) -> Generator[Ask, list[Any], str | None]:  # type: ignore[override]
        step = 0
        while control.stop() is None:
            control.report(Progress(self.day, "prices", step, 0.0, 0.0))
            yield Ask(self.task, self.messages)
            step += 1
        return control.stop()


def toys(shards: int, dates: int = 1, **more: Any) -> list[Toy]:
    return [Toy(day, tuple(Part(at, size=5 - at % 3) for at in range(shards)), **more) for day in range(dates)]
