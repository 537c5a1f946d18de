"""The result of a planning run as one page that needs nothing else: no network, no script (CONTRACT section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import jinja2
import numpy as np
from markupsafe import Markup

import scheduler
from scheduler.charts.curve import Band, LoadCurve, load_curve_svg
from scheduler.charts.scale import highest_to_show
from scheduler.charts.style import OF_THE_PAGE, curve_style
from scheduler.charts.words import hour_word, meter_word
from scheduler.domain.verdict import Tally, over, tally
from scheduler.domain.verdict_words import answer, day_sentence, platform_name, question
from scheduler.files.result_reasons import why_part
from scheduler.files.result_tables import (
    HeatRow,
    State,
    heat_cells,
    heat_hours,
    peak_rows,
    school_rows,
    state,
    twin_rows,
)
from scheduler.files.result_words import change_word, facts, labels, more_warnings
from scheduler.files.words import SpokenWords

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from scheduler.domain.explanation import Explanation
    from scheduler.domain.load import DayFigures
    from scheduler.domain.outcome import Outcome
    from scheduler.domain.region import Region

CURVES_SHOWN = 60
"""A browser shows a page of so many curves with ease; of more, the tightest are shown and load.csv has the rest."""
WARNINGS_SHOWN = 100


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


def result_page(
    region: Region,
    outcome: Outcome,
    figures: Sequence[DayFigures],
    seconds: float,
    language: str,
    order_kept: bool = True,
    explanation: Explanation | None = None,
) -> bytes:
    """Write the page that shows what a run found.

    Parameters
    ----------
    region : Region
    outcome : Outcome
    figures : sequence of DayFigures
        One a date with activities, in order.
    seconds : float
        How long the run took.
    language : str
        ``fr`` or ``en``; the page is HTML in UTF-8.
    order_kept : bool
        False with ``--reorder``: the gap is no proof then, and the page says so.
    explanation : Explanation, optional
        Why the plan is as it is; the page has a section on it then.

    Returns
    -------
    bytes
    """
    words = SpokenWords(language)
    total = tally(region, outcome, figures, order_kept)
    shown = _curves_shown(region, figures)
    all_curves = len(region.meters) * len(figures)
    rendered = _template().render(
        language=language,
        region=region.name,
        dates=_dates(region, words),
        question=words.say(question(region, words)),
        against_former=total.against_former,
        answer=[words.say(sentence) for sentence in answer(region, figures, total, words)],
        verdict=_verdict(region, figures, total),
        labels={name: words.say(text) for name, text in labels(len(shown), all_curves, words).items()},
        peaks=peak_rows(region, figures, words),
        meters=_meter_parts(region, outcome, figures, shown, words),
        curves_left_out=all_curves > len(shown),
        why=None if explanation is None else why_part(region, explanation, words),
        schools=school_rows(region, outcome, words),
        warnings=[words.say(warning) for warning in outcome.warnings[:WARNINGS_SHOWN]],
        warnings_left_out=words.say(more_warnings(len(outcome.warnings) - WARNINGS_SHOWN, words)),
        facts=[(words.say(name), words.say(value)) for name, value in facts(outcome, total, seconds, words)],
        version=scheduler.__version__,
        curve_style=Markup(curve_style(OF_THE_PAGE)),  # noqa: S704 - rules of our own, no text of the region
    )
    return rendered.encode()


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("scheduler.files", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("result.html.j2")


def _dates(region: Region, words: SpokenWords) -> str:
    first, last = region.grid.first_date, region.grid.last_date
    if first == last:
        return f"{words.date(first)} {first.year}"
    return f"{words.date(first)} – {words.date(last)} {last.year}"


def _verdict(region: Region, figures: Sequence[DayFigures], total: Tally) -> str:
    """Give the class of the answer's colour: how the plan leaves the region."""
    if not region.meters or not total.activities:
        return "unknown"
    left = any(over(region, day.after, day.limit).any() for day in figures)
    return "over" if left else "within"


def _curves_shown(region: Region, figures: Sequence[DayFigures]) -> set[tuple[int, int]]:
    """Choose the (meter, day) pairs whose curve is drawn: all, or the tightest where there are very many."""
    tightness = {}
    for day in figures:
        for meter in range(len(region.meters)):
            load = np.maximum(day.before[meter], day.after[meter])
            share = load / np.maximum(day.limit[meter], 1e-9)
            tightness[meter, day.day] = float(share.max(initial=0.0))
    return set(sorted(tightness, key=lambda pair: (-tightness[pair], pair))[:CURVES_SHOWN])


def _meter_parts(
    region: Region,
    outcome: Outcome,
    figures: Sequence[DayFigures],
    shown: set[tuple[int, int]],
    words: SpokenWords,
) -> list[MeterPart]:
    prices = {proof.day: proof.price for proof in outcome.proofs}
    parts = []
    for at, meter in enumerate(region.meters):
        if not figures:
            break
        first, last = _slots_shown(region, figures, at)
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


def _slots_shown(region: Region, figures: Sequence[DayFigures], meter: int) -> tuple[int, int]:
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
