"""Versions of a school's timetable: brought, compared, returned to, and never changed."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kept import COLLEGE, KEY, LYCEE, SERVICE, keep_region, principal, teacher
from region_files import ACCESS, SESSIONS, edited
from sqlalchemy import insert, select, update

import scheduler
from scheduler.domain.wishes import Wish
from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.service.kept_regions import one_school
from scheduler.service.timetables import (
    bring_timetable,
    changes_between,
    plans_of_other_versions,
    return_to,
    versions,
)
from scheduler.service.wishes import state_wish, withdraw_wish
from scheduler.store import Store, audit
from scheduler.store.tables.regions import schools
from scheduler.store.tables.runs import school_plans
from scheduler.store.tables.timetables import timetables

if TYPE_CHECKING:
    from scheduler.domain.people import Actor

ROWS = [row for row in SESSIONS.splitlines() if row.startswith(("school", COLLEGE))]
BARE = "session;day;start;minutes;heads;platforms;weight\n"
"""A header without the column school, as a spreadsheet writes it."""


@pytest.fixture
def actor(store: Store) -> Actor:
    keep_region(store)
    return principal(store, COLLEGE)


def bring(store: Store, actor: Actor, sessions: str | None = None, **more: Any) -> tuple[int, bool]:
    """Bring sessions; give the number of the version in force then, and whether it is new."""
    content = None if sessions is None else sessions.encode()
    done = bring_timetable(store, actor, KEY, COLLEGE, sessions=content, source="timetable.csv", **more)
    return done.version.number, done.changed


def taught(store: Store, actor: Actor, school: str = COLLEGE) -> list[str]:
    """Give the keys of what a school teaches now."""
    with store.read() as work:
        activities = one_school(work, actor.sees, KEY, school).activities
    return [activities.key_of(row) for row in range(len(activities))]


def test_a_timetable_becomes_a_version_in_force_and_keeps_the_windows(store: Store, actor: Actor) -> None:
    text = BARE + "S1;MO;8h05;55;12;ent;0,5\nS9;TU;09:00;55;12;ent+bbb|ent@async;\n"
    assert bring(store, actor, text) == (2, True)
    assert bring(store, actor, text) == (2, False), "the same again makes no version"
    assert bring(store, actor, text.replace(";0,5", ";0.50").replace("8h05", "08:05")) == (2, False), "nor written else"
    assert taught(store, actor) == ["S1", "S9", "families"]
    assert bring(store, actor, windows=b"window,audience,day,heads,minutes\n") == (3, True)
    assert taught(store, actor) == ["S1", "S9"]
    last, second, first = versions(store, actor, KEY, COLLEGE)
    assert (last.number, last.in_force, last.sessions, last.windows) == (3, True, 2, 0)
    assert (second.brought_by, second.source, second.windows, second.in_force) == (
        actor.name,
        "timetable.csv",
        1,
        False,
    )
    assert (first.brought_by, first.source) == ("", "region")


def test_going_back_and_forth_loses_nothing(store: Store, actor: Actor) -> None:
    bring(store, actor, BARE + "S9;TU;09:00;55;12;ent;\n")
    for number, keys in ((1, ["S1", "S2", "S3", "families"]), (2, ["S9", "families"])):
        done = return_to(store, actor, KEY, COLLEGE, number)
        assert (done.version.number, done.version.in_force, done.changed) == (number, True, True)
        assert not return_to(store, actor, KEY, COLLEGE, number).changed
        assert taught(store, actor) == keys
    return_to(store, actor, KEY, COLLEGE, 1)
    assert bring(store, actor, BARE + "S8;TU;09:00;55;12;ent;\n") == (3, True), "numbers go on"
    with store.read() as work:
        told = [(entry.what, entry.before, entry.after["version"]) for entry in audit.entries(work, KEY)[:-1]]
        assert audit.verify(work) == []
    assert told == [
        ("timetable.brought", {"version": 1}, 3),
        ("timetable.returned", {"version": 2}, 1),
        ("timetable.returned", {"version": 1}, 2),
        ("timetable.returned", {"version": 2}, 1),
        ("timetable.brought", {"version": 1}, 2),
    ]


def test_every_fault_of_both_files_is_told_and_nothing_is_kept(store: Store, actor: Actor) -> None:
    sessions = "school,session,day,start,minutes,heads,platforms\n,S1,XX,08:00,55,12,ent\n"
    sessions += f"{LYCEE},S2,MO,06:00,55,12,moodle\n{COLLEGE},S1,MO,08:00,5000,12,\n"
    with pytest.raises(FaultyInput) as caught:
        bring(store, actor, sessions, windows=b"window,audience,day,minutes\n")
    assert [f"{fault.file}:{fault.line}: {fault.what}" for fault in caught.value.faults] == [
        "sessions.csv:2: day “XX” is not a day",
        f"sessions.csv:3: “{LYCEE}” is another school than “{COLLEGE}”, which this file is of",
        "sessions.csv:3: platforms “moodle” names what platforms.csv lacks: moodle",
        "sessions.csv:3: the usual start 06:00 is before the day starts, 07:30",
        "sessions.csv:4: minutes “5000” is out of bounds",
        "sessions.csv:4: session “S1” of school “0670001A” stands on sessions.csv:2 already",
        "access.csv:1: the header lacks what every row needs: heads",
    ]
    for empty in ("", BARE):
        with pytest.raises(FaultyInput, match=r"empty|no class session"):
            bring(store, actor, empty, windows=b"window,audience,day,heads,minutes\n")
    assert len(versions(store, actor, KEY, COLLEGE)) == 1


def test_what_deserves_a_look_is_told(store: Store, actor: Actor) -> None:
    text = "session,day,start,minutes,heads,colour\nS1,2021-05-04,08:00,55,12,red\n"
    done = bring_timetable(store, actor, KEY, COLLEGE, sessions=text.encode(), source="")
    said = " ".join(str(fault) for fault in done.warnings)
    assert "“colour”, is unknown" in said
    assert "outside the horizon" in said


def test_the_audiences_of_the_region_have_windows_only(store: Store, actor: Actor) -> None:
    with pytest.raises(NotThere):
        bring_timetable(store, actor, KEY, "", windows=ACCESS.encode(), source="")
    with pytest.raises(FaultyInput, match=r"is a school, and this file is of the audiences"):
        bring_timetable(store, SERVICE, KEY, "", windows=ACCESS.encode(), source="")
    with pytest.raises(FaultyInput, match="no class sessions"):
        bring_timetable(store, SERVICE, KEY, "", sessions=(BARE + "S1;MO;08:00;55;12;;\n").encode(), source="")
    only = "\n".join(row for row in ACCESS.splitlines() if not row.startswith(COLLEGE)).replace("200", "300")
    assert bring_timetable(store, SERVICE, KEY, "", windows=only.encode(), source="").version.number == 2
    assert taught(store, SERVICE, "") == ["evening"]


def test_what_differs_between_two_versions(store: Store, actor: Actor) -> None:
    rows = [row.replace("S1,TU,,08:00", "S1,WE,,08:00").replace("6B,Mme Rhin", "6B,M. Ill") for row in ROWS]
    bring(
        store,
        actor,
        "\n".join(row for row in rows if ",S2," not in row) + f"\n{COLLEGE},S4,FR,,10:00,55,,,,,9" + "," * 7,
    )
    changes = changes_between(store, actor, KEY, COLLEGE, 1, 2)
    assert [row.key for row in changes.added] == ["S4"]
    assert [row.key for row in changes.gone] == ["S2"]
    assert [(change.key, change.columns) for change in changes.changed] == [("S1", ("day",)), ("S3", ("teachers",))]
    assert [change.key for change in changes.moved] == ["S1"]
    assert [row.key for row in changes_between(store, actor, KEY, COLLEGE, 2, 1).gone] == ["S4"]
    with pytest.raises(NotThere, match="no version 7"):
        changes_between(store, actor, KEY, COLLEGE, 1, 7)


def test_a_version_that_the_region_has_outgrown_can_be_looked_at_but_not_returned_to(
    store: Store, actor: Actor
) -> None:
    bring(store, actor, BARE + "S9;TU;09:00;55;12;ent;\n")
    usage = edited("usage.csv", "live,bbb,connections,0,end+5,1\n", "")
    sessions = {"sessions.csv": SESSIONS.replace("ent+bbb", "ent")}
    keep_region(store, {**usage, **sessions})
    with pytest.raises(FaultyInput, match=r"usage\.csv has no row"):
        return_to(store, actor, KEY, COLLEGE, 1)
    assert len(changes_between(store, actor, KEY, COLLEGE, 1, 3).changed) == 2


def test_erased_versions_and_schools_that_left_are_refused(store: Store, actor: Actor) -> None:
    text = BARE + "S9;TU;09:00;55;12;ent;\n"
    bring(store, actor, text)
    with store.write() as work:
        work.connection.execute(update(timetables).where(timetables.c.number == 1).values(content=None))
    assert versions(store, actor, KEY, COLLEGE)[1].erased
    with pytest.raises(Refused, match="was erased"):
        return_to(store, actor, KEY, COLLEGE, 1)
    with pytest.raises(Refused, match="was erased"):
        changes_between(store, actor, KEY, COLLEGE, 1, 2)
    with store.write() as work:
        work.connection.execute(update(schools).values(left_at=work.now))
    with pytest.raises(Refused, match="does not list"):
        bring(store, actor, text)


def test_plans_of_another_version_are_told_as_such(store: Store, actor: Actor) -> None:
    with store.write() as work:
        school = work.connection.execute(select(schools).where(schools.c.key == COLLEGE)).one()
        values = {"school_id": school.id, "timetable_id": school.timetable_id, "made_at": work.now}
        counts = {"first_date": work.now.date(), "last_date": work.now.date(), "activities": 4, "moved": 1}
        for state in ("accepted", "replaced"):
            row = values | counts | {"shift_minutes": 5, "state": state}
            work.connection.execute(insert(school_plans).values(row))
    assert plans_of_other_versions(store, actor, KEY, COLLEGE) == ()
    bring(store, actor, BARE + "S9;TU;09:00;55;12;ent;\n")
    (plan,) = plans_of_other_versions(store, actor, KEY, COLLEGE)
    assert (plan.state, plan.number) == ("accepted", 1)
    assert "made for version 1" in str(plan.words())
    return_to(store, actor, KEY, COLLEGE, 1)
    assert plans_of_other_versions(store, actor, KEY, COLLEGE) == ()


def test_timetables_lie_in_the_scope_of_their_school(store: Store, actor: Actor) -> None:
    colleague, stranger = teacher(store, COLLEGE), principal(store, LYCEE, "stranger")
    assert len(versions(store, colleague, KEY, COLLEGE)) == 1
    for other in (colleague, stranger):
        with pytest.raises(NotThere):
            bring(store, other, BARE + "S9;TU;09:00;55;12;ent;\n")
        with pytest.raises(NotThere):
            return_to(store, other, KEY, COLLEGE, 1)
    for look in (versions, plans_of_other_versions):
        with pytest.raises(NotThere):
            look(store, stranger, KEY, COLLEGE)
    with pytest.raises(NotThere):
        changes_between(store, stranger, KEY, COLLEGE, 1, 1)


def test_no_use_case_changes_or_deletes_a_version(store: Store, actor: Actor) -> None:
    def kept() -> list[Any]:
        with store.read() as work:
            return list(work.connection.execute(select(timetables).order_by(timetables.c.id)))

    before = kept()
    bring(store, actor, BARE + "S9;TU;09:00;55;12;ent;\n")
    return_to(store, actor, KEY, COLLEGE, 1)
    wish = state_wish(store, actor, KEY, COLLEGE, Wish("lock", "school"))
    withdraw_wish(store, actor, KEY, COLLEGE, wish.id)
    keep_region(store, edited("sessions.csv", "0670002B,S2,FR", "0670002B,S7,FR"))
    assert kept()[: len(before)] == before
    assert len(kept()) == len(before) + 2


def test_no_code_could_change_or_delete_a_version_either() -> None:
    found = []
    for path in Path(scheduler.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("update", "delete"):
                found += [path.name for argument in node.args if getattr(argument, "id", "") == "timetables"]
    assert found == []
