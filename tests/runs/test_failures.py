"""A run that fails says why, keeps nothing, and does not keep others waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from run_regions import (
    ACTOR,
    KEY,
    OPTIONS,
    dates_kept,
    planned,
    worker,
)
from sqlalchemy import select, update

from scheduler.domain.runs import DONE, FAILED, RunOptions
from scheduler.errors import BrokenPlan, Fault, FaultyInput, Refused
from scheduler.runs import planning
from scheduler.service.run_folders import plan_of_run
from scheduler.service.runs import run_status, start_run
from scheduler.store.tables.runs import plan_runs, school_plans
from scheduler.wording import T

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store


def test_faults_are_all_told(store: Store, region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [Fault("a.csv", line, T("it is wrong"), T("mend it")) for line in (1, 2)]
    monkeypatch.setattr(planning, "read_inputs", raises(FaultyInput(faults)))
    run = planned(store)
    assert run.state == FAILED
    assert [str(why) for why in run.failure] == ["a.csv:1: it is wrong; mend it", "a.csv:2: it is wrong; mend it"]
    assert [why.template for why in run.failure] == [fault.as_text().template for fault in faults]


def raises(error: Exception) -> Any:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


def test_an_erased_input_fails_with_a_sentence(store: Store, region: Path) -> None:
    start_run(store, ACTOR, KEY, OPTIONS)
    with store.write() as work:
        work.connection.execute(update(plan_runs).values(input=None))
    worker(store).work(once=True)
    assert "was erased; start another one" in str(run_status(store, ACTOR, KEY, 1).failure[0])
    with pytest.raises(Refused, match="not done"):
        plan_of_run(store, ACTOR, KEY, 1, region.parent / "plan")


def test_a_full_disk_for_temporary_files_is_told_in_words(
    store: Store, region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The former run's plan found no room to be read, and it was said that Étale itself had failed."""
    planned(store, RunOptions(gap=1.0))
    monkeypatch.setattr("tempfile.mkdtemp", raises(FileNotFoundError(2, "No usable temporary directory")))
    run = planned(store, RunOptions(gap=1.0, start_from=1))
    assert run.state == FAILED
    assert "temporary files cannot be used (No usable temporary directory)" in str(run.failure[0])


def test_nothing_of_a_plan_that_breaks_a_rule_is_kept(
    store: Store, region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "judge", raises(BrokenPlan([T("one overlaps another")])))
    run = planned(store, RunOptions(gap=1.0))
    assert (run.state, run.objective, run.report) == (FAILED, None, None)
    assert [str(why) for why in run.failure][1:] == ["one overlaps another"]
    assert dates_kept(store) == 0
    with store.read() as work:
        assert work.connection.execute(select(school_plans)).all() == []


def test_a_failure_of_ours_ends_one_run_and_not_the_worker(
    store: Store, region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(planning, "judge", raises(ZeroDivisionError()))
        assert "ZeroDivisionError" in str(planned(store, RunOptions(gap=1.0)).failure[0])
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert planned(store, RunOptions(gap=1.0)).state == DONE
