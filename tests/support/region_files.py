"""A small valid region folder as texts, and easy ways to change it; for the tests of every room."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scheduler.domain.region import Region
    from scheduler.domain.timetable import AccessWindow, ClassSession

REGION = """\
name = "Little Region"
timezone = "Europe/Paris"
first_date = 2021-04-06
last_date = 2021-04-09

[day]
start = "07:30"
end = "19:00"
slot_minutes = 5

[policy]
target_utilisation = 0.75
max_shift_minutes = 60
move_together = "session"
lunch = { from = "11:30", to = "14:00", minutes = 45 }
"""
PLATFORMS = """\
platform,name,kind
ent,Mon ENT,ent
bbb,BigBlueButton,virtual-class
"""
CAPACITY = """\
platform,meter,from,to,kind,amount,note
ent,connections,,,base,400,
ent,connections,2021-04-07T08:00,2021-04-07T12:00,change,-50%,outage
bbb,connections,,,base,300,
"""
SCHOOLS = """\
school,name,level,academy,pupils
0670001A,Collège du Rhin,lower_secondary,Strasbourg,480
0670002B,Lycée de la Tour,upper_secondary,Strasbourg,910
"""
SESSIONS = """\
school,session,day,weeks,start,minutes,groups,teachers,room,subject,heads,platforms,activity,locked,earliest,latest,weight,link
0670001A,S1,TU,,08:00,55,6A,Mme Rhin,B12,français,25,ent+bbb|ent@async,,,,,,https://visio.example.fr/s1
0670001A,S2,TU,,09:00,55,6A/latin|6B/latin,M. Mosel,,latin,30,ent+bbb,,,,,,
0670001A,S3,WE,A,10:00,55,6B,Mme Rhin,,maths,26,ent,async,,,,2,
0670002B,S1,2021-04-08,,08:05,110,2A,M. Vosges,C1,physique,34,ent+bbb,,1,08:00,09:00,0.5,
0670002B,S2,FR,B,13:30,55,2A|2B,Mme Ill|M. Vosges,,EPS,60,,,,,,,
"""
ACCESS = """\
school,window,audience,day,weeks,heads,minutes,platforms,activity,usual_start,earliest,latest,weight
,evening,parents,TU,,200,15,ent,,17:00,16:00,19:00,
0670001A,families,parents,TH,,40,10,ent,,,16:00,18:30,0.2
"""
USAGE = """\
activity,platform,meter,from_minute,to_minute,share
live,ent,connections,-5,end,1
live,bbb,connections,0,end+5,1
async,ent,connections,0,end,0.2
browse,ent,connections,0,end,0.5
"""


def small_region() -> dict[str, str]:
    """Give the files of the small region by name: 2 platforms, 2 schools, 5 sessions, 2 windows; no warnings."""
    return {
        "region.toml": REGION,
        "platforms.csv": PLATFORMS,
        "capacity.csv": CAPACITY,
        "schools.csv": SCHOOLS,
        "sessions.csv": SESSIONS,
        "access.csv": ACCESS,
        "usage.csv": USAGE,
    }


def write_region(folder: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the small region with some files replaced, added, or (None) left out; give the folder."""
    for name, content in {**small_region(), **(changes or {})}.items():
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def edited(name: str, old: str, new: str) -> dict[str, str]:
    """Give the change that replaces `old`, which must be there once, by `new` in one file of the small region."""
    text = small_region()[name]
    if text.count(old) != 1:
        raise ValueError(f"{old!r} is {text.count(old)} times in {name}")
    return {name: text.replace(old, new)}


def added(name: str, *rows: str) -> dict[str, str]:
    """Give the change that appends rows to one file of the small region."""
    return {name: small_region()[name] + "".join(row + "\n" for row in rows)}


def same_region(one: Region, other: Region) -> bool:
    """Tell whether two regions hold the same values, arrays compared element by element."""
    return all(
        same_region(left, right)
        if dataclasses.is_dataclass(left)
        else np.array_equal(left, right)
        if isinstance(left, np.ndarray)
        else left == right
        for left, right in ((getattr(one, field.name), getattr(other, field.name)) for field in dataclasses.fields(one))
    )


HEAD = ("name", "grid", "policy", "platforms", "schools", "capacities", "usage", "calendar")


def same_by_school(one: Region, other: Region) -> bool:
    """Tell whether two regions hold the same values, up to the order of rows of different schools."""
    return all(getattr(one, name) == getattr(other, name) for name in HEAD) and rows_by_school(one) == rows_by_school(
        other
    )


def rows_by_school(region: Region) -> dict[str, list[ClassSession | AccessWindow]]:
    """Give the rows of each school, the region's audiences under an empty key, in their order."""
    found: dict[str, list[ClassSession | AccessWindow]] = {}
    for row in range(len(region.activities)):
        found.setdefault(region.activities.school_key(row), []).append(region.activities.describe(row))
    return found
