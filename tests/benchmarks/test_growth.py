"""The figures of the store are taken step by step, on whichever database there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from region_files import write_region

from benchmarks import growth
from benchmarks.figures import Figures
from benchmarks.publishing import MOVED

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from scheduler.store import Store


def test_every_step_is_timed_and_leaves_nothing_behind(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "MANY", 3)
    monkeypatch.setattr(growth, "SOME", 2)
    folder = write_region(tmp_path / "r")
    steps = list(growth._steps(store, folder, tmp_path / "out"))
    names = [what for what, _, _ in steps]
    assert names[0] == "import"
    assert names[-4:] == ["export", *MOVED, "read a feed"]
    assert len(set(names)) == len(names)
    assert all(seconds == sorted(seconds) and seconds[0] > 0 for _, _, seconds in steps)
    assert not (tmp_path / "out").exists()


def test_a_missed_target_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    table = growth.Table("Growth", growth.COLUMNS)
    for seconds in ([0.01] * 100, [0.01] * 98 + [2.0] * 2):
        growth._print(table, Figures(), (10, "SQLite", "list"), 0.1, seconds, 100)
    told = capsys.readouterr().out.splitlines()[-2:]
    assert ["missed" in line for line in told] == [False, True]
    assert "| 10 ms | 2.0 s | 100 ms, missed |" in told[1]
