"""The board on which a school's week is laid: who is taken when, as bit masks, and what may go where."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from scheduler.demo.bells import BellGrid
    from scheduler.demo.lessons import Lesson

DAYS = ("MO", "TU", "WE", "TH", "FR")
WEDNESDAY = 2
DAY_BITS = 10  # a slot of the week is 10 × day + period
_ONE_DAY = (1 << DAY_BITS) - 1


def slot_of(day: int, period: int) -> int:
    """Give the number of a period in the week."""
    return day * DAY_BITS + period


class Board:
    """Occupancy of divisions and teachers ("resources") over the periods of the weeks A and B.

    Each mask is an integer with one bit a slot. Divisions come first in the lists, teachers after them.

    Parameters
    ----------
    grid : BellGrid
        The school's bells.
    resources : int
        Number of divisions and teachers together.
    day_limits : sequence of int
        For each resource the periods that it should have on one day at most.
    """

    def __init__(self, grid: BellGrid, resources: int, day_limits: Sequence[int]):
        self.grid = grid
        lengths = [grid.short if day == WEDNESDAY else len(grid.periods) for day in range(len(DAYS))]
        # A single lunch period is free for all: then the grid has a lunch break under another name.
        common = set(grid.lunch) if len(grid.lunch) == 1 else set()
        self.open = self.pairs = 0
        for day, length in enumerate(lengths):
            for period in range(length):
                if day == WEDNESDAY or period not in common:
                    self.open |= 1 << slot_of(day, period)
                if period in grid.pairs and period + 1 < length:
                    self.pairs |= 1 << slot_of(day, period)
        self.columns = [
            sum(1 << slot_of(day, period) for day in range(len(DAYS))) & self.open
            for period in range(len(grid.periods))
        ]
        self.lunch = [
            0 if day == WEDNESDAY else sum(1 << slot_of(day, period) for period in grid.lunch)
            for day in range(len(DAYS))
        ]
        self.taken = ([0] * resources, [0] * resources)  # weeks A and B
        self.eating = [0] * resources  # the last free lunch period of a day: kept free
        self.full = [0] * resources  # days on which the resource has enough
        self.banned = [0] * resources  # slots that should stay free
        self.seen: dict[tuple[int, str], int] = {}  # days on which a division has a subject
        self.day_limits = day_limits

    def free(self, resources: Sequence[int], lesson: Lesson, gently: int) -> int:
        """Give the slots where `lesson` may start.

        Parameters
        ----------
        resources : sequence of int
            Its divisions and teachers.
        lesson : Lesson
            Tells weeks, length and subject.
        gently : int
            2: keep every wish (a subject once a day, no overlong days, late starts); 1: only the latter two
            wishes; 0: only what must be.
        """
        week_a, week_b = self.taken
        busy = 0
        for resource in resources:
            if lesson.weeks != "B":
                busy |= week_a[resource]
            if lesson.weeks != "A":
                busy |= week_b[resource]
            busy |= self.eating[resource]
            if gently:
                busy |= self.full[resource] | self.banned[resource]
        if gently == 2:
            for division in lesson.divisions:
                busy |= self.seen.get((division, lesson.subject), 0)
        free = self.open & ~busy
        return free & (free >> 1) & self.pairs if lesson.periods == 2 else free

    def half_taken(self, lesson: Lesson) -> int:
        """Give the slots that all divisions of a fortnightly lesson have taken in the other week only."""
        other = self.taken[1] if lesson.weeks == "A" else self.taken[0]
        slots = self.open
        for division in lesson.divisions:
            slots &= other[division]
        return slots

    def put(self, resources: Sequence[int], lesson: Lesson, slot: int) -> None:
        """Take the time of `lesson` at `slot` for all its resources."""
        bits = ((1 << lesson.periods) - 1) << slot
        for week, letter in zip(self.taken, ("A", "B"), strict=True):
            if lesson.weeks in ("", letter):
                for resource in resources:
                    week[resource] |= bits
        self._settle_day(resources, slot // DAY_BITS)
        day_mask = _ONE_DAY << (slot // DAY_BITS * DAY_BITS)
        for division in lesson.divisions:
            key = (division, lesson.subject)
            self.seen[key] = self.seen.get(key, 0) | day_mask

    def lift(self, resources: Sequence[int], lesson: Lesson, slot: int) -> None:
        """Undo `put`; the wish of a subject once a day is not taken up again for that day."""
        bits = ((1 << lesson.periods) - 1) << slot
        for week, letter in zip(self.taken, ("A", "B"), strict=True):
            if lesson.weeks in ("", letter):
                for resource in resources:
                    week[resource] &= ~bits
        self._settle_day(resources, slot // DAY_BITS)

    def _settle_day(self, resources: Sequence[int], day: int) -> None:
        """Bring the kept lunch period and the full days of `resources` up to date."""
        day_mask = _ONE_DAY << (day * DAY_BITS)
        lunch = self.lunch[day]
        week_a, week_b = self.taken
        for resource in resources:
            taken = week_a[resource] | week_b[resource]
            if (taken & day_mask).bit_count() >= self.day_limits[resource]:
                self.full[resource] |= day_mask
            else:
                self.full[resource] &= ~day_mask
            if lunch:
                left = lunch & ~taken
                self.eating[resource] &= ~lunch
                if left & (left - 1) == 0:
                    self.eating[resource] |= left


def any_bit(mask: int, rng: random.Random) -> int:
    """Draw one of the bits of `mask`, which must have one, and give its number."""
    for _ in range(int(rng.random() * mask.bit_count())):
        mask &= mask - 1
    return (mask & -mask).bit_length() - 1
