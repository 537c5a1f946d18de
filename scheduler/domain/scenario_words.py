"""Scenarios in words: what would change, and what a region cannot make its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from scheduler.domain.capacity import METERS
from scheduler.domain.region import Meter
from scheduler.domain.scenario_changes import (
    AudienceHours,
    BackToSchool,
    CapacityChange,
    ClosedPlatform,
    IdleSignOut,
    LargestShift,
    TargetUtilisation,
)
from scheduler.domain.verdict_words import amount, platform_name
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.domain.region import Region
    from scheduler.domain.scenarios import Change
    from scheduler.domain.verdict_words import Words
    from scheduler.wording import Text


def change_in_words(change: Change, region: Region, words: Words) -> Text:
    """Say what would change, as a clause.

    Parameters
    ----------
    change : Change
    region : Region
        Names the platforms.
    words : Words
    """
    match change:
        case CapacityChange():
            return _capacity(change, region, words)
        case ClosedPlatform(platform, instead):
            told = {"platform": platform_name(region, platform), "instead": platform_name(region, instead)}
            return T("{platform} is closed and its classes go to {instead}", **told)
        case BackToSchool(level, date):
            return T("{level}: taught on site again from {date}", level=level_in_words(level), date=words.date(date))
        case AudienceHours(audience, earliest):
            name = audience_in_words(audience)
            return T("{audience}: connecting only from {time}", audience=name, time=words.time(earliest))
        case IdleSignOut(minutes):
            return T("who does nothing is signed out after {minutes} minutes", minutes=words.number(minutes))
        case TargetUtilisation(share):
            return T("plans may fill {share} of the capacities", share=words.share(share))
        case LargestShift(minutes):
            return T("sessions may move by {minutes} minutes at most", minutes=words.number(minutes))


def _capacity(change: CapacityChange, region: Region, words: Words) -> Text:
    return T("{what}, {when}", what=_much(change, region, words), when=_when(change.start, change.end, words))


def _much(change: CapacityChange, region: Region, words: Words) -> Text:
    platform, more = platform_name(region, change.platform), change.amount > 0
    if not change.percent:
        much = amount(Meter(change.platform, change.meter), abs(change.amount), words)
        if more:
            return T("{amount} more on {platform}", amount=much, platform=platform)
        return T("{amount} fewer on {platform}", amount=much, platform=platform)
    told = {"share": words.share(abs(change.amount) / 100), "platform": platform}
    if change.meter == METERS[1]:
        more_logins = T("{share} more logins per minute on {platform}", **told)
        return more_logins if more else T("{share} fewer logins per minute on {platform}", **told)
    more_connections = T("{share} more connections on {platform}", **told)
    return more_connections if more else T("{share} fewer connections on {platform}", **told)


def _when(start: dt.datetime, end: dt.datetime, words: Words) -> Text | str:
    """Say from when to when; whole days by their dates, for "to Wednesday 0:00" misleads."""
    first = words.date(start.date())
    if start.time() == end.time() == dt.time():
        last = end.date() - dt.timedelta(days=1)
        return first if last == start.date() else T("from {first} to {last}", first=first, last=words.date(last))
    times = {"start": _time(start, words), "end": _time(end, words)}
    if start.date() == end.date():
        return T("{date} {start}–{end}", date=first, **times)
    return T("from {first} {start} to {last} {end}", first=first, last=words.date(end.date()), **times)


def _time(at: dt.datetime, words: Words) -> str:
    return words.time(at.hour * 60 + at.minute)


def level_in_words(level: str) -> Text | str:
    """Say a level; one of a region's own is said as it is written."""
    known = {
        "primary": T("primary level"),
        "lower_secondary": T("lower secondary level"),
        "upper_secondary": T("upper secondary level"),
    }
    return known.get(level, level)


def audience_in_words(audience: str) -> Text | str:
    """Say an audience; one of a region's own is said as it is written."""
    return {"parents": T("parents")}.get(audience, audience)


def why_not(change: Change) -> Text | None:
    """Say why a region cannot make a change its own here, and where it can be made; None where it can."""
    match change:
        case ClosedPlatform():
            return T("which platform a class uses is in the timetables: schools bring them anew")
        case AudienceHours():
            return T("when an audience may connect is in the access windows: whoever keeps them brings them anew")
        case IdleSignOut():
            return T("idle sign-out is set on the servers themselves; then bring usage.csv anew")
        case _:
            return None
