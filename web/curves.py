"""The style sheet of load curves: the rules that the pictures of plan folders have, in the colours of the pages."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from scheduler.charts.style import OF_THE_PAGE, curve_style

blueprint = Blueprint("curves", __name__)


@blueprint.get("/curves.css")
def style() -> Response:
    """Give the rules of `scheduler.charts.style`, written once for all who draw curves."""
    made = Response(curve_style(OF_THE_PAGE), mimetype="text/css")
    made.headers["Cache-Control"] = "public, max-age=3600"
    return made


def style_address() -> str:
    """Give its address."""
    return url_for("curves.style")
