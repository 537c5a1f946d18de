"""Ctrl-C while a plan is made: stop with the best one so far."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from scheduler.cli.speaker import Speaker
    from scheduler.execution import Stop
    from scheduler.wording import Text


class InterruptAsks:
    """While in force, Ctrl-C asks to stop with the best plan; a second one ends the program at once.

    What is said then may depend on what is going on at that moment.
    """

    def __init__(self, stop: Stop, say: Speaker, words: Callable[[], Text]):
        self._stop, self._say, self._words = stop, say, words

    def __enter__(self) -> None:
        self._former = {one: signal.signal(one, self._ask) for one in (signal.SIGINT, signal.SIGTERM)}

    def __exit__(self, *_: object) -> None:
        for one, former in self._former.items():
            signal.signal(one, former)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self._stop.asked.is_set():
            raise KeyboardInterrupt
        self._stop.asked.set()
        self._say.note(self._words())
