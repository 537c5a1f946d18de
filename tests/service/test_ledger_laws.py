"""Whatever schools and the region do one after the other: the ledger is what a plain recomputation says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from crowded import ACTOR, AT_EIGHT, AT_TEN, KEY, LESSON, SLOTS, TUESDAY, WEDNESDAY, Crowd
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, update

from scheduler.domain.room import NoRoom
from scheduler.service.booked import settle
from scheduler.service.bookings import accept, withdraw_acceptance
from scheduler.service.quotas import set_quota
from scheduler.service.reconciling import reconcile
from scheduler.store.tables.ledger import ledger_entries, ledger_totals
from scheduler.store.tables.regions import capacity_entries, regions
from scheduler.store.tables.runs import school_plans

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

SCHOOLS = 2
school_keys = st.integers(0, SCHOOLS - 1).map(lambda number: f"S{number:03d}")
shifts = st.sampled_from([0, 15, 45])


def plain(early: int, late: int) -> list[int]:
    """Give what a school's plan asks, in lessons by slot."""
    starts = AT_EIGHT + early // 15, AT_TEN + late // 15
    return [sum(start <= slot < start + 3 for start in starts) for slot in range(SLOTS)]


class Market(RuleBasedStateMachine):
    """Plans, quotas and capacities at random, and what they come to by lists of whole lessons."""

    crowd: Crowd

    def __init__(self) -> None:
        super().__init__()
        with self.crowd.store.write() as work:
            for table in (ledger_entries, ledger_totals, school_plans):
                work.connection.execute(delete(table))
        self.limit = 2.0
        self._set_capacity()
        nothing = [0.0] * SLOTS
        self.accepted = dict.fromkeys(self.crowd.keys, nothing)
        self.published = dict.fromkeys(self.crowd.keys, nothing)
        self.quota = dict.fromkeys(self.crowd.keys, 0.0)
        self.plan: dict[str, int] = {}

    def booked(self, school: str) -> list[float]:
        return [max(pair) for pair in zip(self.accepted[school], self.published[school], strict=True)]

    def committed(self, school: str) -> list[float]:
        return [max(amount, self.quota[school]) for amount in self.booked(school)]

    def sums(self) -> list[float]:
        return [sum(slot) for slot in zip(*(self.committed(school) for school in self.crowd.keys), strict=True)]

    def allowed(self, before: list[float]) -> bool:
        """Tell whether what is committed now rose nowhere above the limit."""
        return all(now <= then or now <= self.limit for now, then in zip(self.sums(), before, strict=True))

    def _set_capacity(self) -> None:
        with self.crowd.store.write() as work:
            work.connection.execute(update(capacity_entries).values(amount=30 * self.limit))
            work.connection.execute(update(regions).values(revision=regions.c.revision + 1))

    @rule(school=school_keys, early=shifts, late=shifts)
    def accepts(self, school: str, early: int, late: int) -> None:
        plan = self.crowd.proposal(school, early, late)
        former, before = self.accepted[school], self.sums()
        self.accepted[school] = [float(amount) for amount in plain(early, late)]
        if self.allowed(before):
            self.plan[school] = accept(self.crowd.store, ACTOR, KEY, school, plan.id).id
            return
        self.accepted[school] = former
        try:
            accept(self.crowd.store, ACTOR, KEY, school, plan.id)
        except NoRoom as refusal:
            assert refusal.shortages  # noqa: PT017 - the machine goes on
        else:
            raise AssertionError("booked more than there is")

    @rule(school=school_keys)
    def withdraws(self, school: str) -> None:
        if school in self.plan:
            withdraw_acceptance(self.crowd.store, ACTOR, KEY, school, self.plan.pop(school))
            self.accepted[school] = [0.0] * SLOTS

    @rule(school=school_keys)
    def publishes(self, school: str) -> None:
        if school in self.plan:
            with self.crowd.store.write() as work:
                mine = school_plans.c.id == self.plan.pop(school)
                now = {"state": "published", "published_at": work.now}
                work.connection.execute(update(school_plans).where(mine).values(now))
                settle(work, ACTOR.edits, KEY, school, TUESDAY, WEDNESDAY)
            self.published[school], self.accepted[school] = self.accepted[school], [0.0] * SLOTS

    @rule(school=st.none() | school_keys, amount=st.sampled_from([None, 0.5, 1.0]))
    def keeps(self, school: str | None, amount: float | None) -> None:
        former, before = dict(self.quota), self.sums()
        self.quota |= dict.fromkeys([school] if school else self.crowd.keys, amount or 0.0)
        whole = None if amount is None else 30 * amount
        try:
            set_quota(self.crowd.store, ACTOR, KEY, "ent", "connections", whole, TUESDAY, TUESDAY, school)
        except NoRoom:
            assert not self.allowed(before)
            self.quota = former
        else:
            assert self.allowed(before)

    @rule(limit=st.sampled_from([1.0, 1.5, 2.0]))
    def changes_capacity(self, limit: float) -> None:
        self.limit = limit
        self._set_capacity()

    @invariant()
    def the_ledger_is_what_it_should_be(self) -> None:
        booked = [sum(slot) for slot in zip(*(self.booked(school) for school in self.crowd.keys), strict=True)]
        assert (self.crowd.total() * LESSON).tolist() == (np.array(booked) * LESSON).tolist()
        assert (self.crowd.committed() * LESSON).tolist() == (np.array(self.sums()) * LESSON).tolist()
        assert reconcile(self.crowd.store) == []


def test_the_ledger_is_what_a_plain_recomputation_says(store: Store, tmp_path: Path) -> None:
    Market.crowd = Crowd(store, tmp_path / "crowded", SCHOOLS, capacity=60)
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    # Without the shrinking of failures, which takes many minutes with a database behind each step.
    phases = [Phase.explicit, Phase.reuse, Phase.generate]
    few = settings(max_examples=5, stateful_step_count=30, deadline=None, suppress_health_check=checks, phases=phases)
    run_state_machine_as_test(Market, settings=few)
