"""Slots, minutes of the day, and the only conversion between them and local time.

A *minute* counts from 00:00 of the date on the wall clock, 0 to 1440. A *slot* is a stretch of ``slot_minutes``
minutes; slots divide the whole date from 00:00, not only the day of the schools (CONTRACT section 2). Ranges of
minutes and slots are half-open.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

MINUTES_A_DATE = 1440
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Grid:
    """How a region's dates are divided.

    Attributes
    ----------
    day_start, day_end : int
        Minutes between which every activity lies, both multiples of `slot_minutes`.
    slot_minutes : int
        5, 10 or 15.
    timezone : str
        IANA name of the region's time zone.
    first_date, last_date : datetime.date
        The horizon, both ends included.
    """

    day_start: int
    day_end: int
    slot_minutes: int
    timezone: str
    first_date: dt.date
    last_date: dt.date

    @property
    def slots(self) -> int:
        """Number of slots of a date."""
        return MINUTES_A_DATE // self.slot_minutes

    @property
    def day_slots(self) -> range:
        """The slots of the day of the schools."""
        return range(self.day_start // self.slot_minutes, self.day_end // self.slot_minutes)

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """Every date of the horizon."""
        count = (self.last_date - self.first_date).days + 1
        return tuple(self.first_date + dt.timedelta(days=day) for day in range(count))

    def local(self, date: dt.date, minute: int) -> dt.datetime:
        """Give the aware local date-time of a `minute` of a `date`; minute 1440 is midnight of the next date.

        A wall-clock time that a change to summer time skips, or that occurs twice in autumn, is taken as PEP 495
        says for ``fold=0``: the offset that held before the change.
        """
        naive = dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minute)
        return naive.replace(tzinfo=ZoneInfo(self.timezone))


def clock(minute: int) -> str:
    """Write a minute of the day as ``HH:MM``; 1440 is ``24:00``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def monday_of(date: dt.date) -> dt.date:
    """Give the Monday of the ISO week of a date."""
    return date - dt.timedelta(days=date.weekday())
