"""Tiny regions worked out by hand: sessions that change their order with ``--reorder`` (setting: :mod:`hand_road`).

One scene throughout: until 8:30 the ENT bears 10 connections. `big`, 60 heads, usually starts at 8:00; behind it, with
the same teacher, `small`, 5 heads, which cannot start later than at 8:30. While they keep their order, `big` cannot
move, and is 50 connections too many in one slot: 2,500. With `small` at 8:00 (5 × 30) and `big` at 8:30 (60 × 30) it
costs 1,950.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_road import Planned, planned, region_toml, write_texts
from written import report

from scheduler import cli

if TYPE_CHECKING:
    from pathlib import Path

OUTAGE = """
platform,meter,from,to,kind,amount
ent,connections,,,base,100
ent,connections,2021-04-06T00:00,2021-04-06T08:30,change,-90
"""
HEADER = """
school,session,day,start,minutes,heads,platforms,latest,teachers,room,locked
"""
BIG = "A,big,TU,08:00,25,60,ent,,Rhin,,\n"
SMALL = "A,small,TU,08:30,25,5,ent,08:30,Rhin,,\n"


def scene(folder: Path, *rows: str, reorder: bool = True, **options: str) -> Planned:
    return planned(folder, reorder=reorder, capacity=OUTAGE, sessions=HEADER + "".join(rows), **options)


def test_in_the_usual_order_big_stays_and_overloads(tmp_path: Path):
    done = scene(tmp_path, BIG, SMALL, reorder=False)
    assert done.starts() == {"big": "08:00", "small": "08:30"}
    assert done.objective == 2500
    assert done.proven
    assert "order_kept" not in done.report


def test_big_and_small_change_places(tmp_path: Path):
    """The bound is of plans that keep the order, so the gap is below 0 and no reason to stop."""
    done = scene(tmp_path, BIG, SMALL)
    assert done.starts() == {"big": "08:30", "small": "08:00"}
    assert done.objective == 1950
    assert done.report["lower_bound"] == pytest.approx(2500, rel=1e-4)
    assert done.report["gap"] == pytest.approx(-550 / 1950, rel=1e-3)
    assert (done.report["order_kept"], done.report["stopped_by"]) == (False, "work")


def test_a_swapped_pair_keeps_the_break(tmp_path: Path):
    """With `small` at 8:45, 20 minutes lie between the two, and where breaks are that long they must in either order.

    `small` at 8:00 (5 × 45) then keeps `big` until 8:45 (60 × 45): more than 2,500, so nothing moves. A gap of 5
    minutes would have allowed 8:30.
    """
    small = SMALL.replace("08:30", "08:45")
    done = scene(tmp_path / "long", BIG, small, region=region_toml(policy="break_minutes = 20"))
    assert (done.starts(), done.objective) == ({"big": "08:00", "small": "08:45"}, 2500)
    done = scene(tmp_path / "short", BIG, small)
    assert (done.starts(), done.objective) == ({"big": "08:30", "small": "08:00"}, 5 * 45 + 60 * 30)


def test_a_swapped_pair_keeps_the_lunch_of_its_usual_order(tmp_path: Path):
    """From 11:00 to 12:00 the ENT bears 10 connections, and `big` cannot start before 11:00.

    11:00 to 11:30 and 12:30 to 13:00: 60 minutes at lunch make 45 the gap to keep. `big` at 12:00 (60 × 60) has
    `small` end by 11:15, so start at 10:45 (5 × 105): 4,125. With a break of 5 it would have been 11:25.
    """
    done = planned(
        tmp_path,
        reorder=True,
        region=region_toml(policy="overload_weight = 100.0\nmax_shift_minutes = 120"),
        capacity="""
platform,meter,from,to,kind,amount
ent,connections,,,base,100
ent,connections,2021-04-06T11:00,2021-04-06T12:00,change,-90
""",
        sessions="""
school,session,day,start,minutes,heads,platforms,earliest,latest,teachers
A,big,TU,11:00,30,60,ent,11:00,,Rhin
A,small,TU,12:30,30,5,ent,,12:30,Rhin
""",
    )
    assert done.starts() == {"big": "12:00", "small": "10:45"}
    assert done.objective == 4125


def test_a_locked_session_stays(tmp_path: Path):
    done = scene(tmp_path, BIG, SMALL.replace(",,\n", ",,1\n"))
    assert done.starts() == {"big": "08:00", "small": "08:30"}
    assert done.objective == 2500


def test_what_overlaps_in_the_usual_timetable_goes_along(tmp_path: Path):
    """`twin`, 5 heads, is in `small`'s room at the same time (rule 5): both go to 8:00, for 150 each."""
    small, twin = (f"A,{name},TU,08:30,25,5,ent,08:30,{who},B12,\n" for name, who in (("small", "Rhin"), ("twin", "")))
    done = scene(tmp_path, BIG, small, twin)
    assert done.starts() == {"big": "08:30", "small": "08:00", "twin": "08:00"}
    assert done.objective == 2100


def test_what_overlaps_with_a_locked_session_stays(tmp_path: Path):
    small, twin = (
        f"A,{name},TU,08:30,25,5,ent,08:30,{who},B12,{locked}\n"
        for name, who, locked in (("small", "Rhin", ""), ("twin", "", "1"))
    )
    assert scene(tmp_path, BIG, small, twin).objective == 2500


def test_a_third_session_keeps_its_gap_from_both(tmp_path: Path):
    """`next`, 5 heads, at 9:00 with the same teacher: 5 minutes behind `small`, and after the change behind `big`."""
    done = scene(tmp_path, BIG, SMALL, "A,next,TU,09:00,25,5,ent,,Rhin,,\n")
    assert done.starts() == {"big": "08:30", "small": "08:00", "next": "09:00"}
    assert done.objective == 1950


def test_a_plan_that_changed_the_order_can_be_stayed_close_to(tmp_path: Path):
    """Nothing of it moves with ``--reorder``; plans that keep the order cannot stay, so their bound is above 0."""
    scene(tmp_path / "former", BIG, SMALL)
    done = planned(
        tmp_path / "now",
        reorder=True,
        stay_close_to=tmp_path / "former" / "plan",
        capacity=OUTAGE,
        sessions=HEADER + BIG + SMALL,
    )
    assert (done.objective, done.report["moved"]) == (0, 0)
    assert done.report["lower_bound"] > 0


def test_the_lowest_level_is_held(tmp_path: Path):
    """In the usual order the level is 6, `big` in the outage: 60 of 10. The change of order lowers it to 60 of 100."""
    done = planned(tmp_path, reorder=True, objective="level", capacity=OUTAGE, sessions=HEADER + BIG + SMALL)
    assert done.report["level_lower_bound"] == pytest.approx(6)
    assert done.report["level"] == pytest.approx(0.6)


def test_the_command_says_that_the_order_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    region = write_texts(tmp_path / "region", capacity=OUTAGE, sessions=HEADER + BIG + SMALL)
    assert cli.main(["stagger", str(region), "--out", str(tmp_path / "plan"), "--reorder"]) == cli.DONE
    said = capsys.readouterr()
    assert "changing the order of sessions" in said.err
    assert "better than any plan that keeps the order of sessions" in " ".join(said.out.split())
    assert report(tmp_path / "plan")["objective"] == 1950
