"""A backup is one moment, whole or absent, and comes back into either kind of database."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import any_rows
import busy_store
import own_postgres
import pytest
import stores
from sqlalchemy import delete, select, text

from scheduler.domain.people import Role, person_actor, service_actor
from scheduler.errors import CannotWrite, FaultyInput, Refused, StoreFailed
from scheduler.service.backups import restore, take_backup
from scheduler.store import Store, audit, open_store, schema
from scheduler.store.backup_file import opened_backup
from scheduler.store.tables.audit import audit_entries
from scheduler.store.tables.people import people, sign_ins
from scheduler.store.tables.runs import plan_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACTOR = service_actor("test")


@contextmanager
def another(kind: str, folder: Path) -> Iterator[Store]:
    """Give a second database."""
    if kind == "postgresql" and stores.server() is None:
        pytest.skip(stores.NO_SERVER)
    addresses = stores.postgres_address() if kind == "postgresql" else iter([stores.sqlite_address(folder / "another")])
    address = next(addresses)
    yield from stores.opened(address)
    assert next(addresses, None) is None


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_row_comes_back_in_either_kind_of_database(store: Store, kind: str, tmp_path: Path) -> None:
    any_rows.fill(store)
    backup = take_backup(store, ACTOR, tmp_path / "b.db")
    with opened_backup(tmp_path / "b.db") as copy, copy.read() as work:
        kept = any_rows.all_rows(work)
    assert all(len(kept[table]) == count >= 1 for table, count in backup.rows.items())
    assert backup.file.stat().st_mode & 0o777 == 0o600
    assert not backup.findings

    with another(kind, tmp_path) as other:
        restore(other, ACTOR, tmp_path / "b.db")
        with other.read() as work:
            found = any_rows.all_rows(work)
            assert audit.verify(work) == []
            assert all(row.revoked_at is not None for row in work.connection.execute(select(sign_ins)))
            run = work.connection.execute(select(plan_runs).where(plan_runs.c.id == 1)).one()
        assert schema.differences(other) == []
        with other.write() as work:
            new = {"email": "new@a.fr", "name": "N", "created_at": any_rows.MOMENT}
            assert work.connection.execute(people.insert().values(new).returning(people.c.id)).scalar_one() == 3
    assert (run.state, run.worker, run.lease_until) == ("queued", None, None)
    assert run.fence > 1
    changed = {"plan_runs", "sign_ins", "audit_chains", "audit_entries"}
    assert {table for table in kept if kept[table] != found[table]} == changed
    assert kept["audit_entries"] == found["audit_entries"][:-1]


def test_a_backup_is_one_moment_while_others_write(store: Store, tmp_path: Path) -> None:
    busy_store.set_up(store)
    published = []
    with busy_store.writers(store) as wrong:
        for number in range(5):
            published.append(take_backup(store, ACTOR, tmp_path / f"{number}.db").rows["publications"])
    assert wrong == []
    assert len(set(published)) > 3, "nobody wrote meanwhile"
    for number in range(5):
        with opened_backup(tmp_path / f"{number}.db") as copy, copy.read() as work:
            assert busy_store.contradictions(work) == []


def test_restoring_while_others_read_and_write_shows_no_mixture(store: Store, tmp_path: Path) -> None:
    busy_store.set_up(store)
    take_backup(store, ACTOR, tmp_path / "b.db")
    with busy_store.writers(store, 2) as wrong:
        for _ in range(2):
            restore(store, ACTOR, tmp_path / "b.db", replace=True)
            for _ in range(5):
                with store.read() as work:
                    assert busy_store.contradictions(work) == []
    assert wrong == []
    assert schema.differences(store) == []


def test_a_worker_from_before_is_out_of_reach_after_a_restore(store: Store, tmp_path: Path) -> None:
    any_rows.fill(store)
    take_backup(store, ACTOR, tmp_path / "b.db")
    with store.write() as work:
        work.connection.execute(plan_runs.update().values(fence=41))
        later = {"email": "later@a.fr", "name": "L", "created_at": any_rows.MOMENT}
        number = work.connection.execute(people.insert().values(later).returning(people.c.id)).scalar_one()
    restore(store, ACTOR, tmp_path / "b.db", replace=True)
    with store.write() as work:
        assert work.connection.execute(select(plan_runs.c.fence).where(plan_runs.c.id == 1)).scalar_one() > 41
        # A number is never given twice, or a link from before would lead to somebody else.
        assert work.connection.execute(people.insert().values(later).returning(people.c.id)).scalar_one() > number


def test_what_is_there_is_not_lost_unasked(store: Store, tmp_path: Path) -> None:
    any_rows.fill(store)
    take_backup(store, ACTOR, tmp_path / "b.db")
    with store.read() as work:
        before = any_rows.all_rows(work)
    with pytest.raises(Refused, match="--replace"):
        restore(store, ACTOR, tmp_path / "b.db")
    with store.read() as work:
        assert any_rows.all_rows(work) == before
        assert any_rows.table_names(work) >= set(before)


def test_a_restore_that_fails_leaves_what_was(store: Store, tmp_path: Path) -> None:
    any_rows.fill(store)
    take_backup(store, ACTOR, tmp_path / "b.db")
    with closing(sqlite3.connect(tmp_path / "b.db")) as file, file:
        file.execute("DROP INDEX uq_plan_runs_active")
        file.execute("UPDATE plan_runs SET state = 'running', region_id = 1, first_date = '2021-04-06'")
        file.execute("UPDATE plan_runs SET last_date = '2021-04-06', purpose = 'plan'")
    with store.read() as work:
        before = any_rows.all_rows(work)
    with pytest.raises(FaultyInput, match="plan_runs"):
        restore(store, ACTOR, tmp_path / "b.db", replace=True)
    with store.read() as work:
        assert any_rows.all_rows(work) == before


def test_a_new_database_gets_its_tables(tmp_path: Path) -> None:
    full = open_store(stores.sqlite_address(tmp_path))
    any_rows.fill(full)
    take_backup(full, ACTOR, tmp_path / "b.db")
    full.dispose()
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'etale.db'}")
    assert restore(store, ACTOR, tmp_path / "b.db").rows["schools"] == 2
    store.dispose()


def test_files_that_are_no_backups_are_told_apart(store: Store, tmp_path: Path) -> None:
    any_rows.fill(store)
    take_backup(store, ACTOR, tmp_path / "good.db")
    good = (tmp_path / "good.db").read_bytes()
    (tmp_path / "text.db").write_bytes(b"Bonjour" * 1000)
    (tmp_path / "empty.db").write_bytes(b"")
    (tmp_path / "short.db").write_bytes(good[: len(good) // 2])
    (tmp_path / "bad.db").write_bytes(good[:9000] + bytes(30_000) + good[39_000:])
    shutil.copy(tmp_path / "good.db", tmp_path / "newer.db")
    with closing(sqlite3.connect(tmp_path / "newer.db")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    said = {"text": "no backup", "empty": "not of Étale", "short": "damaged", "bad": "damaged", "newer": "newer"}
    said["absent"] = "no such file"
    for name, words in said.items():
        with pytest.raises(FaultyInput, match=words):
            restore(store, ACTOR, tmp_path / f"{name}.db", replace=True)
    assert (tmp_path / "good.db").read_bytes() == good, "a backup is only read"


def test_an_audit_log_that_was_tampered_with_is_backed_up_and_told(store: Store, tmp_path: Path) -> None:
    any_rows.fill(store)
    with store.write() as work:
        work.connection.execute(delete(audit_entries).where(audit_entries.c.number == 1))
    assert "missing" in str(take_backup(store, ACTOR, tmp_path / "b.db").findings[0])


def test_backups_are_for_operators(store: Store, tmp_path: Path) -> None:
    region = person_actor(1, "a@b.fr", [Role("region", region_id=1)])
    for does in (take_backup, restore):
        with pytest.raises(Refused, match="only an operator"):
            does(store, region, tmp_path / "b.db")
    assert not (tmp_path / "b.db").exists()


def test_the_database_itself_is_no_place_for_a_backup(tmp_path: Path) -> None:
    store = open_store(stores.sqlite_address(tmp_path))
    with pytest.raises(CannotWrite, match="database itself"):
        take_backup(store, ACTOR, tmp_path / "etale.db")
    store.dispose()


def test_tables_of_another_version_are_not_backed_up(store: Store, tmp_path: Path) -> None:
    with store.write() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreFailed, match="newer"):
        take_backup(store, ACTOR, tmp_path / "b.db")
    assert not (tmp_path / "b.db").exists()


def test_a_full_disk_leaves_the_former_backup_and_nothing_half_written(store: Store, tmp_path: Path) -> None:
    any_rows.fill(store)
    with own_postgres.small_disk(tmp_path / "disk", 2) as disk:
        if disk is None:
            pytest.skip(own_postgres.NO_MOUNT)
        take_backup(store, ACTOR, disk / "b.db")
        former = (disk / "b.db").read_bytes()
        (disk / "ballast").write_bytes(bytes(1_200_000))
        with store.write() as work:
            content = os.urandom(300_000)
            work.connection.execute(plan_runs.update().values(input=content))
        with pytest.raises(CannotWrite, match="the disk is full"):
            take_backup(store, ACTOR, disk / "b.db")
        assert (disk / "b.db").read_bytes() == former
        assert sorted(path.name for path in disk.iterdir()) == ["b.db", "ballast"]
