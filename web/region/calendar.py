"""When each level learns at a distance, and when there is no school: periods, closures, weeks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for

from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.service.days_off import days_off, take_days_off
from scheduler.service.region_edits import history
from scheduler.service.region_settings import (
    RegionInput,
    open_settings,
    replace_closures,
    replace_periods,
    replace_weeks,
)
from scheduler.service.school_levels import levels_and_schools
from scheduler.wording import T
from web.forms import faults_of, not_yet
from web.house import house
from web.languages import say
from web.presence import actor
from web.region.door import blueprint, frame
from web.words import number_asked

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from scheduler.domain.history import Done
    from web.forms import Faults

TABLES = ("periods", "closures", "weeks")
FIELDS = {
    "periods": ("level", "first_date", "last_date"),
    "closures": ("school", "first_date", "last_date", "note"),
    "weeks": ("school", "monday", "week"),
}
HISTORY = 10


class ClosedTogether(NamedTuple):
    """Schools that are closed on the same dates for the same reason.

    Attributes
    ----------
    first_date, last_date : datetime.date
    note : str
    schools : list of str
        Keys; ``""``: all of them.
    rows : list of int
        Where they stand among the closures.
    """

    first_date: dt.date
    last_date: dt.date
    note: str
    schools: list[str]
    rows: list[int]


@blueprint.get("/calendar")
def calendar(region: str) -> str:
    """Show the calendar."""
    return _page(region, {}, {})


def _page(region: str, typed: dict[str, dict[str, str]], faults: dict[str, Faults]) -> str:
    store, who = house().store, actor()
    settings = open_settings(store, who, region)
    levels, schools = levels_and_schools(store, who, region)
    changes = [one for table in TABLES for one in history(store, who, region, table, most=HISTORY)]
    return render_template(
        "region/calendar.html",
        settings=settings,
        periods=None if settings.periods is None else [_dated(row) for row in settings.periods],
        closed=_together(settings),
        weeks=[_dated(row) for row in settings.weeks],
        levels=levels,
        names=schools,
        off=days_off(store, who, region),
        changes=sorted(changes, key=lambda one: one.at, reverse=True)[:HISTORY],
        what_of=_what_of,
        typed={table: typed.get(table, {}) for table in TABLES},
        faults={table: faults.get(table, {}) for table in TABLES},
    )


def _dated(row: dict[str, str]) -> dict[str, object]:
    """Give a row with its dates as dates."""
    return {
        name: dt.date.fromisoformat(cell) if name in ("first_date", "last_date", "monday") else cell
        for name, cell in row.items()
    }


def _together(settings: RegionInput) -> list[ClosedTogether]:
    found: dict[tuple[str, str, str], ClosedTogether] = {}
    for place, row in enumerate(settings.closures):
        first, last, note = row["first_date"], row["last_date"], row["note"]
        dates = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        group = found.setdefault((first, last, note), ClosedTogether(*dates, note, [], []))
        group.schools.append(row["school"])
        group.rows.append(place)
    return sorted(found.values(), key=lambda one: one[:3])


def _what_of(done: Done) -> str:
    table = done.what.partition(".")[0]
    words = {"periods": T("periods"), "closures": T("closures"), "weeks": T("weeks A and B")}
    counts = [len(rows or ()) for rows in (done.before, done.after)]
    return say(T("{table}: {before} rows before, {after} now", table=words[table], before=counts[0], after=counts[1]))


@blueprint.post("/calendar/<table>")
def add_to_calendar(region: str, table: str) -> str | Response:
    """Add a row to periods, closures or weeks."""
    fields = FIELDS.get(table) or abort(404)
    typed = {name: request.form.get(name, "").strip() for name in fields}
    return _changed(region, table, typed, [*_rows(region, table), typed])


@blueprint.post("/calendar/<table>/withdraw")
def withdraw_from_calendar(region: str, table: str) -> str | Response:
    """Withdraw rows of periods, closures or weeks."""
    if table not in TABLES:
        abort(404)
    if number_asked(request.form.get("revision")) != frame().revision:
        # Rows are named by their place, which may be another one by now.
        flash(say(T("Something was changed meanwhile: look at it as it is now, then withdraw it.")), "error")
        return redirect(url_for("region.calendar") + f"#{table}", 303)
    gone = {number_asked(text) for text in request.form.getlist("row")}
    kept = [row for place, row in enumerate(_rows(region, table)) if place not in gone]
    return _changed(region, table, {}, kept)


@blueprint.post("/calendar/periods/all")
def teach_all_dates(region: str) -> str | Response:
    """Let every date be taught at a distance."""
    return _changed(region, "periods", {}, None)


@blueprint.post("/calendar/undo/<table>/<int:number>")
def undo_calendar(region: str, table: str, number: int) -> str | Response:
    """Put a table back to what it was before a change."""
    if table not in TABLES:
        abort(404)
    known = history(house().store, actor(), region, table, most=HISTORY)
    done = next((one for one in known if one.number == number), None)
    if done is None or done.what != f"{table}.replaced":
        raise NotThere(T("there is no such change"))
    return _changed(region, table, {}, done.before)


def _rows(region: str, table: str) -> list[dict[str, str]]:
    settings = open_settings(house().store, actor(), region)
    return {"periods": settings.periods or [], "closures": settings.closures, "weeks": settings.weeks}[table]


def _changed(region: str, table: str, typed: dict[str, str], rows: list[dict[str, str]] | None) -> str | Response:
    store, who, made_from = house().store, actor(), number_asked(request.form.get("revision")) or 0
    try:
        if table == "periods":
            replace_periods(store, who, region, rows, made_from=made_from)
        else:
            replace = replace_closures if table == "closures" else replace_weeks
            replace(store, who, region, rows or [], made_from=made_from)
    except (FaultyInput, Refused) as wrong:
        return not_yet(_page(region, {table: typed}, {table: faults_of(wrong, "none")}), wrong)
    flash(say(T("It is saved. A plan that is made anew takes it into account.")))
    return redirect(url_for("region.calendar") + f"#{table}", 303)


@blueprint.post("/calendar/take")
def take_over(region: str) -> str | Response:
    """Take days off of the official calendars over as closures."""
    made_from = number_asked(request.form.get("revision")) or 0
    try:
        take_days_off(house().store, actor(), region, request.form.get("days", ""), made_from=made_from)
    except Refused as wrong:
        return not_yet(_page(region, {}, {"closures": faults_of(wrong)}), wrong)
    flash(say(T("It is saved. A plan that is made anew takes it into account.")))
    return redirect(url_for("region.calendar") + "#off", 303)
