"""From a finished run to a calendar address, as a person types it: adopt, publish, give, list, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from run_regions import crowded
from stores import sqlite_address

from scheduler import wording
from scheduler.cli import main
from scheduler.service.feed_serving import Gone, Served, served
from scheduler.store import open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bring a region into a store that the environment names, and plan it."""
    monkeypatch.setenv("ETALE_DATABASE", sqlite_address(tmp_path))
    monkeypatch.setenv("ETALE_ADDRESS", "https://etale.example.org")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(wording, "_translator", [])
    folder = crowded(tmp_path / "region", sessions=4, capacity=60)
    assert main(["region", "import", str(folder)]) == 0
    assert main(["run", "start", "crowded", "--gap", "1"]) == 0
    return folder


def test_a_plan_is_adopted_published_and_read_at_an_address_until_that_is_withdrawn(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "adopt", "crowded"]) == 2
    assert "is not done" in capsys.readouterr().err
    assert main(["worker", "--once"]) == 0
    assert main(["publish", "crowded"]) == 0
    assert "no accepted plan waits" in capsys.readouterr().err
    assert main(["run", "adopt", "crowded"]) == 0
    assert "Run 1 is adopted; plans proposed: 3\n" in capsys.readouterr().out
    assert main(["run", "adopt", "crowded", "1", "--accept-all"]) == 0
    assert "plans proposed: 3, accepted now: 3" in capsys.readouterr().out
    assert main(["feed", "names", "crowded", "A"]) == 0
    assert "nothing is published here yet" in capsys.readouterr().err
    assert main(["publish", "crowded"]) == 0
    assert main(["publish", "crowded", "--school", "@audiences"]) == 0
    assert "@audiences: publication 1" in capsys.readouterr().out
    assert main(["feed", "names", "crowded", "A"]) == 0
    kind, name = capsys.readouterr().out.splitlines()[0].split("\t")
    assert main(["feed", "give", "crowded", "A", kind, name, "--label", "Mrs Smith"]) == 0
    address = capsys.readouterr().out.strip()
    token = address.removeprefix("https://etale.example.org/feeds/").removesuffix(".ics")
    store = open_store(f"sqlite:///{tmp_path / 'etale.db'}")
    found = served(store, token)
    assert isinstance(found, Served)
    assert main(["feed", "list", "crowded", "A"]) == 0
    shown = capsys.readouterr().out
    assert "Mrs Smith\tnever asked" in shown
    assert token not in shown
    assert main(["feed", "withdraw", "crowded", "A", shown.split("\t")[0]]) == 0
    assert isinstance(served(store, token), Gone)
    store.dispose()


def test_what_cannot_be_given_is_told(region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feed", "list", "crowded", "A"]) == 0
    assert "no address was given yet" in capsys.readouterr().err
    assert main(["feed", "give", "crowded", "A", "--group", "6Z"]) == 2
    assert "no calendar of “6Z” was published" in capsys.readouterr().err
    assert main(["feed", "withdraw", "crowded", "A", "7"]) == 2
    for school in ("nobody", "@nobody"):
        assert main(["feed", "names", "crowded", school]) == 2
