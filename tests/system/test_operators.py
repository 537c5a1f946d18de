"""What an operator types, from an empty machine to another database, up to the exit statuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import any_rows
import pytest
import stores
from sqlalchemy import update

from scheduler.cli.main import main
from scheduler.store import open_store
from scheduler.store.tables.runs import plan_runs

if TYPE_CHECKING:
    from pathlib import Path


class Done(NamedTuple):
    """What a command said."""

    returncode: int
    stdout: str
    stderr: str


Etale = Callable[..., Done]


@pytest.fixture
def etale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Etale:
    """Give what runs a command in a folder of its own."""

    def run(*arguments: str, database: str = "") -> Done:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("ETALE_DATA", str(tmp_path / "data"))
        monkeypatch.setenv("ETALE_DATABASE", database.replace("+psycopg", ""))
        monkeypatch.setenv("LANGUAGE", "en")
        return Done(main(arguments), *capsys.readouterr())

    return run


def test_from_an_empty_machine_to_a_backup_and_back(etale: Etale, tmp_path: Path) -> None:
    missing = etale("db", "status")
    assert (missing.returncode, "etale db upgrade" in missing.stdout) == (1, True)
    assert not (tmp_path / "data" / "etale.db").exists(), "looking makes nothing"
    assert "are made" in etale("db", "upgrade").stdout
    assert "up to date" in etale("db", "upgrade").stdout

    store = open_store(f"sqlite:///{tmp_path / 'data' / 'etale.db'}")
    any_rows.fill(store)
    found = etale("db", "status")
    assert (found.returncode, "schools: 2" in found.stdout) == (0, True)
    assert "read again and compared" in etale("backup", "b.db").stdout
    refused = etale("restore", "b.db")
    assert (refused.returncode, "--replace" in refused.stderr) == (2, True)
    with store.write() as work:
        work.connection.execute(update(plan_runs).values(status="other"))
    assert etale("restore", "b.db", "--replace").returncode == 0
    with store.read() as work:
        assert (
            "other" not in work.connection.execute(plan_runs.select().with_only_columns(plan_runs.c.status)).scalars()
        )
    store.dispose()


def test_moving_to_postgresql(etale: Etale, tmp_path: Path) -> None:
    if stores.server() is None:
        pytest.skip(stores.NO_SERVER)
    etale("db", "upgrade")
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'etale.db'}")
    any_rows.fill(store)
    store.dispose()
    assert etale("backup", "b.db").returncode == 0
    for database in stores.empty_postgres_address():
        status = etale("db", "status", database=database)
        assert (status.returncode, "tables: none" in status.stdout) == (1, True)
        assert etale("restore", "b.db", database=database).returncode == 0
        assert "schools: 2" in etale("db", "status", database=database).stdout


def test_erasing_first_says_what_would_go(etale: Etale, tmp_path: Path) -> None:
    etale("db", "upgrade")
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'etale.db'}")
    any_rows.fill(store)
    store.dispose()
    said = etale("erase", "--year", "2020-2021").stdout
    assert "– publications: 2" in said
    assert "--yes" in said
    assert etale("erase", "--year", "2020-2021").stdout == said
    done = etale("erase", "--year", "2020-2021", "--yes").stdout
    assert "– publications: 2" in done
    assert "Backups hold it still" in done
    assert "publications" not in etale("erase", "--year", "2020-2021").stdout
    assert etale("erase", "--year", "2020").returncode == 2
    person = etale("export-person", "email é1")
    assert json.loads(person.stdout)["people"][0]["id"] == 1


def test_a_password_is_never_said(etale: Etale) -> None:
    for command in (("db", "status"), ("db", "upgrade"), ("backup", "b.db")):
        for rest in ("@127.0.0.1:1/x", "@127.0.0.1:1/x?application_name=geheim"):
            done = etale(*command, database=f"postgresql://u:geheim{rest}")
            assert done.returncode == 2
            assert "geheim" not in done.stdout + done.stderr
