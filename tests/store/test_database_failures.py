"""A database that fails in its own way is told in words, and keeps nobody waiting for ever."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import stores
from own_postgres import NO_PROGRAMS, own_postgres, programs
from sqlalchemy import insert, select, text, update

from scheduler.errors import StoreAway, StoreFailed
from scheduler.store import engine, open_store, schema
from scheduler.store.tables.people import people

if TYPE_CHECKING:
    from sqlalchemy import Update

    from scheduler.store import Store, Work

needs_server = pytest.mark.skipif(programs() is None, reason=NO_PROGRAMS)
PERSON = {"email": "a@b.fr", "name": "A", "created_at": engine.utc_now()}


def test_a_halted_writer_does_not_hold_the_others_for_ever(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker halted in the middle of a transaction held a region, and all who wanted to change it, for good."""
    if not store.on_postgresql:
        pytest.skip("writers of SQLite wait for BUSY_SECONDS only, by themselves")
    with store.write() as work:
        work.connection.execute(insert(people).values(PERSON))
    waits = (
        "SELECT set_config('lock_timeout', '{}', true), set_config('idle_in_transaction_session_timeout', '{}', true)"
    )
    monkeypatch.setattr(engine, "WAIT_NO_LONGER", text(waits.format("100ms", "600ms")))
    change = update(people).values(name="B")
    with pytest.raises(StoreFailed, match="does not answer"):
        _halted_for_too_long(store, change)
    store.in_work(lambda work: work.connection.execute(change))


def _halted_for_too_long(store: Store, change: Update) -> None:
    with store.write() as halted:
        halted.connection.execute(change)
        with pytest.raises(StoreFailed, match="holds the database for too long"):
            store.in_work(lambda work: work.connection.execute(change))
        time.sleep(0.8)
        store.in_work(lambda work: work.connection.execute(change))
        halted.connection.execute(change)


def test_writers_wait_for_a_time_that_is_set_for_their_transaction_alone(store: Store) -> None:
    if not store.on_postgresql:
        pytest.skip("PostgreSQL alone has such settings")
    query = text("SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')")
    with store.write() as work:
        assert work.connection.execute(query).one() == ("20s", "2min")
    with store.read() as work:
        assert work.connection.execute(query).one() == ("0", "0")


def _halt(work: Work) -> None:
    """Let the process that serves us stand still, and ask it something."""
    os.kill(work.connection.execute(text("SELECT pg_backend_pid()")).scalar_one(), signal.SIGSTOP)
    work.connection.execute(text("SELECT 1"))


@needs_server
def test_a_server_that_stands_still_is_given_up_and_found_again() -> None:
    """Its processes do nothing, but TCP says that all is well: every thread that asked waited for good."""
    with own_postgres() as cluster:
        store = open_store(cluster.address, answer_seconds=0.5)
        begun = time.monotonic()
        with pytest.raises(StoreAway, match="no answer within"), store.read() as work:
            _halt(work)
        assert time.monotonic() - begun < 5
        with store.read() as work:
            assert work.connection.execute(text("SELECT 1")).scalar_one() == 1
            halted = work.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        # One that waits in the pool is tried before it is used.
        os.kill(halted, signal.SIGSTOP)
        with store.read() as work:
            assert work.connection.execute(text("SELECT 1")).scalar_one() == 1
        with pytest.raises(StoreAway, match="no answer within"), store.read() as work:
            work.connection.execute(text("SELECT pg_sleep(3)"))
        with store.read() as work:
            assert work.connection.execute(text("SELECT pg_sleep(0.3) IS NULL")).scalar_one() is False
        store.dispose()


def test_all_connections_in_use_is_told_in_words(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "POOL", 1)
    narrow = open_store(store.address)
    monkeypatch.setattr(narrow.engine.pool, "_timeout", 0.1)
    in_use = pytest.raises(StoreAway, match="all connections to the database are in use")
    with narrow.read(), narrow.read(), narrow.read(), in_use, narrow.read():
        pass
    narrow.dispose()


def test_a_column_that_changed_under_a_prepared_statement_costs_one_attempt(store: Store) -> None:
    """PostgreSQL prepares what is asked often, and refuses it once after a step changed what comes of it."""
    with store.write() as work:
        work.connection.execute(text("CREATE TABLE things (name varchar(10))"))
    asked = text("SELECT name FROM things")
    with store.read() as work:
        for _ in range(10):
            work.connection.execute(asked)
    if store.on_postgresql:
        other = open_store(store.address)
        with other.write() as work:
            work.connection.execute(text("ALTER TABLE things ALTER name TYPE text"))
        other.dispose()
    assert store.in_work(lambda work: work.connection.execute(asked).all()) == []


def test_a_file_that_was_replaced_is_not_written_into_any_more(tmp_path: Path) -> None:
    """Somebody put a copy in its place while the service ran: what it wrote went into a file without a name."""
    store = open_store(stores.sqlite_address(tmp_path))
    with store.write() as work:
        work.connection.execute(insert(people).values(PERSON))
    copy = tmp_path / "copy"
    shutil.copy(str(store.file), copy)
    copy.replace(str(store.file))
    with store.write() as work:
        work.connection.execute(insert(people).values(PERSON | {"email": "c@d.fr"}))
    fresh = open_store(store.address)
    with fresh.read() as work:
        assert "c@d.fr" in work.connection.execute(select(people.c.email)).scalars().all()
    Path(str(store.file)).unlink()
    with pytest.raises(StoreFailed, match="no tables of Étale yet"), store.read() as work:
        work.connection.execute(select(people))
    for one in (store, fresh):
        one.dispose()


def test_a_file_of_another_program_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "etale.db").write_bytes(bytes(range(256)) * 40)
    store = open_store(f"sqlite:///{tmp_path / 'etale.db'}")
    with pytest.raises(StoreFailed, match="damaged, or its file is of another program"):
        schema.upgrade(store)
    store.dispose()


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "disk").write_text("not mounted")
    with pytest.raises(StoreFailed, match="the folder of the database cannot be made"):
        open_store(f"sqlite:///{tmp_path / 'disk' / 'data' / 'etale.db'}")


@needs_server
def test_what_a_server_does_not_permit_is_told_in_words() -> None:
    with own_postgres() as cluster:
        owner = open_store(cluster.address)
        schema.upgrade(owner)
        with owner.write() as work:
            work.connection.execute(text("CREATE ROLE guest LOGIN CONNECTION LIMIT 1"))
        owner.dispose()
        guest = open_store(cluster.address.replace("postgres@", "guest@"))
        refused = r"does not permit this \(permission denied for table people\)"
        with pytest.raises(StoreFailed, match=refused), guest.write() as work:
            work.connection.execute(select(people))
        with guest.read(), pytest.raises(StoreAway, match="takes no more connections"), guest.read():
            pass
        guest.dispose()
