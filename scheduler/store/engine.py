"""One database and its transactions, alike on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from scheduler.errors import StoreAway, StoreFailed
from scheduler.store.failures import is_crossed, is_outer, store_failed
from scheduler.store.patient import connect_patiently
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Engine
    from sqlalchemy.pool import ConnectionPoolEntry

R = TypeVar("R")

BUSY_SECONDS = 20
"""How long a writer waits for another one before it gives up."""

POOL = 10
"""Connections that a process keeps; in a rush it opens twice as many besides."""

HALTED_SECONDS = 120
"""How long PostgreSQL lets a writer hold what others need and say nothing: its machine may be gone, or halted."""

# FULL: what is committed survives a power cut. WAL: readers never wait for a writer.
LASTING = ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY")
SCRATCH = ("journal_mode=OFF", "synchronous=OFF", "temp_store=MEMORY")
FROZEN = ("temp_store=MEMORY",)
"""How SQLite is set for a database that is used, a file in the making, and a file that is only read."""

WAIT_NO_LONGER = sa.text(
    f"SELECT set_config('lock_timeout', '{BUSY_SECONDS}s', true),"
    f" set_config('idle_in_transaction_session_timeout', '{HALTED_SECONDS}s', true)"
)
"""For one transaction of PostgreSQL; a pooler before the server would hand a connection's settings on to others."""

OUTSIDE = "etale_outside_transactions"
"""Option of a connection to SQLite for which no transaction is begun."""


def utc_now() -> dt.datetime:
    """Give the time."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Work:
    """One transaction.

    Attributes
    ----------
    connection : Connection
        For the store's own repositories.
    now : datetime.datetime
        When it began, in UTC; everything written in it bears this time.
    writes : bool
    """

    connection: Connection
    now: dt.datetime
    writes: bool

    @property
    def on_postgresql(self) -> bool:
        """Whether the database is PostgreSQL; else it is SQLite."""
        return self.connection.dialect.name == "postgresql"


class Store:
    """A database.

    Parameters
    ----------
    engine : Engine
    clock : callable
        Gives the time, in UTC; an argument so that tests can turn it.
    """

    def __init__(self, engine: Engine, clock: Callable[[], dt.datetime] = utc_now):
        self.engine, self.clock = engine, clock
        self._farewells: list[Callable[[], None]] = []

    @property
    def on_postgresql(self) -> bool:
        """Whether the database is PostgreSQL; else it is SQLite."""
        return self.engine.dialect.name == "postgresql"

    @property
    def address(self) -> str:
        """The database's address, with which another process opens it; it may hold a password."""
        return self.engine.url.render_as_string(hide_password=False)

    @property
    def place(self) -> str:
        """Which database it is, without whatever might be a password."""
        url = self.engine.url
        place = url.set(drivername=url.get_backend_name(), password=None, query={})
        return place.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The file of SQLite, which need not exist yet; None on PostgreSQL."""
        return None if self.on_postgresql or not self.engine.url.database else Path(self.engine.url.database)

    @contextmanager
    def read(self) -> Iterator[Work]:
        """Open a transaction that only reads; it sees the store as it was when it began, however long it takes.

        Raises
        ------
        StoreFailed
            The database does not answer.
        """
        with self._transaction(writes=False) as work:
            yield work

    @contextmanager
    def write(self) -> Iterator[Work]:
        """Open a transaction that writes: all of it is kept when the block ends, and nothing when it raises.

        On SQLite there is one writer at a time (``BEGIN IMMEDIATE``). On PostgreSQL writers go side by side, at READ
        COMMITTED: a use case locks the rows that it decides upon (``FOR UPDATE``).

        Raises
        ------
        StoreFailed
            The database does not answer, the disk is full, or another writer took too long. Whether the last write
            was kept cannot be known when the connection breaks during the commit: use cases can be called twice.
        """
        with self._transaction(writes=True) as work:
            yield work

    @contextmanager
    def rebuild(self) -> Iterator[Work]:
        """Open a writing transaction that may write tables anew, row by row under another name, as SQLite has to.

        To SQLite, dropping the former table is deleting its rows, and that would take along all that refers to them:
        so references are not enforced, and are checked when the block ends.

        Raises
        ------
        StoreFailed
            As :meth:`write`.
        """
        with self._transaction(writes=True, enforced=False) as work:
            yield work
            if not self.on_postgresql:
                lost = work.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if lost is not None:
                    raise AssertionError(f"a row of table {lost[0]} refers to one that is not there any more")

    def in_work(self, use: Callable[[Work], R], attempts: int = 5, *, rebuilds: bool = False) -> R:
        """Call ``use(work)`` in a writing transaction, again where the database chose it as a deadlock's victim."""
        for attempt in range(1, attempts + 1):
            try:
                with self.rebuild() if rebuilds else self.write() as work:
                    return use(work)
            except StoreFailed as failed:
                if attempt == attempts or not is_crossed(failed.__cause__):
                    raise
                time.sleep(0.01 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        """Open a connection to SQLite for what it does only outside of transactions.

        Raises
        ------
        StoreFailed
        """
        try:
            with self.engine.connect() as connection:
                yield connection.execution_options(**{OUTSIDE: True})
        except (OperationalError, InterfaceError) as error:
            raise store_failed(error) from error

    @contextmanager
    def _transaction(self, *, writes: bool, enforced: bool = True) -> Iterator[Work]:
        try:
            with self.engine.connect() as connection:
                if self.on_postgresql:
                    level = "READ COMMITTED" if writes else "REPEATABLE READ"
                    connection.execution_options(isolation_level=level, postgresql_readonly=not writes)
                else:
                    connection.info.update(writes=writes, enforced=enforced)
                with connection.begin():
                    if writes and self.on_postgresql:
                        connection.execute(WAIT_NO_LONGER)
                    yield Work(connection, self.clock(), writes)
        except (OperationalError, InterfaceError) as error:
            raise store_failed(error) from error
        except NoneFree as error:
            raise StoreAway(T("all connections to the database are in use; try again in a moment")) from error
        except DBAPIError as error:
            if error.connection_invalidated or is_outer(error):
                raise store_failed(error) from error
            raise

    def before_closing(self, farewell: Callable[[], None]) -> None:
        """Have something called when the store is closed, while it still answers."""
        self._farewells.append(farewell)

    def dispose(self) -> None:
        """Close all connections, after all that wanted to write once more."""
        while self._farewells:
            self._farewells.pop()()
        self.engine.dispose()


def open_store(url: str, clock: Callable[[], dt.datetime] = utc_now, *, answer_seconds: float | None = None) -> Store:
    """Open a database; a SQLite file is created, with its folder, for its owner alone.

    Connecting happens when the first transaction begins.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql+psycopg://user@host/name``.
    clock : callable
    answer_seconds : float, optional
        How long a statement may take on PostgreSQL; without it, as long as it does.

    Raises
    ------
    StoreFailed
        The folder of a SQLite file cannot be made.
    """
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        return Store(_open_sqlite(target), clock)
    # A connection that the server closed is noticed before it is used; after a restart of the server all go on.
    engine = sa.create_engine(
        target,
        pool_pre_ping=True,
        pool_size=POOL,
        max_overflow=2 * POOL,
        # A machine that lost its power says nothing any more; that is noticed within half a minute.
        connect_args={
            "connect_timeout": 10,
            "tcp_user_timeout": 15_000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
        hide_parameters=True,
    )
    if answer_seconds is not None:
        connect_patiently(engine, answer_seconds)
    return Store(engine, clock)


def open_scratch(path: Path) -> Store:
    """Open a SQLite file that nobody else uses and that is thrown away if anything fails: fast, without a journal."""
    return Store(_sqlite_engine(sa.URL.create("sqlite", database=str(path)), SCRATCH))


def open_frozen(path: Path) -> Store:
    """Open a SQLite file only to read it; nothing is written into it nor beside it."""
    file = sa.URL.create("sqlite", database=path.absolute().as_uri(), query={"mode": "ro", "uri": "true"})
    return Store(_sqlite_engine(file, FROZEN))


def _open_sqlite(target: sa.URL) -> Engine:
    if target.database and target.database != ":memory:":
        path = Path(target.database)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            words = T(
                "{folder}: the folder of the database cannot be made ({reason}); see that its disk is there, "
                "or set ETALE_DATA",
                folder=path.parent,
                reason=error.strerror or type(error).__name__,
            )
            raise StoreFailed(words) from error
    engine = _sqlite_engine(target, LASTING)
    _leave_a_file_that_went(engine)
    return engine


def _leave_a_file_that_went(engine: Engine) -> None:
    """Use no connection to a SQLite file that was removed or replaced: what is written into it would be lost."""

    @event.listens_for(engine, "connect")
    def note(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _file_of(engine)

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        if record.info["file"] != _file_of(engine):
            raise DisconnectionError("the file was replaced")


def _file_of(engine: Engine) -> tuple[int, int] | None:
    """Tell which file has the name of the database; None: there is none, or it is only in memory."""
    try:
        found = os.stat(engine.url.database or "")
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _sqlite_engine(target: sa.URL, pragmas: Sequence[str]) -> Engine:
    # What a statement was given stands in no error: it may be a hash of a password, and errors go to logs.
    engine = sa.create_engine(
        target, pool_size=POOL, max_overflow=2 * POOL, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: object) -> None:
        # The driver must not begin transactions by itself: a read that turns into a write would fail at once.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(OUTSIDE):
            return
        writes = connection.info.pop("writes", True)
        enforced = connection.info.pop("enforced", True) and pragmas is LASTING
        # Inside of a transaction this one would do nothing.
        connection.exec_driver_sql(f"PRAGMA foreign_keys={'ON' if enforced else 'OFF'}")
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
