"""The application: its parts, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_openapi3.openapi import OpenAPI
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from scheduler import translation
from scheduler.service.house import open_store
from web import (
    account,
    api,
    curves,
    demo,
    errors,
    feeds,
    headers,
    languages,
    logs,
    measures,
    operators,
    pages,
    presence,
    region,
    static_files,
    words,
)
from web.house import House, move_in
from web.secret_key import secret_key

if TYPE_CHECKING:
    from flask import Flask

    from scheduler.service.house import Store
    from scheduler.settings import Settings

MAX_REQUEST_BYTES = 32 * 1024 * 1024
"""The largest request: a school's timetable as a spreadsheet stays far below."""

ANSWER_SECONDS = 30.0
"""How long a statement may take before its request is answered without it; a lock is not waited for so long."""


def create_app(settings: Settings, store: Store | None = None) -> Flask:
    """Make the application.

    Parameters
    ----------
    settings : Settings
    store : Store, optional
        What it works on; default: the database that the settings name. It is not connected to before it is needed.

    Raises
    ------
    CannotWrite
        The key that signs cookies cannot be kept in the data folder.
    """
    translation.install()
    # A cookie whose name begins so is taken by browsers only over https and from this very host.
    cookie = "__Host-etale" if settings.secure else "etale"
    app = OpenAPI("web", **api.description(cookie))
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        SESSION_COOKIE_NAME=cookie,
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # What somebody typed over lunch can still be sent; the token lives as long as the signed cookie it belongs to.
        WTF_CSRF_TIME_LIMIT=None,
        # Our pages tell browsers to send no Referer, so it cannot be asked for.
        WTF_CSRF_SSL_STRICT=False,
    )
    move_in(app, House(settings, store or open_store(settings.database, answer_seconds=ANSWER_SECONDS)))
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    # Logs are first: what the others do is in them.
    for part in (logs, measures, languages, words, static_files, headers, errors, presence):
        part.install(app)
    csrf = CSRFProtect(app)
    for room in (pages, account, operators, curves, demo, region):
        app.register_blueprint(room.blueprint)
    feeds.install(app)
    api.install(app, csrf)
    return app
