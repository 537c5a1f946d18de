"""What every answer says to browsers about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.house import house

if TYPE_CHECKING:
    from flask import Flask, Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Everything from this service and nothing written into the page itself: no script or style between the lines."""

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Addresses hold secrets (calendars, invitations), and no other site needs to know where a visitor came from.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

ONE_YEAR = "max-age=31536000"


def install(app: Flask) -> None:
    """Give every answer its headers."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    response.headers.extend({name: value for name, value in ALWAYS.items() if name not in response.headers})
    if house().settings.secure:
        response.headers["Strict-Transport-Security"] = ONE_YEAR
    # Who signs in at a shared computer leaves no pages behind; what may be kept says so itself.
    response.headers.setdefault("Cache-Control", "no-store")
    return response
