"""The ledger's arithmetic: what schools book of the limits, in whole numbers.

An *account* is one meter of a platform on one date; everything in it is an array of int64, one element a slot, in
millionths of a connection (or of a login per minute). Sums of whole numbers are exact, so what is given back leaves
nothing behind. Loads are rounded up and limits down: whole numbers never promise more than there is.

In a slot, what is *committed* to a school is the larger of what it has booked and its quota. A school may book

- whatever does not raise what is committed to it: less than it had, or up to its quota; and
- more, as far as the sum of what is committed to all schools stays within the limit.

Both together are a :func:`ceiling` of what it may book. So Σ booked ≤ Σ committed ≤ limit holds in every slot, as long
as quotas are given within the limit and the limit is not lowered below what is committed; where it is, nobody may
raise anything there, and everybody may give back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.profiles import FlatProfiles, ProfileTable

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region

MILLION = 1_000_000

NOISE = 1e-3
"""Millionths that are rounding of floats."""

UNLIMITED = np.iinfo(np.int64).max
"""In limits: no base is in force in the slot."""

CHUNK = 50_000
"""Activities whose loads are listed in one go: some tens of megabytes."""


class Account(NamedTuple):
    """What is booked together: one meter on one date."""

    platform: str
    meter: str
    date: dt.date


Amounts = Mapping[Account, "NDArray[np.int64]"]
"""Millionths by slot; an account that is not there has nothing in any slot."""


def millionths_up(load: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give loads as whole millionths that are not below them."""
    whole: NDArray[np.int64] = np.ceil(load * MILLION - NOISE).astype(np.int64)
    return whole


def millionths_down(limit: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give limits as whole millionths that are not above them; ``inf`` is `UNLIMITED`."""
    bounded = np.isfinite(limit)
    whole = np.full(limit.shape, UNLIMITED)
    whole[bounded] = np.floor(limit[bounded] * MILLION + NOISE).astype(np.int64)
    return whole


def limits(region: Region) -> dict[Account, NDArray[np.int64]]:
    """Give the limits of every date of a region's horizon; an account that is not there is unlimited."""
    return {
        Account(place.platform, place.meter, date): row
        for date in region.grid.dates
        for place, row in zip(region.meters, millionths_down(region.limit(date)), strict=True)
    }


def school_loads(region: Region, plan: Plan) -> dict[Account, NDArray[np.int64]]:
    """Reckon what the plan of a region of one school asks; see :func:`loads_by_school`."""
    return next((loads for _, loads in loads_by_school(region, plan)), {})


def loads_by_school(region: Region, plan: Plan) -> Iterator[tuple[int, dict[Account, NDArray[np.int64]]]]:
    """Reckon what each school's part of a plan asks of every meter, limited today or not.

    Parameters
    ----------
    region : Region
    plan : Plan
        In any order.

    Yields
    ------
    (school, loads)
        Index of the school, ascending, -1 for the audiences of the region; only accounts with a load.
    """
    schools = region.activities.school[plan.row]
    order = np.lexsort((plan.row, plan.day, schools))
    schools = schools[order]
    starts = np.flatnonzero(np.diff(schools, prepend=np.int32(-2)))
    ends = np.append(starts[1:], len(order))
    profile, flat, places = _profiles(region, plan)
    first = 0
    while first < len(starts):
        # As many whole schools as fit, and at least one.
        last = max(first + 1, int(np.searchsorted(ends, starts[first] + CHUNK, side="right")))
        some = order[starts[first] : ends[last - 1]]
        table = _table(
            region, plan, some, np.repeat(np.arange(last - first), (ends - starts)[first:last]), profile, flat
        )
        for school, days in zip(schools[starts[first:last]].tolist(), table, strict=True):
            yield school, _accounts(region, places, days)
        first = last


def _profiles(region: Region, plan: Plan) -> tuple[NDArray[np.int32], FlatProfiles, tuple[tuple[str, str], ...]]:
    """Give the profile of each element of the plan, the profiles, and the meters that they load."""
    # With a capacity for each, all meters are limited ones, which are those that profiles are made for.
    pairs = dict.fromkeys((row.platform, row.meter) for row in region.usage)
    bases = tuple(CapacityEntry(*pair, None, None, "base", 0.0) for pair in pairs)
    metered = replace(region, capacities=bases)
    table, activities = ProfileTable(metered), region.activities
    columns = (
        activities.alternatives[plan.row],
        plan.alternative,
        activities.minutes[plan.row],
        plan.start % region.grid.slot_minutes,
    )
    distinct, kind = np.unique(np.stack(columns, axis=1).astype(np.int64), axis=0, return_inverse=True)
    numbers = [
        table.number(activities.words.alternatives[code][way], minutes, minute_in_slot)
        for code, way, minutes, minute_in_slot in distinct.tolist()
    ]
    profile = np.array(numbers, dtype=np.int32)[kind.reshape(-1)]
    return profile, FlatProfiles(table.profiles()), tuple((place.platform, place.meter) for place in metered.meters)


def _table(
    region: Region,
    plan: Plan,
    elements: NDArray[np.intp],
    school: NDArray[np.intp],
    profile: NDArray[np.int32],
    flat: FlatProfiles,
) -> NDArray[np.int64]:
    """Sum the loads of some elements of a plan; shape (schools, dates, meters, slots), in millionths."""
    grid = region.grid
    shape = (int(school[-1]) + 1, len(grid.dates), int(flat.meter.max(initial=0)) + 1, grid.slots)
    slot = (plan.start[elements] // grid.slot_minutes).astype(np.int32)
    heads = region.activities.heads[plan.row[elements]].astype(np.float64)
    loads = flat.loads(profile[elements], slot, heads, grid.slots)
    index = (school[loads.activity], plan.day[elements].astype(np.intp)[loads.activity], loads.meter, loads.slot)
    place = np.ravel_multi_index(index, shape)
    # Of no loads at all the sum is one of whole numbers.
    summed = np.bincount(place, loads.amount, int(np.prod(shape))).astype(np.float64)
    return millionths_up(summed.reshape(shape))


def _accounts(
    region: Region, places: tuple[tuple[str, str], ...], days: NDArray[np.int64]
) -> dict[Account, NDArray[np.int64]]:
    asked = np.argwhere(days.any(axis=2)).tolist()
    return {Account(*places[meter], region.grid.dates[day]): days[day, meter].copy() for day, meter in asked}


def highest(parts: Iterable[Amounts]) -> dict[Account, NDArray[np.int64]]:
    """Give the largest of several amounts in each slot."""
    found: dict[Account, NDArray[np.int64]] = {}
    for part in parts:
        for account, amount in part.items():
            found[account] = np.maximum(found[account], amount) if account in found else amount
    return found


@dataclass(frozen=True)
class Entry:
    """A school's entry in one account.

    Attributes
    ----------
    booked : ndarray of int64
        What its plans in force ask.
    quota : ndarray of int64 or None
        What is kept for it; None: nothing is.
    """

    booked: NDArray[np.int64]
    quota: NDArray[np.int64] | None = None

    @property
    def committed(self) -> NDArray[np.int64]:
        """The larger of booked and quota."""
        return self.booked if self.quota is None else np.maximum(self.booked, self.quota)

    @property
    def empty(self) -> bool:
        """Whether nothing is booked and nothing kept."""
        return self.quota is None and not self.booked.any()

    def same_as(self, other: Entry) -> bool:
        """Tell whether both hold the same amounts."""
        if self.quota is None or other.quota is None:
            return self.quota is other.quota and np.array_equal(self.booked, other.booked)
        return np.array_equal(self.booked, other.booked) and np.array_equal(self.quota, other.quota)


@dataclass(frozen=True)
class Total:
    """The sums of one account over all schools of a region."""

    committed: NDArray[np.int64]
    booked: NDArray[np.int64]

    def changed(self, former: Entry, entry: Entry) -> Total:
        """Give the sums once a school's entry `former` has become `entry`."""
        return Total(
            self.committed - former.committed + entry.committed,
            self.booked - former.booked + entry.booked,
        )


@dataclass(frozen=True)
class Standing:
    """How one account stands: arrays of int64, one element a slot, in millionths.

    Attributes
    ----------
    account : Account
    limit : ndarray
        `UNLIMITED` where no base is in force.
    total : Total
        What all schools have.
    """

    account: Account
    limit: NDArray[np.int64]
    total: Total

    @property
    def missing(self) -> NDArray[np.int64]:
        """How much more than the limit is committed, in each slot."""
        over: NDArray[np.int64] = np.maximum(self.total.committed - self.limit, 0)
        return over


@dataclass(frozen=True)
class SchoolStanding:
    """How a school stands in one account: arrays of int64, one element a slot, in millionths.

    Attributes
    ----------
    account : Account
    limit : ndarray
        Of all schools together; `UNLIMITED` where no base is in force.
    ceiling : ndarray
        What the school may book, with what it has booked.
    entry : Entry
        What it has.
    """

    account: Account
    limit: NDArray[np.int64]
    ceiling: NDArray[np.int64]
    entry: Entry


def nothing(slots: int) -> NDArray[np.int64]:
    """Give zero for every slot."""
    return np.zeros(slots, dtype=np.int64)


def ceiling(entry: Entry, total: Total, limit: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give what a school may book in each slot of an account, in millionths.

    Parameters
    ----------
    entry : Entry
        What it has now.
    total : Total
        What all schools have, this one too.
    limit : ndarray of int64
    """
    others = total.committed - entry.committed
    most: NDArray[np.int64] = np.maximum(entry.committed, limit - others)
    return most


def fitted(amount: NDArray[np.int64], slots: int) -> NDArray[np.int64]:
    """Give an amount in other slots, never less than it was: a region may change how its dates are divided.

    Slots are 5, 10 or 15 minutes long, so 288, 144 or 96 a date.
    """
    if len(amount) == slots:
        return amount
    finest = np.repeat(amount, 288 // len(amount))
    coarser: NDArray[np.int64] = finest.reshape(slots, -1).max(axis=1)
    return coarser
