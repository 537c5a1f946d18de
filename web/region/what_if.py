"""What would change if …: ready-made scenarios, tried beside the current plan, and adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from scheduler.domain.runs import DONE
from scheduler.domain.scenario_words import change_in_words, why_not
from scheduler.domain.scenarios import Scenario
from scheduler.errors import Fault, FaultyInput, Refused
from scheduler.service.run_words import state_in_words
from scheduler.service.scenario_adoption import adopt_scenario
from scheduler.service.scenario_views import side_by_side
from scheduler.service.scenarios import changes_of, hide_scenario, list_scenarios, scenario_ground, start_scenarios
from scheduler.wording import T
from web.forms import Faults, faults_of, not_yet
from web.house import house
from web.languages import language, say
from web.presence import actor
from web.region.door import blueprint
from web.region.scenario_forms import READERS, change_asked, ready_made
from web.words import number_asked, words

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from scheduler.domain.region import Region
    from scheduler.domain.runs import Run
    from scheduler.domain.scenarios import Change
    from scheduler.service.scenario_views import SideBySide
    from scheduler.wording import Text

MOST_COLUMNS = 5
"""So many plans stand beside each other, the current one among them."""


@blueprint.get("/what-if")
def what_if(region: str) -> str:
    """Show the forms, filled in from the address where it says something, and the scenarios that were tried."""
    return _page(region, request.args.to_dict(), {})


def _page(region: str, typed: dict[str, str], faults: Faults) -> str:
    ground = scenario_ground(house().store, actor(), region)
    listed = list_scenarios(house().store, actor(), region)
    forms = ready_made(ground)
    filled = {field.name: field.value for form in forms for field in form.fields}
    said = {run.number: _said(changes_of(run), ground.region) for run in listed}
    names = _names(ground.current, listed, said)
    beside = side_by_side(house().store, actor(), region, names, language())
    return render_template(
        "region/what_if.html",
        ground=ground,
        forms=forms,
        typed={"gap": "1", "close": "", "together": ""} | filled | typed,
        faults=faults,
        runs=listed,
        going=[run for run in listed if run.active],
        names=names,
        beside=beside,
        told=_told(beside, names, ground.current),
        said=said,
        obstacles={run.number: [why for change in changes_of(run) if (why := why_not(change))] for run in listed},
        adoptable={run.number for run in listed if any(why_not(change) is None for change in changes_of(run))},
        state_of=state_in_words,
    )


def _names(current: Run | None, listed: list[Run], said: dict[int, list[str]]) -> dict[int, str]:
    """Name the runs that stand side by side: the current plan, then the latest scenarios that are done."""
    names = {} if current is None else {current.number: say(T("Current plan, no. {number}", number=current.number))}
    for run in [run for run in listed if run.state == DONE][: MOST_COLUMNS - 1]:
        # By what it changes, in the reader's language; its title is in that of whoever tried it.
        names[run.number] = "; ".join(said[run.number])
    return names


def _told(beside: SideBySide, names: dict[int, str], current: Run | None) -> list[Text]:
    """Say of each scenario what it does to the overload and to who moves, against the current plan."""
    tallies = {view.run.number: view.tally for view in beside.views if view.run is not None}
    now = None if current is None else tallies.get(current.number)
    return [
        T(
            "{scenario}: an overload of {overload} connection-minutes instead of {former}, and {moved} sessions that "
            "move instead of {others}",
            scenario=names[number],
            overload=words().number(round(tally.overload)),
            former=words().number(round(now.overload)),
            moved=words().number(tally.sessions_moved),
            others=words().number(now.sessions_moved),
        )
        for number, tally in tallies.items()
        if now is not None and tally is not None and tally is not now
    ]


def _said(changes: tuple[Change, ...], region: Region) -> list[str]:
    said = [say(change_in_words(change, region, words())) for change in changes]
    return [text[:1].upper() + text[1:] for text in said]


@blueprint.post("/what-if")
def try_scenarios(region: str) -> str | Response:
    """Start the scenarios that were chosen."""
    form = request.form
    try:
        close, gap = bool(form.get("close")), _gap_asked()
        start_scenarios(house().store, actor(), region, _asked(region), close=close, gap=gap)
    except (FaultyInput, Refused) as wrong:
        return not_yet(_page(region, form.to_dict(), faults_of(wrong, *form)), wrong)
    return redirect(url_for("region.what_if") + "#tried", 303)


def _gap_asked() -> float:
    """Read the gap.

    Raises
    ------
    FaultyInput
    """
    gap = number_asked(request.form.get("gap"), float)
    if gap is None or not 0 <= gap <= 100:
        fault = Fault("gap", 0, T("this is no share in per cent"), T("write a number from 0 to 100"))
        raise FaultyInput([fault])
    return gap / 100


def _asked(region: str) -> dict[str, Scenario]:
    """Read every form that was ticked, by its key; together they are one scenario.

    Raises
    ------
    FaultyInput
    """
    changes: dict[str, Change] = {}
    faults: list[Fault] = []
    for key in [key for key in READERS if request.form.get(f"try-{key}")]:
        try:
            changes[key] = change_asked(key, request.form)
        except FaultyInput as wrong:
            faults += wrong.faults
    if faults:
        raise FaultyInput(faults)
    here = scenario_ground(house().store, actor(), region).region
    titles = {key: _said((change,), here)[0] for key, change in changes.items()}
    if request.form.get("together") and len(changes) > 1:
        return {"all": Scenario("; ".join(titles.values()), tuple(changes.values()))}
    return {key: Scenario(titles[key], (change,)) for key, change in changes.items()}


@blueprint.get("/what-if/progress")
def scenario_progress(region: str) -> str:
    """Show how far scenarios are, as a part of the page that is fetched again and again."""
    listed = list_scenarios(house().store, actor(), region)
    going = [run for run in listed if run.active]
    return render_template("region/_scenario_progress.html", going=going, state_of=state_in_words)


@blueprint.post("/what-if/<int:number>/hide")
def hide(region: str, number: int) -> Response:
    """Take a scenario out of the list."""
    hide_scenario(house().store, actor(), region, number)
    flash(say(T("The scenario is out of the list.")))
    return redirect(url_for("region.what_if") + "#tried", 303)


@blueprint.post("/what-if/<int:number>/adopt")
def adopt(region: str, number: int) -> Response:
    """Make a scenario the region's own."""
    revision = number_asked(request.form.get("made_from")) or 0
    try:
        adopted = adopt_scenario(house().store, actor(), region, number, made_from=revision)
    except (FaultyInput, Refused) as wrong:
        for said in faults_of(wrong).values():
            flash(say(said), "error")
    else:
        here = scenario_ground(house().store, actor(), region).region
        for text in _said(adopted.made, here):
            flash(say(T("Adopted: {change}. Plan again, so that plans count on it.", change=text)))
    return redirect(url_for("region.what_if") + "#tried", 303)
