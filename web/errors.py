"""What goes wrong, as a page or as ``application/problem+json`` (RFC 9457), in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from flask import Response, current_app, json, render_template, request
from werkzeug.exceptions import HTTPException

from scheduler.errors import CannotWrite, EtaleError, FaultyInput, NotThere, Refused, StoreFailed, WaitFirst
from web.error_words import ADVICE, ADVICE_OTHERWISE, TITLE_OTHERWISE, TITLES
from web.languages import say
from web.logs import request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from scheduler.errors import Fault
    from scheduler.wording import Text

RETRY_SECONDS = "5"
"""When to come back while the store is away."""

PROBLEM = "application/problem+json"

log = structlog.get_logger()


@dataclass(frozen=True)
class Trouble:
    """What is told to whoever asked.

    Attributes
    ----------
    status : int
        HTTP status code.
    reasons : tuple of Text
        What this request met, if more can be said than the status does.
    faults : tuple of Fault
        What is wrong in the input.
    headers : mapping
    """

    status: int
    reasons: tuple[Text, ...] = ()
    faults: tuple[Fault, ...] = ()
    headers: Mapping[str, str] | None = None

    @property
    def title(self) -> Text:
        """What happened."""
        return TITLES.get(self.status, TITLE_OTHERWISE)

    @property
    def advice(self) -> Text:
        """What to do next."""
        return ADVICE.get(self.status, ADVICE_OTHERWISE)


def install(app: Flask) -> None:
    """Turn everything that can be raised into an answer."""
    app.register_error_handler(EtaleError, _of_ours)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unforeseen)


def _of_ours(error: EtaleError) -> Response:
    return answer(trouble_in(error))


def trouble_in(error: EtaleError) -> Trouble:
    """Say what an error of the program means for whoever asked."""
    match error:
        case FaultyInput():
            return Trouble(422, faults=error.faults)
        case NotThere():
            return Trouble(404, (error.what,))
        case WaitFirst():
            return Trouble(429, error.reasons, headers={"Retry-After": str(error.seconds)})
        case Refused():
            return Trouble(409, error.reasons)
        case StoreFailed() | CannotWrite():
            # The reason is for the operator: it may name machines and folders.
            log.error("store failed", reason=str(error.reason))
            return Trouble(503, headers={"Retry-After": RETRY_SECONDS})
        case _:
            log.error("failed", exc_info=error)
            return Trouble(500)


def _of_http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        # A redirection, or an answer that somebody made already.
        return current_app.make_response(error.get_response())
    kept = {name: value for name, value in error.get_headers() if name.lower() in ("allow", "retry-after")}
    return answer(Trouble(error.code, headers=kept))


def _unforeseen(error: Exception) -> Response:
    log.error("failed", exc_info=error)
    return answer(Trouble(500))


def answer(trouble: Trouble) -> Response:
    """Tell of a trouble in the manner that the asker reads."""
    if request.path.startswith("/api/"):
        made = Response(json.dumps(problem(trouble)), mimetype=PROBLEM)
    elif request.path.startswith("/feeds/"):
        # Calendar programs read no pages.
        made = Response(f"{say(trouble.title)}\n", mimetype="text/plain")
    else:
        page = render_template("error.html", trouble=trouble, number=request_id())
        made = Response(page, mimetype="text/html")
    made.status_code = trouble.status
    made.headers.extend(trouble.headers or {})
    return made


def problem(trouble: Trouble) -> dict[str, Any]:
    """Give a trouble as the members of a problem document.

    ``type`` is ``about:blank``: the status says what kind of problem it is, `title` says it in words, `reasons` and
    `faults` what this request met, `advice` what to do.
    """
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": say(trouble.title),
        "status": trouble.status,
        "detail": " ".join([*map(say, trouble.reasons), *(say(fault.as_text()) for fault in trouble.faults)])
        or say(trouble.advice),
        "advice": say(trouble.advice),
        "request": request_id(),
    }
    if trouble.reasons:
        said["reasons"] = [say(reason) for reason in trouble.reasons]
    if trouble.faults:
        said["faults"] = [
            {
                "where": f"{fault.file}:{fault.line}" if fault.line else fault.file,
                "what": say(fault.what),
                "remedy": say(fault.remedy),
            }
            for fault in trouble.faults
        ]
    return said
