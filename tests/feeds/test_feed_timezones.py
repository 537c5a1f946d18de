"""Clocks: every zone of French schools, other zones, and the nights on which the clock changes."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import SCHOOL, lesson, region_of
from icalendar import Calendar, Timezone

from scheduler.domain.plan import usual_plan
from scheduler.domain.publication import publish
from scheduler.feeds.ics import feeds_of
from scheduler.feeds.timezones import FRENCH_ZONES, derived, timezone_bytes

OTHERS = [
    "America/New_York",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Asia/Jerusalem",
    "Africa/Casablanca",
    "Pacific/Marquesas",
    "America/Asuncion",
    "UTC",
]


def offsets_by_rule(content: bytes, moments: list[dt.datetime]) -> list[dt.timedelta]:
    """Read a VTIMEZONE by hand: the offset after the latest onset before each local time (RFC 5545 section 3.6.5)."""
    years = range(moments[0].year - 1, moments[-1].year + 1)
    onsets = []
    for part in Timezone.from_ical(content).subcomponents:
        start = part.DTSTART
        if "RRULE" in part:
            (byday,), (month,) = part["RRULE"]["BYDAY"], part["RRULE"]["BYMONTH"]
            found = [recurred(start, year, int(month), str(byday)) for year in years]
        else:
            found = [start]
        onsets += [(onset, part.TZOFFSETTO) for onset in found]
    onsets.sort()
    return [onsets[bisect_right(onsets, moment, key=itemgetter(0)) - 1][1] for moment in moments]


def recurred(start: dt.datetime, year: int, month: int, byday: str) -> dt.datetime:
    """Give the onset of a year, counting the days of the month one by one."""
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU").index(byday[-2:])
    days = [dt.datetime(year, month, 1) + dt.timedelta(days=day) for day in range(31)]  # noqa: DTZ001 - local
    days = [day for day in days if day.month == month and day.weekday() == weekday]
    number = int(byday[:-2])
    return dt.datetime.combine(days[number if number < 0 else number - 1], start.time())


def local_times(first: int, last: int, days: int) -> list[dt.datetime]:
    """Give noon of every so many days from a year's beginning to the end of another."""
    begin, end = dt.datetime(first, 1, 1, 12), dt.datetime(last, 12, 31, 12)  # noqa: DTZ001 - local
    return [begin + dt.timedelta(days=day) for day in range(0, (end - begin).days + 1, days)]


def offsets_by_zone_file(name: str, moments: list[dt.datetime]) -> list[dt.timedelta]:
    zone = ZoneInfo(name)
    return [moment.replace(tzinfo=zone).utcoffset() for moment in moments]


@pytest.mark.parametrize("name", FRENCH_ZONES)
def test_the_zones_of_french_schools_stand_as_the_zone_files_say(name):
    moments = local_times(2020, 2030, days=3)
    assert offsets_by_rule(timezone_bytes(name, 2021, 2021), moments) == offsets_by_zone_file(name, moments)


@pytest.mark.parametrize("name", FRENCH_ZONES)
def test_the_general_derivation_finds_the_constants(name):
    assert derived(name, 2021, 2021) == FRENCH_ZONES[name]


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_zone_is_right_in_the_years_of_the_feed(name):
    moments = local_times(2021, 2022, days=1)
    assert offsets_by_rule(timezone_bytes(name, 2021, 2022), moments) == offsets_by_zone_file(name, moments)


def test_rules_begin_in_1970():
    assert timezone_bytes("Europe/Paris", 2021, 2021).count(b"DTSTART:1970") == 2
    assert b"DTSTART:1970" in timezone_bytes("America/New_York", 2021, 2021)


def feed_of(row: dict[str, Any], **horizon: Any) -> Calendar:
    """Publish a region of one lesson and read its group's feed."""
    made = region_of([row], **horizon)
    of = publish(made, usual_plan(made), SCHOOL, published_at=dt.datetime(2021, 1, 1, tzinfo=dt.UTC))
    return Calendar.from_ical(feeds_of(of)[f"feeds/{SCHOOL}/group-6a.ics"])


@pytest.mark.parametrize(
    ("date", "start", "instant"),
    [
        ("2021-03-26", "08:00", "2021-03-26T07:00:00+00:00"),
        ("2021-03-28", "01:30", "2021-03-28T00:30:00+00:00"),
        ("2021-03-28", "08:00", "2021-03-28T06:00:00+00:00"),
        ("2021-03-29", "08:00", "2021-03-29T06:00:00+00:00"),
        ("2021-10-29", "08:00", "2021-10-29T06:00:00+00:00"),
        ("2021-10-31", "08:00", "2021-10-31T07:00:00+00:00"),
        ("2021-11-01", "08:00", "2021-11-01T07:00:00+00:00"),
    ],
)
def test_events_around_the_change_of_the_clock_are_at_the_right_instant(date, start, instant):
    calendar = feed_of(lesson("S", day=date, start=start), first_date=dt.date.fromisoformat(date))
    (event,) = calendar.events
    assert event.start.astimezone(dt.UTC).isoformat() == instant
    # And by the rules that the file itself carries.
    local = event.start.replace(tzinfo=None)
    (offset,) = offsets_by_rule(calendar.timezones[0].to_ical(), [local])
    assert (local - offset).isoformat() == instant.removesuffix("+00:00")


@pytest.mark.parametrize(("name", "hour"), [("Indian/Reunion", 4), ("Pacific/Tahiti", 18), ("America/Miquelon", 10)])
def test_overseas_the_clock_is_the_regions(name, hour):
    (event,) = feed_of(lesson("S"), days=2, timezone=name).events
    assert (event.start.hour, event.start.astimezone(dt.UTC).hour) == (8, hour)


def test_an_activity_that_ends_at_midnight_ends_on_the_next_date():
    (event,) = feed_of(lesson("S", start="23:00", minutes=60), days=2).events
    assert event.end.isoformat() == "2021-04-07T00:00:00+02:00"
