"""Load profiles: how one head of an alternative loads the limited meters, each distinct one kept once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.domain.usage import HeadLoad, head_load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.region import Region
    from scheduler.domain.timetable import Alternative


@dataclass(frozen=True)
class Profiles:
    """How one head of an alternative loads the limited meters.

    A profile is some pieces, one a meter; a piece is some values, one a slot.

    Attributes
    ----------
    piece_start : ndarray of int32, shape (profiles + 1,)
        Profile p has the pieces from ``piece_start[p]`` to ``piece_start[p + 1]``.
    meter : ndarray of int32, shape (pieces,)
        Which meter a piece loads.
    first_slot : ndarray of int32, shape (pieces,)
        Slot of a piece's first value, counted from the slot in which the activity starts.
    value_start : ndarray of int32, shape (pieces + 1,)
        Piece i has the values from ``value_start[i]`` to ``value_start[i + 1]``.
    values : ndarray of float64
        Average share of one head in a slot.
    """

    piece_start: NDArray[np.int32]
    meter: NDArray[np.int32]
    first_slot: NDArray[np.int32]
    value_start: NDArray[np.int32]
    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.piece_start) - 1


class ProfileTable:
    """Gives equal profiles one number and gathers them."""

    def __init__(self, region: Region):
        self._region = region
        self._numbers: dict[tuple[str, frozenset[str], int, int], int] = {}
        self._pieces: list[list[tuple[int, HeadLoad]]] = []

    def number(self, way: Alternative, minutes: int, minute_in_slot: int) -> int:
        """Give the number of the profile of an alternative of an activity that lasts `minutes`."""
        kind = (way.activity, frozenset(way.platforms), minutes, minute_in_slot)
        if kind not in self._numbers:
            self._numbers[kind] = len(self._numbers)
            self._pieces.append(self._pieces_of(way, minutes, minute_in_slot))
        return self._numbers[kind]

    def _pieces_of(self, way: Alternative, minutes: int, minute_in_slot: int) -> list[tuple[int, HeadLoad]]:
        pieces = []
        for meter, place in enumerate(self._region.meters):
            rows = self._region.usage_rows.get((way.activity, place.platform, place.meter), ())
            if place.platform in way.platforms and rows:
                one = head_load(rows, minutes, minute_in_slot, self._region.grid.slot_minutes)
                if one is not None:
                    pieces.append((meter, one))
        return pieces

    def profiles(self) -> Profiles:
        """Gather what was numbered."""
        flat = [piece for pieces in self._pieces for piece in pieces]
        lengths = [len(one.values) for _, one in flat]
        return Profiles(
            piece_start=np.cumsum([0, *(len(pieces) for pieces in self._pieces)], dtype=np.int32),
            meter=np.array([meter for meter, _ in flat], dtype=np.int32),
            first_slot=np.array([one.first for _, one in flat], dtype=np.int32),
            value_start=np.cumsum([0, *lengths], dtype=np.int32),
            values=np.concatenate([np.zeros(0), *(one.values for _, one in flat)]),
        )


class Loads(NamedTuple):
    """What activities load: which one, which meter, in which slot, how much; several amounts may fall together."""

    activity: NDArray[np.intp]
    meter: NDArray[np.int64]
    slot: NDArray[np.int64]
    amount: NDArray[np.float64]


class FlatProfiles:
    """The values of all profiles one behind the other, to list the loads of many activities at once."""

    def __init__(self, profiles: Profiles):
        lengths = np.diff(profiles.value_start)
        piece = np.repeat(np.arange(len(lengths)), lengths)
        self.meter = profiles.meter[piece].astype(np.int64)
        self.offset = profiles.first_slot[piece] + np.arange(len(piece)) - profiles.value_start[piece]
        self.values = profiles.values
        self.start = profiles.value_start[profiles.piece_start].astype(np.int64)

    def loads(
        self, profile: NDArray[np.int32], slot: NDArray[np.int32], heads: NDArray[np.float64], slots: int
    ) -> Loads:
        """List what activities load that start in given slots; what falls outside the date is left out.

        Parameters
        ----------
        profile, slot : ndarray of int, shape (n,)
            Profile of each activity, and the slot in which it starts.
        heads : ndarray of float64, shape (n,)
        slots : int
            Of the date.
        """
        counts = self.start[profile + 1] - self.start[profile]
        activity = np.repeat(np.arange(len(profile)), counts)
        within = np.arange(len(activity)) - np.repeat(np.cumsum(counts) - counts, counts)
        value = self.start[profile[activity]] + within
        at = slot[activity] + self.offset[value]
        inside = (at >= 0) & (at < slots)
        activity, value = activity[inside], value[inside]
        return Loads(activity, self.meter[value], at[inside], heads[activity] * self.values[value])
