"""Transactions mean the same on both databases."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert, select

from scheduler.domain.people import service_actor
from scheduler.errors import StoreFailed
from scheduler.store import Store, Work, audit, open_store
from scheduler.store.tables.audit import audit_entries
from scheduler.store.tables.people import people

PERSON = {"email": "a@b.fr", "name": "A", "created_at": dt.datetime(2021, 4, 6, 8, tzinfo=dt.UTC)}


def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    def fail(work: Work) -> None:
        work.connection.execute(insert(people).values(PERSON))
        raise KeyError

    with pytest.raises(KeyError):
        store.in_work(fail)
    with store.read() as work:
        assert work.connection.execute(select(people)).all() == []


def test_times_come_back_in_utc(store: Store) -> None:
    paris = dt.datetime(2021, 4, 6, 10, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    with store.write() as work:
        work.connection.execute(insert(people).values(PERSON | {"created_at": paris}))
    with store.read() as work:
        found = work.connection.execute(select(people.c.created_at)).scalar_one()
    assert (found, found.utcoffset()) == (PERSON["created_at"], dt.timedelta(0))


def test_a_reading_work_sees_one_state_and_writes_nothing(store: Store) -> None:
    with store.read() as reading:
        assert reading.connection.execute(select(people)).all() == []
        with store.write() as work:
            work.connection.execute(insert(people).values(PERSON))
        assert reading.connection.execute(select(people)).all() == []
    with pytest.raises(Exception, match=r"(?i)read.?only"), store.read() as work:
        work.connection.execute(insert(people).values(PERSON | {"email": "c@d.fr"}))


def test_a_database_that_does_not_answer_says_so() -> None:
    store = open_store("postgresql+psycopg://postgres@127.0.0.1:1/none")
    with pytest.raises(StoreFailed, match="does not answer"), store.read():
        pass
    store.dispose()


def test_the_audit_log_holds_together_and_tells_what_was_changed(store: Store) -> None:
    actor = service_actor("test")
    for number in range(3):
        with store.write() as work:
            audit.note(work, actor, "grand-est", "capacity.entered", "ent", before=None, after={"amount": number})
    with store.read() as work:
        assert [row.after for row in audit.entries(work, "grand-est")] == [{"amount": n} for n in (2, 1, 0)]
        assert audit.verify(work) == []
    with store.write() as work:
        assert audit.erase_contents(work, work.now + dt.timedelta(seconds=1)) == 3
        assert audit.verify(work) == []
    with store.write() as work:
        audit.note(work, actor, "grand-est", "capacity.entered", "ent", after={"amount": 7})
        entry = audit_entries.c.number == 4
        work.connection.execute(audit_entries.update().where(entry).values(after={"amount": 8}))
        assert "was changed afterwards" in str(audit.verify(work))
        work.connection.execute(audit_entries.delete().where(entry))
        assert "are missing" in str(audit.verify(work))
