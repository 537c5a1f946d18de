"""A run that the region adopts is kept for its schools; quotas keep room, and never more than there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from crowded import ACTOR, AT_EIGHT, AT_NINE, AT_TEN, ENT, KEY, TUESDAY, Crowd
from sqlalchemy import delete, select, update

from scheduler.domain.people import Actor, Scope
from scheduler.domain.room import NoRoom
from scheduler.errors import NotThere, Refused
from scheduler.service import adoption
from scheduler.service.adoption import adopt_run
from scheduler.service.bookings import accept, refuse, withdraw_acceptance
from scheduler.service.quotas import set_quota
from scheduler.service.reconciling import reconcile
from scheduler.service.regions import import_region
from scheduler.service.rooms import room_for
from scheduler.store import audit
from scheduler.store.packed import pack_whole
from scheduler.store.tables.ledger import ledger_entries, ledger_totals
from scheduler.store.tables.regions import schools
from scheduler.store.tables.runs import plan_runs, school_plans

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

HALF = {"S002": 45, "S003": 45}
"""Half of four schools begin later, so that two lessons at a time are enough."""


@pytest.fixture
def crowd(store: Store, tmp_path: Path) -> Crowd:
    crowd = Crowd(store, tmp_path / "crowded", schools=4, capacity=120)
    crowd.run(1, HALF)
    return crowd


def quota(crowd: Crowd, amount: float | None, school: str | None = None) -> None:
    set_quota(crowd.store, ACTOR, KEY, "ent", "connections", amount, TUESDAY, TUESDAY, school)


def test_a_school_can_always_accept_what_the_adopted_run_gives_it(crowd: Crowd) -> None:
    done = adopt_run(crowd.store, ACTOR, KEY, 1)
    assert (done.schools, done.accepted, done.left_out, done.short) == (4, 0, (), ())
    assert crowd.committed()[[AT_EIGHT, AT_NINE, AT_TEN]].tolist() == [2, 2, 4]
    assert not crowd.total().any()
    # At 9:45 nobody has a lesson: what nobody keeps is free.
    accept(crowd.store, ACTOR, KEY, "S000", crowd.proposal("S000", early=-30, late=-60).id)
    for plan in crowd.of_run(1)[1:]:
        assert accept(crowd.store, ACTOR, KEY, plan.school, plan.id).state == "accepted"
    assert reconcile(crowd.store) == []
    accept(crowd.store, ACTOR, KEY, "S000", crowd.of_run(1)[0].id)
    assert crowd.total()[[AT_EIGHT, AT_NINE, AT_TEN]].tolist() == [2, 2, 4]
    assert crowd.states("S000") == ["accepted", "replaced"]


def test_nobody_gets_what_is_kept_for_others(crowd: Crowd) -> None:
    adopt_run(crowd.store, ACTOR, KEY, 1)
    crowd.bring(capacity=60)
    # At eight two lessons are kept for S000 and S001, and nothing is booked.
    with pytest.raises(NoRoom):
        accept(crowd.store, ACTOR, KEY, "S002", crowd.proposal("S002").id)
    (mine,) = room_for(crowd.store, ACTOR, KEY, "S002", TUESDAY)
    assert (mine.ceiling[AT_EIGHT], mine.ceiling[AT_NINE]) == (0, 30_000_000)


def test_all_are_accepted_at_once_and_adopting_again_changes_nothing(crowd: Crowd) -> None:
    own = crowd.proposal("S000", early=60)
    accept(crowd.store, ACTOR, KEY, "S000", own.id)
    refuse(crowd.store, ACTOR, KEY, "S003", crowd.of_run(1)[3].id)
    done = adopt_run(crowd.store, ACTOR, KEY, 1, accept_all=True)
    assert (done.schools, done.accepted, done.left_out, done.short) == (4, 3, (), ())
    assert crowd.states("S000") == ["accepted", "replaced"]
    assert crowd.states("S003") == ["refused"]
    assert crowd.total()[[AT_EIGHT, AT_NINE, AT_TEN]].tolist() == [2, 1, 3]
    assert crowd.committed()[[AT_EIGHT, AT_NINE, AT_TEN]].tolist() == [2, 2, 4]
    assert reconcile(crowd.store) == []
    again = adopt_run(crowd.store, ACTOR, KEY, 1, accept_all=True)
    assert (again.accepted, crowd.total().max()) == (0, 3)
    with crowd.store.read() as work:
        assert len(audit.entries(work, KEY, of_what=KEY)) == 2  # brought in, adopted
    for plan in crowd.of_run(1)[:3]:
        withdraw_acceptance(crowd.store, ACTOR, KEY, plan.school, plan.id)
    assert not crowd.total().any()
    assert crowd.committed().max() == 4


def test_the_quotas_of_another_run_take_the_place_of_the_former_ones(crowd: Crowd) -> None:
    adopt_run(crowd.store, ACTOR, KEY, 1)
    crowd.run(2, {"S000": 45})
    adopt_run(crowd.store, ACTOR, KEY, 2)
    assert crowd.committed()[[AT_EIGHT, AT_NINE, AT_TEN]].tolist() == [3, 1, 4]
    quota(crowd, None)
    assert not crowd.committed().any()
    with crowd.store.read() as work:
        assert work.connection.execute(select(ledger_entries)).all() == []


def test_who_has_another_timetable_by_now_is_left_out(crowd: Crowd) -> None:
    with crowd.store.write() as work:
        newer = select(schools.c.timetable_id).where(schools.c.key == "S000").scalar_subquery()
        work.connection.execute(update(schools).where(schools.c.key == "S001").values(timetable_id=newer))
    done = adopt_run(crowd.store, ACTOR, KEY, 1, accept_all=True)
    assert (done.accepted, done.left_out) == (3, ("S001",))
    assert reconcile(crowd.store) == []


def change(crowd: Crowd, name: str, old: str, new: str) -> None:
    """Bring the region in again with a file changed, its timetables being the same."""
    file = crowd.folder / name
    file.write_text(file.read_text().replace(old, new))
    import_region(crowd.store, ACTOR, crowd.folder, KEY)


def test_what_a_run_gives_is_booked_by_the_usage_of_now(crowd: Crowd) -> None:
    """It was booked by the usage that the run knew, and a school that accepted by itself found too little kept."""
    crowd.run(2)
    change(crowd, "usage.csv", "end,1", "end,0.5")
    adopt_run(crowd.store, ACTOR, KEY, 2)
    assert crowd.committed()[AT_EIGHT] == 2
    change(crowd, "usage.csv", "end,0.5", "end,1")
    done = adopt_run(crowd.store, ACTOR, KEY, 2, accept_all=True)
    assert (crowd.committed()[AT_EIGHT], crowd.total()[AT_EIGHT], done.accepted) == (4, 4, 4)


def test_what_is_accepted_while_a_run_is_adopted_stays_booked_as_it_was_reckoned(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its load was written over without being booked, where the run was reckoned by a usage that changed meanwhile."""
    first = crowd.of_run(1)[0]

    def reckoned_early(*known: Any, **options: Any) -> Any:
        seen = reckoned(*known, **options)
        monkeypatch.undo()
        change(crowd, "usage.csv", "end,1", "end,0.5")
        accept(crowd.store, ACTOR, KEY, first.school, first.id)
        change(crowd, "usage.csv", "end,0.5", "end,1")
        return seen

    reckoned = adoption._reckoned
    monkeypatch.setattr(adoption, "_reckoned", reckoned_early)
    adopt_run(crowd.store, ACTOR, KEY, 1)
    assert crowd.total()[AT_EIGHT] == 0.5
    assert reconcile(crowd.store) == []


def test_rules_that_change_while_a_run_is_adopted_count(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    def reckoned_early(*known: Any, **options: Any) -> Any:
        seen = reckoned(*known, **options)
        monkeypatch.undo()
        change(crowd, "usage.csv", "end,1", "end,0.5")
        return seen

    reckoned = adoption._reckoned
    monkeypatch.setattr(adoption, "_reckoned", reckoned_early)
    adopt_run(crowd.store, ACTOR, KEY, 1, accept_all=True)
    assert crowd.total()[AT_EIGHT] == 1


def test_a_proposal_that_breaks_a_rule_of_now_is_not_accepted_with_the_others(crowd: Crowd) -> None:
    """Schools that are closed by now were taken to have accepted lessons, which each for itself could not accept."""
    crowd.run(2)
    header = "school,first_date,last_date,note\n"
    (crowd.folder / "closures.csv").write_text(f"{header}S001,{TUESDAY},{TUESDAY},storm\n")
    import_region(crowd.store, ACTOR, crowd.folder, KEY)
    done = adopt_run(crowd.store, ACTOR, KEY, 2, accept_all=True)
    assert (done.accepted, done.left_out) == (3, ("S001",))
    assert crowd.total()[AT_EIGHT] == 3
    assert reconcile(crowd.store) == []


def test_an_overloaded_run_can_be_adopted_and_says_where_it_is(crowd: Crowd) -> None:
    crowd.bring(capacity=90)
    crowd.run(2)
    done = adopt_run(crowd.store, ACTOR, KEY, 2, accept_all=True)
    assert [(short.start, short.end, short.missing) for short in done.short] == [
        (480, 525, 30_000_000),
        (600, 645, 30_000_000),
    ]
    assert "30 connections missing" in str(done.short[0].sentence())


def test_a_run_that_cannot_be_adopted_says_why(crowd: Crowd) -> None:
    with pytest.raises(NotThere):
        adopt_run(crowd.store, ACTOR, KEY, 7)
    with crowd.store.read() as work:
        mine = Scope(schools=frozenset(work.connection.execute(select(schools.c.id)).scalars()))
    with pytest.raises(NotThere):
        adopt_run(crowd.store, Actor(None, "principal", mine, mine), KEY, 1)
    with crowd.store.write() as work:
        work.connection.execute(update(plan_runs).values(input=None))
        work.connection.execute(update(school_plans).values(placements=None))
    with pytest.raises(Refused, match="erased"):
        adopt_run(crowd.store, ACTOR, KEY, 1)
    with crowd.store.write() as work:
        work.connection.execute(update(plan_runs).values(state="running"))
    with pytest.raises(Refused, match="not done"):
        adopt_run(crowd.store, ACTOR, KEY, 1)


def test_a_quota_is_kept_for_one_school_or_for_all(crowd: Crowd) -> None:
    quota(crowd, 30, "S000")
    assert set(crowd.committed()) == {1}
    quota(crowd, 30)
    quota(crowd, 30)
    assert set(crowd.committed()) == {4}
    with pytest.raises(NoRoom, match=r"0:00–24:00: 4 connections missing\nKeep less"):
        quota(crowd, 31)
    quota(crowd, 15)
    assert set(crowd.committed()) == {2}
    plan = crowd.proposal("S000")
    accept(crowd.store, ACTOR, KEY, "S000", plan.id)
    assert crowd.committed()[[AT_EIGHT, AT_NINE]].tolist() == [2.5, 2]
    quota(crowd, None, "S000")
    assert crowd.committed()[[AT_EIGHT, AT_NINE]].tolist() == [2.5, 1.5]
    assert reconcile(crowd.store) == []


@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf")])
def test_a_quota_is_a_number(crowd: Crowd, amount: float) -> None:
    with pytest.raises(Refused, match="from 0 on"):
        quota(crowd, amount)


@pytest.mark.parametrize(
    ("platform", "meter"), [("nosuch", "connections"), ("x" * 50, "connections"), ("ent", "pages")]
)
def test_a_quota_of_what_nobody_books_is_refused(crowd: Crowd, platform: str, meter: str) -> None:
    """It was kept in silence, where a platform was misspelt; a name too long for PostgreSQL failed there."""
    with pytest.raises(Refused, match=f"there is no meter|no platform “{platform}”"):
        set_quota(crowd.store, ACTOR, KEY, platform, meter, 1, TUESDAY, TUESDAY)


def test_what_does_not_agree_is_found(crowd: Crowd) -> None:
    accept(crowd.store, ACTOR, KEY, "S000", crowd.proposal("S000").id)
    wrong = pack_whole(np.ones(96, dtype=np.int64))
    with crowd.store.write() as work:
        work.connection.execute(update(ledger_totals).values(committed=wrong))
    assert [str(found) for found in reconcile(crowd.store)] == [
        "region “crowded”, ent, connections, 2021-04-06: the sums are not those of the schools’ entries"
    ]
    with crowd.store.write() as work:
        work.connection.execute(delete(ledger_entries))
        work.connection.execute(delete(ledger_totals))
    (found,) = reconcile(crowd.store)
    assert "is not what its plans ask" in str(found)
    with crowd.store.write() as work:
        work.connection.execute(delete(school_plans))
        mine = {"school_id": select(schools.c.id).where(schools.c.key == "S001").scalar_subquery()}
        row = mine | ENT._asdict() | {"booked": wrong}
        work.connection.execute(ledger_entries.insert().values(row))
    assert len(reconcile(crowd.store)) == 2
