"""Alive, ready, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from webs import app_on

from scheduler.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from scheduler.store import Store

AWAY = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


def test_all_is_well(store: Store, tmp_path: Path) -> None:
    client = app_on(store, tmp_path).test_client()
    assert client.get("/healthz").text == "ok\n"
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ok\n")


def test_without_a_store_it_is_alive_but_not_ready(tmp_path: Path) -> None:
    client = app_on(open_store(AWAY), tmp_path).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "the database does not answer" in answer.text
    assert answer.headers["Retry-After"]


def test_strangers_are_not_told_where_the_store_is(tmp_path: Path) -> None:
    client = app_on(open_store(AWAY), tmp_path, address="https://etale.example.org").test_client()
    answer = client.get("/readyz", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "127.0.0.1" not in answer.text


def test_without_tables_it_is_not_ready(tmp_path: Path) -> None:
    client = app_on(open_store(f"sqlite:///{tmp_path}/empty.db"), tmp_path).test_client()
    answer = client.get("/readyz", headers={"Accept-Language": "en"})
    assert (answer.status_code, "etale db upgrade" in answer.text) == (503, True)


def test_newer_tables_are_as_good(store: Store, tmp_path: Path) -> None:
    with store.write() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    assert app_on(store, tmp_path).test_client().get("/readyz").status_code == 200


def test_requests_are_counted_by_route_and_the_store_is_looked_up(store: Store, tmp_path: Path) -> None:
    client = app_on(store, tmp_path).test_client()
    token = "t" * 43
    for path in ("/", "/", f"/{token}", f"/language/fr?next={token}", "/nothing"):
        client.get(path)
    client.open("/", method="NONSENSE")
    told = client.get("/metrics").text
    assert 'etale_requests_total{method="GET",route="/",status="200"} 2.0' in told
    assert 'etale_requests_total{method="GET",route="(none)",status="404"} 2.0' in told
    assert 'etale_request_seconds_count{route="/"}' in told
    assert 'etale_runs{state="queued"} 0.0' in told
    assert "etale_publications 0.0" in told
    assert "etale_store_up 1.0" in told
    assert "NONSENSE" not in told
    assert token not in told


def test_counters_are_told_while_the_store_is_away(tmp_path: Path) -> None:
    told = app_on(open_store(AWAY), tmp_path).test_client().get("/metrics").text
    assert "etale_store_up 0.0" in told
    assert "etale_publications" not in told


@pytest.fixture
def public(lite: Store, tmp_path: Path) -> Flask:
    return app_on(lite, tmp_path, address="https://etale.example.org")


def test_behind_a_public_address_counters_need_a_token(public: Flask, lite: Store, tmp_path: Path) -> None:
    """A proxy on the same machine makes everybody seem to be on this machine."""
    assert public.test_client().get("/metrics").status_code == 404
    app = app_on(lite, tmp_path, address="https://etale.example.org", metrics_token="0123456789abcdef")  # noqa: S106 - of a test
    client = app.test_client()
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer 0123456789abcdeF"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer é"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer 0123456789abcdef"}).status_code == 200


def test_from_another_machine_there_are_no_counters(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "::1"}).status_code == 200


def test_only_so_many_proxies_are_believed(lite: Store, tmp_path: Path) -> None:
    from flask import request

    for proxies, seen in (("0", "127.0.0.1"), ("1", "192.0.2.2"), ("2", "192.0.2.1")):
        app = app_on(lite, tmp_path, proxies=proxies)
        app.add_url_rule("/who", view_func=lambda: str(request.remote_addr))
        forged = {"X-Forwarded-For": "192.0.2.1, 192.0.2.2"}
        assert app.test_client().get("/who", headers=forged).text == seen
