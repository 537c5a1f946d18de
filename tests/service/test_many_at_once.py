"""Twenty who bring timetables, go back, wish and enter capacities at the same time leave nothing lost or doubled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from kept import COLLEGE, KEY, LYCEE, keep_region, principal, region_head
from sqlalchemy import select

from scheduler.domain.wishes import Wish
from scheduler.errors import Refused
from scheduler.service.capacities import enter_capacity, list_capacities
from scheduler.service.timetables import bring_timetable, return_to, versions
from scheduler.service.wishes import list_wishes, state_wish
from scheduler.store import Store, audit
from scheduler.store.tables.audit import audit_entries
from scheduler.store.tables.regions import regions

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.domain.people import Actor

TIMES = 3


def brings(store: Store, actor: Actor, school: str, number: int) -> int:
    """Bring timetables of one session more each time; the windows stay as they are."""
    for time in range(TIMES):
        rows = "".join(f"S{n},MO,08:00,55,9,{number}-{time}\n" for n in range(3))
        text = f"session,day,start,minutes,heads,subject\n{rows}".encode()
        assert bring_timetable(store, actor, KEY, school, sessions=text, source=f"{number}-{time}").changed
    return TIMES


def enters(store: Store, actor: Actor, number: int) -> int:
    """Enter capacities; whoever is told of another's edit looks again, and tries again."""
    entered = 0
    while entered < TIMES:
        row = {"platform": "ent", "meter": "connections", "kind": "change", "amount": str(100 * number + entered)}
        try:
            enter_capacity(store, actor, KEY, row, made_from=list_capacities(store, actor, KEY).revision)
        except Refused:
            continue
        entered += 1
    return TIMES


def goes_back(store: Store, actor: Actor, school: str) -> int:
    """Put the first version in force; somebody else's new one may have come in between."""
    return sum(return_to(store, actor, KEY, school, 1).changed for _ in range(TIMES))


def wishes(store: Store, actor: Actor, school: str, number: int) -> int:
    """State wishes that every timetable here bears."""
    for time in range(TIMES):
        state_wish(store, actor, KEY, school, Wish("latest", "school", "", 1000 + 10 * number + time))
    return TIMES


def test_twenty_at_once_lose_nothing(store: Store) -> None:
    keep_region(store)
    people = {school: principal(store, school, school) for school in (COLLEGE, LYCEE)}
    heads = [region_head(store, f"head{number}") for number in range(4)]
    jobs: list[Callable[[], int]] = []
    for number in range(6):
        for school, actor in people.items():
            jobs.append(lambda school=school, actor=actor, number=number: brings(store, actor, school, number))
    jobs += [lambda number=number, actor=actor: enters(store, actor, number) for number, actor in enumerate(heads)]
    for school, actor in people.items():
        jobs.append(lambda school=school, actor=actor: goes_back(store, actor, school))
        jobs.append(lambda school=school, actor=actor: wishes(store, actor, school, 1))
    assert len(jobs) == 20
    with ThreadPoolExecutor(len(jobs)) as threads:
        changes = sum(job.result() for job in [threads.submit(job) for job in jobs])

    for school, actor in people.items():
        found = versions(store, actor, KEY, school)
        assert [version.number for version in reversed(found)] == list(range(1, 2 + 6 * TIMES))
        assert len({version.source for version in found}) == len(found)
        assert sum(version.in_force for version in found) == 1
        assert {version.windows for version in found} == {found[-1].windows}, "a kept part is kept"
        assert len(list_wishes(store, actor, KEY, school)) == 1
    amounts = [one.entry.amount for one in list_capacities(store, heads[0], KEY).entries[3:]]
    assert sorted(amounts) == [100 * number + time for number in range(4) for time in range(TIMES)]
    with store.read() as work:
        assert audit.verify(work) == []
        revision = work.connection.execute(select(regions.c.revision)).scalar_one()
        chain = work.connection.execute(select(audit_entries).where(audit_entries.c.chain == KEY)).all()
    assert revision == 1 + changes == len(chain)
    assert sorted(entry.revision for entry in chain) == list(range(1, revision + 1))
    brought = {entry.after["source"] for entry in chain if entry.what == "timetable.brought"}
    assert brought == {f"{number}-{time}" for number in range(6) for time in range(TIMES)}
