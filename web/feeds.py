"""Calendars for subscribers' programs (FEEDS.md, HTTP): bytes made when a school published, given as they stand."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, request
from werkzeug.http import http_date

from scheduler.service.feed_serving import Fetch, Gone
from web.feed_cache import FeedCache
from web.feed_notes import FeedNotes
from web.house import house

if TYPE_CHECKING:
    from flask import Flask

    from scheduler.service.feed_serving import Served

NAME = "etale-feeds"

blueprint = Blueprint("feeds", __name__)

SAID_ALWAYS = {
    "Cache-Control": "private, max-age=900, stale-if-error=86400",
    "Vary": "Accept-Encoding",
    # Not robots.txt: some calendar programs obey it and would fetch nothing.
    "X-Robots-Tag": "noindex",
}
CALENDAR = {
    # Whatever Accept says: many programs send none, or the wrong one.
    "Content-Type": "text/calendar; charset=utf-8",
    "Content-Disposition": 'inline; filename="etale.ics"',
}


@dataclass(frozen=True)
class Subscriptions:
    """What one process knows of those who subscribe."""

    cache: FeedCache
    notes: FeedNotes


def install(app: Flask) -> None:
    """Give an application its memory of calendars, and their address."""
    app.extensions[NAME] = Subscriptions(FeedCache(), FeedNotes(app.extensions["etale"].store))
    app.register_blueprint(blueprint)


@blueprint.get("/feeds/<token>.ics")
def feed(token: str) -> Response:
    """Give the calendar at an address: 304 where the asker has it, 410 where it was withdrawn."""
    subscriptions: Subscriptions = current_app.extensions[NAME]
    store = house().store
    found = subscriptions.cache.find(store, token)
    if found is None:
        abort(404)
    if isinstance(found, Gone):
        abort(410)
    subscriptions.notes.add(Fetch(found.feed_id, store.clock(), request.user_agent.string))
    return as_answer(found)


def as_answer(found: Served) -> Response:
    """Give a calendar as the asker takes it, compressed or not."""
    takes_gzip = request.accept_encodings["gzip"] > 0
    # Two forms of one thing need two strong tags (RFC 9110 section 8.8.3.3); whichever is shown, it has not changed.
    plain, packed = found.etag, f"{found.etag}-gzip"
    validators = {"ETag": f'"{packed if takes_gzip else plain}"', "Last-Modified": http_date(found.changed_at)}
    if _has_it(found, plain, packed):
        return Response(status=304, headers=SAID_ALWAYS | validators)
    answer = Response(headers=SAID_ALWAYS | CALENDAR | validators)
    if takes_gzip:
        answer.headers["Content-Encoding"] = "gzip"
        answer.set_data(found.gzip)
    elif request.method == "HEAD":
        answer.headers["Content-Length"] = str(found.size)
    else:
        answer.set_data(gzip.decompress(found.gzip))
    return answer


def _has_it(found: Served, *tags: str) -> bool:
    """Tell whether the asker has what stands there; a tag goes before a date (RFC 9110 section 13.2.2)."""
    if "If-None-Match" in request.headers:
        shown = request.if_none_match
        return any(shown.contains_weak(tag) for tag in tags)
    since = request.if_modified_since
    return since is not None and found.changed_at <= since
