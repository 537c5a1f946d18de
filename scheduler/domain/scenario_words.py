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
            return T("{level} is back at school from {date}", level=level_in_words(level), date=words.date(date))
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
    much: Text | str = amount(Meter(change.platform, change.meter), abs(change.amount), words)
    if change.percent:
        much = _share(change, words)
    told = {"amount": much, "platform": platform_name(region, change.platform)}
    span = {"start": _moment(change.start, words), "end": _moment(change.end, words)}
    if change.amount > 0:
        return T("{amount} more on {platform}, from {start} to {end}", **told, **span)
    return T("{amount} fewer on {platform}, from {start} to {end}", **told, **span)


def _share(change: CapacityChange, words: Words) -> Text:
    share = words.share(abs(change.amount) / 100)
    if change.meter == METERS[1]:
        return T("{share} of the logins per minute", share=share)
    return T("{share} of the connections", share=share)


def _moment(at: dt.datetime, words: Words) -> Text:
    if at.time() == dt.time():
        # A day that ends at midnight is said by its last date: "to Wednesday 0:00" misleads.
        return T("the very start of {date}", date=words.date(at.date()))
    return T("{date} {time}", date=words.date(at.date()), time=words.time(at.hour * 60 + at.minute))


def level_in_words(level: str) -> Text | str:
    """Say a level; one of a region's own is said as it is written."""
    known = {
        "primary": T("primary school"),
        "lower_secondary": T("lower secondary school"),
        "upper_secondary": T("upper secondary school"),
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
