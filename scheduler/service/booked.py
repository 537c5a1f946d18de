"""How school plans come to be booked: what they ask, whether they may be accepted, and whether there is room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.audit import audit
from scheduler.domain.ledger import Entry, ceiling, limits, nothing, school_loads
from scheduler.domain.plan import usual_plan
from scheduler.domain.room import NoRoom, shortages
from scheduler.domain.school_plans import ACCEPTED, PROPOSED, PUBLISHED, SchoolPlan
from scheduler.errors import Refused
from scheduler.service.kept_regions import one_school
from scheduler.store.ledger import Ledger
from scheduler.store.school_plans import SchoolPlans
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from scheduler.domain.ledger import Account, Amounts
    from scheduler.domain.people import Scope
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region
    from scheduler.store import Store, Work


@dataclass(frozen=True)
class Reckoned:
    """What a school's plan comes to in its region as it was at a revision.

    Attributes
    ----------
    revision : int
    timetable_id : int
    region : Region
        With this school alone, on the dates of the plan.
    plan : Plan
    loads : dict
        What the plan asks of each account, in millionths by slot.
    """

    revision: int
    timetable_id: int
    region: Region
    plan: Plan
    loads: dict[Account, NDArray[np.int64]]


class Lacking(Exception):
    """Ends a transaction that would book more than there is.

    Where its sessions would fit is looked for afterwards, when nothing is locked any more.

    Attributes
    ----------
    asked, ceilings : mapping
        What would be booked and what may be, in the accounts where it is too much.
    """

    def __init__(self, asked: Amounts, ceilings: Amounts):
        self.asked, self.ceilings = asked, ceilings
        super().__init__()


def reckon_own(
    work: Work, scope: Scope, region_key: str, school_key: str, plan: Plan, dates: tuple[dt.date, dt.date]
) -> Reckoned:
    """Audit a plan for a school's timetable in force and reckon what it asks.

    Raises
    ------
    NotThere
    Refused
        The school has no timetable, or the plan breaks a hard rule.
    """
    school = SchoolPlans(work, scope).school_row(region_key, school_key)
    if school.timetable_id is None:
        raise Refused(T("the school has no timetable yet; bring one first"))
    region = one_school(work, scope, region_key, school_key, horizon=dates)
    keeps_the_rules(region, plan)
    revision = Ledger(work, scope, school.region_id).revision
    return Reckoned(revision, school.timetable_id, region, plan, school_loads(region, plan))


def reckon_plan(work: Work, scope: Scope, plan: SchoolPlan) -> Reckoned:
    """Audit a kept plan as things stand and reckon what it asks.

    Raises
    ------
    NotThere
    Refused
        It cannot be accepted.
    """
    can_be_accepted(plan)
    placements = SchoolPlans(work, scope).placements(plan.id)
    if placements is None:
        raise Refused(T("the times of the plan were erased; ask the region for a new proposal"))
    region = one_school(work, scope, plan.region, plan.school, horizon=(plan.first_date, plan.last_date))
    keeps_the_rules(region, placements, order_kept=plan.order_kept)
    revision = Ledger(work, scope, plan.region_id).revision
    return Reckoned(revision, plan.timetable_id, region, placements, school_loads(region, placements))


def keeps_the_rules(region: Region, plan: Plan, *, order_kept: bool = True) -> None:
    """Refuse a plan that breaks a hard rule, and say each one (CONTRACT section 3)."""
    broken = audit(region, plan, order_kept=order_kept)
    if broken:
        raise Refused(*broken)


def can_be_accepted(plan: SchoolPlan) -> None:
    """Refuse what is no proposal, and what was made for another timetable."""
    if plan.state != PROPOSED:
        raise Refused(T("the plan is no proposal any more; choose another one, or propose it again"))
    if not plan.current:
        raise Refused(plan.of_other_timetable())


def rebook(
    ledger: Ledger,
    plans: SchoolPlans,
    school_id: int,
    dates: tuple[dt.date, dt.date],
    bounds: Amounts | None = None,
) -> None:
    """Book what a school's plans in force ask on some dates; the region is locked.

    Parameters
    ----------
    ledger : Ledger
    plans : SchoolPlans
    school_id : int
    dates : (date, date)
        First and last, both included.
    bounds : mapping, optional
        The limits of these dates; without, whatever is asked is booked.

    Raises
    ------
    Lacking
        There is not so much, and something would rise.
    """
    asked = plans.in_force(school_id, *dates, ledger.slots)
    former, totals = ledger.entries(school_id, *dates), ledger.totals(*dates)
    changed = {}
    ceilings = {}
    for account in asked.keys() | former.keys():
        before = former.get(account, ledger.no_entry)
        entry = Entry(asked.get(account, nothing(ledger.slots)), before.quota)
        if np.array_equal(before.booked, entry.booked):
            continue
        changed[account] = entry
        if bounds is not None and account in bounds:
            most = ceiling(before, totals.get(account, ledger.no_total), bounds[account])
            if (entry.booked > most).any():
                ceilings[account] = most
    if ceilings:
        raise Lacking(asked, ceilings)
    ledger.change(school_id, changed)


def no_room(store: Store, scope: Scope, plan: SchoolPlan, lacking: Lacking) -> NoRoom:
    """Say where a plan has no room and where its sessions would fit, as things stand."""
    dates = plan.first_date, plan.last_date
    with store.read() as work:
        now = reckon_plan(work, scope, plan)
        former = _former(work, scope, plan, now.region)
        ledger = Ledger(work, scope, plan.region_id)
        entries, totals = ledger.entries(plan.school_id, *dates), ledger.totals(*dates)
    ceilings = {
        account: ceiling(entries.get(account, ledger.no_entry), totals.get(account, ledger.no_total), limit)
        for account, limit in limits(now.region).items()
    }
    # Told is what was refused, even where somebody has given something back since; offered is what is free now.
    told = ceilings | dict(lacking.ceilings)
    return NoRoom(shortages(now.region, now.plan, former, lacking.asked, told, order_kept=plan.order_kept))


def _former(work: Work, scope: Scope, plan: SchoolPlan, region: Region) -> Plan:
    """Give the plan that people go by until now: an accepted or published one of the same dates, else the usual one."""
    plans = SchoolPlans(work, scope)
    for other in plans.of_school(plan.region, plan.school, ACCEPTED, PUBLISHED):
        if (other.timetable_id, other.first_date) == (plan.timetable_id, plan.first_date):
            placements = plans.placements(other.id)
            if placements is not None:
                return placements
    return usual_plan(region)


def settle(work: Work, scope: Scope, region_key: str, school_key: str, first_date: dt.date, last_date: dt.date) -> None:
    """Book what a school's plans in force ask on some dates, once their states have changed.

    For whoever publishes: call it in the transaction that changed the states, with the region locked before the school
    (`Repository.lock_region`). Where a plan that was accepted becomes the published one, this gives back what only the
    former one asked, and is never refused; where a former one is published again, it may be.

    Raises
    ------
    NotThere
    NoRoom
        Without offers: there is no room for what is in force now.
    """
    plans = SchoolPlans(work, scope)
    school = plans.school_row(region_key, school_key)
    plans.lock_region(school.region_id)
    ledger = Ledger(work, scope, school.region_id)
    region = one_school(work, scope, region_key, school_key, horizon=(first_date, last_date))
    try:
        rebook(ledger, plans, school.id, (first_date, last_date), limits(region))
    except Lacking as lacking:
        none = usual_plan(region)
        found = shortages(region, none, none, lacking.asked, lacking.ceilings)
        raise NoRoom(found, T("Publish another plan, or ask the region for room first.")) from None
