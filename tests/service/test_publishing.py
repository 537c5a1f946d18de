"""Publishing a school's plan: once, whole, and never back in time."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from typing import TYPE_CHECKING

import pytest
from agreement import agreement
from kept_schools import ACTOR, COLLEGE, FIRST, LAST, LYCEE, NOW, REGION, WEEK, Clock, accept, keep_region, state_of
from sqlalchemy import select, update

from scheduler.domain.people import EVERYTHING, PRINCIPAL, TEACHER, Role, person_actor
from scheduler.errors import NotThere, Refused
from scheduler.service import publication_drafts
from scheduler.service.publishing import compare, publication, publications, publish, withdraw_to
from scheduler.service.publishing_all import publish_all
from scheduler.service.timetables import bring_timetable, return_to
from scheduler.store import audit
from scheduler.store.publications import Publications
from scheduler.store.scoped import Repository
from scheduler.store.tables.publications import feed_contents
from scheduler.store.tables.publications import publications as table
from scheduler.store.tables.runs import school_plans

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

DAY = dt.timedelta(days=1)


@pytest.fixture
def clock(store: Store, tmp_path: Path) -> Clock:
    """Keep the little region in the store, whose clock stands."""
    keep_region(store, tmp_path)
    clock = Clock()
    store.clock = clock
    return clock


def feeds(store: Store) -> dict[tuple[str, str], tuple[dt.datetime, str]]:
    """Give since when feeds say what they say."""
    with store.read() as work:
        rows = work.connection.execute(select(feed_contents)).all()
    return {(row.kind, row.name): (row.changed_at, gzip.decompress(row.gzip).decode()) for row in rows}


def events(content: str) -> list[tuple[str, str]]:
    """Give status and sequence of the events of a feed."""
    found = re.findall(r"SEQUENCE:(\d+).*?STATUS:(\w+)", content, re.DOTALL)
    return [(status, sequence) for sequence, status in found]


def test_a_published_plan_stands_in_every_place(store: Store, clock: Clock) -> None:
    plan = accept(store, shift=25)
    made = publish(store, ACTOR, REGION, COLLEGE, plan)
    assert (made.number, made.published_at, made.school_name) == (1, NOW, "Collège du Rhin")
    assert [(entry.id, entry.start, entry.usual_start) for entry in made.entries] == [
        ("S1", 505, 480),
        ("S2", 565, 540),
        ("families", 985, 960),
    ]
    assert state_of(store, plan) == "published"
    groups = {("group", name) for name in ("6A", "6A/latin", "6B", "6B/latin")}
    others = {("teacher", "Mme Rhin"), ("teacher", "M. Mosel"), ("access", "parents")}
    assert set(feeds(store)) == groups | others
    assert "DESCRIPTION:Déplacé" in feeds(store)["group", "6A"][1]
    assert publication(store, ACTOR, REGION, COLLEGE) == made
    (head,) = publications(store, ACTOR, REGION, COLLEGE)
    assert (head.number, head.plan_id, head.entries, head.is_kept, head.first_date) == (1, plan, 3, True, FIRST)
    with store.read() as work:
        (note,) = [row for row in audit.entries(work, REGION) if row.what == "publication.made"]
    assert (note.of_what, note.after["number"], note.after["added"]) == (COLLEGE, 1, 3)
    assert agreement(store) == []


def test_publishing_twice_publishes_once(store: Store, clock: Clock) -> None:
    plan = accept(store)
    first = publish(store, ACTOR, REGION, COLLEGE, plan)
    clock.turn(days=1)
    assert publish(store, ACTOR, REGION, COLLEGE, plan) == first
    assert publish(store, ACTOR, REGION, COLLEGE) == first
    assert len(publications(store, ACTOR, REGION, COLLEGE)) == 1


def test_only_an_accepted_plan_is_published(store: Store, clock: Clock) -> None:
    with pytest.raises(Refused, match="accepted no plan"):
        publish(store, ACTOR, REGION, COLLEGE)
    plan = accept(store)
    with store.write() as work:
        work.connection.execute(update(school_plans).values(state="proposed"))
    with pytest.raises(Refused, match="is not accepted"):
        publish(store, ACTOR, REGION, COLLEGE, plan)
    with pytest.raises(NotThere):
        publish(store, ACTOR, REGION, LYCEE, plan)
    former, latter = accept(store), accept(store, shift=5)
    for one in (former, latter):
        publish(store, ACTOR, REGION, COLLEGE, one)
    with pytest.raises(Refused, match="took the place"):
        publish(store, ACTOR, REGION, COLLEGE, former)
    assert (state_of(store, former), state_of(store, latter)) == ("replaced", "published")


OTHER = b"session,day,start,minutes,groups,heads,platforms\nM1,TU,09:00,55,6A,20,ent\n"


def test_a_plan_of_a_timetable_that_was_replaced_is_not_published(store: Store, clock: Clock) -> None:
    """Calendars showed the rooms and teachers of a timetable that the school had replaced meanwhile."""
    plan = accept(store)
    bring_timetable(store, ACTOR, REGION, COLLEGE, sessions=OTHER, source="test")
    for wanted in (plan, None):
        with pytest.raises(Refused, match=r"made for version 1 .* or return to that version"):
            publish(store, ACTOR, REGION, COLLEGE, wanted)
    assert publish_all(store, ACTOR, REGION).failed[0][0] == COLLEGE
    return_to(store, ACTOR, REGION, COLLEGE, 1)
    assert publish(store, ACTOR, REGION, COLLEGE).number == 1


def test_a_timetable_that_is_replaced_while_its_plan_is_published_comes_first(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(store)

    def made_late(ground: publication_drafts.Ground) -> publication_drafts.Draft:
        bring_timetable(store, ACTOR, REGION, COLLEGE, sessions=OTHER, source="test")
        return made(ground)

    made = publication_drafts.made
    monkeypatch.setattr(publication_drafts, "made", made_late)
    with pytest.raises(Refused, match="made for version 1"):
        publish(store, ACTOR, REGION, COLLEGE)
    assert publications(store, ACTOR, REGION, COLLEGE) == []


def test_what_was_accepted_last_is_what_calendars_show_in_the_end(store: Store, clock: Clock) -> None:
    """A change of the second week came before the plan of both weeks, whose first date is the earlier one."""
    accept(store, shift=25, first_date=FIRST + WEEK, last_date=LAST + WEEK)
    clock.turn(minutes=1)
    both = accept(store, last_date=LAST + WEEK)
    publish_all(store, ACTOR, REGION)
    assert state_of(store, both) == "published"
    shown = publication(store, ACTOR, REGION, COLLEGE)
    assert not any(entry.moved for entry in shown.entries)


def test_schools_are_published_by_their_own_people_alone(store: Store, clock: Clock) -> None:
    accept(store)
    with store.read() as work:
        repository = Repository(work, EVERYTHING)
        college, lycee = (repository.school_row(REGION, key).id for key in (COLLEGE, LYCEE))
    teacher = person_actor(1, "t@e.fr", [Role(TEACHER, school_id=college)])
    other = person_actor(2, "o@e.fr", [Role(PRINCIPAL, school_id=lycee)])
    for actor in (teacher, other):
        with pytest.raises(NotThere):
            publish(store, actor, REGION, COLLEGE)
    publish(store, ACTOR, REGION, COLLEGE)
    assert publication(store, teacher, REGION, COLLEGE).number == 1
    for ask in (publication, publications):
        with pytest.raises(NotThere):
            ask(store, other, REGION, COLLEGE)


def test_a_feed_keeps_its_bytes_and_its_time_where_nothing_changed_for_it(store: Store, clock: Clock) -> None:
    publish(store, ACTOR, REGION, COLLEGE, accept(store))
    before = feeds(store)
    clock.turn(days=1)
    made = publish(store, ACTOR, REGION, COLLEGE, accept(store, without=["S2"]))
    after = feeds(store)
    assert after["teacher", "Mme Rhin"] == before["teacher", "Mme Rhin"]
    assert events(after["teacher", "M. Mosel"][1]) == [("CANCELLED", "1")]
    assert after["teacher", "M. Mosel"][0] == clock.at
    assert [entry.id for entry in compare(store, ACTOR, REGION, COLLEGE, 1, 2).cancelled] == ["S2"]
    assert made.number == 2
    assert agreement(store) == []


def test_who_left_reads_of_the_cancellation_and_then_an_empty_calendar(store: Store, clock: Clock) -> None:
    publish(store, ACTOR, REGION, COLLEGE, accept(store))
    publish(store, ACTOR, REGION, COLLEGE, accept(store, without=["S2"]))
    clock.turn(days=15)
    publish(store, ACTOR, REGION, COLLEGE, accept(store, without=["S2"], shift=5))
    at, content = feeds(store)["teacher", "M. Mosel"]
    assert (at, events(content)) == (clock.at, [])
    assert content.startswith("BEGIN:VCALENDAR")
    clock.turn(days=1)
    publish(store, ACTOR, REGION, COLLEGE, accept(store, without=["S2"]))
    assert feeds(store)["teacher", "M. Mosel"] == (at, content)
    assert agreement(store) == []


def test_a_class_that_was_cancelled_and_forgotten_comes_back_with_a_higher_sequence(store: Store, clock: Clock) -> None:
    for without, days in (([], 1), (["S2"], 15), (["S2"], 1), ([], 0)):
        # A plan of another length each time, for the same plan is published once.
        made = publish(store, ACTOR, REGION, COLLEGE, accept(store, without=without))
        clock.turn(days=days)
    assert [(entry.id, entry.sequence) for entry in made.entries if entry.id == "S2"] == [("S2", 2)]
    assert [entry.id for entry in publication(store, ACTOR, REGION, COLLEGE, 3).entries] == ["S1", "families"]
    assert events(feeds(store)["teacher", "M. Mosel"][1]) == [("CONFIRMED", "2")]
    assert agreement(store) == []


def test_a_clock_set_back_turns_no_time_back(store: Store, clock: Clock) -> None:
    publish(store, ACTOR, REGION, COLLEGE, accept(store))
    clock.turn(hours=-2)
    made = publish(store, ACTOR, REGION, COLLEGE, accept(store, shift=10))
    assert made.published_at == NOW + dt.timedelta(seconds=1)
    assert {at for at, _ in feeds(store).values()} == {made.published_at}
    assert agreement(store) == []


def test_next_week_is_published_beside_this_week(store: Store, clock: Clock) -> None:
    publish(store, ACTOR, REGION, COLLEGE, accept(store))
    made = publish(store, ACTOR, REGION, COLLEGE, accept(store, first_date=FIRST + WEEK, last_date=LAST + WEEK))
    assert [(entry.id, (entry.date - FIRST).days, entry.cancelled) for entry in made.entries] == [
        ("S1", 0, False),
        ("S2", 0, False),
        ("families", 2, False),
        ("S1", 7, False),
        ("S2", 7, False),
        ("S3", 8, False),
        ("families", 9, False),
    ]
    assert agreement(store) == []


def test_going_back_is_a_new_publication_of_what_was(store: Store, clock: Clock) -> None:
    former, latter = accept(store), accept(store, shift=20)
    for plan in (former, latter):
        publish(store, ACTOR, REGION, COLLEGE, plan)
        clock.turn(hours=1)
    made = withdraw_to(store, ACTOR, REGION, COLLEGE, 1)
    assert [(entry.id, entry.start, entry.sequence) for entry in made.entries] == [
        ("S1", 480, 2),
        ("S2", 540, 2),
        ("families", 960, 2),
    ]
    assert (state_of(store, former), state_of(store, latter)) == ("published", "replaced")
    assert withdraw_to(store, ACTOR, REGION, COLLEGE, 1) == made
    assert withdraw_to(store, ACTOR, REGION, COLLEGE, 3) == made
    assert [head.number for head in publications(store, ACTOR, REGION, COLLEGE)] == [3, 2, 1]
    assert not compare(store, ACTOR, REGION, COLLEGE, 1, 3)
    assert agreement(store) == []
    with pytest.raises(NotThere, match="number 9"):
        withdraw_to(store, ACTOR, REGION, COLLEGE, 9)


def test_numbers_and_sequences_go_on_where_contents_were_erased(store: Store, clock: Clock) -> None:
    publish(store, ACTOR, REGION, COLLEGE, accept(store))
    publish(store, ACTOR, REGION, COLLEGE, accept(store, shift=10))
    with store.write() as work:
        work.connection.execute(update(table).values(content=None))
    with pytest.raises(Refused, match="erased"):
        withdraw_to(store, ACTOR, REGION, COLLEGE, 1)
    made = publish(store, ACTOR, REGION, COLLEGE, accept(store))
    assert (made.number, {entry.sequence for entry in made.entries}) == (3, {2})
    assert not [head.is_kept for head in publications(store, ACTOR, REGION, COLLEGE)][1]
    assert agreement(store) == []


def test_the_audiences_of_the_region_are_published_too(store: Store, clock: Clock) -> None:
    made = publish(store, ACTOR, REGION, "", accept(store, ""))
    assert [(entry.id, entry.date) for entry in made.entries] == [("evening", FIRST)]
    assert set(feeds(store)) == {("access", "parents")}


def test_memory_is_read_of_the_dates_that_are_asked_for(store: Store, clock: Clock) -> None:
    publish(store, ACTOR, REGION, COLLEGE, accept(store))
    with store.read() as work:
        repository = Publications(work, EVERYTHING)
        school = repository.school_row(REGION, COLLEGE).id
        assert set(repository.memory(school, FIRST, FIRST)) == {("session", "S1", FIRST), ("session", "S2", FIRST)}
        assert repository.memory(school, LAST, LAST) == {}
