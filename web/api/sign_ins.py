"""Signing in as a program: e-mail address and password for a secret, which is shown with every request."""

from __future__ import annotations

from flask import Response

from scheduler.errors import Refused, WaitFirst
from scheduler.service import sign_in
from web import presence
from web.api.gate import OF_CHANGES, api_blueprint, as_json, not_signed_in, problem_answer
from web.api.shapes import SignedIn, SignInWanted
from web.house import house

blueprint = api_blueprint("sign-ins", "Signing in as a program", is_open=True)


@blueprint.post(
    "/sign-ins",
    responses={201: SignedIn, **OF_CHANGES, 429: problem_answer("Too many failures; Retry-After says when to try.")},
    security=[],
)
def begin_sign_in(body: SignInWanted) -> Response:
    """Sign in; the answer holds the secret for `Authorization: Bearer …`, which is not shown again."""
    try:
        token = sign_in.sign_in(house().store, body.email, body.password, **presence.browser())
    except WaitFirst:
        raise
    except Refused as refused:
        return not_signed_in(*refused.reasons)
    return as_json(SignedIn(token=token), 201)


@blueprint.delete("/sign-ins/present", responses={204: None, **OF_CHANGES})
def end_sign_in() -> Response:
    """End the sign-in whose secret is shown."""
    if presence.somebody() is None:
        return not_signed_in()
    sign_in.sign_out(house().store, presence.token())
    return Response(status=204)
