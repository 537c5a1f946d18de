"""What a meter bears over some dates, as one picture: capacity dotted, limit a line, a panel a date."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from scheduler.charts.drawing import element, said
from scheduler.charts.scale import tidy_ticks
from scheduler.charts.words import tick_word
from scheduler.wording_times import date_in_words, time_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.capacity_runs import CapacityRun

WIDTH, HEIGHT = 1000.0, 190.0
TOP, BOTTOM, RIGHT = 30.0, 26.0, 8.0
GAP = 10.0
"""Between the panels of two dates."""
MANY_DATES = 10
"""Above so many dates only Mondays are named."""


def timeline_svg(
    runs: Sequence[CapacityRun], dates: Sequence[dt.date], hours: tuple[int, int], title: str, language: str
) -> str:
    """Draw what a meter bears.

    Parameters
    ----------
    runs : sequence of CapacityRun
        Without gaps over the dates.
    dates : sequence of date
        At least one.
    hours : (int, int)
        First and last minute of the day that is shown.
    title : str
        What the picture shows, for screen readers; the table beside it has the figures.
    language : str

    Returns
    -------
    str
        One svg element; empty where the meter is never limited.
    """
    known = [run.capacity for run in runs if math.isfinite(run.capacity)]
    if not known:
        return ""
    ticks = tidy_ticks(max([*known, 1.0]))
    left = 12.0 + 11.5 * max(len(tick_word(tick, language)) for tick in ticks)
    panel = (WIDTH - left - RIGHT - GAP * (len(dates) - 1)) / len(dates)
    parts = []
    for tick in ticks:
        y = _y(tick, ticks[-1])
        parts.append(element("line", {"class": "grid", "x1": left, "x2": WIDTH - RIGHT, "y1": y, "y2": y}))
        parts.append(element("text", {"x": left - 7, "y": y + 5, "text-anchor": "end"}, tick_word(tick, language)))
    for place, date in enumerate(dates):
        begin = left + place * (panel + GAP)
        parts.append(_panel(runs, date, hours, (begin, panel), ticks[-1], language, many=len(dates) > MANY_DATES))
    about = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{said(title)}"'
    return f'<svg class="curve timeline" {about}>{"".join(parts)}</svg>'


def _panel(
    runs: Sequence[CapacityRun],
    date: dt.date,
    hours: tuple[int, int],
    span: tuple[float, float],
    highest: float,
    language: str,
    *,
    many: bool,
) -> str:
    begin, width = span
    midnight = dt.datetime.combine(date, dt.time())
    first, last = (midnight + dt.timedelta(minutes=minute) for minute in hours)

    def x(moment: dt.datetime) -> float:
        return begin + width * ((min(max(moment, first), last) - first) / (last - first))

    shown = [run for run in runs if run.start < last and run.end > first]
    parts = []
    for name in ("limit", "capacity"):
        corners: list[str] = []
        for run in shown:
            height = getattr(run, name)
            if math.isfinite(height):
                y = _y(height, highest)
                corners += [f"{x(run.start):.1f},{y:.1f}", f"{x(run.end):.1f},{y:.1f}"]
        if corners:
            parts.append(f'<polyline class="{name}" points="{" ".join(corners)}"/>')
    bottom = HEIGHT - BOTTOM
    parts.append(element("line", {"class": "base", "x1": begin, "x2": begin + width, "y1": bottom, "y2": bottom}))
    if not many or date.weekday() == 0:
        parts.append(element("text", {"class": "label", "x": begin, "y": 16.0}, date_in_words(date, language)))
    if not many:
        parts.append(element("text", {"x": begin, "y": bottom + 18}, time_in_words(hours[0], language)))
    return "".join(parts)


def _y(value: float, highest: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / highest)
