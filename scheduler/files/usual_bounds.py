"""The usual timetable respects the bounds that the files themselves state (CONTRACT section 3, rule 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.grid import clock
from scheduler.domain.timetable import UNBOUNDED
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.files.activity_rows import ActivityRows
    from scheduler.wording import Text


def refuse_outside_day(rows: ActivityRows, day_start: int, day_end: int) -> None:
    """Name usual starts and ends outside the day, on whatever date (CONTRACT section 3, rule 7)."""
    start, minutes = rows.usual, rows.minutes.array(np.int32)

    def too_early(row: int) -> tuple[Text, Text]:
        what = T(
            "the usual start {start} is before the day starts, {day}", start=clock(start[row]), day=clock(day_start)
        )
        return what, T("start later, or let day.start in region.toml be earlier")

    def too_late(row: int) -> tuple[Text, Text]:
        what = T(
            "{minutes} minutes from the usual start {start} end after the day ends, {day}",
            minutes=int(minutes[row]),
            start=clock(start[row]),
            day=clock(day_end),
        )
        return what, T("start earlier, last less, or let day.end in region.toml be later")

    known = start != UNBOUNDED
    rows.table.complain(known & (start < day_start), too_early)
    rows.table.complain(known & rows.minutes.ok & (start + minutes > day_end), too_late)


def refuse_outside_bounds(rows: ActivityRows) -> None:
    """Name usual starts, and ends of windows, outside the row's own bounds (CONTRACT section 3, rule 7)."""
    start, earliest, latest = rows.usual, rows.earliest.array(np.int32), rows.latest.array(np.int32)
    minutes = rows.minutes.array(np.int32)
    # `latest` bounds the start of a session and the end of a window.
    bounded = start + minutes if rows.window else start
    has_earliest = rows.earliest.ok & (earliest != UNBOUNDED)
    has_latest = rows.latest.ok & (latest != UNBOUNDED)
    crossed = has_earliest & has_latest & (earliest > latest)
    known = (start != UNBOUNDED) & ~crossed

    def crossing(row: int) -> tuple[Text, Text]:
        what = T(
            "earliest {earliest} is after latest {latest}", earliest=clock(earliest[row]), latest=clock(latest[row])
        )
        return what, T("swap or repair the two")

    def too_early(row: int) -> tuple[Text, Text]:
        what = T(
            "the usual start {start} is before earliest {bound}", start=clock(start[row]), bound=clock(earliest[row])
        )
        return what, T("repair one of the two")

    def too_late(row: int) -> tuple[Text, Text]:
        if rows.window:
            values = {"start": clock(start[row]), "minutes": int(minutes[row]), "bound": clock(latest[row])}
            what = T("{minutes} minutes from the usual start {start} end after latest {bound}", **values)
            return what, T("a window ends by “latest”: start earlier, last less, or let “latest” be later")
        what = T("the usual start {start} is after latest {bound}", start=clock(start[row]), bound=clock(latest[row]))
        return what, T("repair one of the two")

    rows.table.complain(crossed, crossing)
    rows.table.complain(known & has_earliest & (start < earliest), too_early)
    # A session's start alone is bounded; a window's end is known only with its length.
    measured = rows.minutes.ok if rows.window else np.ones(len(rows.table), dtype=bool)
    rows.table.complain(known & measured & has_latest & (bounded > latest), too_late)
