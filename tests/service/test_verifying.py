"""An operator asks whether what is kept is whole: nothing is found in what Étale wrote, and every damage is."""

from __future__ import annotations

import datetime as dt
import sqlite3
import zlib
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from households import OPERATORS
from scope_world import make_world
from sqlalchemy import delete, insert, select, text, update

from scheduler.cli.main import main
from scheduler.domain.people import NOTHING, Actor
from scheduler.errors import Refused
from scheduler.service.verifying import check_database
from scheduler.store import open_store
from scheduler.store.tables.audit import audit_entries
from scheduler.store.tables.ledger import ledger_entries, ledger_totals
from scheduler.store.tables.publications import calendar_entries, feed_contents, publications
from scheduler.store.tables.regions import schools
from scheduler.store.tables.runs import school_plans
from scheduler.store.tables.timetables import timetables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scheduler.store import Store

SALDER = select(schools.c.id).where(schools.c.key == "salder").scalar_subquery()


@pytest.fixture
def furnished(store: Store, tmp_path: Path, _quick_hashes: None) -> Store:
    """Give a store in which there is everything that there can be."""
    make_world(store, tmp_path)
    return store


def found(store: Store) -> list[str]:
    return [str(finding.told) for finding in check_database(store, OPERATORS)]


def in_south(table: Any, **values: Any) -> Any:
    return update(table).where(table.c.school_id == SALDER).values(values)


DAMAGES: dict[str, Callable[[], Any]] = {
    "what entry 2 says was changed afterwards; somebody wrote past Étale": lambda: (
        update(audit_entries).where(audit_entries.c.number == 2, audit_entries.c.chain == "south").values(after={})
    ),
    "books is not what its plans ask; restore": lambda: delete(ledger_entries).where(
        ledger_entries.c.school_id == SALDER
    ),
    "the sums are not those of the schools’ entries; restore": lambda: delete(ledger_totals),
    "“salder”: version 1 of the timetable is damaged; bring": lambda: in_south(timetables, content=b"x"),
    "“salder”: the version of the timetable in force is not there": lambda: in_south(timetables, content=None),
    "“salder”: publication 1 is damaged; publish": lambda: in_south(publications, content=zlib.compress(b"{}")),
    "“salder”: publications are missing among those numbered 2": lambda: in_south(publications, number=2),
    "which does not count as published; publish": lambda: in_south(school_plans, state="replaced"),
    "is remembered otherwise than it is published; publish": lambda: in_south(calendar_entries, sequence=7),
    "“salder”: the calendar teacher Mme Rhin (fr) is damaged; publish": lambda: in_south(feed_contents, size=1),
    "says otherwise than publication 1; publish": lambda: in_south(
        feed_contents, changed_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    ),
    "the calendar group 6A (fr) is missing; publish": lambda: delete(feed_contents).where(
        feed_contents.c.school_id == SALDER, feed_contents.c.name == "6A"
    ),
}


def test_nothing_is_found_before_and_every_damage_after(furnished: Store) -> None:
    """Each damage is done, found with its remedy, and undone."""
    assert found(furnished) == []
    for told, damage in DAMAGES.items():
        kept = {table: rows_of(furnished, table) for table in (damage().table,)}
        with furnished.write() as work:
            assert work.connection.execute(damage()).rowcount, told
        assert [sentence for sentence in found(furnished) if told in sentence], (told, found(furnished))
        for table, rows in kept.items():
            put_back(furnished, table, rows)
    assert found(furnished) == []


def rows_of(store: Store, table: Any) -> list[dict[str, Any]]:
    with store.read() as work:
        return [dict(row._mapping) for row in work.connection.execute(select(table))]


def put_back(store: Store, table: Any, rows: list[dict[str, Any]]) -> None:
    """Let a table be as it was."""
    keys = [column.name for column in table.primary_key]
    with store.write() as work:
        there = {tuple(getattr(row, key) for key in keys) for row in work.connection.execute(select(table))}
        for row in rows:
            mine = [table.c[key] == row[key] for key in keys]
            is_there = tuple(row[key] for key in keys) in there
            work.connection.execute((update(table).where(*mine) if is_there else insert(table)).values(row))


def test_rows_whose_references_are_lost_are_found_on_sqlite(furnished: Store) -> None:
    if furnished.on_postgresql:
        pytest.skip("PostgreSQL lets no reference be lost")
    with closing(sqlite3.connect(str(furnished.file))) as connection:
        connection.execute("UPDATE school_plans SET made_by = 999")
        connection.commit()
    (finding,) = check_database(furnished, OPERATORS)
    assert str(finding.what) == "4 rows of school_plans refer to rows of people that are not there"


def test_a_file_whose_disk_failed_is_told_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Étale said that it had failed itself, and asked for a report."""
    monkeypatch.setenv("ETALE_DATABASE", "")
    monkeypatch.setenv("ETALE_DATA", str(tmp_path))
    (tmp_path / "etale.db").write_bytes(b"what a dying disk gives back" * 1000)
    assert main(["db", "check"]) == 1
    assert "a part of the database cannot be read any more; look at the disk" in capsys.readouterr().err
    assert main(["db", "status"]) == 2
    assert (
        "the database is damaged, or its file is of another program (file is not a database)" in capsys.readouterr().err
    )


def test_what_a_failed_disk_left_is_found_and_the_rest_is_seen_all_the_same(furnished: Store) -> None:
    if furnished.on_postgresql:
        pytest.skip("PostgreSQL looks after its files itself")
    with closing(sqlite3.connect(str(furnished.file))) as connection:
        connection.execute("UPDATE timetables SET content = x'00' WHERE id = 1")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'audit_entries'").fetchone()
    furnished.dispose()
    with open(str(furnished.file), "r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"x" * 4096)
    told = found(furnished)
    assert any("a part of the database cannot be read any more; look at the disk" in sentence for sentence in told)
    assert any("version 1 of the timetable is damaged" in sentence for sentence in told)


def test_a_table_that_somebody_altered_is_named(store: Store) -> None:
    with store.write() as work:
        work.connection.execute(text("ALTER TABLE wishes ADD COLUMN mine INTEGER"))
        work.connection.execute(text("CREATE TABLE of_others (number INTEGER)"))
    (finding,) = check_database(store, OPERATORS)
    assert str(finding.what) == "the table wishes is not as Étale made it"


def test_only_operators_check(store: Store) -> None:
    with pytest.raises(Refused, match="ask one of them"):
        list(check_database(store, Actor(None, "somebody", NOTHING, NOTHING)))


def test_the_command_says_what_it_found_and_what_to_do(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ETALE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ETALE_DATABASE", database)
    monkeypatch.setenv("ETALE_LANG", "fr")
    assert main(["db", "check"]) == 0
    assert capsys.readouterr().out == "la base de données est intacte et tout y concorde\n"
    store = open_store(database)
    with store.write() as work:
        work.connection.execute(text("ALTER TABLE wishes ADD COLUMN mine INTEGER"))
    store.dispose()
    assert main(["db", "check"]) == 1
    told = capsys.readouterr().err
    assert "la table wishes n’est pas telle qu’Étale l’a faite" in told
    assert "faites une sauvegarde et restaurez-la dans une base vide" in told
    monkeypatch.setenv("ETALE_DATABASE", "")
    assert main(["db", "check"]) == 1
    assert "lancez « etale db upgrade »" in capsys.readouterr().err.replace("\xa0", " ")
    assert not (tmp_path / "data" / "etale.db").exists(), "looking makes nothing"
