"""What holds for every address and every file, those of tomorrow included."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from webs import app_on

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from scheduler.store import Store

WEB = Path(__file__).parents[2] / "web"

FILLED = {"filename": "etale.css", "wanted": "fr", "token": "x" * 43}
"""What goes into the open places of addresses; whatever is not named gets a 1."""

FOREIGN = re.compile(
    r"""(?:href|src|action|srcset|poster)\s*=\s*["'](?:[a-z]+:)?//|url\(\s*["']?(?:[a-z]+:)?//|@import"""
)


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Give a method and an address for every route and method."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = {name: FILLED.get(name, 1) for name in rule.arguments}
            address = app.url_for(rule.endpoint, **values)
            found += [(method, address) for method in sorted(rule.methods or ())]
    return found


def answers(app: Flask) -> list[tuple[str, TestResponse]]:
    """Ask for every address in every manner."""
    client = app.test_client()
    asked = [*addresses(app), ("GET", "/no/such/page"), ("DELETE", "/"), ("GET", "/api/v1/nothing")]
    return [(f"{method} {address}", client.open(address, method=method, buffered=True)) for method, address in asked]


def test_no_answer_is_a_failure_and_every_one_has_its_headers(app: Flask) -> None:
    for asked, answer in answers(app):
        assert answer.status_code < 500, asked
        headers = answer.headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'", asked
        assert policy["script-src"] == policy["style-src"] == "'self'", asked
        assert "unsafe" not in headers["Content-Security-Policy"], asked
        assert headers["X-Content-Type-Options"] == "nosniff", asked
        assert headers["Referrer-Policy"] == "no-referrer", asked
        assert headers["Cache-Control"], asked
        assert headers["X-Request-Id"], asked
        assert "Strict-Transport-Security" not in headers, asked


def test_a_service_on_https_says_so(lite: Store, tmp_path: Path) -> None:
    app = app_on(lite, tmp_path, address="https://etale.example.org")
    assert {answer.headers["Strict-Transport-Security"] for _, answer in answers(app)} == {"max-age=31536000"}
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-etale"


def test_pages_load_nothing_from_elsewhere_and_hold_no_script_or_style_of_their_own(app: Flask) -> None:
    pages = [(asked, answer.text) for asked, answer in answers(app) if answer.mimetype == "text/html"]
    assert len(pages) >= 3
    for asked, text in pages:
        assert FOREIGN.search(text) is None, asked
        assert re.search(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", text) is None, asked


def test_pages_can_be_found_one_s_way_in(app: Flask) -> None:
    """A title, a language, one heading, and a way past the navigation (WCAG 2.4.1, 2.4.2, 3.1.1)."""
    for asked, answer in answers(app):
        if answer.mimetype == "text/html" and answer.data and not 300 <= answer.status_code < 400:
            text = answer.text
            assert re.search(r'<html lang="(fr|en)">', text), asked
            assert re.search(r"<title>[^<]+ · Étale</title>", text), asked
            assert text.count("<h1") == 1, asked
            assert '<a class="skip" href="#main">' in text, asked
            assert '<main id="main"' in text, asked
            ids = re.findall(r'\sid="([^"]+)"', text)
            assert len(ids) == len(set(ids)), asked
            named = set(re.findall(r'<label[^>]* for="([^"]+)"', text))
            fields = re.findall(r"<(?:input|select|textarea)(?![^>]*type=\"hidden\")[^>]*>", text)
            assert [field for field in fields if not set(re.findall(r'\sid="([^"]+)"', field)) <= named] == [], asked


@pytest.mark.parametrize("file", sorted((WEB / "static").rglob("*")), ids=lambda file: file.name)
def test_files_load_nothing_from_elsewhere(file: Path) -> None:
    assert FOREIGN.search(file.read_text(encoding="utf-8")) is None


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    """Every route that changes something asks for the token, or for a sign-in that no foreign page can lend.

    A program signs in with JSON, which no foreign page can send.
    """
    client = app.test_client()
    assert client.post("/api/v1/sign-ins", data="{}", content_type="text/plain").status_code == 415
    changing = [(method, path) for method, path in addresses(app) if method in ("POST", "PUT", "PATCH", "DELETE")]
    changing.remove(("POST", "/api/v1/sign-ins"))
    assert [path for method, path in changing if client.open(path, method=method).status_code not in (400, 401)] == []
