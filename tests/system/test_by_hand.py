"""Tiny regions with answers worked out by hand, one or more for each hard rule (CONTRACT section 3).

The setting that all of them share is in :mod:`hand_road`. A *filler* is a locked session of 30 heads where the limit
is 30: its slot is full, and whoever else starts there pays 50 a head, so that leaving it always pays up to 45 minutes
away. What no filler touches has room, and no load has to be split: the linear program's bound is the optimum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_road import BURST, ent, planned, region_toml, write_texts

from scheduler import cli

if TYPE_CHECKING:
    from pathlib import Path


def test_where_there_is_room_the_usual_timetable_is_the_plan(tmp_path: Path):
    """30 + 30 heads at 08:00 are within 60: nothing moves, which costs 0 and cannot cost less."""
    done = planned(
        tmp_path,
        capacity=ent(60),
        sessions="""
school,session,day,start,minutes,heads,platforms
A,one,TU,08:00,55,30,ent
A,two,TU,08:00,55,30,ent
""",
    )
    assert (done.objective, done.report["lower_bound"], done.report["moved"]) == (0, 0, 0)
    assert done.starts() == {"one": "08:00", "two": "08:00"}
    assert done.after("08:00", "08:05") == [60, 0]


def test_rule_1_starts_are_whole_slots_from_the_usual_start_not_from_the_grid(tmp_path: Path):
    """08:00 is full. `odd`, 20 heads at 08:03, loads 2/5 of it with 20, so 8 there and 12 at 08:05: 8 × 50 = 400.

    08:05 would be enough (2 minutes), but its starts are 08:03, 08:08, …: 08:08 costs 5 × 20 = 100, and loads
    08:05 with 2/5 × 20 = 8 and 08:10 with 12.
    """
    done = planned(
        tmp_path,
        capacity=ent(30),
        sessions="""
school,session,day,start,minutes,heads,platforms,locked
A,filler,TU,08:00,55,30,ent,1
A,odd,TU,08:03,55,20,ent,
""",
    )
    assert done.starts()["odd"] == "08:08"
    assert done.after("08:00", "08:05", "08:10") == [30, 8, 12]
    assert done.objective == done.report["shift_head_minutes"] == 100
    assert done.proven


def test_rule_2_a_locked_session_stays_though_moving_it_would_be_cheapest(tmp_path: Path):
    """One of two sessions of 30 must leave 08:00. `cheap`, weight 0.1, would for 15, but is locked; `dear` pays 150."""
    done = planned(
        tmp_path,
        capacity=ent(30),
        sessions="""
school,session,day,start,minutes,heads,platforms,locked,weight
A,cheap,TU,08:00,55,30,ent,1,0.1
A,dear,TU,08:00,55,30,ent,,
""",
    )
    assert done.starts() == {"cheap": "08:00", "dear": "08:05"}
    assert done.objective == 150
    assert done.proven


def test_rule_2_a_locked_session_keeps_its_alternative_though_switching_is_free(tmp_path: Path):
    """Both sessions could leave the ENT at no cost (switch_minutes 0); the locked one may not, so `free` does."""
    done = planned(
        tmp_path,
        region=region_toml(policy="switch_minutes = 0"),
        capacity=ent(30),
        usage=BURST + "live,bbb,connections,0,5,1\n",
        sessions="""
school,session,day,start,minutes,heads,platforms,locked
A,locked,TU,08:00,55,30,ent|bbb,1
A,free,TU,08:00,55,30,ent|bbb,
""",
    )
    assert done.platforms() == {"locked": "ent", "free": "bbb"}
    assert done.objective == 0
    assert done.report["switched"] == 1


def test_rule_2_day_earliest_and_latest_leave_one_way_out_each(tmp_path: Path):
    """Three pairs of 30 heads, each with a filler; 5 minutes either way would do, and each has but one way.

    `not-before` may not start before 09:00: 09:05. `not-after` may not start after 10:00: 09:55. `last` lasts 60
    minutes from 17:00 and the day ends at 18:00: 16:55. Each costs 150: 450.
    """
    done = planned(
        tmp_path,
        capacity=ent(30),
        sessions="""
school,session,day,start,minutes,heads,platforms,locked,earliest,latest
A,filler-1,TU,09:00,55,30,ent,1,,
A,not-before,TU,09:00,55,30,ent,,09:00,
A,filler-2,TU,10:00,55,30,ent,1,,
A,not-after,TU,10:00,55,30,ent,,,10:00
A,filler-3,TU,17:00,60,30,ent,1,,
A,last,TU,17:00,60,30,ent,,,
""",
    )
    starts = done.starts()
    assert (starts["not-before"], starts["not-after"], starts["last"]) == ("09:05", "09:55", "16:55")
    assert done.objective == 450
    assert done.proven


@pytest.mark.parametrize(
    ("most", "start", "objective", "status"), [(10, "08:00", 1500, "overloaded"), (15, "08:15", 450, "within_limits")]
)
def test_rule_2_no_session_moves_further_than_max_shift(
    tmp_path: Path, most: int, start: str, objective: float, status: str
):
    """08:00, 08:05 and 08:10 are full, so `free`, 30 heads, would go 15 minutes to 08:15 for 450.

    With at most 10 minutes it is over the limit wherever it goes (1,500), so it stays and saves the shift.
    """
    done = planned(
        tmp_path,
        region=region_toml(policy=f"max_shift_minutes = {most}"),
        capacity=ent(30),
        sessions="""
school,session,day,start,minutes,heads,platforms,locked
A,filler-1,TU,08:00,55,30,ent,1
A,filler-2,TU,08:05,55,30,ent,1
A,filler-3,TU,08:10,55,30,ent,1
A,free,TU,08:00,55,30,ent,
""",
    )
    assert done.starts()["free"] == start
    assert done.objective == objective
    assert done.report["status"] == status
    assert done.proven


@pytest.mark.parametrize(
    ("latest", "start", "objective", "over"), [("18:00", "17:25", 850, 0), ("17:50", "17:20", 5800, 500)]
)
def test_rule_2_a_window_lies_anywhere_between_earliest_and_latest_its_end_inside(
    tmp_path: Path, latest: str, start: str, objective: float, over: float
):
    """A lesson fills the ENT from 16:00 to 17:25; 100 parents usually connect for 30 minutes from 16:00.

    max_shift_minutes is 5, but a window goes where its bounds let it: 17:25 to 17:55 costs 85 × 100 × 0.1 = 850.
    Where it must *end* by 17:50 it starts at 17:20 at the latest: 80 × 10 = 800, and 100 connections too many for 5
    minutes, 500 connection-minutes, 5,000. One slot earlier would save 50 and cost 5,000 more.
    """
    done = planned(
        tmp_path,
        region=region_toml(policy="max_shift_minutes = 5"),
        capacity=ent(100),
        usage=BURST + "steady,ent,connections,0,end,1\n",
        sessions="""
school,session,day,start,minutes,heads,platforms,activity,locked
A,lesson,TU,16:00,85,100,ent,steady,1
""",
        access=f"""
school,window,audience,day,heads,minutes,platforms,activity,usual_start,earliest,latest
A,evening,parents,TU,100,30,ent,steady,16:00,16:00,{latest}
""",
    )
    assert done.starts()["evening"] == start
    assert done.objective == objective
    assert done.report["overload_connection_minutes"] == over
    assert done.report["largest_shift_minutes"] == 0, "of class sessions only"
    assert done.proven


@pytest.mark.parametrize(
    ("switch", "activity", "start", "used", "objective"),
    [(20, 20, "08:15", "ent", 450), (10, 20, "08:00", "bbb", 300), (20, 8, "08:00", "ent@async", 240)],
)
def test_rule_3_one_alternative_each_whichever_is_cheapest(
    tmp_path: Path, switch: int, activity: int, start: str, used: str, objective: float
):
    """08:00 to 08:10 are full, so 30 heads move to 08:15 for 15 × 30 = 450, or are served otherwise.

    By BBB for switch_minutes × 30, or held as ``async``, which loads the ENT with nothing, for activity_minutes × 30:
    600 and 600, or 300 and 600, or 600 and 240.
    """
    done = planned(
        tmp_path,
        region=region_toml(policy=f"switch_minutes = {switch}\nactivity_minutes = {activity}"),
        capacity=ent(30),
        usage=BURST + "live,bbb,connections,0,5,1\nasync,ent,connections,0,end,0\n",
        sessions="""
school,session,day,start,minutes,heads,platforms,locked
A,filler-1,TU,08:00,55,30,ent,1
A,filler-2,TU,08:05,55,30,ent,1
A,filler-3,TU,08:10,55,30,ent,1
A,free,TU,08:00,55,30,ent|bbb|ent@async,
""",
    )
    assert (done.starts()["free"], done.platforms()["free"]) == (start, used)
    assert done.objective == objective
    assert done.report["switch_head_minutes"] == (0 if used == "ent" else objective)
    assert done.proven


@pytest.mark.parametrize(
    ("cells", "second", "objective"),
    [("", "09:10", 500), ("1", "09:00", 1500)],
    ids=["the-follower-can-move", "the-follower-is-locked"],
)
def test_rule_4_a_session_pushes_its_sharer_or_stays_where_that_cannot_move(
    tmp_path: Path, cells: str, second: str, objective: float
):
    """`first` must move 10 minutes; `second`, 20 heads, shares its teacher 5 minutes later and goes along.

    300 + 200 = 500. Where `second` is locked, `first` stays above the limit instead: 30 × 50 = 1,500.
    """
    done = planned(
        tmp_path,
        capacity=ent(30),
        sessions=f"""
school,session,day,start,minutes,heads,platforms,teachers,locked
A,filler-1,TU,08:00,55,30,ent,,1
A,filler-2,TU,08:05,55,30,ent,,1
A,first,TU,08:00,55,30,ent,Mme Rhin,
A,second,TU,09:00,55,20,ent,Mme Rhin,{cells}
""",
    )
    assert done.starts()["second"] == second
    assert done.objective == objective
    assert done.proven


@pytest.mark.parametrize(
    ("teacher", "locked", "second", "objective", "warnings"),
    [("Mme Rhin", "", "08:40", 500, 1), ("Mme Rhin", "1", "08:30", 1500, 1), ("M. Ill", "", "08:30", 300, 0)],
    ids=["moves-along", "locked-and-so-both-stay", "no-sharer"],
)
def test_rule_5_sharers_that_usually_overlap_have_one_shift_and_are_warned_of(
    tmp_path: Path, teacher: str, locked: str, second: str, objective: float, warnings: int
):
    """`first` (08:00 to 08:55) must move 10 minutes for 300; `second` (08:30, 20 heads) overlaps it.

    With a teacher in common both move 10 minutes: 300 + 200. If `second` is locked, `first` cannot move: 1,500.
    """
    done = planned(
        tmp_path,
        capacity=ent(30),
        sessions=f"""
school,session,day,start,minutes,heads,platforms,teachers,locked
A,filler-1,TU,08:00,55,30,ent,,1
A,filler-2,TU,08:05,55,30,ent,,1
A,first,TU,08:00,55,30,ent,Mme Rhin,
A,second,TU,08:30,55,20,ent,{teacher},{locked}
""",
    )
    assert done.starts()["second"] == second
    assert done.objective == objective
    assert len(done.report["warnings"]) == warnings
    assert done.proven


def test_rule_7_a_usual_start_outside_its_own_bounds_is_refused(tmp_path: Path):
    """`early` usually starts at 08:00 but says that it may not start before 09:00: no plan, exit status 2."""
    region = write_texts(
        tmp_path / "region",
        capacity=ent(30),
        sessions="""
school,session,day,start,minutes,heads,platforms,earliest
A,early,TU,08:00,55,30,ent,09:00
""",
    )
    assert cli.main(["stagger", str(region), "--out", str(tmp_path / "plan"), "--quiet"]) == cli.FAULTY
    assert not (tmp_path / "plan").exists()
