"""What a school gives back when the region's list does not name it any more: what it had booked from that day on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select, update

from scheduler.domain.ledger import Account, Entry
from scheduler.domain.people import EVERYTHING
from scheduler.domain.school_plans import ACCEPTED, REPLACED
from scheduler.store.ledger import Ledger
from scheduler.store.school_plans import IN_FORCE, SchoolPlans, pack_loads, unpack_loads
from scheduler.store.tables.runs import school_plans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scheduler.store.engine import Work

AT_ONCE = 500
"""Names of rows in one query; SQLite takes a limited number of them."""


def give_back(work: Work, region_id: int, school_ids: Sequence[int], today: dt.date) -> None:
    """Give back what schools have booked from a date on, and what is kept for them; the region is held.

    Accepted plans that reach that date are given up, with what they had booked before it. What was published stays
    published: calendars go on showing it, but from that date on it asks for nothing, whatever becomes of the school.
    """
    if not school_ids:
        return
    plans, ledger = SchoolPlans(work, EVERYTHING), Ledger(work, EVERYTHING, region_id)
    first = min([today, *(_give_up_plans(plans, some, today) for some in _in_parts(school_ids))])
    former = {(school, account): entry for school, account, entry in ledger.all_entries(first, dt.date.max)}
    gone = set(school_ids)
    asked: dict[int, dict[Account, NDArray[np.int64]]] = {}
    for some in _in_parts(school_ids):
        asked |= dict(plans.all_in_force(some, first, dt.date.max, ledger.slots))

    def as_now(school: int, account: Account, entry: Entry) -> Entry:
        booked = asked.get(school, {}).get(account, ledger.no_entry.booked)
        return Entry(booked, entry.quota if account.date < today else None)

    entries = {key: as_now(*key, entry) if key[0] in gone else entry for key, entry in former.items()}
    entries = {key: entry for key, entry in entries.items() if not entry.empty}
    if len(entries) < len(former) or not all(entry.same_as(former[key]) for key, entry in entries.items()):
        ledger.replace(first, dt.date.max, entries)


def _give_up_plans(plans: SchoolPlans, school_ids: Sequence[int], today: dt.date) -> dt.date:
    """Give accepted plans up, and let the others ask for nothing from a date on; give the first date that changed."""
    connection = plans.connection
    theirs = school_plans.c.school_id.in_(school_ids), school_plans.c.last_date >= today
    accepted = and_(*theirs, school_plans.c.state == ACCEPTED)
    first = connection.execute(select(func.min(school_plans.c.first_date)).where(accepted)).scalar()
    connection.execute(update(school_plans).where(accepted).values(state=REPLACED, accepted_at=None))
    asks = select(school_plans.c.id, school_plans.c.loads).where(*theirs, IN_FORCE, school_plans.c.loads.is_not(None))
    rows = connection.execute(asks).all()
    before = {
        row.id: {account: amount for account, amount in unpack_loads(row.loads).items() if account.date < today}
        for row in rows
    }
    plans.keep_loads({plan_id: pack_loads(loads) for plan_id, loads in before.items()})
    return today if first is None else first


def _in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), AT_ONCE):
        yield ids[first : first + AT_ONCE]
