"""Changes of a region that are only thought of, each a frozen value with its own pure effect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from scheduler.domain.capacity import CapacityEntry, limited_meters
from scheduler.domain.level_dates import without_level
from scheduler.domain.rerouting import rerouted
from scheduler.domain.spoken import spoken_time
from scheduler.domain.timetable import UNBOUNDED
from scheduler.domain.usage import Moment
from scheduler.errors import Fault, FaultyInput
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from scheduler.domain.region import Region
    from scheduler.domain.usage import UsageRow

MOST_AMOUNT = 1e9


@dataclass(frozen=True)
class CapacityChange:
    """A raise, an outage or an attack: what is added to a meter's capacity for a while (CONTRACT section 2).

    Attributes
    ----------
    platform, meter : str
    amount : float
        Connections or logins per minute, or per cent of the base; negative where capacity is lost.
    percent : bool
    start, end : datetime.datetime
        Local wall-clock times, naive; `end` is exclusive.
    """

    kind: ClassVar[str] = "capacity"
    platform: str
    meter: str
    amount: float
    percent: bool
    start: dt.datetime
    end: dt.datetime

    def entry(self, note: str = "") -> CapacityEntry:
        """Give it as a row of capacity.csv."""
        place = (self.platform, self.meter, self.start, self.end)
        return CapacityEntry(*place, "change", self.amount, self.percent, note)

    def on(self, region: Region) -> Region:
        """Add the entry."""
        return replace(region, capacities=(*region.capacities, self.entry()))

    def faults(self, region: Region) -> list[Fault]:
        """Say what cannot be; of a region of which the activities need not be known."""
        found = []
        if (self.platform, self.meter) not in limited_meters(region.capacities, region.grid):
            what = T("“{platform}” has no capacity of this kind that could change", platform=self.platform)
            found.append(Fault("meter", 0, what, T("choose a platform whose capacity is known")))
        if self.start >= self.end:
            found.append(Fault("to", 0, T("the end is not after the start"), T("exchange the two times")))
        if not self.amount or abs(self.amount) > (100 if self.percent and self.amount < 0 else MOST_AMOUNT):
            what = T("this is no amount that a capacity can change by")
            found.append(Fault("amount", 0, what, T("write a number above 0, of per cent 100 at most")))
        return found


@dataclass(frozen=True)
class ClosedPlatform:
    """A platform is closed, and its classes are sent to another one.

    In every alternative the other platform takes its place; alternatives that have become equal are one. Where usage
    does not say how an activity loads the other platform, it loads it as it did the closed one.

    Attributes
    ----------
    platform, instead : str
    """

    kind: ClassVar[str] = "closed-platform"
    platform: str
    instead: str

    def on(self, region: Region) -> Region:
        """Rewrite alternatives and usage."""
        return rerouted(region, self.platform, self.instead)

    def faults(self, region: Region) -> list[Fault]:
        """Say what cannot be."""
        known = {platform.key for platform in region.platforms}
        found = [
            Fault(field, 0, T("there is no platform “{platform}”", platform=key), T("choose one of the list"))
            for field, key in (("platform", self.platform), ("instead", self.instead))
            if key not in known
        ]
        if self.platform == self.instead:
            what = T("classes cannot be sent to the platform that is closed")
            found.append(Fault("instead", 0, what, T("choose another platform")))
        return found


@dataclass(frozen=True)
class BackToSchool:
    """A level comes back to school: from a date on it is not taught at a distance any more.

    Attributes
    ----------
    level : str
    date : datetime.date
        First one at school.
    """

    kind: ClassVar[str] = "back-to-school"
    level: str
    date: dt.date

    def on(self, region: Region) -> Region:
        """Cut the periods of the level."""
        return replace(region, calendar=without_level(region, self.level, self.date))

    def faults(self, region: Region) -> list[Fault]:
        """Say what cannot be."""
        levels = {school.level for school in region.schools}
        if not self.level or self.level not in levels:
            what, remedy = T("there is no school of the level “{level}”", level=self.level), T("choose one of the list")
            return [Fault("level", 0, what, remedy)]
        periods = region.calendar.periods
        if "" in levels and (periods is None or any(not one.level and one.last_date >= self.date for one in periods)):
            what = T("some schools have no level, and are taught on the dates that hold for every level")
            return [Fault("level", 0, what, T("give every school a level first"))]
        return []


@dataclass(frozen=True)
class AudienceHours:
    """An audience connects only from an hour on, whatever its windows said of earlier ones.

    A window's usual start is then that hour at the earliest, and a shift is counted from there. One that has to end
    before it could do so may last until the end of the day.

    Attributes
    ----------
    audience : str
    earliest : int
        Minutes of the day.
    """

    kind: ClassVar[str] = "audience-hours"
    audience: str
    earliest: int

    def on(self, region: Region) -> Region:
        """Move the bounds of the audience's windows.

        Raises
        ------
        FaultyInput
            A window does not fit into what is left of the day.
        """
        activities, grid = region.activities, region.grid
        codes = [at for at, name in enumerate(activities.words.audiences) if name == self.audience]
        mine = activities.window & np.isin(activities.audience, codes)
        start = np.where(mine, np.maximum(activities.start, self.earliest), activities.start)
        last = start + activities.minutes
        if (last[mine] > grid.day_end).any():
            longest = int(activities.minutes[mine].max())
            what = T("a window of {minutes} minutes does not fit into what is left of the day", minutes=longest)
            raise FaultyInput([Fault("earliest", 0, what, T("choose an earlier hour"))])
        earliest = np.where(mine, np.maximum(activities.earliest, self.earliest), activities.earliest)
        too_late = mine & (activities.latest != UNBOUNDED) & (last > activities.latest)
        latest = np.where(too_late, UNBOUNDED, activities.latest)
        moved = replace(
            activities,
            start=start.astype(np.int16),
            earliest=earliest.astype(np.int16),
            latest=latest.astype(np.int16),
        )
        return replace(region, activities=moved)

    def faults(self, region: Region) -> list[Fault]:
        """Say what cannot be."""
        grid = region.grid
        if grid.day_start <= self.earliest < grid.day_end and self.earliest % grid.slot_minutes == 0:
            return []
        what = T("nothing can begin at {time}", time=spoken_time(min(max(self.earliest, 0), 24 * 60)))
        remedy = T("choose a time of the day, in whole slots of {minutes} minutes", minutes=grid.slot_minutes)
        return [Fault("earliest", 0, what, remedy)]


@dataclass(frozen=True)
class IdleSignOut:
    """Who does nothing any more is signed out sooner.

    It touches the rows of usage.csv that go on past the end of an activity (``end+60``) by more than so many minutes:
    they end then. A row that would have begun later still (``end+20`` to ``end+60``) is gone.

    Attributes
    ----------
    minutes : int
        After the end of an activity.
    """

    kind: ClassVar[str] = "idle-sign-out"
    minutes: int

    def on(self, region: Region) -> Region:
        """Cut what is used after the end."""
        return replace(region, usage=tuple(self._cut(region.usage)))

    def _cut(self, usage: Iterable[UsageRow]) -> Iterable[UsageRow]:
        for row in usage:
            if not row.end.from_end or row.end.minutes <= self.minutes:
                yield row
            elif not row.start.from_end or row.start.minutes < self.minutes:
                yield replace(row, end=Moment(self.minutes, from_end=True))

    def faults(self, region: Region) -> list[Fault]:
        """Say what cannot be."""
        if self.minutes < 0:
            return [Fault("minutes", 0, T("this is no number of minutes"), T("write one from 0 on"))]
        if tuple(self._cut(region.usage)) == region.usage:
            what = T("nobody stays signed in longer than {minutes} minutes", minutes=self.minutes)
            return [Fault("minutes", 0, what, T("write a smaller number, or leave this out"))]
        return []


@dataclass(frozen=True)
class TargetUtilisation:
    """Another share of the capacities may be filled.

    Attributes
    ----------
    share : float
        (0, 1].
    """

    kind: ClassVar[str] = "target-utilisation"
    share: float

    def on(self, region: Region) -> Region:
        """Change the policy."""
        return replace(region, policy=replace(region.policy, target_utilisation=self.share))

    def faults(self, _: Region) -> list[Fault]:
        """Say what cannot be."""
        if 0 < self.share <= 1:
            return []
        return [Fault("share", 0, T("this is no share in per cent"), T("write a number above 0, 100 at most"))]


@dataclass(frozen=True)
class LargestShift:
    """Class sessions may move by so much at most, either way.

    Attributes
    ----------
    minutes : int
        A multiple of the slot.
    """

    kind: ClassVar[str] = "largest-shift"
    minutes: int

    def on(self, region: Region) -> Region:
        """Change the policy."""
        return replace(region, policy=replace(region.policy, max_shift_minutes=self.minutes))

    def faults(self, region: Region) -> list[Fault]:
        """Say what cannot be."""
        slot = region.grid.slot_minutes
        if 0 <= self.minutes <= 24 * 60 and self.minutes % slot == 0:
            return []
        what = T("sessions move by whole slots of {minutes} minutes", minutes=slot)
        return [Fault("shift", 0, what, T("write a multiple of {minutes}, such as 60", minutes=slot))]
