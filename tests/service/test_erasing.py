"""The end of a school year: what may hold names goes, what is in use stays, and nothing breaks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import any_rows
import pytest
import stores
from sqlalchemy import insert, select, update

from scheduler.domain.people import Role, person_actor, service_actor
from scheduler.domain.school_year import SchoolYear, read_school_year
from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.service.erasing import compact, erasable, erase
from scheduler.service.person_export import export_person
from scheduler.store import Store, audit, open_store
from scheduler.store.tables.people import invitations, people, roles, sign_ins
from scheduler.store.tables.publications import calendar_entries, feed_contents, feeds, publications
from scheduler.store.tables.regions import regions, schools
from scheduler.store.tables.runs import plan_runs, school_plans
from scheduler.store.tables.timetables import timetables

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Table

ACTOR, YEAR = service_actor("test"), SchoolYear(2020)
NEXT = dt.date(2021, 9, 10)
SECRET = b"Mme Untel, salle 12"


def everything_old(store: Store) -> None:
    """Fill a store with two rows of each kind, all of April 2021, none in use, and texts that name somebody."""
    any_rows.fill(store)
    with store.write() as work:
        run = work.connection.execute
        run(update(plan_runs).values(state="done", last_date=any_rows.MOMENT.date(), input=SECRET))
        run(update(schools).values(timetable_id=None))
        run(update(timetables).values(content=SECRET))
        for table in (school_plans, publications):
            run(update(table).values(first_date=any_rows.MOMENT.date(), last_date=any_rows.MOMENT.date()))
        run(update(publications).values(content=SECRET))
        run(update(feed_contents).values(gzip=SECRET))
    with Store(store.engine, lambda: any_rows.MOMENT).write() as work:
        audit.note(work, ACTOR, "r", "timetable.brought", "1", after={"teacher": "Mme Untel"})


def rows(store: Store, table: Table) -> list[Any]:
    with store.read() as work:
        return list(work.connection.execute(select(table).order_by(*table.primary_key)))


def test_what_is_not_in_use_goes_and_the_log_still_holds(store: Store) -> None:
    everything_old(store)
    expected = erasable(store, ACTOR, YEAR).goes
    assert expected == {
        **dict.fromkeys(("runs", "plans", "publications", "versions", "entries", "addresses", "calendars"), 2),
        **{"audit": 1, "failures": 2, "sign_ins": 2, "invitations": 2, "people": 1},
    }
    assert erase(store, ACTOR, YEAR).goes == expected

    assert [row.content for row in rows(store, timetables)] == [None, None]
    assert [(row.input, row.failure, row.report["warnings"]) for row in rows(store, plan_runs)] == [
        (None, None, [])
    ] * 2
    assert [row.placements for row in rows(store, school_plans)] == [None, None]
    assert [row.content for row in rows(store, publications)] == [None, None]
    assert all(row.digest for row in rows(store, publications)), "what was there can still be recognised"
    assert rows(store, calendar_entries) == rows(store, feeds) == rows(store, feed_contents) == []
    operator, principal = rows(store, people)
    assert operator.name == "name é1"
    assert (principal.email, principal.name, principal.password_hash) == ("person-2@erased.invalid", "", None)
    with store.read() as work:
        assert audit.verify(work) == []

    assert set(erase(store, ACTOR, YEAR).goes.values()) == {0}
    noted = {row.what for row in rows(store, audit.audit_entries)}
    assert {"versions.erased", "people.erased"} <= noted


def test_what_is_in_use_stays_and_is_told(store: Store) -> None:
    everything_old(store)
    with store.write() as work:
        run = work.connection.execute
        # School 1: its version is in force. School 2: plan and publication reach into the next year.
        run(update(schools).where(schools.c.id == 1).values(timetable_id=1))
        for table in (school_plans, publications):
            run(update(table).where(table.c.id == 2).values(last_date=NEXT, timetable_id=2))
        run(update(plan_runs).where(plan_runs.c.id == 2).values(state="queued"))
    told = erasable(store, ACTOR, YEAR)
    assert told.stays == {"versions": 2, "plans": 1, "publications": 1, "runs": 1}
    goes = erase(store, ACTOR, YEAR).goes
    assert {name: goes[name] for name in told.stays} == {"versions": 0, "plans": 1, "publications": 1, "runs": 1}
    assert [row.content for row in rows(store, timetables)] == [SECRET, SECRET]
    assert [row.content for row in rows(store, publications)] == [None, SECRET]
    assert [row.input for row in rows(store, plan_runs)] == [None, SECRET]
    assert [(row.school_id, row.gzip) for row in rows(store, feed_contents)] == [(2, SECRET)]
    assert [row.school_id for row in rows(store, feeds)] == []  # withdrawn in the year, both
    assert [row.school_id for row in rows(store, calendar_entries)] == [2]
    assert rows(store, people)[1].name == "name é2", "the school of this person is in use"


@pytest.mark.parametrize("sign", ["signed in since", "invited since", "an operator", "made since"])
def test_people_who_are_still_there_stay(store: Store, sign: str) -> None:
    everything_old(store)
    later = dt.datetime(2021, 9, 2, 8, tzinfo=dt.UTC)
    with store.write() as work:
        run = work.connection.execute
        if sign == "signed in since":
            run(update(sign_ins).where(sign_ins.c.person_id == 2).values(seen_at=later))
        elif sign == "invited since":
            run(update(invitations).where(invitations.c.person_id == 2).values(made_at=later))
        elif sign == "an operator":
            run(insert(roles).values(person_id=2, name="operator", given_at=later))
        else:
            run(update(people).where(people.c.id == 2).values(created_at=later))
    assert erase(store, ACTOR, YEAR).goes["people"] == 0


def test_one_region_alone(store: Store) -> None:
    everything_old(store)
    region = rows(store, regions)[0]
    with store.write() as work:
        work.connection.execute(update(schools).values(region_id=schools.c.id))
    goes = erase(store, ACTOR, YEAR, region.key).goes
    assert goes["versions"] == goes["runs"] == goes["publications"] == goes["plans"] == 1
    assert goes["audit"] == 0
    assert "failures" not in goes
    assert [row.content for row in rows(store, timetables)] == [None, SECRET]


def test_only_whoever_may_and_only_when_the_year_is_over(store: Store) -> None:
    any_rows.fill(store)
    first, second = (row.key for row in rows(store, regions))
    region = person_actor(1, "a@b.fr", [Role("region", region_id=1)])
    assert erasable(store, region, YEAR, first).goes["versions"] == 0
    with pytest.raises(NotThere):
        erasable(store, region, YEAR, second)
    with pytest.raises(Refused, match="only an operator"):
        erasable(store, region, YEAR)
    early = Store(store.engine, lambda: dt.datetime(2021, 8, 31, 23, tzinfo=dt.UTC))
    with pytest.raises(Refused, match="2020-2021 is not over"):
        erase(early, ACTOR, YEAR)


def test_school_years_are_read_as_people_write_them() -> None:
    assert read_school_year(" 2020-2021") == YEAR
    for text in ("2020", "2020-2022", "20-21", "2021-2020", ""):
        with pytest.raises(FaultyInput, match="2020-2021"):
            read_school_year(text)


def test_nothing_of_it_stays_in_the_file(tmp_path: Path) -> None:
    store = open_store(stores.sqlite_address(tmp_path))
    everything_old(store)
    assert any(SECRET in path.read_bytes() for path in tmp_path.iterdir())
    erase(store, ACTOR, YEAR)
    compact(store)
    assert not any(SECRET in path.read_bytes() or b"Untel" in path.read_bytes() for path in tmp_path.iterdir())
    store.dispose()


def test_a_person_gets_all_that_is_kept_about_them_and_no_secret(store: Store) -> None:
    any_rows.fill(store)
    found = export_person(store, ACTOR, "EMAIL é1")
    assert found["people"][0]["name"] == "name é1"
    assert found["roles"][0]["name"] == "operator"
    assert found["timetables"][0]["school"] == rows(store, schools)[0].key
    assert {"sign_ins", "sign_in_failures", "invitations", "feeds", "publications", "wishes"} <= set(found)
    named = {column for rows in found.values() for row in rows for column in row}
    assert not named & {"password_hash", "token_hash", "salt"}
    with pytest.raises(NotThere):
        export_person(store, ACTOR, "nobody@a.fr")
    with pytest.raises(NotThere):
        export_person(store, person_actor(2, "x", [Role("region", region_id=1)]), "email é1")
