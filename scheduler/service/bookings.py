"""What a school does with its plans: proposes one, accepts one, takes that back.

A plan that a school has accepted is booked in the ledger (scheduler.domain.ledger), and so is the one that it published
last. Where both speak of a date, the larger of the two is booked in each slot: until the accepted one is published,
people go by the other.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from scheduler.domain.ledger import limits
from scheduler.domain.school_plans import ACCEPTED, PROPOSED, PUBLISHED, REFUSED, SchoolPlan
from scheduler.errors import Refused
from scheduler.service.booked import (
    Lacking,
    can_be_accepted,
    no_room,
    rebook,
    reckon_own,
    reckon_plan,
)
from scheduler.store import audit
from scheduler.store.ledger import Ledger
from scheduler.store.school_plans import OwnPlan, SchoolPlans, pack_loads
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.domain.people import Actor
    from scheduler.domain.plan import Plan
    from scheduler.store import Store, Work

LONGEST = dt.timedelta(weeks=8)
"""A plan is of no more dates than a region's horizon (CONTRACT section 2)."""


def propose(
    store: Store, actor: Actor, region_key: str, school_key: str, plan: Plan, first_date: dt.date, last_date: dt.date
) -> SchoolPlan:
    """Keep a plan of a school's own as a proposal, in the place of its former ones of these dates.

    Parameters
    ----------
    store : Store
    actor : Actor
    region_key, school_key : str
        School ``""``: the audiences of the region.
    plan : Plan
        Rows of the school's version in force, days since `first_date`; in any order.
    first_date, last_date : datetime.date
        Both included.

    Returns
    -------
    SchoolPlan
        The proposal; the one that was there where it is this very plan.

    Raises
    ------
    NotThere
    Refused
        With every hard rule that the plan breaks (CONTRACT section 3), or why nothing can be proposed now.
    """
    if not dt.timedelta(0) <= last_date - first_date < LONGEST:
        raise Refused(T("a plan is of at least one date and of at most eight weeks; choose other dates"))
    dates = first_date, last_date

    with store.read() as work:
        seen = reckon_own(work, actor.edits, region_key, school_key, plan, dates)

    def keep(work: Work) -> SchoolPlan:
        plans = SchoolPlans(work, actor.edits)
        school = plans.school_row(region_key, school_key)
        plans.lock_school(school.id)
        now = seen
        if Ledger(work, actor.edits, school.region_id).revision != seen.revision:
            now = reckon_own(work, actor.edits, region_key, school_key, plan, dates)
        plan_id = plans.same_as(school.id, now.timetable_id, dates, plan)
        if plan_id is None:
            own = OwnPlan(plan, plan.shift(now.region))
            plan_id = plans.add(school.id, now.timetable_id, actor.person_id, dates, own)
            plans.keep_loads({plan_id: pack_loads(now.loads)})
            plans.replace_own_proposals(school.id, dates, plan_id)
            audit.note(work, actor, region_key, "plan.proposed", school_key, after={"plan": plan_id})
        return plans.find(region_key, school_key, plan_id)

    return store.in_work(keep)


def accept(store: Store, actor: Actor, region_key: str, school_key: str, plan_id: int) -> SchoolPlan:
    """Accept a proposal and book what it asks; accepting what is accepted or published changes nothing.

    Accepted plans of the school for none but its dates are replaced by it.

    Raises
    ------
    NotThere
    Refused
        The plan was refused or replaced, was made for another timetable, or breaks a hard rule as things stand now.
    NoRoom
        It asks for more than the limits leave to the school; says where, and where its sessions would fit.
    """
    with store.read() as work:
        known = SchoolPlans(work, actor.edits).find(region_key, school_key, plan_id)
        if known.state in (ACCEPTED, PUBLISHED):
            return known
        seen = reckon_plan(work, actor.edits, known)

    def book(work: Work) -> SchoolPlan:
        plans = SchoolPlans(work, actor.edits)
        plan = _locked(plans, known)
        if plan.state in (ACCEPTED, PUBLISHED):
            return plan
        can_be_accepted(plan)
        ledger = Ledger(work, actor.edits, plan.region_id)
        # The revision tells whether limits, rules or timetables changed since they were read without a lock.
        now = seen if ledger.revision == seen.revision else reckon_plan(work, actor.edits, plan)
        plans.keep_loads({plan.id: pack_loads(now.loads)})
        plans.replace_accepted([plan])
        plans.accept([plan.id])
        rebook(ledger, plans, plan.school_id, (plan.first_date, plan.last_date), limits(now.region))
        audit.note(work, actor, region_key, "plan.accepted", school_key, after={"plan": plan_id})
        return plans.find(region_key, school_key, plan_id)

    try:
        return store.in_work(book)
    except Lacking as lacking:
        raise no_room(store, actor.edits, known, lacking) from None


def withdraw_acceptance(store: Store, actor: Actor, region_key: str, school_key: str, plan_id: int) -> SchoolPlan:
    """Make an accepted plan a proposal again and give back what it booked; withdrawing twice changes nothing.

    Raises
    ------
    NotThere
    Refused
        The plan is published already, or was never accepted.
    """

    def give_back(work: Work) -> SchoolPlan:
        plans = SchoolPlans(work, actor.edits)
        plan = _locked(plans, plans.find(region_key, school_key, plan_id))
        if plan.state == PROPOSED:
            return plan
        if plan.state == PUBLISHED:
            raise Refused(T("the plan is published; publish another one in its place"))
        if plan.state != ACCEPTED:
            raise Refused(T("the plan is not accepted; choose one that is"))
        plans.turn(plan.id, PROPOSED)
        ledger = Ledger(work, actor.edits, plan.region_id)
        rebook(ledger, plans, plan.school_id, (plan.first_date, plan.last_date))
        audit.note(work, actor, region_key, "plan.acceptance-withdrawn", school_key, before={"plan": plan_id})
        return plans.find(region_key, school_key, plan_id)

    return store.in_work(give_back)


def refuse(store: Store, actor: Actor, region_key: str, school_key: str, plan_id: int) -> SchoolPlan:
    """Refuse a proposal; refusing twice changes nothing.

    Raises
    ------
    NotThere
    Refused
        The plan is no proposal any more.
    """

    def turn_down(work: Work) -> SchoolPlan:
        plans = SchoolPlans(work, actor.edits)
        plan = _locked(plans, plans.find(region_key, school_key, plan_id))
        if plan.state == REFUSED:
            return plan
        if plan.state != PROPOSED:
            raise Refused(T("only a proposal can be refused; withdraw the acceptance of an accepted plan first"))
        plans.turn(plan.id, REFUSED)
        audit.note(work, actor, region_key, "plan.refused", school_key, after={"plan": plan_id})
        return plans.find(region_key, school_key, plan_id)

    return store.in_work(turn_down)


def school_plans(store: Store, actor: Actor, region_key: str, school_key: str) -> list[SchoolPlan]:
    """List the plans of a school, newest first.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        plans = SchoolPlans(work, actor.sees)
        plans.school_row(region_key, school_key)
        return plans.of_school(region_key, school_key)


def _locked(plans: SchoolPlans, plan: SchoolPlan) -> SchoolPlan:
    """Hold the region and the school of a plan, and give the plan as it is then."""
    plans.lock_region(plan.region_id)
    plans.lock_school(plan.school_id)
    return plans.find(plan.region, plan.school, plan.id)
