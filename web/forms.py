"""Forms that come back with everything that was typed, and with what is wrong beside the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response

from scheduler.errors import FaultyInput, Refused, WaitFirst
from scheduler.wording import T

if TYPE_CHECKING:
    from flask import Response

    from scheduler.wording import Text

Faults = dict[str, "Text"]
"""What is wrong, by field of a form; ``""``: with no single field."""


def faults_of(error: FaultyInput | Refused, *fields: str) -> Faults:
    """Say what is wrong, by field.

    Parameters
    ----------
    error : FaultyInput or Refused
        A fault's `file` names its field.
    fields : str
        That the form has; faults of others are told above it. Without any, every fault stands at its field.
    """
    if not isinstance(error, FaultyInput):
        return {"": _together(list(error.reasons))}
    found: dict[str, list[Text]] = {}
    for fault in error.faults:
        at = fault.file if not fields or fault.file in fields else ""
        found.setdefault(at, []).append(T("{what}; {remedy}", what=fault.what, remedy=fault.remedy))
    return {at: _together(said) for at, said in found.items()}


def _together(said: list[Text]) -> Text:
    whole = said[0]
    for more in said[1:]:
        whole = T("{clauses}; {clause}", clauses=whole, clause=more)
    return whole


def told(error: FaultyInput | Refused) -> list[Text]:
    """List everything that is wrong, each with its place."""
    if isinstance(error, FaultyInput):
        return [fault.as_text() for fault in error.faults]
    return list(error.reasons)


def not_yet(page: str, error: FaultyInput | Refused) -> Response:
    """Give a form back with what is wrong in it."""
    response = make_response(page, 429 if isinstance(error, WaitFirst) else 422)
    if isinstance(error, WaitFirst):
        response.headers["Retry-After"] = str(error.seconds)
    return response
