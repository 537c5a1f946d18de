"""Pages that belong to nobody in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for

from scheduler.domain.people import OPERATOR, REGION
from scheduler.service.regions import list_regions
from scheduler.translation import LANGUAGES
from web import demo, presence
from web.house import house
from web.languages import COOKIE, COOKIE_SECONDS
from web.own_paths import own_path

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str | Response:
    """Say what this is; to somebody who is here, what they look after, or lead them to the only thing there is."""
    who = presence.somebody()
    if who is None:
        return render_template("home.html", people=demo.people())
    regions = list_regions(house().store, who.actor)
    if len(regions) == 1 and all(post.role.name in (OPERATOR, REGION) for post in who.person.posts):
        return redirect(url_for("region.overview", region=regions[0].key), 303)
    return render_template("home.html", regions=regions, posts=who.person.posts)


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
