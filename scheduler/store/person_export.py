"""Everything that is kept about a person, found through what the tables declare, so that nothing is forgotten."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, or_, select

from scheduler.errors import NotThere
from scheduler.store.scoped import in_regions
from scheduler.store.tables import METADATA
from scheduler.store.tables.audit import audit_entries
from scheduler.store.tables.people import people, sign_in_failures
from scheduler.store.tables.regions import regions, schools
from scheduler.wording import T

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table

    from scheduler.domain.people import Scope
    from scheduler.store.engine import Work

SECRET = ("password_hash",)
"""Columns that are kept from everybody; binary ones (hashes of tokens, compressed contents) are left out too."""


def everything_about(work: Work, scope: Scope, email: str) -> dict[str, list[dict[str, Any]]]:
    """Give every row that speaks of a person, by table, as JSON values.

    Parameters
    ----------
    work : Work
    scope : Scope
        Must be everything: a person's rows lie in all regions.
    email : str

    Raises
    ------
    NotThere
        Nobody has this address, or it is not for this scope to know.
    """
    address = email.strip().lower()
    person = work.connection.execute(select(people).where(people.c.email == address)).first()
    if person is None or not scope.everything:
        raise NotThere(T("nobody is known by the address {email}", email=address))
    found = {}
    for table in METADATA.sorted_tables:
        condition = _speaks_of(table, person.id, address)
        if condition is not None:
            found[table.name] = _rows(work, table, condition)
    _name_places(work, scope, found)
    return {name: rows for name, rows in found.items() if rows}


def _speaks_of(table: Table, person: int, address: str) -> ColumnElement[bool] | None:
    """Give the condition that a row speaks of a person; None: no row of this table ever does."""
    conditions = [
        column == person for column in table.columns for key in column.foreign_keys if key.column.table is people
    ]
    if table is people:
        conditions.append(people.c.id == person)
    elif table is sign_in_failures:
        conditions.append(sign_in_failures.c.email == address)
    elif table is audit_entries:
        conditions += [audit_entries.c.of_what == address, audit_entries.c.who == address]
    return or_(*conditions) if conditions else None


def _rows(work: Work, table: Table, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    told = [c for c in table.columns if not isinstance(c.type, LargeBinary) and c.name not in SECRET]
    rows = work.connection.execute(select(*told).where(condition).order_by(*table.primary_key))
    return [{name: _as_json(value) for name, value in row.items()} for row in rows.mappings()]


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def _name_places(work: Work, scope: Scope, found: dict[str, list[dict[str, Any]]]) -> None:
    """Say regions and schools by their keys, besides their numbers."""
    keys = {
        "region_id": dict(work.connection.execute(select(regions.c.id, regions.c.key).where(in_regions(scope))).all()),
        "school_id": dict(work.connection.execute(select(schools.c.id, schools.c.key)).all()),
    }
    for rows in found.values():
        for row in rows:
            for column, named in keys.items():
                if row.get(column) is not None:
                    row[column.removesuffix("_id")] = named[row[column]]
