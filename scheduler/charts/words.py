"""What a load curve says: its names, figures and, for screen readers, its description."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.wording import T, Text
from scheduler.wording_times import date_in_words, number_in_words, time_in_words

if TYPE_CHECKING:
    from scheduler.charts.curve import LoadCurve

MILLION = 1_000_000


def load_word(load: float, language: str) -> str:
    """Say a load: whole from 100 on, with one decimal below."""
    if not np.isfinite(load):
        return T("unlimited").in_language(language)
    return number_in_words(round(load) if load >= 100 or load == round(load) else round(load, 1), language)


def tick_word(tick: float, language: str) -> str:
    """Say a tick of the load axis; millions are counted as such, to keep the axis narrow."""
    if tick >= MILLION:
        return T("{number}M", number=number_in_words(round(tick / MILLION, 3), language)).in_language(language)
    return number_in_words(int(tick) if tick == int(tick) else tick, language)


def hour_word(hour: int, language: str) -> str:
    """Say a full hour of the time axis."""
    return T("{hour}:00", hour=hour).in_language(language)


def meter_word(meter: str) -> Text:
    """Name a meter."""
    return T("logins per minute") if meter == "logins_per_minute" else T("connections")


def line_word(kind: str, language: str) -> str:
    """Name a line of loads."""
    words = {
        "before": T("before"),
        "after": T("after"),
        "same": T("before and after"),
        "nothing": T("No slot of this date carries a load."),
    }
    return words[kind].in_language(language)


def bound_word(kind: str, value: float, language: str) -> str:
    """Name a line of limit or capacity, with its value."""
    number = load_word(value, language)
    words = {
        "limit": T("limit {number}", number=number),
        "capacity": T("capacity {number}", number=number),
        "both": T("limit and capacity {number}", number=number),
    }
    return words[kind].in_language(language)


def slot_word(curve: LoadCurve, place: int, language: str) -> str:
    """Say the figures of one slot; `place` counts from the first one shown."""
    return T(
        "{time} · before {before} · after {after} · limit {limit} · capacity {capacity}",
        time=time_in_words((curve.first + place) * curve.slot_minutes, language),
        before=load_word(float(curve.before[place]), language),
        after=load_word(float(curve.after[place]), language),
        limit=load_word(float(curve.limit[place]), language),
        capacity=load_word(float(curve.capacity[place]), language),
    ).in_language(language)


def curve_words(curve: LoadCurve, language: str) -> tuple[str, str]:
    """Give the title and the description of a curve for those who do not see it."""
    title = T(
        "{platform}, {meter}, {date}",
        platform=curve.name,
        meter=meter_word(curve.meter),
        date=date_in_words(curve.date, language),
    )
    if curve.variant:
        title = T("{title}: {variant}", title=title, variant=curve.variant)
    if not len(curve.before):
        return title.in_language(language), line_word("nothing", language)
    peaks = {}
    for kind, load in (("before", curve.before), ("after", curve.after)):
        slot = int(np.argmax(load))
        peaks[kind] = load_word(float(load[slot]), language)
        peaks[f"{kind}_time"] = time_in_words((curve.first + slot) * curve.slot_minutes, language)
    description = T(
        "Load by slots of {minutes} minutes: highest {before} at {before_time} with the usual timetable, "
        "{after} at {after_time} with the plan.",
        minutes=curve.slot_minutes,
        **peaks,
    )
    parts = [description.in_language(language)]
    parts += [
        T(
            "{note}, from {start} to {end}.",
            note=band.label,
            start=time_in_words(band.start, language),
            end=time_in_words(band.end, language),
        ).in_language(language)
        for band in curve.bands_shown()
    ]
    return title.in_language(language), " ".join(parts)
