"""Schools are listed, searched, sorted and opened; regions are listed with their counts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from region_files import SESSIONS, added, rows_by_school, write_region
from sqlalchemy import insert, select, update

from scheduler.domain.listing import ACCEPTED, NO_TIMETABLE, PROPOSED, PUBLISHED, TIMETABLE
from scheduler.domain.people import service_actor
from scheduler.errors import NotThere
from scheduler.files.region_folder import read_region
from scheduler.service.regions import import_region, list_regions, list_schools, open_school
from scheduler.store.tables.regions import regions, schools
from scheduler.store.tables.runs import school_plans

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

ACTOR = service_actor("test")
KEY = "little-region"


def big_list(store: Store, tmp_path: Path) -> None:
    """Bring a region of 30 schools: every third without a timetable."""
    rows = [
        f"s{place:02d},{('Collège Éluard', 'Lycée Île', 'École Ory')[place % 3]} {place:02d},"
        f"{('lower_secondary', 'upper_secondary', 'primary')[place % 3]},{('Reims', 'Nancy-Metz')[place % 2]},"
        f"{'' if place == 7 else 10 * place}"
        for place in range(30)
    ]
    taught = [f"s{place:02d},x,MO,,08:00,55,6A,,,,25,ent,,,,,," for place in range(30) if place % 3]
    changes = {
        "schools.csv": "school,name,level,academy,pupils\n" + "\n".join(rows) + "\n",
        "sessions.csv": SESSIONS.split("\n")[0] + "\n" + "\n".join(taught) + "\n",
        "access.csv": None,
    }
    import_region(store, ACTOR, write_region(tmp_path / "r", changes), "r")


def keys(store: Store, **wanted: Any) -> list[str]:
    return [entry.school.key for entry in list_schools(store, ACTOR, "r", **wanted).entries]


def test_schools_are_searched_sorted_and_paged(store: Store, tmp_path: Path) -> None:
    big_list(store, tmp_path)
    page = list_schools(store, ACTOR, "r", page=2, size=7)
    assert (page.total, page.pages, len(page.entries)) == (30, 5, 7)
    every = keys(store)
    assert every[:2] == ["s00", "s03"]  # colleges come first
    assert [key for number in range(1, 6) for key in keys(store, page=number, size=7)] == every
    assert keys(store, search="ILE lyc", sort="school")[:2] == ["s01", "s04"]
    assert keys(store, search="S07") == ["s07"]
    assert keys(store, search="nancy eluard", sort="-school")[0] == "s27"
    assert keys(store, search="%") == keys(store, search="zzz") == []
    assert set(keys(store, level="primary", academy="Reims")) == {"s02", "s08", "s14", "s20", "s26"}
    assert keys(store, sort="pupils")[0] == "s00"
    assert keys(store, sort="-pupils")[0] == "s29"
    assert keys(store, sort="-pupils")[-1] == keys(store, sort="pupils")[-1] == "s07"
    assert keys(store, page=9) == []
    with pytest.raises(ValueError, match="sorted"):
        keys(store, sort="secret")


def test_the_state_of_a_school_is_that_of_its_latest_plan(store: Store, tmp_path: Path) -> None:
    big_list(store, tmp_path)
    plans = {
        "s01": [PROPOSED],
        "s02": [PUBLISHED, PROPOSED],
        "s04": [PROPOSED, ACCEPTED],
        "s05": [PUBLISHED, "refused"],
    }
    with store.write() as work:
        rows = {row.key: row for row in work.connection.execute(select(schools))}
        day, now = dt.date(2021, 4, 6), work.now
        usual = {"made_at": now, "first_date": day, "last_date": day, "activities": 1, "moved": 0, "shift_minutes": 0}
        for key, states in plans.items():
            mine = usual | {"school_id": rows[key].id, "timetable_id": rows[key].timetable_id}
            for state in states:
                work.connection.execute(insert(school_plans).values(mine | {"state": state}))
    assert set(keys(store, state=PROPOSED)) == {"s01", "s02"}
    assert keys(store, state=ACCEPTED) == ["s04"]
    assert keys(store, state=PUBLISHED) == ["s05"]
    assert len(keys(store, state=NO_TIMETABLE)) == 10
    assert len(keys(store, state=TIMETABLE)) == 16
    assert keys(store, sort="-state")[:2] == ["s05", "s04"]
    assert [entry.state for entry in list_schools(store, ACTOR, "r", search="s02").entries] == [PROPOSED]


def test_an_open_school_shows_its_rows(store: Store, tmp_path: Path) -> None:
    folder = write_region(tmp_path / "r")
    import_region(store, ACTOR, folder)
    opened = open_school(store, ACTOR, KEY, "0670001A")
    assert list(opened.rows) == rows_by_school(read_region(folder).region)["0670001A"]
    entry = opened.entry
    assert (entry.school.name, entry.state, entry.version, entry.source) == ("Collège du Rhin", TIMETABLE, 1, "r")
    assert (entry.sessions, entry.windows) == (3, 1)
    with pytest.raises(NotThere):
        open_school(store, ACTOR, KEY, "0670009Z")


def test_regions_are_listed_with_their_counts(store: Store, tmp_path: Path) -> None:
    import_region(store, ACTOR, write_region(tmp_path / "r", added("schools.csv", "0670003C,École,primary,,")))
    [entry] = list_regions(store, ACTOR)
    assert (entry.key, entry.schools, entry.with_timetable, entry.sessions) == (KEY, 3, 2, 5)
    with store.write() as work:
        work.connection.execute(update(regions).values(last_date=dt.date(2021, 4, 30)))
    assert list_regions(store, ACTOR)[0].last_date == dt.date(2021, 4, 30)
