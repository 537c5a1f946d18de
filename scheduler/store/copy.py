"""All rows of one database into another, whatever kinds they are: how backups are made and restored.

Both sides have the tables of this program. Rows go in the order in which tables refer to one another, a batch at a
time, so that a large database takes no more memory than a small one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, func, insert, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from scheduler.errors import Fault, FaultyInput, StoreFailed
from scheduler.store.failures import store_failed
from scheduler.store.tables import METADATA
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from scheduler.store.engine import Work

ROWS, ROWS_WITH_CONTENT = 1000, 16
"""Rows of a batch: many of a table of small columns, few where a row may hold megabytes."""


class SourceFailed(StoreFailed):
    """The database that is copied does not answer any more; the copy is not to blame."""


def copy_rows(source: Work, target: Work) -> dict[str, int]:
    """Copy every row of every table into tables that are empty.

    Returns
    -------
    dict
        How many rows each table has, by its name.

    Raises
    ------
    FaultyInput
        The target does not take a row (a text too long for it, a row that refers to one that is not there).
    SourceFailed
        The source does not answer.
    """
    counts = {}
    for table in METADATA.sorted_tables:
        counts[table.name] = 0
        for rows in batches(source, table):
            try:
                target.connection.execute(insert(table), rows)
            except (DataError, IntegrityError) as error:
                raise _not_taken(table, error) from error
            counts[table.name] += len(rows)
    return counts


def batches(work: Work, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Read all rows of a table, a batch at a time."""
    large = any(isinstance(column.type, LargeBinary) and column.type.length is None for column in table.columns)
    query = select(table).execution_options(yield_per=ROWS_WITH_CONTENT if large else ROWS)
    try:
        for rows in work.connection.execute(query).mappings().partitions():
            yield [dict(row) for row in rows]
    except DBAPIError as error:
        raise SourceFailed(store_failed(error).reason) from error


def _not_taken(table: Table, error: DBAPIError) -> FaultyInput:
    reason = str(error.orig).strip().partition("\n")[0]
    what = T("the database does not take a row of table {table} ({reason})", table=table.name, reason=reason)
    return FaultyInput([Fault("", 0, what, T("nothing was restored; take another backup, or report this"))])


def row_counts(work: Work) -> dict[str, int]:
    """Count the rows of every table, by its name."""
    return {
        table.name: work.connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in METADATA.sorted_tables
    }


def is_empty(work: Work) -> bool:
    """Tell whether no table has a row."""
    return all(work.connection.execute(select(table).limit(1)).first() is None for table in METADATA.sorted_tables)
