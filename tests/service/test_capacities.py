"""Capacities entered, changed and withdrawn by the rules of capacity.csv, and nobody undoes another's unseen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from kept import COLLEGE, KEY, keep_region, principal, region_head
from region_files import CAPACITY

from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.people import EVERYTHING
from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.service.capacities import change_capacity, enter_capacity, list_capacities, withdraw_capacity
from scheduler.service.kept_regions import head_of
from scheduler.service.region_edits import history
from scheduler.store import Store, audit

if TYPE_CHECKING:
    from scheduler.domain.people import Actor

RAISE = {"platform": "ent", "meter": "connections", "from": "2021-04-08 8:00", "kind": "change", "amount": "+150,5"}


@pytest.fixture
def actor(store: Store) -> Actor:
    keep_region(store)
    return region_head(store)


def capacities(store: Store) -> list[CapacityEntry]:
    with store.read() as work:
        return list(head_of(work, EVERYTHING, KEY).capacities)


def test_an_entry_is_entered_changed_and_withdrawn_and_the_history_tells_it(store: Store, actor: Actor) -> None:
    revision = list_capacities(store, actor, KEY).revision
    entered = enter_capacity(store, actor, KEY, RAISE, made_from=revision)
    start = dt.datetime(2021, 4, 8, 8)  # noqa: DTZ001 - wall-clock time
    assert capacities(store)[3] == CapacityEntry("ent", "connections", start, None, "change", 150.5)
    assert (entered.edited.revision, entered.edited.changed, entered.warnings) == (revision + 1, True, ())
    attack = RAISE | {"amount": "-50%", "to": "2021-04-08T24:00", "note": "attack"}
    changed = change_capacity(store, actor, KEY, entered.id, attack, made_from=revision + 1)
    assert capacities(store)[3].percent
    again = change_capacity(store, actor, KEY, entered.id, attack, made_from=revision + 1)
    assert (again.edited.revision, again.edited.changed) == (changed.edited.revision, False)
    listed = list_capacities(store, actor, KEY)
    assert (listed.revision, listed.entries[3].entered_by, listed.entries[0].entered_by) == (
        revision + 2,
        actor.name,
        "",
    )
    withdraw_capacity(store, actor, KEY, entered.id, made_from=listed.revision)
    assert not withdraw_capacity(store, actor, KEY, entered.id, made_from=listed.revision).changed
    assert len(capacities(store)) == 3
    withdrawn, change, first = history(store, actor, KEY, "capacity")
    assert [done.what for done in (withdrawn, change, first)] == [
        f"capacity.{verb}" for verb in ("withdrawn", "changed", "entered")
    ]
    assert (first.before, first.after["amount"], first.of_what, first.who) == (None, "+150.5", "ent", actor.name)
    assert (change.before["amount"], change.after["amount"]) == ("+150.5", "-50%")
    assert withdrawn.before == change.after
    with store.read() as work:
        assert audit.verify(work) == []


def test_every_fault_is_told_by_the_rules_of_the_file(store: Store, actor: Actor) -> None:
    revision = list_capacities(store, actor, KEY).revision
    row = {
        "platform": "moodle",
        "meter": "pupils",
        "from": "2021-04-08T08:00",
        "to": "2021-04-08T07:00",
        "amount": "5 %",
    }
    with pytest.raises(FaultyInput) as caught:
        enter_capacity(store, actor, KEY, row, made_from=revision)
    assert [str(fault.what) for fault in caught.value.faults] == [
        "platform “moodle” is not in platforms.csv",
        "meter “pupils” is unknown",
        "kind is empty",
        "“to” 2021-04-08T07:00 is not after “from” 2021-04-08T08:00",
    ]
    base = {"platform": "bbb", "meter": "connections", "kind": "base", "amount": "7"}
    with pytest.raises(FaultyInput, match=r"^capacity.csv:4 holds a base of bbb, connections, with the same"):
        enter_capacity(store, actor, KEY, base, made_from=revision)
    first = list_capacities(store, actor, KEY).entries[0]
    with pytest.raises(FaultyInput, match=r"^capacity.csv:4 holds a base"):
        change_capacity(store, actor, KEY, first.id, base, made_from=revision)
    with pytest.raises(FaultyInput, match="a base cannot be in per cent"):
        enter_capacity(store, actor, KEY, base | {"amount": "7%", "from": "2021-04-07T00:00"}, made_from=revision)
    assert capacities(store)[0] == first.entry
    idle = enter_capacity(
        store, actor, KEY, RAISE | {"platform": "bbb", "meter": "logins_per_minute"}, made_from=revision
    )
    assert ["has no base" in str(fault) for fault in idle.warnings] == [True]


def test_an_edit_across_anothers_is_refused_with_who_and_when(store: Store, actor: Actor) -> None:
    other = region_head(store, "other")
    revision = list_capacities(store, actor, KEY).revision
    enter_capacity(store, other, KEY, RAISE, made_from=revision)
    first = list_capacities(store, actor, KEY).entries[0]
    for edit in (
        lambda: enter_capacity(store, actor, KEY, RAISE, made_from=revision),
        lambda: change_capacity(store, actor, KEY, first.id, RAISE, made_from=revision),
        lambda: withdraw_capacity(store, actor, KEY, first.id, made_from=revision),
    ):
        with pytest.raises(
            Refused, match=r"^other@example\.fr changed the same meanwhile, on \d{4}-\d\d-\d\d at \d\d:\d\d"
        ):
            edit()
    assert len(capacities(store)) == 4
    enter_capacity(store, actor, KEY, RAISE, made_from=revision + 1)
    with pytest.raises(Refused, match="rectorat@"):
        enter_capacity(store, other, KEY, RAISE | {"amount": "7"}, made_from=revision + 1)


def test_a_call_whose_answer_was_lost_is_repeated_without_harm(store: Store, actor: Actor) -> None:
    revision = list_capacities(store, actor, KEY).revision
    base = {"platform": "ent", "meter": "logins_per_minute", "kind": "base", "amount": "700"}
    for row in (RAISE, base):
        once = enter_capacity(store, actor, KEY, row, made_from=revision)
        again = enter_capacity(store, actor, KEY, row, made_from=revision)
        assert (again.id, again.edited.changed, again.edited.revision) == (once.id, False, once.edited.revision)
    assert len(capacities(store)) == 5
    enter_capacity(store, actor, KEY, RAISE, made_from=revision + 2)
    assert capacities(store)[3] == capacities(store)[5], "meant twice it is there twice"


def test_an_import_crosses_edits_of_what_it_changed(store: Store, actor: Actor) -> None:
    revision = list_capacities(store, actor, KEY).revision
    keep_region(store, {"platforms.csv": "platform,name,kind\nent,ENT,\nbbb,,\n"})
    entered = enter_capacity(store, actor, KEY, RAISE, made_from=revision)
    keep_region(store, {"platforms.csv": "platform,name,kind\nent,ENT,\nbbb,,\n", "capacity.csv": CAPACITY})
    with pytest.raises(Refused, match="test changed the same"):
        withdraw_capacity(store, actor, KEY, entered.id, made_from=entered.edited.revision)


def test_capacities_are_of_those_who_hold_the_region(store: Store, actor: Actor) -> None:
    school = principal(store, COLLEGE)
    for look in (list_capacities, lambda *of: history(*of, "capacity")):
        with pytest.raises(NotThere, match="there is no region"):
            look(store, school, KEY)
    with pytest.raises(NotThere):
        enter_capacity(store, school, KEY, RAISE, made_from=1)
    with pytest.raises(NotThere, match="no such capacity entry"):
        withdraw_capacity(store, actor, KEY, 10**9, made_from=1)
