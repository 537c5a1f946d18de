"""What stands in a feed: properties, times, texts; read back with icalendar."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import builders
import numpy as np
import pytest
from builders import MONDAY, SCHOOL, lesson, region_of, ways, window
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from scheduler.domain.entries import Entry
from scheduler.domain.plan import usual_plan
from scheduler.domain.publication import Publication, publish, time_without_clock
from scheduler.feeds.ics import Feed, feeds_in, feeds_of, plan_feeds, render
from scheduler.feeds.lines import cleaned, folded, https_link, on_one_line

AT = dt.datetime(2021, 4, 2, 18, 0, tzinfo=dt.UTC)
LINK = "https://bbb.example.org/b/6a-maths"


def publication(*rows, shift=0, chosen=0, former=None, at=AT):
    """Publish a region's school with its first row moved and served otherwise."""
    made = region_of(rows, days=5)
    plan = usual_plan(made)
    first = plan.row == 0
    plan = replace(plan, start=plan.start + np.int16(shift) * first, alternative=np.int16(chosen) * first)
    return publish(made, plan, SCHOOL, published_at=at, former=former)


def read(content: bytes) -> Calendar:
    return Calendar.from_ical(content)


def events(content: bytes) -> list:
    return read(content).events


def feed_named(of: Publication, path: str, language: str = "en") -> bytes:
    return feeds_of(of, language)[f"feeds/{SCHOOL}/{path}.ics"]


ORDINARY = (
    lesson("M1", platforms="ent|ent+cned@async", link=LINK, teachers="Mme Petit|M. Roux"),
    lesson("L1", start="10:00", groups="6A/latin", subject="Latin, grec; et plus", room="B 12"),
    window("P1", school=SCHOOL, day="TU", start="15:00"),
)


def test_the_calendar_says_what_programs_need():
    calendar = read(feed_named(publication(*ORDINARY), "group-6a"))
    assert "METHOD" not in calendar
    assert (calendar["VERSION"], calendar["PRODID"], calendar["CALSCALE"]) == (
        "2.0",
        "-//Etale//Etale//EN",
        "GREGORIAN",
    )
    assert calendar["NAME"] == f"6A – Collège {SCHOOL}"
    assert calendar["X-WR-CALNAME"] == calendar["NAME"]
    assert calendar["DESCRIPTION"] == f"Classes at a distance: 6A, Collège {SCHOOL}"
    assert calendar["X-WR-TIMEZONE"] == "Europe/Paris"
    assert calendar["COLOR"] == "seagreen"
    assert calendar["LAST-MODIFIED"].dt == AT
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert "URL" not in calendar
    assert "SOURCE" not in calendar
    assert calendar.validate() is None


def test_the_time_zone_stands_before_the_first_event_and_is_a_rule():
    content = feed_named(publication(*ORDINARY), "group-6a")
    assert [part.name for part in read(content).subcomponents][:2] == ["VTIMEZONE", "VEVENT"]
    assert b"RDATE" not in content
    assert content.count(b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=") == 2


def test_an_event_says_everything_of_a_session():
    moved = publication(*ORDINARY, shift=25, chosen=1)
    maths = events(feed_named(moved, "teacher-mme-petit"))[0]
    assert maths["SUMMARY"] == "Mathématiques – 6A"
    assert maths["DTSTART"].params["TZID"] == "Europe/Paris"
    assert (maths.start.isoformat(), maths.end.isoformat()) == (
        "2021-04-06T08:25:00+02:00",
        "2021-04-06T09:20:00+02:00",
    )
    assert maths["UID"] == moved.uid(moved.entries[0])
    assert (maths["SEQUENCE"], maths["DTSTAMP"].dt, maths["LAST-MODIFIED"].dt) == (0, AT, AT)
    assert maths["DESCRIPTION"].split("\n") == [
        "Moved: 8:00 → 8:25",
        "Asynchronous: work at your own pace, no live class.",
        "Platforms: Mon Bureau Numérique + Ma classe à la maison (usually: Mon Bureau Numérique)",
        "Group: 6A",
        "Teachers: Mme Petit, M. Roux",
        f"Join the class: {LINK}",
    ]
    assert (maths["LOCATION"], maths["STATUS"], maths["TRANSP"]) == ("At a distance", "CONFIRMED", "OPAQUE")
    assert maths["CLASS"] == "PRIVATE"
    assert maths["CATEGORIES"].cats == ["Mathématiques"]
    assert (maths["URL"], maths["CONFERENCE"]) == (LINK, LINK)
    assert maths["CONFERENCE"].params["VALUE"] == "URI"
    assert not {"RRULE", "ATTENDEE", "ORGANIZER"} & set(maths)
    assert not maths.subcomponents


def test_a_pupil_reads_teachers_and_which_part_of_the_division_it_is_for():
    of = publication(*ORDINARY)
    summaries = [event["SUMMARY"] for event in events(feed_named(of, "group-6a"))]
    assert summaries == ["Mathématiques – Mme Petit, M. Roux", "Latin, grec; et plus (6A/latin) – Mme Petit"]
    part = events(feed_named(of, "group-6a-latin"))
    assert [event["SUMMARY"] for event in part] == [
        "Mathématiques – Mme Petit, M. Roux",
        "Latin, grec; et plus – Mme Petit",
    ]
    assert part[1]["LOCATION"] == "B 12"
    assert not any("CLASS" in event for event in part)


def test_parents_read_when_they_may_connect_and_are_not_kept_busy():
    (event,) = events(feed_named(publication(*ORDINARY), "access-parents"))
    assert (event["SUMMARY"], event["TRANSP"], event.start.hour) == ("Access: parents", "TRANSPARENT", 15)


def test_another_activity_than_usual_is_said():
    of = publication(lesson("M1", platforms="ent|ent@chat"), chosen=1)
    (event,) = events(feed_named(of, "group-6a"))
    assert "Held as “chat”, usually as “live”." in event["DESCRIPTION"].split("\n")


def test_a_cancelled_class_says_so_and_frees_the_hour():
    later = AT + dt.timedelta(days=1)
    of = publication(ORDINARY[1], former=publication(*ORDINARY), at=later)
    event = events(feed_named(of, "teacher-m-roux"))[0]
    assert event["SUMMARY"] == "Cancelled: Mathématiques – 6A"
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", 1)
    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (later, later)
    assert "URL" not in event


def test_a_feed_speaks_french(french_words):
    of = publication(*ORDINARY, shift=25)
    event = events(feed_named(of, "group-6a", "fr"))[0]
    no_break = "\N{NO-BREAK SPACE}"
    assert event["DESCRIPTION"].split("\n")[0] == "Déplacé : 8 h 00 → 8 h 25".replace(" h ", f"{no_break}h{no_break}")
    assert event["LOCATION"] == "À distance"
    gone = publication(ORDINARY[1], former=publication(*ORDINARY), at=AT)
    assert events(feed_named(gone, "group-6a", "fr"))[0]["SUMMARY"].startswith("Annulé : Mathématiques")


def test_the_addresses_are_told_where_they_are_known():
    feed = feeds_in(publication(*ORDINARY))[0]
    known = replace(feed, source="https://etale.example/feeds/x.ics", url="http://insecure.example")
    calendar = read(render(known))
    assert (calendar["SOURCE"], "URL" in calendar) == ("https://etale.example/feeds/x.ics", False)
    assert render(feed) == feeds_of(feed.publication)[feed.path]


def test_subscribers_are_spread_over_twenty_minutes():
    rows = [lesson(f"S{number}", teachers=f"T{number}") for number in range(60)]
    intervals = {int(feed.refresh.total_seconds()) // 60 for feed in feeds_in(publication(*rows))}
    assert min(intervals) >= 50
    assert max(intervals) <= 70
    assert len(intervals) > 10


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://a.example/x?y=1,2;3#é", "https://a.example/x?y=1,2;3#%C3%A9"),
        ("HTTPS://a.example/x%20y", "HTTPS://a.example/x%20y"),
        ("http://a.example", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://[::1", None),
        ("https://a.example/\r\nATTENDEE:mailto:x", None),
        ('https://a.example/"x', None),
        ("", None),
    ],
)
def test_only_https_links_pass(link, kept):
    assert https_link(link) == kept


def test_every_line_ends_with_crlf_and_has_at_most_75_octets():
    content = feed_named(publication(lesson("M1", subject="é" * 200, link=LINK + "x" * 200)), "group-6a")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    content.decode()


def test_icalendar_writes_what_it_reads_byte_for_byte():
    of = publication(*ORDINARY, shift=25, chosen=1)
    for content in feeds_of(of).values():
        # icalendar writes every name in capitals; ours is small for vdirsyncer's sake.
        assert read(content).to_ical() == content.replace(b"\r\nuid:", b"\r\nUID:")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_lines_are_folded_where_the_library_folds_them(text):
    from icalendar.parser import Contentline

    line = "SUMMARY:" + text
    assert folded(line.encode()) == Contentline(line).to_ical() + b"\r\n"


TEXTS = st.text(max_size=120) | st.text(alphabet="\\,;:\n\r\"nNé🦉👩‍🏫\x00\x7f\x85\u2028 ^'", max_size=120)


@given(subject=TEXTS, teacher=TEXTS, room=TEXTS)
def test_texts_come_back_as_they_were(subject, teacher, room):
    (serving,) = ways("ent", "live")
    people = (("6A",), (teacher,) if teacher else ())
    entry = Entry("session", "S", MONDAY, 480, 485, 55, *people, room, subject, "", serving, serving, "", 0, AT)
    names = (("ent", "Espace, numérique; \\N"),)
    of = Publication(1, AT, "R", SCHOOL, "École", "Europe/Paris", MONDAY, MONDAY, names, (entry,))
    calendar = read(render(Feed(of, "group", "6A", "x.ics", (entry,), "en")))
    (event,) = calendar.events
    people_said = f"{subject or 'Class'} – {teacher}" if teacher else subject or "Class"
    assert event["SUMMARY"] == on_one_line(people_said)
    assert event["LOCATION"] == (on_one_line(room) or "At a distance")
    said = ["Moved: 8:05 → 8:00", "Platform: Espace, numérique; \\N", "Group: 6A"]
    assert event["DESCRIPTION"].split("\n") == [*said, *([f"Teacher: {on_one_line(teacher)}"] if teacher else [])]
    if subject:
        assert event["CATEGORIES"].cats == [on_one_line(subject)]


def test_what_is_stripped_is_what_no_program_bears():
    assert cleaned("a\x00b\x1fc\x7fd\ud800e\tf") == "abcde\tf"
    assert cleaned("a\r\nb\rc\x85d\u2028e") == "a\nb\nc\nd\ne"


def test_the_same_bytes_in_every_process():
    script = (
        "import hashlib, sys; sys.path[:0] = sys.argv[1:]\n"
        "from test_feed_bytes import whole_plan\n"
        "print(hashlib.sha256(repr(whole_plan()).encode()).hexdigest())\n"
    )
    folders = [Path(__file__).parent, Path(builders.__file__).parent]
    seen = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, folders)],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(done.stdout)
    assert len(seen) == 1
    assert whole_plan() == whole_plan()


def whole_plan() -> list[tuple[str, bytes]]:
    """Render every feed of a region with two schools and audiences of the region."""
    regional = window("R1", school="", audience="eleves")
    made = region_of([*ORDINARY, lesson("M1", school="0670002B"), regional], days=5)
    return list(plan_feeds(made, usual_plan(made), time_without_clock(made)))


def test_the_paths_are_those_of_the_contract():
    assert [path for path, _ in whole_plan()] == [
        "feeds/access-eleves.ics",
        "feeds/0670001A/teacher-m-roux.ics",
        "feeds/0670001A/teacher-mme-petit.ics",
        "feeds/0670001A/group-6a.ics",
        "feeds/0670001A/group-6a-latin.ics",
        "feeds/0670001A/access-parents.ics",
        "feeds/0670002B/teacher-mme-petit.ics",
        "feeds/0670002B/group-6a.ics",
    ]
