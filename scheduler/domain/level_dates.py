"""The dates on which levels are taught at a distance, when one of them comes back to school."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.domain.calendar import Calendar, Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.domain.region import Region

A_DAY = dt.timedelta(days=1)


def without_level(region: Region, level: str, date: dt.date) -> Calendar:
    """Give the calendar in which a level is at school from a date on; all other levels are taught as before.

    A row for every level that goes on past the date is cut there, and goes on as a row for each other level. Schools
    without a level have only the rows for every level: with such schools the answer would be wrong (see
    `scheduler.domain.scenario_changes.BackToSchool.faults`).

    Parameters
    ----------
    region : Region
    level : str
    date : datetime.date
        First date at school.
    """
    grid, calendar = region.grid, region.calendar
    periods = (Period("", grid.first_date, grid.last_date),) if calendar.periods is None else calendar.periods
    others = sorted({school.level for school in region.schools} - {level, ""})
    return replace(calendar, periods=tuple(part for one in periods for part in _parts(one, level, others, date)))


def _parts(period: Period, level: str, others: list[str], date: dt.date) -> Iterator[Period]:
    if period.level not in ("", level) or period.last_date < date:
        yield period
        return
    if period.first_date < date:
        yield replace(period, last_date=date - A_DAY)
    if not period.level:
        yield from (Period(other, max(period.first_date, date), period.last_date) for other in others)
