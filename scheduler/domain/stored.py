"""A plan folder as it was read: what somebody claims, not yet believed (CONTRACT section 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from scheduler.domain.plan import Plan
    from scheduler.domain.reference import Reference
    from scheduler.domain.region import Region
    from scheduler.errors import Fault


@dataclass(frozen=True)
class LoadCell:
    """One row of load.csv; `capacity` and `limit` are ``inf`` where the cells are empty."""

    line: int
    capacity: float
    limit: float
    before: float
    after: float
    price: float


REST_FROM = re.compile(r"([01]\d|2[0-4]):[0-5]\d")


def is_rest_of_day(value: Any) -> TypeGuard[dict[str, str]]:
    """Tell whether a value of report.json says from when on a plan of the rest of a day may move things."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("date"), str)
        and isinstance(value.get("from"), str)
        and REST_FROM.fullmatch(value["from"]) is not None
    )


@dataclass(frozen=True)
class StoredPlan:
    """What a plan folder says, matched to a region.

    Attributes
    ----------
    plan : Plan
        The rows of plan.csv that name an activity, a date and a start; an alternative that the activity does not
        have stands as the usual one and is one of the `problems`.
    line : ndarray of int32
        Line of plan.csv of each element of the plan.
    minutes, shift_minutes : ndarray of int32
        What plan.csv says in these columns, for each element of the plan.
    loads : dict
        (meter, day, slot) -> row of load.csv; meter counts in the region's meters, day from the first date.
    report : dict
        report.json.
    problems : tuple of Fault
        Rows that name what the region does not have: broken rules, to be told with them.
    reference : Reference or None
        What the figures are against (``--stay-close-to``); None: the usual timetable.
    """

    plan: Plan
    line: NDArray[np.int32]
    minutes: NDArray[np.int32]
    shift_minutes: NDArray[np.int32]
    loads: Mapping[tuple[int, int, int], LoadCell]
    report: dict[str, Any]
    problems: tuple[Fault, ...] = ()
    reference: Reference | None = None

    @property
    def order_kept(self) -> bool:
        """False where report.json says that sharers may have changed their order (``--reorder``)."""
        return self.report.get("order_kept") is not False

    def begins_at(self, region: Region, day: int) -> int | None:
        """Give the minute of a date from which on the plan may move things; None where that is all day.

        A plan of the rest of a day says so in report.json: ``"rest_of_day": {"date": …, "from": "HH:MM"}``.
        """
        rest = self.report.get("rest_of_day")
        if not is_rest_of_day(rest) or rest["date"] != region.grid.dates[day].isoformat():
            return None
        hours, minutes = rest["from"].split(":")
        return 60 * int(hours) + int(minutes)

    def prices(self, region: Region, day: int) -> NDArray[np.float64]:
        """Give the prices of one date, head-minutes a connection in a slot; 0 where load.csv has no row.

        Returns
        -------
        ndarray of float64, shape (meters, slots)
        """
        prices = np.zeros((len(region.meters), region.grid.slots))
        for (meter, its_day, slot), cell in self.loads.items():
            if its_day == day:
                prices[meter, slot] = cell.price
        return prices
