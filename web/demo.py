"""The demo: whoever opens the first page may sign in as one of its people, where ``etale serve --demo`` runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, request, url_for

from scheduler.service import sign_in
from scheduler.service.demo_people import demo_sign_ins
from scheduler.settings import LOOPBACK
from web import presence
from web.house import house

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from scheduler.service.demo_people import DemoSignIn

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


def people() -> tuple[DemoSignIn, ...]:
    """Give the people of the demo; none where this is no demo, or where another machine asks."""
    settings = house().settings
    here = request.host.rpartition(":")[0] or request.host
    return demo_sign_ins(settings.data) if settings.demo and here.strip("[]") in LOOPBACK else ()


@blueprint.post("/sign-in")
def enter() -> Response:
    """Sign in as one of the demo's people."""
    one = next((one for one in people() if one.role == request.form.get("role")), None)
    if one is None:
        abort(404)
    presence.begin(sign_in.sign_in(house().store, one.email, one.password, **presence.browser()))
    return redirect(url_for("pages.home"), 303)
