"""Rows for every table, made from what the tables declare: for what must hold whatever the tables are.

Each row has a value in every column, so that nothing can be lost unseen; texts are not plain ASCII.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    String,
    func,
    insert,
    inspect,
    select,
)

from scheduler.domain.people import service_actor
from scheduler.store import audit
from scheduler.store.columns import Document, Moment
from scheduler.store.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Column, Table

    from scheduler.store import Store, Work

CHOSEN: Mapping[tuple[str, str], tuple[Any, ...]] = {
    # What a constraint asks for; the k-th row has the k-th value, and so on from the first.
    ("capacity_entries", "kind"): ("base", "change"),
    ("plan_runs", "state"): ("running", "done"),
    ("school_plans", "state"): ("published", "accepted"),
    ("tasks", "state"): ("waiting", "done"),
    ("roles", "name"): ("operator", "principal"),
    ("roles", "region_id"): (None,),
    ("roles", "school_id"): (None, 1),
    ("wishes", "kind"): ("earliest", "latest"),
    ("sign_ins", "revoked_at"): (None,),
    ("invitations", "used_at"): (None,),
}
MOMENT = dt.datetime(2021, 4, 6, 8, 5, 3, 250000, tzinfo=dt.UTC)
KEPT_APART = ("audit_chains", "audit_entries")
"""They are a chain of hashes: the log itself writes them."""


def fill(store: Store, rows: int = 2) -> None:
    """Put rows into every table; of each, number k refers to number k of the others."""
    with store.write() as work:
        for table in METADATA.sorted_tables:
            if table.name not in KEPT_APART:
                made = [_row(table, number) for number in range(1, rows + 1)]
                work.connection.execute(insert(table), made)
        for number in range(rows):
            changed = {"amount": number * 0.1, "note": "« à 8 h 05 »"}
            audit.note(work, service_actor("test"), "grand-est", "capacity.entered", "ent", before=None, after=changed)
        if work.on_postgresql:
            _count_on(work)


def _count_on(work: Work) -> None:
    """Have PostgreSQL number rows from behind those that were given with their numbers."""
    for table in METADATA.sorted_tables:
        if table.autoincrement_column is not None:
            sequence = func.to_regclass(func.pg_get_serial_sequence(table.name, "id"))
            work.connection.execute(select(func.setval(sequence, func.max(table.c.id))))


def _row(table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(table, column, number) for column in table.columns}


def _value(table: Table, column: Column[Any], number: int) -> Any:
    chosen = CHOSEN.get((table.name, column.name))
    if chosen is not None:
        return chosen[(number - 1) % len(chosen)]
    if column.name == "id" or column.foreign_keys or column.name == "timetable_id":
        return number
    kind = column.type
    if kind is Document:
        return {"é": [number, 0.1 + number, None, True, "“”"], "sentence": table.name}
    if isinstance(kind, Moment):
        return MOMENT + dt.timedelta(seconds=number)
    if isinstance(kind, String):
        return f"{column.name[:20]} é{number}"[: kind.length]
    if isinstance(kind, LargeBinary):
        return bytes([number % 256]) * (kind.length or 9)
    plain = {Boolean: bool(number % 2), Float: number + 0.1, Integer: number}
    plain |= {Date: MOMENT.date() + dt.timedelta(days=number), DateTime: dt.datetime(2021, 4, 6, 8, number % 60)}  # noqa: DTZ001 - a local time of capacity.csv
    return next(value for of, value in plain.items() if isinstance(kind, of))


def all_rows(work: Work) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table, in the order of their keys."""
    return {
        table.name: [tuple(row) for row in work.connection.execute(select(table).order_by(*table.primary_key))]
        for table in METADATA.sorted_tables
    }


def table_names(work: Work) -> set[str]:
    """Give the tables that the database has."""
    return set(inspect(work.connection).get_table_names())
