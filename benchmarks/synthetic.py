"""A synthetic region of one date: plain bells, an ENT with a burst at each start, a virtual class of constant load.

Its limits are shares of its own usual peaks, so it is as tight at any size; nothing in it is real. Where the demo is
mild and varied, this is uniform and hard: whatever moves away from one bell meets another.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.grid import clock
from scheduler.domain.load import load_by_slot
from scheduler.domain.plan import usual_plan
from scheduler.files.region_folder import read_region

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMITS = {"ent": 0.60, "class": 0.92}
"""Limit of each platform as a share of its usual peak."""

BELLS = (0, 60, 125, 185, 330, 390, 455, 515)
"""Minutes from a school's first bell to each of its bells; sessions last 55 minutes."""

DATE = "2021-04-08"
REGION = f"""\
name = "Synthetic"
first_date = {DATE}
last_date = {DATE}
[day]
start = "06:45"
slot_minutes = 5
[policy]
target_utilisation = 1.0
max_shift_minutes = 60
"""
PLATFORMS = "platform,name,kind\nent,ENT,ent\nclass,Virtual class,virtual-class\n"
USAGE = """\
activity,platform,meter,from_minute,to_minute,share
live,ent,connections,-5,10,1
live,ent,connections,10,end,0.3
live,class,connections,0,end,1
"""


def write_synthetic(folder: Path, schools: int, seed: int = 0) -> None:
    """Write a synthetic region of some 80 sessions a school.

    Parameters
    ----------
    folder : Path
        Made anew.
    schools : int
        >= 1.
    seed : int
        >= 0.
    """
    folder.mkdir(parents=True)
    for name, text in (("region.toml", REGION), ("platforms.csv", PLATFORMS), ("usage.csv", USAGE)):
        (folder / name).write_text(text, encoding="utf-8")
    keys = [f"S{number:05d}" for number in range(schools)]
    _write(folder / "schools.csv", ("school", "name"), ((key, f"School {key}") for key in keys))
    draw = np.random.default_rng(seed)
    columns = ("school", "session", "day", "start", "minutes", "groups", "teachers", "heads", "platforms")
    _write(folder / "sessions.csv", columns, (row for key in keys for row in _sessions(draw, key)))
    _write_capacity(folder, dict.fromkeys(LIMITS, 1e9))
    _write_capacity(folder, _limits(folder))


def _sessions(draw: np.random.Generator, school: str) -> Iterator[tuple[object, ...]]:
    """Give the sessions of a school: each division has four to seven of the bells, each with a teacher free then."""
    divisions = int(draw.integers(10, 20))
    first_bell = 470 + 5 * int(draw.integers(0, 6))
    held = {d: set(draw.choice(len(BELLS), int(draw.integers(4, 8)), replace=False).tolist()) for d in range(divisions)}
    for place, bell in enumerate(BELLS):
        teachers = draw.permutation(divisions + divisions // 3)
        for division in range(divisions):
            if place in held[division]:
                start, teacher = clock(first_bell + bell), f"T{teachers[division]}"
                heads = int(draw.integers(18, 35))
                yield school, f"{division}-{place}", "TH", start, 55, f"D{division}", teacher, heads, "ent+class"


def _limits(folder: Path) -> dict[str, float]:
    region = read_region(folder).region
    peaks = load_by_slot(region, 0, usual_plan(region)).max(axis=1)
    return {
        meter.platform: round(LIMITS[meter.platform] * float(peak))
        for meter, peak in zip(region.meters, peaks, strict=True)
    }


def _write_capacity(folder: Path, amounts: dict[str, float]) -> None:
    rows = ((platform, "connections", "", "", "base", amount, "") for platform, amount in amounts.items())
    _write(folder / "capacity.csv", ("platform", "meter", "from", "to", "kind", "amount", "note"), rows)


def _write(path: Path, columns: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
