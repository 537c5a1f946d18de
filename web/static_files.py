"""Style sheets and scripts: an address holds a piece of the file's hash, so a browser may keep it for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app, request, url_for

if TYPE_CHECKING:
    from flask import Flask, Response

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


def install(app: Flask) -> None:
    """Let templates write ``{{ asset("etale.css") }}``."""
    app.jinja_env.globals.update(asset=asset)
    app.after_request(_may_be_kept)


def asset(name: str) -> str:
    """Give the address of a file of static/, with its version."""
    return url_for("static", filename=name, v=_version(Path(str(current_app.static_folder)) / name))


@cache
def _version(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _may_be_kept(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in (200, 304):
        response.headers["Cache-Control"] = FOR_EVER if "v" in request.args else ASK_AGAIN
    return response
