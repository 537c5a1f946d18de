"""The whole program from the outside: commands, exit statuses, what is written and what is not (CONTRACT section 6)."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from icalendar import Calendar
from region_files import small_region, write_region
from written import contents, report, rows_of

from scheduler import cli
from scheduler.demo import write_demo_region

DEMO_SCHOOLS = 4


def etale(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, in English."""
    return subprocess.run(
        [sys.executable, "-m", "scheduler", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "ETALE_LANG": "en"},
        **options,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "region"
    write_demo_region(folder, "Grand Est", DEMO_SCHOOLS)
    # Two dates of the four are enough for two workers, and half as long to plan.
    toml = folder / "region.toml"
    text, cut = re.subn("(?m)^last_date = .*", "last_date = 2021-04-07", toml.read_text(encoding="utf-8"))
    assert cut == 1
    toml.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def planned(demo: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    plan = demo.parent / "plan"
    return plan, etale("stagger", demo, "--out", plan, "--feeds", "--gap", "0.1", "--workers", "1")


def test_the_road_from_demo_to_check(demo: Path, planned: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    plan, ran = planned
    assert ran.returncode == 0, ran.stderr
    assert str(plan / "index.html") in ran.stdout
    assert report(plan)["gap"] <= 0.1
    checked = etale("check", demo, plan, "--proof")
    assert checked.returncode == 0, checked.stdout
    assert "Every rule is kept" in checked.stdout
    assert "prove the lower bound" in checked.stdout


def test_progress_goes_to_stderr_and_quiet_silences_it(demo: Path, tmp_path: Path, planned) -> None:
    assert "finding the prices of slots" in planned[1].stderr
    quiet = etale("stagger", demo, "--out", tmp_path / "p", "--quiet", "--time-limit", "0")
    assert quiet.returncode == 0
    assert "prices of slots" not in quiet.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_same_bytes_with_any_number_of_workers(demo: Path, planned, tmp_path: Path, workers: str) -> None:
    again = tmp_path / "again"
    assert etale("stagger", demo, "--out", again, "--feeds", "--gap", "0.1", "--workers", workers).returncode == 0
    first, second = (
        {name: file for name, file in contents(plan).items() if name.endswith((".csv", ".ics"))}
        for plan in (planned[0], again)
    )
    assert len(second) > 50
    assert second == first


def test_every_feed_is_read_back_with_the_times_of_the_plan(planned) -> None:
    plan, _ = planned
    starts = {(row["school"], row["date"], row["start"]) for row in rows_of(plan / "plan.csv")}
    seen = set()
    for file in (plan / "feeds").rglob("*.ics"):
        calendar = Calendar.from_ical(file.read_bytes())
        assert "METHOD" not in calendar
        for event in calendar.walk("VEVENT"):
            begins = event["DTSTART"].dt
            school = "" if file.parent.name == "feeds" else file.parent.name
            seen.add((school, begins.date().isoformat(), f"{begins:%H:%M}"))
    assert seen == starts


def test_a_former_plan_is_a_start_that_is_as_good(demo: Path, planned, tmp_path: Path) -> None:
    again = tmp_path / "again"
    ran = etale("stagger", demo, "--out", again, "--gap", "0.1", "--start-from", planned[0], "--workers", "1")
    assert ran.returncode == 0, ran.stderr
    assert report(again)["objective"] <= report(planned[0])["objective"]
    assert etale("check", demo, again).returncode == 0


def test_without_time_the_usual_timetable_is_the_plan(demo: Path, tmp_path: Path) -> None:
    ran = etale("stagger", demo, "--out", tmp_path / "p", "--time-limit", "0")
    assert ran.returncode == 0
    assert report(tmp_path / "p")["moved"] == 0
    assert report(tmp_path / "p")["stopped_by"] == "time"
    assert etale("check", demo, tmp_path / "p", "--proof").returncode == 0


def test_level_is_reported_and_checked(demo: Path, planned, tmp_path: Path) -> None:
    plan = tmp_path / "p"
    ran = etale("stagger", demo, "--out", plan, "--objective", "level", "--time-limit", "6")
    assert ran.returncode == 0, ran.stderr
    levelled = report(plan)
    peaks = [one["utilisation_after"] for one in levelled["peaks"] if one["utilisation_after"] is not None]
    assert levelled["level"] == pytest.approx(max(peaks))
    assert 0 < levelled["level_lower_bound"] <= levelled["level"]
    before = max(one["utilisation_after"] for one in report(planned[0])["peaks"])
    assert levelled["level"] <= before
    assert etale("check", demo, plan, "--proof").returncode == 0


def test_a_hand_written_spreadsheet_region(tmp_path: Path) -> None:
    """README's example, to the figure: it is what a newcomer tries first."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    tables = [block.partition("\n")[2] for block in readme.split("```")[1::2]]
    region = tmp_path / "region"
    region.mkdir()
    for file, start in {
        "region.toml": "name =",
        "platforms.csv": "platform,name",
        "capacity.csv": "platform,meter",
        "schools.csv": "school,name",
        "sessions.csv": "school;session",
        "usage.csv": "activity,platform",
    }.items():
        region.joinpath(file).write_text(next(one for one in tables if one.startswith(start)), encoding="utf-8")
    assert etale("stagger", region, "--out", tmp_path / "p", "--gap", "0").returncode == 0
    assert etale("check", region, tmp_path / "p", "--proof").returncode == 0
    table = rows_of(tmp_path / "p/plan.csv")
    moved = [(row["id"], row["shift_minutes"]) for row in table if row["shift_minutes"] != "0"]
    assert moved == [("maths-6B-tu", "55")]
    assert report(tmp_path / "p")["gap"] == pytest.approx(0, abs=1e-6)


def test_faults_are_all_listed_and_nothing_is_written(tmp_path: Path) -> None:
    files = small_region()
    files["platforms.csv"] = files["platforms.csv"].replace("ent", "e n t", 1)
    files["usage.csv"] += "live,nowhere,connections,0,end,1\n"
    region = write_region(tmp_path / "region", files)
    ran = etale("stagger", region, "--out", tmp_path / "p")
    assert ran.returncode == 2
    assert "platforms.csv:2: " in ran.stderr
    assert "usage.csv:" in ran.stderr
    assert not (tmp_path / "p").exists()
    assert etale("check", region, tmp_path / "p").returncode == 2


def test_a_standing_plan_survives_a_faulty_folder(tmp_path: Path) -> None:
    region = write_region(tmp_path / "region", small_region())
    plan = tmp_path / "p"
    assert etale("stagger", region, "--out", plan, "--quiet").returncode == 0
    before = contents(plan)
    (region / "schools.csv").write_text("school\n!!\n", encoding="utf-8")
    assert etale("stagger", region, "--out", plan).returncode == 2
    assert contents(plan) == before


def test_a_foreign_folder_is_not_replaced(tmp_path: Path) -> None:
    region = write_region(tmp_path / "region", small_region())
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "cat.jpg").write_bytes(b"cat")
    ran = etale("stagger", region, "--out", photos)
    assert ran.returncode == 2
    assert [path.name for path in photos.iterdir()] == ["cat.jpg"]
    assert etale("stagger", region, "--out", region).returncode == 2


def test_a_check_that_fails_says_what_and_ends_with_1(tmp_path: Path) -> None:
    region = write_region(tmp_path / "region", small_region())
    plan = tmp_path / "p"
    assert etale("stagger", region, "--out", plan).returncode == 0
    altered = report(plan)
    altered["moved"] += 7
    (plan / "report.json").write_text(json.dumps(altered), encoding="utf-8")
    ran = etale("check", region, plan)
    assert ran.returncode == 1
    assert "moved" in ran.stdout


def test_a_person_stops_it_and_gets_the_best_plan_so_far(demo: Path, tmp_path: Path) -> None:
    plan = tmp_path / "p"
    process = subprocess.Popen(
        [sys.executable, "-m", "scheduler", "stagger", demo, "--out", plan, "--gap", "0", "--workers", "2"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "ETALE_LANG": "en"},
    )
    told = ""
    while "improving" not in told and process.poll() is None:
        told = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=120)[1]
    assert process.returncode == 0, rest
    assert report(plan)["stopped_by"] == "user"
    assert etale("check", demo, plan, "--proof").returncode == 0


def test_a_killed_run_leaves_no_half_written_folder(demo: Path, tmp_path: Path) -> None:
    plan = tmp_path / "out" / "p"
    process = subprocess.Popen(
        [sys.executable, "-m", "scheduler", "stagger", demo, "--out", plan, "--feeds", "--gap", "1", "--quiet"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    # As soon as anything appears, it is being written: kill it there.
    while process.poll() is None and not any((tmp_path / "out").glob(".*") if (tmp_path / "out").exists() else []):
        time.sleep(0.001)
    process.kill()
    process.wait()
    assert not plan.exists() or etale("check", demo, plan).returncode == 0
    assert etale("stagger", demo, "--out", plan, "--gap", "1", "--quiet").returncode == 0
    assert [path.name for path in plan.parent.iterdir()] == ["p"], "the leftovers of the killed run are cleared"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["stagger", "r"],
        ["stagger", "r", "--out", "p", "--gap", "2"],
        ["stagger", "r", "--out", "p", "--workers", "0"],
        ["stagger", "r", "--out", "p", "--seed", "x"],
        ["check", "r"],
        ["demo", "--region", "Atlantis"],
        ["demo", "--schools", "0"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], tmp_path: Path) -> None:
    ran = etale(*arguments, cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stderr
    assert not list(tmp_path.iterdir())


def test_our_own_failure_ends_with_3_and_says_where_to_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setenv("ETALE_LANG", "en")
    monkeypatch.setattr("scheduler.service.stagger.read_region", broken)
    assert cli.main(["stagger", str(tmp_path), "--out", str(tmp_path / "p")]) == 3
    told = capsys.readouterr().err
    assert "a mistake of ours" in told
    assert "Please report it" in told
    assert not (tmp_path / "p").exists()


def test_a_plan_that_breaks_a_rule_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from scheduler.wording import T

    region = write_region(tmp_path / "region", small_region())
    monkeypatch.setenv("ETALE_LANG", "en")
    monkeypatch.setattr("scheduler.service.outcomes.audit", lambda *_, **__: [T("a rule is broken")])
    assert cli.main(["stagger", str(region), "--out", str(tmp_path / "p")]) == 3
    assert "a rule is broken" in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


def test_warnings_are_told_and_kept(tmp_path: Path) -> None:
    region = write_region(tmp_path / "region", small_region())
    table = region / "schools.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([lines[0] + ",colour", *(line + ",red" for line in lines[1:])]), encoding="utf-8")
    ran = etale("stagger", region, "--out", tmp_path / "p")
    assert ran.returncode == 0
    assert "schools.csv:1: " in ran.stderr
    assert any("schools.csv:1: " in warning for warning in report(tmp_path / "p")["warnings"])


def test_it_speaks_french(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "scheduler", "stagger", tmp_path / "nowhere", "--out", tmp_path / "p"],
        capture_output=True,
        text=True,
        env={**os.environ, "ETALE_LANG": "fr"},
    )
    assert ran.returncode == 2
    assert "rien n’a été" in ran.stderr
