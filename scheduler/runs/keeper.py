"""The thread beside a planning run: it renews the lease, carries progress, and stores dates as they are finished."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self, TypeVar

from scheduler.domain.runs import RunProgress
from scheduler.errors import StoreFailed
from scheduler.runs.patience import Pauses, waiting
from scheduler.store import leases
from scheduler.store.run_dates import keep_dates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.domain.outcome import DayResult
    from scheduler.execution import Stop
    from scheduler.store import Store, Work
    from scheduler.store.leases import Lease
    from scheduler.wording import Text

R = TypeVar("R")

BEAT_SECONDS = 1.0
"""Progress is carried, and a wish to stop seen, no more often than this."""

LISTEN_SECONDS = 0.2
"""Longest wait in which the word to end is not heard."""


class LeaseLost(Exception):
    """Somebody else works on the run by now, or it is no more."""


class GivenBack(Exception):
    """The worker is to end, and has given the run back."""


class Keeper:
    """Keeps a lease while a run is planned; a context manager.

    The planning thread tells it progress and finished dates, which costs that thread nothing, and asks it now and then
    whether to go on. While the database does not answer, both wait here; planning goes on meanwhile.

    Parameters
    ----------
    store : Store
    lease : Lease
    lease_seconds : float
    stop : Stop
        Is asked to stop when people ask for the best plan so far; its deadline is the run's.
    ending : threading.Event
        The worker is to end: the run is given back.
    tell : callable
        Takes sentences for the log.
    """

    def __init__(
        self,
        store: Store,
        lease: Lease,
        lease_seconds: float,
        stop: Stop,
        ending: threading.Event,
        tell: Callable[[Text], None],
    ):
        self._store, self._lease, self._seconds = store, lease, lease_seconds
        self._stop, self._ending, self._tell = stop, ending, tell
        self._begun = stop.clock()
        self._beat_seconds = min(BEAT_SECONDS, lease_seconds / 3)
        self._renewed = -lease_seconds
        self._progress, self._is_news = RunProgress("reading"), True
        self._finished: list[DayResult] = []
        self._changing = threading.Lock()
        self._closed, self._wake = threading.Event(), threading.Event()
        self._over: Exception | None = None
        self._thread = threading.Thread(target=self._work, name=f"lease of run {lease.run_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._wake.set()
        self._thread.join()

    # What the planning thread calls

    @property
    def seconds(self) -> float:
        """Seconds that workers have spent on the run so far."""
        return self._lease.seconds + self._stop.clock() - self._begun

    @property
    def progress(self) -> RunProgress:
        """The progress noted last, and the time spent by now."""
        left = None if self._stop.deadline is None else max(0.0, self._stop.deadline - self._stop.clock())
        with self._changing:
            return replace(self._progress, seconds=self.seconds, seconds_left=left)

    def note(self, progress: RunProgress) -> None:
        """Take note of progress; it is carried with the next beat."""
        with self._changing:
            self._progress, self._is_news = progress, True

    def keep(self, results: Sequence[DayResult]) -> None:
        """Take finished dates; they are stored as soon as the database takes them."""
        with self._changing:
            self._finished += results
        self._wake.set()

    def check(self) -> None:
        """See whether to go on.

        Raises
        ------
        LeaseLost, GivenBack
        Exception
            Whatever else ended the keeper: a failure of ours.
        """
        if self._over is not None:
            raise self._over

    def flush(self) -> None:
        """Wait until all finished dates are stored; raises as :meth:`check` does."""
        while self._waiting():
            self.check()
            time.sleep(0.01)

    def patiently(self, do: Callable[[], R]) -> R:
        """Do something with the database, again and again while it does not answer; raises as :meth:`check`."""
        pauses = Pauses()
        while True:
            self.check()
            try:
                return do()
            except StoreFailed as failed:
                self._wait(pauses.next(), failed)

    def _wait(self, seconds: float, failed: StoreFailed) -> None:
        """Wait in the planning thread, and listen."""
        self._tell(waiting(failed, seconds))
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.check()
            time.sleep(min(LISTEN_SECONDS, seconds))

    # The thread

    def _work(self) -> None:
        pauses = Pauses()
        try:
            while self._over is None and not self._closed.is_set():
                try:
                    self._beat()
                    pauses.reset()
                    self._listen(self._beat_seconds)
                except StoreFailed as failed:
                    if self._ending.is_set():
                        # Nobody can be told; the lease ends by itself.
                        self._over = GivenBack()
                    pause = pauses.next()
                    self._tell(waiting(failed, pause))
                    self._rest(pause)
        except Exception as error:
            # The top of a thread: whatever it is, the planning thread raises it, and says so.
            self._over = error

    def _listen(self, seconds: float) -> None:
        """Wait for the next beat; news, the word to end, or the end of the run come sooner."""
        until = time.monotonic() + seconds
        while not self._ending.is_set() and (left := until - time.monotonic()) > 0:
            if self._wake.wait(min(LISTEN_SECONDS, left)):
                break
        self._wake.clear()

    def _rest(self, seconds: float) -> None:
        """Wait for the database; only the word to end, or the end of the run, come sooner."""
        until = time.monotonic() + seconds
        while not self._ending.is_set() and (left := until - time.monotonic()) > 0:
            if self._closed.wait(min(LISTEN_SECONDS, left)):
                break

    def _beat(self) -> None:
        """Renew the lease where it is due or there is news; else only look whether people ask to stop."""
        with self._changing:
            news, self._is_news = self._is_news, False
            finished = list(self._finished)
        now = self._stop.clock()
        if self._ending.is_set():
            self._store.in_work(lambda work: self._give_back(work, finished))
            self._over = GivenBack()
        elif finished or news or now - self._renewed >= self._seconds / 3:
            held = self._store.in_work(lambda work: self._renew(work, finished))
            self._renewed = now
            self._note_beat(held, len(finished))
        else:
            with self._store.read() as work:
                held = leases.look(work, self._lease)
            self._note_beat(held, 0)

    def _note_beat(self, held: leases.Held | None, stored: int) -> None:
        if held is None:
            self._over = LeaseLost()
            return
        with self._changing:
            del self._finished[:stored]
        if held.stop_asked:
            self._stop.asked.set()

    def _renew(self, work: Work, finished: list[DayResult]) -> leases.Held | None:
        held = leases.renew(work, self._lease, self._seconds, self.progress, fruitful=bool(finished))
        if held is not None:
            keep_dates(work, self._lease.run_id, self._lease.first_date, finished)
        return held

    def _give_back(self, work: Work, finished: list[DayResult]) -> None:
        """Store what is finished and how long it took, and let go."""
        if self._renew(work, finished) is not None:
            leases.give_back(work, self._lease)

    def _waiting(self) -> bool:
        with self._changing:
            return bool(self._finished)
