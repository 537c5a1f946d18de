"""The marks of a load curve: bands, filled overload, step lines and their names."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from scheduler.charts.labels import HEIGHT, WIDTH_A_CHARACTER, Box, place_beside
from scheduler.charts.scale import runs
from scheduler.charts.words import bound_word, line_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from scheduler.charts.curve import LoadCurve
    from scheduler.charts.scale import Scale


FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of pairs (Unicode categories Cc and Cs)."""


def said(text: str) -> str:
    """Escape a text for XML; control characters, which XML forbids, become spaces."""
    return escape(FORBIDDEN.sub(" ", text))


def element(tag: str, attributes: Mapping[str, str | float], text: str | None = None) -> str:
    """Write an element whose attributes are ours and whose text may be anybody's."""
    inside = "".join(
        f' {name}="{value if isinstance(value, str) else f"{value:.1f}"}"' for name, value in attributes.items()
    )
    return f"<{tag}{inside}/>" if text is None else f"<{tag}{inside}>{said(text)}</{tag}>"


class Drawing:
    """One curve being drawn; remembers where words stand so that none covers another."""

    def __init__(self, curve: LoadCurve, scale: Scale, language: str):
        self._curve = curve
        self._scale = scale
        self._language = language
        self._taken: list[Box] = []

    def bands(self) -> str:
        """Draw raises and outages, each with a bar and its note in a lane of its own above the plot."""
        scale, slot_minutes = self._scale, self._curve.slot_minutes
        parts = []
        for lane, band in enumerate(self._curve.bands_shown()):
            left, right = scale.x(band.start / slot_minutes), scale.x(band.end / slot_minutes)
            y = 22.0 + 26.0 * lane
            place: dict[str, float] = {
                "x": left,
                "width": right - left,
                "y": scale.top,
                "height": scale.bottom - scale.top,
            }
            parts.append(element("rect", {"class": "band", **place}))
            parts.append(element("line", {"class": "bar", "x1": left, "x2": right, "y1": y + 5, "y2": y + 5}))
            word = f"{'▲' if band.raised else '▼'} {band.label}"
            ends = left + WIDTH_A_CHARACTER * 0.7 * len(word) > scale.right
            room = int((right - scale.left if ends else scale.right - left) / (WIDTH_A_CHARACTER * 0.7))
            short = word if len(word) <= room else f"{word[: max(room - 1, 3)]}…"
            at: dict[str, str | float] = {
                "x": right if ends else left,
                "y": y,
                "text-anchor": "end" if ends else "start",
            }
            parts.append(element("text", {"class": "label", **at}, short))
        return "".join(parts)

    def overloads(self) -> str:
        """Fill what lies above the limit: hatched and tinted for the plan, hatched thinly for the usual timetable."""
        name = self._curve.identity
        parts = [self._above(self._curve.before, (f'fill="url(#thin-{name})"',))]
        parts.append(self._above(self._curve.after, ('class="tint"', f'class="over" fill="url(#hatch-{name})"')))
        return "".join(parts)

    def _above(self, load: NDArray[np.float64], looks: tuple[str, ...]) -> str:
        """Outline the part of a load above the limit, once for each look."""
        scale, limit = self._scale, self._curve.limit
        parts = []
        for first, last in runs(load > limit):
            edges = [scale.x(self._curve.first + place) for place in range(first, last + 1)]
            top = [scale.y(value) for value in load[first:last].tolist()]
            low = [scale.y(value) for value in limit[first:last].tolist()]
            there = _corners(edges, top)
            back = _corners(edges, low)[::-1]
            points = _points(there + back)
            parts += [f'<polygon {look} points="{points}"/>' for look in looks]
        return "".join(parts)

    def lines(self) -> str:
        """Draw the step lines; the load of the plan comes last and so on top."""
        curve, scale = self._curve, self._scale
        parts = []
        for line in scale.steps(curve.after):
            ground = [(line[0][0], scale.bottom), *line, (line[-1][0], scale.bottom)]
            parts.append(f'<polygon class="area" points="{_points(ground)}"/>')
        for kind in ("capacity", "limit", "before", "after"):
            for line in scale.steps(getattr(curve, kind)):
                parts.append(f'<polyline class="{kind}" points="{_points(line)}"/>')
        return "".join(parts)

    def labels(self) -> str:
        """Write the name of each line beside it."""
        if not len(self._curve.before):
            at = {"x": self._scale.left + 8, "y": self._scale.top + 30}
            return element("text", {"class": "label", **at}, line_word("nothing", self._language))
        return self._bound_labels() + self._load_labels()

    def _bound_labels(self) -> str:
        """Write the names of limit and capacity at the right end of their lines."""
        curve = self._curve
        if np.array_equal(curve.limit, curve.capacity):
            return self._bound_label("both", curve.limit, above=True)
        heights = [self._last_height(curve.limit), self._last_height(curve.capacity)]
        near = None not in heights and heights[0] - heights[1] < HEIGHT + 4  # type: ignore[operator]
        low = heights[0] is not None and heights[0] + HEIGHT > self._scale.bottom
        capacity = self._bound_label("capacity", curve.capacity, above=True, lift=HEIGHT if near and low else 0.0)
        return capacity + self._bound_label("limit", curve.limit, above=low or not near)

    def _last_height(self, bound: NDArray[np.float64]) -> float | None:
        lines = self._scale.steps(bound)
        return lines[-1][-1][1] if lines else None

    def _bound_label(self, kind: str, bound: NDArray[np.float64], above: bool, lift: float = 0.0) -> str:
        scale = self._scale
        finite = bound[np.isfinite(bound)]
        if not len(finite):
            return ""
        word = bound_word(kind, float(finite[-1]), self._language)
        lines = scale.steps(bound)
        x, height = lines[-1][-1] if lines else (scale.right, scale.top)
        if not lines:
            # Far above every load: the line would lie outside, so an arrow says where it is.
            word, above = f"↑ {word}", False
            height += HEIGHT if kind == "limit" else 0.0
        y = height - 7 - lift if above and height - HEIGHT > scale.top - HEIGHT else height + 18
        width = WIDTH_A_CHARACTER * len(word)
        self._taken.append(Box(x - width, y - HEIGHT + 5, x, y + 5))
        return element("text", {"class": "label", "x": x - 4, "y": y, "text-anchor": "end"}, word)

    def _load_labels(self) -> str:
        curve = self._curve
        if not curve.before.any() and not curve.after.any():
            return ""
        if np.allclose(curve.before, curve.after):
            return self._load_label("same", curve.after, ("above", "below"))
        after = self._load_label("after", curve.after, ("below", "above")) if curve.after.any() else ""
        before = self._load_label("before", curve.before, ("above", "below")) if curve.before.any() else ""
        return before + after

    def _load_label(self, kind: str, load: NDArray[np.float64], sides: tuple[str, ...]) -> str:
        curve, scale = self._curve, self._scale
        word = line_word(kind, self._language)
        names = {"before": ("after",), "after": ("before",), "same": ()}[kind]
        others = [self._heights(getattr(curve, other)) for other in (*names, "limit", "capacity")]
        own = self._heights(load)
        box = place_beside(word, own, others, self._taken, scale, sides)
        if box is None:
            # Nothing is free: beside the peak all the same, where the halo of the letters keeps them legible.
            peak = int(np.argmin(own))
            left = min(scale.x(curve.first + peak), scale.right - WIDTH_A_CHARACTER * len(word))
            box = Box(left, own[peak] - HEIGHT - 4, left + WIDTH_A_CHARACTER * len(word), own[peak] - 4)
        self._taken.append(box)
        look = "is-before" if kind == "before" else "is-after"
        at: dict[str, str | float] = {"x": (box.left + box.right) / 2, "y": box.bottom - 6, "text-anchor": "middle"}
        return element("text", {"class": f"label {look}", **at}, word)

    def _heights(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the height of each slot's value; NaN where it is not drawn."""
        drawn = values <= self._scale.highest * (1 + 1e-9)
        heights = self._scale.bottom - (self._scale.bottom - self._scale.top) * (
            np.where(drawn, values, 0.0) / self._scale.highest
        )
        return np.where(drawn, heights, np.nan)


def _corners(edges: list[float], heights: list[float]) -> list[tuple[float, float]]:
    """Give the corners of a step line from its slots' edges and heights."""
    return [(edges[place + side], height) for place, height in enumerate(heights) for side in (0, 1)]


def _points(corners: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
