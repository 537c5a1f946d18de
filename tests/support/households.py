"""Two regions with two schools each and people in all roles, in a store with a clock that tests turn by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert

from scheduler.domain.people import service_actor
from scheduler.service.people import invite
from scheduler.service.sign_in import SignedIn, signed_in, take_up
from scheduler.store import Store
from scheduler.store.tables.regions import regions, schools

if TYPE_CHECKING:
    from scheduler.domain.people import Actor

MORNING = dt.datetime(2021, 4, 6, 5, 30, tzinfo=dt.UTC)
OPERATORS = service_actor("test")
PASSWORD = "quatre mots pas trop courts"  # noqa: S105 - of people in tests


@dataclass
class Clock:
    """A clock that stands until it is turned."""

    now: dt.datetime = MORNING

    def __call__(self) -> dt.datetime:
        return self.now

    def turn(self, **by: float) -> None:
        """Go on by so much (``minutes=5``)."""
        self.now += dt.timedelta(**by)


def with_clock(store: Store) -> tuple[Store, Clock]:
    """Give the same store on a clock that is turned by hand."""
    clock = Clock()
    return Store(store.engine, clock), clock


def settle(store: Store, region: str, *keys: str) -> None:
    """Make a region with schools, and the row of its own audiences; names are keys in capitals."""
    with store.write() as work:
        values = {
            "key": region,
            "name": region.upper(),
            "timezone": "Europe/Paris",
            "first_date": dt.date(2021, 4, 6),
            "last_date": dt.date(2021, 4, 9),
            "day_start": 450,
            "day_end": 1140,
            "slot_minutes": 5,
            "policy": {},
            "has_periods": False,
            "created_at": work.now,
        }
        number = work.connection.execute(insert(regions).values(**values).returning(regions.c.id)).scalar_one()
        for position, key in enumerate(("", *keys)):
            school = {"region_id": number, "key": key, "name": key.upper(), "level": "", "academy": ""}
            work.connection.execute(insert(schools).values(**school, pupils=None, position=position))


def settle_two(store: Store) -> None:
    """Make the regions ``north`` (schools ``n1``, ``n2``) and ``south`` (``s1``, ``s2``)."""
    settle(store, "north", "n1", "n2")
    settle(store, "south", "s1", "s2")


def newcomer(store: Store, email: str, role: str, region: str | None = None, school: str | None = None) -> str:
    """Invite somebody and let them take it up; give the secret of the sign-in."""
    token = invite(store, OPERATORS, email, role, region, school).token
    assert token
    return take_up(store, token, PASSWORD)


def present(store: Store, token: str) -> SignedIn:
    """Give who is signed in; there must be somebody."""
    found = signed_in(store, token)
    assert found
    return found


def actor(store: Store, email: str, role: str, region: str | None = None, school: str | None = None) -> Actor:
    """Make somebody who is signed in, and give them as an actor."""
    return present(store, newcomer(store, email, role, region, school)).actor
