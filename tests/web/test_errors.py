"""What goes wrong is told in the reader's language, as a page or as a problem document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask, abort, request

from scheduler.errors import BrokenPlan, CannotWrite, EtaleError, Fault, FaultyInput, NotThere, Refused, StoreFailed
from scheduler.wording import T
from web.error_words import ADVICE, TITLES

if TYPE_CHECKING:
    from flask.testing import FlaskClient

RAISED: dict[str, tuple[EtaleError, int]] = {
    "not-there": (NotThere(T("there is no region “{key}”", key="<b>")), 404),
    "refused": (Refused(T("this secret is too short"), T("name a file")), 409),
    "faulty": (FaultyInput([Fault("sessions.csv", 3, T("name a file"), T("name a folder"))]), 422),
    "store": (StoreFailed(T("the database does not answer ({reason})", reason="host nord-7 of user bob")), 503),
    "disk": (CannotWrite(T("the disk is full")), 503),
    "broken": (BrokenPlan([T("name a file")]), 500),
}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    def fail(name: str) -> str:
        if name in RAISED:
            raise RAISED[name][0]
        if name.isdecimal():
            abort(int(name))
        raise RuntimeError("password=hunter2")

    app.add_url_rule("/raise/<name>", "raise-page", fail)
    app.add_url_rule("/api/v1/raise/<name>", "raise-api", fail)
    return app.test_client()


@pytest.mark.parametrize("name", RAISED)
def test_errors_of_the_program_are_told_as_pages(client: FlaskClient, name: str) -> None:
    error, status = RAISED[name]
    page = client.get(f"/raise/{name}", headers={"Accept-Language": "en"})
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert f"<h1>{TITLES[status]}</h1>" in page.text
    assert str(ADVICE[status]) in page.text
    assert "nord-7" not in page.text
    if isinstance(error, NotThere):
        assert "There is no region “&lt;b&gt;”." in page.text
    if isinstance(error, FaultyInput):
        assert "sessions.csv:3: name a file; name a folder" in page.text
    assert ("Retry-After" in page.headers) == (status == 503)


@pytest.mark.parametrize("name", RAISED)
def test_errors_of_the_program_are_told_as_problems(client: FlaskClient, name: str) -> None:
    error, status = RAISED[name]
    answer = client.get(f"/api/v1/raise/{name}", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    told = answer.get_json(force=True)
    assert (told["type"], told["status"], told["title"]) == ("about:blank", status, str(TITLES[status]))
    assert told["request"] == answer.headers["X-Request-Id"]
    if isinstance(error, Refused):
        assert told["reasons"] == ["this secret is too short", "name a file"]
    if isinstance(error, FaultyInput):
        assert told["faults"] == [{"where": "sessions.csv:3", "what": "name a file", "remedy": "name a folder"}]
    assert "nord-7" not in answer.text


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429, 500, 503])
def test_every_status_has_words(client: FlaskClient, status: int) -> None:
    page = client.get(f"/raise/{status}", headers={"Accept-Language": "fr"})
    assert page.status_code == status
    assert TITLES[status].in_language("fr") in page.text
    assert TITLES[status].in_language("fr") != str(TITLES[status])
    assert ADVICE[status].in_language("fr") != str(ADVICE[status])
    assert client.get(f"/api/v1/raise/{status}").get_json(force=True)["status"] == status


def test_what_nobody_foresaw_is_told_without_details_and_logged_with_its_number(
    client: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    page = client.get("/raise/other", headers={"X-Request-Id": "from-the-proxy-1"})
    assert page.status_code == 500
    assert "hunter2" not in page.text
    assert "from-the-proxy-1" in page.text
    assert '"request": "from-the-proxy-1"' in capfd.readouterr().err


def test_too_much_is_refused_before_it_is_read(app: Flask) -> None:
    app.add_url_rule("/take", view_func=lambda: request.get_data(), methods=["POST"])
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["MAX_CONTENT_LENGTH"] = 1000
    assert app.test_client().post("/take", data={"text": "x" * 2000}).status_code == 413


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
