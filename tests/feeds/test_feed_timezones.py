"""Clocks: every zone of French schools, other zones, and the nights on which the clock changes."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from feed_regions import region, session
from icalendar import Calendar, Timezone

from scheduler.domain.plan import usual_plan
from scheduler.domain.publication import publish
from scheduler.feeds.ics import feeds_of
from scheduler.feeds.timezones import FRENCH_ZONES, derived, timezone_bytes

SCHOOL = "0670001A"
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


def offsets_by_rule(content: bytes, moment: dt.datetime) -> set[dt.timedelta]:
    """Read a VTIMEZONE by hand: the offset after the latest onset before a local time (RFC 5545 section 3.6.5)."""
    onsets = []
    for part in Timezone.from_ical(content).subcomponents:
        start = part.DTSTART
        if "RRULE" in part:
            (byday,), (month,) = part["RRULE"]["BYDAY"], part["RRULE"]["BYMONTH"]
            found = [recurred(start, year, int(month), str(byday)) for year in (moment.year - 1, moment.year)]
        else:
            found = [start]
        onsets += [(onset, part.TZOFFSETTO) for onset in found if onset <= moment]
    return {max(onsets)[1]}


def recurred(start: dt.datetime, year: int, month: int, byday: str) -> dt.datetime:
    """Give the onset of a year, counting the days of the month one by one."""
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU").index(byday[-2:])
    days = [dt.datetime(year, month, 1) + dt.timedelta(days=day) for day in range(31)]  # noqa: DTZ001 - local
    days = [day for day in days if day.month == month and day.weekday() == weekday]
    number = int(byday[:-2])
    return dt.datetime.combine(days[number if number < 0 else number - 1], start.time())


@pytest.mark.parametrize("name", FRENCH_ZONES)
def test_the_zones_of_french_schools_stand_as_the_zone_files_say(name):
    content = timezone_bytes(name, 2021, 2021)
    moment = dt.datetime(2020, 1, 3, 12)  # noqa: DTZ001 - local
    while moment.year <= 2030:
        expected = moment.replace(tzinfo=ZoneInfo(name)).utcoffset()
        assert offsets_by_rule(content, moment) == {expected}, moment
        moment += dt.timedelta(days=3)


@pytest.mark.parametrize("name", FRENCH_ZONES)
def test_the_general_derivation_finds_the_constants(name):
    assert derived(name, 2021, 2021) == FRENCH_ZONES[name]


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_zone_is_right_in_the_years_of_the_feed(name):
    content = timezone_bytes(name, 2021, 2022)
    moment = dt.datetime(2021, 1, 1, 12)  # noqa: DTZ001 - local
    while moment.year <= 2022:
        assert offsets_by_rule(content, moment) == {moment.replace(tzinfo=ZoneInfo(name)).utcoffset()}, moment
        moment += dt.timedelta(days=1)


def test_rules_begin_in_1970():
    assert timezone_bytes("Europe/Paris", 2021, 2021).count(b"DTSTART:1970") == 2
    assert b"DTSTART:1970" in timezone_bytes("America/New_York", 2021, 2021)


@pytest.mark.parametrize(
    ("date", "minute", "instant"),
    [
        (dt.date(2021, 3, 26), 480, "2021-03-26T07:00:00+00:00"),
        (dt.date(2021, 3, 28), 90, "2021-03-28T00:30:00+00:00"),
        (dt.date(2021, 3, 28), 480, "2021-03-28T06:00:00+00:00"),
        (dt.date(2021, 3, 29), 480, "2021-03-29T06:00:00+00:00"),
        (dt.date(2021, 10, 29), 480, "2021-10-29T06:00:00+00:00"),
        (dt.date(2021, 10, 31), 480, "2021-10-31T07:00:00+00:00"),
        (dt.date(2021, 11, 1), 480, "2021-11-01T07:00:00+00:00"),
    ],
)
def test_events_around_the_change_of_the_clock_are_at_the_right_instant(date, minute, instant):
    made = region(session(SCHOOL, "S", day=date, start=minute), first_date=date, last_date=date)
    of = publish(made, usual_plan(made), SCHOOL, published_at=dt.datetime(2021, 1, 1, tzinfo=dt.UTC))
    content = feeds_of(of)[f"feeds/{SCHOOL}/group-6a.ics"]
    (event,) = Calendar.from_ical(content).events
    assert event.start.astimezone(dt.UTC).isoformat() == instant
    # And by the rules that the file itself carries.
    local = event.start.replace(tzinfo=None)
    zone = Calendar.from_ical(content).timezones[0].to_ical()
    assert (local - offsets_by_rule(zone, local).pop()).isoformat() == instant.removesuffix("+00:00")


@pytest.mark.parametrize(("name", "hour"), [("Indian/Reunion", 4), ("Pacific/Tahiti", 18), ("America/Miquelon", 10)])
def test_overseas_the_clock_is_the_regions(name, hour):
    made = region(session(SCHOOL, "S"), timezone=name)
    of = publish(made, usual_plan(made), SCHOOL, published_at=dt.datetime(2021, 1, 1, tzinfo=dt.UTC))
    (event,) = Calendar.from_ical(feeds_of(of)[f"feeds/{SCHOOL}/group-6a.ics"]).events
    assert (event.start.hour, event.start.astimezone(dt.UTC).hour) == (8, hour)


def test_an_activity_that_ends_at_midnight_ends_on_the_next_date():
    made = region(session(SCHOOL, "S", start=1380, minutes=60))
    of = publish(made, usual_plan(made), SCHOOL, published_at=dt.datetime(2021, 1, 1, tzinfo=dt.UTC))
    (event,) = Calendar.from_ical(feeds_of(of)[f"feeds/{SCHOOL}/group-6a.ics"]).events
    assert event.end.isoformat() == "2021-04-07T00:00:00+02:00"
