"""Loads laid out for a page: each limited meter with its heat map, and each date with sentence, picture and table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from scheduler.charts.curve import Band, LoadCurve, load_curve_svg
from scheduler.charts.scale import highest_to_show
from scheduler.charts.words import hour_word, meter_word
from scheduler.domain.verdict_words import day_sentence, platform_name
from scheduler.files.result_tables import HeatRow, State, heat_cells, heat_hours, state, twin_rows
from scheduler.files.result_words import change_word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.load import DayFigures
    from scheduler.domain.region import Region
    from scheduler.files.words import SpokenWords

CURVES_SHOWN = 60
"""A browser shows a page of so many curves with ease; of more, the tightest are shown and load.csv has the rest."""


@dataclass(frozen=True)
class DayPart:
    """One date of a meter: heading, sentence, picture and table twin."""

    anchor: str
    date: str
    sentence: str
    state: State
    picture: Markup
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class MeterPart:
    """One limited meter: heat map of the dates, then each date."""

    anchor: str
    title: str
    hours: tuple[str, ...]
    heat: tuple[HeatRow, ...]
    days: tuple[DayPart, ...]


def curves_shown(region: Region, figures: Sequence[DayFigures], most: int = CURVES_SHOWN) -> set[tuple[int, int]]:
    """Choose the (meter, day) pairs whose curve is drawn: all, or the tightest where there are very many."""
    tightness = {}
    for day in figures:
        for meter in range(len(region.meters)):
            load = np.maximum(day.before[meter], day.after[meter])
            share = load / np.maximum(day.limit[meter], 1e-9)
            tightness[meter, day.day] = float(share.max(initial=0.0))
    return set(sorted(tightness, key=lambda pair: (-tightness[pair], pair))[:most])


def meter_parts(
    region: Region,
    figures: Sequence[DayFigures],
    prices: Mapping[int, NDArray[np.float64]],
    shown: set[tuple[int, int]],
    words: SpokenWords,
) -> list[MeterPart]:
    """Lay out every meter with every date.

    Parameters
    ----------
    region : Region
    figures : sequence of DayFigures
    prices : mapping
        Day -> head-minutes a connection, shape (meters, slots); a day that is not there has none.
    shown : set of (int, int)
        The (meter, day) pairs whose curve is drawn; see `curves_shown`.
    words : SpokenWords
    """
    parts = []
    for at, meter in enumerate(region.meters):
        if not figures:
            break
        first, last = slots_shown(region, figures, at)
        hours = heat_hours(first, last, region.grid.slot_minutes)
        heat, days = [], []
        for day in figures:
            anchor = f"day-{at}-{day.day}"
            date = words.date(region.grid.dates[day.day])
            cells = heat_cells(region, day.after[at], day.limit[at], hours, words)
            heat.append(HeatRow(date, anchor if (at, day.day) in shown else "", cells))
            if (at, day.day) in shown:
                curve = load_curve(region, figures, day, at, (first, last), words)
                price = prices[day.day][at] if day.day in prices else np.zeros(region.grid.slots)
                days.append(_day_part(region, day, at, anchor, curve, twin_rows(curve, price, words), words))
        title = f"{platform_name(region, meter.platform)} – {words.say(meter_word(meter.meter))}"
        names = tuple(hour_word(hour, words.language) for hour in hours)
        parts.append(MeterPart(f"meter-{at}", title, names, tuple(heat), tuple(days)))
    return parts


def _day_part(
    region: Region,
    day: DayFigures,
    meter: int,
    anchor: str,
    curve: LoadCurve,
    rows: tuple[tuple[str, ...], ...],
    words: SpokenWords,
) -> DayPart:
    return DayPart(
        anchor=anchor,
        date=words.date(curve.date),
        sentence=words.say(day_sentence(region, day, meter, words)),
        state=state(region, day.after[meter], day.limit[meter], words),
        # The curve escapes every text of the region itself.
        picture=Markup(load_curve_svg(curve, words.language, standalone=False)),  # noqa: S704
        rows=rows,
    )


def slots_shown(region: Region, figures: Sequence[DayFigures], meter: int) -> tuple[int, int]:
    """Give the slots that every picture of a meter shows: those of the day, and as far as any load reaches."""
    loaded = np.zeros(region.grid.slots, dtype=bool)
    for day in figures:
        loaded |= (day.before[meter] > 0) | (day.after[meter] > 0)
    slots = [*region.grid.day_slots, *np.flatnonzero(loaded).tolist()]
    return (min(slots), max(slots) + 1) if slots else (0, 0)


def load_curve(
    region: Region,
    figures: Sequence[DayFigures],
    day: DayFigures,
    meter: int,
    slots: tuple[int, int],
    words: SpokenWords,
) -> LoadCurve:
    """Gather what the picture of one meter on one date shows.

    Parameters
    ----------
    region : Region
    figures : sequence of DayFigures
        Of all dates, whose pictures have one scale.
    day : DayFigures
        Of the date shown.
    meter : int
        Index into the region's meters.
    slots : (int, int)
        Half-open range of slots shown.
    words : SpokenWords
        Say what a change of capacity without a note is.
    """
    shown = slice(*slots)
    place, date = region.meters[meter], region.grid.dates[day.day]
    return LoadCurve(
        platform=place.platform,
        name=platform_name(region, place.platform),
        meter=place.meter,
        date=date,
        slot_minutes=region.grid.slot_minutes,
        first=slots[0],
        before=day.before[meter, shown],
        after=day.after[meter, shown],
        limit=day.limit[meter, shown],
        capacity=day.capacity[meter, shown],
        highest=highest_to_show(
            [load[meter] for other in figures for load in (other.before, other.after)],
            [bound[meter] for other in figures for bound in (other.limit, other.capacity)],
        ),
        bands=bands(region, meter, date, words),
    )


def bands(region: Region, meter: int, date: dt.date, words: SpokenWords) -> tuple[Band, ...]:
    """Give the raises and outages of one meter that touch a date, each with its note."""
    place = region.meters[meter]
    found = []
    for entry in region.capacities:
        start, end = entry.minutes_on(date)
        mine = (entry.platform, entry.meter, entry.kind) == (place.platform, place.meter, "change")
        if mine and start < end and entry.amount:
            label = entry.note or words.say(change_word(entry.amount, entry.percent, words))
            found.append(Band(start, end, label, entry.amount > 0))
    return tuple(found)
