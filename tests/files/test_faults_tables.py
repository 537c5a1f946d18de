"""Faulty tables are refused: what a file is, and the rows of all but sessions and access windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faults import HEADER, assert_refused, each, in_s1
from region_files import SESSIONS, added, edited, small_region, write_region

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
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
    "cell too long": (in_s1("Mme Rhin", "x" * 200_000), "sessions.csv:2", "more than 131,072 characters"),
    "column twice": (edited("schools.csv", "academy", "Level"), "schools.csv:1", "the column “level” occurs twice"),
    "not UTF-8": (
        {"schools.csv": small_region()["schools.csv"].encode("latin-1")},
        "schools.csv:2",
        "0xE8 is not UTF-8",
    ),
    "UTF-16": ({"schools.csv": small_region()["schools.csv"].encode("utf-16")}, "schools.csv:1", "CSV UTF-8"),
    "a zero byte": (edited("schools.csv", "Lycée", "Ly\0cée"), "schools.csv:3", "zero bytes"),
    "a quotation mark left open": (in_s1("6A,", '"6A,'), "sessions.csv:2", "none closes it"),
    "a quotation mark left open at the end": (
        added("sessions.csv", '0670001A,S9,TU,,11:00,55,"6A'),
        "sessions.csv:7",
        "none closes it",
    ),
    "text behind a quotation mark": (in_s1("6A,", '"6A"b,'), "sessions.csv:2", "follows the closing quotation mark"),
    "header with a quotation mark": (
        edited("capacity.csv", "platform", '"platform'),
        "capacity.csv:1",
        "quotation mark in the header",
    ),
    "too many cells": (
        in_s1("Mme Rhin", "Rhin, Mme"),
        "sessions.csv:2",
        "this row has 19 cells, but there are 18 columns",
    ),
    "too many empty cells": (in_s1("fr/s1", "fr/s1,"), "sessions.csv:2", "take out the extra cells"),
    "a row over two lines": (
        added("sessions.csv", '0670001A,S9,TU,,11:00,4,6A,,,"', '",25,,,,,,,'),
        "sessions.csv:7",
        "minutes “4”",
    ),
}
PLACES = {
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
}
CAPACITY = {
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
}
CALENDAR = {
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
}
USAGE = {
    "usage of no platform": (
        added("usage.csv", "live,zoom,connections,0,end,1"),
        "usage.csv:6",
        "is not in platforms.csv",
    ),
    "usage of no meter": (added("usage.csv", "live,ent,users,0,end,1"), "usage.csv:6", "meter “users” is unknown"),
    "usage of no activity": (added("usage.csv", ",ent,connections,0,end,1"), "usage.csv:6", "activity is empty"),
    "share empty": (added("usage.csv", "live,ent,connections,0,end,"), "usage.csv:6", "share is empty"),
    "share negative": (
        added("usage.csv", "live,ent,connections,0,end,-0.5"),
        "usage.csv:6",
        "write a number from 0 to",
    ),
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


@each("change, place, part", FILES | PLACES | CAPACITY | CALENDAR | USAGE)
def test_a_faulty_table_is_refused_with_its_line_and_nothing_else(
    tmp_path: Path, change: dict[str, str | bytes | None], place: str, part: str
) -> None:
    assert_refused(write_region(tmp_path, change), place, part)
