"""What each start of each activity costs when every unit of load has its price (CONTRACT sections 4 and 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.usage import head_load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.checking.blocks import Block
    from scheduler.domain.plain_rules import SchoolDay
    from scheduler.domain.region import Region
    from scheduler.domain.timetable import Alternative


class PricedDate:
    """One date of a region with a price for each slot of each limited meter.

    Parameters
    ----------
    region : Region
    price : ndarray of float64, shape (meters, slots)
        Head-minutes a connection in a slot.
    """

    def __init__(self, region: Region, price: NDArray[np.float64]):
        self._region = region
        self._price = price
        self._serving: dict[tuple[int, int, int, bool], NDArray[np.float64]] = {}

    def serving(self, alternatives: int, minutes: int, minute_in_slot: int, locked: bool) -> NDArray[np.float64]:
        """Give what serving one head costs by the slot of the start: the load at its prices, and the switch.

        The cheapest alternative counts at each start; a locked session has its usual one only.

        Returns
        -------
        ndarray of float64, shape (slots,)
            Head-minutes.
        """
        kind = alternatives, minutes, minute_in_slot, locked
        if kind not in self._serving:
            ways = self._region.activities.words.alternatives[alternatives]
            usual = ways[0]
            costs = [
                self._loading(way, minutes, minute_in_slot) + self._switching(usual, way)
                for way in (ways[:1] if locked else ways)
            ]
            self._serving[kind] = np.min(costs, axis=0)
        return self._serving[kind]

    def worth(self, limit: NDArray[np.float64]) -> float:
        """Give Σ price × limit in head-minutes; ``inf`` where an unlimited slot has a price."""
        priced = self._price != 0
        return float((self._price[priced] * limit[priced]).sum())

    def _switching(self, usual: Alternative, way: Alternative) -> float:
        """Other platforms cost switch_minutes a head, another activity activity_minutes (CONTRACT section 4)."""
        policy = self._region.policy
        charge = 0.0
        if set(way.platforms) != set(usual.platforms):
            charge += policy.switch_minutes
        if way.activity != usual.activity:
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

    def block_cost(self, day: SchoolDay, block: Block) -> NDArray[np.float64]:
        """Give what a block costs at each of its shifts, from `block.low` to `block.high`, in head-minutes."""
        activities, policy, slot_minutes = self._region.activities, self._region.policy, self._region.grid.slot_minutes
        shifts = np.arange(block.low, block.high + 1)
        moving = np.abs(shifts) * slot_minutes + policy.move_minutes * (shifts != 0)
        cost = np.zeros(len(shifts))
        for activity in block.activities:
            row = day.rows[activity]
            slot, minute_in_slot = divmod(day.start[activity], slot_minutes)
            serving = self.serving(
                int(activities.alternatives[row]), day.minutes[activity], minute_in_slot, day.locked[activity]
            )
            weight = float(activities.weight[row])
            cost += int(activities.heads[row]) * (weight * moving + serving[slot + shifts])
        return cost
