"""What stands at the address of a feed: one read by index, and no session, person or scope, for the token is the right.

The bytes were made when the school published; nothing is made when they are asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.store import feeds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from scheduler.store import Store

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 bytes in base64url (RFC 4648 section 5) without padding."""

LONGEST_PROGRAM = 200
"""Letters that are kept of what a program calls itself."""


@dataclass(frozen=True)
class Served:
    """What stands at an address.

    Attributes
    ----------
    etag : str
        SHA-256 of the bytes before compression, in hexadecimal.
    changed_at : datetime.datetime
        Since when, whole seconds in UTC; never goes back, and any change of the bytes makes it grow.
    size : int
        Bytes before compression.
    gzip : bytes
        RFC 1952.
    feed_id : int
        Number of the address, for :func:`note_fetches`.
    """

    etag: str
    changed_at: dt.datetime
    size: int
    gzip: bytes
    feed_id: int


@dataclass(frozen=True)
class Gone:
    """The address was withdrawn."""


@dataclass(frozen=True)
class Fetch:
    """A program asked for what stands at an address.

    Attributes
    ----------
    feed_id : int
    at : datetime.datetime
    program : str
        What it calls itself.
    """

    feed_id: int
    at: dt.datetime
    program: str


def served(store: Store, token: str) -> Served | Gone | None:
    """Give what stands at an address.

    Returns
    -------
    Served, Gone or None
        None: there is no such address.

    Raises
    ------
    StoreFailed
    """
    if not TOKEN.fullmatch(token):
        return None
    with store.read() as work:
        row = feeds.standing(work, token)
    if row is None:
        return None
    if row.withdrawn_at is not None:
        return Gone()
    if row.etag is None:
        # What stood there was erased.
        return None
    return Served(row.etag, row.changed_at, row.size, row.gzip, row.id)


def note_fetches(store: Store, fetches: Iterable[Fetch]) -> None:
    """Note who asked for feeds, many at once; a note that is lost does no harm, one given twice counts twice.

    Raises
    ------
    StoreFailed
    """
    newest: dict[int, tuple[int, Fetch]] = {}
    for fetch in sorted(fetches, key=lambda fetch: fetch.at):
        newest[fetch.feed_id] = newest.get(fetch.feed_id, (0, fetch))[0] + 1, fetch
    if newest:
        notes = [(feed_id, count, last.at, _named(last.program)) for feed_id, (count, last) in newest.items()]
        store.in_work(lambda work: feeds.count_fetches(work, notes))


def _named(program: str) -> str:
    """Shorten what a program calls itself, and strip what must not stand in a database or on a page."""
    return "".join(letter for letter in program if letter.isprintable())[:LONGEST_PROGRAM]
