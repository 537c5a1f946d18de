"""Who is ready and who is late: the schools of a region, the list they come from, and their principals."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from scheduler.domain.listing import SORTS, STATES
from scheduler.errors import FaultyInput, Refused
from scheduler.files.csv_download import csv_bytes
from scheduler.files.region_tables import SCHOOLS
from scheduler.service.bookings import school_plans
from scheduler.service.overview import week_of
from scheduler.service.principals import principals
from scheduler.service.publishing import publications
from scheduler.service.region_frame import frame_of
from scheduler.service.regions import list_schools, look_up_school
from scheduler.service.school_levels import academies_of, levels_and_schools
from scheduler.service.school_lists import (
    ListTrial,
    bring_school_list,
    put_school,
    remove_school,
    try_school_list,
)
from scheduler.service.wishes import list_wishes
from scheduler.wording import T
from web.downloads import download
from web.forms import faults_of, not_yet, told
from web.house import house
from web.languages import say
from web.presence import actor
from web.region.door import blueprint, frame
from web.region.state_words import OF_ONE, SHAPES
from web.words import number_asked

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from scheduler.domain.listing import SchoolPage
    from scheduler.wording import Text
    from web.forms import Faults

SIZE = 50
FIELDS = ("school", "name", "level", "academy", "pupils")


def _search(**more: Any) -> dict[str, Any]:
    """Read from the address which schools are wanted; what makes no sense is left out."""
    sort = request.args.get("sort", "name")
    state = request.args.get("state") or None
    asked = {
        "search": request.args.get("search", "")[:200],
        "level": request.args.get("level") or None,
        "academy": request.args.get("academy") or None,
        "state": state if state in STATES else None,
        "sort": sort if sort.removeprefix("-") in SORTS else "name",
        "page": max(number_asked(request.args.get("page")) or 1, 1),
    }
    return asked | more


@blueprint.get("/schools")
def schools(region: str) -> str:
    """List schools."""
    return _page(region, {}, {})


def _page(region: str, typed: dict[str, str], faults: Faults) -> str:
    store, who = house().store, actor()
    search = _search()
    levels, _ = levels_and_schools(store, who, region)
    return render_template(
        "region/schools.html",
        found=list_schools(store, who, region, **search, size=SIZE),
        search=search,
        states=week_of(store, who, region).states,
        levels=levels,
        academies=academies_of(store, who, region),
        principals=principals(store, who, region),
        state_names={state: (SHAPES[state], say(words)) for state, words in OF_ONE.items()},
        address_with=_address_with,
        typed=typed,
        faults=faults,
        revision=frame_of(store, who, region).revision,
    )


def _address_with(**other: Any) -> str:
    """Give this list's address with something else in it."""
    kept = {name: value for name, value in _search().items() if value not in (None, "", "name")}
    asked = {name: value for name, value in (kept | other).items() if value not in (None, "")}
    if asked.get("page") == 1:
        del asked["page"]
    return url_for("region.schools", **asked)


@blueprint.get("/schools.csv")
def school_file(region: str) -> Response:
    """Give the list of schools as schools.csv, with how far each is."""
    excel = request.args.get("form") == "excel"
    rows, page = [], 1
    people = principals(house().store, actor(), region)
    while True:
        found: SchoolPage = list_schools(house().store, actor(), region, **_search(page=page), size=1000)
        for one in found.entries:
            pupils = "" if one.school.pupils is None else str(one.school.pupils)
            mails = " ".join(person.email for person in people.get(one.school.key, ()))
            state = say(OF_ONE[one.state])
            rows.append([one.school.key, one.school.name, one.school.level, one.school.academy, pupils, state, mails])
        if len(found.entries) < 1000:
            break
        page += 1
    return download(csv_bytes([*SCHOOLS.columns, "state", "principals"], rows, excel=excel), "schools.csv")


@blueprint.get("/schools/<school>")
def school(region: str, school: str) -> str:
    """Show what there is of one school."""
    store, who = house().store, actor()
    return render_template(
        "region/school.html",
        entry=look_up_school(store, who, region, school),
        people=principals(store, who, region).get(school, ()),
        plans=school_plans(store, who, region, school)[:10],
        publications=publications(store, who, region, school)[:10],
        wishes=list_wishes(store, who, region, school),
        state_names={state: (SHAPES[state], say(words)) for state, words in OF_ONE.items()},
        revision=frame().revision,
    )


@blueprint.post("/schools/put")
def save_school(region: str) -> str | AnyResponse:
    """Add a school, or change what is said of it."""
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    made_from = number_asked(request.form.get("revision")) or 0
    try:
        put_school(house().store, actor(), region, typed, made_from=made_from)
    except (FaultyInput, Refused) as wrong:
        return not_yet(_page(region, typed, faults_of(wrong, "none")), wrong)
    flash(say(T("The school is in the list.")))
    return redirect(url_for("region.schools", search=typed["school"]), 303)


@blueprint.post("/schools/<school>/remove")
def leave(region: str, school: str) -> AnyResponse:
    """Let a school leave the region."""
    made_from = number_asked(request.form.get("revision")) or 0
    try:
        remove_school(house().store, actor(), region, school, made_from=made_from)
        flash(say(T("The school has left the list; all that is its own stays kept. Adding it brings it back.")))
    except Refused as refused:
        flash(say(refused.reasons[0]), "error")
    return redirect(url_for("region.schools"), 303)


@blueprint.get("/schools/import")
def import_schools(region: str) -> str:
    """Ask for a list of schools."""
    return render_template("region/import_schools.html", problems=[], trial=None)


@blueprint.post("/schools/import")
def try_list(region: str) -> str | Response:
    """Show what a list would change; it is sent along to be taken over, so nothing is kept before."""
    upload = request.files.get("file")
    content, name = (b"", "") if upload is None else (upload.read(), upload.filename or "")
    try:
        trial = try_school_list(house().store, actor(), region, content, _file_name(name))
    except FaultyInput as wrong:
        return _list_refused(told(wrong), wrong)
    return _shown(trial, content, name)


def _file_name(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[:80] or "schools.csv"


def _list_refused(problems: list[Text], wrong: FaultyInput | Refused) -> Response:
    return not_yet(render_template("region/import_schools.html", problems=problems, trial=None), wrong)


def _shown(trial: ListTrial, content: bytes, name: str) -> str:
    sent = base64.b64encode(content).decode("ascii")
    return render_template(
        "region/import_schools.html", problems=[], trial=trial, sent=sent, name=_file_name(name), most=20
    )


@blueprint.post("/schools/import/save")
def save_list(region: str) -> str | AnyResponse:
    """Take a list over."""
    made_from = number_asked(request.form.get("revision")) or 0
    name = _file_name(request.form.get("name", ""))
    try:
        content = base64.b64decode(request.form.get("content", ""), validate=True)
    except binascii.Error:
        content = b""
    try:
        bring_school_list(
            house().store,
            actor(),
            region,
            content,
            name,
            made_from=made_from,
            without_missing=bool(request.form.get("without_missing")),
        )
    except (FaultyInput, Refused) as wrong:
        return _list_refused(told(wrong), wrong)
    flash(say(T("The list is taken over.")))
    return redirect(url_for("region.schools"), 303)
