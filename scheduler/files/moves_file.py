"""moves.csv of a plan folder: why each moved activity moved, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.grid import clock
from scheduler.domain.reasons import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.domain.reasons import Moves
    from scheduler.domain.region import Region

MOVES_COLUMNS = (
    *("school", "kind", "id", "date", "start", "shift_minutes", "reason", "platform", "meter", "from", "to"),
    *("head_minutes_to_put_back", "in_the_way", "moves_with"),
)
"""``head_minutes_to_put_back`` is empty where a sharer, `in_the_way`, makes it impossible."""


def move_rows(region: Region, moves: Moves) -> Iterator[tuple[object, ...]]:
    """Give the rows of one date by school, kind, planned start and id, as plan.csv has them."""
    activities, keys = region.activities, region.activities.words.keys
    rank = np.empty(len(keys), dtype=np.int64)
    rank[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    row = moves.row
    start = activities.start[row] + moves.shift_minutes
    schools = [*(school.key for school in activities.schools), ""]
    school = np.where(activities.school[row] < 0, len(schools) - 1, activities.school[row])
    times = [clock(minute) for minute in range(24 * 60 + 1)]
    date, slot_minutes = region.grid.dates[moves.day].isoformat(), region.grid.slot_minutes
    for at in np.lexsort((rank[activities.key[row]], start, activities.window[row], school)).tolist():
        place: tuple[str, ...] = ("", "", "", "")
        if moves.meter[at] >= 0:
            meter = region.meters[moves.meter[at]]
            first, last = int(moves.first[at]) * slot_minutes, int(moves.last[at]) * slot_minutes
            place = (meter.platform, meter.meter, times[first], times[last])
        in_the_way, companion = int(moves.in_the_way[at]), int(moves.companion[at])
        yield (
            schools[school[at]],
            "access" if activities.window[row[at]] else "session",
            keys[activities.key[row[at]]],
            date,
            times[start[at]],
            int(moves.shift_minutes[at]),
            REASONS[moves.reason[at]],
            *place,
            f"{moves.head_minutes[at] + 0.0:.3f}" if in_the_way < 0 else "",
            activities.key_of(in_the_way) if in_the_way >= 0 else "",
            activities.key_of(companion) if companion >= 0 else "",
        )
