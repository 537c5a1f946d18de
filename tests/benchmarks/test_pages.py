"""The pages of a region are asked for and timed, each once more than it is told; a slow one is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from region_files import write_region
from webs import app_on

from benchmarks import pages
from benchmarks.figures import Figures
from benchmarks.tables import Table
from scheduler.service import passwords
from scheduler.service.regions import import_region

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from scheduler.store import Store


def test_every_page_answers_and_is_measured(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(pages, "TIMES", 2)
    import_region(store, pages.ACTOR, write_region(tmp_path / "r"), pages.KEY)
    pages._plan(store)
    app = app_on(store, tmp_path)
    client, table = pages._signed_in(app, store), Table("Pages", pages.COLUMNS)
    addresses = dict(pages._addresses(app))
    assert {"overview", "run", "runs", "compare", "capacity", "schools", "rules", "what_if", "incident"} <= set(
        addresses
    )
    for name, address in addresses.items():
        pages._measure(table, Figures(), (2, "either", name), client, address)
    told = capsys.readouterr().out
    assert "| overview | 2 |" in told
    monkeypatch.setattr(pages, "TARGET", 0.0)
    pages._measure(table, Figures(), (2, "either", "runs"), client, addresses["runs"])
    assert "missed" in capsys.readouterr().out
