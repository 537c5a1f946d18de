"""Principals invited and reminded, many at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for

from scheduler.domain.listing import ACCEPTED, NO_TIMETABLE, PROPOSED, STATES
from scheduler.errors import FaultyInput, Refused
from scheduler.mail import Letter
from scheduler.service.letters import LINK, send_letters
from scheduler.service.principals import Late, Wanted, invite_principals, late_schools, read_principals
from scheduler.wording import T
from web.forms import not_yet, told
from web.house import house
from web.languages import say
from web.presence import actor
from web.region.door import blueprint, frame
from web.region.state_words import OF_ONE
from web.words import date_asked, words

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from scheduler.wording import Text


@blueprint.get("/schools/invite")
def invite_heads(region: str) -> str:
    """Ask whom to invite."""
    return _invite_page(request.args.get("lines", ""), [])


def _invite_page(lines: str, problems: list[Text]) -> str:
    return render_template("region/invite.html", lines=lines, problems=problems, mail=house().settings.mail is not None)


@blueprint.post("/schools/invite")
def do_invite_heads(region: str) -> str | AnyResponse:
    """Invite, and show the links once; or have them sent, when there is a mail server."""
    lines = request.form.get("lines", "")
    try:
        wanted = read_principals(lines)
    except FaultyInput as wrong:
        return not_yet(_invite_page(lines, told(wrong)), wrong)
    done = invite_principals(house().store, actor(), region, wanted)
    links = {one.wanted: url_for("account.show_invitation", token=one.token) for one in done if one.token}
    if request.form.get("send") and house().settings.mail is not None and links:
        send_letters(house().store, actor(), region, [_invitation(one) for one in links], what="invitation")
        links = {}
    address = house().settings.address
    return render_template("region/invited.html", done=done, links={one: address + path for one, path in links.items()})


def _invitation(one: Wanted) -> Letter:
    named = {"school": one.school, "region": frame().name, "link": LINK}
    return Letter(one.email, say(T("Étale: the timetable of your school", **named)), say(_invitation_text(named)))


def _invitation_text(named: dict[str, str]) -> Text:
    return T(
        "Hello,\n\n"
        "the region {region} spreads distance lessons over the day with Étale, so that the servers hold. "
        "You can bring the timetable of your school ({school}), see what moves, and publish it.\n\n"
        "Choose your password with this link; it works once, for seven days:\n{link}\n\n"
        "Thank you.",
        **named,
    )


@blueprint.get("/schools/late")
def late(region: str) -> str:
    """Show who is late, and the letter that reminds them."""
    return _late_page(region, _states(request.args.getlist("state")), _deadline(request.args.get("deadline")))


def _states(asked: list[str]) -> list[str]:
    return [state for state in asked if state in STATES] or [NO_TIMETABLE, PROPOSED, ACCEPTED]


def _deadline(text: str | None) -> dt.date:
    """Give the day until which answers are wanted; tomorrow if none was chosen."""
    today = house().store.clock().astimezone(ZoneInfo(frame().timezone)).date()
    return date_asked(text) or today + dt.timedelta(days=1)


def _late_page(region: str, states: list[str], deadline: dt.date) -> str:
    found = late_schools(house().store, actor(), region, states)
    return render_template(
        "region/late.html",
        late=found,
        reached=sum(bool(one.people) for one in found),
        addresses=", ".join(dict.fromkeys(person.email for one in found for person in one.people)),
        states=states,
        all_states=[(state, say(OF_ONE[state])) for state in (NO_TIMETABLE, PROPOSED, ACCEPTED)],
        deadline=deadline,
        letter=say(_reminder(deadline)),
        subject=say(_reminder_subject()),
        mail=house().settings.mail is not None,
    )


def _reminder_subject() -> Text:
    return T("Étale: your school's timetable is awaited")


def _reminder(deadline: dt.date) -> Text:
    return T(
        "Hello,\n\n"
        "the region {region} is preparing the distance lessons of the coming days, and your school has not answered "
        "yet. Please bring your timetable, or answer the proposal that you have, by {deadline}:\n{address}\n\n"
        "It takes a few minutes. What you do not answer stays at its usual time, when the servers may be full.\n\n"
        "Thank you.",
        region=frame().name,
        deadline=words().date(deadline),
        address=house().settings.address,
    )


@blueprint.post("/schools/late")
def remind(region: str) -> AnyResponse:
    """Have the letter sent to all who are late."""
    states, deadline = _states(request.form.getlist("state")), _deadline(request.form.get("deadline"))
    back = redirect(url_for("region.late", state=states, deadline=deadline.isoformat()), 303)
    if house().settings.mail is None:
        flash(say(T("No mail server is set: copy the letter and the addresses.")), "error")
        return back
    found = late_schools(house().store, actor(), region, states)
    subject, text = say(_reminder_subject()), say(_reminder(deadline))
    emails = _emails(found)
    try:
        send_letters(house().store, actor(), region, [Letter(one, subject, text) for one in emails], what="reminder")
        flash(say(T("Letters are being sent: {count}.", count=words().number(len(emails)))))
    except Refused as refused:
        flash(say(refused.reasons[0]), "error")
    return back


def _emails(found: tuple[Late, ...]) -> list[str]:
    return list(dict.fromkeys(person.email for one in found for person in one.people))
