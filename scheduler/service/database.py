"""Which database there is, what is in it, and its way to the tables of this program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.store import schema, size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.store import Store

__all__ = ["DatabaseStatus", "database_status", "upgrade_database"]


@dataclass(frozen=True)
class DatabaseStatus:
    """What there is.

    Attributes
    ----------
    address : str
        Without the password.
    version : Version
        Which tables there are and which the program wants.
    size : int
        Bytes.
    rows : dict
        How many regions, schools, … there are; empty where the tables are not those of this program.
    """

    address: str
    version: schema.Version
    size: int
    rows: Mapping[str, int]


def database_status(store: Store) -> DatabaseStatus:
    """Look at a database without changing anything; a file that is not there is not made.

    Raises
    ------
    StoreFailed
        The database does not answer.
    """
    if store.file is not None and not store.file.exists():
        return DatabaseStatus(store.place, schema.no_tables(), 0, {})
    version = schema.version(store)
    with store.read() as work:
        rows = size.main_counts(work) if version.current else {}
        return DatabaseStatus(store.place, version, size.in_bytes(work), rows)


def upgrade_database(store: Store) -> schema.Version:
    """Bring the tables up to those of this program, in one transaction; give the version found before.

    Raises
    ------
    StoreFailed
        The database is of a newer program, does not answer, or others hold it. Nothing was changed.
    """
    return schema.upgrade(store)
