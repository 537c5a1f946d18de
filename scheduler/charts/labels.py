"""Where a word can stand beside its line without covering another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scheduler.charts.scale import Scale

HEIGHT = 24.0
WIDTH_A_CHARACTER = 11.5
"""Of the large letters of small screens, so that a place that fits fits on any screen."""
DISTANCE = 4.0


@dataclass(frozen=True)
class Box:
    """A rectangle that a word fills."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether the two rectangles have a point in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def place_beside(
    word: str,
    own: NDArray[np.float64],
    others: Sequence[NDArray[np.float64]],
    taken: Sequence[Box],
    scale: Scale,
    sides: Sequence[str],
) -> Box | None:
    """Find a place for the name of a step line.

    Parameters
    ----------
    word : str
        What is to be written.
    own : ndarray of float64, shape (slots,)
        Heights of the line that the word names, in units of the picture, y downwards.
    others : sequence of ndarray, shape (slots,)
        Heights of the lines that it must not cover; NaN where one is not drawn.
    taken : sequence of Box
        Places of other words.
    scale : Scale
    sides : sequence of str
        ``above`` and ``below``, the preferred one first.

    Returns
    -------
    Box or None
        The place nearest to the line's peak, on the preferred side if there is one; None where nothing is free.
    """
    for side in sides:
        for box, covered in _candidates(word, own, scale, side):
            free = all(_free(box, line[covered]) for line in others)
            if free and not any(box.meets(other) for other in taken):
                return box
    return None


def _candidates(word: str, own: NDArray[np.float64], scale: Scale, side: str) -> Iterator[tuple[Box, slice]]:
    """Give places that touch no part of the line itself, the nearest to its peak first, and the slots they cover."""
    width = WIDTH_A_CHARACTER * len(word)
    peak = int(np.argmin(own))
    lowest = own[peak] + 0.75 * (scale.bottom - own[peak])
    for place in sorted(np.flatnonzero(own <= lowest).tolist(), key=lambda place: abs(place - peak)):
        middle = scale.x(scale.first + place + 0.5)
        left = min(max(middle - width / 2, scale.left + 2), scale.right - width)
        per_slot = (scale.right - scale.left) / scale.slots
        first = int((left - scale.left) / per_slot)
        covered = slice(max(first, 0), int((left + width - scale.left) / per_slot) + 1)
        if side == "above":
            bottom = float(own[covered].min()) - DISTANCE
            box = Box(left, bottom - HEIGHT, left + width, bottom)
        else:
            top = float(own[covered].max()) + DISTANCE
            box = Box(left, top, left + width, top + HEIGHT)
        near = min(abs(float(own[place]) - box.bottom), abs(box.top - float(own[place]))) <= 3 * DISTANCE
        if near and box.top > scale.top - HEIGHT and box.bottom < scale.bottom - 1:
            yield box, covered


def _free(box: Box, heights: NDArray[np.float64]) -> bool:
    """Tell whether a step line through these heights stays out of a box; its risers count."""
    drawn = heights[~np.isnan(heights)]
    return not len(drawn) or bool(drawn.min() > box.bottom + 2 or drawn.max() < box.top - 2)
