"""What the service knows of publications and feeds besides their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from scheduler.domain.publication import Publication

FeedKey = tuple[str, str, str]
"""Kind, name and language of a feed of a school."""


@dataclass(frozen=True)
class PublicationHead:
    """A publication in a list.

    Attributes
    ----------
    number : int
    published_at : datetime.datetime
    published_by : str
        Name of the person; ``""`` where the service itself did it.
    plan_id, timetable_id : int or None
        The school plan it shows, and the version of the timetable under it.
    first_date, last_date : datetime.date
        Its horizon.
    entries : int
        How many it has, the cancelled ones among them.
    is_kept : bool
        Its content was not erased.
    """

    number: int
    published_at: dt.datetime
    published_by: str
    plan_id: int | None
    timetable_id: int | None
    first_date: dt.date
    last_date: dt.date
    entries: int
    is_kept: bool


@dataclass(frozen=True)
class KeptPublication:
    """A publication as the store has it.

    Attributes
    ----------
    id, number : int
        Of its row, and in its school.
    published_at : datetime.datetime
    plan_id, timetable_id : int or None
    publication : Publication or None
        None: its content was erased.
    """

    id: int
    number: int
    published_at: dt.datetime
    plan_id: int | None
    timetable_id: int | None
    publication: Publication | None


@dataclass(frozen=True)
class FeedState:
    """Which bytes stand at a feed.

    Attributes
    ----------
    etag : str
        SHA-256 of the bytes, in hexadecimal.
    changed_at : datetime.datetime
        Since when.
    """

    etag: str
    changed_at: dt.datetime


@dataclass(frozen=True)
class FeedContent:
    """The bytes of a feed.

    Attributes
    ----------
    kind, name, language : str
    state : FeedState
    size : int
        Bytes before compression.
    gzip : bytes
        RFC 1952, the same for the same bytes.
    """

    kind: str
    name: str
    language: str
    state: FeedState
    size: int
    gzip: bytes

    @property
    def key(self) -> FeedKey:
        """What it is the feed of."""
        return self.kind, self.name, self.language


@dataclass(frozen=True)
class FeedAddress:
    """An address of a feed, without the token, which nobody keeps.

    Attributes
    ----------
    id : int
    kind, name, language : str
        Of which feed.
    label : str
        For whom, in the principal's words.
    made_at : datetime.datetime
    withdrawn_at : datetime.datetime or None
    fetched_at : datetime.datetime or None
        When a program last asked for it.
    fetched_with : str
        What that program calls itself.
    fetches : int
    """

    id: int
    kind: str
    name: str
    language: str
    label: str
    made_at: dt.datetime
    withdrawn_at: dt.datetime | None
    fetched_at: dt.datetime | None
    fetched_with: str
    fetches: int
