"""Steps from one version of the tables to the next, tried with a made-up further one while the program is at work."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import any_rows
import busy_store
import pytest
import sqlalchemy as sa
import stores
from alembic import command

import migrations
from migrations.check import check
from scheduler.domain.people import service_actor
from scheduler.errors import StoreFailed
from scheduler.service.backups import restore, take_backup
from scheduler.store import Store, Work, open_store, schema
from scheduler.store.tables import METADATA

if TYPE_CHECKING:
    from alembic.config import Config

FORMER = schema.no_tables().wanted
NEXT = '''
"""A made-up step: a column, a table, another index."""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9001", {head!r}

def upgrade():
    op.create_table("made_up", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    with op.batch_alter_table("publications") as table:
        table.add_column(sa.Column("note", sa.Text, nullable=False, server_default=sa.text("'?'")))
    # SQLite writes this table anew, and half of all others refer to it.
    with op.batch_alter_table("schools") as table:
        table.alter_column("academy", existing_type=sa.Text(), existing_nullable=False, server_default="")
    op.drop_index("ix_feeds_school_id_kind_name", "feeds")
    op.create_index("ix_feeds_other", "feeds", ["school_id", "name"])
    {then}

def downgrade():
    op.drop_index("ix_feeds_other", "feeds")
    op.create_index("ix_feeds_school_id_kind_name", "feeds", ["school_id", "kind", "name"])
    with op.batch_alter_table("publications") as table:
        table.drop_column("note")
    with op.batch_alter_table("schools") as table:
        table.alter_column("academy", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    op.drop_table("made_up")
'''
MakeStep = "Callable[[str], None]"


@pytest.fixture
def further_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeStep:
    """Give what makes a further step, that ends with a sentence of Python, known to the program."""
    folder = tmp_path / "further"
    folder.mkdir()
    configured = schema.alembic_config

    def config(connection: sa.Connection | None = None) -> Config:
        made = configured(connection)
        places = Path(migrations.__path__[0], "versions"), folder
        made.set_main_option("version_locations", os.pathsep.join(map(str, places)).replace("%", "%%"))
        return made

    def make(then: str = "") -> None:
        (folder / "9001_further.py").write_text(NEXT.format(head=FORMER, then=then or "pass"))
        monkeypatch.setattr(schema, "alembic_config", config)

    return make


def told(store: Store) -> tuple[dict[str, list[tuple[object, ...]]], str]:
    """Give all rows, and all that the database says of its tables."""
    with store.read() as work:
        return any_rows.all_rows(work), repr(sa.inspect(work.connection).get_multi_columns())


def test_a_step_takes_all_rows_up_and_down(store: Store, further_step: MakeStep) -> None:
    any_rows.fill(store)
    rows, tables = told(store)
    further_step("")
    assert schema.upgrade(store).found == FORMER
    assert schema.version(store).current
    assert told(store)[0] == rows
    with store.write() as work:
        assert work.connection.execute(sa.text("SELECT DISTINCT note FROM publications")).scalars().all() == ["?"]
        assert "made_up" in any_rows.table_names(work)
    with store.rebuild() as work:
        command.downgrade(schema.alembic_config(work.connection), FORMER)
    assert told(store) == (rows, tables)
    assert schema.differences(store) == []


def test_a_step_that_fails_leaves_the_former_tables_whole(store: Store, further_step: MakeStep) -> None:
    any_rows.fill(store)
    before = told(store)
    further_step("op.execute(sa.text('UPDATE publications SET note = NULL'))")
    with pytest.raises(sa.exc.IntegrityError):
        schema.upgrade(store)
    assert told(store) == before
    assert schema.version(store).found == FORMER
    with store.read() as work:
        assert "made_up" not in any_rows.table_names(work)


def down(work: Work) -> None:
    """Take the further step back."""
    command.downgrade(schema.alembic_config(work.connection), FORMER)


def test_the_program_of_before_reads_and_writes_while_a_step_is_taken(store: Store, further_step: MakeStep) -> None:
    busy_store.set_up(store)
    further_step("op.execute(sa.text('UPDATE publications SET note = note || number'))")
    with busy_store.writers(store) as wrong:
        for number in range(3):
            upgrading = threading.Thread(target=schema.upgrade, args=(store,))
            upgrading.start()
            while upgrading.is_alive():
                with store.read() as work:
                    assert busy_store.contradictions(work) == []
            upgrading.join()
            assert schema.version(store).current, number
            store.in_work(down, rebuilds=True)
        schema.upgrade(store)
        busy_store.change(store, 1, 7)
    assert wrong == []
    with store.read() as work:
        assert busy_store.contradictions(work) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_upgrades_at_once(kind: str, tmp_path: Path) -> None:
    if kind == "postgresql" and stores.server() is None:
        pytest.skip(stores.NO_SERVER)
    empty = iter([f"sqlite:///{tmp_path / 'etale.db'}"]) if kind == "sqlite" else stores.empty_postgres_address()
    for address in empty:
        several = [open_store(address) for _ in range(4)]
        ready, wrong = threading.Barrier(4), []

        def upgrade(store: Store, ready: threading.Barrier = ready, wrong: list[Exception] = wrong) -> None:
            ready.wait()
            try:
                schema.upgrade(store)
            except Exception as error:
                wrong.append(error)

        threads = [threading.Thread(target=upgrade, args=(store,)) for store in several]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert schema.differences(several[0]) == []
        for store in several:
            store.dispose()


def test_who_holds_a_table_for_too_long_is_not_waited_for(
    database: str, further_step: MakeStep, monkeypatch: pytest.MonkeyPatch
) -> None:
    further_step("")
    monkeypatch.setattr("scheduler.store.engine.BUSY_SECONDS", 0.2)
    monkeypatch.setattr(schema, "LOCK_SECONDS", 0.2)
    store, other = open_store(database), open_store(database)
    with other.write() as work:
        work.connection.execute(sa.text("UPDATE publications SET number = number"))
        with pytest.raises(StoreFailed, match="another program holds the database"):
            schema.upgrade(store)
    schema.upgrade(store)
    assert schema.version(store).current
    store.dispose()
    other.dispose()


def test_a_backup_of_an_older_version_is_brought_up_to_date_in_a_copy(
    store: Store, further_step: MakeStep, tmp_path: Path
) -> None:
    any_rows.fill(store)
    take_backup(store, service_actor("test"), tmp_path / "old.db")
    content = (tmp_path / "old.db").read_bytes()
    further_step("")
    with pytest.raises(StoreFailed, match="older"):
        restore(store, service_actor("test"), tmp_path / "old.db", replace=True)
    schema.upgrade(store)
    restore(store, service_actor("test"), tmp_path / "old.db", replace=True)
    assert schema.version(store).current
    assert (tmp_path / "old.db").read_bytes() == content
    with store.read() as work:
        assert work.connection.execute(sa.text("SELECT note FROM publications")).scalars().all() == ["?", "?"]
        assert "made_up" in any_rows.table_names(work)


def test_the_check_for_ci_finds_a_table_that_no_step_makes(capsys: pytest.CaptureFixture[str]) -> None:
    assert check() == 0
    forgotten = sa.Table("forgotten", METADATA, sa.Column("id", sa.Integer, primary_key=True))
    try:
        assert check() == 1
        assert "forgotten" in capsys.readouterr().out
    finally:
        METADATA.remove(forgotten)
