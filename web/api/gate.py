"""What holds for every address of the service for programs: who may come in, and how answers look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, current_app, json, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_wtf.csrf import CSRFProtect

from web import presence
from web.errors import PROBLEM, Trouble, answer

if TYPE_CHECKING:
    from pydantic import BaseModel

    from scheduler.wording import Text

PREFIX = "/api/v1"

LONGEST_BODY = 64 * 1024
"""Bytes; nothing that programs send here is longer."""

CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def problem_answer(description: str) -> dict[str, Any]:
    """Describe an answer that tells of a problem."""
    return {"description": description, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


ANYWHERE: dict[Any, Any] = {
    400: problem_answer("Not to be understood, or a cookie without its CSRF token."),
    401: problem_answer("Nobody is signed in."),
    404: problem_answer("There is no such thing, or it is not open to whoever asks."),
    422: problem_answer("Some of what was sent cannot be used; `faults` says what."),
    500: problem_answer("Our own failure."),
    503: problem_answer("The store is away; try again."),
}
"""What any address may answer besides what was asked for."""

OF_CHANGES: dict[Any, Any] = {
    409: problem_answer("As things stand a rule forbids it; `reasons` says which. Nothing was changed."),
    413: problem_answer("The body is too long."),
    415: problem_answer("The body is not JSON."),
}


def api_blueprint(name: str, about: str, *, is_open: bool = False) -> APIBlueprint:
    """Make the room of one subject; an open one lets everybody in, and its views ask who it is."""
    blueprint = APIBlueprint(
        name,
        __name__,
        url_prefix=PREFIX,
        abp_tags=[Tag(name=name, description=about)],
        abp_security=[{"bearer": []}, {"cookie": []}],
        abp_responses=ANYWHERE,
    )
    blueprint.before_request(_look_at_the_request if is_open else _come_in)
    return blueprint


def _come_in() -> Response | None:
    """Let in whoever is signed in; a browser's cookie alone changes nothing, for any site can make it be sent."""
    if presence.somebody() is None:
        return not_signed_in()
    _look_at_the_request()
    return None


def not_signed_in(*reasons: Text) -> Response:
    """Say that nobody is signed in, and how one signs in (RFC 6750 section 3)."""
    return answer(Trouble(401, reasons, headers={"WWW-Authenticate": "Bearer"}))


def _look_at_the_request() -> None:
    # Also of a body whose length nobody announced.
    request.max_content_length = LONGEST_BODY
    if request.method in CHANGING:
        # No other site can make a browser send this header; "Basic" it can.
        if presence.somebody() is not None and not request.headers.get("Authorization", "").startswith("Bearer "):
            guard: CSRFProtect = current_app.extensions["csrf"]
            guard.protect()
        _look_at_the_body()


def _look_at_the_body() -> None:
    if not request.get_data():
        return
    if not request.is_json:
        abort(415)
    try:
        request.get_json()
    except RecursionError:
        # Brackets in brackets in brackets.
        abort(400)


def as_json(shape: BaseModel, status: int = 200, **headers: str) -> Response:
    """Give an answer, with a tag by which whoever polls learns that nothing is new."""
    made = Response(json.dumps(shape.model_dump(mode="json")), status, mimetype="application/json")
    made.headers["Cache-Control"] = "private, no-cache" if status == 200 else "no-store"
    # The same address answers each person by what they may see, in their language.
    made.vary.update(("Accept-Language", "Authorization", "Cookie"))
    made.headers.update(headers)
    if status == 200:
        made.add_etag()
        made.make_conditional(request)
    return made
