"""How one head of an activity loads a meter, slot by slot (CONTRACT section 2, usage.csv)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Moment:
    """A time counted in minutes from an activity's start, or from its end."""

    minutes: int
    from_end: bool = False

    def after_start(self, activity_minutes: int) -> int:
        """Give the minutes from the start of an activity that lasts `activity_minutes`."""
        return self.minutes + (activity_minutes if self.from_end else 0)


@dataclass(frozen=True)
class UsageRow:
    """One row of usage.csv: in [start, end) each head of `activity` asks `share` of the platform's meter."""

    activity: str
    platform: str
    meter: str
    start: Moment
    end: Moment
    share: float


@dataclass(frozen=True)
class HeadLoad:
    """What one head asks of one meter.

    Attributes
    ----------
    first : int
        Slot of the first value, counted from the slot in which the activity starts; may be negative.
    values : ndarray of float64
        Average share in each slot from `first` on.
    """

    first: int
    values: NDArray[np.float64]


def head_load(
    rows: Iterable[UsageRow], activity_minutes: int, minute_in_slot: int, slot_minutes: int
) -> HeadLoad | None:
    """Reckon what one head asks of one meter over an activity.

    Parameters
    ----------
    rows : iterable of UsageRow
        The rows of one activity, platform and meter; they add up.
    activity_minutes : int
        How long the activity lasts.
    minute_in_slot : int
        Start of the activity modulo the slot: it needs not begin with a slot.
    slot_minutes : int
        Length of a slot.

    Returns
    -------
    HeadLoad or None
        The time-weighted average over each slot; None where nothing is asked.
    """
    stretches = [
        (
            minute_in_slot + row.start.after_start(activity_minutes),
            minute_in_slot + row.end.after_start(activity_minutes),
            row.share,
        )
        for row in rows
    ]
    stretches = [(start, end, share) for start, end, share in stretches if start < end and share > 0]
    if not stretches:
        return None
    first = min(start for start, _, _ in stretches) // slot_minutes
    last = -(-max(end for _, end, _ in stretches) // slot_minutes)
    slot_starts = slot_minutes * np.arange(first, last)
    values = np.zeros(last - first)
    for start, end, share in stretches:
        minutes = np.minimum(end, slot_starts + slot_minutes) - np.maximum(start, slot_starts)
        values += share * np.maximum(minutes, 0) / slot_minutes
    return HeadLoad(first, values)
