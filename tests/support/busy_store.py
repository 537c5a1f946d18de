"""Writers that keep a store busy, and what must hold of it at every moment.

Each change books a load for a school, adds it to the total of the region, publishes the next number with its feed,
and notes it, all in one transaction: any state that was ever committed satisfies :func:`contradictions`.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import func, insert, select, update

from scheduler.domain.people import service_actor
from scheduler.store import audit
from scheduler.store.scoped import Repository
from scheduler.store.tables.ledger import ledger_entries, ledger_totals
from scheduler.store.tables.publications import feed_contents, publications
from scheduler.store.tables.regions import regions, schools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from sqlalchemy import Select

    from scheduler.store import Store, Work

DATE, AT = dt.date(2021, 4, 6), dt.datetime(2021, 4, 6, 8, tzinfo=dt.UTC)
SCHOOLS = 4
METER = {"platform": "ent", "meter": "connections", "date": DATE}
ACTOR = service_actor("test")


def set_up(store: Store) -> None:
    """Make a region of a few schools, all of whose sums are zero."""
    nothing = np.zeros(3, np.int64).tobytes()
    grid = {"first_date": DATE, "last_date": DATE, "day_start": 450, "day_end": 1140, "slot_minutes": 5}
    region = {"key": "r", "name": "R", "timezone": "Europe/Paris", "policy": {}, "has_periods": False, "created_at": AT}
    with store.write() as work:
        work.connection.execute(insert(regions).values(region | grid))
        common = {"region_id": 1, "level": "", "academy": ""}
        made = [common | {"key": f"s{n}", "name": f"S{n}", "position": n} for n in range(SCHOOLS)]
        work.connection.execute(insert(schools), made)
        work.connection.execute(insert(ledger_totals).values(region_id=1, committed=nothing, booked=nothing, **METER))
        for school in range(1, SCHOOLS + 1):
            work.connection.execute(insert(ledger_entries).values(school_id=school, booked=nothing, **METER))


def change(store: Store, school: int, amount: int) -> None:
    """Book another load for a school and publish its next number."""
    store.in_work(partial(_change, school, amount))


def _change(school: int, amount: int, work: Work) -> None:
    Repository(work, ACTOR.edits).lock_region(1)
    mine = ledger_entries.c.school_id == school
    former = _load(work, select(ledger_entries.c.booked).where(mine))
    total = _load(work, select(ledger_totals.c.booked))
    new = np.full(3, amount, np.int64)
    work.connection.execute(update(ledger_entries).where(mine).values(booked=new.tobytes()))
    work.connection.execute(update(ledger_totals).values(booked=(total + new - former).tobytes()))
    _publish(work, school, amount)
    audit.note(work, ACTOR, "r", "publication.made", f"s{school}", after={"amount": amount})


def _load(work: Work, query: Select[tuple[bytes]]) -> NDArray[np.int64]:
    return np.frombuffer(work.connection.execute(query).scalar_one(), np.int64)


def _publish(work: Work, school: int, amount: int) -> None:
    highest = select(func.coalesce(func.max(publications.c.number), 0)).where(publications.c.school_id == school)
    number = work.connection.execute(highest).scalar_one() + 1
    row = {"school_id": school, "number": number, "published_at": AT, "first_date": DATE, "last_date": DATE}
    content = {"entries": amount, "digest": bytes(32), "content": bytes(2000)}
    made = work.connection.execute(insert(publications).values(row | content).returning(publications.c.id)).scalar_one()
    feed = {"school_id": school, "kind": "teacher", "name": "X", "language": "fr"}
    bytes_ = {"publication_id": made, "etag": str(number), "changed_at": AT, "size": 1, "gzip": b"x"}
    mine = feed_contents.c.school_id == school
    if not work.connection.execute(update(feed_contents).where(mine).values(bytes_)).rowcount:
        work.connection.execute(insert(feed_contents).values(feed | bytes_))


def contradictions(work: Work) -> list[Any]:
    """Say what does not agree in a store; empty where all is well."""
    found: list[Any] = list(audit.verify(work))
    booked = [np.frombuffer(row.booked, np.int64) for row in work.connection.execute(select(ledger_entries))]
    total = np.frombuffer(work.connection.execute(select(ledger_totals.c.booked)).scalar_one(), np.int64)
    if not np.array_equal(sum(booked), total):
        found.append(("ledger", booked, total))
    noted = work.connection.execute(select(func.count()).where(audit.audit_entries.c.chain == "r")).scalar_one()
    published = work.connection.execute(select(func.count()).select_from(publications)).scalar_one()
    if noted != published:
        found.append(("audit", noted, published))
    latest = select(publications.c.school_id, func.max(publications.c.id).label("id")).group_by("school_id").subquery()
    stale = select(latest).outerjoin(feed_contents, feed_contents.c.publication_id == latest.c.id)
    found += work.connection.execute(stale.where(feed_contents.c.id.is_(None))).all()
    return found


@contextmanager
def writers(store: Store, count: int = 3) -> Iterator[list[BaseException]]:
    """Have threads change the store for as long as the block lasts; yields what went wrong in them."""
    stop, wrong = threading.Event(), []

    def write(number: int) -> None:
        choose = random.Random(number)  # noqa: S311 - a test's choice, no secret
        try:
            while not stop.is_set():
                # A breath, for SQLite gives its one place for writers to whoever asks at the right moment.
                stop.wait(0.004)
                change(store, choose.randint(1, SCHOOLS), choose.randint(0, 1000))
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        for thread in threads:
            thread.join()
