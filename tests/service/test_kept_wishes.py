"""A school states wishes, sees what they find, and withdraws them; a new timetable keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kept import COLLEGE, KEY, LYCEE, keep_region, principal, region_head, teacher
from region_files import SESSIONS

from scheduler.domain.people import EVERYTHING
from scheduler.domain.wishes import Wish
from scheduler.errors import FaultyInput, NotThere
from scheduler.service.kept_regions import freeze, thaw
from scheduler.service.timetables import bring_timetable
from scheduler.service.wishes import list_wishes, read_wish, state_wish, withdraw_wish
from scheduler.store import Store, audit

if TYPE_CHECKING:
    from scheduler.domain.people import Actor
    from scheduler.files.region_folder import ReadRegion

OWN_ROWS = [row for row in SESSIONS.splitlines() if row.startswith(("school", COLLEGE))]
RHIN = Wish("earliest", "teacher", "Mme Rhin", 480)


@pytest.fixture
def actor(store: Store) -> Actor:
    keep_region(store)
    return principal(store, COLLEGE)


def thawed(store: Store) -> ReadRegion:
    with store.read() as work:
        frozen = freeze(work, EVERYTHING, KEY)
    return thaw(store, frozen)


def test_a_wish_is_kept_listed_replaced_and_withdrawn(store: Store, actor: Actor) -> None:
    first = state_wish(store, actor, KEY, COLLEGE, RHIN)
    assert state_wish(store, actor, KEY, COLLEGE, RHIN) == first, "stated again nothing changes"
    later = Wish("earliest", "teacher", "Mme Rhin", 470, "train")
    state_wish(store, actor, KEY, COLLEGE, later)
    state_wish(store, actor, KEY, COLLEGE, Wish("lock", "group", "6A"))
    listed = list_wishes(store, actor, KEY, COLLEGE)
    assert [(one.kept.wish, one.kept.stated_by, one.finding.sessions) for one in listed] == [
        (later, actor.name, 2),
        (Wish("lock", "group", "6A"), actor.name, 2),
    ]
    assert thawed(store).region.activities.locked.tolist()[:3] == [True, True, False]
    assert withdraw_wish(store, actor, KEY, COLLEGE, listed[1].kept.id)
    assert not withdraw_wish(store, actor, KEY, COLLEGE, listed[1].kept.id)
    assert len(list_wishes(store, actor, KEY, COLLEGE)) == 1
    with store.read() as work:
        whats = [entry.what for entry in audit.entries(work, KEY)]
        assert audit.verify(work) == []
    assert whats == ["wish.withdrawn", "wish.stated", "wish.stated", "wish.stated", "region.imported"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("earliest", "teacher", "Mme Rhin", 481), "forbids the usual start of S1 (08:00); choose"),
        (Wish("lock", "teacher", "Mme Ill"), "finds no session"),  # she is of the other school
    ],
)
def test_what_the_timetable_does_not_bear_is_said_when_it_is_stated(
    store: Store, actor: Actor, wish: Wish, said: str
) -> None:
    with pytest.raises(FaultyInput) as caught:
        state_wish(store, actor, KEY, COLLEGE, wish)
    assert said in str(caught.value)
    assert list_wishes(store, actor, KEY, COLLEGE) == ()


def test_a_new_timetable_keeps_wishes_and_says_which_it_does_not_bear(store: Store, actor: Actor) -> None:
    state_wish(store, actor, KEY, COLLEGE, RHIN)
    state_wish(store, actor, KEY, COLLEGE, Wish("lock", "session", "S2"))
    state_wish(store, actor, KEY, COLLEGE, Wish("lock", "session", "S3"))
    rows = "\n".join(row.replace(",08:00,55", ",07:55,55") for row in OWN_ROWS if ",S2," not in row)
    brought = bring_timetable(store, actor, KEY, COLLEGE, sessions=rows.encode(), source="new.csv")
    assert [str(fault.what).partition(": this ")[2] for fault in brought.warnings] == [
        "forbids the usual start of S1 (07:55)",
        "finds no session in the timetable",
    ]
    listed = list_wishes(store, actor, KEY, COLLEGE)
    assert [(one.finding.sound, one.finding.sessions) for one in listed] == [(False, 2), (True, 0), (True, 1)]
    run = thawed(store)
    assert run.region.activities.locked[:2].tolist() == [False, True], "the sound one holds, and the run goes on"
    assert run.warnings[-2:] == brought.warnings


def test_wishes_lie_in_the_scope_of_their_school(store: Store, actor: Actor) -> None:
    state_wish(store, actor, KEY, COLLEGE, RHIN)
    assert len(list_wishes(store, region_head(store), KEY, COLLEGE)) == 1
    colleague, stranger = teacher(store, COLLEGE), principal(store, LYCEE, "stranger")
    (listed,) = list_wishes(store, colleague, KEY, COLLEGE)
    for other in (colleague, stranger):
        with pytest.raises(NotThere):
            state_wish(store, other, KEY, COLLEGE, RHIN)
        with pytest.raises(NotThere):
            withdraw_wish(store, other, KEY, COLLEGE, listed.kept.id)
    with pytest.raises(NotThere):
        list_wishes(store, stranger, KEY, COLLEGE)
    assert not withdraw_wish(store, stranger, KEY, LYCEE, listed.kept.id), "not by way of another school either"
    assert len(list_wishes(store, actor, KEY, COLLEGE)) == 1


def test_what_somebody_writes_becomes_a_wish() -> None:
    assert read_wish("latest", "day", " tu", "9h05", " a\nb ") == Wish("latest", "day", "TU", 545, "a b")
    assert read_wish("lock", "school", "ignored", "ignored too") == Wish("lock", "school")
    with pytest.raises(FaultyInput) as caught:
        read_wish("earliest", "group", " ", "24:00")
    assert len(caught.value.faults) == 2
    with pytest.raises(FaultyInput) as caught:
        read_wish("sometime", "room", "B12", "08:00")
    assert [str(fault.what) for fault in caught.value.faults] == [
        "kind “sometime” is unknown",
        "of_what “room” is unknown",
    ]
