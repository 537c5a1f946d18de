"""From slots and loads to places in a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FAR_ABOVE = 3.0
"""A limit more than this many times the highest load is told in words: drawn, it would flatten the loads."""
HEADROOM = 1.06
"""Room above the highest peak, for the word beside it."""
TIDY_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def tidy_ticks(highest: float, about: int = 5) -> tuple[float, ...]:
    """Give round values from 0 up to at least `highest`, some `about` steps of 1, 2, 2.5 or 5 times a power of ten."""
    if not highest > 0 or not math.isfinite(highest):
        return (0.0, 1.0)
    power = 10.0 ** math.floor(math.log10(highest / about))
    step = next(tidy * power for tidy in TIDY_STEPS if tidy * power >= highest / about * (1 - 1e-9))
    steps = math.ceil(highest / step * (1 - 1e-9))
    return tuple(round(count * step, 9) for count in range(steps + 1))


def highest_to_show(loads: Sequence[NDArray[np.float64]], bounds: Sequence[NDArray[np.float64]]) -> float:
    """Choose the top of a scale that all days of a platform's meter share.

    Parameters
    ----------
    loads : sequence of ndarray
        Loads of any shape; all of them fit under the top.
    bounds : sequence of ndarray
        Limits and capacities, ``inf`` where unlimited; each value fits unless it is far above every load.

    Returns
    -------
    float
        At least 0.
    """
    highest = max((float(np.max(load, initial=0.0)) for load in loads), default=0.0)
    shown = highest
    for bound in bounds:
        finite = bound[np.isfinite(bound)]
        near = finite[finite <= FAR_ABOVE * highest] if highest > 0 else finite
        shown = max(shown, float(np.max(near, initial=0.0)))
    return HEADROOM * shown


@dataclass(frozen=True)
class Scale:
    """Where a slot's edge and a load lie in a picture.

    Attributes
    ----------
    left, right, top, bottom : float
        Edges of the plot, in units of the picture, y downwards.
    first, slots : int
        The first slot shown and how many are.
    highest : float
        The load at the top edge, above 0.
    """

    left: float
    right: float
    top: float
    bottom: float
    first: int
    slots: int
    highest: float

    def x(self, slot: float) -> float:
        """Give the left edge of a slot, counted from 00:00."""
        return self.left + (self.right - self.left) * (slot - self.first) / max(self.slots, 1)

    def y(self, load: float) -> float:
        """Give the height of a load."""
        return self.bottom - (self.bottom - self.top) * load / self.highest

    def steps(self, values: NDArray[np.float64]) -> list[list[tuple[float, float]]]:
        """Draw one value a slot as step lines; a slot without a finite value under the top interrupts them.

        Parameters
        ----------
        values : ndarray of float64, shape (slots,)

        Returns
        -------
        list of list of (x, y)
            One list an unbroken stretch; equal neighbours are one step.
        """
        lines: list[list[tuple[float, float]]] = []
        line: list[tuple[float, float]] = []
        for place, value in enumerate(values.tolist()):
            if not value <= self.highest * (1 + 1e-9):
                line = []
                continue
            if not line:
                line = [(self.x(self.first + place), self.y(value))]
                lines.append(line)
            elif line[-1][1] == self.y(value):
                line.pop()
            else:
                line.append((self.x(self.first + place), self.y(value)))
            line.append((self.x(self.first + place + 1), self.y(value)))
        return lines


def runs(marked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Give the half-open ranges of consecutive True elements."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]
