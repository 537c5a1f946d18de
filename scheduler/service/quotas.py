"""Quotas: what the region keeps for schools, beside what adopting a run keeps for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.capacity import METERS
from scheduler.domain.ledger import Account, Entry, limits, millionths_down
from scheduler.domain.room import NoRoom, Shortage, short_runs
from scheduler.domain.verdict_words import platform_name
from scheduler.errors import Refused
from scheduler.service.kept_regions import head_of
from scheduler.store import audit
from scheduler.store.ledger import Ledger, summed
from scheduler.store.school_plans import SchoolPlans
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.domain.ledger import Total
    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.store import Store, Work

LONGEST = dt.timedelta(weeks=8)


def set_quota(
    store: Store,
    actor: Actor,
    region_key: str,
    platform: str,
    meter: str,
    amount: float | None,
    first_date: dt.date,
    last_date: dt.date,
    school_key: str | None = None,
) -> None:
    """Keep the same for a school, or for each school, in every slot of some dates.

    Parameters
    ----------
    store : Store
    actor : Actor
        May change the whole region.
    region_key, platform, meter : str
    amount : float or None
        Connections (or logins per minute) in each slot; None: keep nothing, whoever comes first gets it.
    first_date, last_date : datetime.date
        Both included.
    school_key : str, optional
        One school (``""``: the audiences of the region); without, every school, but not these audiences.

    Raises
    ------
    NotThere
    NoRoom
        So much is not free; says where, and how much is missing.
    Refused
        The amount or the dates cannot be, or the region has no such platform or meter.
    """
    if not dt.timedelta(0) <= last_date - first_date < LONGEST:
        raise Refused(T("a quota is of at least one date and of at most eight weeks; choose other dates"))
    if amount is not None and not 0 <= amount < 1e9:
        raise Refused(T("a quota is a number from 0 on; write how many connections to keep"))
    dates = first_date, last_date

    def keep(work: Work) -> None:
        plans = SchoolPlans(work, actor.edits)
        region_id = plans.region_row(region_key).id
        plans.lock_region(region_id)
        ledger = Ledger(work, actor.edits, region_id)
        region = head_of(work, actor.edits, region_key)
        region = replace(region, grid=replace(region.grid, first_date=first_date, last_date=last_date))
        _is_known(region, platform, meter)
        quota = None if amount is None else millionths_down(np.full(ledger.slots, float(amount)))
        former = {(school, account): entry for school, account, entry in ledger.all_entries(*dates)}
        schools = plans.listed(region_id) if school_key is None else [plans.school_row(region_key, school_key).id]
        changed = {}
        for date in region.grid.dates:
            for school in schools:
                key = school, Account(platform, meter, date)
                changed[key] = Entry(former.get(key, ledger.no_entry).booked, quota)
        entries = {key: entry for key, entry in (former | changed).items() if not entry.empty}
        if entries.keys() == former.keys() and all(entries[key].same_as(former[key]) for key in entries):
            return
        _is_free(region, ledger.totals(*dates), summed((key[1], entry) for key, entry in entries.items()))
        ledger.replace(*dates, entries)
        told = {"platform": platform, "meter": meter, "quota": amount, "from": str(first_date), "to": str(last_date)}
        audit.note(work, actor, region_key, "quota.set", school_key or region_key, after=told)

    store.in_work(keep)


def _is_known(region: Region, platform: str, meter: str) -> None:
    """Refuse a quota of what nobody ever books."""
    if platform not in {known.key for known in region.platforms}:
        raise Refused(T("the region has no platform “{key}”; write one of its own", key=platform))
    if meter not in METERS:
        meters = ", ".join(METERS)
        raise Refused(T("there is no meter “{meter}”; write one of these: {meters}", meter=meter, meters=meters))


def _is_free(region: Region, former: Mapping[Account, Total], sums: Mapping[Account, Total]) -> None:
    """Refuse sums that rise above the limits."""
    found = []
    minutes = region.grid.slot_minutes
    for account, limit in limits(region).items():
        if account in sums:
            committed = sums[account].committed
            before = former[account].committed if account in former else np.zeros_like(committed)
            for first, last, missing in short_runs(np.where(committed > before, committed - limit, 0)):
                name = platform_name(region, account.platform)
                found.append(Shortage(account, name, first * minutes, last * minutes, missing))
    if found:
        raise NoRoom(found, T("Keep less, or choose other dates, or raise the capacity first."))
