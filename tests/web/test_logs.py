"""One line of JSON a request; no secret of an address, a query, a header or a body is in it."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """Read what was written."""
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_request_is_one_line(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    app.test_client().get("/healthz", headers={"X-Request-Id": "a1b2c3d4"})
    (line,) = lines(capfd)
    told = {name: line[name] for name in ("method", "path", "route", "status", "request", "event")}
    assert told == {
        "method": "GET",
        "path": "/healthz",
        "route": "/healthz",
        "status": 200,
        "request": "a1b2c3d4",
        "event": "answered",
    }
    assert float(str(line["milliseconds"])) >= 0


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/{}.ics",
        "/feeds/{}",
        "/feeds/{}.ics/",
        "/feed/{}.ics",
        "/invitations/{}",
        "/t/{}",
        "/{}",
        "/?token={}",
        "/language/fr?next=/invitations/{}",
    ],
)
def test_no_token_of_an_address_is_written(app: Flask, address: str, capfd: pytest.CaptureFixture[str]) -> None:
    token = secrets.token_urlsafe(32)

    app.add_url_rule("/invitations/<token>", "invited", lambda token: "welcome")
    client = app.test_client()
    for method in ("GET", "HEAD", "POST"):
        client.open(address.format(token), method=method, headers={"Authorization": f"Bearer {token}"})
    written = capfd.readouterr().err
    assert written.count("answered") == 3
    assert not [piece for piece in (token, token[:16], token[-16:]) if piece in written]


def test_no_short_token_of_a_route_is_written(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    app.add_url_rule("/somewhere/<its_token>/else", "somewhere", lambda its_token: "welcome")
    app.test_client().get("/somewhere/abc123/else")
    (line,) = lines(capfd)
    assert line["path"] == "/somewhere/…/else"


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space 1234", "<script>alert(1)</script>", "é" * 10])
def test_a_number_that_looks_like_none_is_replaced(app: Flask, given: str) -> None:
    answer = app.test_client().get("/healthz", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] != given
    assert len(answer.headers["X-Request-Id"]) == 16
