"""Whether the ledger agrees with itself and with the plans in force: it must, and operators can see that it does."""

from __future__ import annotations

import datetime as dt
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.people import EVERYTHING
from scheduler.store.ledger import Ledger
from scheduler.store.school_plans import SchoolPlans
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scheduler.domain.ledger import Account, Entry, Total
    from scheduler.store import Store, Work
    from scheduler.wording import Text

    Amounts = dict[Account, NDArray[np.int64]]
    Entries = dict[Account, Entry]


def reconcile(store: Store) -> list[Text]:
    """Sum the entries of all schools anew, and reckon anew what their plans in force ask.

    Returns
    -------
    list of Text
        One sentence a difference; empty where all is well.
    """
    with store.read() as work:
        plans = SchoolPlans(work, EVERYTHING)
        return [found for region_id, key in plans.regions() for found in _differences(work, plans, region_id, key)]


def _differences(work: Work, plans: SchoolPlans, region_id: int, region: str) -> Iterator[Text]:
    ledger = Ledger(work, EVERYTHING, region_id)
    sums: dict[Account, Total] = {}
    for school, asked, entries in _by_school(ledger, plans):
        for account, entry in entries.items():
            sums[account] = sums.get(account, ledger.no_total).changed(ledger.no_entry, entry)
        for account in sorted(asked.keys() | entries.keys()):
            told = entries.get(account, ledger.no_entry).booked
            if not np.array_equal(told, asked.get(account, ledger.no_entry.booked)):
                what = T("what the school with number {school} books is not what its plans ask", school=school)
                yield T("region “{region}”, {account}: {what}", region=region, account=_named(account), what=what)
    totals = ledger.totals()
    for account in sorted(sums.keys() | totals.keys()):
        one, other = (some.get(account, ledger.no_total) for some in (sums, totals))
        if not (np.array_equal(one.committed, other.committed) and np.array_equal(one.booked, other.booked)):
            what = T("the sums are not those of the schools’ entries")
            yield T("region “{region}”, {account}: {what}", region=region, account=_named(account), what=what)


def _by_school(ledger: Ledger, plans: SchoolPlans) -> Iterator[tuple[int, Amounts, Entries]]:
    """Give what each school's plans in force ask, and its entries, over all dates."""
    asked = plans.all_in_force(plans.every(ledger.region_id), dt.date.min, dt.date.max, ledger.slots)
    entries = groupby(ledger.all_entries(), key=itemgetter(0))
    either: Iterator[tuple[int, Amounts, Entries]] = merge(
        ((school, amounts, {}) for school, amounts in asked),
        ((school, {}, {account: entry for _, account, entry in some}) for school, some in entries),
        key=itemgetter(0),
    )
    for school, parts in groupby(either, key=itemgetter(0)):
        amounts: Amounts = {}
        mine: Entries = {}
        for _, some_amounts, some_entries in parts:
            amounts |= some_amounts
            mine |= some_entries
        yield school, amounts, mine


def _named(account: Account) -> Text:
    platform, meter, date = account
    return T("{platform}, {meter}, {date}", platform=platform, meter=meter, date=date.isoformat())
