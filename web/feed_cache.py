"""What calendars' addresses gave last, so that those known are served while the store is away (FEEDS.md, scale).

While the store answers, every request asks it: a withdrawn address is withdrawn at once, and a new publication is there
at once. Only when it does not is the last answer given again. One process has one cache, and nothing in it is a secret:
an address is kept as the hash of its token.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scheduler.errors import StoreFailed
from scheduler.service.feed_serving import Served, served

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.service.feed_serving import Gone
    from scheduler.service.house import Store

ROOM_BYTES = 64 * 1024 * 1024
"""What the kept calendars may take: some 8,000 different ones of 8 KiB."""

ADDRESSES = 100_000
"""How many addresses are kept; many lead to one calendar."""

KEPT_SECONDS = 24 * 3600
"""How old an answer may be that is given again; what subscribers' own caches may do too (``stale-if-error``)."""

PAUSE_SECONDS = 2
"""How long the store is not asked about known addresses after it failed: to ask may itself take seconds."""


@dataclass
class _Content:
    gzip: bytes
    addresses: int = 0


class FeedCache:
    """The last answers, the least recently asked for going first.

    Parameters
    ----------
    room_bytes, addresses : int
        How much is kept.
    clock : callable
        Gives seconds that only grow.
    """

    def __init__(
        self,
        room_bytes: int = ROOM_BYTES,
        addresses: int = ADDRESSES,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._room, self._most, self._clock = room_bytes, addresses, clock
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, tuple[Served, float]] = OrderedDict()
        self._contents: dict[str, _Content] = {}
        self.bytes = 0
        self._away, self._ask_again = False, float("-inf")
        self._asking = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def find(self, store: Store, token: str) -> Served | Gone | None:
        """Give what stands at an address, from the store or, while that is away, as it was last.

        Raises
        ------
        StoreFailed
            The store is away, and the address was not asked for lately.
        """
        key = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        if not self._away or (known := self._recall(key)) is None:
            return self._ask(store, token, key)
        # One request at a time finds out whether the store is back: a host that is gone takes seconds to say nothing.
        if self._clock() < self._ask_again or not self._asking.acquire(blocking=False):
            return known
        try:
            return self._ask(store, token, key)
        finally:
            self._asking.release()

    def _ask(self, store: Store, token: str, key: bytes) -> Served | Gone | None:
        try:
            found = served(store, token)
        except StoreFailed:
            self._away, self._ask_again = True, self._clock() + PAUSE_SECONDS
            if known := self._recall(key):
                return known
            raise
        self._away = False
        self._keep(key, found if isinstance(found, Served) else None)
        return found

    def _recall(self, key: bytes) -> Served | None:
        with self._lock:
            found, since = self._known.get(key, (None, 0.0))
            return found if self._clock() - since <= KEPT_SECONDS else None

    def _keep(self, key: bytes, found: Served | None) -> None:
        with self._lock:
            self._drop(key)
            if found is None or len(found.gzip) > self._room:
                return
            content = self._contents.get(found.etag)
            if content is None:
                content = self._contents[found.etag] = _Content(found.gzip)
                self.bytes += len(found.gzip)
            content.addresses += 1
            # All addresses of one calendar share the bytes that came first.
            self._known[key] = replace(found, gzip=content.gzip), self._clock()
            while self.bytes > self._room or len(self._known) > self._most:
                self._drop(next(iter(self._known)))

    def _drop(self, key: bytes) -> None:
        known = self._known.pop(key, None)
        if known is None:
            return
        etag = known[0].etag
        content = self._contents[etag]
        content.addresses -= 1
        if not content.addresses:
            self.bytes -= len(content.gzip)
            del self._contents[etag]
