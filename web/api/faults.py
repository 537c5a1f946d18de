"""What is wrong in a request, told as everything else that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.errors import Fault
from scheduler.wording import T
from web.errors import Trouble, answer

if TYPE_CHECKING:
    from flask import Response
    from pydantic import ValidationError

REMEDY = T("see /api/v1/openapi.json for what can be sent here")


def told(error: ValidationError) -> Response:
    """Tell of every field that cannot be used."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    faults = [Fault(".".join(map(str, one["loc"])) or "body", 0, T("{what}", what=one["msg"]), REMEDY) for one in found]
    return answer(Trouble(422, faults=tuple(faults)))
