"""For operators: is it alive, can it work, what does it count."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from scheduler.service.house import trouble_of
from scheduler.wording import T
from web.errors import RETRY_SECONDS
from web.house import house
from web.languages import say
from web.measures import measures

blueprint = Blueprint("operators", __name__)

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


@blueprint.get("/healthz")
def alive() -> Response:
    """Answer, whatever the store does: who restarts this process would not mend the store."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> Response:
    """Say whether requests may be sent here; why not is told in full only to operators, for it may name machines."""
    trouble = trouble_of(house().store)
    if trouble is None:
        return Response("ok\n", mimetype="text/plain")
    told = trouble if for_operators() else T("the database cannot be worked with; the operator's log says why")
    answer = Response(f"{say(told)}\n", status=503, mimetype="text/plain")
    answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the counters to operators; for others there is nothing here."""
    if not for_operators():
        abort(404)
    return Response(generate_latest(measures().registry), content_type=CONTENT_TYPE_LATEST)


def for_operators() -> bool:
    """Tell whether an operator asks.

    With a token in the settings: whoever shows it. Without: whoever asks on this machine itself, while the service is
    reached under an address of this machine. Behind a proxy everybody seems to be on this machine, so a service with
    a public address has to have a token.
    """
    settings = house().settings
    if settings.metrics_token is not None:
        shown = request.headers.get("Authorization", "").partition("Bearer ")[2]
        return hmac.compare_digest(shown.encode(), settings.metrics_token.encode())
    return is_this_machine(urlsplit(settings.address).hostname) and (
        is_this_machine(request.remote_addr) and not any(name in request.headers for name in FORWARDED)
    )


def is_this_machine(host: str | None) -> bool:
    """Tell whether a name or number is that of the machine itself."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False
