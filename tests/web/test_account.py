"""Signing in and out in a browser, and the pages of one's own account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import households
import pytest
from argon2 import PasswordHasher
from households import OPERATORS, PASSWORD
from webs import app_on

from scheduler.errors import StoreFailed
from scheduler.service import passwords
from scheduler.service.people import disable, invite, take_role
from scheduler.service.sign_in import my_sign_ins
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from households import Clock
    from werkzeug.test import TestResponse

    from scheduler.store import Store

ME = "p@x.fr"
ENGLISH = {"Accept-Language": "en"}
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._hash_of_nobody.cache_clear()
    yield
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture
def house(lite: Store) -> tuple[Store, Clock]:
    """Give a store with two regions and somebody, and its clock; what both kinds of store do is tried in service/."""
    timed, clock = households.with_clock(lite)
    households.settle_two(timed)
    households.newcomer(timed, ME, "principal", "north", "n1")
    return timed, clock


@pytest.fixture
def site(house: tuple[Store, Clock], tmp_path: Path) -> Flask:
    return app_on(house[0], tmp_path)


@pytest.fixture
def browser(site: Flask) -> FlaskClient:
    return site.test_client()


def send(browser: FlaskClient, page: str, to: str | None = None, **fields: str) -> TestResponse:
    """Open a page and send its form."""
    shown = browser.get(page, headers=ENGLISH)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
    assert token, shown.text
    data = fields | {"csrf_token": token[1]}
    return browser.post(to or page, data=data, headers=ENGLISH | {"User-Agent": FIREFOX})


def enter(browser: FlaskClient, password: str = PASSWORD, **fields: str) -> TestResponse:
    """Sign in."""
    return send(browser, "/sign-in", email=fields.pop("email", ME), password=password, **fields)


def inputs(page: str) -> dict[str, dict[str, str]]:
    """Read the fields of a page's forms."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        attributes = {name: value for name, _, value in re.findall(r'([\w-]+)(="([^"]*)")?', tag[6:])}
        found[attributes["name"]] = attributes
    return found


def test_signing_in_leads_to_where_one_wanted_to_go(browser: FlaskClient) -> None:
    to_sign_in = browser.get("/account?x=1")
    assert (to_sign_in.status_code, to_sign_in.location) == (303, "/sign-in?next=/account?x%3D1")
    assert inputs(browser.get(to_sign_in.location).text)["next"]["value"] == "/account?x=1"
    done = enter(browser, next="/account?x=1")
    assert (done.status_code, done.location) == (303, "/account?x=1")
    shown = browser.get("/account", headers=ENGLISH).text
    assert "Firefox on Windows" in shown
    assert "Principal: N1 (n1), region NORTH" in shown
    assert browser.get("/sign-in?next=/account").location == "/account"
    assert "p@x.fr" in browser.get("/").text


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(browser: FlaskClient, elsewhere: str) -> None:
    assert inputs(browser.get("/sign-in", query_string={"next": elsewhere}).text)["next"]["value"] == "/"
    assert enter(browser, next=elsewhere).location == "/"


def test_what_was_wrong_is_told_and_what_was_typed_is_kept(browser: FlaskClient) -> None:
    told = enter(browser, "wrong")
    assert told.status_code == 422
    assert "The e-mail address or the password is not right." in told.text
    fields = inputs(told.text)
    assert fields["email"]["value"] == ME
    assert fields["password"]["value"] == ""
    assert [name for name, attributes in fields.items() if "autofocus" in attributes] == ["password"]


def test_nobody_learns_who_has_an_account(browser: FlaskClient) -> None:
    for email in (ME, "nobody@x.fr"):
        answers = [enter(browser, "wrong", email=email) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        assert answers[-1].headers["Retry-After"] == "30"
        assert "wait a minute" in answers[-1].text


def test_the_cookie_is_for_this_service_alone(house: tuple[Store, Clock], tmp_path: Path, browser: FlaskClient) -> None:
    plain = enter(browser).headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Expires" not in plain
    secure = app_on(house[0], tmp_path, address="https://etale.example.org").test_client()
    sent = send_securely(secure)
    assert sent.headers["Set-Cookie"].startswith("__Host-etale=")
    assert "Secure" in sent.headers["Set-Cookie"]


def send_securely(browser: FlaskClient) -> TestResponse:
    """Sign in over https."""
    base = "https://etale.example.org"
    token = inputs(browser.get("/sign-in", base_url=base).text)["csrf_token"]["value"]
    fields = {"email": ME, "password": PASSWORD, "csrf_token": token}
    return browser.post("/sign-in", data=fields, base_url=base)


def test_a_former_cookie_opens_nothing_after_signing_out(site: Flask, browser: FlaskClient) -> None:
    enter(browser)
    kept = browser.get_cookie("etale")
    assert kept
    out = send(browser, "/account", "/sign-out")
    assert (out.status_code, out.location) == (303, "/sign-in")
    assert "You are signed out." in browser.get("/sign-in", headers=ENGLISH).text
    assert browser.get("/account").status_code == 303
    thief = site.test_client()
    thief.set_cookie("etale", kept.value)
    assert thief.get("/account").status_code == 303


def test_whoever_is_kept_out_is_out_at_once(house: tuple[Store, Clock], browser: FlaskClient) -> None:
    store, clock = house
    enter(browser)
    take_role(store, OPERATORS, ME, "principal", school="n1")
    assert browser.get("/account").status_code == 303
    enter(browser)
    assert "You have no role yet" in browser.get("/", headers=ENGLISH).text
    clock.turn(hours=12)
    assert browser.get("/account").status_code == 303
    enter(browser)
    disable(store, OPERATORS, ME)
    assert browser.get("/account").status_code == 303
    assert "This account is closed" in enter(browser).text


def test_an_invitation_is_taken_up_in_the_browser(house: tuple[Store, Clock], browser: FlaskClient) -> None:
    store, _ = house
    token = invite(store, OPERATORS, "new@x.fr", "region", "south").token
    page = f"/invitation/{token}"
    assert "new@x.fr" in browser.get(page).text
    short = send(browser, page, **dict.fromkeys(("password", "again"), "short"))
    assert short.status_code == 422
    assert "too short; take at least 12 characters" in short.text
    fields = inputs(short.text)
    assert fields["password"]["aria-invalid"] == "true"
    assert [name for name, attributes in fields.items() if "autofocus" in attributes] == ["password"]
    unlike = send(browser, page, password=PASSWORD, again=PASSWORD + "x")
    assert [name for name, field in inputs(unlike.text).items() if "autofocus" in field] == ["again"]
    assert PASSWORD not in unlike.text
    assert send(browser, page, password=PASSWORD, again=PASSWORD).location == "/"
    assert browser.get("/").location == "/regions/south"  # there is nothing else to look after
    mine = browser.get("/account", headers=ENGLISH).text
    assert "Your password is set" in mine
    assert "Region SOUTH" in mine
    used = browser.get(page, headers=ENGLISH)
    assert used.status_code == 404
    assert "It was used already" in used.text


def test_one_ends_other_sign_ins_and_not_those_of_others(
    house: tuple[Store, Clock], site: Flask, browser: FlaskClient
) -> None:
    store, clock = house
    stranger = households.present(store, households.newcomer(store, "other@x.fr", "operator"))
    phone, school = site.test_client(), site.test_client()
    for device in (phone, school):
        enter(device)
        clock.turn(hours=2)
    enter(browser)
    shown = browser.get("/account", headers=ENGLISH).text
    assert "2 hours ago" in shown
    ends = re.findall(r"/account/sign-ins/(\d+)/end", shown)
    assert len(ends) == 3
    for number in (ends[0], str(stranger.sign_in_id)):
        assert send(browser, "/account", f"/account/sign-ins/{number}/end").status_code == 303
    assert [device.get("/account").status_code for device in (phone, school, browser)] == [200, 303, 200]
    send(browser, "/account", "/account/sign-ins/end-others")
    assert [device.get("/account").status_code for device in (phone, browser)] == [303, 200]
    assert len(my_sign_ins(store, stranger)) == 1


def test_the_password_is_changed_in_the_browser(site: Flask, browser: FlaskClient) -> None:
    phone = site.test_client()
    enter(phone)
    enter(browser)
    new = "un nouveau mot de passe"
    wrong = send(browser, "/account/password", former="wrong", password=new, again=new)
    assert wrong.status_code == 422
    assert "This is not your password" in wrong.text
    done = send(browser, "/account/password", former=PASSWORD, password=new, again=new)
    assert done.location == "/account"
    assert "Your password is changed" in browser.get("/account", headers=ENGLISH).text
    assert phone.get("/account").status_code == 303


def test_changing_anything_asks_for_a_sign_in(browser: FlaskClient) -> None:
    for path in ("/account/password", "/account/sign-ins/1/end", "/account/sign-ins/end-others"):
        answer = send(browser, "/sign-in", path)
        assert answer.status_code == 401, path
        assert "You are not signed in" in answer.text


def test_a_program_may_send_the_secret_instead_of_a_cookie(house: tuple[Store, Clock], browser: FlaskClient) -> None:
    token = households.newcomer(house[0], "api@x.fr", "operator")
    assert "api@x.fr" in browser.get("/account", headers={"Authorization": f"Bearer {token}"}).text
    for other in ("Bearer x", f"Basic {token}", "Bearer "):
        assert browser.get("/account", headers={"Authorization": other}).status_code == 303


def test_pages_say_so_while_the_store_is_away(
    house: tuple[Store, Clock], browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(browser)

    def away() -> None:
        raise StoreFailed(T("the database does not answer"))

    monkeypatch.setattr(house[0], "read", away)
    for path in ("/account", "/invitation/x"):
        answer = browser.get(path)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "<h1>" in answer.text


def test_every_field_has_a_label_and_passwords_are_named_for_their_keepers(
    house: tuple[Store, Clock], browser: FlaskClient
) -> None:
    token = invite(house[0], OPERATORS, "new@x.fr", "operator").token
    pages = [browser.get(path).text for path in ("/sign-in", f"/invitation/{token}")]
    enter(browser)
    pages.append(browser.get("/account/password").text)
    for page in pages:
        labels = set(re.findall(r'<label for="([^"]+)"', page))
        seen = {name: field for name, field in inputs(page).items() if field["type"] != "hidden"}
        assert labels == {field["id"] for field in seen.values()}
        assert {field["autocomplete"] for field in seen.values()} <= {"username", "current-password", "new-password"}
        assert sum("autofocus" in field for field in seen.values()) == 1
