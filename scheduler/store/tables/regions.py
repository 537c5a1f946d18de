"""Regions, their platforms, capacities, usage and calendar, and their schools (CONTRACT section 2)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from scheduler.store.columns import METADATA, Document, Moment, Plain, Whole, identity, refers

regions = Table(
    "regions",
    METADATA,
    identity(),
    Column("key", String(40), nullable=False, unique=True, comment="stands in addresses"),
    Column("name", Text, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("first_date", Date, nullable=False),
    Column("last_date", Date, nullable=False),
    Column("day_start", Integer, nullable=False, comment="minutes from midnight"),
    Column("day_end", Integer, nullable=False),
    Column("slot_minutes", Integer, nullable=False),
    Column("policy", Document, nullable=False, comment="table [policy] of region.toml"),
    Column("has_periods", Boolean, nullable=False, comment="false: every date is taught at a distance"),
    Column("revision", Whole, nullable=False, server_default=text("0"), comment="grows with each change of its input"),
    Column("created_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
"""A region. `revision` counts changes of settings, platforms, capacities, usage, calendar, schools, timetables
and wishes."""

platforms = Table(
    "platforms",
    METADATA,
    identity(),
    refers("region_id", "regions.id", ondelete="CASCADE"),
    Column("key", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("region_id", "key"),
    sqlite_autoincrement=True,
)

capacity_entries = Table(
    "capacity_entries",
    METADATA,
    identity(),
    refers("region_id", "regions.id", ondelete="CASCADE"),
    Column("platform", String(40), nullable=False),
    Column("meter", String(40), nullable=False),
    # Local wall-clock times without a zone, as in capacity.csv; None = always, for good.
    Column("start", DateTime),
    Column("end", DateTime),
    Column("kind", String(10), nullable=False),
    Column("amount", Float(53), nullable=False),
    Column("percent", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("entered_at", Moment, nullable=False),
    refers("entered_by", "people.id", nullable=True),
    CheckConstraint("kind IN ('base', 'change')", name="kind"),
    Index(None, "region_id", "position"),
    sqlite_autoincrement=True,
)

usage_rows = Table(
    "usage_rows",
    METADATA,
    identity(),
    refers("region_id", "regions.id", ondelete="CASCADE"),
    Column("position", Integer, nullable=False),
    Column("activity", String(40), nullable=False),
    Column("platform", String(40), nullable=False),
    Column("meter", String(40), nullable=False),
    Column("start_minute", Integer, nullable=False),
    Column("start_from_end", Boolean, nullable=False),
    Column("end_minute", Integer, nullable=False),
    Column("end_from_end", Boolean, nullable=False),
    Column("share", Float(53), nullable=False),
    Index(None, "region_id", "position"),
    sqlite_autoincrement=True,
)

schools = Table(
    "schools",
    METADATA,
    identity(),
    refers("region_id", "regions.id", ondelete="CASCADE"),
    Column("key", String(40), nullable=False, comment="empty: the audiences of the region itself"),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("academy", Text, nullable=False),
    Column("pupils", Whole),
    Column("position", Integer, nullable=False),
    Column("timetable_id", Whole, comment="the version in force; none: nothing was brought yet"),
    Column("left_at", Moment, comment="since when the region does not list it any more; none: it does"),
    Column("words", Plain, nullable=False, server_default=text("''"), comment="what a search looks through"),
    UniqueConstraint("region_id", "key"),
    Index(None, "region_id", "position"),
    Index(None, "key"),
    sqlite_autoincrement=True,
)
"""Schools, and one row with an empty key a region: its own audiences have timetables and publications as schools do."""

periods = Table(
    "periods",
    METADATA,
    identity(),
    refers("region_id", "regions.id", ondelete="CASCADE"),
    Column("position", Integer, nullable=False),
    Column("level", Text, nullable=False),
    Column("first_date", Date, nullable=False),
    Column("last_date", Date, nullable=False),
    Index(None, "region_id", "position"),
    sqlite_autoincrement=True,
)

closures = Table(
    "closures",
    METADATA,
    identity(),
    refers("region_id", "regions.id", ondelete="CASCADE"),
    Column("position", Integer, nullable=False),
    Column("school", String(40), nullable=False, comment="empty: every school"),
    Column("first_date", Date, nullable=False),
    Column("last_date", Date, nullable=False),
    Column("note", Text, nullable=False),
    Index(None, "region_id", "position"),
    sqlite_autoincrement=True,
)

weeks = Table(
    "weeks",
    METADATA,
    identity(),
    refers("region_id", "regions.id", ondelete="CASCADE"),
    Column("position", Integer, nullable=False),
    Column("school", String(40), nullable=False, comment="empty: every school"),
    Column("monday", Date, nullable=False),
    Column("letter", String(1), nullable=False),
    Index(None, "region_id", "position"),
    sqlite_autoincrement=True,
)
