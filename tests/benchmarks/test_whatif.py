"""What-if scenarios are measured from the current plan, as the service tries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from run_regions import DATES, brought

from benchmarks import whatif
from benchmarks.command import PlanOptions
from benchmarks.figures import Figures
from benchmarks.whatif import ACTOR, KEY
from scheduler.domain.runs import RunOptions
from scheduler.service.runs import start_run
from scheduler.service.scenarios import scenario_ground, start_scenarios

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from scheduler.store import Store


def test_a_scenario_is_worked_off_and_its_row_says_whether_the_target_is_met(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brought(store, tmp_path / "region", KEY, sessions=2, capacity=6000)
    options = PlanOptions(0.5)
    whatif._worked(store, options, start_run(store, ACTOR, KEY, RunOptions(gap=0.5)))
    tried = whatif.scenarios(scenario_ground(store, ACTOR, KEY).region)
    assert [scenario.changes[0].kind for scenario in tried] == ["capacity"] * 3 + ["audience-hours"]
    assert tried[1].changes[0].start.date().isoformat() == DATES[1]
    (run,) = start_scenarios(store, ACTOR, KEY, {"": tried[0]}, close=True, gap=0.5)
    ended, seconds = whatif._worked(store, options, run)
    table = whatif.Table("What if", whatif.COLUMNS)
    for spent in (seconds, 61.0):
        whatif._print(table, Figures(), 2, tried[0].name, "the plan", ended, spent)
    told = capsys.readouterr().out.splitlines()[-2:]
    assert ["missed" in line for line in told] == [False, True]
    assert "| 0.00% | 0.00% | 0 |" in told[0]
