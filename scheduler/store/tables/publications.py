"""Publications, the memory of their entries, and feeds."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint, text

from scheduler.store.columns import METADATA, Moment, identity, refers

publications = Table(
    "publications",
    METADATA,
    identity(),
    refers("school_id", "schools.id", ondelete="CASCADE"),
    Column("number", Integer, nullable=False, comment="from 1 in each school"),
    refers("school_plan_id", "school_plans.id", nullable=True),
    refers("timetable_id", "timetables.id", nullable=True),
    Column("published_at", Moment, nullable=False),
    refers("published_by", "people.id", nullable=True),
    Column("first_date", Date, nullable=False),
    Column("last_date", Date, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("digest", LargeBinary(32), nullable=False, comment="SHA-256 of the content before compression"),
    Column("content", LargeBinary, comment="the publication as a compressed document; none once it is erased"),
    UniqueConstraint("school_id", "number"),
    sqlite_autoincrement=True,
)
"""Immutable, but that a whole year's contents may be erased."""

calendar_entries = Table(
    "calendar_entries",
    METADATA,
    refers("school_id", "schools.id", primary_key=True, ondelete="CASCADE"),
    Column("kind", String(10), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("date", Date, primary_key=True),
    Column("uid", String(36), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
"""Every identity ever published, with its last sequence: what left a calendar and comes back goes on counting."""

feed_contents = Table(
    "feed_contents",
    METADATA,
    identity(),
    refers("school_id", "schools.id", ondelete="CASCADE"),
    Column("kind", String(10), nullable=False, comment="teacher, group, access"),
    Column("name", Text, nullable=False),
    Column("language", String(2), nullable=False),
    refers("publication_id", "publications.id"),
    Column("etag", String(64), nullable=False, comment="SHA-256 of the bytes, in hexadecimal"),
    Column("changed_at", Moment, nullable=False, comment="Last-Modified; never goes back"),
    Column("size", Integer, nullable=False, comment="bytes before compression"),
    Column("gzip", LargeBinary, nullable=False),
    UniqueConstraint("school_id", "kind", "name", "language"),
    sqlite_autoincrement=True,
)
"""The bytes of each calendar as they stand; replaced in the transaction that publishes."""

feeds = Table(
    "feeds",
    METADATA,
    identity(),
    refers("school_id", "schools.id", ondelete="CASCADE"),
    Column("kind", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True, comment="SHA-256; the token itself is not kept"),
    Column("label", Text, nullable=False, comment="for whom, as the principal says"),
    Column("made_at", Moment, nullable=False),
    refers("made_by", "people.id", nullable=True),
    Column("withdrawn_at", Moment),
    refers("withdrawn_by", "people.id", nullable=True),
    Column("fetched_at", Moment),
    Column("fetched_with", Text, nullable=False, server_default=text("''")),
    Column("fetches", Integer, nullable=False, server_default=text("0")),
    Index(None, "school_id", "kind", "name"),
    sqlite_autoincrement=True,
)
"""Addresses of calendars: one a person and feed."""
