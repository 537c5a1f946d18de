"""Sound region folders: what is read from them, however they are written, and what is warned of."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from region_files import SESSIONS, added, edited, same_region, small_region, write_region

from scheduler.domain.calendar import Closure, Period, Week
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.grid import Grid
from scheduler.domain.places import Lunch, Platform, Policy, School
from scheduler.domain.timetable import AccessWindow, Alternative, ClassSession
from scheduler.domain.usage import Moment, UsageRow
from scheduler.files import csv_rows
from scheduler.files.region_folder import read_region

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.region import Region

TABLES = [name for name in small_region() if name.endswith(".csv")]
HEADER = SESSIONS.split("\n")[0]


def region_of(folder: Path, changes: dict[str, str | bytes | None] | None = None) -> Region:
    return read_region(write_region(folder, changes)).region


def warnings_of(folder: Path, changes: dict[str, str | bytes | None]) -> list[str]:
    return [str(warning) for warning in read_region(write_region(folder, changes)).warnings]


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def written(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return stream.getvalue()


def capital_header(text: str) -> str:
    header, *rows = text.split("\n")
    return "\n".join((header.upper().replace(",", " , "), *rows))


def test_the_small_region_is_read_value_by_value(tmp_path: Path) -> None:
    region = region_of(tmp_path)
    assert region.name == "Little Region"
    assert region.grid == Grid(450, 1140, 5, "Europe/Paris", dt.date(2021, 4, 6), dt.date(2021, 4, 9))
    assert region.policy == Policy(0.75, 60, "session", 10.0, 0.0, 10.0, 30.0, 5, Lunch(690, 840, 45))
    assert region.platforms == (Platform("ent", "Mon ENT", "ent"), Platform("bbb", "BigBlueButton", "virtual-class"))
    assert region.schools[0] == School("0670001A", "Collège du Rhin", "lower_secondary", "Strasbourg", 480)
    noon = dt.datetime(2021, 4, 7, 12)  # noqa: DTZ001 - capacity.csv holds wall-clock times
    assert region.capacities == (
        CapacityEntry("ent", "connections", None, None, "base", 400.0),
        CapacityEntry("ent", "connections", noon.replace(hour=8), noon, "change", -50.0, True, "outage"),
        CapacityEntry("bbb", "connections", None, None, "base", 300.0),
    )
    assert region.usage[:2] == (
        UsageRow("live", "ent", "connections", Moment(-5), Moment(0, True), 1.0),
        UsageRow("live", "bbb", "connections", Moment(0), Moment(5, True), 1.0),
    )
    assert region.calendar.periods is None


def test_the_activities_of_the_small_region_are_read_value_by_value(tmp_path: Path) -> None:
    activities = region_of(tmp_path).activities
    assert len(activities) == 7
    assert activities.describe(0) == ClassSession(
        school="0670001A",
        key="S1",
        day="TU",
        week="",
        start=480,
        minutes=55,
        groups=("6A",),
        teachers=("Mme Rhin",),
        room="B12",
        subject="français",
        heads=25,
        alternatives=(Alternative(("ent", "bbb"), "live", "ent+bbb"), Alternative(("ent",), "async", "ent@async")),
        locked=False,
        earliest=None,
        latest=None,
        weight=1.0,
        link="https://visio.example.fr/s1",
    )
    dated = activities.describe(3)
    assert (dated.day, dated.locked, dated.earliest, dated.latest, dated.weight) == ("2021-04-08", True, 480, 540, 0.5)
    assert activities.alternatives_of(2) == (Alternative(("ent",), "async", "ent"),)
    assert activities.alternatives_of(4) == (Alternative((), "live", ""),)
    assert activities.describe(6) == AccessWindow(
        school="0670001A",
        key="families",
        audience="parents",
        day="TH",
        week="",
        start=960,  # no usual start is stated: earliest
        minutes=10,
        heads=40,
        alternatives=(Alternative(("ent",), "browse", "ent"),),
        earliest=960,
        latest=1110,
        weight=0.2,
    )
    assert (activities.describe(5).school, activities.describe(5).weight) == ("", 0.1)


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    region = region_of(
        tmp_path,
        {
            "region.toml": 'name = "R"\nfirst_date = "2021-04-06"\nlast_date = "2021-04-06"\n',
            "platforms.csv": "platform\nent\n",
            "schools.csv": "school\nA\n",
            "capacity.csv": None,
            "sessions.csv": "school,session,day,start,minutes,heads\nA,S,TU,08:00,55,20\n",
            "access.csv": "window,audience,day,heads,minutes\nW,parents,TU,10,15\n",
            "usage.csv": "activity,platform,meter,from_minute,to_minute,share\n",
        },
    )
    date = dt.date(2021, 4, 6)
    assert (region.policy, region.grid) == (Policy(), Grid(450, 1140, 5, "Europe/Paris", date, date))
    assert region.platforms == (Platform("ent", "ent", ""),)
    assert region.schools == (School("A", "A", "", "", None),)
    nothing = (Alternative((), "live", ""),)
    assert region.activities.describe(0) == ClassSession(
        "A", "S", "TU", "", 480, 55, (), (), "", "", 20, nothing, False, None, None, 1.0, ""
    )
    nothing = (Alternative((), "browse", ""),)
    assert region.activities.describe(1) == AccessWindow(
        "", "W", "parents", "TU", "", 450, 15, 10, nothing, None, None, 0.1
    )


def test_periods_closures_and_weeks_are_read(tmp_path: Path) -> None:
    calendar = region_of(
        tmp_path,
        {
            "periods.csv": "level,first_date,last_date\n,2021-04-06,2021-04-07\nprimary,2021-04-08,2021-04-08\n",
            "closures.csv": "school,first_date,last_date,note\n0670002B,2021-04-06,2021-04-06,snow\n",
            "weeks.csv": "school,monday,week\n,2021-04-05,A\n0670002B,2021-04-05,b\n",
        },
    ).calendar
    first, monday = dt.date(2021, 4, 6), dt.date(2021, 4, 5)
    eighth = dt.date(2021, 4, 8)
    assert calendar.periods == (Period("", first, dt.date(2021, 4, 7)), Period("primary", eighth, eighth))
    assert calendar.closures == (Closure("0670002B", first, first, "snow"),)
    assert calendar.weeks == (Week("", monday, "A"), Week("0670002B", monday, "B"))


DIRTY = {
    "byte order mark": {name: b"\xef\xbb\xbf" + text.encode() for name, text in small_region().items()},
    "CRLF": {name: text.replace("\n", "\r\n") for name, text in small_region().items()},
    "no line end at the end": {name: text.rstrip("\n") for name, text in small_region().items()},
    "semicolons": {name: written(rows_of(small_region()[name]), ";") for name in TABLES},
    "decimal commas": {
        name: written([[cell.replace("0.", "0,") for cell in row] for row in rows_of(small_region()[name])], ";")
        for name in TABLES
    },
    "quotation marks": {
        name: "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows_of(small_region()[name]))
        for name in TABLES
    },
    "blanks around cells": {
        name: written([[f"  {cell}\t" for cell in row] for row in rows_of(small_region()[name])]) for name in TABLES
    },
    "blanks before quotation marks": {
        name: "".join(", ".join(f'"{cell}"' for cell in row) + "\n" for row in rows_of(small_region()[name]))
        for name in TABLES
    },
    "blank lines": {name: "\n" + small_region()[name].replace("\n", "\n\n  \n") for name in TABLES},
    "empty rows of a spreadsheet": {
        name: written([[""] * 3, *rows_of(small_region()[name]), [""] * 30, [" "] * 2], ";") for name in TABLES
    },
    "cells left out at the end": {
        name: "".join(line.rstrip(",") + "\n" for line in small_region()[name].splitlines()) for name in TABLES
    },
    "note of Excel": {name: "sep=;\n" + written(rows_of(small_region()[name]), ";") for name in TABLES},
    "header in capitals": {name: capital_header(small_region()[name]) for name in TABLES},
    "French times": edited("sessions.csv", "08:00,55", "8h00,55") | edited("access.csv", "17:00", "17h"),
    "times with seconds": edited("sessions.csv", "08:00,55", "08:00:00,55"),
    "short times": edited("sessions.csv", "08:00,55", "8:00,55"),
    "small letters": edited("sessions.csv", "S1,TU", "S1,tu"),
    "lists with holes": edited("sessions.csv", "6A/latin|6B/latin", "| 6A/latin ||6B/latin|6A/latin|"),
    "not locked": edited("sessions.csv", "ent,async,,", "ent,async,0,"),
    "blank in a date and time": edited("capacity.csv", "2021-04-07T08:00", "2021-04-07 08:00:00"),
    "numbers of a machine": edited("usage.csv", "end,0.2", "end,2e-01") | edited("capacity.csv", "400", "+4.0E2"),
    "a blank before the per cent sign": edited("capacity.csv", "-50%", "-50 %"),
    "lunch as a table": edited(
        "region.toml",
        'lunch = { from = "11:30", to = "14:00", minutes = 45 }',
        "[policy.lunch]\nfrom = 11:30:00\nto = '14h00'\nminutes = 45",
    ),
    "dates between quotation marks": edited("region.toml", "2021-04-06", '"2021-04-06"'),
    "whole numbers for decimal ones": edited("region.toml", "[policy]", "[policy]\noverload_weight = 10"),
}


@pytest.mark.parametrize("changes", DIRTY.values(), ids=DIRTY.keys())
def test_dirty_but_valid_files_make_the_same_region_without_a_warning(
    tmp_path: Path, changes: dict[str, str | bytes]
) -> None:
    clean = region_of(tmp_path / "clean")
    dirty = read_region(write_region(tmp_path / "dirty", dict(changes)))
    assert same_region(clean, dirty.region)
    assert not dirty.warnings


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_order_of_columns_delimiter_mark_and_line_ends_mean_nothing(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    changes: dict[str, str | bytes | None] = {}
    for name in TABLES:
        columns = data.draw(st.permutations(list(zip(*rows_of(small_region()[name]), strict=True))))
        rows = [list(row) for row in zip(*columns, strict=True)]
        delimiter, end = data.draw(st.sampled_from(",;")), data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
        mark = data.draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
        changes[name] = mark + written(rows, delimiter, end).encode()
    folder = tmp_path_factory.mktemp("region")
    assert same_region(region_of(folder / "clean"), region_of(folder / "dirty", changes))


def test_files_of_the_folder_sessions_are_one_table_with_sessions_csv(tmp_path: Path) -> None:
    header, *rows = SESSIONS.splitlines()
    changes: dict[str, str | bytes | None] = {
        "sessions.csv": "\n".join((header, *rows[:2])),
        "sessions/1.csv": written(rows_of("\n".join((header, *rows[2:4]))), ";"),
        "sessions/2.csv": "\n".join((header, rows[4])),
        "sessions/.~lock.csv": "x",
        "sessions/notes.txt": "x",
    }
    assert same_region(region_of(tmp_path / "one"), region_of(tmp_path / "many", changes))


def test_small_chunks_make_the_same_region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = region_of(tmp_path)
    monkeypatch.setattr(csv_rows, "CHUNK_ROWS", 2)
    assert same_region(clean, region_of(tmp_path))


def test_unusual_but_valid_folders_are_read(tmp_path: Path) -> None:
    only_windows = region_of(tmp_path / "windows", {"sessions.csv": None})
    assert len(only_windows.activities) == 2
    only_sessions = region_of(tmp_path / "sessions", {"access.csv": None})
    assert len(only_sessions.activities) == 5
    nothing_taught = region_of(tmp_path / "nothing", {"periods.csv": "level,first_date,last_date\n"})
    assert nothing_taught.calendar.periods == ()


def test_the_limits_themselves_are_allowed(tmp_path: Path) -> None:
    row = ",".join(("0670001A", "-" * 80, "SU", "B", "00:00", "600", *[""] * 4, "1000000", *[""] * 6, "https://x"))
    changes: dict[str, str | bytes | None] = {
        **edited("region.toml", '"07:30"\nend = "19:00"', '"00:00"\nend = "24:00"'),
        **added("sessions.csv", row),
        **added("access.csv", "0670001A,all.day,p,SA,A,0,1440,ent,,00:00,00:00,24:00,0"),
        **added("capacity.csv", "bbb,logins_per_minute,2021-04-06T00:00,2021-04-06T24:00,base,0,"),
        **added("usage.csv", "live,bbb,logins_per_minute,-99999,99999,1"),
    }
    changes["region.toml"] = str(changes["region.toml"]).replace("2021-04-09", "2021-05-31")
    region = region_of(tmp_path, changes)
    assert len(region.grid.dates) == 56
    assert region.activities.describe(len(region.activities) - 1).latest == 1440
    assert region.activities.describe(5).heads == 1_000_000
    assert region.capacities[-1].end == dt.datetime(2021, 4, 7)  # noqa: DTZ001 - wall-clock time
    assert (region.usage[-1].start, region.usage[-1].end) == (Moment(-1440), Moment(1440))


def test_two_school_files_with_other_columns_are_one_table(tmp_path: Path) -> None:
    changes: dict[str, str | bytes | None] = {
        "sessions.csv": "heads;minutes;start;day;session;school;weight\n20;55;8h;tu;S1;0670001A;0,5\n",
        "sessions/x.csv": "school,session,day,start,minutes,heads,room\n0670002B,S1,MO,08:00,55,20,B1\n",
    }
    activities = region_of(tmp_path, changes).activities
    assert [(activities.describe(row).weight, activities.describe(row).room) for row in (0, 1)] == [
        (0.5, ""),
        (1.0, "B1"),
    ]


def test_names_over_two_lines_are_put_on_one(tmp_path: Path) -> None:
    region = region_of(tmp_path, edited("schools.csv", "Collège du Rhin", '"Collège\r\ndu  Rhin"'))
    assert region.schools[0].name == "Collège du Rhin"


WARNINGS = {
    "unknown column": (
        edited("schools.csv", "academy", "académie"),
        "schools.csv:1: column 4, “académie”, is unknown and ignored; known columns: school, name, level,",
    ),
    "school without sessions": (added("schools.csv", "X"), "schools.csv:4: school “X” has no session"),
    "usage of nobody": (
        added("usage.csv", "chat,ent,connections,0,end,1"),
        "usage.csv:6: nobody uses the activity “chat”",
    ),
    "usage of nothing": (
        added("usage.csv", "live,ent,connections,end,end-5,1"),
        "usage.csv:6: from_minute is not before to_minute, so this row loads nothing",
    ),
    "another date": (
        edited("sessions.csv", "2021-04-08", "2021-04-15"),
        "sessions.csv:5: dates outside the horizon, which are not planned, from here on: 1;",
    ),
    "change without a base": (
        added("capacity.csv", "bbb,logins_per_minute,,,change,-5,"),
        "capacity.csv:5: bbb, logins_per_minute, has no base",
    ),
    "limit of nothing": (
        added("capacity.csv", "bbb,logins_per_minute,,,base,5,"),
        "capacity.csv:5: no row of usage.csv loads bbb, logins_per_minute",
    ),
    "unknown level": (
        {"periods.csv": "level,first_date,last_date\ncollege,2021-04-06,2021-04-06\n"},
        "periods.csv:2: no school has the level “college”",
    ),
    "misspelt file": ({"week.csv": "x"}, "week.csv: this file is not read, but its name looks like weeks.csv"),
    "capital letters": ({"Periods.CSV": "x"}, "Periods.CSV: this file is not read"),
    "capital ending": ({"sessions/a.CSV": "x"}, "sessions/a.CSV: this file is not read: its name does not end in .csv"),
    "misspelt folder": ({"session/a.csv": "x"}, "session: this file is not read, but its name looks like sessions.csv"),
    "weeks 53 and 1": (
        {
            "region.toml": small_region()["region.toml"].replace("2021-04-06", "2020-12-28").replace("04-09", "01-08"),
            "weeks.csv": "school,monday,week\n0670001A,2021-01-04,A\n",
            **edited("sessions.csv", "2021-04-08", "2021-01-07"),
        },
        "weeks.csv: the week of 2021-01-04 is A, and so is the one before or after it",
    ),
}


@pytest.mark.parametrize(("changes", "start"), WARNINGS.values(), ids=WARNINGS.keys())
def test_what_deserves_a_look_is_warned_of_and_does_not_stop(
    tmp_path: Path, changes: dict[str, str | bytes | None], start: str
) -> None:
    (warning,) = warnings_of(tmp_path, changes)
    assert warning.startswith(start)


def test_weeks_53_and_1_are_not_warned_of_where_the_region_says_or_nobody_asks(tmp_path: Path) -> None:
    winter: dict[str, str | bytes | None] = {
        "region.toml": small_region()["region.toml"].replace("2021-04-06", "2020-12-28").replace("04-09", "01-08"),
        **edited("sessions.csv", "2021-04-08", "2021-01-07"),
    }
    said = "school,monday,week\n,2020-12-28,B\n0670001A,2021-01-04,A\n0670002B,2021-01-04,A\n"
    assert not warnings_of(tmp_path / "said", {**winter, "weeks.csv": said})
    unasked = str(winter["sessions.csv"]).replace(",WE,A,", ",WE,,").replace(",FR,B,", ",FR,,")
    assert not warnings_of(tmp_path / "unasked", {**winter, "sessions.csv": unasked})


def test_a_column_of_no_name_is_warned_of(tmp_path: Path) -> None:
    header, *rows = small_region()["platforms.csv"].splitlines()
    (warning,) = warnings_of(tmp_path, {"platforms.csv": "\n".join((header + ",", *rows))})
    assert warning.startswith("platforms.csv:1: column 4")


def test_other_dates_are_counted_by_file(tmp_path: Path) -> None:
    row = "0670001A,{},2022-04-06,,08:00,55,,,,,1,,,,,,,"
    changes = {
        **added("sessions.csv", *(row.format(f"D{number}") for number in range(3))),
        "sessions/a.csv": f"{HEADER}\n{row.format('D9')}\n",
    }
    found = warnings_of(tmp_path, dict(changes))
    assert [warning.split(":")[:2] for warning in found] == [["sessions.csv", "7"], ["sessions/a.csv", "2"]]
    assert ["from here on: 3" in found[0], "from here on: 1" in found[1]] == [True, True]
