"""Planning runs: what was asked for, how far a run has come, and how it ended.

A run is *queued*, then *running* while a worker holds its lease, and ends once: *done*, *failed* or *cancelled*. One
that is stopped while it runs is done, with the best plan it had.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scheduler.domain.outcome import gap
from scheduler.errors import Fault
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from scheduler.wording import Text

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
STATES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED)
ACTIVE = (QUEUED, RUNNING)

PLAN, WHAT_IF, INCIDENT, USUAL = "plan", "what_if", "incident", "usual"
PURPOSES = (PLAN, WHAT_IF, INCIDENT, USUAL)
"""What a run is for: proposals to the schools; a scenario, which touches nothing; the rest of a broken day; or only to
see what the usual times ask of the servers."""

MOST_POINTS = 120
"""So many points of the way of bound and best plan a run keeps."""

OBJECTIVES = ("cost", "level")

MOST_FRUITLESS = 3
"""Workers that a run may lose without finishing a date; with that many it fails, for the reason may be the run."""


@dataclass(frozen=True)
class RunOptions:
    """What a person asks for; as the options of ``etale stagger`` (CONTRACT section 6).

    Attributes
    ----------
    gap : float
        [0, 1] proven gap at which a date is good enough.
    time_limit : float or None
        [0, 10^9] seconds that all workers of the run together may take.
    objective : str
        ``cost`` or ``level``.
    reorder : bool
        Sharers may change their order.
    seed : int
        [0, 2^63).
    start_from, stay_close_to : int or None
        Numbers of finished runs of the same region: to begin with, and to compare with instead of the usual timetable.
    """

    gap: float = 0.01
    time_limit: float | None = None
    objective: str = "cost"
    reorder: bool = False
    seed: int = 0
    start_from: int | None = None
    stay_close_to: int | None = None

    def faults(self) -> list[Fault]:
        """Give what cannot be used, with the remedies."""
        return list(self._faults())

    def _faults(self) -> Iterator[Fault]:
        if not 0 <= self.gap <= 1:
            yield Fault("", 0, T("{gap} is no gap", gap=self.gap), T("give a number from 0 to 1"))
        if self.time_limit is not None and not 0 <= self.time_limit <= 1e9:
            what = T("{seconds} cannot be the time allowed, in seconds", seconds=self.time_limit)
            yield Fault("", 0, what, T("give a number from 0 to 1e9, or none"))
        if self.objective not in OBJECTIVES:
            what = T("“{objective}” is no objective", objective=self.objective)
            yield Fault("", 0, what, T("write cost or level"))
        if not 0 <= self.seed < 2**63:
            what = T("{seed} cannot be a seed", seed=self.seed)
            yield Fault("", 0, what, T("give a whole number from 0 to 2^63 − 1"))

    def as_document(self) -> dict[str, Any]:
        """Give the options as JSON holds them."""
        return dict(vars(self))


@dataclass(frozen=True)
class RunProgress:
    """How far a run has come.

    Attributes
    ----------
    stage : str
        ``reading``, ``sharers``, a stage of the optimizer (scheduler.optimizer.work.Progress), ``checking``,
        ``storing``.
    step : int
        Pass or round within the stage.
    date : datetime.date or None
        The date told of; some are planned beside each other.
    bound, best : float or None
        Of that date: proven lower bound and best plan, in head-minutes; in stage ``level`` of the level.
    dates_done, dates : int
        Dates finished, of so many.
    seconds : float
        That workers have spent on the run so far.
    seconds_left : float or None
        Of limited time.
    points : tuple of (float, float or None, float or None)
        How they closed in so far: seconds, and over all dates told of the sums of bounds and of best plans, in
        head-minutes.
    """

    stage: str
    step: int = 0
    date: dt.date | None = None
    bound: float | None = None
    best: float | None = None
    dates_done: int = 0
    dates: int = 0
    seconds: float = 0.0
    seconds_left: float | None = None
    points: tuple[tuple[float, float | None, float | None], ...] = ()

    @property
    def gap(self) -> float | None:
        """The gap of the date told of."""
        return None if self.bound is None or self.best is None else gap(self.best, self.bound)

    def as_document(self) -> dict[str, Any]:
        """Give the progress as JSON holds it."""
        document = {name: value for name, value in vars(self).items() if _can_be_told(value)}
        return document | ({} if self.date is None else {"date": self.date.isoformat()})


def _can_be_told(value: object) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


@dataclass(frozen=True)
class Run:
    """A planning run.

    Attributes
    ----------
    id : int
    region : str
        Key.
    number : int
        From 1 in each region.
    first_date, last_date : datetime.date
    state : str
    options : RunOptions
    region_revision : int
        What the region's input was.
    asked_at : datetime.datetime
    asked_by : str or None
        E-mail address; None: the service itself.
    stop_asked_at, begun_at, ended_at, progress_at : datetime.datetime or None
    worker : str or None
        Who holds or held its lease.
    progress : RunProgress or None
    failure : tuple of Text
        Why it failed; empty where it did not.
    stopped_by, status : str or None
        As in report.json; of a finished run.
    objective, lower_bound : float or None
        Head-minutes.
    report : dict or None
        report.json; only where one run was asked for.
    purpose : str
        One of `PURPOSES`.
    title : str
        What people call it; mostly empty.
    changes : dict or None
        How its input differs from the region as it was when it was started.
    adopted_at : datetime.datetime or None
        When the region made its plan the quotas of the schools.
    """

    id: int
    region: str
    number: int
    first_date: dt.date
    last_date: dt.date
    state: str
    options: RunOptions
    region_revision: int
    asked_at: dt.datetime
    asked_by: str | None = None
    stop_asked_at: dt.datetime | None = None
    begun_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    worker: str | None = None
    progress: RunProgress | None = None
    progress_at: dt.datetime | None = None
    failure: tuple[Text, ...] = ()
    stopped_by: str | None = None
    status: str | None = None
    objective: float | None = None
    lower_bound: float | None = None
    report: dict[str, Any] | None = field(default=None, repr=False)
    purpose: str = PLAN
    title: str = ""
    changes: dict[str, Any] | None = field(default=None, repr=False)
    adopted_at: dt.datetime | None = None

    @property
    def active(self) -> bool:
        """Whether it is still to end."""
        return self.state in ACTIVE

    @property
    def gap(self) -> float | None:
        """The proven gap of a finished run."""
        if self.objective is None or self.lower_bound is None:
            return None
        return gap(self.objective, self.lower_bound)
