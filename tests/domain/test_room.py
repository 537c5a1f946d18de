"""A refusal says what is missing and where the sessions would fit; what it offers is true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import MONDAY, TUESDAY, changed, moved, region_of, session, window
from hypothesis import given
from hypothesis import strategies as st
from random_regions import random_region

from scheduler import translation
from scheduler.domain.audit import audit
from scheduler.domain.ledger import MILLION, Account, school_loads
from scheduler.domain.plan import Plan, usual_plan
from scheduler.domain.problem import build_problem
from scheduler.domain.room import NoRoom, Offer, Shortage, shortages
from scheduler.domain.spoken import either_of, spoken_date, spoken_time, spoken_whole
from scheduler.domain.usage import Moment, UsageRow

if TYPE_CHECKING:
    from scheduler.domain.region import Region

FLAT = [UsageRow("live", "ent", "connections", Moment(0), Moment(0, from_end=True), 1.0)]
ENT = Account("ent", "connections", MONDAY)


def all_day(region: Region, connections: float, **other: float) -> dict[Account, np.ndarray]:
    """Give a ceiling of so many connections, with others from given times (``h08_00``) to the end of the day."""
    most = np.full(region.grid.slots, int(connections * MILLION))
    for time, value in sorted(other.items()):
        hours, minutes = time[1:].split("_")
        most[(int(hours) * 60 + int(minutes)) // region.grid.slot_minutes :] = int(value * MILLION)
    return {ENT: most}


def refused(region: Region, plan: Plan, most: dict[Account, np.ndarray]) -> list[Shortage]:
    return shortages(region, plan, usual_plan(region), school_loads(region, plan), most)


def test_a_moved_session_is_told_the_nearest_starts_before_and_after() -> None:
    region = region_of([session("s", start="08:00", subject="Maths", groups="6A")], usage=FLAT, capacity=100)
    most = all_day(region, 30, h08_20=12, h08_40=30)
    (found,) = refused(region, moved(region, s=15), most)
    assert (found.start, found.end, found.missing) == (500, 520, 18 * MILLION)
    (offer,) = found.offers
    # From 8:15: before, it must end at 8:20, after, it must begin at 8:40; 55 minutes before 8:20 the day is not open.
    assert (offer.key, offer.start, offer.free) == ("s", 495, (520, 525, 530))
    assert str(found.sentence()) == (
        "Mon Bureau Numérique, Monday 5 April, 8:20–8:40: 18 connections missing; "
        "Maths (6A), at 8:15, fits at 8:40, 8:45 or 8:50"
    )


def test_a_start_before_and_one_after_come_first() -> None:
    region = region_of([session("s", start="09:00")], usage=FLAT, capacity=100)
    most = all_day(region, 30, h09_30=0, h09_45=30)
    (found,) = refused(region, moved(region, s=-5), most)
    # Before: 8:35 (ends at 9:30), 20 minutes away; after: 9:45, 50 minutes; then 8:30.
    assert found.offers[0].free == (515, 510, 585)


def test_who_did_not_move_is_not_asked_to() -> None:
    rows = [session("big", start="08:00", heads=90), session("small", start="09:00", heads=5)]
    region = region_of(rows, usage=FLAT, capacity=100)
    plan = moved(region, small=-30)
    (found,) = refused(region, plan, all_day(region, 92))
    assert [offer.key for offer in found.offers] == ["small"]
    assert found.offers[0].free == (535, 540, 545)
    (found,) = refused(region, usual_plan(region), all_day(region, 80))[:1]
    assert [offer.key for offer in found.offers] == ["big"]


def test_what_is_bound_to_others_is_offered_only_what_they_leave() -> None:
    rows = [
        session("s", start="08:00", teachers="X"),
        session("t", start="10:00", teachers="X"),
        session("locked", start="14:00", locked=True),
    ]
    region = region_of(rows, usage=FLAT, capacity=100, max_shift_minutes=180)
    (found,) = refused(region, moved(region, s=10), all_day(region, 30, h08_10=20, h08_15=30))
    # 55 minutes of s and a break of 5 end at 10:00 at the latest.
    assert found.offers[0].free == (495, 500, 505)
    (found,) = refused(region, usual_plan(region), all_day(region, 30, h14_00=20, h15_00=30))
    assert found.offers[0].free == ()


def test_a_tied_session_moves_with_its_fellows_and_all_their_load_fits() -> None:
    rows = [session("s", start="08:00", groups="6A"), session("t", start="10:00", groups="6A")]
    region = region_of(rows, usage=FLAT, capacity=100, move_together="day")
    most = all_day(region, 30, h08_00=20, h08_10=30, h11_05=10, h11_10=30)
    (found,) = refused(region, usual_plan(region), most)
    # From 8:10 on, s fits; t then ends at 11:05; five minutes later it would be in the way of the next shortage.
    assert found.offers[0].free == (490,)


def test_windows_and_other_alternatives_are_named_as_people_know_them() -> None:
    region = region_of([window("w", minutes=15, heads=1500)], capacity=100)
    (found,) = shortages(
        region, usual_plan(region), usual_plan(region), school_loads(region, usual_plan(region)), all_day(region, 10)
    )
    error = NoRoom([found])
    assert "1,490 connections missing; access of parents, at 8:00, has no other start nearby" in str(error)
    assert "ask the region" in str(error.reasons[-1])


def test_of_many_shortages_the_first_are_told() -> None:
    rows = [session(f"s{n}", day=day, start=f"{n:02d}:00") for n in range(8, 15) for day in ("MO", "TU")]
    region = region_of(rows, usage=FLAT, capacity=100, days=2)
    asked = school_loads(region, usual_plan(region))
    most = {account: np.full(288, 10 * MILLION) for account in asked}
    found = shortages(region, usual_plan(region), usual_plan(region), asked, most)
    assert [shortage.account.date for shortage in found] == [MONDAY] * 7 + [TUESDAY] * 7
    assert "And 4 more." in str(NoRoom(found))


@given(seed=st.integers(0, 400), share=st.floats(0.3, 0.9))
def test_every_offer_keeps_the_rules_and_fits(seed: int, share: float) -> None:
    region = random_region(seed)
    if len(region.schools) > 1 or (region.activities.school < 0).any() or len(build_problem(region, 0).tied):
        return
    plan = usual_plan(region)
    loads = school_loads(region, plan)
    most = {account: np.full(len(load), int(load.max() * share)) for account, load in loads.items()}
    for shortage in shortages(region, plan, plan, loads, most):
        for offer in shortage.offers:
            (row,) = (row for row in plan.row.tolist() if region.activities.key_of(row) == offer.key)
            for start in offer.free:
                other = changed(region, {offer.key: start - offer.start}, {})
                assert audit(region, other) == []
                alone = school_loads(region, picked(other, other.row == row))
                rest = school_loads(region, picked(other, other.row != row))
                for account, own in alone.items():
                    together = own + rest.get(account, 0)
                    # Two parts are rounded up each.
                    assert (together <= most[account] + 1)[own > 0].all()


def picked(plan: Plan, elements: np.ndarray) -> Plan:
    return Plan(plan.row[elements], plan.day[elements], plan.start[elements], plan.alternative[elements])


def test_times_dates_and_numbers_are_said() -> None:
    assert str(spoken_time(485)) == "8:05"
    assert str(spoken_date(MONDAY)) == "Monday 5 April"
    assert str(spoken_date(MONDAY.replace(day=1))) == "Thursday 1 April"
    assert [str(spoken_whole(n)) for n in (0, 999, 1000, 1_234_005)] == ["0", "999", "1,000", "1,234,005"]
    assert [str(either_of(list("abc")[:n])) for n in (1, 2, 3)] == ["a", "a or b", "a, b or c"]


@pytest.mark.parametrize("order_kept", [True, False])
def test_sharers_may_change_places_only_where_the_order_is_free(order_kept: bool) -> None:
    rows = [session("s", start="08:00", teachers="X"), session("t", start="09:00", teachers="X")]
    region = region_of(rows, usage=FLAT, capacity=100, max_shift_minutes=180)
    most = all_day(region, 30, h08_00=0, h08_55=30)
    loads = school_loads(region, usual_plan(region))
    (found,) = shortages(region, usual_plan(region), usual_plan(region), loads, most, order_kept=order_kept)
    assert found.offers[0].free == (() if order_kept else (600, 605, 610))


def test_a_refusal_is_said_in_french_too() -> None:
    translation.install()
    shortage = Shortage(
        ENT._replace(date=TUESDAY), "ENT", 480, 495, 339_500_000, (Offer("s", False, "6A", 485, (505, 465)),)
    )
    said = shortage.sentence().in_language("fr").replace("\N{NO-BREAK SPACE}", " ")
    assert said.replace("\N{NARROW NO-BREAK SPACE}", " ") == (
        "ENT, mardi 6 avril, 8 h 00–8 h 15 : il manque 340 connexions ; 6A, à 8 h 05, tient à 8 h 25 ou 7 h 45"
    )
    assert spoken_date(MONDAY.replace(day=1)).in_language("fr") == "jeudi 1er avril"
