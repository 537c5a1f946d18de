"""Schools propose, accept and withdraw; what they book is exact, and nobody gets what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from crowded import ACTOR, AT_EIGHT, AT_NINE, AT_TEN, KEY, SLOTS, TUESDAY, WEDNESDAY, Crowd
from sqlalchemy import select, update

from scheduler.domain.people import Actor, Scope
from scheduler.domain.plan import Plan
from scheduler.domain.room import NoRoom
from scheduler.errors import NotThere, Refused
from scheduler.service.booked import settle
from scheduler.service.bookings import accept, propose, refuse, school_plans, withdraw_acceptance
from scheduler.service.reconciling import reconcile
from scheduler.service.rooms import free, room_for
from scheduler.store import audit
from scheduler.store.tables.ledger import ledger_entries, ledger_totals
from scheduler.store.tables.regions import schools
from scheduler.store.tables.runs import school_plans as plan_rows

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store


@pytest.fixture
def crowd(store: Store, tmp_path: Path) -> Crowd:
    return Crowd(store, tmp_path / "crowded", schools=4, capacity=60)


def publish(crowd: Crowd, school: str, plan_id: int) -> None:
    """Do what publishing does with the states of plans."""
    with crowd.store.write() as work:
        mine = plan_rows.c.school_id == select(schools.c.id).where(schools.c.key == school).scalar_subquery()
        former = mine, plan_rows.c.state == "published", plan_rows.c.id != plan_id
        work.connection.execute(update(plan_rows).where(*former).values(state="replaced"))
        now = {"state": "published", "published_at": work.now}
        work.connection.execute(update(plan_rows).where(plan_rows.c.id == plan_id).values(now))
        settle(work, ACTOR.edits, KEY, school, TUESDAY, WEDNESDAY)


def test_what_is_accepted_is_booked_and_what_is_withdrawn_leaves_nothing(crowd: Crowd) -> None:
    plan = crowd.proposal("S000", early=60)
    assert (plan.state, plan.moved, plan.shift_minutes, plan.activities) == ("proposed", 1, 60, 2)
    assert accept(crowd.store, ACTOR, KEY, "S000", plan.id).state == "accepted"
    expected = [int(AT_NINE <= slot < AT_NINE + 3 or AT_TEN <= slot < AT_TEN + 3) for slot in range(SLOTS)]
    assert crowd.total().tolist() == expected
    assert reconcile(crowd.store) == []
    again = withdraw_acceptance(crowd.store, ACTOR, KEY, "S000", plan.id)
    assert (again.state, again.accepted_at) == ("proposed", None)
    with crowd.store.read() as work:
        assert work.connection.execute(select(ledger_entries)).all() == []
        assert work.connection.execute(select(ledger_totals)).all() == []
    assert reconcile(crowd.store) == []


def test_everything_can_be_done_twice(crowd: Crowd) -> None:
    plan = crowd.proposal("S000")
    assert crowd.proposal("S000").id == plan.id
    for _ in range(2):
        assert accept(crowd.store, ACTOR, KEY, "S000", plan.id).state == "accepted"
    for _ in range(2):
        assert withdraw_acceptance(crowd.store, ACTOR, KEY, "S000", plan.id).state == "proposed"
    for _ in range(2):
        assert refuse(crowd.store, ACTOR, KEY, "S000", plan.id).state == "refused"
    with crowd.store.read() as work:
        told = [row.what for row in audit.entries(work, KEY, of_what="S000")]
        assert audit.verify(work) == []
    assert told == ["plan.refused", "plan.acceptance-withdrawn", "plan.accepted", "plan.proposed"]


def test_the_third_of_three_schools_is_told_where_its_lesson_fits(crowd: Crowd) -> None:
    for school in ("S000", "S001"):
        accept(crowd.store, ACTOR, KEY, school, crowd.proposal(school).id)
    third = crowd.proposal("S002", late=-30)
    with pytest.raises(NoRoom) as refusal:
        accept(crowd.store, ACTOR, KEY, "S002", third.id)
    # The early lesson did not move, but nothing else loads these slots.
    early, late = refusal.value.shortages
    assert (early.start, early.end, early.missing) == (480, 525, 30_000_000)
    assert (early.offers[0].key, early.offers[0].free) == ("early", (525, 540))
    assert (late.start, late.end, late.offers[0].free) == (600, 615, (555, 540, 645))
    assert "Mon ENT, Tuesday 6 April, 8:00–8:45: 30 connections missing" in str(refusal.value)
    assert crowd.states("S002") == ["proposed"]
    assert crowd.total().max() == 2
    offered = crowd.proposal("S002", early=45, late=-45)
    assert accept(crowd.store, ACTOR, KEY, "S002", offered.id).state == "accepted"
    assert crowd.total().max() == 2
    assert reconcile(crowd.store) == []


def test_giving_back_is_allowed_even_above_a_lowered_limit(crowd: Crowd) -> None:
    for school in ("S000", "S001"):
        accept(crowd.store, ACTOR, KEY, school, crowd.proposal(school).id)
    crowd.bring(capacity=30)
    with pytest.raises(NoRoom):
        accept(crowd.store, ACTOR, KEY, "S002", crowd.proposal("S002").id)
    # One lesson gives back two slots of three and asks for a free one; the other gives back all.
    later = crowd.proposal("S001", early=45, late=15)
    assert accept(crowd.store, ACTOR, KEY, "S001", later.id).state == "accepted"
    assert crowd.states("S001") == ["replaced", "accepted"]
    assert crowd.total()[[AT_EIGHT, AT_NINE, AT_TEN, AT_TEN + 1, AT_TEN + 3]].tolist() == [1, 1, 1, 2, 1]
    assert reconcile(crowd.store) == []


def test_a_published_plan_stays_booked_until_another_one_is_published(crowd: Crowd) -> None:
    first = crowd.proposal("S000")
    accept(crowd.store, ACTOR, KEY, "S000", first.id)
    publish(crowd, "S000", first.id)
    with pytest.raises(Refused, match="publish another one"):
        withdraw_acceptance(crowd.store, ACTOR, KEY, "S000", first.id)
    second = crowd.proposal("S000", early=60)
    accept(crowd.store, ACTOR, KEY, "S000", second.id)
    both = crowd.total()
    assert both[[AT_EIGHT, AT_NINE, AT_TEN]].tolist() == [1, 1, 1]
    publish(crowd, "S000", second.id)
    assert crowd.total()[[AT_EIGHT, AT_NINE, AT_TEN]].tolist() == [0, 1, 1]
    assert reconcile(crowd.store) == []
    # Published again, the former plan is booked as long as there is room for it.
    publish(crowd, "S000", first.id)
    assert crowd.total()[[AT_EIGHT, AT_NINE, AT_TEN]].tolist() == [1, 0, 1]
    publish(crowd, "S000", second.id)
    for school in ("S001", "S002"):
        accept(crowd.store, ACTOR, KEY, school, crowd.proposal(school, late=45 if school == "S002" else 0).id)
    with pytest.raises(NoRoom, match="Publish another plan"):
        publish(crowd, "S000", first.id)
    assert reconcile(crowd.store) == []


def test_a_plan_of_another_timetable_is_refused_with_the_remedy(crowd: Crowd) -> None:
    plan = crowd.proposal("S000")
    crowd.bring(capacity=60, minutes=30)
    with pytest.raises(Refused, match="made for version 1 of the timetable, which is no longer in force"):
        accept(crowd.store, ACTOR, KEY, "S000", plan.id)


def test_what_breaks_a_rule_is_neither_kept_nor_booked(crowd: Crowd) -> None:
    with pytest.raises(Refused) as refusal:
        crowd.proposal("S000", early=-45, late=7)
    assert len(refusal.value.reasons) == 2
    assert crowd.states("S000") == []
    nothing = crowd.plan("S000")
    short = Plan(nothing.row[:1], nothing.day[:1], nothing.start[:1], nothing.alternative[:1])
    with pytest.raises(Refused, match="has no start"):
        propose(crowd.store, ACTOR, KEY, "S000", short, TUESDAY, WEDNESDAY)
    with pytest.raises(Refused, match="at least one date"):
        propose(crowd.store, ACTOR, KEY, "S000", nothing, WEDNESDAY, TUESDAY)


def test_nothing_is_there_for_others(crowd: Crowd) -> None:
    plan = crowd.proposal("S000")
    with crowd.store.read() as work:
        other = work.connection.execute(select(schools.c.id).where(schools.c.key == "S001")).scalar_one()
    scope = Scope(schools=frozenset({other}))
    principal = Actor(None, "principal", scope, scope)
    for use in (accept, withdraw_acceptance, refuse):
        with pytest.raises(NotThere):
            use(crowd.store, principal, KEY, "S000", plan.id)
        with pytest.raises(NotThere):
            use(crowd.store, principal, KEY, "S001", plan.id)
    with pytest.raises(NotThere):
        school_plans(crowd.store, principal, KEY, "S000")
    with pytest.raises(NotThere):
        free(crowd.store, principal, KEY, TUESDAY)
    looks = Actor(None, "teacher", scope, Scope())
    assert school_plans(crowd.store, looks, KEY, "S001") == []
    with pytest.raises(NotThere):
        propose(crowd.store, looks, KEY, "S001", crowd.plan("S001"), TUESDAY, WEDNESDAY)
    mine = propose(crowd.store, principal, KEY, "S001", crowd.plan("S001"), TUESDAY, WEDNESDAY)
    assert accept(crowd.store, principal, KEY, "S001", mine.id).state == "accepted"


def test_room_is_told_to_the_region_and_to_a_school(crowd: Crowd) -> None:
    for school in ("S000", "S001"):
        accept(crowd.store, ACTOR, KEY, school, crowd.proposal(school).id)
    (standing,) = free(crowd.store, ACTOR, KEY, TUESDAY)
    assert (standing.limit[AT_EIGHT], standing.total.booked[AT_EIGHT]) == (60_000_000, 60_000_000)
    (mine,) = room_for(crowd.store, ACTOR, KEY, "S000", TUESDAY)
    (other,) = room_for(crowd.store, ACTOR, KEY, "S002", TUESDAY)
    assert (mine.ceiling[AT_EIGHT], other.ceiling[AT_EIGHT], other.ceiling[AT_NINE]) == (30_000_000, 0, 60_000_000)


def test_refused_and_replaced_plans_stay_so(crowd: Crowd) -> None:
    first = crowd.proposal("S000")
    refuse(crowd.store, ACTOR, KEY, "S000", first.id)
    for use in (accept, withdraw_acceptance):
        with pytest.raises(Refused, match="choose"):
            use(crowd.store, ACTOR, KEY, "S000", first.id)
    second, third = crowd.proposal("S000", early=15), crowd.proposal("S000", early=30)
    assert crowd.states("S000") == ["refused", "replaced", "proposed"]
    accept(crowd.store, ACTOR, KEY, "S000", third.id)
    for plan in (second, third):
        with pytest.raises(Refused, match="only a proposal"):
            refuse(crowd.store, ACTOR, KEY, "S000", plan.id)


def test_what_was_booked_in_other_slots_still_counts(crowd: Crowd, tmp_path: Path) -> None:
    for school in ("S000", "S001"):
        accept(crowd.store, ACTOR, KEY, school, crowd.proposal(school).id)
    with crowd.store.write() as work:
        from scheduler.store.tables.regions import regions

        finer = {"slot_minutes": 5, "revision": regions.c.revision + 1}
        work.connection.execute(update(regions).values(finer))
    assert reconcile(crowd.store) == []
    with pytest.raises(NoRoom):
        accept(crowd.store, ACTOR, KEY, "S002", crowd.proposal("S002", early=40, late=45).id)
    accept(crowd.store, ACTOR, KEY, "S002", crowd.proposal("S002", early=45, late=45).id)
    (standing,) = free(crowd.store, ACTOR, KEY, TUESDAY)
    assert (len(standing.limit), standing.total.booked.max()) == (288, 60_000_000)
    assert reconcile(crowd.store) == []
