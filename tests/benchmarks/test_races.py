"""The smallest race of every kind, so that the benchmarks cannot rot; what they measure is not judged here."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from exact_model import exact_optimum
from random_regions import random_problem, random_region, tangled_problem

from benchmarks import __main__ as benchmarks
from benchmarks.command import CommandFailed, PlanOptions, Run, stagger
from benchmarks.figures import Figures, read_figures
from benchmarks.instances import Instances, cut
from benchmarks.rivals.cp_sat import answer_of_cp_sat
from benchmarks.rivals.entrant import Answer, Task
from benchmarks.rivals.greedy import answer_of_greedy
from benchmarks.rivals.race import Attempt, Course, Rules, _bounded, attempt, course, judge, race
from benchmarks.rivals.timefold_here import INTERPRETER, missing, told
from benchmarks.scaling import scaling
from benchmarks.sizes import sizes
from benchmarks.stages import seconds_a_stage, stage_of, stages
from benchmarks.synthetic import LIMITS
from benchmarks.tables import Table, seconds_of
from scheduler.domain.audit import audit
from scheduler.domain.load import load_by_slot
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import place_plan, usual_day
from scheduler.files.region_folder import read_region
from scheduler.optimizer.day import keeps_rules
from scheduler.optimizer.pricing import objective

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOISE = 1e-6
ONCE = PlanOptions(gap=0.9)


@pytest.fixture(scope="module")
def instances(tmp_path_factory: pytest.TempPathFactory) -> Instances:
    return Instances(tmp_path_factory.mktemp("instances"))


@pytest.fixture(scope="module")
def tiny(instances: Instances) -> Course:
    return course("synthetic 1", instances.synthetic(1))


def rows(printed: str) -> list[list[str]]:
    """Give the cells of the printed tables, without their heads and rules."""
    lines = [line for line in printed.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    rules = [at for at, row in enumerate(cells) if set(row[0]) == {"-"}]
    return [row for at, row in enumerate(cells) if at not in rules and at + 1 not in rules]


# -- regions


def test_a_synthetic_region_is_limited_by_shares_of_its_own_peaks(tiny: Course):
    region = tiny.region
    peaks = load_by_slot(region, 0, usual_plan(region)).max(axis=1)
    for place, meter in enumerate(region.meters):
        assert tiny.problem.limit[place].max() == pytest.approx(LIMITS[meter.platform] * peaks[place], abs=0.5)


def test_the_sessions_of_a_synthetic_region_may_all_move_by_an_hour_and_none_overlaps(tiny: Course):
    assert set(tiny.problem.high - tiny.problem.low) == {24}
    assert len(tiny.problem.overlapping) == 0
    assert len(tiny.problem.before) > len(tiny.problem)


def test_region_folders_are_made_once(instances: Instances):
    mark = instances.synthetic(1) / "mark"
    mark.touch()
    assert (instances.synthetic(1) / "mark").exists()
    mark.unlink()


def test_a_cut_region_keeps_its_schools_rows_and_as_much_capacity_a_pupil(tmp_path: Path):
    write = lambda name, text: (tmp_path / name).write_text(text, encoding="utf-8")  # noqa: E731
    (tmp_path / "sessions").mkdir()
    write("schools.csv", "school,name,pupils\nA,a,100\nB,b,500\nC,c,200\nD,d,200\n")
    write("access.csv", "school,window\nA,1\nB,2\n,3\n")
    write("capacity.csv", "platform,kind,amount\nent,base,1000\nent,change,+100\nent,change,-50%\n")
    for key in "ABCD":
        write(f"sessions/{key}.csv", "")
    cut(tmp_path, 2)
    assert (tmp_path / "schools.csv").read_text().splitlines()[1:] == ["A,a,100", "C,c,200"]
    assert sorted(path.stem for path in (tmp_path / "sessions").iterdir()) == ["A", "C"]
    assert (tmp_path / "access.csv").read_text().splitlines()[1:] == ["A,1", ",3"]
    assert (tmp_path / "capacity.csv").read_text().splitlines()[1:] == [
        "ent,base,300",
        "ent,change,+30",
        "ent,change,-50%",
    ]


def test_an_outage_takes_a_quarter_of_the_first_platform_for_two_hours(instances: Instances, tiny: Course):
    changed = read_region(instances.changed(tiny.folder)).region
    (date,) = changed.grid.dates
    before, after = tiny.region.capacity(date), changed.capacity(date)
    lost = np.flatnonzero(before[0] != after[0])
    assert (lost[0], lost[-1] + 1) == (9 * 12, 11 * 12)
    assert after[0, lost] == pytest.approx(0.75 * before[0, lost])
    assert (before[1] == after[1]).all()


# -- rivals

ANSWERS = pytest.mark.parametrize("answer_of", [answer_of_greedy, answer_of_cp_sat], ids=["greedy", "cp-sat"])


@ANSWERS
@pytest.mark.parametrize("seed", range(8))
def test_rivals_keep_every_rule_of_random_regions(answer_of: Callable[[Task], Answer], seed: int):
    region, problem = random_region(seed), random_problem(seed)
    found = answer_of(Task(problem, time_limit=5.0, workers=1))
    assert found.plan is not None
    assert audit(region, place_plan(problem, region.activities, found.plan)) == []


@ANSWERS
@pytest.mark.parametrize("seed", range(4))
def test_rivals_keep_every_rule_of_tangled_problems(answer_of: Callable[[Task], Answer], seed: int):
    found = answer_of(Task(tangled_problem(seed), time_limit=5.0, workers=1))
    assert found.plan is not None
    assert keeps_rules(tangled_problem(seed), found.plan)


@pytest.mark.parametrize("seed", range(8))
def test_cp_sat_finds_the_optimum_of_small_regions_and_its_bound_is_no_higher(seed: int):
    problem = random_problem(seed)
    optimum, _ = exact_optimum(problem)
    found = answer_of_cp_sat(Task(problem, time_limit=20.0, workers=1))
    assert found.plan is not None
    assert found.bound is not None
    # Its overload is worth whole head-minutes only, so that its bound is true and its plan may be a trifle dearer.
    assert found.bound <= optimum * (1 + NOISE) + NOISE
    whole_price = float(problem.overload_price).is_integer()
    assert objective(problem, found.plan) <= optimum * (1 + NOISE if whole_price else 1.5) + 0.1


def test_greedy_costs_less_than_moving_nothing(tiny: Course):
    found = answer_of_greedy(Task(tiny.problem, time_limit=5.0, workers=1))
    assert found.plan is not None
    assert objective(tiny.problem, found.plan) < 0.9 * objective(tiny.problem, usual_day(tiny.problem))


def test_the_judge_counts_broken_rules_and_reckons_the_objective(tiny: Course):
    usual = usual_plan(tiny.region)
    fair = judge(tiny, Attempt(usual))
    assert fair.broken == 0
    assert fair.objective == pytest.approx(objective(tiny.problem, usual_day(tiny.problem)))
    late = judge(tiny, Attempt(replace(usual, start=usual.start + np.int16(90))))
    assert late.broken is not None
    assert late.broken > 0


def test_a_rival_that_does_not_end_is_ended_with_what_it_started(tmp_path: Path):
    pid = tmp_path / "pid"
    shell = ["sh", "-c", f"sleep 60 & echo $! > {pid}; wait"]
    assert _bounded(shell, 0.5) == (None, "")
    # What is ended may stay listed for a moment, as a zombie of whoever adopts it, but runs no more.
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid.read_text().strip()], check=False, capture_output=True)
    assert state.stdout.strip()[:1] in (b"", b"Z")


def test_a_rival_that_fails_gives_its_status_and_its_words():
    assert _bounded(["sh", "-c", "echo no >&2; exit 3"], 10.0) == (3, "no\n")


@pytest.mark.slow
def test_everyone_races(tiny: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(INTERPRETER, raising=False)
    race([tiny], Figures(), benchmarks.contestants.ENTRANTS, Rules(time_limit=6.0, gap=0.9))
    table = {row[2]: row for row in rows(capsys.readouterr().out)}
    assert list(table) == list(benchmarks.contestants.ENTRANTS)
    assert [row[9] for name, row in table.items() if name != "timefold"] == ["0"] * 4
    assert "not installed" in table["timefold"][-1]
    assert table["cp-sat"][6] != "–"
    assert table["ours"][6] != "–"


def test_timefold_is_told_whole_problems(tiny: Course):
    said = told(tiny.problem, usual_day(tiny.problem))
    assert len(said["activities"]) == len(tiny.problem)
    assert sum(map(len, said["others"])) == 2 * len(tiny.problem.before)
    one = said["activities"][0]
    assert one["low"] + one["way"] // len(one["profiles"]) == 0
    assert len(said["limit"]) == tiny.problem.limit.size


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
@pytest.mark.slow
def test_timefold_keeps_every_rule_where_it_is_installed(tiny: Course):
    tried = judge(tiny, attempt(tiny, "timefold", Rules(time_limit=8.0)))
    assert tried.broken == 0
    assert tried.objective is not None
    first = answer_of_greedy(Task(tiny.problem, time_limit=5.0, workers=1)).plan
    assert first is not None
    assert tried.objective <= objective(tiny.problem, first) + NOISE


def test_a_missing_interpreter_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(INTERPRETER, "/nowhere/python")
    assert missing() == f"Timefold is not installed: {INTERPRETER} names /nowhere/python, which lacks it."


# -- sizes, scaling, stages


@pytest.mark.slow
def test_sizes_with_a_week_and_a_re_plan(
    instances: Instances, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    # A synthetic school stands for the nation, whose demo takes minutes to make.
    monkeypatch.setattr(Instances, "france", Instances.synthetic)
    monkeypatch.setattr(Instances, "demo", Instances.synthetic)
    sizes(instances, Figures(), ONCE, (1,), week=1)
    table = rows(capsys.readouterr().out)
    assert [row[0] for row in table] == ["1 schools", "week of 1 schools", "week of 1 schools, re-planned"]
    assert all(row[3] == "90.00%" and row[10] in ("within_limits", "overloaded") for row in table)


@pytest.mark.slow
def test_scaling_and_stages(instances: Instances, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Instances, "demo", Instances.synthetic)
    scaling(instances, Figures(), ONCE, (1,), (1,))
    assert [row[:3:2] for row in rows(capsys.readouterr().out)] == [["1", "1"]]
    stages(instances, Figures(), ONCE, (1,))
    told_of = [row[2] for row in rows(capsys.readouterr().out)]
    assert told_of[0] == "starting"
    assert "reading" in told_of
    assert any(stage.startswith("planning: ") for stage in told_of)


def test_a_command_that_fails_says_why(tmp_path: Path):
    with pytest.raises(CommandFailed, match="cannot be read"):
        stagger(tmp_path / "nowhere", tmp_path / "plan", ONCE)


def test_lines_of_progress_are_read():
    assert stage_of("    0 s  Reading /tmp/a region/folder") == "reading"
    assert stage_of("   12 s  Thursday, 8 April 2021: improving the plan, step 3: bound 9, best plan 9") == (
        "planning: improving the plan"
    )
    assert stage_of("warning: something else") is None


def test_the_stages_of_a_run_are_all_of_its_time():
    lines = ((0.5, "    0 s  Reading /a"), (1.0, "a warning"), (2.0, "    2 s  Writing /b"))
    assert seconds_a_stage(Run({}, 3.5, lines)) == {"starting": 0.5, "reading": 1.5, "writing": 1.5}


# -- figures and tables


def test_figures_are_recorded_and_compared(tmp_path: Path):
    record = tmp_path / "figures.toml"
    record.write_text('[[target]]\npart = "sizes"\ncase = "a"\nseconds = 9\n', encoding="utf-8")
    for seconds in (4.0, 2.0):
        read_figures(record, record).keep("sizes", "a", seconds=seconds, gap=0.0125, peak_mib=None)
    figures = read_figures(record)
    assert figures.ratio("sizes", "a", "seconds", 3.0) == "× 1.50"
    assert figures.ratio("sizes", "a", "gap", 0.0125) == "× 1.00"
    assert figures.ratio("sizes", "b", "seconds", 3.0) == "–"
    assert figures.wanted("sizes", "a", "seconds") == 9
    assert {"date", "commit", "conditions"} <= figures.former["sizes", "a"].keys()


def test_the_record_that_is_shipped_can_be_read():
    figures = read_figures()
    assert figures.former["sizes", "10 schools, gap 0.05"]["gap"] == pytest.approx(0.0236)


def test_a_figure_without_a_case_is_refused(tmp_path: Path):
    (tmp_path / "figures.toml").write_text('[[figure]]\npart = "sizes"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="lacks case"):
        read_figures(tmp_path / "figures.toml")


def test_a_table_refuses_rows_that_do_not_fit(capsys: pytest.CaptureFixture[str]):
    table = Table("Title", ("one", "two"))
    table.row("1", seconds_of(2.04))
    assert "| 1 | 2.0 s |" in capsys.readouterr().out
    with pytest.raises(ValueError, match="1 cells in a table of 2 columns"):
        table.row("1")


def test_the_command_prints_conditions_and_the_part_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Instances, "demo", Instances.synthetic)
    arguments = ["rivals", "--schools", "1", "--kinds", "synthetic", "--only", "usual", "--folder", str(tmp_path)]
    benchmarks.main(arguments)
    printed = capsys.readouterr().out
    assert printed.startswith("Étale ")
    assert "load average" in printed
    assert [row[:3:2] for row in rows(printed)] == [["synthetic 1", "usual"]]
