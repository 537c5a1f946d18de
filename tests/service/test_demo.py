"""The demo is brought once, goes on where it was interrupted, and never among the regions of others."""

from __future__ import annotations

import datetime as dt
import stat
from typing import TYPE_CHECKING

import pytest
from households import OPERATORS
from region_files import small_region, write_region

from scheduler.cli.serve_demo import playable
from scheduler.domain.runs import DONE
from scheduler.errors import Refused
from scheduler.service.demo import bring_demo, publish_demo, wants_plan
from scheduler.service.demo_people import demo_sign_ins
from scheduler.service.region_frame import frame_of
from scheduler.service.region_import import import_region
from scheduler.service.regions import list_schools
from scheduler.service.runs import list_runs
from scheduler.service.sign_in import sign_in, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

WEEK = dt.date(2026, 12, 2)


def bring(store: Store, data: Path) -> str:
    return bring_demo(store, OPERATORS, data, "Bretagne", 3, WEEK)


def test_its_people_can_sign_in_and_see_what_is_theirs(store: Store, tmp_path: Path) -> None:
    key = bring(store, tmp_path / "data")
    people = demo_sign_ins(tmp_path / "data")
    assert {one.role for one in people} == {"region", "principal", "operator"}
    for one in people:
        who = signed_in(store, sign_in(store, one.email, one.password))
        assert who is not None
        assert [post.role.name for post in who.person.posts] == [one.role]
        assert list_schools(store, who.actor, key).total == (1 if one.role == "principal" else 3)


def test_passwords_are_for_the_owner_of_the_folder_alone_and_differ(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path / "data")
    (file,) = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len({one.password for one in demo_sign_ins(tmp_path / "data")}) == 3


def test_it_is_held_in_the_week_that_was_asked_for(store: Store, tmp_path: Path) -> None:
    frame = frame_of(store, OPERATORS, bring(store, tmp_path / "data"))
    assert (frame.first_date, frame.last_date) == (dt.date(2026, 12, 1), dt.date(2026, 12, 4))


def test_bringing_it_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    key = bring(store, tmp_path)
    people, before = demo_sign_ins(tmp_path), frame_of(store, OPERATORS, key)
    assert bring(store, tmp_path) == key
    assert (demo_sign_ins(tmp_path), frame_of(store, OPERATORS, key)) == (people, before)


def test_what_was_interrupted_before_its_people_came_is_finished(store: Store, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scheduler.service.demo.invite", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            bring(store, tmp_path)
    bring(store, tmp_path)
    assert all(sign_in(store, one.email, one.password) for one in demo_sign_ins(tmp_path))


def test_a_region_of_others_is_left_alone(store: Store, tmp_path: Path) -> None:
    import_region(store, OPERATORS, write_region(tmp_path / "r", small_region()))
    with pytest.raises(Refused, match="no demo"):
        bring(store, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_one_plan_waits_for_a_worker_and_nothing_is_published_without_it(store: Store, tmp_path: Path) -> None:
    key = bring(store, tmp_path)
    assert wants_plan(store, OPERATORS, key)
    assert wants_plan(store, OPERATORS, key)
    assert [run.state == DONE for run in list_runs(store, OPERATORS, key)] == [False]
    with pytest.raises(Refused, match="no plan"):
        publish_demo(store, OPERATORS, key)


@pytest.mark.parametrize(
    ("today", "monday"),
    [((2026, 11, 30), (2026, 11, 30)), ((2026, 12, 3), (2026, 11, 30)), ((2026, 12, 4), (2026, 12, 7))],
)
def test_a_week_that_is_nearly_over_is_left_for_the_next(
    today: tuple[int, int, int], monday: tuple[int, int, int]
) -> None:
    found = playable(dt.date(*today))
    assert found - dt.timedelta(days=found.weekday()) == dt.date(*monday)
