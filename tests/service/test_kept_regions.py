"""Regions as the store keeps them: their heads, their schools one by one, and frozen as a run's input."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_folders import random_folder
from region_files import HEAD, added, edited, rows_by_school, same_by_school, write_region
from sqlalchemy import select, update

from scheduler.domain.people import EVERYTHING, NOTHING, Scope, service_actor
from scheduler.errors import NotThere
from scheduler.files.region_folder import read_region
from scheduler.service.kept_regions import freeze, head_of, one_school, thaw
from scheduler.service.region_import import import_region
from scheduler.store.tables.regions import regions, schools
from scheduler.store.tables.timetables import timetables

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.region import Region
    from scheduler.store import Store

ACTOR = service_actor("test")
KEY = "little-region"


def kept(store: Store, folder: Path) -> Region:
    import_region(store, ACTOR, folder, KEY)
    return read_region(folder).region


def rows_of(region: Region, code: int) -> list[object]:
    return [region.activities.describe(row) for row in np.flatnonzero(region.activities.school == code)]


def test_the_head_is_the_folder_without_its_activities(store: Store, tmp_path: Path) -> None:
    region = kept(store, write_region(tmp_path / "r"))
    with store.read() as work:
        head = head_of(work, EVERYTHING, KEY)
    assert [getattr(head, name) for name in HEAD] == [getattr(region, name) for name in HEAD]
    assert len(head.activities) == 0
    assert head.presence.rows(dt.date(2021, 4, 6)).tolist() == []


def test_one_school_is_that_school_alone(store: Store, tmp_path: Path) -> None:
    closures = "school,first_date,last_date\n0670001A,2021-04-07,2021-04-07\n0670002B,2021-04-08,2021-04-08\n"
    region = kept(store, write_region(tmp_path / "r", {"closures.csv": closures}))
    horizon = (dt.date(2021, 4, 12), dt.date(2021, 4, 16))
    with store.read() as work:
        one = one_school(work, EVERYTHING, KEY, "0670002B", horizon=horizon)
        audiences = one_school(work, EVERYTHING, KEY, "")
    assert one.schools == region.schools[1:]
    assert rows_of(one, 0) == rows_of(region, 1)
    assert [closure.school for closure in one.calendar.closures] == ["0670002B"]
    assert (one.grid.first_date, one.grid.last_date) == horizon
    assert audiences.schools == ()
    assert rows_of(audiences, -1) == rows_of(region, -1)
    assert audiences.presence.rows(dt.date(2021, 4, 6)).tolist() == [0]


def test_a_former_version_is_there_under_its_number(store: Store, tmp_path: Path) -> None:
    kept(store, write_region(tmp_path / "r"))
    with store.read() as work:
        first = work.connection.execute(select(schools.c.timetable_id).where(schools.c.key == "0670001A")).scalar_one()
    kept(store, write_region(tmp_path / "s", edited("sessions.csv", "S1,TU,,08:00", "S1,TU,,08:10")))
    with store.read() as work:
        starts = [
            one_school(work, EVERYTHING, KEY, "0670001A", version).activities.start[0] for version in (first, None)
        ]
        with pytest.raises(NotThere, match="no such version"):
            one_school(work, EVERYTHING, KEY, "0670002B", first)
    assert starts == [480, 490]


def test_a_school_without_a_timetable_has_no_activities(store: Store, tmp_path: Path) -> None:
    kept(store, write_region(tmp_path / "r", added("schools.csv", "0670003C,École,primary,,")))
    with store.read() as work:
        assert len(one_school(work, EVERYTHING, KEY, "0670003C").activities) == 0
        assert [school.key for school in head_of(work, EVERYTHING, KEY).schools][-1] == "0670003C"


def test_nothing_is_there_outside_the_scope(store: Store, tmp_path: Path) -> None:
    kept(store, write_region(tmp_path / "r"))
    with store.read() as work:
        mine, other = work.connection.execute(
            select(schools.c.id).where(schools.c.key != "").order_by(schools.c.position)
        ).scalars()
        principal = Scope(schools=frozenset({mine}))
        assert len(one_school(work, principal, KEY, "0670001A").activities) == 4
        for scope in (principal, NOTHING):
            with pytest.raises(NotThere):
                one_school(work, scope, KEY, "0670002B")
            with pytest.raises(NotThere):
                head_of(work, scope, KEY)
            with pytest.raises(NotThere):
                freeze(work, scope, KEY)
    assert mine != other


def test_what_was_frozen_stays_whatever_changes(store: Store, tmp_path: Path) -> None:
    folder = write_region(tmp_path / "r")
    region = kept(store, folder)
    with store.read() as work:
        frozen = freeze(work, EVERYTHING, KEY)
        assert freeze(work, EVERYTHING, KEY) == frozen
    changes = edited("sessions.csv", "S1,TU,,08:00", "S1,TU,,08:10") | edited("capacity.csv", "base,400", "base,500")
    kept(
        store,
        write_region(
            tmp_path / "s",
            changes
            | edited("schools.csv", "0670002B,L", "0670009Z,L")
            | {
                "sessions.csv": write_region(tmp_path / "t")
                .joinpath("sessions.csv")
                .read_text()
                .replace("0670002B", "0670009Z")
            },
        ),
    )
    thawed = thaw(store, frozen)
    assert same_by_school(thawed.region, region)
    with store.read() as work:
        assert same_by_school(thaw(work, frozen).region, region)
        assert not same_by_school(thaw(work, freeze(work, EVERYTHING, KEY)).region, region)


def test_what_was_erased_cannot_be_thawed(store: Store, tmp_path: Path) -> None:
    kept(store, write_region(tmp_path / "r"))
    with store.write() as work:
        frozen = freeze(work, EVERYTHING, KEY)
        work.connection.execute(update(timetables).values(content=None))
    with pytest.raises(NotThere, match="erased"):
        thaw(store, frozen)


def test_warnings_come_back_with_a_frozen_region(store: Store, tmp_path: Path) -> None:
    folder = write_region(tmp_path / "r", added("sessions.csv", "0670001A,S9,2022-01-03,,08:00,55,6A,,,,25,,,,,,,"))
    kept(store, folder)
    with store.read() as work:
        told = [str(warning) for warning in thaw(work, freeze(work, EVERYTHING, KEY)).warnings]
    assert len(told) == 1
    assert told[0].startswith("sessions/0670001A.csv:5: dates outside the horizon")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_row_k_of_a_school_is_row_k_of_its_version(
    store: Store, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    region = kept(store, random_folder(tmp_path_factory.mktemp("f") / "r", seed))
    whole = rows_by_school(region)
    with store.read() as work:
        read = thaw(work, freeze(work, EVERYTHING, KEY)).region
        assert [getattr(read, name) for name in HEAD] == [getattr(region, name) for name in HEAD]
        for code, school in [*enumerate(region.schools), (-1, None)]:
            key = school.key if school else ""
            found = rows_of(read, code)
            assert found == whole.get(key, [])
            if found:
                assert rows_of(one_school(work, EVERYTHING, KEY, key), 0 if school else -1) == found
    with store.read() as work:
        assert work.connection.execute(select(regions.c.key)).scalars().all() == [KEY]
