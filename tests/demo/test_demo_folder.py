"""The folder as others read it: the contract's files, columns and facts; the same bytes every time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from datetime import date
from typing import TYPE_CHECKING

import pytest
from written import contents, rows_of

from scheduler.demo import region_names, write_demo_region
from scheduler.errors import CannotWrite, FaultyInput

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {
    "platforms.csv": "platform,name,kind",
    "capacity.csv": "platform,meter,from,to,kind,amount,note",
    "schools.csv": "school,name,level,academy,pupils",
    "periods.csv": "level,first_date,last_date",
    "closures.csv": "school,first_date,last_date,note",
    "weeks.csv": "school,monday,week",
    "access.csv": "school,window,audience,day,weeks,heads,minutes,platforms,activity,usual_start,"
    "earliest,latest,weight",
    "usage.csv": "activity,platform,meter,from_minute,to_minute,share",
    "sessions": "school,session,day,weeks,start,minutes,groups,teachers,room,subject,heads,platforms,activity,locked,"
    "earliest,latest,weight,link",
}
KEY = re.compile(r"[A-Za-z0-9._-]{1,40}")


def test_files_and_columns_are_the_contracts(folder: Path) -> None:
    for name, columns in COLUMNS.items():
        for path in [folder / name] if name != "sessions" else sorted((folder / name).iterdir()):
            data = path.read_bytes()
            assert data.decode().splitlines()[0] == columns
            assert b"\r" not in data
            assert data.endswith(b"\n")


def test_region_toml_has_every_key_of_the_contract(folder: Path) -> None:
    region = tomllib.loads((folder / "region.toml").read_text(encoding="utf-8"))
    assert region["name"] == "Grand Est"
    assert (region["first_date"], region["last_date"]) == (date(2021, 4, 6), date(2021, 4, 9))
    assert region["timezone"] == "Europe/Paris"
    assert region["day"] == {"start": "07:30", "end": "19:00", "slot_minutes": 5}
    assert region["policy"] == {
        "target_utilisation": 0.75,
        "max_shift_minutes": 60,
        "move_together": "session",
        "overload_weight": 10.0,
        "move_minutes": 0.0,
        "switch_minutes": 10.0,
        "activity_minutes": 30.0,
        "break_minutes": 5,
        "lunch": {"from": "11:30", "to": "14:00", "minutes": 45},
    }


def test_what_files_name_exists(folder: Path) -> None:
    platforms = {row["platform"] for row in rows_of(folder / "platforms.csv")}
    schools = {row["school"] for row in rows_of(folder / "schools.csv")}
    used = {(row["activity"], row["platform"]) for row in rows_of(folder / "usage.csv")}
    asked = set()
    files = sorted((folder / "sessions").iterdir())
    assert {path.stem for path in files} == schools
    assert all(KEY.fullmatch(school) for school in schools)
    for row in [row for path in (*files, folder / "access.csv") for row in rows_of(path)]:
        assert row["school"] in schools | {""}
        for alternative in filter(None, row["platforms"].split("|")):
            names, _, other = alternative.partition("@")
            asked |= {(other or row["activity"], name) for name in names.split("+")}
    assert {platform for _, platform in asked} <= platforms
    assert asked == used  # nothing missing, which is an error; nothing to spare, which is a warning
    assert {row["platform"] for row in rows_of(folder / "capacity.csv")} == platforms


def test_levels_are_mixed(folder: Path) -> None:
    levels = [row["level"] for row in rows_of(folder / "schools.csv")]
    assert len(levels) == 20
    assert {level: levels.count(level) for level in sorted(set(levels))} == {
        "lower_secondary": 11,
        "primary": 5,
        "upper_secondary": 4,
    }


def test_parents_have_one_window_a_school_and_day(folder: Path) -> None:
    rows = rows_of(folder / "access.csv")
    parents = [(row["school"], row["day"]) for row in rows if row["audience"] == "parents"]
    assert len(parents) == len(set(parents)) == 20 * 5
    assert {row["audience"] for row in rows if not row["school"]} == {"inspection"}


def test_windows_lie_within_their_bounds(tmp_path: Path) -> None:
    for region in region_names():
        write_demo_region(tmp_path / "r", region, schools=3)
        for row in rows_of(tmp_path / "r" / "access.csv"):
            start, first, last = (
                int(row[column][:2]) * 60 + int(row[column][3:]) for column in ("usual_start", "earliest", "latest")
            )
            assert 450 <= first <= start
            assert start + int(row["minutes"]) <= last <= 1140


def test_primary_classes_have_one_teacher_and_short_sessions(folder: Path) -> None:
    primary = [row["school"] for row in rows_of(folder / "schools.csv") if row["level"] == "primary"]
    for school in primary:
        assert re.fullmatch(r"ECOLE-\d{7}[A-Z](-LYC)?", school)
        rows = rows_of(folder / "sessions" / f"{school}.csv")
        teachers: dict[str, set[str]] = {}
        meetings: dict[tuple[str, str], int] = {}
        for row in rows:
            division = row["groups"].split("/")[0]
            teachers.setdefault(division, set()).add(row["teachers"])
            meetings[division, row["day"]] = meetings.get((division, row["day"]), 0) + 1
            assert row["minutes"] in ("30", "45")
        assert all(len(names) == 1 for names in teachers.values())
        assert all(number <= 4 for number in meetings.values())


def test_same_seed_same_bytes_whatever_the_process(tmp_path: Path, folder: Path) -> None:
    code = "import sys, pathlib, scheduler.demo as d; d.write_demo_region(pathlib.Path(sys.argv[1]), schools=20)"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "again")], check=True, env=environment)
    assert contents(tmp_path / "again") == contents(folder)


def test_another_seed_gives_other_timetables_for_the_same_schools(tmp_path: Path, folder: Path) -> None:
    write_demo_region(tmp_path / "other", "Grand Est", schools=20, seed=1)
    other, first = contents(tmp_path / "other"), contents(folder)
    assert other["schools.csv"] == first["schools.csv"]
    assert all(other[name] != first[name] for name in first if name.startswith("sessions"))


def test_a_schools_files_do_not_depend_on_the_others(tmp_path: Path, folder: Path) -> None:
    write_demo_region(tmp_path / "few", "Grand Est", schools=6)
    few, more = contents(tmp_path / "few" / "sessions"), contents(folder / "sessions")
    assert len(few) == 6
    assert all(more[name] == data for name, data in few.items())


def test_summary_counts_what_was_written(tmp_path: Path) -> None:
    out = tmp_path / "new" / "region"
    summary = write_demo_region(out, "grand est", schools=4, seed=3)
    sessions = [row for path in (out / "sessions").iterdir() for row in rows_of(path)]
    schools = rows_of(out / "schools.csv")
    assert (summary.name, summary.path, summary.schools) == ("Grand Est", out, 4)
    assert summary.sessions == len(sessions)
    assert summary.windows == len(rows_of(out / "access.csv"))
    assert summary.pupils == sum(int(row["pupils"]) for row in schools)
    divisions = {(row["school"], g.split("/")[0]) for row in sessions for g in row["groups"].split("|")}
    assert summary.divisions == len(divisions)
    in_horizon = [row for row in sessions if row["day"] != "MO" and row["weeks"] in ("", "A")]
    assert summary.occurrences == len(in_horizon)


def test_one_school_is_enough_and_none_or_too_many_are_refused(tmp_path: Path) -> None:
    assert write_demo_region(tmp_path / "one", "Mayotte", schools=1).schools == 1
    for count in (0, -1, 100_000):
        with pytest.raises(FaultyInput, match=r"from 1 to \d+") as caught:
            write_demo_region(tmp_path / "none", "Mayotte", schools=count)
        assert "Mayotte" in str(caught.value)
    assert not (tmp_path / "none").exists()


def test_unknown_region_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(FaultyInput) as caught:
        write_demo_region(tmp_path / "x", "Alsace")
    (fault,) = caught.value.faults
    assert "Alsace" in str(fault)
    assert "Grand Est" in str(fault)
    assert "Île-de-France" in str(fault)


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    for name in ("mine", "file"):
        with pytest.raises(FaultyInput, match=r"region\.toml"):
            write_demo_region(tmp_path / name, schools=1)
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "years of work"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "mine"]


def test_a_region_folder_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "region"
    out.mkdir()  # an empty folder will do
    write_demo_region(out, "Corse", schools=5)
    write_demo_region(out, "Corse", schools=2)
    assert len(list((out / "sessions").iterdir())) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["region"]


def test_a_place_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CannotWrite):
        write_demo_region(tmp_path / "file" / "region", schools=1)
