"""It is broken now: who moves? An outage from this minute on, the rest of the day planned again, people told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from scheduler.charts.words import meter_word
from scheduler.domain.capacity import METERS
from scheduler.domain.runs import INCIDENT
from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.mail import Letter
from scheduler.service.capacity_trials import see_capacities
from scheduler.service.incidents import broken_now, end_incident, now_in, plan_rest, report_incident
from scheduler.service.letters import send_letters
from scheduler.service.principals import principals
from scheduler.service.runs import list_runs, run_status
from scheduler.wording import T, Text
from scheduler.wording_times import time_in_words
from web.forms import faults_of, not_yet
from web.house import house
from web.languages import language, say
from web.presence import actor
from web.region.capacity_words import change_in_words
from web.region.door import blueprint, frame
from web.words import number_asked, words

if TYPE_CHECKING:
    import datetime as dt

    from werkzeug.wrappers import Response

    from scheduler.domain.runs import Run
    from web.forms import Faults

DOWN, LESS, PERCENT = "down", "less", "percent"
FIELDS = ("platform", "meter", "how", "amount", "to", "lead", "note")
LEAD = 15
"""Minutes after which lessons may begin otherwise, unless somebody says otherwise: people must hear of it first."""


@blueprint.get("/incident")
def incident(region: str) -> str:
    """Ask what is broken."""
    return _page(region, {"lead": str(LEAD), "how": DOWN}, {})


def _now() -> dt.datetime:
    return now_in(house().store, frame().timezone, frame().slot_minutes)


def _page(region: str, typed: dict[str, str], faults: Faults) -> str:
    store, who, now = house().store, actor(), _now()
    _, head = see_capacities(store, who, region)
    return render_template(
        "region/incident.html",
        typed=typed,
        faults=faults,
        platforms=[(one.key, one.name) for one in head.platforms],
        meters=[(meter, say(meter_word(meter))) for meter in METERS],
        hows=[
            (DOWN, say(T("nothing works"))),
            (PERCENT, say(T("it bears less, in %"))),
            (LESS, say(T("it bears less, as a number"))),
        ],
        now=now,
        today_is_in=frame().first_date <= now.date() <= frame().last_date,
        broken=[(kept, change_in_words(kept.entry)) for kept in broken_now(store, who, region)],
        former=list_runs(store, who, region, most=10, purposes=(INCIDENT,)),
        names={one.key: one.name for one in head.platforms},
        revision=frame().revision,
    )


@blueprint.post("/incident")
def report(region: str) -> str | Response:
    """Enter what is broken, and have the rest of the day planned."""
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    lead = number_asked(typed["lead"])
    made_from = number_asked(request.form.get("revision")) or 0
    try:
        done = report_incident(
            house().store,
            actor(),
            region,
            _row(typed),
            lead_minutes=-1 if lead is None else lead,
            made_from=made_from,
        )
    except (FaultyInput, Refused) as wrong:
        return not_yet(_page(region, typed, faults_of(wrong, *FIELDS)), wrong)
    return redirect(url_for("region.run", number=done.run.number), 303)


def _row(typed: dict[str, str]) -> dict[str, str]:
    """Write what was typed as a row of capacity.csv."""
    now = _now()
    amount = typed["amount"].replace("\u202f", "").replace("\xa0", "").replace(" ", "").lstrip("+-−")
    amounts = {DOWN: "-100%", PERCENT: f"-{amount.removesuffix('%')}%" if amount else "", LESS: f"-{amount}"}
    until = f"{now.date().isoformat()}T{typed['to']}" if typed["to"] else f"{now.date().isoformat()}T24:00"
    return {
        "platform": typed["platform"],
        "meter": typed["meter"],
        "from": now.isoformat("T", "minutes"),
        "to": until,
        "kind": "change",
        "amount": amounts.get(typed["how"], "") if typed["how"] == DOWN or amount else "",
        "note": typed["note"] or say(T("outage")),
    }


@blueprint.post("/incident/again")
def plan_again(region: str) -> Response:
    """Have the rest of the day planned again, with the capacities as they are."""
    lead = number_asked(request.form.get("lead"))
    try:
        run = plan_rest(house().store, actor(), region, lead_minutes=LEAD if lead is None else lead)
    except (FaultyInput, Refused) as wrong:
        flash(say(faults_of(wrong).popitem()[1]), "error")
        return redirect(url_for("region.incident"), 303)
    return redirect(url_for("region.run", number=run.number), 303)


@blueprint.post("/incident/<int:entry>/end")
def works_again(region: str, entry: int) -> Response:
    """Let an outage end now."""
    made_from = number_asked(request.form.get("revision")) or 0
    try:
        end_incident(house().store, actor(), region, entry, made_from=made_from)
        flash(say(T("It counts as working from now on. Plan the rest of the day again to make use of it.")))
    except (FaultyInput, NotThere, Refused) as wrong:
        why = wrong.what if isinstance(wrong, NotThere) else faults_of(wrong).popitem()[1]
        flash(say(T("It could not be ended: {why}", why=say(why))), "error")
    return redirect(url_for("region.incident"), 303)


def message_of(run: Run, address: str, wanted: str) -> tuple[str, str]:
    """Give subject and text of the message that tells people of a changed day, in a language."""
    subject = T("Distance lessons today: new times")
    text: Text = T(
        "Hello,\n\n"
        "a server is failing. So that everybody can connect, some lessons of today begin at another time from {time} "
        "on. What has begun goes on, and lessons that are not named keep their time.\n\n"
        "Calendars that were subscribed to show the new times by themselves; the web page is what counts:\n"
        "{address}\n\n"
        "Thank you for your patience.",
        time=time_in_words((run.changes or {}).get("minute", 0), wanted),
        address=address,
    )
    return subject.in_language(wanted), text.in_language(wanted)


def touched_of(run: Run, page: int) -> dict[str, Any]:
    """Give what the run's page shows of an incident: whom it touches, and the message."""
    if run.purpose != INCIDENT or run.report is None:
        return {}
    schools = run.report.get("touched", [])
    size = 20
    address = house().settings.address
    return {
        "touched": schools[(page - 1) * size : page * size],
        "touched_schools": len(schools),
        "touched_activities": sum(one["count"] for one in schools),
        "messages": {one: message_of(run, address, one) for one in dict.fromkeys(("fr", language()))},
        "touched_pages": max(-(-len(schools) // size), 1),
        "mail": house().settings.mail is not None,
    }


@blueprint.post("/incident/runs/<int:number>/tell")
def tell(region: str, number: int) -> Response:
    """Have the message sent to the principals of the schools that are touched."""
    run = run_status(house().store, actor(), region, number)
    people = principals(house().store, actor(), region)
    schools = (run.report or {}).get("touched", []) if run.purpose == INCIDENT else []
    subject, text = message_of(run, house().settings.address, "fr")
    emails = {person.email for one in schools for person in people.get(one["school"], ()) if not person.disabled}
    try:
        if house().settings.mail is None:
            raise Refused(T("No mail server is set: copy the message."))
        send_letters(house().store, actor(), region, [Letter(one, subject, text) for one in sorted(emails)])
        flash(say(T("Letters are being sent: {count}.", count=words().number(len(emails)))))
    except Refused as refused:
        flash(say(refused.reasons[0]), "error")
    return redirect(url_for("region.run", number=number) + "#tell", 303)
