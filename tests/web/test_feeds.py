"""Calendars over HTTP, as subscribers' programs ask for them (FEEDS.md)."""

from __future__ import annotations

import datetime as dt
import gzip
import secrets
from typing import TYPE_CHECKING

import pytest
import stored_feeds
import stores
from webs import app_on
from werkzeug.http import http_date

from web.feeds import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from scheduler.store import Store

CALENDAR = b"BEGIN:VCALENDAR\r\n" + b"X-WR-CALNAME:Durand\r\n" * 200 + b"END:VCALENDAR\r\n"
CHANGED = stored_feeds.CHANGED


@pytest.fixture
def client(store: Store, tmp_path: Path) -> Iterator[FlaskClient]:
    app = app_on(store, tmp_path)
    yield app.test_client()
    app.extensions[NAME].notes.flush()


@pytest.fixture
def address(store: Store) -> str:
    return f"/feeds/{stored_feeds.put_feed(store, CALENDAR)}.ics"


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, str]]:
    """Give a client and an address to all tests that change nothing: what HTTP asks is the same on either store."""
    folder = tmp_path_factory.mktemp("still")
    for store in stores.opened(stores.sqlite_address(folder)):
        app = app_on(store, folder)
        yield app.test_client(), f"/feeds/{stored_feeds.put_feed(store, CALENDAR)}.ics"
        app.extensions[NAME].notes.flush()


def test_a_calendar_is_given_with_all_that_programs_need(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.data) == (200, CALENDAR)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Cache-Control"] == "private, max-age=900, stale-if-error=86400"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Last-Modified"] == "Mon, 05 Apr 2021 16:30:12 GMT"
    assert answer.headers["ETag"].strip('"').isalnum()
    assert int(answer.headers["Content-Length"]) == len(CALENDAR)
    assert "Set-Cookie" not in answer.headers
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "packed"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.5, *;q=0", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("identity", False),
        ("deflate, br", False),
        ("nonsense;;q=x", False),
    ],
)
def test_it_is_compressed_for_those_who_say_they_take_that(
    still: tuple[FlaskClient, str], asked: str | None, packed: bool
) -> None:
    client, address = still
    answer = client.get(address, headers={} if asked is None else {"Accept-Encoding": asked})
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert ("Content-Encoding" in answer.headers) == packed
    assert (gzip.decompress(answer.data) if packed else answer.data) == CALENDAR
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_head_says_what_get_would(still: tuple[FlaskClient, str], encoding: str) -> None:
    client, address = still
    got, head = (
        client.open(address, method=method, headers={"Accept-Encoding": encoding}) for method in ("GET", "HEAD")
    )
    assert (head.status_code, head.data) == (200, b"")
    changing = ("X-Request-Id",)
    assert {n: v for n, v in head.headers if n not in changing} == {n: v for n, v in got.headers if n not in changing}


def test_the_two_forms_have_tags_of_their_own_and_either_says_it_is_known(still: tuple[FlaskClient, str]) -> None:
    client, address = still
    plain = client.get(address).headers["ETag"]
    packed = client.get(address, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    assert plain != packed
    for tag in (plain, packed, f"W/{plain}", f"{plain}, {packed}", f'"other", {packed}', "*"):
        for encoding in ("identity", "gzip"):
            answer = client.get(address, headers={"If-None-Match": tag, "Accept-Encoding": encoding})
            assert (answer.status_code, answer.data) == (304, b"")
            assert answer.headers["ETag"] == (packed if encoding == "gzip" else plain)
            assert {"Cache-Control", "Vary"} <= set(answer.headers.keys())
            assert "Content-Type" not in answer.headers


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (CHANGED, 304),
        (CHANGED + dt.timedelta(days=1), 304),
        (CHANGED - dt.timedelta(seconds=1), 200),
    ],
)
def test_a_date_alone_is_enough(still: tuple[FlaskClient, str], since: dt.datetime, status: int) -> None:
    client, address = still
    assert client.get(address, headers={"If-Modified-Since": http_date(since)}).status_code == status


def test_a_tag_goes_before_a_date_and_nonsense_is_passed_over(still: tuple[FlaskClient, str]) -> None:
    client, address = still
    newer = http_date(CHANGED + dt.timedelta(days=1))
    told = {"If-None-Match": '"other"', "If-Modified-Since": newer}
    assert client.get(address, headers=told).status_code == 200
    assert client.get(address, headers={"If-Modified-Since": "yesterday"}).status_code == 200
    assert client.get(address, headers={"If-None-Match": "", "If-Modified-Since": newer}).status_code == 200
    assert client.get(address, headers={"Range": "bytes=0-9"}).data == CALENDAR


def test_what_is_published_is_there_at_once(store: Store, client: FlaskClient, address: str) -> None:
    former = client.get(address)
    later = CHANGED + dt.timedelta(minutes=1)
    stored_feeds.replace_calendar(store, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", later)
    known = {"If-None-Match": former.headers["ETag"], "If-Modified-Since": former.headers["Last-Modified"]}
    answer = client.get(address, headers=known)
    assert (answer.status_code, len(answer.data)) == (200, 32)
    assert answer.headers["Last-Modified"] == http_date(later)


def test_a_withdrawn_address_is_gone_and_an_unknown_one_was_never_there(
    store: Store, client: FlaskClient, address: str
) -> None:
    assert client.get(address).status_code == 200
    stored_feeds.withdraw(store)
    for method in ("GET", "HEAD"):
        assert client.open(address, method=method).status_code == 410
    told = client.get(address, headers={"If-None-Match": "*"})
    assert (told.status_code, told.mimetype) == (410, "text/plain")
    for path in (secrets.token_urlsafe(32) + ".ics", "short.ics", "é" * 43 + ".ics", "%00.ics"):
        assert client.get(f"/feeds/{path}").status_code == 404
    assert client.get(address.removesuffix(".ics")).status_code == 404
    assert client.post(address).status_code in (400, 405)


def test_who_asked_is_noted_together(store: Store, client: FlaskClient, address: str) -> None:
    notes = client.application.extensions[NAME].notes
    for program in ("Google-Calendar-Importer", "iOS/17.4 dataaccessd", "Thunderbird\x1b[31m"):
        client.get(address, headers={"User-Agent": program})
    assert stored_feeds.fetched(store) == (0, "")
    notes.flush()
    notes.flush()
    count, program = stored_feeds.fetched(store)
    assert (count, program) == (3, "Thunderbird[31m")
