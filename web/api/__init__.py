"""The service for programs: JSON under ``/api/v1/``, described at ``/api/v1/openapi.json`` (docs/api.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify
from flask_openapi3.models.info import Info

from scheduler import __version__
from web.api import plans, publications, runs, schools, servers, sign_ins
from web.api.faults import told
from web.api.gate import PREFIX
from web.api.shapes import Problem

if TYPE_CHECKING:
    from flask_openapi3.openapi import OpenAPI
    from flask_wtf import CSRFProtect


def description(cookie: str) -> dict[str, Any]:
    """Say what the application has to know of this service when it is made.

    Parameters
    ----------
    cookie : str
        Name of the cookie of a signed-in browser.
    """
    return {
        "info": Info(
            title="Étale",
            version=__version__,
            description="Staggers class sessions and parents' access over the day. Times are in UTC; "
            "a school `@audiences` means the audiences of the region itself.",
        ),
        "security_schemes": {
            "bearer": {"type": "http", "scheme": "bearer", "description": "The secret of a sign-in."},
            "cookie": {
                "type": "apiKey",
                "in": "cookie",
                "name": cookie,
                "description": "The cookie of a signed-in browser; changes also need `X-CSRFToken`.",
            },
        },
        "validation_error_model": Problem,
        "validation_error_callback": told,
        # Its pages would need scripts and styles between their lines, which ours forbid.
        "doc_ui": False,
    }


def install(app: OpenAPI, csrf: CSRFProtect) -> None:
    """Add the addresses for programs."""
    for room in (sign_ins, schools, servers, runs, plans, publications):
        # The gate looks at the token itself: whoever shows the secret of a sign-in needs none.
        csrf.exempt(room.blueprint)
        app.register_api(room.blueprint)

    def described() -> Response:
        return jsonify(app.api_doc)

    app.add_url_rule(f"{PREFIX}/openapi.json", "api.described", described, methods=["GET"])
