"""Waiting for a database that does not answer: in growing pauses, as long as it takes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from scheduler.errors import StoreFailed
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.wording import Text

R = TypeVar("R")

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
"""Seconds."""


class Pauses:
    """Pauses that double from one failure to the next, and begin anew after a success."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE

    def next(self) -> float:
        """Give how many seconds to wait after a failure."""
        pause, self._next = self._next, min(2 * self._next, LONGEST_PAUSE)
        return pause

    def reset(self) -> None:
        """Begin anew."""
        self._next = FIRST_PAUSE


def patiently(do: Callable[[], R], tell: Callable[[Text], None]) -> R:
    """Do something with the database, again and again while it does not answer."""
    pauses = Pauses()
    while True:
        try:
            return do()
        except StoreFailed as failed:
            pause = pauses.next()
            tell(waiting(failed, pause))
            time.sleep(pause)


def waiting(failed: StoreFailed, seconds: float) -> Text:
    """Say that the database is waited for."""
    return T("{reason}. Trying again in {seconds} s", reason=failed.reason, seconds=round(seconds, 1))
