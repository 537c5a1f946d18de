"""The load curve of one meter on one date: before, after, limit and capacity, slot by slot."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.charts.drawing import Drawing, element, said
from scheduler.charts.scale import Scale, tidy_ticks
from scheduler.charts.style import own_style
from scheduler.charts.words import curve_words, hour_word, slot_word, tick_word

if TYPE_CHECKING:
    import datetime as dt

    import numpy as np
    from numpy.typing import NDArray

WIDTH = 720.0
PLOT_HEIGHT = 240.0
HEADING = 34.0
"""Height of the heading that a picture of its own has above everything; on a page the page has the heading."""
LANE = 26.0
"""Height of the lane that one band's note has above the plot."""
AXIS = 36.0
HALF_HOUR_WORD = 20.0
"""Half the width of an hour's word below the axis."""
MANY_HOURS = 13
"""Above this many hours only every other one is written."""


@dataclass(frozen=True)
class Band:
    """A change of capacity, drawn as a band over the curve.

    Attributes
    ----------
    start, end : int
        Half-open range of minutes of the date.
    label : str
        The note of the capacity entry, or what it changes.
    raised : bool
        Whether capacity is raised; else it is lowered.
    """

    start: int
    end: int
    label: str
    raised: bool


@dataclass(frozen=True, eq=False)
class LoadCurve:
    """What is drawn: one meter of one platform on one date.

    Attributes
    ----------
    platform : str
        Key of the platform.
    name : str
        Name of the platform, as people say it.
    meter : str
        ``connections`` or ``logins_per_minute``.
    date : datetime.date
    slot_minutes : int
    first : int
        The slot of the first element, counted from 00:00.
    before, after, limit, capacity : ndarray of float64, shape (slots,)
        Loads are finite; limit and capacity are ``inf`` where unlimited.
    highest : float
        What the scale must show, the same on all days of a platform's meter; see `highest_to_show`.
    bands : tuple of Band
    variant : str
        Whose load `after` is, in words, where several pictures of a page show one meter and date; else empty.
    """

    platform: str
    name: str
    meter: str
    date: dt.date
    slot_minutes: int
    first: int
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    limit: NDArray[np.float64]
    capacity: NDArray[np.float64]
    highest: float
    bands: tuple[Band, ...] = ()
    variant: str = ""

    @property
    def identity(self) -> str:
        """A name for the picture's parts, unique on a page and free of characters that need escaping."""
        whole = f"{self.platform}\n{self.meter}\n{self.date.isoformat()}"
        whole += f"\n{self.variant}" if self.variant else ""
        return hashlib.blake2s(whole.encode(), digest_size=5).hexdigest()

    @property
    def minutes(self) -> tuple[int, int]:
        """The half-open range of minutes shown."""
        return self.first * self.slot_minutes, (self.first + len(self.before)) * self.slot_minutes

    def bands_shown(self) -> list[Band]:
        """Give the bands that some shown minute belongs to, cut to what is shown, in order of time."""
        start, end = self.minutes
        cut = [Band(max(band.start, start), min(band.end, end), band.label, band.raised) for band in self.bands]
        return sorted((band for band in cut if band.start < band.end), key=lambda band: (band.start, -band.end))


def load_curve_svg(curve: LoadCurve, language: str, standalone: bool) -> str:
    """Draw a load curve.

    Parameters
    ----------
    curve : LoadCurve
    language : str
        ``fr`` or ``en``.
    standalone : bool
        Whether the picture is a file of its own, with its own style and paper; else it is part of a page whose style
        holds the rules of `curve_style`.

    Returns
    -------
    str
        One svg element; hover gives the figures of a slot without any script.
    """
    scale = scale_of(curve)
    drawing = Drawing(curve, scale, language)
    name = curve.identity
    top = -HEADING if standalone else 0.0
    height = scale.bottom + AXIS - top
    attributes = (
        f'class="curve" viewBox="0 {top:g} {WIDTH:g} {height:g}" role="img" '
        f'aria-labelledby="t-{name} d-{name}" lang="{said(language)}"'
    )
    parts = [_head(curve, language, standalone)]
    if standalone:
        attributes += f' xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" height="{height:g}"'
        parts.append(element("rect", {"class": "paper", "y": top, "width": WIDTH, "height": height}))
        heading = curve_words(curve, language)[0]
        parts.append(element("text", {"class": "heading", "x": scale.left, "y": top + 22}, heading))
    parts += [_axes(curve, scale, language), drawing.bands(), drawing.overloads(), drawing.lines(), drawing.labels()]
    parts.append(_slots(curve, scale, language))
    return f"<svg {attributes}>{''.join(parts)}</svg>"


def scale_of(curve: LoadCurve) -> Scale:
    """Give where slots and loads of a curve lie in its picture."""
    ticks = tidy_ticks(curve.highest)
    widest = max(len(tick_word(tick, "fr")) for tick in ticks)
    top = LANE * max(len(curve.bands_shown()), 1) + 8
    return Scale(
        left=12.0 + 11.5 * widest,
        right=WIDTH - 10,
        top=top,
        bottom=top + PLOT_HEIGHT,
        first=curve.first,
        slots=len(curve.before),
        highest=ticks[-1],
    )


def _head(curve: LoadCurve, language: str, standalone: bool) -> str:
    """Write what a screen reader says, the hatches of overload, and the style of a picture that stands alone."""
    title, description = curve_words(curve, language)
    name = curve.identity
    hatch = "".join(
        f'<pattern id="{kind}-{name}" width="{width}" height="{width}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><line class="{kind}" x1="1" y1="0" x2="1" y2="{width}"/></pattern>'
        for kind, width in (("hatch", 6), ("thin", 7))
    )
    style = f"<style>{own_style()}</style>" if standalone else ""
    return (
        f'<title id="t-{name}">{said(title)}</title><desc id="d-{name}">{said(description)}</desc>'
        f"{style}<defs>{hatch}</defs>"
    )


def _axes(curve: LoadCurve, scale: Scale, language: str) -> str:
    parts = []
    for tick in tidy_ticks(curve.highest):
        y = scale.y(tick)
        look = "grid" if tick else "base"
        parts.append(element("line", {"class": look, "x1": scale.left, "x2": scale.right, "y1": y, "y2": y}))
        at: dict[str, str | float] = {"x": scale.left - 7, "y": y + 5, "text-anchor": "end"}
        parts.append(element("text", at, tick_word(tick, language)))
    start, end = curve.minutes
    hours = list(range(-(-start // 60), end // 60 + 1))
    hours = [hour for hour in hours if hour % 2 == 0] if len(hours) > MANY_HOURS else hours
    for place, hour in enumerate(hours):
        x = scale.x(hour * 60 / curve.slot_minutes)
        parts.append(element("line", {"class": "base", "x1": x, "x2": x, "y1": scale.bottom, "y2": scale.bottom + 5}))
        if x > scale.right - HALF_HOUR_WORD:
            continue  # its word would leave the picture, or run into the one before
        at = {"x": x, "y": scale.bottom + 24, "text-anchor": "middle"}
        if place % 2:
            at["class"] = "odd"
        parts.append(element("text", at, hour_word(hour, language)))
    return "".join(parts)


def _slots(curve: LoadCurve, scale: Scale, language: str) -> str:
    """Lay an invisible rectangle over each slot, whose title the browser shows as a tip."""
    width = (scale.right - scale.left) / max(scale.slots, 1)
    return "".join(
        f'<rect class="slot" x="{scale.x(curve.first + place):.1f}" y="{scale.top:g}" width="{width:.1f}" '
        f'height="{PLOT_HEIGHT:g}"><title>{said(slot_word(curve, place, language))}</title></rect>'
        for place in range(scale.slots)
    )
