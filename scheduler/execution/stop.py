"""When work is to end early: a deadline, or a person's word."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.optimizer.work import Progress


@dataclass(frozen=True)
class Span:
    """A stretch of time that work may take; `end` is None where it may take as long as it needs."""

    begin: float
    end: float | None

    def part(self, share: float) -> float | None:
        """Give when a share of the stretch is over."""
        return None if self.end is None else self.begin + share * max(self.end - self.begin, 0.0)

    def item(self, now: float, rounds_left: int) -> Span:
        """Give an item that begins `now` an even part of what is left, so that the first ones do not take it all."""
        return Span(now, Span(now, self.end).part(1 / rounds_left))

    def reason(self, asked: bool, clock: Callable[[], float], share: float) -> str | None:
        """Give ``user``, ``time``, or None to go on."""
        if asked:
            return "user"
        end = self.part(share)
        return "time" if end is not None and clock() >= end else None


@dataclass
class Stop:
    """When work is to end early.

    Attributes
    ----------
    clock : callable
        Seconds from some fixed moment (``time.monotonic``).
    deadline : float or None
        On that clock.
    asked : threading.Event
        Set when a person asks to stop.
    """

    clock: Callable[[], float]
    deadline: float | None = None
    asked: threading.Event = field(default_factory=threading.Event)

    def span(self, share: float) -> Span:
        """Give a share of the time from now to the deadline."""
        now = self.clock()
        return Span(now, Span(now, self.deadline).part(share))


@dataclass(frozen=True)
class JobControl:
    """What one job is told (scheduler.optimizer.work.Control): jobs run in the first process, where the user is."""

    whole: Stop
    span: Span
    on_progress: Callable[[Progress], None]

    def report(self, progress: Progress) -> None:
        """Pass progress on."""
        self.on_progress(progress)

    def stop(self, share: float = 1.0) -> str | None:
        """Give ``user``, ``time``, or None to go on."""
        return self.span.reason(self.whole.asked.is_set(), self.whole.clock, share)
