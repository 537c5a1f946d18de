"""What is published is what is booked, whichever way a school goes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from agreement import agreement
from kept_schools import ACTOR, COLLEGE, FIRST, LAST, REGION, WEEK, Clock, keep_region
from sqlalchemy import update

from scheduler.domain.people import EVERYTHING
from scheduler.domain.plan import Plan, usual_plan
from scheduler.domain.room import NoRoom
from scheduler.service import bookings
from scheduler.service.kept_regions import one_school
from scheduler.service.publishing import publication, publish, withdraw_to
from scheduler.service.reconciling import reconcile
from scheduler.store import Store
from scheduler.store.ledger import Ledger
from scheduler.store.school_plans import SchoolPlans
from scheduler.store.tables.regions import capacity_entries

if TYPE_CHECKING:
    from pathlib import Path


def accepted(store: Store, shift: int, later: dt.timedelta = dt.timedelta(0)) -> int:
    """Propose and accept the college's usual week, moved by minutes, in a week of the horizon."""
    dates = FIRST + later, LAST + later
    with store.read() as work:
        usual = usual_plan(one_school(work, EVERYTHING, REGION, COLLEGE, horizon=dates))
    plan = Plan(usual.row, usual.day, (usual.start + shift).astype(np.int16), usual.alternative)
    proposal = bookings.propose(store, ACTOR, REGION, COLLEGE, plan, *dates)
    return bookings.accept(store, ACTOR, REGION, COLLEGE, proposal.id).id


def books_only(store: Store, *plan_ids: int) -> bool:
    """Tell whether what is booked for the college is what these plans, of different dates, ask."""
    with store.read() as work:
        plans = SchoolPlans(work, EVERYTHING)
        school = plans.school_row(REGION, COLLEGE)
        entries = Ledger(work, EVERYTHING, school.region_id).entries(school.id, FIRST, LAST + 4 * WEEK)
        loads = {account: load for plan in plans.loads(plan_ids).values() for account, load in plan.items()}
    booked = {account: entry.booked for account, entry in entries.items() if entry.booked.any()}
    loads = {account: load for account, load in loads.items() if load.any()}
    return booked.keys() == loads.keys() and all(np.array_equal(booked[account], loads[account]) for account in loads)


def test_publishing_gives_back_what_only_the_former_plan_asked(store: Store, tmp_path: Path) -> None:
    keep_region(store, tmp_path)
    one = accepted(store, 0)
    publish(store, ACTOR, REGION, COLLEGE, one)
    assert books_only(store, one)
    other = accepted(store, 20)
    assert not books_only(store, one)
    assert not books_only(store, other)
    publish(store, ACTOR, REGION, COLLEGE, other)
    assert books_only(store, other)
    withdraw_to(store, ACTOR, REGION, COLLEGE, 1)
    assert books_only(store, one)
    assert agreement(store) == []


def test_going_back_before_next_week_was_published_gives_back_next_week(store: Store, tmp_path: Path) -> None:
    keep_region(store, tmp_path)
    this, following = accepted(store, 0), accepted(store, 10, WEEK)
    for plan in (this, following):
        publish(store, ACTOR, REGION, COLLEGE, plan)
    assert books_only(store, this, following)
    withdraw_to(store, ACTOR, REGION, COLLEGE, 1)
    assert books_only(store, this)
    withdraw_to(store, ACTOR, REGION, COLLEGE, 2)
    assert books_only(store, this, following)
    assert agreement(store) == []


def test_going_back_is_refused_where_there_is_no_room_any_more(store: Store, tmp_path: Path) -> None:
    keep_region(store, tmp_path)
    for shift in (0, 20):
        publish(store, ACTOR, REGION, COLLEGE, accepted(store, shift))
    with store.write() as work:
        work.connection.execute(update(capacity_entries).values(amount=0))
    with pytest.raises(NoRoom):
        withdraw_to(store, ACTOR, REGION, COLLEGE, 1)
    assert publication(store, ACTOR, REGION, COLLEGE).number == 2
    assert agreement(store) == []


def test_a_return_to_a_return_books_what_that_one_showed(store: Store, tmp_path: Path) -> None:
    """The third publication is a return that lacks next week; what the second one showed was booked again with it."""
    keep_region(store, tmp_path)
    this, following = accepted(store, 0), accepted(store, 10, WEEK)
    for plan in (this, following):
        publish(store, ACTOR, REGION, COLLEGE, plan)
    for number in (1, 2, 3):
        withdraw_to(store, ACTOR, REGION, COLLEGE, number)
    assert books_only(store, this)
    assert reconcile(store) == []


def test_a_plan_that_a_return_took_away_is_not_booked_for_the_one_that_shows(store: Store, tmp_path: Path) -> None:
    """Returning to a return booked the plan that was published again last, though calendars showed another one."""
    keep_region(store, tmp_path)
    this, after = accepted(store, 0), accepted(store, 10, 2 * WEEK)
    publish(store, ACTOR, REGION, COLLEGE, this)
    publish(store, ACTOR, REGION, COLLEGE, accepted(store, 20))
    withdraw_to(store, ACTOR, REGION, COLLEGE, 1)
    publish(store, ACTOR, REGION, COLLEGE, after)
    withdraw_to(store, ACTOR, REGION, COLLEGE, 2)
    withdraw_to(store, ACTOR, REGION, COLLEGE, 4)
    assert books_only(store, this, after)
    assert agreement(store) + reconcile(store) == []


def test_going_back_takes_back_an_earlier_week_that_was_published_since(store: Store, tmp_path: Path) -> None:
    """Calendars went on showing the earlier week, while its load was given back, or stood in the ledger for nobody."""
    timed = Store(store.engine, Clock())
    keep_region(timed, tmp_path)
    plans = []
    for shift, later in ((0, WEEK), (10, 0 * WEEK), (20, WEEK)):
        plans.append(accepted(timed, shift, later))
        publish(timed, ACTOR, REGION, COLLEGE, plans[-1])
    back = withdraw_to(timed, ACTOR, REGION, COLLEGE, 1)
    assert {entry.date >= FIRST + WEEK for entry in back.entries if not entry.cancelled} == {True}
    assert books_only(timed, plans[0])
    assert agreement(timed) + reconcile(timed) == []
