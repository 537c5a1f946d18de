"""Planning runs in words: their states, what is being done, how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.runs import CANCELLED, DONE, FAILED, QUEUED, RUNNING
from scheduler.wording import T
from scheduler.wording_times import date_in_words, number_in_words

if TYPE_CHECKING:
    from scheduler.domain.runs import Run, RunProgress
    from scheduler.wording import Text

STATES = {
    QUEUED: T("waiting for a worker"),
    RUNNING: T("running"),
    DONE: T("done"),
    FAILED: T("failed"),
    CANCELLED: T("cancelled"),
}

STAGES = {
    "reading": T("reading the region"),
    "preparing": T("preparing"),
    "prices": T("finding the prices of slots"),
    "improving": T("improving the plan"),
    "searching": T("searching closer"),
    "level": T("finding the lowest level"),
    "reordering": T("changing the order of sessions"),
    "done": T("done"),
    "checking": T("checking every rule again"),
    "storing": T("storing the plan"),
}


def state_in_words(run: Run) -> Text:
    """Say the state of a run; a wish to stop is part of it."""
    if run.active and run.stop_asked_at is not None:
        return T("stopping")
    return STATES[run.state]


def progress_in_words(progress: RunProgress, language: str) -> Text:
    """Say how far a run is, in one line."""
    values = {"stage": STAGES[progress.stage], "done": progress.dates_done, "dates": progress.dates}
    if progress.date is None or progress.gap is None or progress.stage == "level":
        return T("{stage}; dates finished: {done} of {dates}", **values)
    return T(
        "{date}: {stage}, gap {gap}%; dates finished: {done} of {dates}",
        date=date_in_words(progress.date, language),
        gap=number_in_words(round(100 * progress.gap, 2), language),
        **values,
    )


def run_in_words(run: Run, language: str) -> Text:
    """Say what there is to say of a run in one line."""
    values = {
        "number": run.number,
        "first": run.first_date.isoformat(),
        "last": run.last_date.isoformat(),
        "state": state_in_words(run),
    }
    if run.active and run.progress is not None:
        progress = progress_in_words(run.progress, language)
        return T("Run {number}, {first} – {last}: {state}; {progress}", progress=progress, **values)
    if run.objective is None or run.gap is None:
        return T("Run {number}, {first} – {last}: {state}", **values)
    return T(
        "Run {number}, {first} – {last}: {state}; {objective} head-minutes, gap {gap}%",
        objective=number_in_words(round(run.objective), language),
        gap=number_in_words(round(100 * run.gap, 2), language),
        **values,
    )
