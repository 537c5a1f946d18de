"""The database is stopped under a running service, for real: calendars go on, and all is well when it is back."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING

import own_postgres
import pytest
import stored_feeds
from served import PATIENCE, free_port, running, serve_command, status_of, wait_for

from scheduler.store import open_store, schema

if TYPE_CHECKING:
    from pathlib import Path

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.mark.slow
@pytest.mark.skipif(own_postgres.programs() is None, reason=own_postgres.NO_PROGRAMS)
def test_calendars_are_served_while_the_database_is_away(tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with own_postgres.own_postgres() as cluster:
        store = open_store(cluster.address)
        schema.upgrade(store)
        known = f"{base}/feeds/{stored_feeds.put_feed(store, CALENDAR)}.ics"
        store.dispose()
        unknown = f"{base}/feeds/{'x' * 43}.ics"
        with running(serve_command(port, "--no-worker"), tmp_path, port, database=cluster.address) as serve:
            assert (status_of(known), status_of(unknown), status_of(f"{base}/readyz")) == (200, 404, 200)
            for stop in (cluster.kill, cluster.stop):
                stop()
                for _ in range(20):
                    with urllib.request.urlopen(known, timeout=PATIENCE) as answer:  # noqa: S310 - our own address
                        assert answer.read() == CALENDAR
                assert status_of(unknown) == 503
                assert status_of(f"{base}/readyz") == 503
                assert status_of(f"{base}/healthz") == 200
                assert status_of(f"{base}/api/v1/regions") == 401
                cluster.start()
                wait_for(lambda: status_of(f"{base}/readyz") == 200, "it is ready again")
                wait_for(lambda: status_of(unknown) == 404, "the store is asked again")
            assert serve.poll() is None
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")]
    assert {line["status"] for line in lines if line["event"] == "answered"} == {200, 401, 404, 503}
    assert not [line for line in lines if line["event"] == "failed"]
