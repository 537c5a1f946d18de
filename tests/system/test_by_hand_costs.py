"""Tiny regions worked out by hand: what a plan costs, and how far it is proven (CONTRACT section 4).

The setting is in :mod:`hand_road`: 30 heads start in one slot and load it with 30; a slot of shift costs 5 a head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_road import BURST, ent, planned, region_toml

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("move_minutes", "starts", "objective"), [(0, ("08:05", "08:10"), 225), (10, ("08:10", "08:05"), 600)]
)
def test_moving_at_all_may_cost_so_that_fewer_move(
    tmp_path: Path, move_minutes: float, starts: tuple[str, str], objective: float
):
    """A locked session fills 08:00; `x` must leave it, and `y`, of weight 1/2, stands at 08:05.

    Both one slot on: 5 × 30 + 5 × 30 / 2 = 225; `x` past `y`: 10 × 30 = 300. With move_minutes 10, each head that
    moves pays 10 × weight more: 225 + 300 + 150 = 675 against 300 + 300 = 600.
    """
    done = planned(
        tmp_path,
        region=region_toml(policy=f"move_minutes = {move_minutes}"),
        capacity=ent(30),
        sessions="""
school,session,day,start,minutes,heads,platforms,locked,weight,earliest
A,filler,TU,08:00,55,30,ent,1,,
A,x,TU,08:00,55,30,ent,,,
A,y,TU,08:05,55,30,ent,,0.5,08:05
""",
    )
    assert (done.starts()["x"], done.starts()["y"]) == starts
    assert done.objective == objective
    assert done.proven


def test_an_access_window_gives_way_to_a_lesson_for_its_weight_is_a_tenth(tmp_path: Path):
    """30 heads of a lesson and 30 parents at 08:00 under 30: the parents wait 5 minutes, 5 × 30 × 0.1 = 15."""
    done = planned(
        tmp_path,
        capacity=ent(30),
        usage=BURST + "browse,ent,connections,0,5,1\n",
        sessions="""
school,session,day,start,minutes,heads,platforms
A,lesson,TU,08:00,55,30,ent
""",
        access="""
school,window,audience,day,heads,minutes,platforms
A,morning,parents,TU,30,20,ent
""",
    )
    assert done.starts() == {"lesson": "08:00", "morning": "08:05"}
    assert done.objective == 15
    assert done.proven


def test_what_cannot_be_split_leaves_a_gap_that_is_told(tmp_path: Path):
    """Locked 20 and free 30 at 08:00 under 30: 20 connections too many, yet all 30 of `free` must move: 150.

    The linear program moves 2/3 of it: 100. So the gap is 1/3, though the plan is optimal; the price of a connection
    at 08:00 is what it costs to take one away, 5.
    """
    done = planned(
        tmp_path,
        gap=0.34,
        capacity=ent(30),
        sessions="""
school,session,day,start,minutes,heads,platforms,locked
A,locked,TU,08:00,55,20,ent,1
A,free,TU,08:00,55,30,ent,
""",
    )
    assert done.starts()["free"] == "08:05"
    assert done.objective == 150
    assert done.report["lower_bound"] == pytest.approx(100, rel=0.04), "prices are as good as the gap asked for"
    assert done.report["gap"] == pytest.approx((150 - done.report["lower_bound"]) / 150)
    assert done.cells("price", "08:00") == pytest.approx([5], rel=0.04)


def test_switching_and_shifting_are_weighed_together(tmp_path: Path):
    """Three sessions of 30, 20 and 10 heads at 08:00 under 30, BBB instead of the ENT for 6 minutes a head.

    30 must leave 08:00. 08:05 costs 5 a head and 08:10 10, each with room for 30. `small` (10) and `middle` (20) to
    08:05: 150, less than any way with BBB: but the ENT is out at 08:05. Then BBB for 6 × 30 = 180 beats 08:10 (300).
    """
    done = planned(
        tmp_path,
        region=region_toml(policy="switch_minutes = 6"),
        capacity=ent(30) + "ent,connections,2021-04-06T08:05,2021-04-06T08:10,change,-100%\n",
        usage=BURST + "live,bbb,connections,0,5,1\n",
        sessions="""
school,session,day,start,minutes,heads,platforms
A,big,TU,08:00,55,30,ent
A,middle,TU,08:00,55,20,ent|bbb
A,small,TU,08:00,55,10,ent|bbb
""",
    )
    assert done.platforms() == {"big": "ent", "middle": "bbb", "small": "bbb"}
    assert (done.report["switch_head_minutes"], done.report["shift_head_minutes"]) == (180, 0)
    assert done.objective == 180
    assert done.proven


def test_objective_level_spreads_where_cost_would_not(tmp_path: Path):
    """30 + 30 heads at 08:00 of a capacity of 100, shifts of one slot only: nothing need move, at a level of 0.6.

    With `level` one moves, the one of weight 1/2: 0.3 for 75. Two slots hold 60 heads at 0.3 at the least.
    """
    done = planned(
        tmp_path,
        objective="level",
        region=region_toml(policy="max_shift_minutes = 5"),
        capacity=ent(100),
        sessions="""
school,session,day,start,minutes,heads,platforms,weight
A,one,TU,08:00,55,30,ent,
A,light,TU,08:00,55,30,ent,0.5
""",
    )
    assert done.starts() == {"one": "08:00", "light": "08:05"}
    assert done.report["level"] == pytest.approx(0.3)
    assert done.report["level_lower_bound"] == pytest.approx(0.3, rel=0.001)
    assert done.objective == 75
