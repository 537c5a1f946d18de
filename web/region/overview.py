"""Whether the week is safe: loads, peaks, who is ready, and what to do next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from scheduler.domain.runs import USUAL, RunOptions
from scheduler.service.overview import DATES_A_WEEK, laid_out, week_of
from scheduler.service.runs import RunWanted, start_run
from web.house import house
from web.languages import language
from web.presence import actor
from web.region.door import blueprint
from web.words import date_asked

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


@blueprint.get("")
def overview(region: str) -> str:
    """Show a week; without a date in the address, the coming one."""
    week = week_of(house().store, actor(), region, date_asked(request.args.get("week")))
    beside = {days: week.monday + dt.timedelta(days=days) for days in (-DATES_A_WEEK, DATES_A_WEEK)}
    return render_template(
        "region/overview.html",
        week=week,
        loads=laid_out(week.view, language()),
        former=beside[-DATES_A_WEEK],
        later=beside[DATES_A_WEEK],
        last=week.monday + dt.timedelta(days=DATES_A_WEEK - 1),
    )


@blueprint.post("/look")
def look_at_usual_times(region: str) -> Response:
    """Have the loads of a week's usual times reckoned."""
    monday = date_asked(request.form.get("week"))
    week = week_of(house().store, actor(), region, monday)
    dates = week.monday, week.monday + dt.timedelta(days=DATES_A_WEEK - 1)
    start_run(house().store, actor(), region, RunOptions(), wanted=RunWanted(dates, USUAL))
    return redirect(url_for("region.overview", week=week.monday.isoformat(), coming=1), 303)
