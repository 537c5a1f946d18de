"""What-if scenarios beside the current plan: the same figures, and the same curves at one scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from scheduler.charts.curve import LoadCurve, load_curve_svg
from scheduler.domain.scenario_changes import CapacityChange
from scheduler.files.load_parts import load_curve, slots_shown
from scheduler.files.result_tables import State, state
from scheduler.files.words import SpokenWords
from scheduler.service.needs import meter_named
from scheduler.service.run_views import ComparedRow, compare_views, views_of_runs
from scheduler.service.scenarios import changes_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from scheduler.domain.load import DayFigures
    from scheduler.domain.people import Actor
    from scheduler.domain.region import Meter
    from scheduler.service.load_views import LoadView
    from scheduler.store import Store

DRAWN = 2
"""So many dates of meters are drawn of every scenario: those that some scenario fills most."""


@dataclass(frozen=True)
class Multiple:
    """One date of a meter, drawn for every scenario at the same scale.

    Attributes
    ----------
    title : str
    names : tuple of str
        Of the scenarios that have it.
    pictures : tuple of Markup
    states : tuple of State
    rows : tuple of tuple of str
        A slot, then the load of each scenario.
    """

    title: str
    names: tuple[str, ...]
    pictures: tuple[Markup, ...]
    states: tuple[State, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class SideBySide:
    """Runs beside each other.

    Attributes
    ----------
    views : tuple of LoadView
        Of those that are done.
    rows : tuple of ComparedRow
    multiples : tuple of Multiple
    """

    views: tuple[LoadView, ...]
    rows: tuple[ComparedRow, ...]
    multiples: tuple[Multiple, ...]


def side_by_side(store: Store, actor: Actor, region: str, names: Mapping[int, str], language: str) -> SideBySide:
    """Set runs beside each other.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    names : mapping of int to str
        What each run is called, by number, in order.
    language : str

    Raises
    ------
    NotThere
    """
    found = [_with_its_capacities(view) for view in views_of_runs(store, actor, region, list(names)) if view.figures]
    named = [names[view.run.number] for view in found if view.run is not None]
    rows = compare_views(found, language) if found else ()
    return SideBySide(tuple(found), rows, tuple(_multiples(found, named, SpokenWords(language))))


def _with_its_capacities(view: LoadView) -> LoadView:
    """Show the raises and outages of a scenario, too: curves name them."""
    changes = () if view.run is None else changes_of(view.run)
    entries = tuple(change.entry() for change in changes if isinstance(change, CapacityChange))
    return replace(view, region=replace(view.region, capacities=(*view.region.capacities, *entries)))


def _multiples(views: Sequence[LoadView], names: Sequence[str], words: SpokenWords) -> list[Multiple]:
    fullest: dict[tuple[Meter, dt.date], float] = {}
    for view in views:
        for day in view.figures:
            for at, meter in enumerate(view.region.meters):
                place = meter, view.region.grid.dates[day.day]
                share = float((day.after[at] / np.maximum(day.limit[at], 1e-9)).max(initial=0.0))
                fullest[place] = max(fullest.get(place, 0.0), share)
    shown = sorted(fullest, key=lambda place: (-fullest[place], place[1]))[:DRAWN]
    return [_multiple(views, names, *place, words) for place in shown]


def _multiple(
    views: Sequence[LoadView], names: Sequence[str], meter: Meter, date: dt.date, words: SpokenWords
) -> Multiple:
    mine = [(view, name, _figures_on(view, date)) for view, name in zip(views, names, strict=True)]
    having = [(view, name, day) for view, name, day in mine if day is not None and meter in view.region.meters]
    places = [view.region.meters.index(meter) for view, _, _ in having]
    spans = [slots_shown(view.region, view.figures, at) for (view, _, _), at in zip(having, places, strict=True)]
    slots = min(first for first, _ in spans), max(last for _, last in spans)
    curves = [
        replace(load_curve(view.region, [day], day, at, slots, words), variant=name)
        for (view, name, day), at in zip(having, places, strict=True)
    ]
    highest = max(curve.highest for curve in curves)
    region = having[0][0].region
    return Multiple(
        title=f"{meter_named(region, meter, words)}, {words.date(date)}",
        names=tuple(name for _, name, _ in having),
        pictures=tuple(_picture(replace(curve, highest=highest), words) for curve in curves),
        states=tuple(
            state(view.region, day.after[at], day.limit[at], words)
            for (view, _, day), at in zip(having, places, strict=True)
        ),
        rows=tuple(_row(slot, curves, words) for slot in range(slots[1] - slots[0])),
    )


def _figures_on(view: LoadView, date: dt.date) -> DayFigures | None:
    return next((day for day in view.figures if view.region.grid.dates[day.day] == date), None)


def _picture(curve: LoadCurve, words: SpokenWords) -> Markup:
    # The curve escapes every text of the region itself.
    return Markup(load_curve_svg(curve, words.language, standalone=False))  # noqa: S704


def _row(place: int, curves: Sequence[LoadCurve], words: SpokenWords) -> tuple[str, ...]:
    minute = (curves[0].first + place) * curves[0].slot_minutes
    return (words.time(minute), *(words.load(float(curve.after[place])) for curve in curves))
