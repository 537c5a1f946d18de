"""Who is here: the only file that knows Flask-Login.

A sign-in is a secret that the store knows by its hash; the signed cookie holds the secret. A program may send it as
``Authorization: Bearer …`` instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user

from scheduler.errors import StoreFailed
from scheduler.service import sign_in
from web.house import house

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

    from scheduler.domain.people import Actor
    from scheduler.service.sign_in import SignedIn


class NotSignedIn(Exception):
    """Somebody asks for what only those get who are signed in."""


class _Visitor:
    """What Flask-Login takes for a user; its id is the secret of the sign-in."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str, who: SignedIn):
        self.token, self.who = token, who

    def get_id(self) -> str:
        """Give what goes into the cookie."""
        return self.token


def install(app: Flask) -> None:
    """Find out who asks, when a view or a template wants to know."""
    manager = LoginManager()
    # Addresses change on the way to work; the secret is revoked where it should not count any more.
    manager.session_protection = None
    manager.user_loader(_visitor)
    manager.request_loader(lambda asked: _visitor(asked.headers.get("Authorization", "").partition("Bearer ")[2]))
    # All that its init_app does besides is unwelcome here: a context processor, with which an error page would ask the
    # store that just failed, and a look into the cookie for every answer, which then could not be kept by caches.
    app.login_manager = manager  # type: ignore[attr-defined]
    app.register_error_handler(NotSignedIn, _show_the_door)
    app.jinja_env.globals["visitor"] = _visitor_of_a_template


def _visitor(token: str) -> _Visitor | None:
    who = sign_in.signed_in(house().store, token) if token else None
    return None if who is None else _Visitor(token, who)


def somebody() -> SignedIn | None:
    """Give who is signed in, if anybody is."""
    return current_user.who if current_user.is_authenticated else None


def whoever() -> SignedIn:
    """Give who is signed in.

    Raises
    ------
    NotSignedIn
        Nobody is; pages lead to where one signs in, and back.
    """
    who = somebody()
    if who is None:
        raise NotSignedIn
    return who


def actor() -> Actor:
    """Give who is signed in, as the services want to know it.

    Raises
    ------
    NotSignedIn
    """
    return whoever().actor


def token() -> str:
    """Give the secret of the present sign-in; ``""``: nobody is signed in."""
    return str(current_user.token) if current_user.is_authenticated else ""


def begin(secret: str) -> None:
    """Let the visitor be whoever a secret belongs to; nothing of who was there before stays in the cookie."""
    session.clear()
    visitor = _visitor(secret)
    if visitor is not None:
        login_user(visitor)


def end() -> None:
    """Let the visitor be nobody; the secret itself was revoked before."""
    logout_user()
    session.clear()


def browser() -> dict[str, Any]:
    """Say of the visitor's browser what the services write down: where it is and what it calls itself."""
    return {"address": request.remote_addr or "", "program": request.user_agent.string}


def _show_the_door(_: NotSignedIn) -> Response:
    from web.errors import Trouble, answer

    if request.method != "GET" or request.path.startswith("/api/"):
        return answer(Trouble(401))
    here = request.full_path if request.query_string else request.path
    return redirect(url_for("account.show_sign_in", next=here), 303)


def _visitor_of_a_template() -> SignedIn | None:
    """Give who is signed in to a template, which may be that of an error page while the store is away."""
    try:
        return somebody()
    except StoreFailed:
        return None
