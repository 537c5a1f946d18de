"""What each start of each activity costs when every unit of load has its price (CONTRACT sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.usage import head_load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.checking.blocks import Block
    from scheduler.domain.plain_rules import SchoolDay
    from scheduler.domain.reference import Reference
    from scheduler.domain.region import Region
    from scheduler.domain.timetable import Alternative


Compared = Mapping[int, tuple[int, int]]
"""Row of the activities -> the start, in minutes of the day, and the alternative that it is compared with."""


def compared_on(reference: Reference | None, day: int) -> Compared:
    """Give what a former plan does otherwise than usual on one date."""
    if reference is None:
        return {}
    mine = reference.plan.on_day(day)
    places = zip(mine.start.tolist(), mine.alternative.tolist(), strict=True)
    return dict(zip(mine.row.tolist(), places, strict=True))


class PricedDate:
    """One date of a region with a price for each slot of each limited meter.

    Parameters
    ----------
    region : Region
    price : ndarray of float64, shape (meters, slots)
        Head-minutes a connection in a slot.
    compared : dict, optional
        Row of the activities -> the start and the alternative that it is compared with; the usual ones where it lacks
        an activity.
    minute : int, optional
        Of the rest of a day that has begun: what is compared with an earlier start stays there, served as it is, and
        nothing else starts before it.
    """

    def __init__(
        self, region: Region, price: NDArray[np.float64], compared: Compared | None = None, minute: int | None = None
    ):
        self._minute = minute
        self._region = region
        self._price = price
        self._compared = compared or {}
        self._serving: dict[tuple[int, int, int, int | None, int], NDArray[np.float64]] = {}

    def serving(
        self, alternatives: int, minutes: int, minute_in_slot: int, only: int | None, compared: int = 0
    ) -> NDArray[np.float64]:
        """Give what serving one head costs by the slot of the start: the load at its prices, and the switch.

        The cheapest alternative counts at each start, or that of number `only`. The switch is from alternative number
        `compared`.

        Returns
        -------
        ndarray of float64, shape (slots,)
            Head-minutes.
        """
        kind = alternatives, minutes, minute_in_slot, only, compared
        if kind not in self._serving:
            ways = self._region.activities.words.alternatives[alternatives]
            costs = [
                self._loading(way, minutes, minute_in_slot) + self._switching(ways[compared], way)
                for way in (ways if only is None else ways[only : only + 1])
            ]
            self._serving[kind] = np.min(costs, axis=0)
        return self._serving[kind]

    def worth(self, limit: NDArray[np.float64]) -> float:
        """Give Σ price × limit in head-minutes; ``inf`` where an unlimited slot has a price."""
        priced = self._price != 0
        return float((self._price[priced] * limit[priced]).sum())

    def _switching(self, former: Alternative, way: Alternative) -> float:
        """Other platforms cost switch_minutes a head, another activity activity_minutes (CONTRACT section 4)."""
        policy = self._region.policy
        charge = 0.0
        if set(way.platforms) != set(former.platforms):
            charge += policy.switch_minutes
        if way.activity != former.activity:
            charge += policy.activity_minutes
        return charge

    def _loading(self, way: Alternative, minutes: int, minute_in_slot: int) -> NDArray[np.float64]:
        """Price what one head loads, by the slot of the start; what falls outside the date costs nothing."""
        region = self._region
        slots = region.grid.slots
        cost = np.zeros(slots)
        for meter, place in enumerate(region.meters):
            if place.platform not in way.platforms:
                continue
            rows = region.usage_rows.get((way.activity, place.platform, place.meter), ())
            load = head_load(rows, minutes, minute_in_slot, region.grid.slot_minutes)
            if load is None:
                continue
            for step, share in enumerate(load.values.tolist(), start=load.first):
                # A start in slot s loads slot s + step.
                first, last = max(0, -step), min(slots, slots - step)
                if first < last:
                    cost[first:last] += share * self._price[meter, first + step : last + step]
        return cost

    def _only(self, locked: bool, start: int, alternative: int) -> int | None:
        """Say which alternative alone an activity may have; None: any."""
        if locked:
            return 0
        return alternative if self._minute is not None and start < self._minute else None

    def narrower(self, day: SchoolDay) -> dict[int, tuple[int, int]]:
        """Give how far the activities of a day that has begun may still shift, in slots; none where it has not."""
        if self._minute is None:
            return {}
        slot = self._region.grid.slot_minutes
        found = {}
        for activity, (row, usual) in enumerate(zip(day.rows, day.start, strict=True)):
            start = self._compared.get(row, (usual, 0))[0]
            if start < self._minute:
                found[activity] = (start - usual) // slot, (start - usual) // slot
            else:
                found[activity] = -((usual - self._minute) // slot), self._region.grid.slots
        return found

    def block_cost(self, day: SchoolDay, block: Block) -> NDArray[np.float64]:
        """Give what a block costs at each of its shifts, from `block.low` to `block.high`, in head-minutes."""
        activities, policy, slot_minutes = self._region.activities, self._region.policy, self._region.grid.slot_minutes
        shifts = np.arange(block.low, block.high + 1)
        cost = np.zeros(len(shifts))
        for activity in block.activities:
            row = day.rows[activity]
            slot, minute_in_slot = divmod(day.start[activity], slot_minutes)
            start, alternative = self._compared.get(row, (day.start[activity], 0))
            away = np.abs(day.start[activity] + shifts * slot_minutes - start)
            moving = away + policy.move_minutes * (away != 0)
            serving = self.serving(
                int(activities.alternatives[row]),
                day.minutes[activity],
                minute_in_slot,
                self._only(day.locked[activity], start, alternative),
                alternative,
            )
            weight = float(activities.weight[row])
            cost += int(activities.heads[row]) * (weight * moving + serving[slot + shifts])
        return cost
