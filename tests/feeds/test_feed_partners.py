"""Other programs read our feeds, where they are installed.

Tried by hand besides: ical.js and node-ical, calcurse, vdirsyncer over HTTP.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import datetime as dt
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from builders import SCHOOL, lesson, minute, region_of, window

from scheduler.domain.plan import usual_plan
from scheduler.domain.publication import publish
from scheduler.feeds.ics import feeds_of

if TYPE_CHECKING:
    from pathlib import Path

AT = dt.datetime(2021, 4, 2, 18, 0, tzinfo=dt.UTC)
KHAL_CONFIG = """
[calendars]
[[feeds]]
path = {folder}/calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/Paris
default_timezone = Europe/Paris
[sqlite]
path = {folder}/khal.db
"""


def some_feeds() -> dict[str, bytes]:
    """Publish twice, so that the feeds have moved, cancelled and ordinary events and windows."""
    maths = lesson("M1", link="https://bbb.example.org/b/6a", subject="Maths, é; 🦉")
    latin = lesson("L1", start="10:00", groups="6A/latin")
    parents = window("P1", school=SCHOOL, day="TU", start="15:00")
    first = region_of([maths, latin, parents], days=2)
    second = region_of([maths | {"start": minute("08:25")}, parents], days=2)
    before = publish(first, usual_plan(first), SCHOOL, published_at=AT)
    later = AT + dt.timedelta(days=1)
    return feeds_of(publish(second, usual_plan(second), SCHOOL, 2, published_at=later, former=before), "en")


def libical() -> ctypes.CDLL:
    """Load libical; its restriction check has no command line of its own."""
    name = ctypes.util.find_library("ical")
    if name is None:
        pytest.skip("libical (package libical3) is not installed")
    library = ctypes.CDLL(name)
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalcomponent_count_errors.argtypes = [ctypes.c_void_p]
    library.icalcomponent_free.argtypes = [ctypes.c_void_p]
    return library


def libical_accepts(library: ctypes.CDLL, content: bytes) -> bool:
    """Tell whether libical finds neither an error nor a broken restriction of RFC 5545 and 5546."""
    component = library.icalparser_parse_string(content)
    try:
        restricted = bool(library.icalrestriction_check(component))
        return restricted and library.icalcomponent_count_errors(component) == 0
    finally:
        library.icalcomponent_free(component)


def test_libical_finds_no_broken_restriction():
    library = libical()
    assert all(libical_accepts(library, content) for content in some_feeds().values())


def test_libical_refuses_the_method_that_we_leave_out():
    # Proves that the check above checks something, and why there is no METHOD.
    library = libical()
    for content in some_feeds().values():
        told = content.replace(b"CALSCALE:GREGORIAN", b"CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH")
        assert not libical_accepts(library, told)


def test_khal_shows_the_events_at_their_hours(tmp_path: Path):
    khal = os.environ.get("KHAL") or shutil.which("khal")
    if not khal:
        pytest.skip("khal is not installed (or name it in the variable KHAL)")
    (tmp_path / "calendar").mkdir()
    config, feed = tmp_path / "config", tmp_path / "feed.ics"
    config.write_text(KHAL_CONFIG.format(folder=tmp_path), encoding="utf-8")
    feed.write_bytes(some_feeds()[f"feeds/{SCHOOL}/group-6a.ics"])
    form = "{start-time} {end-time} {title} | {location} | {status}"
    command = [khal, "-c", str(config), "printics", "--format", form, str(feed)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line.strip() for line in shown[1:]] == [
        "08:25 09:20 Maths, é; 🦉 – Mme Petit | At a distance | CONFIRMED",
        "10:00 10:55 Cancelled: Mathématiques (6A/latin) – Mme Petit | At a distance | CANCELLED",
    ]


def test_vdirsyncer_takes_every_event_for_itself():
    # It took the calendar's UID for that of each event, and kept one of them (pimutils/vdirsyncer, issue 1222).
    vobject = pytest.importorskip("vdirsyncer.vobject", reason="vdirsyncer is not installed here")
    for content in some_feeds().values():
        items = [vobject.Item(raw) for raw in vobject.split_collection(content.decode())]
        assert len({item.ident for item in items}) == content.count(b"BEGIN:VEVENT")
