"""Why a school's plan is refused for want of room, and where its sessions would fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.free_starts import FreeStarts
from scheduler.domain.ledger import MILLION, UNLIMITED, Account
from scheduler.domain.reason_words import activity_name
from scheduler.domain.spoken import either_of, spoken_date, spoken_time, spoken_whole
from scheduler.domain.verdict_words import platform_name
from scheduler.errors import Refused
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.ledger import Amounts
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region

OFFERS = 3
"""For so many activities of a shortage free starts are looked for."""
TOLD = 10
"""So many shortages are told one by one."""


@dataclass(frozen=True)
class Offer:
    """Where an activity that loads a full slot would fit.

    Attributes
    ----------
    key : str
        Of the session or access window.
    window : bool
    name : str or Text
        As people of the school know it.
    start : int
        Where the plan has it, minute of the day.
    free : tuple of int
        Starts at which all its load fits, nearest first; at most three, empty where there is none.
    """

    key: str
    window: bool
    name: str | Text
    start: int
    free: tuple[int, ...]


@dataclass(frozen=True)
class Shortage:
    """A run of slots in which a plan asks for more than there is.

    Attributes
    ----------
    account : Account
        Platform, meter and date.
    platform : str
        Name of the platform.
    start, end : int
        Minutes of the day; `end` is where the last slot ends.
    missing : int
        The most that is missing in one of the slots, in millionths.
    offers : tuple of Offer
        For the heaviest of the activities that load these slots and that the plan moved or changed, or for the
        heaviest of all where it moved none of them.
    """

    account: Account
    platform: str
    start: int
    end: int
    missing: int
    offers: tuple[Offer, ...] = ()

    def sentence(self) -> Text:
        """Say what is missing and where the sessions fit."""
        number = -(-self.missing // MILLION)
        what = T(
            "{platform}, {date}, {start}–{end}: {amount} missing",
            platform=self.platform,
            date=spoken_date(self.account.date),
            start=spoken_time(self.start),
            end=spoken_time(self.end),
            amount=_amount(self.account.meter, number),
        )
        for offer in self.offers:
            what = T("{clauses}; {clause}", clauses=what, clause=_offered(offer))
        return what


class NoRoom(Refused):
    """A plan asks for more than the limits leave to the school; nothing was changed.

    Attributes
    ----------
    shortages : tuple of Shortage
        By date, platform and time; at least one.

    What to do is said last: the `remedy`, or where no offer helps, that the region can.
    """

    def __init__(self, shortages: Sequence[Shortage], remedy: Text | None = None):
        self.shortages = tuple(shortages)
        told = [shortage.sentence() for shortage in self.shortages[:TOLD]]
        if len(self.shortages) > TOLD:
            told.append(T("And {count} more.", count=len(self.shortages) - TOLD))
        offers = [offer for shortage in self.shortages for offer in shortage.offers]
        if remedy is None and not any(offer.free for offer in offers):
            remedy = T("There is no other start for these sessions nearby: ask the region for a new proposal.")
        if remedy is not None:
            told.append(remedy)
        super().__init__(*told)


def shortages(
    region: Region,
    plan: Plan,
    former: Plan,
    asked: Amounts,
    ceilings: Amounts,
    *,
    order_kept: bool = True,
) -> list[Shortage]:
    """Find where a school's plan has no room.

    Parameters
    ----------
    region : Region
        Of this school alone.
    plan : Plan
    former : Plan
        The plan that it would replace: who has another place in it was moved.
    asked : Amounts
        What the school would book.
    ceilings : Amounts
        What it may book; an account that is not there has no limit.
    order_kept : bool
        False where sharers may change their order.
    """
    changed = _changed(plan, former)
    found = []
    for day, date in enumerate(region.grid.dates):
        most = np.full((len(region.meters), region.grid.slots), UNLIMITED)
        runs = []
        for meter, place in enumerate(region.meters):
            account = Account(place.platform, place.meter, date)
            most[meter] = ceilings.get(account, UNLIMITED)
            if account in asked:
                runs += [(meter, account, *run) for run in short_runs(asked[account] - most[meter])]
        if runs:
            search = FreeStarts(region, day, plan, most, order_kept=order_kept)
            here = plan.on_day(day)
            found += [_shortage(region, search, here, changed[day], *run) for run in runs]
    return found


def short_runs(missing: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Give the runs of slots with something missing: first, last (half-open) and the most that is missing."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], missing > 0, [False]]).astype(np.int8)))
    for first, last in edges.reshape(-1, 2).tolist():
        yield first, last, int(missing[first:last].max())


def _changed(plan: Plan, former: Plan) -> dict[int, set[int]]:
    """Give the rows that have another start or alternative than before, by day."""
    before = {place[:2]: place[2:] for place in _places(former)}
    changed: dict[int, set[int]] = {int(day): set() for day in np.unique(plan.day)}
    for place in _places(plan):
        if before.get(place[:2]) != place[2:]:
            changed[place[0]].add(place[1])
    return changed


def _places(plan: Plan) -> Iterator[tuple[int, int, int, int]]:
    columns = plan.day.tolist(), plan.row.tolist(), plan.start.tolist(), plan.alternative.tolist()
    return zip(*columns, strict=True)


def _shortage(
    region: Region,
    search: FreeStarts,
    here: Plan,
    changed: set[int],
    meter: int,
    account: Account,
    first: int,
    last: int,
    missing: int,
) -> Shortage:
    loading = search.loading(meter, first, last).tolist()
    guilty = [row for row in loading if row in changed] or loading
    starts = dict(zip(here.row.tolist(), here.start.tolist(), strict=True))
    offers = tuple(
        Offer(
            key=region.activities.key_of(row),
            window=bool(region.activities.window[row]),
            name=activity_name(region, row),
            start=starts[row],
            free=search.of(row),
        )
        for row in guilty[:OFFERS]
    )
    minutes = region.grid.slot_minutes
    name = platform_name(region, account.platform)
    return Shortage(account, name, first * minutes, last * minutes, missing, offers)


def _amount(meter: str, number: int) -> Text:
    said, one = spoken_whole(number), number < 2
    if meter == "logins_per_minute":
        return T("{number} login per minute", number=said) if one else T("{number} logins per minute", number=said)
    return T("{number} connection", number=said) if one else T("{number} connections", number=said)


def _offered(offer: Offer) -> Text:
    now = spoken_time(offer.start)
    if not offer.free:
        return T("{name}, at {start}, has no other start nearby", name=offer.name, start=now)
    free = either_of([spoken_time(start) for start in offer.free])
    return T("{name}, at {start}, fits at {times}", name=offer.name, start=now, times=free)
