"""Add tasks, and what runs are for.

A program of the step before goes on working beside it: what it does not name has defaults, and all its runs are plans.
Only starting a run fails there until it is replaced, for the index by which it sees that another one is active is gone.
"""

import sqlalchemy as sa
from alembic import op

from migrations.kinds import Document, Moment, Whole

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ACTIVE = "state IN ('queued', 'running')"
OPEN = "state IN ('waiting', 'running')"
HORIZON = ["region_id", "first_date", "last_date"]


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "tasks",
        sa.Column("id", Whole, autoincrement=True, nullable=False),
        sa.Column("region_id", Whole, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", Document, nullable=False, comment="what it is done with, such as the number of a run"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("asked_by", Whole, nullable=True),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("worker", sa.Text(), nullable=True, comment="who holds or held the lease"),
        sa.Column("lease_until", Moment, nullable=True),
        sa.Column(
            "fence",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="one more each time a worker takes it",
        ),
        sa.Column("begun_at", Moment, nullable=True),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("result", Document, nullable=True, comment="what came of it, in figures"),
        sa.Column("told", Document, nullable=True, comment="what people are to know of it: sentences and their values"),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_tasks_state")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_tasks_asked_by")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_tasks_region_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_tasks_open", "tasks", ["due_at", "id"], sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN)
    )
    op.create_index(op.f("ix_tasks_region_id_id"), "tasks", ["region_id", "id"])
    # Columns are added one by one: copying the table would let SQLite empty those that point at it.
    purpose = sa.Column(
        "purpose",
        sa.String(length=10),
        server_default=sa.text("'plan'"),
        nullable=False,
        comment="what its plan is for",
    )
    op.add_column("plan_runs", purpose)
    title = sa.Column("title", sa.Text(), server_default=sa.text("''"), nullable=False, comment="what people call it")
    op.add_column("plan_runs", title)
    changes = sa.Column("changes", Document, comment="how its input differs from the region as it was")
    op.add_column("plan_runs", changes)
    adopted = sa.Column("adopted_at", Moment, comment="when the region made its plan the quotas of the schools")
    op.add_column("plan_runs", adopted)
    _index_active(f"purpose = 'plan' AND {ACTIVE}")


def downgrade() -> None:
    """Go back."""
    # The former program knows plans only, and would let no second run of the same dates be.
    runs = sa.table("plan_runs", sa.column("state", sa.String), sa.column("purpose", sa.String))
    trial = runs.c.purpose != "plan", runs.c.state.in_(("queued", "running"))
    op.execute(runs.update().where(*trial).values(state="cancelled"))
    _index_active(ACTIVE)
    for column in ("adopted_at", "changes", "title", "purpose"):
        op.drop_column("plan_runs", column)
    op.drop_table("tasks")


def _index_active(condition: str) -> None:
    """Let one run at a time plan the same dates, among those that meet a condition."""
    op.drop_index("uq_plan_runs_active", table_name="plan_runs")
    where = sa.text(condition)
    op.create_index(
        "uq_plan_runs_active", "plan_runs", HORIZON, unique=True, sqlite_where=where, postgresql_where=where
    )
