"""The worker: takes the runs that wait, one after the other, and plans them."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scheduler.domain.people import service_actor
from scheduler.errors import StoreFailed
from scheduler.execution import Stop
from scheduler.runs.endings import fail
from scheduler.runs.keeper import GivenBack, Keeper, LeaseLost
from scheduler.runs.patience import Pauses, waiting
from scheduler.runs.planning import plan_run
from scheduler.service.planning import Means
from scheduler.store import audit, leases
from scheduler.store.leases import GivenUp, Lease
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.store import Store, Work
    from scheduler.wording import Text

IDLE_SECONDS = 1.0
"""How often a worker without work looks for some."""


@dataclass
class Worker:
    """Takes runs and plans them until it is to end.

    Attributes
    ----------
    store : Store
    name : str
        As people see who works on a run: machine and process.
    lease_seconds : float
        A run whose worker gave no sign of life for so long is taken over.
    tell : callable
        Takes sentences for the log.
    means : Means
        What a run may use of this machine.
    ending : threading.Event
        Set when the worker is to end: it gives its run back, and another worker goes on.
    at_work : bool
        Whether it has a run just now.
    """

    store: Store
    name: str
    lease_seconds: float
    tell: Callable[[Text], None]
    means: Means = field(default_factory=Means)
    ending: threading.Event = field(default_factory=threading.Event)
    at_work: bool = False

    def work(self, *, once: bool = False) -> None:
        """Plan what waits, until the worker is to end; with `once`, until nothing waits any more."""
        pauses = Pauses()
        while not self.ending.is_set():
            try:
                taken = self.claim()
                pauses.reset()
            except StoreFailed as failed:
                pause = pauses.next()
                self.tell(waiting(failed, pause))
                self.ending.wait(pause)
                continue
            if taken is not None:
                self.at_work = True
                self.plan(taken)
                self.at_work = False
            elif once:
                return
            else:
                self.ending.wait(IDLE_SECONDS)

    def claim(self) -> Lease | None:
        """Take the oldest run that waits; runs that lost too many workers fail on the way."""
        while True:
            with self.store.read() as work:
                if not leases.some_wait(work):
                    return None
            taken = self.store.in_work(self._claim)
            if not isinstance(taken, GivenUp):
                return taken
            self.tell(T("Run {number} of {region} lost too many workers and has failed", **vars(taken)))

    def _claim(self, work: Work) -> Lease | GivenUp | None:
        taken = leases.claim(work, self.name, self.lease_seconds)
        if isinstance(taken, GivenUp):
            audit.note(work, service_actor("worker"), taken.region, "run.failed", str(taken.number))
        return taken

    def plan(self, lease: Lease) -> None:
        """Plan a run that was taken."""
        run = {"number": lease.number, "region": lease.region}
        self.tell(T("Run {number} of {region} begins", **run))
        limit, now = lease.options.time_limit, time.monotonic()
        deadline = None if limit is None else now + max(0.0, limit - lease.seconds)
        stop = Stop(time.monotonic, deadline)
        with Keeper(self.store, lease, self.lease_seconds, stop, self.ending, self.tell) as keeper:
            try:
                self._plan(lease, keeper, stop)
            except LeaseLost:
                self.tell(T("Run {number} of {region} goes on elsewhere", **run))
            except GivenBack:
                self.tell(T("Run {number} of {region} is given back", **run))
            else:
                self.tell(T("Run {number} of {region} is at its end", **run))

    def _plan(self, lease: Lease, keeper: Keeper, stop: Stop) -> None:
        try:
            plan_run(self.store, lease, keeper, stop, self.means)
        except (LeaseLost, GivenBack):
            raise
        except Exception as error:
            # The top of the worker: one run's failure is told, and does not keep the others waiting.
            with suppress(OSError):
                traceback.print_exc(file=sys.stderr)
            keeper.check()
            why = T(
                "Étale itself failed, and not through the input ({error}); please report it with the worker's log",
                error=type(error).__name__,
            )
            fail(self.store, lease, keeper, [why])
