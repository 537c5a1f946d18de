"""Tasks that are done beside requests: too long for one, or due at a later time.

A task *waits* until it is due, *runs* while a worker holds its lease, and ends once: *done*, *failed* or *cancelled*
(before any worker took it). What a task does is such that doing it twice changes nothing, so a worker that lost its
lease does no harm.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text, text

from scheduler.store.columns import METADATA, Document, Moment, identity, refers

OPEN = "state IN ('waiting', 'running')"

tasks = Table(
    "tasks",
    METADATA,
    identity(),
    refers("region_id", "regions.id", ondelete="CASCADE"),
    Column("kind", String(20), nullable=False),
    Column("about", Document, nullable=False, comment="what it is done with, such as the number of a run"),
    Column("state", String(10), nullable=False),
    Column("asked_at", Moment, nullable=False),
    refers("asked_by", "people.id", nullable=True),
    Column("due_at", Moment, nullable=False),
    Column("worker", Text, comment="who holds or held the lease"),
    Column("lease_until", Moment),
    Column("fence", Integer, nullable=False, server_default=text("0"), comment="one more each time a worker takes it"),
    Column("begun_at", Moment),
    Column("ended_at", Moment),
    Column("result", Document, comment="what came of it, in figures"),
    Column("told", Document, comment="what people are to know of it: sentences and their values"),
    CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"),
    Index("ix_tasks_open", "due_at", "id", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    Index(None, "region_id", "id"),
    sqlite_autoincrement=True,
)
