"""Create all tables."""

import sqlalchemy as sa
from alembic import op

from migrations.kinds import Document, Moment, Whole

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "audit_chains",
        sa.Column("chain", sa.String(length=40), nullable=False, comment="key of the region; empty: the service"),
        sa.Column("length", Whole, nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False, comment="hash of the last entry"),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_chains")),
    )
    op.create_table(
        "people",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="in small letters"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), server_default=sa.text("'fr'"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True, comment="argon2id; none until the invitation is taken up"),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("disabled_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "regions",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False, comment="stands in addresses"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.Column("day_start", sa.Integer(), nullable=False, comment="minutes from midnight"),
        sa.Column("day_end", sa.Integer(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("policy", Document, nullable=False, comment="table [policy] of region.toml"),
        sa.Column("has_periods", sa.Boolean(), nullable=False, comment="false: every date is taught at a distance"),
        sa.Column(
            "revision",
            Whole,
            server_default=sa.text("0"),
            nullable=False,
            comment="grows with each change of its input",
        ),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
        sa.UniqueConstraint("key", name=op.f("uq_regions_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False, comment="of the computer that asked"),
        sa.Column("failed_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_sign_in_failures_address_failed_at"), "sign_in_failures", ["address", "failed_at"], unique=False
    )
    op.create_index(
        op.f("ix_sign_in_failures_email_failed_at"), "sign_in_failures", ["email", "failed_at"], unique=False
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("number", Whole, nullable=False, comment="from 1 in each chain"),
        sa.Column("at", Moment, nullable=False),
        sa.Column("person_id", Whole, nullable=True),
        sa.Column("who", sa.Text(), nullable=False, comment="name of the actor at that time"),
        sa.Column(
            "what",
            sa.String(length=40),
            nullable=False,
            comment="the thing done: timetable.brought, capacity.entered, …",
        ),
        sa.Column(
            "of_what", sa.Text(), nullable=False, comment="key of the school, platform, person, … that it was done to"
        ),
        sa.Column(
            "revision",
            Whole,
            nullable=True,
            comment="of the region after it, where it changed the region's input; not in the hash",
        ),
        sa.Column("before", Document, nullable=True),
        sa.Column("after", Document, nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True, comment="none once before and after are erased"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of salt, before and after"),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_audit_entries_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_entries_chain_of_what"), "audit_entries", ["chain", "of_what"], unique=False)
    op.create_index(op.f("ix_audit_entries_chain_revision"), "audit_entries", ["chain", "revision"], unique=False)
    op.create_index("uq_audit_entries_number", "audit_entries", ["chain", "number"], unique=True)
    op.create_table(
        "capacity_entries",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("region_id", Whole, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("meter", sa.String(length=40), nullable=False),
        sa.Column("start", sa.DateTime(), nullable=True),
        sa.Column("end", sa.DateTime(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.Float(precision=53), nullable=False),
        sa.Column("percent", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entered_at", Moment, nullable=False),
        sa.Column("entered_by", Whole, nullable=True),
        sa.CheckConstraint("kind IN ('base', 'change')", name=op.f("ck_capacity_entries_kind")),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_capacity_entries_entered_by")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_capacity_entries_region_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_capacity_entries_region_id_position"), "capacity_entries", ["region_id", "position"], unique=False
    )
    op.create_table(
        "closures",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("region_id", Whole, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("school", sa.String(length=40), nullable=False, comment="empty: every school"),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_closures_region_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_closures_region_id_position"), "closures", ["region_id", "position"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("person_id", Whole, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("made_by", Whole, nullable=True),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_invitations_made_by")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_invitations_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_invitations_person_id"), "invitations", ["person_id"], unique=False)
    op.create_table(
        "ledger_totals",
        sa.Column("region_id", Whole, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("meter", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column(
            "committed", sa.LargeBinary(), nullable=False, comment="sum over schools of the larger of booked and quota"
        ),
        sa.Column("booked", sa.LargeBinary(), nullable=False, comment="sum over schools of booked"),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_ledger_totals_region_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("region_id", "platform", "meter", "date", name=op.f("pk_ledger_totals")),
    )
    op.create_index(op.f("ix_ledger_totals_region_id_date"), "ledger_totals", ["region_id", "date"], unique=False)
    op.create_table(
        "periods",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("region_id", Whole, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_periods_region_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periods")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_periods_region_id_position"), "periods", ["region_id", "position"], unique=False)
    op.create_table(
        "plan_runs",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("region_id", Whole, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="from 1 in each region"),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("asked_by", Whole, nullable=True),
        sa.Column("options", Document, nullable=False, comment="gap, time limit, objective, seed, …"),
        sa.Column(
            "input",
            sa.LargeBinary(),
            nullable=True,
            comment="the region as it was, timetables by version; none once it is erased",
        ),
        sa.Column("input_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("region_revision", Whole, nullable=False),
        sa.Column("worker", sa.Text(), nullable=True, comment="who holds or held the lease"),
        sa.Column("lease_until", Moment, nullable=True),
        sa.Column(
            "fence",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="one more each time a worker takes it",
        ),
        sa.Column(
            "fruitless",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="leases lost since the last date",
        ),
        sa.Column("stop_asked_at", Moment, nullable=True),
        sa.Column("stop_asked_by", Whole, nullable=True),
        sa.Column("begun_at", Moment, nullable=True),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("progress", Document, nullable=True, comment="step, date, bound, best, gap, time left"),
        sa.Column("progress_at", Moment, nullable=True),
        sa.Column("failure", Document, nullable=True, comment="why it failed: a sentence and its values"),
        sa.Column("stopped_by", sa.String(length=10), nullable=True),
        sa.Column("objective", sa.Float(precision=53), nullable=True),
        sa.Column("lower_bound", sa.Float(precision=53), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("report", Document, nullable=True, comment="report.json (CONTRACT section 5)"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_plan_runs_state")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_plan_runs_asked_by")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_plan_runs_region_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["stop_asked_by"], ["people.id"], name=op.f("fk_plan_runs_stop_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_runs")),
        sa.UniqueConstraint("region_id", "number", name=op.f("uq_plan_runs_region_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_plan_runs_waiting",
        "plan_runs",
        ["state", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index(
        "uq_plan_runs_active",
        "plan_runs",
        ["region_id", "first_date", "last_date"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "platforms",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("region_id", Whole, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_platforms_region_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platforms")),
        sa.UniqueConstraint("region_id", "key", name=op.f("uq_platforms_region_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "schools",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("region_id", Whole, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False, comment="empty: the audiences of the region itself"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("academy", sa.Text(), nullable=False),
        sa.Column("pupils", Whole, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("timetable_id", Whole, nullable=True, comment="the version in force; none: nothing was brought yet"),
        sa.Column(
            "left_at", Moment, nullable=True, comment="since when the region does not list it any more; none: it does"
        ),
        sa.Column(
            "words",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            server_default=sa.text("''"),
            nullable=False,
            comment="what a search looks through",
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_schools_region_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("region_id", "key", name=op.f("uq_schools_region_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_schools_key"), "schools", ["key"], unique=False)
    op.create_index(op.f("ix_schools_region_id_position"), "schools", ["region_id", "position"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("person_id", Whole, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("begun_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.Column("program", sa.Text(), nullable=False, comment="what the browser calls itself"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sign_ins_person_id"), "sign_ins", ["person_id"], unique=False)
    op.create_table(
        "usage_rows",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("region_id", Whole, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=40), nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("meter", sa.String(length=40), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("start_from_end", sa.Boolean(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("end_from_end", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Float(precision=53), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_usage_rows_region_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_rows")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_usage_rows_region_id_position"), "usage_rows", ["region_id", "position"], unique=False)
    op.create_table(
        "weeks",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("region_id", Whole, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("school", sa.String(length=40), nullable=False, comment="empty: every school"),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_weeks_region_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weeks")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_weeks_region_id_position"), "weeks", ["region_id", "position"], unique=False)
    op.create_table(
        "calendar_entries",
        sa.Column("school_id", Whole, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_calendar_entries_school_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("school_id", "kind", "key", "date", name=op.f("pk_calendar_entries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feeds",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("school_id", Whole, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "token_hash", sa.LargeBinary(length=32), nullable=False, comment="SHA-256; the token itself is not kept"
        ),
        sa.Column("label", sa.Text(), nullable=False, comment="for whom, as the principal says"),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("made_by", Whole, nullable=True),
        sa.Column("withdrawn_at", Moment, nullable=True),
        sa.Column("withdrawn_by", Whole, nullable=True),
        sa.Column("fetched_at", Moment, nullable=True),
        sa.Column("fetched_with", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("fetches", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_feeds_made_by")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_feeds_school_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["people.id"], name=op.f("fk_feeds_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feeds_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_feeds_school_id_kind_name"), "feeds", ["school_id", "kind", "name"], unique=False)
    op.create_table(
        "ledger_entries",
        sa.Column("school_id", Whole, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("meter", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("booked", sa.LargeBinary(), nullable=False, comment="millionths by slot that its plan in force asks"),
        sa.Column("quota", sa.LargeBinary(), nullable=True, comment="millionths by slot that are kept for it"),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_ledger_entries_school_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("school_id", "platform", "meter", "date", name=op.f("pk_ledger_entries")),
    )
    op.create_table(
        "roles",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("person_id", Whole, nullable=False),
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("region_id", Whole, nullable=True),
        sa.Column("school_id", Whole, nullable=True),
        sa.Column("given_at", Moment, nullable=False),
        sa.Column("given_by", Whole, nullable=True),
        sa.CheckConstraint("(region_id IS NOT NULL) = (name = 'region')", name=op.f("ck_roles_region")),
        sa.CheckConstraint(
            "(school_id IS NOT NULL) = (name IN ('principal', 'teacher'))", name=op.f("ck_roles_school")
        ),
        sa.CheckConstraint("name IN ('operator', 'region', 'principal', 'teacher')", name=op.f("ck_roles_name")),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_roles_given_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_roles_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_roles_region_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_roles_school_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_roles_region_id"), "roles", ["region_id"], unique=False)
    op.create_index(op.f("ix_roles_school_id"), "roles", ["school_id"], unique=False)
    op.create_index(
        "uq_roles_operator",
        "roles",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("name = 'operator'"),
        postgresql_where=sa.text("name = 'operator'"),
    )
    op.create_index(
        "uq_roles_region",
        "roles",
        ["person_id", "region_id"],
        unique=True,
        sqlite_where=sa.text("region_id IS NOT NULL"),
        postgresql_where=sa.text("region_id IS NOT NULL"),
    )
    op.create_index(
        "uq_roles_school",
        "roles",
        ["person_id", "name", "school_id"],
        unique=True,
        sqlite_where=sa.text("school_id IS NOT NULL"),
        postgresql_where=sa.text("school_id IS NOT NULL"),
    )
    op.create_table(
        "run_dates",
        sa.Column("run_id", Whole, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("finished_at", Moment, nullable=False),
        sa.Column("objective", sa.Float(precision=53), nullable=False),
        sa.Column("lower_bound", sa.Float(precision=53), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False, comment="starts, alternatives and prices, as arrays"),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name=op.f("fk_run_dates_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "date", name=op.f("pk_run_dates")),
    )
    op.create_table(
        "run_loads",
        sa.Column("run_id", Whole, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("meter", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column(
            "slots",
            sa.LargeBinary(),
            nullable=False,
            comment="capacity, limit, before, after, price by slot, as arrays",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name=op.f("fk_run_loads_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "platform", "meter", "date", name=op.f("pk_run_loads")),
    )
    op.create_table(
        "timetables",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("school_id", Whole, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="from 1 in each school"),
        sa.Column("brought_at", Moment, nullable=False),
        sa.Column("brought_by", Whole, nullable=True),
        sa.Column("source", sa.Text(), nullable=False, comment="the file or program it came from"),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("windows", sa.Integer(), nullable=False),
        sa.Column("first_minute", sa.Integer(), nullable=False, comment="of the day: no usual start is earlier"),
        sa.Column("last_minute", sa.Integer(), nullable=False, comment="of the day: no usual end is later"),
        sa.Column(
            "digest", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the content before compression"
        ),
        sa.Column("content", sa.LargeBinary(), nullable=True, comment="compressed; none once it is erased"),
        sa.ForeignKeyConstraint(["brought_by"], ["people.id"], name=op.f("fk_timetables_brought_by")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_timetables_school_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetables")),
        sa.UniqueConstraint("school_id", "number", name=op.f("uq_timetables_school_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "wishes",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("school_id", Whole, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="lock, earliest, latest"),
        sa.Column("of_what", sa.String(length=20), nullable=False, comment="session, teacher, group, day, school"),
        sa.Column("name", sa.Text(), nullable=False, comment="key or name of that; empty for the school"),
        sa.Column("minute", sa.Integer(), nullable=True, comment="of earliest and latest: minute of the day"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("stated_at", Moment, nullable=False),
        sa.Column("stated_by", Whole, nullable=True),
        sa.CheckConstraint("(minute IS NULL) = (kind = 'lock')", name=op.f("ck_wishes_minute")),
        sa.CheckConstraint("kind IN ('lock', 'earliest', 'latest')", name=op.f("ck_wishes_kind")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_wishes_school_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["stated_by"], ["people.id"], name=op.f("fk_wishes_stated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_wishes_school_id"), "wishes", ["school_id"], unique=False)
    op.create_table(
        "school_plans",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("school_id", Whole, nullable=False),
        sa.Column("run_id", Whole, nullable=True),
        sa.Column("timetable_id", Whole, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("made_by", Whole, nullable=True),
        sa.Column("accepted_at", Moment, nullable=True),
        sa.Column("published_at", Moment, nullable=True),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.Column("activities", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("shift_minutes", sa.Integer(), nullable=False, comment="sum of |shift| of its activities"),
        sa.Column(
            "placements",
            sa.LargeBinary(),
            nullable=True,
            comment="starts and alternatives, as arrays; none once it is erased",
        ),
        sa.Column(
            "loads",
            sa.LargeBinary(),
            nullable=True,
            comment="what it asks of each limited meter by date and slot, as arrays",
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'published', 'refused', 'replaced')", name=op.f("ck_school_plans_state")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_school_plans_made_by")),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name=op.f("fk_school_plans_run_id")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_school_plans_school_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["timetable_id"], ["timetables.id"], name=op.f("fk_school_plans_timetable_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_plans")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_school_plans_latest",
        "school_plans",
        ["school_id", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('proposed', 'accepted', 'published')"),
        postgresql_where=sa.text("state IN ('proposed', 'accepted', 'published')"),
    )
    op.create_index(op.f("ix_school_plans_school_id_state"), "school_plans", ["school_id", "state"], unique=False)
    op.create_index("uq_school_plans_run", "school_plans", ["run_id", "school_id"], unique=True)
    op.create_table(
        "publications",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("school_id", Whole, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="from 1 in each school"),
        sa.Column("school_plan_id", Whole, nullable=True),
        sa.Column("timetable_id", Whole, nullable=True),
        sa.Column("published_at", Moment, nullable=False),
        sa.Column("published_by", Whole, nullable=True),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column(
            "digest", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the content before compression"
        ),
        sa.Column(
            "content",
            sa.LargeBinary(),
            nullable=True,
            comment="the publication as a compressed document; none once it is erased",
        ),
        sa.ForeignKeyConstraint(["published_by"], ["people.id"], name=op.f("fk_publications_published_by")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_publications_school_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_plan_id"], ["school_plans.id"], name=op.f("fk_publications_school_plan_id")),
        sa.ForeignKeyConstraint(["timetable_id"], ["timetables.id"], name=op.f("fk_publications_timetable_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("school_id", "number", name=op.f("uq_publications_school_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feed_contents",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("school_id", Whole, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="teacher, group, access"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("publication_id", Whole, nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False, comment="SHA-256 of the bytes, in hexadecimal"),
        sa.Column("changed_at", Moment, nullable=False, comment="Last-Modified; never goes back"),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes before compression"),
        sa.Column("gzip", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["publication_id"], ["publications.id"], name=op.f("fk_feed_contents_publication_id")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_feed_contents_school_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_contents")),
        sa.UniqueConstraint(
            "school_id", "kind", "name", "language", name=op.f("uq_feed_contents_school_id_kind_name_language")
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("feed_contents")
    op.drop_table("publications")
    op.drop_index("uq_school_plans_run", table_name="school_plans")
    op.drop_index(op.f("ix_school_plans_school_id_state"), table_name="school_plans")
    op.drop_index(
        "ix_school_plans_latest",
        table_name="school_plans",
        sqlite_where=sa.text("state IN ('proposed', 'accepted', 'published')"),
        postgresql_where=sa.text("state IN ('proposed', 'accepted', 'published')"),
    )
    op.drop_table("school_plans")
    op.drop_index(op.f("ix_wishes_school_id"), table_name="wishes")
    op.drop_table("wishes")
    op.drop_table("timetables")
    op.drop_table("run_loads")
    op.drop_table("run_dates")
    op.drop_index(
        "uq_roles_school",
        table_name="roles",
        sqlite_where=sa.text("school_id IS NOT NULL"),
        postgresql_where=sa.text("school_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_roles_region",
        table_name="roles",
        sqlite_where=sa.text("region_id IS NOT NULL"),
        postgresql_where=sa.text("region_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_roles_operator",
        table_name="roles",
        sqlite_where=sa.text("name = 'operator'"),
        postgresql_where=sa.text("name = 'operator'"),
    )
    op.drop_index(op.f("ix_roles_school_id"), table_name="roles")
    op.drop_index(op.f("ix_roles_region_id"), table_name="roles")
    op.drop_table("roles")
    op.drop_table("ledger_entries")
    op.drop_index(op.f("ix_feeds_school_id_kind_name"), table_name="feeds")
    op.drop_table("feeds")
    op.drop_table("calendar_entries")
    op.drop_index(op.f("ix_weeks_region_id_position"), table_name="weeks")
    op.drop_table("weeks")
    op.drop_index(op.f("ix_usage_rows_region_id_position"), table_name="usage_rows")
    op.drop_table("usage_rows")
    op.drop_index(op.f("ix_sign_ins_person_id"), table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_index(op.f("ix_schools_region_id_position"), table_name="schools")
    op.drop_index(op.f("ix_schools_key"), table_name="schools")
    op.drop_table("schools")
    op.drop_table("platforms")
    op.drop_index(
        "uq_plan_runs_active",
        table_name="plan_runs",
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.drop_index(
        "ix_plan_runs_waiting",
        table_name="plan_runs",
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.drop_table("plan_runs")
    op.drop_index(op.f("ix_periods_region_id_position"), table_name="periods")
    op.drop_table("periods")
    op.drop_index(op.f("ix_ledger_totals_region_id_date"), table_name="ledger_totals")
    op.drop_table("ledger_totals")
    op.drop_index(op.f("ix_invitations_person_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(op.f("ix_closures_region_id_position"), table_name="closures")
    op.drop_table("closures")
    op.drop_index(op.f("ix_capacity_entries_region_id_position"), table_name="capacity_entries")
    op.drop_table("capacity_entries")
    op.drop_index("uq_audit_entries_number", table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_chain_revision"), table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_chain_of_what"), table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index(op.f("ix_sign_in_failures_email_failed_at"), table_name="sign_in_failures")
    op.drop_index(op.f("ix_sign_in_failures_address_failed_at"), table_name="sign_in_failures")
    op.drop_table("sign_in_failures")
    op.drop_table("regions")
    op.drop_table("people")
    op.drop_table("audit_chains")
