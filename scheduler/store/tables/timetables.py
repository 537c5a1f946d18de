"""Versions of timetables, and what a school locks and wishes.

A version is never changed: it is the school's rows of sessions.csv and access.csv (CONTRACT section 2), compressed. A
row a session would be millions of rows a version, and nothing asks for a session alone.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from scheduler.store.columns import METADATA, Moment, identity, refers

timetables = Table(
    "timetables",
    METADATA,
    identity(),
    refers("school_id", "schools.id", ondelete="CASCADE"),
    Column("number", Integer, nullable=False, comment="from 1 in each school"),
    Column("brought_at", Moment, nullable=False),
    refers("brought_by", "people.id", nullable=True),
    Column("source", Text, nullable=False, comment="the file or program it came from"),
    Column("sessions", Integer, nullable=False),
    Column("windows", Integer, nullable=False),
    Column("first_minute", Integer, nullable=False, comment="of the day: no usual start is earlier"),
    Column("last_minute", Integer, nullable=False, comment="of the day: no usual end is later"),
    Column("digest", LargeBinary(32), nullable=False, comment="SHA-256 of the content before compression"),
    Column("content", LargeBinary, comment="compressed; none once it is erased"),
    UniqueConstraint("school_id", "number"),
    sqlite_autoincrement=True,
)

wishes = Table(
    "wishes",
    METADATA,
    identity(),
    refers("school_id", "schools.id", ondelete="CASCADE"),
    Column("kind", String(20), nullable=False, comment="lock, earliest, latest"),
    Column("of_what", String(20), nullable=False, comment="session, teacher, group, day, school"),
    Column("name", Text, nullable=False, comment="key or name of that; empty for the school"),
    Column("minute", Integer, comment="of earliest and latest: minute of the day"),
    Column("note", Text, nullable=False),
    Column("stated_at", Moment, nullable=False),
    refers("stated_by", "people.id", nullable=True),
    CheckConstraint("kind IN ('lock', 'earliest', 'latest')", name="kind"),
    CheckConstraint("(minute IS NULL) = (kind = 'lock')", name="minute"),
    Index(None, "school_id"),
    sqlite_autoincrement=True,
)
"""What a school locks by hand and wishes, apart from the timetable, so that a new one keeps it."""
