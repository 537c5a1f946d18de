"""The ledger: what accepted and published school plans book of the limits.

Loads are whole numbers of millionths (of a connection, or of a login per minute), so that sums are exact and what is
taken back leaves nothing behind; an array holds one int64 a slot of the date (scheduler.store.packed.pack_whole).
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, LargeBinary, String, Table

from scheduler.store.columns import METADATA, refers

ledger_entries = Table(
    "ledger_entries",
    METADATA,
    refers("school_id", "schools.id", primary_key=True, ondelete="CASCADE"),
    Column("platform", String(40), primary_key=True),
    Column("meter", String(40), primary_key=True),
    Column("date", Date, primary_key=True),
    Column("booked", LargeBinary, nullable=False, comment="millionths by slot that its plan in force asks"),
    Column("quota", LargeBinary, comment="millionths by slot that are kept for it"),
)

ledger_totals = Table(
    "ledger_totals",
    METADATA,
    refers("region_id", "regions.id", primary_key=True, ondelete="CASCADE"),
    Column("platform", String(40), primary_key=True),
    Column("meter", String(40), primary_key=True),
    Column("date", Date, primary_key=True),
    Column("committed", LargeBinary, nullable=False, comment="sum over schools of the larger of booked and quota"),
    Column("booked", LargeBinary, nullable=False, comment="sum over schools of booked"),
    Index(None, "region_id", "date"),
)
"""Sums of the entries, kept with them in one transaction under the region's lock."""
