"""The load of one head of an activity over time, as one small picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.charts.drawing import element, said

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 480.0, 130.0, 44.0, 24.0, 8.0


def head_svg(points: Sequence[tuple[int, float]], minutes: int, highest: float, title: str, top_word: str) -> str:
    """Draw what one head asks, minute by minute.

    Parameters
    ----------
    points : sequence of (int, float)
        Minute from the start and share of the meter from then on; the last one ends the line.
    minutes : int
        How long the activity lasts; drawn as a band.
    highest : float
        What the scale shows.
    title, top_word : str
        For screen readers, and at the top of the scale.
    """
    first, last = points[0][0], points[-1][0]
    scale = (WIDTH - LEFT - 8) / max(last - first, 1)
    ground = HEIGHT - BOTTOM

    def x(minute: float) -> float:
        return LEFT + (minute - first) * scale

    def y(share: float) -> float:
        return ground - (ground - TOP) * min(share / max(highest, 1e-9), 1.0)

    corners = []
    for (minute, share), (until, _) in zip(points, [*points[1:], points[-1]], strict=True):
        corners += [f"{x(minute):.1f},{y(share):.1f}", f"{x(until):.1f},{y(share):.1f}"]
    parts = [
        element("rect", {"class": "band", "x": x(0), "y": TOP, "width": minutes * scale, "height": ground - TOP}),
        element("line", {"class": "base", "x1": LEFT, "x2": WIDTH - 8, "y1": ground, "y2": ground}),
        f'<polyline class="after" points="{" ".join(corners)}"/>',
        element("text", {"x": LEFT - 6, "y": TOP + 10, "text-anchor": "end"}, top_word),
        element("text", {"x": x(0), "y": HEIGHT - 6, "text-anchor": "middle"}, "0"),
        element("text", {"x": x(minutes), "y": HEIGHT - 6, "text-anchor": "middle"}, str(minutes)),
    ]
    about = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{said(title)}"'
    return f'<svg class="curve head" {about}>{"".join(parts)}</svg>'
