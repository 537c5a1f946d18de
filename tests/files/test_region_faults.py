"""Faulty region folders are refused, each fault with its file, its line, what is wrong and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from region_files import SESSIONS, added, edited, small_region, write_region

from scheduler.errors import FaultyInput
from scheduler.files.fault_list import MOST_ALIKE
from scheduler.files.region_folder import read_region

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.errors import Fault

HEADER = SESSIONS.split("\n")[0]
S1 = "0670001A,S1,TU,,08:00,55,6A,Mme Rhin,B12,français,25,ent+bbb|ent@async,,,,,,https://visio.example.fr/s1"
PARENTS = ",evening,parents,TU,,200,15,ent,,17:00,16:00,19:00,"


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(FaultyInput) as caught:
        read_region(folder)
    return caught.value.faults


def places_of(folder: Path) -> list[str]:
    return [f"{fault.file}:{fault.line}" for fault in faults_of(folder)]


def s1(old: str, new: str) -> dict[str, str]:
    """Change the first session."""
    assert old in S1
    return edited("sessions.csv", S1, S1.replace(old, new, 1))


def window(old: str, new: str) -> dict[str, str]:
    """Change the first window."""
    assert old in PARENTS
    return edited("access.csv", PARENTS, PARENTS.replace(old, new, 1))


REGION_TOML = {
    "name missing": (edited("region.toml", 'name = "Little Region"\n', ""), 0, "“name” is missing"),
    "name empty": (edited("region.toml", "Little Region", " "), 1, "“name” is empty"),
    "name a number": (edited("region.toml", '"Little Region"', "7"), 1, "write a text between quotation marks"),
    "name with a control character": (edited("region.toml", "Little Region", "a\\tb"), 1, "control character"),
    "timezone unknown": (edited("region.toml", "Europe/Paris", "Europe/Lutece"), 2, "“Europe/Lutece” is unknown"),
    "timezone a folder": (edited("region.toml", "Europe/Paris", "Europe"), 2, "IANA name"),
    "timezone outside": (edited("region.toml", "Europe/Paris", "../etc/passwd"), 2, "is unknown"),
    "first date missing": (edited("region.toml", "first_date = 2021-04-06\n", ""), 0, "“first_date” is missing"),
    "first date French": (edited("region.toml", "2021-04-06", '"06/04/2021"'), 3, "“06/04/2021” is not a date"),
    "first date a date-time": (edited("region.toml", "2021-04-06", "2021-04-06T00:00:00"), 3, "a date such as"),
    "dates swapped": (edited("region.toml", "2021-04-09", "2021-04-05"), 4, "is before first_date 2021-04-06"),
    "57 dates": (edited("region.toml", "2021-04-09", "2021-06-01"), 4, "there are 57 dates"),
    "slot of 20": (edited("region.toml", "slot_minutes = 5", "slot_minutes = 20"), 9, "write 5, 10 or 15"),
    "slot with a decimal part": (edited("region.toml", "slot_minutes = 5", "slot_minutes = 5.0"), 9, "a whole number"),
    "slot a bool": (edited("region.toml", "slot_minutes = 5", "slot_minutes = true"), 9, "a whole number"),
    "day off the slots": (edited("region.toml", '"07:30"', '"07:32"'), 7, "does not begin a slot of 5 minutes"),
    "day ends first": (edited("region.toml", '"19:00"', '"07:00"'), 8, "ends before it starts"),
    "day starts at 24:00": (edited("region.toml", '"07:30"', '"24:00"'), 7, "24:00 is only an end"),
    "day end no time": (edited("region.toml", '"19:00"', '"25:10"'), 8, "write it as HH:MM, for example 08:05"),
    "day no table": (edited("region.toml", "[day]\nstart", "day = 7\n[x]\nstart"), None, "“day” is not a table"),
    "unknown key": (edited("region.toml", "name =", 'nmae = "x"\nname ='), 1, "the key “nmae” is unknown"),
    "unknown key in day": (edited("region.toml", "slot_minutes = 5", "slot_minutes = 5\nstop = 1"), 10, "“day.stop”"),
    "unknown table": (edited("region.toml", "[policy]", "[polcy]\na = 1\n[policy]"), 11, "“polcy” is unknown"),
    "unknown key in lunch": (edited("region.toml", "minutes = 45 }", "minutes = 45, a = 1 }"), 15, "“policy.lunch.a”"),
    "lunch ends first": (edited("region.toml", 'to = "14:00"', 'to = "11:00"'), 15, "lunch ends before"),
    "lunch negative": (edited("region.toml", "minutes = 45", "minutes = -45"), 15, "“policy.lunch.minutes” is below 0"),
    "utilisation 0": (edited("region.toml", "0.75", "0"), 12, "a number above 0 and up to 1"),
    "utilisation 75": (edited("region.toml", "0.75", "75"), 12, "for example 0.75"),
    "utilisation nan": (edited("region.toml", "0.75", "nan"), 12, "is not a finite number"),
    "utilisation a text": (edited("region.toml", "0.75", '"0.75"'), 12, "a number without quotation marks"),
    "shift off the slots": (edited("region.toml", "= 60", "= 62"), 13, "not a multiple of the slot"),
    "shift negative": (edited("region.toml", "= 60", "= -60"), 13, "is below 0"),
    "move_together unknown": (edited("region.toml", '"session"', '"week"'), 14, "session, half-day, day, school"),
    "weight infinite": (
        edited("region.toml", "[policy]", "[policy]\noverload_weight = inf"),
        12,
        "“policy.overload_weight”",
    ),
    "weight negative": (edited("region.toml", "[policy]", "[policy]\nmove_minutes = -1.0"), 12, "write 0 or more"),
    "break a text": (edited("region.toml", "[policy]", '[policy]\nbreak_minutes = "5"'), 12, "“policy.break_minutes”"),
    "no TOML": (edited("region.toml", 'timezone = "Europe/Paris"', "timezone = Europe/Paris"), 2, "this is not TOML"),
    "TOML without end": ({"region.toml": 'name = "a"\nday = {'}, 2, "this is not TOML"),
    "nested without end": ({"region.toml": "x = " + "[" * 5000}, 1, "this is not TOML"),
    "number without end": ({"region.toml": "x = " + "9" * 5000}, 1, "this is not TOML"),
    "empty": ({"region.toml": ""}, None, "“name” is missing"),
    "twice": (edited("region.toml", "[day]", 'name = "b"\n[day]'), 6, "this is not TOML"),
}


@pytest.mark.parametrize(("change", "line", "part"), REGION_TOML.values(), ids=REGION_TOML.keys())
def test_a_faulty_region_toml_is_refused_with_its_line(
    tmp_path: Path, change: dict[str, str], line: int | None, part: str
) -> None:
    faults = faults_of(write_region(tmp_path, change))
    assert part in str(faults[0])
    if line is not None:
        assert [(fault.file, fault.line) for fault in faults] == [("region.toml", line)]


CSV = {
    # What a file is.
    "schools.csv missing": ({"schools.csv": None}, "schools.csv:0", "the file is missing"),
    "usage.csv missing": ({"usage.csv": None}, "usage.csv:0", "the file is missing"),
    "platforms.csv missing": ({"platforms.csv": None}, "platforms.csv:0", "the file is missing"),
    "schools.csv misspelt": (
        {"schools.csv": None, "School.csv": "school\n"},
        "schools.csv:0",
        "rename “School.csv” to it",
    ),
    "nothing to plan": ({"sessions.csv": None, "access.csv": None}, "sessions.csv:0", "nothing to plan"),
    "nothing but headers": (
        {"sessions.csv": HEADER, "access.csv": None},
        "sessions.csv:0",
        "no class session and no access window",
    ),
    "empty file": ({"capacity.csv": ""}, "capacity.csv:1", "the file is empty"),
    "blank file": ({"capacity.csv": "\n;;\n"}, "capacity.csv:1", "begin it with the column names"),
    "column missing": (edited("schools.csv", "school,", "uai,"), "schools.csv:1", "lacks what every row needs: school"),
    "columns missing": (
        edited("capacity.csv", "platform,meter", "a,b"),
        "capacity.csv:1",
        "every row needs: platform, meter",
    ),
    "no header": (
        {"sessions.csv": SESSIONS.split("\n", 1)[1].replace(",", "\t")},
        "sessions.csv:1",
        "lacks what every row needs",
    ),
    "cell too long": (s1("Mme Rhin", "x" * 200_000), "sessions.csv:2", "more than 131,072 characters"),
    "column twice": (edited("schools.csv", "academy", "Level"), "schools.csv:1", "the column “level” occurs twice"),
    "not UTF-8": (
        {"schools.csv": small_region()["schools.csv"].encode("latin-1")},
        "schools.csv:2",
        "0xE8 is not UTF-8",
    ),
    "UTF-16": ({"schools.csv": small_region()["schools.csv"].encode("utf-16")}, "schools.csv:1", "CSV UTF-8"),
    "a zero byte": (edited("schools.csv", "Lycée", "Ly\0cée"), "schools.csv:3", "zero bytes"),
    "a quotation mark left open": (s1("6A,", '"6A,'), "sessions.csv:2", "none closes it"),
    "a quotation mark left open at the end": (
        added("sessions.csv", '0670001A,S9,TU,,11:00,55,"6A'),
        "sessions.csv:7",
        "none closes it",
    ),
    "text behind a quotation mark": (s1("6A,", '"6A"b,'), "sessions.csv:2", "follows the closing quotation mark"),
    "header with a quotation mark": (
        edited("capacity.csv", "platform", '"platform'),
        "capacity.csv:1",
        "quotation mark in the header",
    ),
    "too many cells": (
        s1("Mme Rhin", "Rhin, Mme"),
        "sessions.csv:2",
        "this row has 19 cells, but there are 18 columns",
    ),
    "too many empty cells": (s1("fr/s1", "fr/s1,"), "sessions.csv:2", "take out the extra cells"),
    "a row over two lines": (
        added("sessions.csv", '0670001A,S9,TU,,11:00,4,6A,,,"', '",25,,,,,,,'),
        "sessions.csv:7",
        "minutes “4”",
    ),
    # platforms.csv and schools.csv
    "platform not a key": (added("platforms.csv", "mon ent,x,ent"), "platforms.csv:4", "“mon ent” is not a key"),
    "platform empty": (added("platforms.csv", ",x,ent"), "platforms.csv:4", "platform is empty; fill it in"),
    "platform twice": (added("platforms.csv", "ent,x,ent"), "platforms.csv:4", "stands on platforms.csv:2 already"),
    "school of dots": (added("schools.csv", "..,x,,,"), "schools.csv:4", "not only dots"),
    "school too long": (added("schools.csv", "a" * 41), "schools.csv:4", "use 1 to 40"),
    "school with an accent": (added("schools.csv", "Zoé,x,,,"), "schools.csv:4", "“Zoé” is not a key"),
    "school with other digits": (added("schools.csv", "٣,x,,,"), "schools.csv:4", "is not a key"),
    "school twice": (added("schools.csv", "0670001A"), "schools.csv:4", "stands on schools.csv:2 already"),
    "pupils with a decimal part": (edited("schools.csv", "480", "480.0"), "schools.csv:2", "is not a whole number"),
    "pupils negative": (edited("schools.csv", "480", "-1"), "schools.csv:2", "write 0 or more"),
    # capacity.csv
    "capacity of no platform": (
        added("capacity.csv", "foo,connections,,,base,1,"),
        "capacity.csv:5",
        "is not in platforms.csv",
    ),
    "meter unknown": (
        edited("capacity.csv", "bbb,connections", "bbb,users"),
        "capacity.csv:4",
        "connections, logins_per_minute",
    ),
    "kind unknown": (edited("capacity.csv", "change", "outage"), "capacity.csv:3", "write one of: base, change"),
    "kind empty": (edited("capacity.csv", "change", ""), "capacity.csv:3", "kind is empty"),
    "base in per cent": (edited("capacity.csv", "300", "300%"), "capacity.csv:4", "a base cannot be in per cent"),
    "base negative": (edited("capacity.csv", "300", "-300"), "capacity.csv:4", "a base cannot be negative"),
    "amount with thousands": (edited("capacity.csv", "300", "3 000"), "capacity.csv:4", "“3 000” is not an amount"),
    "amount infinite": (edited("capacity.csv", "300", "1e999"), "capacity.csv:4", "is not an amount"),
    "second base": (
        added("capacity.csv", "bbb,connections,,,base,5,"),
        "capacity.csv:5",
        "capacity.csv:4 holds a base",
    ),
    "second base of one start": (
        added(
            "capacity.csv",
            "bbb,connections,2021-04-06T08:00,,base,5,",
            "bbb,connections,2021-04-06 8:00:00,2021-04-07T08:00,base,6,",
        ),
        "capacity.csv:6",
        "with the same “from”",
    ),
    "to before from": (edited("capacity.csv", "07T12:00", "07T08:00"), "capacity.csv:3", "is not after “from”"),
    "from with an offset": (
        edited("capacity.csv", "07T08:00", "07T08:00+02:00"),
        "capacity.csv:3",
        "names a time zone",
    ),
    "from in UTC": (edited("capacity.csv", "07T08:00", "07T08:00Z"), "capacity.csv:3", "write local time"),
    "from without a time": (
        edited("capacity.csv", "2021-04-07T08:00", "2021-04-07"),
        "capacity.csv:3",
        "not a date and time",
    ),
    "from with seconds": (edited("capacity.csv", "07T08:00", "07T08:00:30"), "capacity.csv:3", "has seconds"),
    "from at 24:00": (edited("capacity.csv", "07T08:00", "06T24:00"), "capacity.csv:3", "24:00 is only an end"),
    "from on no date": (
        edited("capacity.csv", "2021-04-07T08:00", "2021-02-30T08:00"),
        "capacity.csv:3",
        "is not a date",
    ),
    # periods.csv, closures.csv, weeks.csv
    "period without an end": (
        {"periods.csv": "level,first_date,last_date\n,2021-04-06,\n"},
        "periods.csv:2",
        "last_date is empty",
    ),
    "period backwards": (
        {"periods.csv": "level,first_date,last_date\n,2021-04-06,2021-04-05\n"},
        "periods.csv:2",
        "is before",
    ),
    "closure of nobody": (
        {"closures.csv": "school,first_date,last_date\nX,2021-04-06,2021-04-06\n"},
        "closures.csv:2",
        "is not in schools.csv",
    ),
    "week of a Tuesday": (
        {"weeks.csv": "school,monday,week\n,2021-04-06,A\n"},
        "weeks.csv:2",
        "that week's Monday, 2021-04-05",
    ),
    "week C": ({"weeks.csv": "school,monday,week\n,2021-04-05,C\n"}, "weeks.csv:2", "write A or B"),
    "week twice": (
        {"weeks.csv": "school,monday,week\n,2021-04-05,A\n,2021-04-05,B\n"},
        "weeks.csv:3",
        "weeks.csv:2 says already",
    ),
    "week of nobody": ({"weeks.csv": "school,monday,week\nX,2021-04-05,A\n"}, "weeks.csv:2", "is not in schools.csv"),
    # sessions.csv
    "school empty": (s1("0670001A", ""), "sessions.csv:2", "school is empty"),
    "school unknown": (s1("0670001A", "0670009Z"), "sessions.csv:2", "“0670009Z” is not in schools.csv"),
    "session not a key": (s1("S1", "S 1"), "sessions.csv:2", "use 1 to 80 of the letters"),
    "session too long": (s1("S1", "S" * 81), "sessions.csv:2", "is not a key"),
    "session twice": (s1("S1", "S3"), "sessions.csv:4", "stands on sessions.csv:2 already"),
    "day empty": (s1("TU", ""), "sessions.csv:2", "day is empty"),
    "day in French": (s1("TU", "mardi"), "sessions.csv:2", "write one of MO, TU, WE"),
    "day on no date": (s1("TU", "2021-04-31"), "sessions.csv:2", "is not a day"),
    "day as a basic date": (s1("TU", "20210406"), "sessions.csv:2", "is not a day"),
    "weeks unknown": (s1("TU,,", "TU,Q1,"), "sessions.csv:2", "weeks “Q1” is not a week"),
    "start empty": (s1("08:00", ""), "sessions.csv:2", "start is empty"),
    "start no time": (s1("08:00", "25:10"), "sessions.csv:2", "start “25:10” is not a time of day; write it as HH:MM"),
    "start of 60 minutes": (s1("08:00", "08:60"), "sessions.csv:2", "is not a time of day"),
    "start with seconds": (s1("08:00", "08:00:01"), "sessions.csv:2", "write whole minutes, for example 08:00"),
    "start at 24:00": (s1("08:00", "24:00"), "sessions.csv:2", "cannot be a start"),
    "start before the day": (s1("08:00", "07:25"), "sessions.csv:2", "07:25 is before the day starts, 07:30"),
    "end after the day": (s1("08:00", "18:10"), "sessions.csv:2", "end after the day ends, 19:00"),
    "out of the day on another date": (s1("TU,,08:00", "2022-04-06,,07:00"), "sessions.csv:2", "before the day starts"),
    "too short": (s1(",55,", ",4,"), "sessions.csv:2", "write a number from 5 to 600"),
    "too long": (s1(",55,", ",601,"), "sessions.csv:2", "is out of bounds"),
    "minutes with a decimal part": (s1(",55,", ",55.0,"), "sessions.csv:2", "minutes “55.0” is not a whole number"),
    "heads empty": (s1(",25,", ",,"), "sessions.csv:2", "heads is empty"),
    "heads negative": (s1(",25,", ",-1,"), "sessions.csv:2", "write a number from 0 to 1000000"),
    "heads too many": (s1(",25,", ",1000001,"), "sessions.csv:2", "is out of bounds"),
    "heads of 5000 digits": (s1(",25,", f",{'9' * 5000},"), "sessions.csv:2", "is out of bounds"),
    "heads in other digits": (s1(",25,", ",٢٥,"), "sessions.csv:2", "digits 0–9 only"),
    "group with a tab": (s1("6A", "6\tA"), "sessions.csv:2", "control character"),
    "teacher over two lines": (
        s1("Mme Rhin", '"Mme\nRhin"'),
        "sessions.csv:2",
        "teachers “Mme�Rhin” holds a line break",
    ),
    "room with a control character": (s1("B12", "B\x0712"), "sessions.csv:2", "room “B�12”"),
    "platform unknown": (s1("ent+bbb|", "ent+zoom|"), "sessions.csv:2", "names what platforms.csv lacks: zoom"),
    "alternative empty": (s1("ent+bbb|", "ent+bbb||"), "sessions.csv:2", "has an empty alternative"),
    "alternative of an activity alone": (s1("ent@async", "@async"), "sessions.csv:2", "lacks a platform"),
    "plus without a platform": (s1("ent+bbb", "ent+"), "sessions.csv:2", "lacks a platform"),
    "platform twice in one": (s1("ent+bbb|", "ent+ent|"), "sessions.csv:2", "a platform twice in one alternative"),
    "activity in the middle": (s1("ent@async", "ent@async+bbb"), "sessions.csv:2", "no activity behind “@”"),
    "activity of nothing": (s1("ent@async", "ent@"), "sessions.csv:2", "no activity behind “@”"),
    "alternatives in another order": (
        s1("ent@async", "bbb+ent"),
        "sessions.csv:2",
        "“ent+bbb” and “bbb+ent” mean the same",
    ),
    "alternatives by default": (s1("ent@async", "bbb+ent@live"), "sessions.csv:2", "mean the same"),
    "activity not a key": (s1("async,,", "async,à distance,"), "sessions.csv:2", "activity “à distance” is not a key"),
    "activity without usage": (s1("ent@async", "bbb@async"), "sessions.csv:2", "no row for activity “async” on “bbb”"),
    "locked unknown": (s1("async,,,", "async,,yes,"), "sessions.csv:2", "write 1 for yes"),
    "locked outside its bounds": (s1("async,,,,", "async,,1,08:30,"), "sessions.csv:2", "is before earliest 08:30"),
    "start before earliest": (s1("async,,,,", "async,,,08:05,"), "sessions.csv:2", "08:00 is before earliest 08:05"),
    "start after latest": (s1("async,,,,", "async,,,,07:45"), "sessions.csv:2", "08:00 is after latest 07:45"),
    "bounds crossed": (
        s1("async,,,,", "async,,,09:00,08:00"),
        "sessions.csv:2",
        "earliest 09:00 is after latest 08:00",
    ),
    "latest at 24:00": (s1("async,,,,", "async,,,,24:00"), "sessions.csv:2", "24:00 is only an end"),
    "weight negative": (s1("async,,,,,", "async,,,,,-1"), "sessions.csv:2", "weight “-1” is out of bounds"),
    "weight not finite": (s1("async,,,,,", "async,,,,,nan"), "sessions.csv:2", "weight “nan” is not a number"),
    "weight with a comma": (s1("async,,,,,", 'async,,,,,"0,5"'), "sessions.csv:2", "a decimal point, for example 0.5"),
    "link not safe": (s1("https:", "http:"), "sessions.csv:2", "begins with https://"),
    "link with a blank": (s1("fr/s1", "fr/s 1"), "sessions.csv:2", "is not a safe web address"),
    "link to run": (s1("https://visio.example.fr/s1", "javascript:alert(1)"), "sessions.csv:2", "web address"),
    # access.csv
    "window empty": (window("evening", ""), "access.csv:2", "window is empty"),
    "audience empty": (window("parents", ""), "access.csv:2", "audience is empty"),
    "audience not a key": (window("parents", "parents d'élèves"), "access.csv:2", "audience “parents d'élèves”"),
    "window of nobody": (window(",evening", "X,evening"), "access.csv:2", "“X” is not in schools.csv"),
    "window too short": (window(",15,", ",4,"), "access.csv:2", "write a number from 5 to 1440"),
    "window too long": (window(",15,", ",1441,"), "access.csv:2", "out of bounds"),
    "window ends after latest": (
        window("19:00", "17:10"),
        "access.csv:2",
        "from the usual start 17:00 end after latest 17:10",
    ),
    "window starts before earliest": (window("17:00", "15:00"), "access.csv:2", "15:00 is before earliest 16:00"),
    "window before the day by default": (
        window("17:00,16:00", ",06:00"),
        "access.csv:2",
        "06:00 is before the day starts",
    ),
    "window longer than the day": (
        window(",15,ent,,17:00,16:00,19:00", ",800,ent,,,,"),
        "access.csv:2",
        "800 minutes from",
    ),
    "window bounds crossed": (window("19:00", "15:00"), "access.csv:2", "earliest 16:00 is after latest 15:00"),
    "window usual start at 24:00": (window("17:00", "24:00"), "access.csv:2", "cannot be a start"),
    "window without usage": (window("ent,,", "bbb,,"), "access.csv:2", "no row for activity “browse” on “bbb”"),
    "window twice": (added("access.csv", PARENTS), "access.csv:4", "access.csv:2 holds it already"),
    "window twice by its date": (
        added("access.csv", PARENTS.replace("TU", "2021-04-06")),
        "access.csv:4",
        "can fall on a date",
    ),
    "window twice in a week": (
        added("access.csv", PARENTS.replace("TU,", "TU,B")),
        "access.csv:4",
        "other days or weeks",
    ),
    # usage.csv
    "usage of no platform": (
        added("usage.csv", "live,zoom,connections,0,end,1"),
        "usage.csv:6",
        "is not in platforms.csv",
    ),
    "usage of no meter": (added("usage.csv", "live,ent,users,0,end,1"), "usage.csv:6", "meter “users” is unknown"),
    "usage of no activity": (added("usage.csv", ",ent,connections,0,end,1"), "usage.csv:6", "activity is empty"),
    "share empty": (added("usage.csv", "live,ent,connections,0,end,"), "usage.csv:6", "share is empty"),
    "share negative": (added("usage.csv", "live,ent,connections,0,end,-0.5"), "usage.csv:6", "write 0 or more"),
    "from_minute with a decimal part": (
        added("usage.csv", "live,ent,connections,0.5,end,1"),
        "usage.csv:6",
        "is not a time of an activity",
    ),
    "to_minute without its sign": (
        added("usage.csv", "live,ent,connections,0,end5,1"),
        "usage.csv:6",
        "end, end+5, end-10",
    ),
    "to_minute before from_minute": (
        added("usage.csv", "live,ent,connections,5,5,1"),
        "usage.csv:6",
        "is not before to_minute 5",
    ),
}


@pytest.mark.parametrize(("change", "place", "part"), CSV.values(), ids=CSV.keys())
def test_a_faulty_table_is_refused_with_its_line_and_nothing_else(
    tmp_path: Path, change: dict[str, str | bytes | None], place: str, part: str
) -> None:
    faults = faults_of(write_region(tmp_path, change))
    assert [f"{fault.file}:{fault.line}" for fault in faults] == [place]
    assert part in str(faults[0])


def test_the_small_region_is_sound(tmp_path: Path) -> None:
    assert not read_region(write_region(tmp_path)).warnings


def test_a_sentence_reads_as_the_contract_says(tmp_path: Path) -> None:
    (fault,) = faults_of(write_region(tmp_path, s1("08:00", "25:10")))
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
            **window("parents", "p q"),
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
