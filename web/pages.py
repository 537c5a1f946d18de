"""Pages that belong to nobody in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request

from scheduler.translation import LANGUAGES
from web.house import house
from web.languages import COOKIE, COOKIE_SECONDS
from web.own_paths import own_path

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """Say what this is."""
    return render_template("home.html")


@blueprint.get("/language/<wanted>")
def choose_language(wanted: str) -> Response:
    """Remember the language that a reader chose, and go back to where they were."""
    if wanted not in LANGUAGES:
        abort(404)
    back = redirect(own_path(request.args.get("next")), 303)
    back.set_cookie(
        COOKIE, wanted, max_age=COOKIE_SECONDS, secure=house().settings.secure, httponly=True, samesite="Lax"
    )
    return back
