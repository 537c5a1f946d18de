"""Writing the files of a region folder."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from scheduler.errors import Fault, FaultyInput
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from scheduler.demo.presets import Preset

REGION_FILE = "region.toml"


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Write one file of the folder: UTF-8, commas, LF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def check_place(out: Path) -> None:
    """Refuse to write over anything that is not a region folder."""
    if out.is_dir() and (not any(out.iterdir()) or (out / REGION_FILE).is_file()):
        return
    if out.exists():
        what = T("{folder} exists and is not a region folder (it has no region.toml)", folder=out)
        remedy = T("choose a new folder, or remove this one yourself")
        raise FaultyInput([Fault("", 0, what, remedy)])


def region_toml(preset: Preset) -> str:
    """Write region.toml with every key at the default of the contract."""
    return f'''# A demonstration region; see README.md for what is real in it and what is invented.
name = "{preset.name}"
timezone = "{preset.timezone}"
# The horizon, both ends included, up to 8 weeks.
first_date = {preset.first_date.isoformat()}
last_date = {preset.last_date.isoformat()}

[day]
# No activity starts before start or ends after end.
start = "07:30"
end = "19:00"
slot_minutes = 5               # 5, 10 or 15

[policy]
target_utilisation = 0.75      # a plan fills this share of a capacity at most
max_shift_minutes = 60         # of class sessions, either way
move_together = "session"      # session, half-day, day or school
overload_weight = 10.0         # head-minutes of shift that one connection-minute of overload is worth
move_minutes = 0.0             # head-minutes that moving at all costs, a head
switch_minutes = 10.0          # head-minutes that other platforms than the usual ones cost, a head
activity_minutes = 30.0        # head-minutes that another activity than the usual one costs, a head
break_minutes = 5              # between two sessions of the same people, where there usually is as much
lunch = {{ from = "11:30", to = "14:00", minutes = 45 }}
'''
