"""One line of JSON a request, on stderr, with no secret in it.

Addresses of calendars and invitations hold secrets: a path is written without them, and a query, a body, a cookie or a
header never.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from typing import TYPE_CHECKING, Any

import structlog
from flask import g, request

if TYPE_CHECKING:
    from flask import Flask, Response

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
"""What a proxy's own number of a request has to look like to be taken over."""

TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}")
"""A secret, even where a route calls it otherwise: 32 bytes in base64 are 43 characters."""

DOUBTFUL = re.compile(r"[A-Za-z0-9_-]{16,}")
"""What may be a piece of a secret, in an address that is none of ours."""

HIDDEN = "…"


def configure() -> None:
    """Let all lines be JSON on stderr, those of libraries too where nothing else takes them."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, as_json],
        # The stream is looked up for each line: a test, or a server that reopens its log, may have changed it.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=shared,
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    as_json,
                ],
            )
        )
        root.addHandler(handler)


def install(app: Flask) -> None:
    """Write a line for every request that the application answers."""
    configure()
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Give the number of the present request: the proxy's, else one of our own."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    number: str = g.request_id
    return number


def shown_path() -> str:
    """Give the path of the present request as it may be written down."""
    path = request.path
    if request.url_rule is None:
        return DOUBTFUL.sub(HIDDEN, path)
    for name, value in (request.view_args or {}).items():
        if "token" in name:
            path = path.replace(str(value), HIDDEN)
    return TOKEN.sub(HIDDEN, path)


def _begin() -> None:
    g.begun = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=request_id())


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    structlog.get_logger().info(
        "answered",
        method=request.method,
        path=shown_path(),
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        milliseconds=round(seconds_so_far() * 1000, 1),
        bytes=response.content_length,
    )
    return response


def seconds_so_far() -> float:
    """Say how long the present request has taken."""
    return time.perf_counter() - float(g.get("begun", time.perf_counter()))
