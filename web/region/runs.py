"""Planning runs: start one, watch it, see how good it is, accept and publish it, and set runs side by side."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup

from scheduler.charts.closing import closing_svg
from scheduler.domain.runs import DONE, INCIDENT, PLAN, PURPOSES, USUAL, WHAT_IF, RunOptions
from scheduler.errors import Fault, FaultyInput, Refused
from scheduler.service.overview import DATES_A_WEEK, laid_out
from scheduler.service.run_views import SCHOOLS_A_PAGE, RunLook, compare_views, look_at_run, views_of_runs
from scheduler.service.run_words import progress_in_words, state_in_words
from scheduler.service.runs import RunWanted, list_runs, run_status, start_run, stop_run
from scheduler.service.tasks import accept_run, cancel_task, list_tasks, publish_later
from scheduler.wording import T
from web.forms import Faults, faults_of, not_yet
from web.house import house
from web.languages import language, say
from web.presence import actor
from web.region.door import blueprint, frame
from web.region.incident import touched_of
from web.region.scenario_forms import form_of
from web.region.task_words import task_in_words
from web.words import date_asked, number_asked

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from scheduler.domain.runs import Run

MOST_COMPARED = 4
"""So many runs are set beside each other; a page has no room for more columns."""

FIELDS = ("first", "last", "gap", "minutes", "start_from", "stay_close_to")


@blueprint.get("/runs")
def runs(region: str) -> str:
    """List runs and tasks, with the form that starts a run."""
    return _runs_page(region, _as_asked(), {})


def _runs_page(region: str, typed: dict[str, str], faults: Faults) -> str:
    store, before = house().store, number_asked(request.args.get("before"))
    listed = list_runs(store, actor(), region, most=30, before=before, purposes=(PLAN, INCIDENT, USUAL))
    return render_template(
        "region/runs.html",
        runs=listed,
        done=[run for run in listed if run.state == DONE and run.purpose != USUAL],
        tasks=list_tasks(store, actor(), region, most=10),
        typed=typed,
        faults=faults,
        state_of=state_in_words,
        task_in_words=task_in_words,
        wide=request.args.get("before") is None,
    )


def _as_asked() -> dict[str, str]:
    """Fill the form in: the week of the address, else the region's dates."""
    monday, here = date_asked(request.args.get("week")), frame()
    first, last = here.first_date, here.last_date
    if monday is not None:
        first, last = monday, monday + dt.timedelta(days=DATES_A_WEEK - 1)
        if here.first_date <= last and here.last_date >= first:
            first, last = max(first, here.first_date), min(last, here.last_date)
    return {"first": first.isoformat(), "last": last.isoformat(), "gap": "1", "minutes": "", "start_from": ""}


@blueprint.post("/runs")
def start(region: str) -> str | Response:
    """Start a run."""
    try:
        options, wanted = _wanted()
        run = start_run(house().store, actor(), region, options, wanted=wanted)
    except (FaultyInput, Refused) as wrong:
        return not_yet(_runs_page(region, request.form.to_dict(), faults_of(wrong, *FIELDS)), wrong)
    return redirect(url_for("region.run", number=run.number), 303)


def _wanted_dates() -> tuple[dt.date, dt.date]:
    dates = [date_asked(request.form.get(name)) for name in ("first", "last")]
    what, remedy = T("this is no date"), T("choose one, such as 2021-04-06")
    faults = [Fault(name, 0, what, remedy) for name, date in zip(("first", "last"), dates, strict=True) if date is None]
    if dates[0] is None or dates[1] is None:
        raise FaultyInput(faults)
    return dates[0], dates[1]


def _wanted() -> tuple[RunOptions, RunWanted]:
    """Read the form.

    Raises
    ------
    FaultyInput
    """
    form = request.form
    gap, minutes = number_asked(form.get("gap"), float), number_asked(form.get("minutes"), float)
    faults = []
    if gap is None or not 0 <= gap <= 100:
        faults.append(Fault("gap", 0, T("this is no share in per cent"), T("write a number from 0 to 100")))
    if form.get("minutes", "").strip() and (minutes is None or minutes < 0):
        faults.append(Fault("minutes", 0, T("this is no number of minutes"), T("write one, or leave the field empty")))
    if faults or gap is None:
        raise FaultyInput(faults)
    options = RunOptions(
        gap=gap / 100,
        time_limit=None if minutes is None else 60 * minutes,
        start_from=number_asked(form.get("start_from")),
        stay_close_to=number_asked(form.get("start_from")) if form.get("close") else None,
    )
    return options, RunWanted(_wanted_dates())


@blueprint.get("/runs/<int:number>")
def run(region: str, number: int) -> str:
    """Show a run: its progress while it goes, then how good its plan is."""
    page = number_asked(request.args.get("page")) or 1
    seen = look_at_run(house().store, actor(), region, number, language=language(), page=max(page, 1))
    return render_template(
        "region/run.html",
        **_progress(seen.run),
        seen=seen,
        loads=laid_out(seen.view, language()) if seen.run.state == DONE else None,
        page=max(page, 1),
        pages=max(-(-seen.schools.total // SCHOOLS_A_PAGE), 1),
        faults={},
        others=_others(region, seen),
        task_in_words=task_in_words,
        soon=_soon(),
        **touched_of(seen.run, max(page, 1)),
        form_of=form_of,
    )


def _others(region: str, seen: RunLook) -> list[Run]:
    """Give runs that can be compared with one."""
    listed = list_runs(house().store, actor(), region, most=30, purposes=(PLAN, INCIDENT, WHAT_IF))
    return [run for run in listed if run.state == DONE and run.number != seen.run.number]


def _soon() -> str:
    """Give the time that a publication at a set time is first proposed for: tonight at 18:00."""
    now = house().store.clock().astimezone(ZoneInfo(frame().timezone))
    evening = now.replace(hour=18, minute=0, second=0, microsecond=0)
    return (evening if evening > now else evening + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


def _progress(run: Run) -> dict[str, object]:
    points = () if run.progress is None else run.progress.points
    words = "" if run.progress is None else say(progress_in_words(run.progress, language()))
    return {
        "run": run,
        "state": state_in_words(run),
        "words": words,
        # Numbers of our own, drawn by our own code.
        "closing": Markup(closing_svg(points, language())),  # noqa: S704
    }


@blueprint.get("/runs/<int:number>/progress")
def progress(region: str, number: int) -> str:
    """Show how far a run is, as a part of its page that is fetched again and again."""
    return render_template("region/_progress.html", **_progress(run_status(house().store, actor(), region, number)))


@blueprint.post("/runs/<int:number>/stop")
def stop(region: str, number: int) -> Response:
    """Stop a run and keep the best plan so far."""
    stop_run(house().store, actor(), region, number)
    return redirect(url_for("region.run", number=number), 303)


@blueprint.post("/runs/<int:number>/accept")
def accept(region: str, number: int) -> Response:
    """Adopt a run and accept its proposals, all or those of some schools."""
    chosen = None if request.form.get("which") == "all" else request.form.getlist("school")
    if chosen == []:
        flash(say(T("Nothing was chosen: tick the schools whose proposals are to be accepted.")), "error")
    else:
        publish = bool(request.form.get("publish"))
        try:
            accept_run(house().store, actor(), region, number, schools=chosen, publish=publish)
            flash(say(T("It is being done; this page tells what came of it.")))
        except Refused as refused:
            flash(say(refused.reasons[0]), "error")
    return redirect(url_for("region.run", number=number) + "#tasks", 303)


@blueprint.post("/publish")
def publish(region: str) -> Response:
    """Publish all accepted plans, now or at a set time."""
    back = redirect((request.form.get("back") == "runs" and url_for("region.runs")) or _run_address(), 303)
    try:
        publish_later(house().store, actor(), region, _time_asked())
    except (FaultyInput, Refused) as wrong:
        flash(say(faults_of(wrong).popitem()[1]), "error")
    else:
        flash(say(T("It will be done; this page tells what came of it.")))
    return back


def _run_address() -> str:
    number = number_asked(request.form.get("number"))
    return url_for("region.runs") if number is None else url_for("region.run", number=number) + "#tasks"


def _time_asked() -> dt.datetime | None:
    """Read when to publish, as the clock of the region shows it; None: now."""
    if request.form.get("when") != "at":
        return None
    try:
        naive = dt.datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        raise FaultyInput([Fault("at", 0, T("this is no time"), T("choose date and time"))]) from None
    return naive.replace(tzinfo=ZoneInfo(frame().timezone))


@blueprint.post("/tasks/<int:task>/cancel")
def cancel(region: str, task: int) -> Response:
    """Cancel a task that nobody has begun."""
    try:
        cancel_task(house().store, actor(), region, task)
        flash(say(T("It is cancelled.")))
    except Refused as refused:
        flash(say(refused.reasons[0]), "error")
    return redirect(_run_address(), 303)


@blueprint.get("/runs/compare")
def compare(region: str) -> str:
    """Set runs side by side."""
    numbers = [number for text in request.args.getlist("run") if (number := number_asked(text)) is not None]
    numbers = list(dict.fromkeys(numbers))[:MOST_COMPARED]
    views = views_of_runs(house().store, actor(), region, numbers)
    done = [view for view in views if view.figures]
    return render_template(
        "region/compare.html",
        views=done,
        rows=compare_views(done, language()) if done else (),
        loads=[laid_out(view, language(), most=6) for view in done],
        purposes=PURPOSES,
    )
