"""Tiny regions worked out by hand: weeks, periods and closures (CONTRACT section 2). Setting: :mod:`hand_road`.

Monday, 5 April 2021 begins ISO week 14, even and so B; Monday the 12th begins week 15, A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_road import SCHOOLS, Planned, ent, planned, region_toml

if TYPE_CHECKING:
    from pathlib import Path

TWO_WEEKS = region_toml(first="2021-04-05", last="2021-04-16")
FOUR_DAYS = region_toml(first="2021-04-06", last="2021-04-09")
THREE_SCHOOLS = SCHOOLS + "B,Lycée B,upper_secondary\nC,Institut C,\n"
BY_WEEK = """
school,session,day,weeks,start,minutes,heads,platforms
A,A-in-A,TU,A,08:00,55,10,ent
A,A-in-B,TU,B,09:00,55,10,ent
B,B-in-A,TU,A,08:00,55,10,ent
"""
EVERY_DAY = "".join(
    f"{school},{school}-{day},{day},08:00,55,10\n" for school in "ABC" for day in ("TU", "WE", "TH", "FR")
)
AUDIENCE = "window,audience,day,heads,minutes,platforms,activity\n" + "".join(
    f"parents-{day},parents,{day},10,30,ent,live\n" for day in ("TU", "WE", "TH", "FR")
)


@pytest.mark.parametrize(
    ("weeks", "taught"),
    [
        (None, {("2021-04-06", "A-in-B"), ("2021-04-13", "A-in-A"), ("2021-04-13", "B-in-A")}),
        (
            ",2021-04-05,A\n,2021-04-12,B\n",
            {("2021-04-06", "A-in-A"), ("2021-04-06", "B-in-A"), ("2021-04-13", "A-in-B")},
        ),
        (
            "A,2021-04-05,B\n,2021-04-05,A\n",
            {("2021-04-06", "A-in-B"), ("2021-04-06", "B-in-A"), ("2021-04-13", "A-in-A"), ("2021-04-13", "B-in-A")},
        ),
    ],
    ids=["iso-weeks", "general-rows-turn-them-round", "a-school's-row-goes-before-the-general-one"],
)
def test_weeks(tmp_path: Path, weeks: str | None, taught: set[tuple[str, str]]):
    """Two weeks, B then A by ISO. A general row says otherwise of a Monday, a school's own row goes before that."""
    done = planned(
        tmp_path,
        region=TWO_WEEKS,
        schools=SCHOOLS + "B,Lycée B,\n",
        sessions=BY_WEEK,
        **({} if weeks is None else {"weeks": "school,monday,week\n" + weeks}),
    )
    assert set(done.taught()) == taught


def test_a_date_takes_place_once_and_only_in_its_week(tmp_path: Path):
    """Of two sessions dated 6 April, in week B, the one that says A never takes place."""
    done = planned(
        tmp_path,
        region=TWO_WEEKS,
        sessions="""
school,session,day,weeks,start,minutes,heads,platforms
A,dated,2021-04-06,,08:00,55,10,ent
A,dated-B,2021-04-06,B,09:00,55,10,ent
A,dated-A,2021-04-06,A,10:00,55,10,ent
""",
    )
    assert done.taught() == [("2021-04-06", "dated"), ("2021-04-06", "dated-B")]


def _dates(done: Planned) -> dict[str, list[str]]:
    """Give the dates on which schools A, B and C teach and the region's parents connect."""
    return {place: [date for date, key in done.taught() if key.startswith(place)] for place in ("A", "B", "C", "par")}


def test_periods_by_level_for_all_and_for_the_region(tmp_path: Path):
    """Lower secondary on the 6th and 7th, every level on the 8th, nobody on the 9th.

    A (lower secondary) on three dates, B (upper secondary) on the 8th, C, which has no level, on the 8th too: it
    follows only rows of empty level. The region's parents on every date that some row covers: three.
    """
    done = planned(
        tmp_path,
        region=FOUR_DAYS,
        schools=THREE_SCHOOLS,
        sessions="school,session,day,start,minutes,heads\n" + EVERY_DAY,
        access=AUDIENCE,
        periods="level,first_date,last_date\nlower_secondary,2021-04-06,2021-04-07\n,2021-04-08,2021-04-08\n",
    )
    three = ["2021-04-06", "2021-04-07", "2021-04-08"]
    assert _dates(done) == {"A": three, "B": ["2021-04-08"], "C": ["2021-04-08"], "par": three}


def test_closures_of_a_school_and_of_all(tmp_path: Path):
    """School A is closed on the 6th and 7th, everybody on the 9th, the region's parents then too."""
    done = planned(
        tmp_path,
        region=FOUR_DAYS,
        schools=THREE_SCHOOLS,
        sessions="school,session,day,start,minutes,heads\n" + EVERY_DAY,
        access=AUDIENCE,
        closures="school,first_date,last_date\nA,2021-04-06,2021-04-07\n,2021-04-09,2021-05-01\n",
    )
    three = ["2021-04-06", "2021-04-07", "2021-04-08"]
    assert _dates(done) == {"A": ["2021-04-08"], "B": three, "C": three, "par": three}


def test_who_is_absent_loads_nothing_and_each_date_is_planned_for_itself(tmp_path: Path):
    """Schools A and B have 30 heads each at 08:00 every day, under 30; A's are weight 1/2.

    On the 6th A is closed: nothing moves. On the 7th A's session goes to 08:05: 5 × 30 / 2 = 75. On the 8th the
    capacity is 60: nothing moves. 75 in all, and three days in the report.
    """
    done = planned(
        tmp_path,
        region=region_toml(first="2021-04-06", last="2021-04-08"),
        schools=SCHOOLS + "B,Lycée B,\n",
        capacity=ent(30) + "ent,connections,2021-04-08T00:00,,base,60\n",
        closures="school,first_date,last_date\nA,2021-04-06,2021-04-06\n",
        sessions="school,session,day,start,minutes,heads,platforms,weight\n"
        + "".join(
            f"A,a-{day},{day},08:00,55,30,ent,0.5\nB,b-{day},{day},08:00,55,30,ent,\n" for day in ("TU", "WE", "TH")
        ),
    )
    assert done.starts("2021-04-06") == {"b-TU": "08:00"}
    assert done.starts("2021-04-07") == {"a-WE": "08:05", "b-WE": "08:00"}
    assert done.starts("2021-04-08") == {"a-TH": "08:00", "b-TH": "08:00"}
    assert done.after("2021-04-06 08:00", "2021-04-07 08:00", "2021-04-08 08:00") == [30, 30, 60]
    assert [(day["date"], day["activities"], day["objective"]) for day in done.report["days"]] == [
        ("2021-04-06", 1, 0),
        ("2021-04-07", 2, 75),
        ("2021-04-08", 2, 0),
    ]
    assert done.objective == 75
    assert done.proven
