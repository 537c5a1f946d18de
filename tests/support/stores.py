"""Stores for tests: each a database of its own, on SQLite and, where a server answers, on PostgreSQL.

The server is the one of ``ETALE_TEST_POSTGRES`` (``postgresql://user@host:port/database``), else whatever answers at
the standard port of this machine. Databases made here are named ``etale_test_…`` and dropped again.
"""

from __future__ import annotations

import functools
import itertools
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from scheduler.store import Store, open_store, schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STANDARD = "postgresql://postgres@127.0.0.1:5432/postgres"
NO_SERVER = "no PostgreSQL answers: start one at the standard port or name it in ETALE_TEST_POSTGRES"
_numbers = itertools.count()


@functools.cache
def server() -> str | None:
    """Give the address of the PostgreSQL server to test with; None: there is none."""
    address = os.environ.get("ETALE_TEST_POSTGRES") or STANDARD
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError:
        return None
    return address


def address_of(database: str) -> str:
    """Give the address of a database on the server."""
    parts = psycopg.conninfo.conninfo_to_dict(str(server()))
    password = f":{parts['password']}" if "password" in parts else ""
    host, port = parts.get("host", "127.0.0.1"), parts.get("port", 5432)
    return f"postgresql+psycopg://{parts.get('user', 'postgres')}{password}@{host}:{port}/{database}"


def on_server(statement: str, database: str, template: str | None = None) -> None:
    """Create or drop a database."""
    with psycopg.connect(str(server()), autocommit=True) as connection:
        query = sql.SQL(statement).format(sql.Identifier(database), sql.Identifier(template or ""))
        connection.execute(query)


@functools.cache
def template() -> str:
    """Make, once a process, a database with all tables, of which others are copies."""
    name = f"etale_test_{os.getpid()}_template"
    on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    on_server("CREATE DATABASE {}", name)
    store = open_store(address_of(name))
    schema.upgrade(store)
    store.dispose()
    return name


def drop_template() -> None:
    """Drop the template, if it was made."""
    if template.cache_info().currsize:
        on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", template())
        template.cache_clear()


def postgres_address() -> Iterator[str]:
    """Give the address of a fresh database with all tables, and drop it afterwards; server() must not be None."""
    name = f"etale_test_{os.getpid()}_{next(_numbers)}"
    on_server("CREATE DATABASE {} TEMPLATE {}", name, template())
    yield address_of(name)
    on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def empty_postgres_address() -> Iterator[str]:
    """Give the address of a fresh database without any table, and drop it afterwards; server() must not be None."""
    name = f"etale_test_{os.getpid()}_{next(_numbers)}"
    on_server("CREATE DATABASE {}", name)
    yield address_of(name)
    on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def empty_database() -> Iterator[str]:
    """Give the address of a fresh database without any table; server() must not be None."""
    name = f"etale_test_{os.getpid()}_{next(_numbers)}"
    on_server("CREATE DATABASE {}", name)
    try:
        yield address_of(name)
    finally:
        on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def sqlite_address(folder: Path) -> str:
    """Give the address of a fresh file with all tables."""
    address = f"sqlite:///{folder / 'etale.db'}"
    store = open_store(address)
    schema.upgrade(store)
    store.dispose()
    return address


def opened(address: str) -> Iterator[Store]:
    """Open a store and close it afterwards."""
    store = open_store(address)
    yield store
    store.dispose()
