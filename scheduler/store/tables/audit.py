"""The audit log: every change, by whom, from what to what, in chains of hashes.

One chain a region, and one, ``""``, of the service. An entry's hash is made from the one before it and
from the *digest* of before and after, with a salt of its own, so that personal data can be erased and the chain holds.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String, Table, Text

from scheduler.store.columns import METADATA, Document, Moment, Whole, identity, refers

audit_chains = Table(
    "audit_chains",
    METADATA,
    Column("chain", String(40), primary_key=True, comment="key of the region; empty: the service"),
    Column("length", Whole, nullable=False),
    Column("head", LargeBinary(32), nullable=False, comment="hash of the last entry"),
)

audit_entries = Table(
    "audit_entries",
    METADATA,
    identity(),
    Column("chain", String(40), nullable=False),
    Column("number", Whole, nullable=False, comment="from 1 in each chain"),
    Column("at", Moment, nullable=False),
    refers("person_id", "people.id", nullable=True),
    Column("who", Text, nullable=False, comment="name of the actor at that time"),
    Column("what", String(40), nullable=False, comment="the thing done: timetable.brought, capacity.entered, …"),
    Column("of_what", Text, nullable=False, comment="key of the school, platform, person, … that it was done to"),
    Column("revision", Whole, comment="of the region after it, where it changed the region's input; not in the hash"),
    Column("before", Document),
    Column("after", Document),
    Column("salt", LargeBinary(16), comment="none once before and after are erased"),
    Column("digest", LargeBinary(32), nullable=False, comment="SHA-256 of salt, before and after"),
    Column("hash", LargeBinary(32), nullable=False),
    Index("uq_audit_entries_number", "chain", "number", unique=True),
    Index(None, "chain", "of_what"),
    Index(None, "chain", "revision"),
    sqlite_autoincrement=True,
)
