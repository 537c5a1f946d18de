"""Run migrations over the connection that scheduler.store.schema gives."""

from typing import Any, Literal

from alembic import context

from scheduler.store.columns import Document, Moment, Whole
from scheduler.store.tables import METADATA


def kind(type_: str, thing: Any, context_: Any) -> str | Literal[False]:
    """Write a kind of column as migrations/kinds.py calls it, for the program's own names may change."""
    if type_ == "type":
        for name, known in (("Whole", Whole), ("Document", Document)):
            if thing is known:
                context_.imports.add(f"from migrations.kinds import {name}")
                return name
        if isinstance(thing, Moment):
            context_.imports.add("from migrations.kinds import Moment")
            return "Moment"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    # SQLite changes a table by writing it anew; PostgreSQL does not need that and is not asked to.
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=True,
    transaction_per_migration=False,
    render_item=kind,
)
with context.begin_transaction():
    context.run_migrations()
