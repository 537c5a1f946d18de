"""Faulty rows of sessions.csv and access.csv are refused, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faults import PARENTS, assert_refused, each, in_parents, in_s1
from region_files import added, write_region

if TYPE_CHECKING:
    from pathlib import Path

S1_CELLS = {
    "school empty": ("0670001A", "", "school is empty"),
    "school unknown": ("0670001A", "0670009Z", "“0670009Z” is not in schools.csv"),
    "session not a key": ("S1", "S 1", "use 1 to 80 of the letters"),
    "session too long": ("S1", "S" * 81, "is not a key"),
    "day empty": ("TU", "", "day is empty"),
    "day in French": ("TU", "mardi", "write one of MO, TU, WE"),
    "day on no date": ("TU", "2021-04-31", "is not a day"),
    "day as a basic date": ("TU", "20210406", "is not a day"),
    "weeks unknown": ("TU,,", "TU,Q1,", "weeks “Q1” is not a week"),
    "start empty": ("08:00", "", "start is empty"),
    "start no time": ("08:00", "25:10", "start “25:10” is not a time of day; write it as HH:MM"),
    "start of 60 minutes": ("08:00", "08:60", "is not a time of day"),
    "start with seconds": ("08:00", "08:00:01", "write whole minutes, for example 08:00"),
    "start at 24:00": ("08:00", "24:00", "cannot be a start"),
    "start before the day": ("08:00", "07:25", "07:25 is before the day starts, 07:30"),
    "end after the day": ("08:00", "18:10", "end after the day ends, 19:00"),
    "out of the day on another date": ("TU,,08:00", "2022-04-06,,07:00", "before the day starts"),
    "too short": (",55,", ",4,", "write a number from 5 to 600"),
    "too long": (",55,", ",601,", "is out of bounds"),
    "minutes with a decimal part": (",55,", ",55.0,", "minutes “55.0” is not a whole number"),
    "heads empty": (",25,", ",,", "heads is empty"),
    "heads negative": (",25,", ",-1,", "write a number from 0 to 1000000"),
    "heads too many": (",25,", ",1000001,", "is out of bounds"),
    "heads of 5000 digits": (",25,", f",{'9' * 5000},", "is out of bounds"),
    "heads in other digits": (",25,", ",٢٥,", "digits 0–9 only"),
    "group with a tab": ("6A", "6\tA", "control character"),
    "teacher over two lines": ("Mme Rhin", '"Mme\nRhin"', "teachers “Mme�Rhin” holds a line break"),
    "room with a control character": ("B12", "B\x0712", "room “B�12”"),
    "platform unknown": ("ent+bbb|", "ent+zoom|", "names what platforms.csv lacks: zoom"),
    "alternative empty": ("ent+bbb|", "ent+bbb||", "has an empty alternative"),
    "alternative of an activity alone": ("ent@async", "@async", "lacks a platform"),
    "plus without a platform": ("ent+bbb", "ent+", "lacks a platform"),
    "platform twice in one": ("ent+bbb|", "ent+ent|", "a platform twice in one alternative"),
    "activity in the middle": ("ent@async", "ent@async+bbb", "no activity behind “@”"),
    "activity of nothing": ("ent@async", "ent@", "no activity behind “@”"),
    "alternatives in another order": ("ent@async", "bbb+ent", "“ent+bbb” and “bbb+ent” mean the same"),
    "alternatives by default": ("ent@async", "bbb+ent@live", "mean the same"),
    "activity not a key": ("async,,", "async,à distance,", "activity “à distance” is not a key"),
    "activity without usage": ("ent@async", "bbb@async", "no row for activity “async” on “bbb”"),
    "locked unknown": ("async,,,", "async,,yes,", "write 1 for yes"),
    "locked outside its bounds": ("async,,,,", "async,,1,08:30,", "is before earliest 08:30"),
    "start before earliest": ("async,,,,", "async,,,08:05,", "08:00 is before earliest 08:05"),
    "start after latest": ("async,,,,", "async,,,,07:45", "08:00 is after latest 07:45"),
    "bounds crossed": ("async,,,,", "async,,,09:00,08:00", "earliest 09:00 is after latest 08:00"),
    "latest at 24:00": ("async,,,,", "async,,,,24:00", "24:00 is only an end"),
    "weight negative": ("async,,,,,", "async,,,,,-1", "weight “-1” is out of bounds"),
    "weight not finite": ("async,,,,,", "async,,,,,nan", "weight “nan” is not a number"),
    "weight with a comma": ("async,,,,,", 'async,,,,,"0,5"', "a decimal point, for example 0.5"),
    "link not safe": ("https:", "http:", "begins with https://"),
    "link with a blank": ("fr/s1", "fr/s 1", "is not a safe web address"),
    "link to run": ("https://visio.example.fr/s1", "javascript:alert(1)", "web address"),
}
PARENTS_CELLS = {
    "window empty": ("evening", "", "window is empty"),
    "audience empty": ("parents", "", "audience is empty"),
    "audience not a key": ("parents", "parents d'élèves", "audience “parents d'élèves”"),
    "window of nobody": (",evening", "X,evening", "“X” is not in schools.csv"),
    "window too short": (",15,", ",4,", "write a number from 5 to 1440"),
    "window too long": (",15,", ",1441,", "out of bounds"),
    "window ends after latest": ("19:00", "17:10", "from the usual start 17:00 end after latest 17:10"),
    "window starts before earliest": ("17:00", "15:00", "15:00 is before earliest 16:00"),
    "window before the day by default": ("17:00,16:00", ",06:00", "06:00 is before the day starts"),
    "window longer than the day": (",15,ent,,17:00,16:00,19:00", ",800,ent,,,,", "800 minutes from"),
    "window bounds crossed": ("19:00", "15:00", "earliest 16:00 is after latest 15:00"),
    "window usual start at 24:00": ("17:00", "24:00", "cannot be a start"),
    "window without usage": ("ent,,", "bbb,,", "no row for activity “browse” on “bbb”"),
}
TWICE = {
    "session twice": (in_s1("S1", "S3"), "sessions.csv:4", "stands on sessions.csv:2 already"),
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
}


@each("old, new, part", S1_CELLS)
def test_a_faulty_session_is_refused_and_nothing_else(tmp_path: Path, old: str, new: str, part: str) -> None:
    assert_refused(write_region(tmp_path, in_s1(old, new)), "sessions.csv:2", part)


@each("old, new, part", PARENTS_CELLS)
def test_a_faulty_window_is_refused_and_nothing_else(tmp_path: Path, old: str, new: str, part: str) -> None:
    assert_refused(write_region(tmp_path, in_parents(old, new)), "access.csv:2", part)


@each("change, place, part", TWICE)
def test_what_stands_there_twice_is_refused(tmp_path: Path, change: dict[str, str], place: str, part: str) -> None:
    assert_refused(write_region(tmp_path, change), place, part)
