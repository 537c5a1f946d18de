"""What the usual timetable asks of each platform, slot by slot: the measure that capacities are set by."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scheduler.demo.rows import ASYNC, BROWSE, LIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

CONNECTIONS, LOGINS = "connections", "logins_per_minute"
SLOT_MINUTES = 5
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Use:
    """A row of usage.csv for the ENT or for any virtual class.

    Attributes
    ----------
    activity, meter : str
        As in the file.
    virtual : bool
        Whether it is of the virtual-class platforms; else of the ENT.
    begin, end : str
        As in the file: minutes from the start, or ``end``, ``end+60``.
    share : float
        Of a head.
    """

    activity: str
    virtual: bool
    meter: str
    begin: str
    end: str
    share: float


# Pupils sign in from five minutes before to ten minutes after the bell, then a third of them stay in the ENT; in
# the virtual class everyone stays. Parents stay some 12 minutes (F16) of a window.
USES = (
    Use(LIVE, False, CONNECTIONS, "-5", "0", 0.30),
    Use(LIVE, False, CONNECTIONS, "0", "5", 0.60),
    Use(LIVE, False, CONNECTIONS, "5", "10", 0.35),
    Use(LIVE, False, CONNECTIONS, "-5", "end", 0.30),
    Use(LIVE, False, LOGINS, "-5", "0", 0.05),
    Use(LIVE, False, LOGINS, "0", "5", 0.09),
    Use(LIVE, False, LOGINS, "5", "10", 0.03),
    Use(LIVE, True, CONNECTIONS, "0", "end", 1.0),
    Use(ASYNC, False, CONNECTIONS, "0", "10", 0.08),
    Use(ASYNC, False, CONNECTIONS, "0", "end+60", 0.12),
    Use(ASYNC, False, LOGINS, "0", "15", 0.015),
    Use(BROWSE, False, CONNECTIONS, "0", "10", 0.10),
    Use(BROWSE, False, CONNECTIONS, "0", "end", 0.12),
    Use(BROWSE, False, LOGINS, "0", "10", 0.020),
    Use(BROWSE, False, LOGINS, "10", "end", 0.008),
)


def minute(text: str, length: int) -> int:
    """Give the minute from the start that `text` (``-5``, ``end+60``) means for an activity of `length` minutes."""
    return length + int(text[3:] or 0) if text.startswith("end") else int(text)


def meanings(platforms: str, activity: str) -> list[tuple[list[str], str]]:
    """Take a ``platforms`` cell apart: for each alternative its platforms and its activity."""
    parts = [alternative.partition("@") for alternative in platforms.split("|")] if platforms else []
    return [(names.split("+"), other or activity) for names, _, other in parts]


class Tally:
    """Adds up heads by date, platforms, activity, start and length, as activities stream by.

    Parameters
    ----------
    dates : int
        Number of dates of the horizon.
    """

    def __init__(self, dates: int):
        self.dates = dates
        self.heads: dict[tuple[int, str, str, int, int], int] = defaultdict(int)
        self.used: set[tuple[str, str]] = set()  # cells of platforms and activities that occur at all

    def add(self, dates: Sequence[int], platforms: str, activity: str, start: int, minutes: int, heads: int) -> None:
        """Count an activity on each of `dates` (indices) at its usual start."""
        self.used.add((platforms, activity))
        for date in dates:
            self.heads[date, platforms, activity, start, minutes] += heads

    def activities_on(self) -> set[tuple[str, str]]:
        """Give every pair of activity and platform that some alternative uses."""
        return {
            (activity, platform)
            for cell, usual in self.used
            for names, activity in meanings(cell, usual)
            for platform in names
        }

    def peaks(self, ent: str) -> dict[tuple[str, str], float]:
        """Give the highest load of any slot of the usual timetable, by platform and meter (CONTRACT section 2)."""
        minutes: dict[tuple[str, str], npt.NDArray[np.float64]] = {}
        for (date, cell, usual, start, length), heads in self.heads.items():
            for names, activity in meanings(cell, usual)[:1]:
                for platform in names:
                    for use in USES:
                        if use.activity != activity or use.virtual == (platform == ent):
                            continue
                        begin = max(0, start + minute(use.begin, length))
                        end = min(_DAY_MINUTES, start + minute(use.end, length))
                        if begin < end:
                            key = platform, use.meter
                            if key not in minutes:
                                minutes[key] = np.zeros((self.dates, _DAY_MINUTES))
                            minutes[key][date, begin:end] += heads * use.share
        return {
            key: float(load.reshape(self.dates, -1, SLOT_MINUTES).mean(axis=2).max()) for key, load in minutes.items()
        }
