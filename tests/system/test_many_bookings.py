"""Fifty schools accept and publish at once while there is room for some only: never is more booked than there is."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import stores
from crowd_at_once import Came, comes, comes_by_itself
from crowded import ACTOR, AT_EIGHT, AT_TEN, KEY, Crowd

from scheduler.domain.room import NoRoom
from scheduler.service.bookings import accept
from scheduler.service.reconciling import reconcile
from scheduler.store import audit, open_store
from scheduler.store.engine import BUSY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np

    from scheduler.store import Store

SCHOOLS = 50
LESSONS = 14
"""So many lessons have room at a time; from 7:30 to 9:45 that is three times as many early ones, if well packed."""


class Watch(threading.Thread):
    """Looks at what is booked again and again, in transactions of its own."""

    def __init__(self, crowd: Crowd):
        super().__init__()
        self.crowd, self.highest, self.looks, self.over = crowd, 0.0, 0, threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            self.highest = max(self.highest, self.crowd.committed().max(), self.crowd.total().max())
            self.looks += 1
            self.over.wait(0.01)


@pytest.mark.slow
def test_fifty_schools_at_once(store: Store, tmp_path: Path) -> None:
    crowd = Crowd(store, tmp_path / "crowded", SCHOOLS, capacity=30 * LESSONS)

    def at_once() -> list[Came]:
        with ThreadPoolExecutor(SCHOOLS) as pool:
            return list(pool.map(lambda school: comes(store, school), crowd.keys))

    all_come(crowd, at_once)


@pytest.mark.slow
def test_fifty_schools_at_once_in_several_processes_on_sqlite(tmp_path: Path) -> None:
    address = stores.sqlite_address(tmp_path)
    store = open_store(address)
    crowd = Crowd(store, tmp_path / "crowded", SCHOOLS, capacity=30 * LESSONS)

    def at_once() -> list[Came]:
        with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
            return list(pool.map(comes_by_itself, [address] * SCHOOLS, crowd.keys))

    all_come(crowd, at_once)
    store.dispose()


def all_come(crowd: Crowd, at_once: Callable[[], list[Came]]) -> None:
    """Let all come, look on, and see that everything is as it must be."""
    store, watch = crowd.store, Watch(crowd)
    watch.start()
    try:
        came = at_once()
    finally:
        watch.over.set()
        watch.join()
    published = [one.school for one in came if one.published]
    refused = [one.school for one in came if not one.published]
    longest = max(one.longest_wait for one in came)
    print(
        f"\n{len(published)} published, {len(refused)} refused for good, {sum(one.refusals for one in came)} refusals; "
        f"longest wait {longest:.2f} s; highest {watch.highest} of {LESSONS} lessons in {watch.looks} looks"
    )
    assert longest < BUSY_SECONDS
    assert 0 < watch.highest <= LESSONS
    assert LESSONS <= len(published) <= 3 * LESSONS
    assert refused
    assert reconcile(store) == []
    with store.read() as work:
        assert audit.verify(work) == []
    total = crowd.total()
    assert total.max() == LESSONS
    assert total.sum() == 6 * len(published)
    for school in refused[:5]:
        offers_are_the_nearest(crowd, school, total)


def offers_are_the_nearest(crowd: Crowd, school: str, total: np.ndarray) -> None:
    """See that a refused school is offered the nearest starts before and after that have room, now that all is calm."""
    plan = crowd.proposal(school)
    with pytest.raises(NoRoom) as refusal:
        accept(crowd.store, ACTOR, KEY, school, plan.id)
    usual = {"early": AT_EIGHT, "late": AT_TEN}
    offers = {offer.key: offer.free for shortage in refusal.value.shortages for offer in shortage.offers}
    for key, free in offers.items():
        other = next(start for name, start in usual.items() if name != key)
        mine = [int(other <= slot < other + 3) for slot in range(len(total))]
        expected = []
        for by in (-4, -3, -2, -1, 1, 2, 3, 4):
            slots = range(usual[key] + by, usual[key] + by + 3)
            if usual[key] + by >= 30 and all(total[slot] + mine[slot] + 1 <= LESSONS for slot in slots):
                expected.append(by)
        before, after = [by for by in expected[::-1] if by < 0], [by for by in expected if by > 0]
        nearest = [*before[:1], *after[:1]]
        nearest += sorted([*before[1:], *after[1:]], key=abs)[: 3 - len(nearest)]
        assert sorted(free) == sorted((usual[key] + by) * 15 for by in nearest)
