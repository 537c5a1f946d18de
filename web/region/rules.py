"""What may move, how far, and who waits: the settings of a region, and what a change of them does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.service.capacity_trials import see_capacities
from scheduler.service.overview import laid_out
from scheduler.service.region_edits import history
from scheduler.service.region_settings import change_settings, open_settings, settings_wanted
from scheduler.wording import T
from web.forms import faults_of, not_yet
from web.house import house
from web.languages import language, say
from web.presence import actor
from web.region.door import blueprint
from web.words import number_asked

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from scheduler.wording import Text
    from web.forms import Faults

NAMES: dict[str, Text] = {
    "policy.target_utilisation": T("A plan fills so much of a capacity at most (%)"),
    "policy.max_shift_minutes": T("Lessons move by so many minutes at most"),
    "policy.move_together": T("What moves together"),
    "policy.break_minutes": T("Break kept between two lessons of the same people (minutes)"),
    "policy.lunch.from": T("Lunch from"),
    "policy.lunch.to": T("Lunch to"),
    "policy.lunch.minutes": T("Lunch lasts (minutes)"),
    "policy.overload_weight": T("One connection-minute above a limit weighs as much as so many head-minutes of shift"),
    "policy.move_minutes": T("Moving at all costs so many minutes a head"),
    "policy.switch_minutes": T("Serving from other platforms costs so many minutes a head"),
    "policy.activity_minutes": T("Holding it as another activity costs so many minutes a head"),
    "day.start": T("Nothing begins before"),
    "day.end": T("Nothing ends after"),
    "day.slot_minutes": T("Length of a slot (minutes)"),
    "name": T("Name of the region"),
    "first_date": T("First date"),
    "last_date": T("Last date"),
    "timezone": T("Time zone"),
}
"""The settings by their keys in region.toml."""

TOGETHER: dict[str, Text] = {
    "session": T("each lesson by itself"),
    "half-day": T("the half-day of a class"),
    "day": T("the day of a class"),
    "school": T("the day of a whole school"),
}
SECTIONS = (
    (
        "limits",
        T("How full, how far"),
        ("policy.target_utilisation", "policy.max_shift_minutes", "policy.move_together"),
    ),
    ("pauses", T("Breaks and lunch"), tuple(name for name in NAMES if "break" in name or "lunch" in name)),
    ("day", T("The day and the dates"), ("first_date", "last_date", "day.start", "day.end")),
)
MORE = (
    *(name for name in NAMES if name.endswith(("weight", "move_minutes", "switch_minutes", "activity_minutes"))),
    "day.slot_minutes",
    "name",
    "timezone",
)
KINDS = {"first_date": "date", "last_date": "date", "day.start": "time", "day.end": "time"} | {
    "policy.lunch.from": "time",
    "policy.lunch.to": "time",
}
SHARES = ("policy.target_utilisation",)
TEXTS = ("name", "timezone", "policy.move_together", *KINDS)
HISTORY = 10


@blueprint.get("/rules")
def rules(region: str) -> str:
    """Show the settings."""
    settings = open_settings(house().store, actor(), region)
    return _page(region, _typed_of(settings.settings), {}, settings.revision)


def _flat(values: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return flat


def _typed_of(settings: dict[str, Any]) -> dict[str, str]:
    flat = _flat(settings)
    return {name: _said(name, flat[name]) for name in NAMES}


def _said(name: str, value: Any) -> str:
    if name in SHARES:
        return f"{round(100 * value, 3):g}"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _page(region: str, typed: dict[str, str], faults: Faults, revision: int) -> str:
    return render_template(
        "region/rules.html",
        typed=typed,
        faults=faults,
        revision=revision,
        names=NAMES,
        together=TOGETHER,
        sections=SECTIONS,
        more=MORE,
        kinds=KINDS,
        changes=history(house().store, actor(), region, "settings", most=HISTORY),
        said=_said,
    )


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in NAMES}


def _settings(typed: dict[str, str]) -> dict[str, Any]:
    """Write what was typed as region.toml; what is no number stays as it was typed, so that its fault names it."""
    settings: dict[str, Any] = {}
    for name, text in typed.items():
        *above, key = name.split(".")
        place = settings
        for one in above:
            place = place.setdefault(one, {})
        place[key] = text if name in TEXTS else _number(name, text)
    return settings


def _number(name: str, text: str) -> Any:
    whole = number_asked(text)
    value = whole if whole is not None else number_asked(text, float)
    if value is None:
        return text
    return value / 100 if name in SHARES else value


@blueprint.post("/rules/try")
def try_rules(region: str) -> str | Response:
    """Show what other settings would change, before they are saved."""
    typed, store, who = _typed(), house().store, actor()
    now = open_settings(store, who, region)
    try:
        wanted = settings_wanted(store, who, region, _settings(typed))
    except (FaultyInput, Refused) as wrong:
        return not_yet(_page(region, typed, _faults(wrong), now.revision), wrong)
    view, head = see_capacities(store, who, region)
    then = view.on_servers(replace(head, policy=wanted.policy))
    before = _typed_of(now.settings)
    return render_template(
        "region/rules_trial.html",
        changed=[(NAMES[name], before[name], typed[name]) for name in NAMES if before[name] != typed[name]],
        typed=typed,
        revision=now.revision,
        then=laid_out(then, language(), most=0),
        same=then.region.policy.target_utilisation == head.policy.target_utilisation,
    )


def _faults(wrong: FaultyInput | Refused) -> Faults:
    return faults_of(wrong, "none")


@blueprint.post("/rules/save")
def save_rules(region: str) -> str | Response:
    """Save the settings."""
    typed, made_from = _typed(), number_asked(request.form.get("revision")) or 0
    try:
        change_settings(house().store, actor(), region, _settings(typed), made_from=made_from)
    except (FaultyInput, Refused) as wrong:
        return not_yet(_page(region, typed, _faults(wrong), made_from), wrong)
    flash(say(T("It is saved. A plan that is made anew takes it into account.")))
    return redirect(url_for("region.rules"), 303)


@blueprint.post("/rules/undo/<int:number>")
def undo_rules(region: str, number: int) -> Response:
    """Put the settings back that a change changed."""
    store, who = house().store, actor()
    done = next((one for one in history(store, who, region, "settings", most=HISTORY) if one.number == number), None)
    if done is None or not done.before:
        raise NotThere(T("there is no such change"))
    now = open_settings(store, who, region)
    typed = _typed_of(now.settings) | {name: _said(name, value) for name, value in done.before.items() if name in NAMES}
    try:
        change_settings(store, who, region, _settings(typed), made_from=now.revision)
        flash(say(T("It is as it was before.")))
    except (FaultyInput, Refused) as wrong:
        flash(say(faults_of(wrong).popitem()[1]), "error")
    return redirect(url_for("region.rules") + "#history", 303)
