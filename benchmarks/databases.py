"""Databases to measure on: a SQLite file and, where a server answers, one on PostgreSQL; dropped afterwards.

The server is the one of ``ETALE_TEST_POSTGRES``, else whatever answers at the standard port of this machine.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from scheduler.store import open_store, schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scheduler.store import Store

STANDARD = "postgresql://postgres@127.0.0.1:5432/postgres"
KINDS = ("SQLite", "PostgreSQL")


def kinds() -> tuple[str, ...]:
    """Say which databases there are here."""
    try:
        psycopg.connect(_server(), connect_timeout=3).close()
    except psycopg.OperationalError:
        return KINDS[:1]
    return KINDS


@contextmanager
def fresh_store(kind: str, folder: Path) -> Iterator[Store]:
    """Open an empty database of a kind, with all tables; a file lies in `folder`."""
    name = f"etale_bench_{os.getpid()}"
    address = f"sqlite:///{folder / (name + '.db')}"
    if kind == "PostgreSQL":
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _on_server("CREATE DATABASE {}", name)
        url = make_url(_server()).set(drivername="postgresql+psycopg", database=name)
        address = url.render_as_string(hide_password=False)
    store = open_store(address)
    try:
        schema.upgrade(store)
        yield store
    finally:
        store.dispose()
        if kind == "PostgreSQL":
            _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        for path in folder.glob(f"{name}.db*"):
            path.unlink()


def _server() -> str:
    return os.environ.get("ETALE_TEST_POSTGRES") or STANDARD


def _on_server(statement: str, database: str) -> None:
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(database)))
