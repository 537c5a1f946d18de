"""What one of many schools does when all come at once: takes its plan, or where it is refused, an offered time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crowded import ACTOR, KEY, TUESDAY, WEDNESDAY, Crowd
from sqlalchemy import update

from scheduler.domain.room import NoRoom
from scheduler.service.booked import settle
from scheduler.service.bookings import accept
from scheduler.store import open_store
from scheduler.store.tables.runs import school_plans

if TYPE_CHECKING:
    from scheduler.store import Store, Work

TRIES = 4


@dataclass(frozen=True)
class Came:
    """What became of a school: whether it has a plan, how often it was refused, and its longest wait in seconds."""

    school: str
    published: bool
    refusals: int
    longest_wait: float


def comes(store: Store, school: str) -> Came:
    """Propose the usual timetable, take what is offered, and publish."""
    crowd = Crowd.there(store, [school])
    shifts = {"early": 0, "late": 0}
    longest = 0.0
    for refusals in range(TRIES):
        begun = time.monotonic()
        plan = crowd.proposal(school, **shifts)
        try:
            accept(store, ACTOR, KEY, school, plan.id)
        except NoRoom as refusal:
            longest = max(longest, time.monotonic() - begun)
            if not _takes_offers(refusal, shifts):
                return Came(school, False, refusals + 1, longest)
            continue
        publish(store, school, plan.id)
        return Came(school, True, refusals, max(longest, time.monotonic() - begun))
    return Came(school, False, TRIES, longest)


def comes_by_itself(address: str, school: str) -> Came:
    """Do so in a process of its own."""
    store = open_store(address)
    try:
        return comes(store, school)
    finally:
        store.dispose()


def _takes_offers(refusal: NoRoom, shifts: dict[str, int]) -> bool:
    """Move each lesson to the nearest time that is offered for it; False where none is."""
    usual = {"early": 480, "late": 600}
    offers = [offer for shortage in refusal.shortages for offer in shortage.offers]
    for offer in offers:
        if offer.free:
            shifts[offer.key] = offer.free[0] - usual[offer.key]
    return all(offer.free for offer in offers)


def publish(store: Store, school: str, plan_id: int) -> None:
    """Do what publishing does with the states of plans."""

    def use(work: Work) -> None:
        now = {"state": "published", "published_at": work.now}
        work.connection.execute(update(school_plans).where(school_plans.c.id == plan_id).values(now))
        settle(work, ACTOR.edits, KEY, school, TUESDAY, WEDNESDAY)

    store.in_work(use)
