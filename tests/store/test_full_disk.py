"""A full disk: what finds no room is refused in words, reading goes on, and all is well again when there is room."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import any_rows
import own_postgres
import pytest
import stores
from sqlalchemy import func, insert, select

from scheduler.errors import StoreFailed
from scheduler.store import Store, audit, open_store, schema
from scheduler.store.tables.people import sign_in_failures

if TYPE_CHECKING:
    from pathlib import Path

FULL = "the disk of the database is full; make room"


def write(store: Store, kibibytes: int) -> None:
    """Write so much in one transaction."""
    row = {"address": "::1", "failed_at": any_rows.MOMENT}
    with store.write() as work:
        rows = [row | {"email": os.urandom(120).hex()} for _ in range(kibibytes * 4)]
        work.connection.execute(insert(sign_in_failures), rows)


def leave_room(disk: Path, size: int) -> Path:
    """Fill a disk but for so many bytes; give the file that does it."""
    free = os.statvfs(disk)
    (disk / "ballast").write_bytes(bytes(free.f_bavail * free.f_bsize - size))
    return disk / "ballast"


def count(store: Store) -> int:
    with store.read() as work:
        assert audit.verify(work) == []
        return work.connection.execute(select(func.count()).select_from(sign_in_failures)).scalar_one()


def write_until_full(store: Store) -> tuple[int, str]:
    """Give how many rows were written, and what was said then."""
    for written in range(0, 100_000, 400):
        try:
            write(store, 100)
        except StoreFailed as failed:
            return written, str(failed)
    raise AssertionError("the disk is not small")


def fill_and_make_room(store: Store, ballast: Path, sentence: str) -> None:
    """Write until there is no room, see that reading goes on, make room and write again."""
    written, said = write_until_full(store)
    assert re.search(sentence, said), said
    assert written, "the disk was too small from the beginning"
    assert count(store) == written
    with pytest.raises(StoreFailed, match=sentence):
        write(store, 4000)
    assert count(store) == written
    ballast.unlink()
    write(store, 200)
    assert count(store) == written + 800


@pytest.fixture
def _mounts() -> None:
    if not own_postgres.can_mount():
        pytest.skip(own_postgres.NO_MOUNT)


@pytest.mark.usefixtures("_mounts")
def test_sqlite_on_a_disk_that_fills_up(tmp_path: Path) -> None:
    with own_postgres.small_disk(tmp_path / "disk", 8) as disk:
        assert disk is not None
        store = open_store(stores.sqlite_address(disk))
        any_rows.fill(store, rows=1)
        with store.write() as work:
            work.connection.execute(sign_in_failures.delete())
        fill_and_make_room(store, leave_room(disk, 2_000_000), FULL)
        store.dispose()


def test_sqlite_that_may_not_grow(tmp_path: Path) -> None:
    store = open_store(stores.sqlite_address(tmp_path))
    with store.write() as work:
        work.connection.exec_driver_sql("PRAGMA max_page_count=200")
        with pytest.raises(Exception, match="full"):
            work.connection.execute(insert(sign_in_failures), [_long() for _ in range(4000)])
    assert count(store) == 0
    store.dispose()


def _long() -> dict[str, object]:
    return {"email": os.urandom(120).hex(), "address": "::1", "failed_at": any_rows.MOMENT}


@pytest.mark.usefixtures("_mounts")
@pytest.mark.skipif(own_postgres.programs() is None, reason=own_postgres.NO_PROGRAMS)
def test_postgresql_on_a_disk_that_fills_up() -> None:
    with own_postgres.own_postgres(data_disk=72, wal_disk=40) as cluster:
        store = open_store(cluster.address)
        schema.upgrade(store)
        any_rows.fill(store, rows=1)
        with store.write() as work:
            work.connection.execute(sign_in_failures.delete())
        # So little that no checkpoint falls due meanwhile: the server stops when that one finds no room.
        fill_and_make_room(store, leave_room(cluster.data, 2_000_000), FULL)
        store.dispose()


@pytest.mark.usefixtures("_mounts")
@pytest.mark.skipif(own_postgres.programs() is None, reason=own_postgres.NO_PROGRAMS)
def test_postgresql_whose_log_finds_no_room_stops_and_comes_back_with_all_that_was_kept() -> None:
    with own_postgres.own_postgres(wal_disk=12) as cluster:
        assert cluster.wal is not None
        store = open_store(cluster.address)
        schema.upgrade(store)
        leave_room(cluster.wal, 1_500_000)
        written, said = write_until_full(store)
        assert re.search(FULL + "|does not answer", said), said
        (cluster.wal / "ballast").unlink()
        # The server stopped in the middle of a sentence, and cannot always rise by itself while the disk is full.
        cluster.kill()
        cluster.start()
        assert count(store) == written
        write(store, 100)
        store.dispose()
