"""Signing in and out, and one's own account."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from scheduler.errors import Fault, FaultyInput, NotThere, Refused, WaitFirst
from scheduler.service import sign_in
from scheduler.wording import T
from web import presence
from web.browsers import browser_named
from web.forms import faults_of, not_yet
from web.house import house
from web.languages import say
from web.own_paths import own_path

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from scheduler.wording import Text

blueprint = Blueprint("account", __name__)


@blueprint.get("/sign-in")
def show_sign_in() -> str | AnyResponse:
    """Ask for e-mail address and password."""
    wanted = own_path(request.args.get("next"))
    if presence.somebody():
        return redirect(wanted, 303)
    return render_template("account/sign_in.html", next=wanted, faults={})


@blueprint.post("/sign-in")
def do_sign_in() -> AnyResponse:
    """Sign in, and lead on to what was asked for."""
    wanted, email = own_path(request.form.get("next")), request.form.get("email", "")
    try:
        token = sign_in.sign_in(house().store, email, request.form.get("password", ""), **presence.browser())
    except Refused as refused:
        page = render_template("account/sign_in.html", next=wanted, email=email, faults=faults_of(refused))
        return not_yet(page, refused)
    presence.begin(token)
    return redirect(wanted, 303)


@blueprint.post("/sign-out")
def do_sign_out() -> AnyResponse:
    """End this browser's sign-in."""
    sign_in.sign_out(house().store, presence.token())
    presence.end()
    flash(say(T("You are signed out.")))
    return redirect(url_for("account.show_sign_in"), 303)


@blueprint.get("/invitation/<token>")
def show_invitation(token: str) -> str | AnyResponse:
    """Ask for a new password."""
    try:
        email = sign_in.invited(house().store, token)
    except NotThere:
        return _link_is_over()
    return render_template("account/invitation.html", email=email, faults={})


@blueprint.post("/invitation/<token>")
def take_up_invitation(token: str) -> AnyResponse:
    """Set the password and sign in."""
    try:
        email = sign_in.invited(house().store, token)
    except NotThere:
        return _link_is_over()
    try:
        password = _typed_twice()
        begun = sign_in.take_up(house().store, token, password, program=presence.browser()["program"])
    except (FaultyInput, WaitFirst) as wrong:
        return not_yet(render_template("account/invitation.html", email=email, faults=faults_of(wrong)), wrong)
    presence.begin(begun)
    flash(say(T("Your password is set, and you are signed in.")))
    return redirect(url_for("pages.home"), 303)


@blueprint.get("/account")
def show_account() -> str:
    """Say who one is and where one is signed in."""
    who = presence.whoever()
    open_ones = sign_in.my_sign_ins(house().store, who)
    return render_template("account/account.html", sign_ins=open_ones, browser_named=browser_named, ago=_ago)


@blueprint.post("/account/sign-ins/<int:number>/end")
def end_sign_in(number: int) -> AnyResponse:
    """End one of one's own sign-ins."""
    sign_in.end_my_sign_in(house().store, presence.whoever(), number)
    flash(say(T("That browser is signed out.")))
    return redirect(url_for("account.show_account"), 303)


@blueprint.post("/account/sign-ins/end-others")
def end_other_sign_ins() -> AnyResponse:
    """End all of one's own sign-ins but this one."""
    sign_in.end_my_other_sign_ins(house().store, presence.whoever())
    flash(say(T("All other browsers are signed out.")))
    return redirect(url_for("account.show_account"), 303)


@blueprint.get("/account/password")
def show_password() -> str:
    """Ask for the former password and a new one."""
    presence.whoever()
    return render_template("account/password.html", faults={})


@blueprint.post("/account/password")
def change_password() -> AnyResponse:
    """Change the password; this browser stays signed in."""
    who, former = presence.whoever(), request.form.get("former", "")
    try:
        begun = sign_in.change_password(house().store, who, former, _typed_twice(), **presence.browser())
    except (FaultyInput, Refused) as wrong:
        return not_yet(render_template("account/password.html", faults=faults_of(wrong)), wrong)
    presence.begin(begun)
    flash(say(T("Your password is changed. All other browsers are signed out.")))
    return redirect(url_for("account.show_account"), 303)


def _link_is_over() -> Response:
    """Say that a link is of no use any more, and how to go on: many click it again in order to sign in."""
    return make_response(render_template("account/link_over.html"), 404)


def _typed_twice() -> str:
    """Read a new password, typed twice alike.

    Raises
    ------
    FaultyInput
    """
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        what, remedy = T("the two are not the same"), T("type the same password twice")
        raise FaultyInput([Fault("again", 0, what, remedy)])
    return password


def _ago(moment: dt.datetime) -> Text:
    """Say roughly how long ago something was."""
    hours = (house().store.clock() - moment) // dt.timedelta(hours=1)
    if hours < 1:
        return T("less than an hour ago")
    if hours < 24:
        return T("1 hour ago") if hours == 1 else T("{hours} hours ago", hours=hours)
    return T("1 day ago") if hours < 48 else T("{days} days ago", days=hours // 24)
