"""What-if scenarios: they are planned and touch nothing, and what can be of them becomes the region's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from little_work import LITTLE
from run_regions import ACTOR, KEY, brought, crowded, worker
from sqlalchemy import func, select

from scheduler.domain.runs import DONE, QUEUED, WHAT_IF, RunOptions
from scheduler.domain.scenario_changes import (
    AudienceHours,
    BackToSchool,
    CapacityChange,
    ClosedPlatform,
    IdleSignOut,
    LargestShift,
    TargetUtilisation,
)
from scheduler.domain.scenarios import Scenario
from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.runs import planning
from scheduler.service.capacities import list_capacities
from scheduler.service.kept_regions import freeze, thaw, with_changes
from scheduler.service.region_settings import change_settings, open_settings
from scheduler.service.regions import import_region
from scheduler.service.run_folders import plan_of_run
from scheduler.service.runs import list_runs, run_status, start_run
from scheduler.service.scenario_adoption import adopt_scenario
from scheduler.service.scenarios import changes_of, hide_scenario, list_scenarios, scenario_ground, start_scenarios
from scheduler.store.tables.runs import school_plans

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scheduler.domain.runs import Run
    from scheduler.domain.scenarios import Change
    from scheduler.store import Store

EIGHT, TEN = (dt.datetime.fromisoformat(f"2021-04-06T{hour}:00") for hour in ("08", "10"))
RAISE = CapacityChange(
    "ent", "connections", 500.0, percent=False, start=EIGHT - dt.timedelta(hours=1), end=TEN + dt.timedelta(hours=4)
)


@pytest.fixture(scope="module", autouse=True)
def _less_work() -> Iterator[None]:
    """Let a date take little: what is tried here is not how good plans are."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(planning, "SolveParams", LITTLE)
        yield


@pytest.fixture
def kept(store: Store, tmp_path: Path) -> Store:
    """Bring a region that is over its limit at the usual times."""
    brought(store, tmp_path / "region", sessions=4, capacity=60)
    return store


@pytest.fixture
def planned(kept: Store) -> Store:
    """Plan it, too."""
    start_run(kept, ACTOR, KEY, RunOptions(gap=0.05))
    worker(kept).work(once=True)
    return kept


def tried(store: Store, *changes: Change, **more: bool) -> Run:
    """Try a scenario to its end."""
    (run,) = start_scenarios(store, ACTOR, KEY, {"x": Scenario("Tried", changes)}, **more)
    worker(store).work(once=True)
    return run_status(store, ACTOR, KEY, run.number)


def test_a_frozen_region_without_changes_is_the_same_bytes_and_with_some_they_are_applied(kept: Store) -> None:
    with kept.read() as work:
        frozen = freeze(work, ACTOR.sees, KEY)
    assert with_changes(frozen, ()) == frozen
    thawed = thaw(kept, with_changes(with_changes(frozen, [LargestShift(90)]), [TargetUtilisation(0.5)])).region
    assert (thawed.policy.max_shift_minutes, thawed.policy.target_utilisation) == (90, 0.5)


def test_a_raise_begins_from_the_current_plan_ends_the_overload_and_touches_nothing(planned: Store) -> None:
    with planned.read() as work:
        proposals = work.connection.execute(select(func.count()).select_from(school_plans)).scalar_one()
    revision = scenario_ground(planned, ACTOR, KEY).revision
    run = tried(planned, RAISE)
    assert (run.state, run.purpose, run.options.start_from, run.options.stay_close_to) == (DONE, WHAT_IF, 1, None)
    assert changes_of(run) == (RAISE,)
    before = run_status(planned, ACTOR, KEY, 1).report
    assert run.report
    assert before
    assert run.report["objective"] < before["objective"]
    assert run.report["days"][0]["status"] == "within_limits"
    with planned.read() as work:
        assert work.connection.execute(select(func.count()).select_from(school_plans)).scalar_one() == proposals
    ground = scenario_ground(planned, ACTOR, KEY)
    assert (ground.revision, ground.current and ground.current.number) == (revision, 1)
    assert ground.audiences == ("parents",)


@pytest.mark.parametrize(
    "change",
    [
        CapacityChange("ent", "connections", -50.0, percent=True, start=EIGHT, end=TEN),
        ClosedPlatform("ent", "cned"),
        BackToSchool("primary", dt.date(2021, 4, 8)),
        AudienceHours("parents", 900),
        TargetUtilisation(0.9),
        LargestShift(90),
    ],
    ids=lambda change: change.kind,
)
def test_every_change_is_planned_from_the_current_plan(store: Store, tmp_path: Path, change: Change) -> None:
    import_region(store, ACTOR, with_more(crowded(tmp_path / "region", sessions=4, capacity=60)), KEY)
    start_run(store, ACTOR, KEY, RunOptions(gap=0.05))
    worker(store).work(once=True)
    for close in (False, True):
        run = tried(store, change, close=close)
        assert (run.state, run.failure) == (DONE, ())
    plan_of_run(store, ACTOR, KEY, 2, tmp_path / "plan")
    assert (tmp_path / "plan" / "plan.csv").exists()


def with_more(folder: Path) -> Path:
    """Give it levels, a second platform and an audience."""
    (folder / "schools.csv").write_text("school,name,level,academy,pupils\nA,A,primary,,\nB,B,lower_secondary,,\n")
    (folder / "platforms.csv").write_text("platform,name,kind\nent,Mon ENT,ent\ncned,CNED,virtual-class\n")
    access = (folder / "access.csv").read_text().replace("evening,,", "evening,parents,")
    (folder / "access.csv").write_text(access)
    return folder


def test_several_start_together_or_none_and_faults_name_the_scenario_and_its_field(kept: Store) -> None:
    good = Scenario("More", (RAISE,))
    with pytest.raises(FaultyInput) as wrong:
        start_scenarios(kept, ACTOR, KEY, {"a": good, "b": Scenario("None", (TargetUtilisation(2.0), IdleSignOut(-1)))})
    assert [fault.file for fault in wrong.value.faults] == ["b-share", "b-minutes"]
    assert list_runs(kept, ACTOR, KEY) == []
    runs = start_scenarios(kept, ACTOR, KEY, {"a": good, "b": Scenario("Wide", (LargestShift(90),))})
    assert [(run.number, run.title, run.state) for run in runs] == [(1, "More", QUEUED), (2, "Wide", QUEUED)]
    with pytest.raises(Refused, match="choose what would change"):
        start_scenarios(kept, ACTOR, KEY, {})
    with pytest.raises(Refused, match="no current plan"):
        start_scenarios(kept, ACTOR, KEY, {"a": good}, close=True)


def test_a_hidden_scenario_is_stopped_and_leaves_the_list(kept: Store) -> None:
    start_scenarios(kept, ACTOR, KEY, {"a": Scenario("More", (RAISE,)), "b": Scenario("Wide", (LargestShift(90),))})
    hide_scenario(kept, ACTOR, KEY, 1)
    assert [run.number for run in list_scenarios(kept, ACTOR, KEY)] == [2]
    assert not run_status(kept, ACTOR, KEY, 1).active
    start_run(kept, ACTOR, KEY, RunOptions())
    with pytest.raises(NotThere, match="no scenario"):
        hide_scenario(kept, ACTOR, KEY, 3)


def test_an_adopted_scenario_is_the_region_s_own_as_far_as_can_be(planned: Store) -> None:
    changes = (RAISE, TargetUtilisation(0.9), LargestShift(90), AudienceHours("parents", 900))
    number = tried(planned, *changes).number
    revision = scenario_ground(planned, ACTOR, KEY).revision
    adopted = adopt_scenario(planned, ACTOR, KEY, number, made_from=revision)
    assert (adopted.made, adopted.left_out) == (changes[:3], changes[3:])
    head = scenario_ground(planned, ACTOR, KEY).region
    assert (head.policy.target_utilisation, head.policy.max_shift_minutes) == (0.9, 90)
    assert head.capacities[-1] == RAISE.entry("Tried")
    # The same call again finds everything so already.
    adopt_scenario(planned, ACTOR, KEY, number, made_from=revision)
    assert len(list_capacities(planned, ACTOR, KEY).entries) == 2


def test_what_lies_elsewhere_or_was_changed_by_others_is_not_adopted(planned: Store) -> None:
    number = tried(planned, AudienceHours("parents", 900)).number
    with pytest.raises(Refused, match="nothing of this scenario"):
        adopt_scenario(planned, ACTOR, KEY, number, made_from=10**6)
    number = tried(planned, LargestShift(90)).number
    revision = scenario_ground(planned, ACTOR, KEY).revision
    other = replace(ACTOR, name="somebody else")
    settings = open_settings(planned, other, KEY).settings
    change_settings(planned, other, KEY, settings | {"name": "Renamed"}, made_from=revision)
    with pytest.raises(Refused, match="changed the same meanwhile"):
        adopt_scenario(planned, ACTOR, KEY, number, made_from=revision)
    start_scenarios(planned, ACTOR, KEY, {"x": Scenario("Waits", (LargestShift(120),))})
    with pytest.raises(Refused, match="not at its end"):
        adopt_scenario(planned, ACTOR, KEY, number + 1, made_from=revision)
