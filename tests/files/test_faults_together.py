"""Faults of many rows and files: all at once, in order, none that follows from another, and no flood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faults import HEADER, PARENTS, S1, faults_of, in_parents, in_s1, places_of
from region_files import added, edited, write_region

from scheduler.files.fault_list import MOST_ALIKE
from scheduler.files.region_folder import read_region

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_small_region_is_sound(tmp_path: Path) -> None:
    assert not read_region(write_region(tmp_path)).warnings


def test_a_sentence_reads_as_the_contract_says(tmp_path: Path) -> None:
    (fault,) = faults_of(write_region(tmp_path, in_s1("08:00", "25:10")))
    assert str(fault) == "sessions.csv:2: start “25:10” is not a time of day; write it as HH:MM, for example 08:05"


def test_every_fault_of_every_file_is_reported_at_once_in_file_and_line_order(tmp_path: Path) -> None:
    folder = write_region(
        tmp_path,
        {
            **edited("region.toml", "slot_minutes = 5", "slot_minutes = 7"),
            **added("platforms.csv", "a b", "ent"),
            **edited("capacity.csv", "base,400", "base,many"),
            **added("schools.csv", "0670001A", "c d"),
            "periods.csv": "level,first_date,last_date\n,x,y\n",
            "closures.csv": "school,first_date,last_date\nX,2021-04-06,2021-04-06\n",
            "weeks.csv": "school,monday,week\n,2021-04-07,A\n",
            "sessions.csv": HEADER + "\n" + S1.replace("TU", "XX").replace(",55,", ",3,") + "\n",
            "sessions/b.csv": HEADER + "\n" + S1.replace("S1", "S7").replace("25", "-3") + "\n",
            "sessions/a.csv": HEADER + "\n\n" + S1 + "\n",
            **in_parents("parents", "p q"),
            **added("usage.csv", "live,ent,connections,0,end,x"),
        },
    )
    assert places_of(folder) == [
        "region.toml:9",
        "platforms.csv:4",
        "platforms.csv:5",
        "capacity.csv:2",
        "schools.csv:4",
        "schools.csv:5",
        "periods.csv:2",
        "periods.csv:2",
        "closures.csv:2",
        "weeks.csv:2",
        "sessions.csv:2",
        "sessions.csv:2",
        "sessions/a.csv:3",
        "sessions/b.csv:2",
        "access.csv:2",
        "usage.csv:6",
    ]


def test_every_faulty_cell_of_a_row_is_named(tmp_path: Path) -> None:
    row = "nobody,a b,XX,C,8.00,x,6\tA,M\x01,B\x01,f\x01,-1,zoom,a b,2,9,25:00,x,ftp://a"
    faults = faults_of(write_region(tmp_path, {"sessions.csv": f"{HEADER}\n{row}\n"}))
    assert {fault.line for fault in faults} == {2}
    assert len(faults) == 18


def test_the_day_of_a_faulty_region_toml_causes_no_faults_elsewhere(tmp_path: Path) -> None:
    assert places_of(write_region(tmp_path, {"region.toml": "nonsense"})) == ["region.toml:1"]
    assert places_of(write_region(tmp_path, edited("region.toml", '"07:30"', '"12:01"'))) == ["region.toml:7"]


def test_an_unreadable_table_causes_no_faults_in_those_that_refer_to_it(tmp_path: Path) -> None:
    changes = {name: "\0" for name in ("schools.csv", "platforms.csv", "usage.csv")}
    assert places_of(write_region(tmp_path, dict(changes))) == ["platforms.csv:1", "schools.csv:1", "usage.csv:1"]


def test_a_faulty_row_is_still_known_to_those_that_refer_to_it(tmp_path: Path) -> None:
    changes = {**edited("schools.csv", "480", "many"), **edited("platforms.csv", "virtual-class", "virtual,class")}
    assert places_of(write_region(tmp_path, changes)) == ["platforms.csv:3", "schools.csv:2"]


def test_a_row_that_cannot_be_read_leaves_no_school_unknown(tmp_path: Path) -> None:
    changes = edited("schools.csv", "0670002B,Lycée", '0670002B,"Lycée"x')
    assert places_of(write_region(tmp_path, changes)) == ["schools.csv:3"]


def test_faults_behind_an_open_quotation_mark_are_found_too(tmp_path: Path) -> None:
    rows = [
        S1.replace("S1", "S5").replace("6A", '"6A'),
        S1.replace("S1", "S6").replace("08:00", "99:00"),
        S1.replace("S1", "S7").replace("Mme Rhin", '"Mme "Rhin'),
        S1.replace("S1", "S8").replace(",25,", ",x,"),
    ]
    folder = write_region(tmp_path, added("sessions.csv", *rows))
    assert places_of(folder) == ["sessions.csv:7", "sessions.csv:8", "sessions.csv:9", "sessions.csv:10"]


def test_lines_are_right_behind_cells_over_several_lines_blank_lines_and_any_line_end(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        lines = ["school,name", "", '0670001A,"Collège', "du", 'Rhin"', ",", "0670002B,x", "bad key,y", ""]
        folder = write_region(tmp_path / repr(end), {"schools.csv": end.join(lines)})
        assert places_of(folder) == ["schools.csv:8"]


def test_a_window_against_the_letter_of_its_date_meets_nobody(tmp_path: Path) -> None:
    # 6 April 2021 lies in an even week, B; with A asked for, the window never takes place.
    row = PARENTS.replace("TU,", "2021-04-06,A")
    read_region(write_region(tmp_path / "sound", added("access.csv", row)))
    weeks = {"weeks.csv": "school,monday,week\n,2021-04-05,A\n"}
    assert places_of(write_region(tmp_path / "clash", {**added("access.csv", row), **weeks})) == ["access.csv:4"]


def test_an_activity_without_usage_is_named_once_a_file_and_text(tmp_path: Path) -> None:
    rows = [S1.replace("S1", f"T{number}").replace("ent@async", "bbb@async") for number in range(5)]
    folder = write_region(
        tmp_path, {**added("sessions.csv", *rows[:3]), "sessions/x.csv": "\n".join((HEADER, *rows[3:])) + "\n"}
    )
    assert places_of(folder) == ["sessions.csv:7", "sessions/x.csv:2"]


def test_a_flood_of_one_kind_is_dammed_and_counted(tmp_path: Path) -> None:
    rows = [S1.replace("S1", f"T{number}").replace("08:00", "8.00") for number in range(MOST_ALIKE + 234)]
    faults = faults_of(write_region(tmp_path, added("sessions.csv", *rows)))
    assert len(faults) == MOST_ALIKE + 1
    assert (faults[-1].line, "not listed: 234" in str(faults[-1])) == (7 + MOST_ALIKE, True)


def test_a_flood_over_many_files_leaves_some_of_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.files.fault_list.MOST_ALIKE_IN_ALL", 20)
    changes: dict[str, str | bytes | None] = {}
    for name in ("a", "b"):
        rows = [S1.replace("08:00", "8.00").replace("S1", f"{name}{number}") for number in range(20)]
        changes[f"sessions/{name}.csv"] = "\n".join((HEADER, *rows)) + "\n"
    faults = faults_of(write_region(tmp_path, changes))
    assert [fault.file for fault in faults] == ["sessions/a.csv"] * 20 + ["sessions/b.csv"] * 11
    assert str(faults[-1]).startswith("sessions/b.csv:12: faults of one kind from here on, not listed: 10;")


def test_a_folder_that_is_none_is_a_fault(tmp_path: Path) -> None:
    for folder in (tmp_path / "none", write_region(tmp_path / "some") / "schools.csv"):
        (fault,) = faults_of(folder)
        assert fault.file == str(folder)
        assert "cannot be read" in str(fault)


def test_a_file_that_is_a_folder_is_a_fault(tmp_path: Path) -> None:
    folder = write_region(tmp_path, {"schools.csv": None, "region.toml": None})
    (folder / "schools.csv").mkdir()
    (folder / "region.toml").mkdir()
    assert places_of(folder) == ["region.toml:0", "schools.csv:0"]


def test_every_fault_can_be_printed(tmp_path: Path) -> None:
    text = S1.encode().replace(b"08:00", b"8\xff00").replace(b"S1", b"\x1b[31m")
    for fault in faults_of(write_region(tmp_path, {"sessions.csv": HEADER.encode() + b"\n" + text + b"\n"})):
        assert str(fault).encode("utf-8").decode().isprintable()
