"""How the bound and the best plan of a run close in on each other, as one small picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.charts.drawing import said
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 480.0, 140.0, 6.0

Point = tuple[float, float | None, float | None]


def closing_svg(points: Sequence[Point], language: str) -> str:
    """Draw bound and best plan over time.

    Parameters
    ----------
    points : sequence of (float, float or None, float or None)
        Seconds, bound and best plan in head-minutes; None where one is not known yet.
    language : str

    Returns
    -------
    str
        One svg element; empty where there is nothing to draw.
    """
    values = [value for _, *both in points for value in both if value is not None]
    if len(points) < 2 or not values:
        return ""
    seconds = [point[0] for point in points]
    # The first plans are often far off: what counts is how they meet.
    top = min(max(values), 3 * max(values[-1], 1.0))
    bottom = min(max(0.0, min(values)), top)
    lines = "".join(
        f'<polyline class="{name}" points="{_steps(points, at, (seconds[0], seconds[-1]), (bottom, top))}"/>'
        for at, name in ((1, "bound"), (2, "plan"))
    )
    _, bound, plan = points[-1]
    description = T(
        "After {seconds} s the lower bound is {bound} and the best plan {plan} head-minutes.",
        seconds=number_in_words(round(seconds[-1]), language),
        bound="–" if bound is None else number_in_words(round(bound), language),
        plan="–" if plan is None else number_in_words(round(plan), language),
    ).in_language(language)
    return (
        f'<svg class="closing" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{said(description)}">'
        f"{lines}</svg>"
    )


def _steps(points: Sequence[Point], at: int, times: tuple[float, float], span: tuple[float, float]) -> str:
    """Give the corners of a step line; what lies above the picture runs along its edge."""
    corners: list[str] = []
    former = None
    for point in points:
        value = point[at]
        if value is None:
            continue
        x = EDGE + (WIDTH - 2 * EDGE) * (float(point[0]) - times[0]) / max(times[1] - times[0], 1e-9)
        share = (min(max(float(value), span[0]), span[1]) - span[0]) / max(span[1] - span[0], 1e-9)
        y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share
        if former is not None:
            corners.append(f"{x:.1f},{former:.1f}")
        corners.append(f"{x:.1f},{y:.1f}")
        former = y
    return " ".join(corners)
