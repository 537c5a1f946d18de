"""`etale serve --demo`: from nothing to a planned and published region; and again, from where it was."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

import pytest
from served import PATIENCE, free_port, running, serve_command

if TYPE_CHECKING:
    from pathlib import Path

SET_UP_SECONDS = 400.0
"""Planning compiles its loops the first time, and tests beside it want the same cores."""


def looked_at_as_the_region(port: int) -> str:
    """Enter at the first page as the region, and give the page one is led to."""
    base = f"http://localhost:{port}"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    browser.addheaders = [("Accept-Language", "en")]
    first = browser.open(base, timeout=PATIENCE).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', first)
    assert token is not None
    form = urllib.parse.urlencode({"csrf_token": token[1], "role": "region"}).encode()
    page: str = browser.open(f"{base}/demo/sign-in", form, timeout=PATIENCE).read().decode()
    return page


@pytest.mark.slow
def test_the_demo_is_planned_published_and_goes_on_where_it_was(tmp_path: Path) -> None:
    for time in ("first", "second"):
        port = free_port()
        command = serve_command(port, "--demo", "--demo-region", "Bretagne", "--demo-schools", "2")
        with running(command, tmp_path, port, within_seconds=SET_UP_SECONDS) as serve:
            page = looked_at_as_the_region(port)
            assert "Bretagne" in page
            assert "Adopted on" in page
            assert "published" in page
            serve.terminate()
            assert serve.wait(PATIENCE) == 0
        said = (tmp_path / "log").read_text()
        assert "region@example.org, password: " in said
        assert ("Run 1 of bretagne begins" in said) == (time == "first")
