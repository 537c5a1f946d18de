"""Calendars that were asked for are given while the store is away; the memory stays small."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from typing import TYPE_CHECKING

import pytest
import stored_feeds
import stores
from sqlalchemy.exc import OperationalError
from webs import app_on

from scheduler.errors import StoreFailed
from scheduler.service.feed_serving import Fetch, Gone, Served
from scheduler.store import open_store
from scheduler.wording import T
from web import feed_cache
from web.feed_cache import KEPT_SECONDS, PAUSE_SECONDS, FeedCache
from web.feed_notes import FeedNotes
from web.feeds import NAME

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

NOW = dt.datetime(2021, 4, 6, 7, 45, tzinfo=dt.UTC)


class Desk:
    """A store that gives what it is told to, and counts how often it is asked."""

    def __init__(self) -> None:
        self.standing: dict[str, Served | Gone] = {}
        self.away = False
        self.asked = 0

    def served(self, _: object, token: str) -> Served | Gone | None:
        self.asked += 1
        if self.away:
            raise StoreFailed(T("the disk is full"))
        return self.standing.get(token)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    monkeypatch.setattr(feed_cache, "served", desk.served)
    return desk


def calendar(size: int = 100, etag: str | None = None, number: int = 1) -> Served:
    return Served(etag or secrets.token_hex(32), NOW, 1000, bytes(size), number)


def test_the_store_is_asked_each_time_while_it_answers(desk: Desk, lite: Store) -> None:
    cache = FeedCache()
    desk.standing["a"] = first = calendar()
    assert cache.find(lite, "a") == first
    desk.standing["a"] = second = calendar()
    assert cache.find(lite, "a") == second
    assert (len(cache), cache.bytes) == (1, 100)
    desk.standing["a"] = Gone()
    assert cache.find(lite, "a") == Gone()
    assert (len(cache), cache.bytes) == (0, 0)
    desk.away = True
    with pytest.raises(StoreFailed):
        cache.find(lite, "a")


def test_while_it_is_away_known_calendars_are_given_and_it_is_left_in_peace(desk: Desk, lite: Store) -> None:
    now = [0.0]
    cache = FeedCache(clock=lambda: now[0])
    desk.standing["a"] = known = calendar()
    cache.find(lite, "a")
    desk.away, desk.asked = True, 0
    assert [cache.find(lite, "a") for _ in range(50)] == [known] * 50
    assert desk.asked == 1
    with pytest.raises(StoreFailed):
        cache.find(lite, "unknown")
    now[0] += PAUSE_SECONDS + 1
    desk.away, desk.standing["a"] = False, calendar()
    assert cache.find(lite, "a") == desk.standing["a"]


def test_while_one_request_waits_for_the_store_the_others_do_not(
    desk: Desk, lite: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that is gone refuses nothing: whoever asks it waits for seconds."""
    now = [0.0]
    cache = FeedCache(clock=lambda: now[0])
    desk.standing["a"] = known = calendar()
    cache.find(lite, "a")
    desk.away = True
    cache.find(lite, "a")
    now[0] += PAUSE_SECONDS + 1

    begun, back = threading.Event(), threading.Event()

    def hangs(store: object, token: str) -> Served | Gone | None:
        begun.set()
        assert back.wait(10)
        return desk.served(store, token)

    monkeypatch.setattr(feed_cache, "served", hangs)
    one = threading.Thread(target=cache.find, args=(lite, "a"))
    one.start()
    assert begun.wait(10)
    assert [cache.find(lite, "a") for _ in range(20)] == [known] * 20
    desk.away = False
    back.set()
    one.join()
    desk.standing["a"] = new = calendar()
    assert cache.find(lite, "a") == new


def test_what_is_too_old_is_not_given(desk: Desk, lite: Store) -> None:
    now = [0.0]
    cache = FeedCache(clock=lambda: now[0])
    desk.standing["a"] = calendar()
    cache.find(lite, "a")
    desk.away, now[0] = True, KEPT_SECONDS + 1.0
    with pytest.raises(StoreFailed):
        cache.find(lite, "a")


def test_it_stays_small_and_shares_one_calendar_among_addresses(desk: Desk, lite: Store) -> None:
    cache = FeedCache(room_bytes=1000, addresses=50)
    shared = "e" * 64
    for number in range(30):
        desk.standing[f"s{number}"] = calendar(400, shared, number)
        cache.find(lite, f"s{number}")
    assert (len(cache), cache.bytes) == (30, 400)
    for number in range(300):
        desk.standing[f"t{number}"] = calendar(90)
        cache.find(lite, f"t{number}")
        assert cache.bytes <= 1000
        assert len(cache) <= 50
    desk.standing["huge"] = calendar(1001)
    assert cache.find(lite, "huge") == desk.standing["huge"]
    assert cache.bytes <= 1000
    desk.away = True
    assert cache.find(lite, "t299") == desk.standing["t299"]
    with pytest.raises(StoreFailed):
        cache.find(lite, "t0")


def test_a_store_that_is_stopped_is_not_noticed_by_subscribers(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app_on(store, tmp_path).test_client()
    token = stored_feeds.put_feed(store, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    address = f"/feeds/{token}.ics"
    tag = client.get(address).headers["ETag"]

    def refuse() -> None:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    monkeypatch.setattr(store.engine, "connect", refuse)
    assert client.get(address, headers={"Accept-Encoding": "gzip"}).status_code == 200
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    other = client.get(f"/feeds/{secrets.token_urlsafe(32)}.ics")
    assert (other.status_code, other.headers["Retry-After"]) == (503, "5")
    # Who asked meanwhile is noted when it is back.
    notes = client.application.extensions[NAME].notes
    notes.flush()
    monkeypatch.undo()
    notes.flush()
    assert stored_feeds.fetched(store)[0] == 3


def test_notes_are_written_by_themselves(store: Store) -> None:
    stored_feeds.put_feed(store, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    with store.read() as work:
        number = work.connection.exec_driver_sql("SELECT id FROM feeds").scalar_one()
    notes = FeedNotes(store, every_seconds=0.01)
    for _ in range(3):
        notes.add(Fetch(number, NOW, "khal"))
        thread = notes._writer
        assert thread is not None
        thread.join(5)
        assert not thread.is_alive()
    assert stored_feeds.fetched(store) == (3, "khal")


def test_a_store_that_is_closed_takes_the_last_notes_and_is_left_alone(tmp_path: Path) -> None:
    # The thread went on after its test, met a database that was dropped, and warned into another test's output.
    store = open_store(stores.sqlite_address(tmp_path))
    stored_feeds.put_feed(store, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    with store.read() as work:
        number = work.connection.exec_driver_sql("SELECT id FROM feeds").scalar_one()
    notes = FeedNotes(store, every_seconds=60)
    notes.add(Fetch(number, NOW, "khal"))
    thread = notes._writer
    assert thread is not None
    store.dispose()
    assert not thread.is_alive()
    assert stored_feeds.fetched(store) == (1, "khal")
    store.dispose()
