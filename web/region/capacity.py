"""What the servers bear, and when: entries, what a change would do, files in and out, and who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup

from scheduler.charts.timeline import timeline_svg
from scheduler.charts.words import meter_word
from scheduler.domain.capacity import METERS
from scheduler.domain.capacity_runs import CapacityRun, capacity_runs, meters_named
from scheduler.domain.verdict_words import platform_name
from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.files.csv_download import csv_bytes, with_comma
from scheduler.files.region_tables import CAPACITY
from scheduler.files.region_writer import cells_of
from scheduler.service.capacities import (
    change_capacity,
    enter_capacity,
    list_capacities,
    withdraw_capacity,
)
from scheduler.service.capacity_trials import (
    Trial,
    replace_capacities,
    see_capacities,
    try_capacity,
    try_file,
    try_without,
)
from scheduler.service.overview import laid_out
from scheduler.service.region_edits import history
from scheduler.wording import T
from web.downloads import download
from web.forms import faults_of, not_yet, told
from web.house import house
from web.languages import language, say
from web.presence import actor
from web.region.capacity_history import Change, changes_of, undone
from web.region.capacity_words import (
    FIELDS,
    SORT_WORDS,
    SORTS,
    change_in_words,
    entry_in_words,
    row_of,
    span_of,
    typed_of,
)
from web.region.door import blueprint
from web.words import number_asked, words

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from scheduler.domain.capacity import CapacityEntry, KeptCapacity
    from scheduler.domain.region import Meter, Region
    from scheduler.service.load_views import LoadView
    from scheduler.wording import Text
    from web.forms import Faults

SHOWN = 4
"""So many curves a trial shows, the tightest."""
HISTORY = 30


class MeterShown(NamedTuple):
    """One meter on the page."""

    anchor: str
    platform: str
    meter: str
    sentence: str
    picture: Markup
    runs: tuple[tuple[str, str, str], ...]
    entries: tuple[KeptCapacity, ...]


@blueprint.get("/capacity")
def capacity(region: str) -> str:
    """Show what the servers bear."""
    return _page(region, _empty(), {})


def _page(region: str, typed: dict[str, str], faults: Faults, problems: list[Text] | None = None) -> str:
    store, who = house().store, actor()
    view, head = see_capacities(store, who, region)
    listed = list_capacities(store, who, region)
    return render_template(
        "region/capacity.html",
        meters=_shown(head, listed.entries),
        loads=laid_out(view, language(), most=0),
        revision=listed.revision,
        changes=_history(region),
        problems=problems or [],
        **_form(head, typed, faults),
    )


def _form(head: Region, typed: dict[str, str], faults: Faults) -> dict[str, object]:
    return {
        "typed": typed,
        "faults": faults,
        "platforms": [(one.key, one.name) for one in head.platforms],
        "meter_words": [(meter, say(meter_word(meter))) for meter in METERS],
        "sorts": [(sort, say(SORT_WORDS[sort])) for sort in SORTS],
        "units": [("", say(T("as a number"))), ("percent", say(T("% of the normal capacity")))],
        "change_in_words": change_in_words,
    }


def _empty() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in FIELDS} | {"sort": request.args.get("sort", "outage")}


def _shown(head: Region, entries: tuple[KeptCapacity, ...]) -> list[MeterShown]:
    found = meters_named(head, [one.entry for one in entries])
    return [_meter(head, meter, f"meter-{at}", entries) for at, meter in enumerate(found)]


def _meter(head: Region, meter: Meter, anchor: str, entries: tuple[KeptCapacity, ...]) -> MeterShown:
    runs, grid = capacity_runs(head, meter), head.grid
    platform, name = platform_name(head, meter.platform), say(meter_word(meter.meter))
    title = say(T("{platform}, {meter}: capacity and limit by date", platform=platform, meter=name))
    picture = timeline_svg(runs, grid.dates, (grid.day_start, grid.day_end), title, language())
    mine = tuple(one for one in entries if (one.entry.platform, one.entry.meter) == (meter.platform, meter.meter))
    # Every text of the region is escaped where it is drawn.
    drawn = Markup(picture)  # noqa: S704
    return MeterShown(anchor, platform, name, _sentence(runs), drawn, tuple(map(_run_row, runs)), mine)


def _run_row(run: CapacityRun) -> tuple[str, str, str]:
    return span_of(run.start, run.end), words().load(run.capacity), words().load(run.limit)


def _sentence(runs: tuple[CapacityRun, ...]) -> str:
    lowest, highest = (pick(runs, key=lambda run: run.capacity) for pick in (min, max))
    said = {"limit": words().load(lowest.limit), "capacity": words().load(lowest.capacity)}
    if lowest.capacity == float("inf"):
        return say(T("Without limit: nobody has entered a normal capacity."))
    if lowest.capacity == highest.capacity:
        return say(T("It bears {capacity} all the time; a plan may fill {limit} of them.", **said))
    return say(
        T(
            "It bears from {capacity} to {most}; least {span}, when a plan may fill {limit}.",
            most=words().load(highest.capacity),
            span=span_of(lowest.start, lowest.end),
            **said,
        )
    )


def _history(region: str) -> list[Change]:
    return changes_of(history(house().store, actor(), region, "capacity", most=HISTORY))


@blueprint.get("/capacity/<int:entry>")
def capacity_entry(region: str, entry: int) -> str:
    """Show the form that changes an entry."""
    store, who = house().store, actor()
    listed = list_capacities(store, who, region)
    found = next((one for one in listed.entries if one.id == entry), None)
    if found is None:
        raise NotThere(T("this entry was withdrawn"))
    _, head = see_capacities(store, who, region)
    typed = typed_of(found.entry)
    said = entry_in_words(found.entry, platform_name(head, found.entry.platform))
    return render_template("region/capacity_entry.html", entry=found, said=said, **_form(head, typed, {}))


@blueprint.post("/capacity/try")
def try_change(region: str) -> str | Response:
    """Show what an entry would do, before it is saved."""
    typed, entry = _typed(), number_asked(request.form.get("entry"))
    try:
        trial = try_capacity(house().store, actor(), region, row_of(typed), instead_of=entry)
    except (FaultyInput, Refused) as wrong:
        return not_yet(_page(region, typed, faults_of(wrong, *FIELDS)), wrong)
    return _trial(trial, url_for("region.save_capacity"), typed | {"entry": "" if entry is None else str(entry)})


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in FIELDS}


def _trial(trial: Trial, address: str, sent: dict[str, str], *, destructive: bool = False) -> str:
    now, then = (laid_out(view, language(), most=SHOWN) for view in (trial.now, trial.then))
    region = trial.then.region
    return render_template(
        "region/capacity_trial.html",
        trial=trial,
        now=now,
        then=then,
        address=address,
        sent=sent,
        destructive=destructive,
        same=_same(trial.now, trial.then),
        form_again={name: value for name, value in sent.items() if name in FIELDS and not sent.get("entry")},
        added=_in_words(region, trial.added),
        withdrawn=_in_words(region, trial.withdrawn),
    )


def _in_words(region: Region, entries: tuple[CapacityEntry, ...]) -> list[str]:
    return [entry_in_words(one, platform_name(region, one.platform)) for one in entries]


def _same(now: LoadView, then: LoadView) -> bool:
    """Tell whether the plan fits, or does not, as it did."""
    missing = [[day.cost.overload for day in view.figures] for view in (now, then)]
    return missing[0] == missing[1]


@blueprint.post("/capacity/save")
def save_capacity(region: str) -> str | AnyResponse:
    """Save an entry, new or changed."""
    typed, entry = _typed(), number_asked(request.form.get("entry"))
    made_from = number_asked(request.form.get("revision")) or 0
    store, who = house().store, actor()
    try:
        if entry is None:
            enter_capacity(store, who, region, row_of(typed), made_from=made_from)
        else:
            change_capacity(store, who, region, entry, row_of(typed), made_from=made_from)
    except (FaultyInput, Refused) as wrong:
        return not_yet(_page(region, typed, faults_of(wrong, *FIELDS)), wrong)
    flash(say(T("It is saved, and counts from now on. A plan that is made anew takes it into account.")))
    return redirect(url_for("region.capacity"), 303)


@blueprint.get("/capacity/<int:entry>/withdraw")
def show_withdrawal(region: str, entry: int) -> str:
    """Show what it would do to withdraw an entry."""
    trial = try_without(house().store, actor(), region, entry)
    return _trial(trial, url_for("region.withdraw_entry", entry=entry), {}, destructive=True)


@blueprint.post("/capacity/<int:entry>/withdraw")
def withdraw_entry(region: str, entry: int) -> str | AnyResponse:
    """Withdraw an entry."""
    made_from = number_asked(request.form.get("revision")) or 0
    try:
        withdraw_capacity(house().store, actor(), region, entry, made_from=made_from)
    except Refused as wrong:
        return not_yet(_page(region, _empty(), faults_of(wrong)), wrong)
    flash(say(T("It is withdrawn; below you can undo that.")))
    return redirect(url_for("region.capacity") + "#history", 303)


@blueprint.post("/capacity/undo/<int:number>")
def undo_capacity(region: str, number: int) -> AnyResponse:
    """Undo a change that the history tells of."""
    made_from = number_asked(request.form.get("revision")) or 0
    try:
        undone(house().store, actor(), region, number, made_from)
        flash(say(T("It is as it was before.")))
    except (FaultyInput, NotThere, Refused) as wrong:
        flash(say(T("This cannot be undone: {why}", why=_why(wrong))), "error")
    return redirect(url_for("region.capacity") + "#history", 303)


def _why(wrong: FaultyInput | NotThere | Refused) -> str:
    return say(wrong.what if isinstance(wrong, NotThere) else told(wrong)[0])


@blueprint.get("/capacity.csv")
def capacity_file(region: str) -> Response:
    """Give all entries as capacity.csv."""
    excel = request.args.get("form") == "excel"
    rows = [cells_of(one.entry) for one in list_capacities(house().store, actor(), region).entries]
    if excel:
        rows = [row | {"amount": with_comma(row["amount"])} for row in rows]
    return download(csv_bytes(CAPACITY.columns, [list(row.values()) for row in rows], excel=excel), "capacity.csv")


@blueprint.post("/capacity/file")
def try_capacity_file(region: str) -> str | Response:
    """Show what a file would do; it is sent along to be saved, so nothing is kept before."""
    upload = request.files.get("file")
    text = upload.read() if upload is not None else b""
    try:
        trial = try_file(house().store, actor(), region, text)
    except FaultyInput as wrong:
        return not_yet(_page(region, _empty(), {}, told(wrong)), wrong)
    sent = {"text": text.decode("utf-8-sig", "replace")}
    return _trial(trial, url_for("region.save_capacity_file"), sent, destructive=bool(trial.withdrawn))


@blueprint.post("/capacity/file/save")
def save_capacity_file(region: str) -> str | AnyResponse:
    """Put the entries of a file in the place of all there are."""
    made_from = number_asked(request.form.get("revision")) or 0
    text = request.form.get("text", "")
    try:
        replace_capacities(house().store, actor(), region, text.encode(), made_from=made_from)
    except (FaultyInput, Refused) as wrong:
        return not_yet(_page(region, _empty(), {}, told(wrong)), wrong)
    flash(say(T("The file is in force.")))
    return redirect(url_for("region.capacity"), 303)
