"""Region folders go into the store and come out the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_folders import random_folder
from region_files import (
    ACCESS,
    SESSIONS,
    USAGE,
    edited,
    rows_by_school,
    same_by_school,
    small_region,
    write_region,
)
from sqlalchemy import select
from written import contents

from scheduler.demo import write_demo_region
from scheduler.domain.people import REGION, Role, person_actor, service_actor
from scheduler.domain.timetable import ClassSession
from scheduler.domain.wishes import Wish
from scheduler.errors import CannotWrite, FaultyInput, NotThere, Refused
from scheduler.files.region_folder import read_region
from scheduler.service.regions import export_region, import_region, list_regions, list_schools, open_school
from scheduler.service.wishes import state_wish
from scheduler.store import audit
from scheduler.store.tables.regions import capacity_entries, schools
from scheduler.store.tables.timetables import timetables

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.files.region_folder import ReadRegion
    from scheduler.store import Store

ACTOR = service_actor("test")
KEY = "little-region"


def without_the_second_school() -> dict[str, str]:
    return {
        name: "".join(line for line in text.splitlines(keepends=True) if not line.startswith("0670002B"))
        for name, text in small_region().items()
    }


def versions(store: Store) -> list[tuple[str, int, bool]]:
    """Give every version: its school, its number, whether it is in force."""
    with store.read() as work:
        query = (
            select(schools.c.key, timetables.c.number, (schools.c.timetable_id == timetables.c.id).label("in_force"))
            .select_from(timetables.join(schools, schools.c.id == timetables.c.school_id))
            .order_by(schools.c.key, timetables.c.number)
        )
        return [(row.key, row.number, bool(row.in_force)) for row in work.connection.execute(query)]


def told_of_tables(read: ReadRegion) -> list[str]:
    """Give the warnings, but for those that are counted by files of sessions."""
    return [str(warning) for warning in read.warnings if "outside the horizon" not in str(warning)]


def there_and_back(store: Store, folder: Path, tmp_path: Path, key: str = "r") -> Path:
    import_region(store, ACTOR, folder, key)
    export_region(store, ACTOR, key, tmp_path / "back")
    return tmp_path / "back"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_region_comes_out_of_the_store_as_it_went_in(
    store: Store, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    place = tmp_path_factory.mktemp("f")
    folder = random_folder(place / "r", seed)
    back = there_and_back(store, folder, place)
    before, after = read_region(folder), read_region(back)
    assert same_by_school(before.region, after.region)
    assert sorted(
        str(warning.what) for warning in before.warnings if "outside the horizon" not in str(warning)
    ) == sorted(str(warning.what) for warning in after.warnings if "outside the horizon" not in str(warning))
    # And what came out goes in without changing anything, and comes out equal byte for byte.
    done = import_region(store, ACTOR, back, "r")
    assert not done.changed
    export_region(store, ACTOR, "r", place / "again")
    assert contents(place / "again") == contents(back)


def test_the_demo_comes_out_as_it_went_in(store: Store, tmp_path: Path) -> None:
    write_demo_region(tmp_path / "demo", "Grand Est", 6, 0)
    back = there_and_back(store, tmp_path / "demo", tmp_path)
    before, after = read_region(tmp_path / "demo"), read_region(back)
    assert len(after.region.activities) > 1000
    assert same_by_school(before.region, after.region)
    assert sorted(path.stem for path in (back / "sessions").iterdir()) == sorted(
        school.key for school in before.region.schools
    )


def test_schools_whose_files_would_hide_or_meet_stand_in_one_file(store: Store, tmp_path: Path) -> None:
    keys = (".a", "b", "B", "c")
    rows = [f"{key},s,MO,,08:00,55,6A,,,,25,ent,,,,,," for key in keys]
    folder = write_region(
        tmp_path / "r",
        {
            "schools.csv": "school\n" + "".join(key + "\n" for key in keys),
            "sessions.csv": SESSIONS.split("\n")[0] + "\n" + "\n".join(rows) + "\n",
            "access.csv": None,
        },
    )
    back = there_and_back(store, folder, tmp_path)
    assert [path.name for path in (back / "sessions").iterdir()] == ["c.csv"]
    assert same_by_school(read_region(folder).region, read_region(back).region)


def test_importing_the_same_folder_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    folder = write_region(tmp_path / "r")
    first, second = (import_region(store, ACTOR, folder) for _ in range(2))
    assert (first.key, first.changed, first.new_timetables) == (KEY, True, 3)
    assert (second.changed, second.new_timetables) == (False, 0)
    assert versions(store) == [("", 1, True), ("0670001A", 1, True), ("0670002B", 1, True)]
    assert list_regions(store, ACTOR)[0].revision == 1
    with store.read() as work:
        assert len(audit.entries(work, KEY)) == 1


def test_an_import_makes_new_versions_where_a_timetable_differs(store: Store, tmp_path: Path) -> None:
    import_region(store, ACTOR, write_region(tmp_path / "r"))
    folder = write_region(tmp_path / "s", edited("sessions.csv", "S1,TU,,08:00", "S1,TU,,08:10"))
    done = import_region(store, ACTOR, folder)
    assert (done.new_timetables, done.left_schools) == (1, 0)
    assert versions(store) == [("", 1, True), ("0670001A", 1, False), ("0670001A", 2, True), ("0670002B", 1, True)]
    import_region(store, ACTOR, tmp_path / "r")  # the former one again is a third version, not the first one
    assert ("0670001A", 3, True) in versions(store)


def test_a_school_that_leaves_is_kept_and_comes_back_as_the_same(store: Store, tmp_path: Path) -> None:
    import_region(store, ACTOR, write_region(tmp_path / "r"))
    with store.read() as work:
        ids = dict(work.connection.execute(select(schools.c.key, schools.c.id)).all())
    done = import_region(store, ACTOR, write_region(tmp_path / "s", without_the_second_school()))
    assert (done.left_schools, done.schools) == (1, 1)
    assert ("0670002B", 1, False) in versions(store)
    assert [entry.school.key for entry in list_schools(store, ACTOR, KEY).entries] == ["0670001A"]
    assert open_school(store, ACTOR, KEY, "0670002B").entry.left_at is not None
    back = there_and_back(store, tmp_path / "s", tmp_path, KEY)
    assert same_by_school(read_region(tmp_path / "s").region, read_region(back).region)
    import_region(store, ACTOR, tmp_path / "r")
    with store.read() as work:
        assert dict(work.connection.execute(select(schools.c.key, schools.c.id)).all()) == ids
    assert open_school(store, ACTOR, KEY, "0670002B").entry.version == 2


def test_a_timetable_that_vanishes_from_a_school_that_stays_is_not_in_force(store: Store, tmp_path: Path) -> None:
    import_region(store, ACTOR, write_region(tmp_path / "r"))
    changes = {name: without_the_second_school()[name] for name in ("sessions.csv",)}
    changes["access.csv"] = "\n".join(line for line in ACCESS.split("\n") if not line.startswith(","))
    done = import_region(store, ACTOR, write_region(tmp_path / "s", changes))
    assert (done.changed, done.left_schools, done.new_timetables) == (True, 0, 0)
    assert versions(store) == [("", 1, False), ("0670001A", 1, True), ("0670002B", 1, False)]
    back = there_and_back(store, tmp_path / "s", tmp_path, KEY)
    assert same_by_school(read_region(tmp_path / "s").region, read_region(back).region)


def test_unchanged_capacities_keep_who_entered_them_and_when(store: Store, tmp_path: Path) -> None:
    import_region(store, ACTOR, write_region(tmp_path / "r"))
    entered = select(capacity_entries.c.id, capacity_entries.c.entered_at)
    with store.read() as work:
        before = work.connection.execute(entered).all()
    import_region(store, ACTOR, write_region(tmp_path / "s", edited("usage.csv", "end,0.2", "end,0.3")))
    with store.read() as work:
        assert work.connection.execute(entered).all() == before
        [latest, _] = audit.entries(work, KEY)
    assert latest.after["changed"] == ["usage.csv"]
    assert "async,ent,connections,0,end,0.2\n" in latest.before["files"]["usage.csv"]
    assert "async,ent,connections,0,end,0.3\n" in latest.after["files"]["usage.csv"]
    assert latest.what == "region.imported"


def test_every_fault_is_told_and_nothing_is_stored(store: Store, tmp_path: Path) -> None:
    folder = write_region(
        tmp_path / "r", edited("sessions.csv", "08:05", "8.05") | {"usage.csv": USAGE + "live,x,,,,\n"}
    )
    with pytest.raises(FaultyInput) as raised:
        import_region(store, ACTOR, folder)
    assert {fault.file for fault in raised.value.faults} == {"sessions.csv", "usage.csv"}
    with pytest.raises(FaultyInput, match="not a key of a region"):
        import_region(store, ACTOR, write_region(tmp_path / "s"), "a/b")
    assert list_regions(store, ACTOR) == ()


def test_a_key_made_from_the_name_does_not_replace_another_region(store: Store, tmp_path: Path) -> None:
    import_region(store, ACTOR, write_region(tmp_path / "r"))
    folder = write_region(tmp_path / "s", edited("region.toml", "Little Region", "Little  région!"))
    with pytest.raises(Refused, match="say with a key"):
        import_region(store, ACTOR, folder)
    assert import_region(store, ACTOR, folder, "other").key == "other"
    assert import_region(store, ACTOR, folder, KEY).name == "Little  région!"


def test_only_who_may_change_everything_makes_a_region(store: Store, tmp_path: Path) -> None:
    folder = write_region(tmp_path / "r")
    stranger = person_actor(7, "a@b.fr", [Role(REGION, region_id=999)])
    with pytest.raises(NotThere):
        import_region(store, stranger, folder)
    import_region(store, ACTOR, folder)
    for forbidden in (
        lambda: import_region(store, stranger, folder),
        lambda: export_region(store, stranger, KEY, tmp_path / "out"),
        lambda: list_schools(store, stranger, KEY),
        lambda: open_school(store, stranger, KEY, "0670001A"),
    ):
        with pytest.raises(NotThere):
            forbidden()
    assert list_regions(store, stranger) == ()
    assert not (tmp_path / "out").exists()


def test_an_export_replaces_nothing_but_a_region(store: Store, tmp_path: Path) -> None:
    import_region(store, ACTOR, write_region(tmp_path / "r"))
    for name, file in (("a", "notes.txt"), ("b", "plan.csv"), ("c", "sessions/notes.txt")):
        (tmp_path / name).mkdir()
        write_region(tmp_path / name)
        (tmp_path / name / file).parent.mkdir(exist_ok=True)
        (tmp_path / name / file).write_text("mine")
        with pytest.raises(CannotWrite, match="other things than a region"):
            export_region(store, ACTOR, KEY, tmp_path / name)
        assert (tmp_path / name / file).read_text() == "mine"
    (tmp_path / "d").write_text("mine")
    with pytest.raises(CannotWrite, match="is a file"):
        export_region(store, ACTOR, KEY, tmp_path / "d")
    export_region(store, ACTOR, KEY, tmp_path / "r")
    assert (tmp_path / "r" / "sessions" / "0670001A.csv").is_file()
    assert not (tmp_path / "r" / "sessions.csv").exists()


def test_an_export_with_locks_is_what_a_planning_run_sees(store: Store, tmp_path: Path) -> None:
    folder = write_region(tmp_path / "r")
    import_region(store, ACTOR, folder)
    state_wish(store, ACTOR, KEY, "0670001A", Wish("lock", "session", "S1"))
    state_wish(store, ACTOR, KEY, "0670001A", Wish("latest", "day", "TU", 9 * 60 + 30))
    for name, locks in (("usual", False), ("locked", True)):
        export_region(store, ACTOR, KEY, tmp_path / name, locks=locks)
    assert same_by_school(read_region(folder).region, read_region(tmp_path / "usual").region)
    rows = rows_by_school(read_region(tmp_path / "locked").region)["0670001A"][:3]
    assert [(row.key, row.locked, row.latest) for row in rows if isinstance(row, ClassSession)] == [
        ("S1", True, 570),
        ("S2", False, 570),
        ("S3", False, None),
    ]


def test_imports_at_the_same_time_come_one_after_the_other(store: Store, tmp_path: Path) -> None:
    folders = [
        write_region(tmp_path / f"{place}", edited("sessions.csv", "S1,TU,,08:00", f"S1,TU,,08:{place}0"))
        for place in range(4)
    ]
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda folder: import_region(store, ACTOR, folder), folders * 2))
    changes = sum(one.changed for one in done)
    assert list_regions(store, ACTOR)[0].revision == changes >= 4
    mine = [(number, in_force) for key, number, in_force in versions(store) if key == "0670001A"]
    assert mine == [(number, number == changes) for number in range(1, changes + 1)]
    with store.read() as work:
        assert audit.verify(work) == []
        assert len(audit.entries(work, KEY)) == changes
