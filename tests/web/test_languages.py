"""Pages are in the language that the reader chose, else the one the browser asks for, else French."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, "fr"),
        ("", "fr"),
        ("fr-CA", "fr"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("de, fr;q=0.5, en;q=0.3", "fr"),
        ("de", "fr"),
        ("*", "fr"),
        ("en;q=0, fr;q=0.1", "fr"),
        ("\x00;q=zebra", "fr"),
    ],
)
def test_the_browser_s_language_is_spoken(client: FlaskClient, asked: str | None, given: str) -> None:
    page = client.get("/", headers={} if asked is None else {"Accept-Language": asked})
    assert f'<html lang="{given}">' in page.text
    assert page.headers["Content-Language"] == given
    assert {"Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))


def test_a_link_changes_the_language_for_good_and_leads_back(client: FlaskClient) -> None:
    page = client.get("/no/such/page?x=1", headers={"Accept-Language": "fr"})
    assert 'href="/language/en?next=/no/such/page?x%3D1"' in page.text
    back = client.get("/language/en?next=/no/such/page?x%3D1")
    assert (back.status_code, back.location) == (303, "/no/such/page?x=1")
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "evil", ""],
)
def test_nobody_is_sent_elsewhere(client: FlaskClient, elsewhere: str) -> None:
    assert client.get("/language/fr", query_string={"next": elsewhere}).location == "/"


def test_there_are_two_languages(client: FlaskClient) -> None:
    assert client.get("/language/de").status_code == 404


def test_a_cookie_with_nonsense_is_passed_over(client: FlaskClient) -> None:
    client.set_cookie("etale-language", "../../etc")
    assert '<html lang="fr">' in client.get("/").text
