"""Who asked for which calendar: gathered here, and written down together every few seconds."""

from __future__ import annotations

import atexit
import threading
from typing import TYPE_CHECKING

import structlog

from scheduler.errors import StoreFailed
from scheduler.service.feed_serving import note_fetches

if TYPE_CHECKING:
    from scheduler.service.feed_serving import Fetch
    from scheduler.service.house import Store

EVERY_SECONDS = 5.0
MOST = 50_000
"""Notes kept while the store is away; later ones are lost, which does no harm."""

log = structlog.get_logger()


class FeedNotes:
    """Gathers notes; a thread writes them while there are any, and ends when there are none.

    Parameters
    ----------
    store : Store
    every_seconds : float
    """

    def __init__(self, store: Store, every_seconds: float = EVERY_SECONDS):
        self._store, self._every = store, every_seconds
        self._lock = threading.Lock()
        self._gathered: list[Fetch] = []
        self._writer: threading.Thread | None = None
        self._ending = threading.Event()
        # Whichever comes first: whoever closes the store, or the end of the process, writes down what is left.
        store.before_closing(self._end)
        atexit.register(self._end)

    def add(self, fetch: Fetch) -> None:
        """Take a note."""
        with self._lock:
            if len(self._gathered) < MOST:
                self._gathered.append(fetch)
            # It begins with the first note and not with the process: a thread does not survive a fork.
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write_on, name="feed notes", daemon=True)
                self._writer.start()

    def flush(self) -> None:
        """Write down what was gathered; what the store does not take now is kept for later."""
        with self._lock:
            taken, self._gathered = self._gathered, []
        if not taken:
            return
        try:
            note_fetches(self._store, taken)
        except StoreFailed as failed:
            log.warning("fetches not noted yet", count=len(taken), reason=str(failed.reason))
            with self._lock:
                self._gathered = (taken + self._gathered)[:MOST]

    def _write_on(self) -> None:
        while not self._ending.wait(self._every):
            self.flush()
            with self._lock:
                if not self._gathered:
                    self._writer = None
                    return

    def _end(self) -> None:
        self._ending.set()
        if (writer := self._writer) is not None:
            writer.join(self._every)
        self.flush()
