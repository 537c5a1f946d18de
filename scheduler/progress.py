"""Progress on a terminal: what is being done, the bound and the best plan closing in on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from scheduler.domain.outcome import gap
from scheduler.service.run_words import STAGES
from scheduler.wording import T, Text
from scheduler.wording_times import date_in_words, number_in_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from scheduler.optimizer.work import Progress
    from scheduler.service.stagger import Step

SECONDS_BETWEEN_LINES = 2.0
"""Progress of one kind is told no more often than this, so that a log stays readable."""


class ProgressLines:
    """Writes a line a step, and in planning a line every few seconds a date.

    Parameters
    ----------
    out : TextIO
    language : str
    clock : callable
        Seconds.
    quiet : bool
        Write nothing.
    """

    def __init__(self, out: TextIO, language: str, clock: Callable[[], float], *, quiet: bool):
        self._out, self._language, self._clock, self._quiet = out, language, clock, quiet
        self._begun = clock()
        self._last_proof = self._begun
        self._told: dict[int, tuple[str, float]] = {}

    def step(self, step: Step) -> None:
        """Tell a step."""
        if step.progress is None or step.date is None:
            self._write(step.words)
        elif self._is_news(step.progress):
            self._write(self._words(step.date, step.progress))

    def proof(self, done: int, every: int) -> None:
        """Tell how much of the bound is verified."""
        if self._clock() - self._last_proof >= SECONDS_BETWEEN_LINES or done == every:
            self._last_proof = self._clock()
            self._write(
                T(
                    "Verifying the lower bound from the prices: {done} of {all} timetables of a school and date",
                    done=done,
                    all=every,
                )
            )

    def finish(self) -> None:
        """End the lines."""
        if not self._quiet:
            print(file=self._out, flush=True)

    def _is_news(self, progress: Progress) -> bool:
        stage, told = self._told.get(progress.day, ("", 0.0))
        if progress.stage == stage and self._clock() - told < SECONDS_BETWEEN_LINES:
            return False
        self._told[progress.day] = (progress.stage, self._clock())
        return True

    def _words(self, date: dt.date, progress: Progress) -> Text:
        stage = STAGES[progress.stage]
        if progress.stage == "level":
            return T(
                "{date}: {stage}, step {step}: proven {bound}, reached {best}",
                date=date_in_words(date, self._language),
                stage=stage,
                step=progress.step,
                bound=number_in_words(round(progress.bound, 3), self._language),
                best=number_in_words(round(progress.best, 3), self._language),
            )
        return T(
            "{date}: {stage}, step {step}: bound {bound}, best plan {best}, gap {gap}%",
            date=date_in_words(date, self._language),
            stage=stage,
            step=progress.step,
            bound=number_in_words(round(progress.bound), self._language),
            best=number_in_words(round(progress.best), self._language),
            gap=number_in_words(round(100 * gap(progress.best, progress.bound), 2), self._language),
        )

    def _write(self, words: Text) -> None:
        if not self._quiet:
            seconds = round(self._clock() - self._begun)
            print(f"{seconds:5d} s  {words.in_language(self._language)}", file=self._out, flush=True)
