"""Do the steps lead from nothing to the declared tables? On SQLite, and on PostgreSQL where a server answers."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from scheduler.store import open_store, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = os.environ.get("ETALE_TEST_POSTGRES") or "postgresql://postgres@127.0.0.1:5432/postgres"


def check() -> int:
    """Take all steps in fresh databases and compare; say what is found and give the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        wrong = _differs("SQLite", f"sqlite:///{folder}/check.db")
    with _fresh_database() as address:
        if address is None:
            print("PostgreSQL: no server answers (ETALE_TEST_POSTGRES names one); not checked")
        else:
            wrong = _differs("PostgreSQL", address) or wrong
    return int(wrong)


def _differs(kind: str, address: str) -> bool:
    store = open_store(address)
    try:
        schema.upgrade(store)
        found = schema.differences(store)
        print(f"{kind}: {'the steps lead elsewhere' if found else 'the steps lead to the declared tables'}")
        for difference in found:
            print(f"  {difference}")
        return bool(found)
    finally:
        store.dispose()


@contextmanager
def _fresh_database() -> Iterator[str | None]:
    """Make a database on the server and drop it afterwards; None where no server answers."""
    server = make_url(SERVER).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"etale_check_{os.getpid()}"
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
            try:
                yield server.set(database=name).render_as_string(hide_password=False)
            finally:
                connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    except OperationalError:
        yield None
    finally:
        engine.dispose()
