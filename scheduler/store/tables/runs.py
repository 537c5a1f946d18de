"""Planning runs: what was asked, how far they are, what came of each date.

A run is *queued*, then *running* while a worker holds its lease, and ends once: *done*, *failed* or *cancelled* (before
any worker took it; a run stopped later is done, with the best plan it had). Whoever writes to a running run names the
*fence* it took the run with; a worker that lost its lease has an old one, and its writes change nothing.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from scheduler.store.columns import METADATA, Document, Moment, Whole, identity, refers

ACTIVE = "state IN ('queued', 'running')"
ACTIVE_PLAN = f"purpose = 'plan' AND {ACTIVE}"
"""Of the runs whose plans are proposed to schools, one at a time may plan the same dates; trials do not count."""
COUNTS = "state IN ('proposed', 'accepted', 'published')"

plan_runs = Table(
    "plan_runs",
    METADATA,
    identity(),
    refers("region_id", "regions.id", ondelete="CASCADE"),
    Column("number", Integer, nullable=False, comment="from 1 in each region"),
    Column("first_date", Date, nullable=False),
    Column("last_date", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("purpose", String(10), nullable=False, server_default=text("'plan'"), comment="what its plan is for"),
    Column("title", Text, nullable=False, server_default=text("''"), comment="what people call it"),
    Column("changes", Document, comment="how its input differs from the region as it was"),
    Column("asked_at", Moment, nullable=False),
    refers("asked_by", "people.id", nullable=True),
    Column("options", Document, nullable=False, comment="gap, time limit, objective, seed, …"),
    Column("input", LargeBinary, comment="the region as it was, timetables by version; none once it is erased"),
    Column("input_digest", LargeBinary(32), nullable=False),
    Column("region_revision", Whole, nullable=False),
    # The lease
    Column("worker", Text, comment="who holds or held the lease"),
    Column("lease_until", Moment),
    Column("fence", Integer, nullable=False, server_default=text("0"), comment="one more each time a worker takes it"),
    Column("fruitless", Integer, nullable=False, server_default=text("0"), comment="leases lost since the last date"),
    Column("stop_asked_at", Moment),
    refers("stop_asked_by", "people.id", nullable=True),
    Column("begun_at", Moment),
    Column("ended_at", Moment),
    Column("progress", Document, comment="step, date, bound, best, gap, time left"),
    Column("progress_at", Moment),
    Column("failure", Document, comment="why it failed: a sentence and its values"),
    # The outcome
    Column("stopped_by", String(10)),
    Column("objective", Float(53)),
    Column("lower_bound", Float(53)),
    Column("status", String(20)),
    Column("report", Document, comment="report.json (CONTRACT section 5)"),
    Column("adopted_at", Moment, comment="when the region made its plan the quotas of the schools"),
    UniqueConstraint("region_id", "number"),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
    Index(
        "uq_plan_runs_active",
        "region_id",
        "first_date",
        "last_date",
        unique=True,
        sqlite_where=text(ACTIVE_PLAN),
        postgresql_where=text(ACTIVE_PLAN),
    ),
    Index("ix_plan_runs_waiting", "state", "id", sqlite_where=text(ACTIVE), postgresql_where=text(ACTIVE)),
    sqlite_autoincrement=True,
)

run_dates = Table(
    "run_dates",
    METADATA,
    refers("run_id", "plan_runs.id", primary_key=True, ondelete="CASCADE"),
    Column("date", Date, primary_key=True),
    Column("finished_at", Moment, nullable=False),
    Column("objective", Float(53), nullable=False),
    Column("lower_bound", Float(53), nullable=False),
    Column("result", LargeBinary, nullable=False, comment="starts, alternatives and prices, as arrays"),
)
"""What a run has finished; a run that is taken up again does not do it a second time."""

run_loads = Table(
    "run_loads",
    METADATA,
    refers("run_id", "plan_runs.id", primary_key=True, ondelete="CASCADE"),
    Column("platform", String(40), primary_key=True),
    Column("meter", String(40), primary_key=True),
    Column("date", Date, primary_key=True),
    Column("slots", LargeBinary, nullable=False, comment="capacity, limit, before, after, price by slot, as arrays"),
)
"""The columns of load.csv, a row a meter and date."""

school_plans = Table(
    "school_plans",
    METADATA,
    identity(),
    refers("school_id", "schools.id", ondelete="CASCADE"),
    refers("run_id", "plan_runs.id", nullable=True),
    refers("timetable_id", "timetables.id"),
    Column("state", String(10), nullable=False),
    Column("made_at", Moment, nullable=False),
    refers("made_by", "people.id", nullable=True),
    Column("accepted_at", Moment),
    Column("published_at", Moment),
    Column("first_date", Date, nullable=False),
    Column("last_date", Date, nullable=False),
    Column("activities", Integer, nullable=False),
    Column("moved", Integer, nullable=False),
    Column("shift_minutes", Integer, nullable=False, comment="sum of |shift| of its activities"),
    Column("placements", LargeBinary, comment="starts and alternatives, as arrays; none once it is erased"),
    Column("loads", LargeBinary, comment="what it asks of each limited meter by date and slot, as arrays"),
    CheckConstraint("state IN ('proposed', 'accepted', 'published', 'refused', 'replaced')", name="state"),
    Index(None, "school_id", "state"),
    Index("ix_school_plans_latest", "school_id", "id", sqlite_where=text(COUNTS), postgresql_where=text(COUNTS)),
    Index("uq_school_plans_run", "run_id", "school_id", unique=True),
    sqlite_autoincrement=True,
)
"""A school's part of a run, or a change of its own (`run_id` none), from proposal to publication."""
