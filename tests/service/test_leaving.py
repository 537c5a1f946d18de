"""A school that the region's list does not name any more gives back what it had booked from that day on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from agreement import agreement
from crowded import ACTOR, AT_EIGHT, KEY, TUESDAY, WEDNESDAY, Crowd
from kept_schools import Clock

from scheduler.errors import Refused
from scheduler.service.adoption import adopt_run
from scheduler.service.bookings import accept
from scheduler.service.publishing import publication, publish
from scheduler.service.quotas import set_quota
from scheduler.service.reconciling import reconcile

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

MONDAY = dt.datetime(2021, 4, 5, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock(store: Store) -> Clock:
    store.clock = Clock(MONDAY)
    return store.clock


@pytest.fixture
def crowd(store: Store, clock: Clock, tmp_path: Path) -> Crowd:
    """Give two schools that fill the region: S000 has published its plan, S001 has only accepted it."""
    crowd = Crowd(store, tmp_path / "crowded", schools=3, capacity=60)
    for school in ("S000", "S001"):
        accept(store, ACTOR, KEY, school, crowd.proposal(school).id)
    publish(store, ACTOR, KEY, "S000")
    set_quota(store, ACTOR, KEY, "ent", "connections", 30, TUESDAY, WEDNESDAY, "S000")
    return crowd


def leave(crowd: Crowd, *schools: str) -> None:
    """Bring the region in without some of its schools."""
    crowd.keys = [key for key in crowd.keys if key not in schools]
    crowd.bring(capacity=60)


def test_a_school_that_left_gives_its_room_to_others_and_its_calendars_stay(store: Store, crowd: Crowd) -> None:
    before = publication(store, ACTOR, KEY, "S000")
    assert crowd.committed()[AT_EIGHT] == 2
    leave(crowd, "S000", "S001")
    assert not crowd.committed().any()
    assert (crowd.states("S000"), crowd.states("S001")) == (["published"], ["replaced"])
    assert publication(store, ACTOR, KEY, "S000") == before
    assert accept(store, ACTOR, KEY, "S002", crowd.proposal("S002").id).state == "accepted"
    assert reconcile(store) == []
    assert agreement(store) == []


def test_coming_back_restores_nothing_and_the_school_accepts_again(store: Store, crowd: Crowd) -> None:
    leave(crowd, "S000")
    crowd.keys.append("S000")
    crowd.bring(capacity=60)
    assert crowd.total()[AT_EIGHT] == crowd.committed()[AT_EIGHT] == 1
    accept(store, ACTOR, KEY, "S000", crowd.proposal("S000").id)
    assert crowd.total()[AT_EIGHT] == 2
    publish(store, ACTOR, KEY, "S000")
    assert crowd.total()[AT_EIGHT] == 2
    assert reconcile(store) == []
    assert agreement(store) == []


def test_what_was_booked_before_that_day_stays(store: Store, clock: Clock, crowd: Crowd) -> None:
    """At half past ten in the evening of Tuesday in UTC it is Wednesday in Paris."""
    clock.turn(days=1, hours=10, minutes=30)
    leave(crowd, "S000", "S001")
    assert crowd.total()[AT_EIGHT] == 1, "of the published plan; the accepted one was given up"
    assert crowd.committed()[AT_EIGHT] == 1
    assert reconcile(store) == []


def test_nothing_is_kept_for_a_school_that_left_since_the_run(store: Store, crowd: Crowd) -> None:
    crowd.run(1)
    leave(crowd, "S000", "S001")
    done = adopt_run(store, ACTOR, KEY, 1)
    assert (done.schools, crowd.committed()[AT_EIGHT]) == (1, 1)
    with pytest.raises(Refused, match="bring one first"):
        crowd.proposal("S001")
    assert reconcile(store) == []
