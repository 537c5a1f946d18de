"""A comparison of policies as one page that needs nothing else: no network, no script (CONTRACT section 6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import jinja2
import numpy as np
from markupsafe import Markup

import scheduler
from scheduler.charts.curve import load_curve_svg
from scheduler.charts.style import OF_THE_PAGE, curve_style
from scheduler.charts.words import meter_word
from scheduler.domain.verdict import over
from scheduler.domain.verdict_words import platform_name
from scheduler.files.comparison_rows import figure_groups
from scheduler.files.comparison_words import (
    broken_words,
    comparison_answer,
    comparison_question,
    policy_about,
    policy_name,
)
from scheduler.files.load_parts import bands, load_curve
from scheduler.files.result_tables import State, state
from scheduler.files.words import SpokenWords
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.charts.curve import Band
    from scheduler.domain.comparison import Candidate, Standing
    from scheduler.domain.load import DayFigures
    from scheduler.domain.region import Region
    from scheduler.wording import Text

PANELS_SHOWN = 12
"""A browser shows so many panels, each with one curve a policy, with ease; of more, the tightest are shown."""


LEAST_SAID = 0.1
"""Connections over a limit that are told as so many, for "0" would contradict that it is exceeded."""


@dataclass(frozen=True)
class PolicyPart:
    """One policy: its key, its name, what it is, and what it breaks."""

    key: str
    name: str
    about: str
    broken: tuple[str, ...]


@dataclass(frozen=True)
class CurvePart:
    """The picture of one policy."""

    anchor: str
    name: str
    state: State
    sentence: str
    picture: Markup


@dataclass(frozen=True)
class Panel:
    """One meter on one date: a picture a policy, and the loads of all of them as a table."""

    anchor: str
    title: str
    date: str
    notes: tuple[str, ...]
    curves: tuple[CurvePart, ...]
    rows: tuple[tuple[str, ...], ...]


def comparison_page(
    region: Region,
    candidates: Sequence[Candidate],
    standings: Sequence[Standing],
    jitter_minutes: int,
    language: str,
) -> bytes:
    """Write the page that puts policies side by side.

    Parameters
    ----------
    region : Region
    candidates : sequence of Candidate
        The usual timetable first.
    standings : sequence of Standing
        Their figures, in the same order.
    jitter_minutes : int
        Longest delay of the policy ``jitter``.
    language : str
        ``fr`` or ``en``; the page is HTML in UTF-8.

    Returns
    -------
    bytes
    """
    words = SpokenWords(language)
    shown = _panels_shown(region, candidates[0].figures)
    every = len(region.meters) * len(candidates[0].figures)
    rendered = _template().render(
        language=language,
        region=region.name,
        question=words.say(comparison_question(region, words)),
        answer=[
            " ".join(words.say(sentence) for sentence in paragraph)
            for paragraph in comparison_answer(region, standings, words)
        ],
        verdict="within" if any(one.allowed and one.within_limits for one in standings) else "over",
        labels={name: words.say(text) for name, text in _labels(region, len(shown), every, words).items()},
        policies=_policy_parts(standings, jitter_minutes, words),
        groups=figure_groups(region, standings, words),
        panels=[_panel(region, candidates, day, meter, words) for day, meter in shown],
        left_out=every > len(shown),
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
    return environment.get_template("comparison.html.j2")


def _labels(region: Region, shown: int, every: int, words: SpokenWords) -> dict[str, Text]:
    return {
        "skip": T("Skip to the answer"),
        "contents": T("On this page"),
        "side_by_side": T("Side by side"),
        "policies": T("The policies"),
        "loads": T("Load curves"),
        "figures": T("The figures as a table"),
        "slot": T("From"),
        "limit": T("Limit"),
        "twin_caption": T("Load by slot"),
        "table_caption": T("▲ over a limit; ★ the best of those that keep every rule"),
        "curves_mean": T("Grey: the usual timetable; blue: the policy; hatched: what would not hold."),
        "broken": T("Rules broken"),
        "kept": T("Keeps every rule."),
        "left_out": T(
            "The {shown} tightest of {all} pairs of a meter and a date are drawn; the figures count all of them.",
            shown=words.number(shown),
            all=words.number(every),
        ),
        "no_curves": (
            T("Nothing takes place on these dates.")
            if region.meters
            else T("No platform has a capacity on these dates. Write one in capacity.csv to see its load here.")
        ),
    }


def _policy_parts(standings: Sequence[Standing], jitter_minutes: int, words: SpokenWords) -> list[PolicyPart]:
    return [
        PolicyPart(
            one.policy,
            words.say(policy_name(one.policy)),
            words.say(policy_about(one.policy, jitter_minutes)),
            tuple(words.say(text) for text in broken_words(one, words)),
        )
        for one in standings
    ]


def _panels_shown(region: Region, usual: Sequence[DayFigures]) -> list[tuple[int, int]]:
    """Choose the pairs (place of the date, meter) that are drawn, the tightest; give them by meter, then date."""
    tightness = {}
    for place, day in enumerate(usual):
        for meter in range(len(region.meters)):
            share = day.before[meter] / np.maximum(day.limit[meter], 1e-9)
            tightness[place, meter] = float(share.max(initial=0.0))
    tightest = sorted(tightness, key=lambda pair: (-tightness[pair], pair))[:PANELS_SHOWN]
    return sorted(tightest, key=lambda pair: (pair[1], pair[0]))


def _panel(region: Region, candidates: Sequence[Candidate], place: int, meter: int, words: SpokenWords) -> Panel:
    every = [day for one in candidates for day in one.figures]
    days = [one.figures[place] for one in candidates]
    slots = _slots_shown(region, every, meter)
    anchor = f"panel-{meter}-{days[0].day}"
    curves = []
    for one, day in zip(candidates, days, strict=True):
        name = words.say(policy_name(one.policy))
        # The raises and outages of the date are told once, above all pictures, where there is room for their notes.
        curve = replace(load_curve(region, every, day, meter, slots, words), variant=name, bands=())
        curves.append(
            CurvePart(
                anchor=f"{anchor}-{one.policy}",
                name=name,
                state=state(region, day.after[meter], day.limit[meter], words),
                sentence=words.say(_peak_words(region, day, meter, words)),
                # The curve escapes every text of the region itself.
                picture=Markup(load_curve_svg(curve, words.language, standalone=False)),  # noqa: S704
            )
        )
    where, date = region.meters[meter], region.grid.dates[days[0].day]
    return Panel(
        anchor=anchor,
        title=f"{platform_name(region, where.platform)} – {words.say(meter_word(where.meter))}",
        date=words.date(date),
        notes=tuple(words.say(_band_words(band, words)) for band in bands(region, meter, date, words)),
        curves=tuple(curves),
        rows=_twin_rows(region, days, meter, slots, words),
    )


def _slots_shown(region: Region, figures: Sequence[DayFigures], meter: int) -> tuple[int, int]:
    """Give the slots that every picture of a meter shows: those of the day, and as far as any load reaches."""
    loaded = np.zeros(region.grid.slots, dtype=bool)
    for day in figures:
        loaded |= (day.before[meter] > 0) | (day.after[meter] > 0)
    slots = [*region.grid.day_slots, *np.flatnonzero(loaded).tolist()]
    return min(slots), max(slots) + 1


def _band_words(band: Band, words: SpokenWords) -> Text:
    """Say when a raise or an outage is in force."""
    start, end = words.time(band.start), words.time(band.end)
    return T("{note}, from {start} to {end}.", note=band.label, start=start, end=end)


def _peak_words(region: Region, day: DayFigures, meter: int, words: SpokenWords) -> Text:
    """Say the highest load of a picture, when it is, and for how long the limit is exceeded."""
    load = day.after[meter]
    slot = int(np.argmax(load))
    peak = {"load": words.load(float(load[slot])), "time": words.time(slot * region.grid.slot_minutes)}
    marked = over(region, load, day.limit[meter])
    if marked.any():
        return T(
            "Highest {load} at {time}; over the limit for {minutes} minutes, by {most} at most.",
            minutes=int(np.count_nonzero(marked)) * region.grid.slot_minutes,
            most=words.load(max(float((load - day.limit[meter])[marked].max()), LEAST_SAID)),
            **peak,
        )
    return T("Highest {load} at {time}.", **peak)


def _twin_rows(
    region: Region, days: Sequence[DayFigures], meter: int, slots: tuple[int, int], words: SpokenWords
) -> tuple[tuple[str, ...], ...]:
    """Give the table twin of a panel: slot, limit, and the load under each policy, with ▲ where it is too high."""
    marked = [over(region, day.after[meter], day.limit[meter]) for day in days]
    return tuple(
        (
            words.time(slot * region.grid.slot_minutes),
            words.load(float(days[0].limit[meter, slot])),
            *(
                f"{'▲ ' if high[slot] else ''}{words.load(float(day.after[meter, slot]))}"
                for day, high in zip(days, marked, strict=True)
            ),
        )
        for slot in range(*slots)
    )
