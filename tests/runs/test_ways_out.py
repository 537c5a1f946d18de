"""What a run says of the ways out of its overload is a bound: no plan under the change saves more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exact_model import exact_optimum
from little_work import LITTLE
from run_regions import ACTOR, KEY, brought, planned

from scheduler.domain.problem import build_problem
from scheduler.domain.runs import RunOptions
from scheduler.domain.scenarios import changed, from_documents
from scheduler.files.words import SpokenWords
from scheduler.runs import planning
from scheduler.service.kept_regions import freeze, thaw
from scheduler.service.run_views import look_at_run

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store


@pytest.fixture(autouse=True)
def _less_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "SolveParams", LITTLE)


def test_no_change_saves_more_than_is_told(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "region", sessions=4, capacity=60)
    run = planned(store, RunOptions(gap=0.05))
    assert run.report
    ways = run.report["ways_out"]
    assert ways
    assert [way["saves"] for way in ways] == sorted((way["saves"] for way in ways), reverse=True)
    with store.read() as work:
        region = thaw(work, freeze(work, ACTOR.sees, KEY)).region
    objective = {day["date"]: day["objective"] for day in run.report["days"]}
    for way in ways:
        day = [date.isoformat() for date in region.grid.dates].index(way["date"])
        optimum, _ = exact_optimum(build_problem(changed(region, from_documents(way["changes"])), day))
        assert objective[way["date"]] - optimum <= way["saves"] + 0.01
    needs = look_at_run(store, ACTOR, KEY, 1, language="en").needs
    assert len(needs.ways_out) == len(ways)
    assert "head-minutes less on" in SpokenWords("en").say(needs.ways_out[0][0])


def test_a_plan_within_its_limits_needs_no_way_out(store: Store, tmp_path: Path) -> None:
    brought(store, tmp_path / "region", sessions=4, capacity=6000)
    report = planned(store, RunOptions(gap=0.05)).report
    assert report
    assert report["ways_out"] == []
