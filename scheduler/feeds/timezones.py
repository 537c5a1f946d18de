"""VTIMEZONE components: how a zone's clock stands, told to calendar programs (RFC 5545 section 3.6.5).

For the zones that French schools live in they are constants in RRULE form since 1970, which every program reads the
same way. (Components with lists of RDATE, as libraries derive them from zone files, make Outlook show summer events
an hour off.) Any other zone gets the same form where its clock changes by a rule of that kind in the years of the
feed, and otherwise one observance a change in those years.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

SINCE = 1970
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Observance:
    """A stretch of the year or of history with one offset.

    Attributes
    ----------
    name : str
        As people abbreviate it: ``CEST``.
    before, offset : datetime.timedelta
        Offset from UTC before and from the onset.
    onset : datetime.datetime
        First onset, by the clock of `before`.
    month, week, weekday : int
        The rule it comes back by every year: `weekday` (0 = Monday) number `week` (-1 = last) of `month`; month 0:
        it does not come back.
    """

    name: str
    before: dt.timedelta
    offset: dt.timedelta
    onset: dt.datetime
    month: int = 0
    week: int = 0
    weekday: int = 6


def _steady(name: str, hours: int) -> tuple[Observance, ...]:
    offset = dt.timedelta(hours=hours)
    return (Observance(name, offset, offset, dt.datetime(SINCE, 1, 1)),)  # noqa: DTZ001 - on the zone's own clock


def _yearly(name: str, before: int, offset: int, when: tuple[int, int, int]) -> Observance:
    """Give an observance from a Sunday on; `when`: month, which Sunday, hour on the clock before; offsets in hours."""
    month, week, hour = when
    onset = _day_of(SINCE, month, week, 6) + dt.timedelta(hours=hour)
    return Observance(name, dt.timedelta(hours=before), dt.timedelta(hours=offset), onset, month, week)


def _day_of(year: int, month: int, week: int, weekday: int) -> dt.datetime:
    """Give midnight of the `weekday` number `week` (-1 = last) of a month."""
    if week > 0:
        first = dt.datetime(year, month, 1)  # noqa: DTZ001 - on the zone's own clock
        return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))
    last = dt.datetime(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)  # noqa: DTZ001 - likewise
    return last - dt.timedelta(days=(last.weekday() - weekday) % 7)


FRENCH_ZONES = {
    "Europe/Paris": (_yearly("CEST", 1, 2, (3, -1, 2)), _yearly("CET", 2, 1, (10, -1, 3))),
    "America/Guadeloupe": _steady("AST", -4),
    "America/Marigot": _steady("AST", -4),
    "America/St_Barthelemy": _steady("AST", -4),
    "America/Martinique": _steady("AST", -4),
    "America/Cayenne": _steady("-03", -3),
    "America/Miquelon": (_yearly("-02", -3, -2, (3, 2, 2)), _yearly("-03", -2, -3, (11, 1, 2))),
    "Indian/Reunion": _steady("+04", 4),
    "Indian/Mayotte": _steady("EAT", 3),
    "Pacific/Noumea": _steady("+11", 11),
    "Pacific/Tahiti": _steady("-10", -10),
    "Pacific/Wallis": _steady("+12", 12),
}
"""The clocks of today, continued back to 1970; feeds have no events before 2020."""


@cache
def timezone_bytes(name: str, first_year: int, last_year: int) -> bytes:
    """Render the VTIMEZONE of a zone for a feed with events from `first_year` to `last_year`."""
    observances = FRENCH_ZONES.get(name) or derived(name, first_year, last_year)
    zone = Timezone()
    zone.add("TZID", name)
    for observance in observances:
        # An offset below the one before is winter time, also where the law calls it otherwise (Ireland).
        part = TimezoneDaylight() if observance.offset > observance.before else TimezoneStandard()
        part.DTSTART = observance.onset
        part.TZOFFSETFROM = observance.before
        part.TZOFFSETTO = observance.offset
        part.add("TZNAME", observance.name)
        if observance.month:
            byday = f"{observance.week}{_DAYS[observance.weekday]}"
            part.add("RRULE", vRecur(FREQ="YEARLY", BYMONTH=observance.month, BYDAY=byday))
        zone.add_component(part)
    rendered: bytes = zone.to_ical()
    return rendered


def derived(name: str, first_year: int, last_year: int) -> tuple[Observance, ...]:
    """Derive the observances of any IANA zone for some years, from the zone files.

    Two changes that come back every year on the same weekday of the same week of a month become yearly rules since
    1970. Otherwise each change is told by itself, and what held before the first of them is told from 1970 on.
    """
    # Ten years tell the last Sunday of a month from the fourth.
    years = range(first_year - 1, max(last_year + 2, first_year + 9))
    changes = _changes(ZoneInfo(name), years)
    return _as_rules(changes, len(years)) or _as_history(ZoneInfo(name), changes, years[0])


def _changes(zone: ZoneInfo, years: range) -> list[Observance]:
    """Find every change of a zone's offset, to the minute."""
    found = []
    day = dt.datetime(years[0], 1, 1, tzinfo=dt.UTC)
    while day.year < years.stop:
        before, after = 0, 1440  # minutes of that day, in UTC
        offset = _offset(zone, day)
        if offset != _offset(zone, day + dt.timedelta(minutes=after)):
            while after - before > 1:
                middle = (before + after) // 2
                if _offset(zone, day + dt.timedelta(minutes=middle)) == offset:
                    before = middle
                else:
                    after = middle
            onset = day + dt.timedelta(minutes=after)
            local = (onset + offset).replace(tzinfo=None)
            found.append(Observance(_name(zone, onset), offset, _offset(zone, onset), local))
        day += dt.timedelta(days=1)
    return found


def _as_rules(changes: list[Observance], years: int) -> tuple[Observance, ...]:
    """Give two yearly rules where they say all of `changes`; otherwise nothing."""
    kinds: dict[tuple[str, dt.timedelta, dt.timedelta], list[dt.datetime]] = defaultdict(list)
    for change in changes:
        kinds[change.name, change.before, change.offset].append(change.onset)
    rules = [_rule(*kind, onsets) for kind, onsets in kinds.items() if len({onset.year for onset in onsets}) == years]
    if len(rules) != 2 or len(kinds) != 2 or len(changes) != 2 * years:
        return ()
    return tuple(rule for rule in rules if rule is not None) if None not in rules else ()


def _rule(name: str, before: dt.timedelta, offset: dt.timedelta, onsets: list[dt.datetime]) -> Observance | None:
    """Give the yearly rule that all `onsets` follow, or None."""
    first = onsets[0]
    for week in (-1, 1, 2, 3, 4):
        days = [_day_of(onset.year, first.month, week, first.weekday()) for onset in onsets]
        time = first - _day_of(first.year, first.month, week, first.weekday())
        if all(onset - day == time for onset, day in zip(onsets, days, strict=True)) and not time.days:
            onset = _day_of(SINCE, first.month, week, first.weekday()) + time
            return Observance(name, before, offset, onset, first.month, week, first.weekday())
    return None


def _as_history(zone: ZoneInfo, changes: list[Observance], first_year: int) -> tuple[Observance, ...]:
    """Give what holds at first, from 1970 on, and then every change."""
    start = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC)
    offset = _offset(zone, start)
    at_first = Observance(_name(zone, start), offset, offset, dt.datetime(SINCE, 1, 1))  # noqa: DTZ001 - local
    return (at_first, *changes)


def _offset(zone: ZoneInfo, at: dt.datetime) -> dt.timedelta:
    return at.astimezone(zone).utcoffset() or dt.timedelta()


def _name(zone: ZoneInfo, at: dt.datetime) -> str:
    return at.astimezone(zone).tzname() or zone.key
