"""The taskmaster: a thread of the worker that does tasks when they are due, beside the planning."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scheduler.domain.people import service_actor
from scheduler.domain.tasks import DONE, FAILED
from scheduler.errors import BrokenPlan, CannotWrite, FaultyInput, NotThere, Refused, StoreFailed
from scheduler.runs.patience import Pauses, waiting
from scheduler.service.task_work import do_task, why_not
from scheduler.store import audit, tasks
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.service.letters import Post
    from scheduler.store import Store, Work
    from scheduler.store.tasks import TaskLease
    from scheduler.wording import Text

IDLE_SECONDS = 1.0
"""How often it looks for tasks that are due."""


class Taskmaster:
    """Does tasks until it is to end; a context manager that does so in a thread of its own.

    A task that is being done when the worker is to end is done to its end, as far as the machine lets it; one whose
    worker died is taken over when its lease is over, and what it had done stays done.

    Parameters
    ----------
    store : Store
    name : str
        Of the worker.
    lease_seconds : float
    tell : callable
        Takes sentences for the log.
    ending : threading.Event
        Set when the worker is to end.
    post : Post, optional
        How letters are sent.
    """

    def __init__(
        self,
        store: Store,
        name: str,
        lease_seconds: float,
        tell: Callable[[Text], None],
        ending: threading.Event,
        post: Post | None = None,
    ):
        self._store, self._name, self._seconds, self._tell, self._ending = store, name, lease_seconds, tell, ending
        self._post = post
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="tasks", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()

    def do_all_due(self) -> int:
        """Do all tasks that are due now; give how many were done."""
        done = 0
        while not self._ending.is_set() and (lease := self._claim()) is not None:
            self._do(lease)
            done += 1
        return done

    def _work(self) -> None:
        pauses = Pauses()
        while not self._ending.is_set() and not self._closed.is_set():
            pause = IDLE_SECONDS
            try:
                self.do_all_due()
                pauses.reset()
            except StoreFailed as failed:
                pause = pauses.next()
                self._tell(waiting(failed, pause))
            self._closed.wait(pause)

    def _claim(self) -> TaskLease | None:
        with self._store.read() as work:
            if not tasks.some_due(work):
                return None
        return self._store.in_work(lambda work: tasks.claim(work, self._name, self._seconds))

    def _do(self, lease: TaskLease) -> None:
        """Do a task and write down what came of it; while the database is away, its lease runs out and it is redone."""
        with _Beating(self._store, lease, self._seconds) as beating:
            try:
                figures, told = do_task(self._store, lease.task, beating.note, self._post, beating.keep)
                state = DONE
            except StoreFailed:
                raise
            except (NotThere, Refused, FaultyInput, BrokenPlan, CannotWrite) as error:
                figures, told, state = {}, why_not(error), FAILED
            except Exception as error:
                # The top of a thread: one task's failure is told, and does not keep the others waiting.
                with suppress(OSError):
                    traceback.print_exc(file=sys.stderr)
                what = T(
                    "Étale itself failed ({error}); please report it with the worker's log", error=type(error).__name__
                )
                figures, told, state = {}, (what,), FAILED
        self._store.in_work(lambda work: _end(work, lease, state, figures, told))


def _end(work: Work, lease: TaskLease, state: str, figures: dict[str, Any], told: Sequence[Text]) -> None:
    if tasks.end(work, lease, state, figures, told):
        task = lease.task
        audit.note(work, service_actor("worker"), task.region, f"task.{state}", str(task.id), after=figures)


class _Beating:
    """Renews the lease of a task while it is done, and carries how far it is."""

    def __init__(self, store: Store, lease: TaskLease, seconds: float):
        self._store, self._lease, self._seconds = store, lease, seconds
        self._progress: dict[str, Any] = {}
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease of task {lease.task.id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()

    def note(self, done: int, of: int) -> None:
        """Take note of how far the task is."""
        self._progress = self._progress | {"done": done, "of": of}

    def keep(self, figures: dict[str, Any]) -> None:
        """Write figures down at once.

        Raises
        ------
        StoreFailed
            They could not be written, or somebody else does the task by now.
        """
        self._progress = self._progress | figures
        told = self._progress
        if not self._store.in_work(lambda work: tasks.renew(work, self._lease, self._seconds, told)):
            raise StoreFailed(T("somebody else does this by now"))

    def _renew(self, told: dict[str, Any], work: Work) -> None:
        tasks.renew(work, self._lease, self._seconds, told)

    def _beat(self) -> None:
        pause = min(self._seconds / 3, 2.0)
        renewed, told = time.monotonic(), self._progress
        while not self._closed.wait(pause):
            if told == self._progress and time.monotonic() - renewed < self._seconds / 3:
                continue
            told = self._progress
            # What cannot be written now is written with the next beat; a lost lease shows at the end.
            with suppress(StoreFailed):
                self._store.in_work(partial(self._renew, told))
                renewed = time.monotonic()
