"""A faulty region.toml is refused, each fault with its line, what is wrong and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faults import assert_refused, each, faults_of
from region_files import edited, write_region

if TYPE_CHECKING:
    from pathlib import Path

EDITS = {
    "name missing": ('name = "Little Region"\n', "", 0, "“name” is missing"),
    "name empty": ("Little Region", " ", 1, "“name” is empty"),
    "name a number": ('"Little Region"', "7", 1, "write a text between quotation marks"),
    "name with a control character": ("Little Region", "a\\tb", 1, "control character"),
    "timezone unknown": ("Europe/Paris", "Europe/Lutece", 2, "“Europe/Lutece” is unknown"),
    "timezone a folder": ("Europe/Paris", "Europe", 2, "IANA name"),
    "timezone outside": ("Europe/Paris", "../etc/passwd", 2, "is unknown"),
    "first date missing": ("first_date = 2021-04-06\n", "", 0, "“first_date” is missing"),
    "first date French": ("2021-04-06", '"06/04/2021"', 3, "“06/04/2021” is not a date"),
    "first date a date-time": ("2021-04-06", "2021-04-06T00:00:00", 3, "a date such as"),
    "dates swapped": ("2021-04-09", "2021-04-05", 4, "is before first_date 2021-04-06"),
    "57 dates": ("2021-04-09", "2021-06-01", 4, "there are 57 dates"),
    "slot of 20": ("slot_minutes = 5", "slot_minutes = 20", 9, "write 5, 10 or 15"),
    "slot with a decimal part": ("slot_minutes = 5", "slot_minutes = 5.0", 9, "a whole number"),
    "slot a bool": ("slot_minutes = 5", "slot_minutes = true", 9, "a whole number"),
    "day off the slots": ('"07:30"', '"07:32"', 7, "does not begin a slot of 5 minutes"),
    "day ends first": ('"19:00"', '"07:00"', 8, "does not end after it starts"),
    "day starts at 24:00": ('"07:30"', '"24:00"', 7, "24:00 is only an end"),
    "day end no time": ('"19:00"', '"25:10"', 8, "write it as HH:MM, for example 08:05"),
    "unknown key": ("name =", 'nmae = "x"\nname =', 1, "the key “nmae” is unknown"),
    "unknown key in day": ("slot_minutes = 5", "slot_minutes = 5\nstop = 1", 10, "“day.stop”"),
    "unknown table": ("[policy]", "[polcy]\na = 1\n[policy]", 11, "“polcy” is unknown"),
    "unknown key in lunch": ("minutes = 45 }", "minutes = 45, a = 1 }", 15, "“policy.lunch.a”"),
    "lunch ends first": ('to = "14:00"', 'to = "11:00"', 15, "lunch does not end after"),
    "lunch negative": ("minutes = 45", "minutes = -45", 15, "“policy.lunch.minutes” is below 0"),
    "utilisation 0": ("0.75", "0", 12, "a number above 0 and up to 1"),
    "utilisation 75": ("0.75", "75", 12, "for example 0.75"),
    "utilisation nan": ("0.75", "nan", 12, "is not a number from 0 to"),
    "utilisation a text": ("0.75", '"0.75"', 12, "a number without quotation marks"),
    "shift off the slots": ("= 60", "= 62", 13, "not a multiple of the slot"),
    "shift negative": ("= 60", "= -60", 13, "is below 0"),
    "move_together unknown": ('"session"', '"week"', 14, "session, half-day, day, school"),
    "weight infinite": ("[policy]", "[policy]\noverload_weight = inf", 12, "“policy.overload_weight”"),
    "weight negative": ("[policy]", "[policy]\nmove_minutes = -1.0", 12, "is not a number from 0 to"),
    "break a text": ("[policy]", '[policy]\nbreak_minutes = "5"', 12, "“policy.break_minutes”"),
    "no TOML": ('timezone = "Europe/Paris"', "timezone = Europe/Paris", 2, "this is not TOML"),
    "twice": ("[day]", 'name = "b"\n[day]', 6, "this is not TOML"),
}
WHOLE = {
    "TOML without end": ('name = "a"\nday = {', 2, "this is not TOML"),
    "nested without end": ("x = " + "[" * 5000, 1, "this is not TOML"),
    "number without end": ("x = " + "9" * 5000, 1, "this is not TOML"),
}
LACKS_MUCH = {
    "day no table": (edited("region.toml", "[day]\nstart", "day = 7\n[x]\nstart"), "“day” is not a table"),
    "empty": ({"region.toml": ""}, "“name” is missing"),
}


@each("old, new, line, part", EDITS)
def test_a_faulty_line_is_refused_and_nothing_else(tmp_path: Path, old: str, new: str, line: int, part: str) -> None:
    assert_refused(write_region(tmp_path, edited("region.toml", old, new)), f"region.toml:{line}", part)


@each("text, line, part", WHOLE)
def test_what_is_not_toml_is_refused(tmp_path: Path, text: str, line: int, part: str) -> None:
    assert_refused(write_region(tmp_path, {"region.toml": text}), f"region.toml:{line}", part)


@each("change, part", LACKS_MUCH)
def test_what_lacks_much_has_several_faults(tmp_path: Path, change: dict[str, str], part: str) -> None:
    assert part in str(faults_of(write_region(tmp_path, change))[0])
