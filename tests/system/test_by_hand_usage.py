"""Tiny regions worked out by hand: every kind of row of usage.csv (CONTRACT section 2). Setting: :mod:`hand_road`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_road import BURST, ent, planned, region_toml

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "activity,platform,meter,from_minute,to_minute,share\n"


def test_rows_from_start_and_end_add_up(tmp_path: Path):
    """10 heads from 09:00 to 10:00, in five stretches.

    They arrive from 10 minutes before (share 0.2), stay (0.5), load more in the first 10 minutes (0.3 more) and in
    the last 10 (0.1 more), and linger for 5 (0.4).
    08:50 and 08:55: 2. 09:00 and 09:05: 5 + 3. Then 5, in 09:50 and 09:55 5 + 1, at 10:00 4, and nothing more.
    """
    done = planned(
        tmp_path,
        capacity=ent(8),
        usage=HEAD
        + "live,ent,connections,-10,0,0.2\n"
        + "live,ent,connections,0,end,0.5\n"
        + "live,ent,connections,0,10,0.3\n"
        + "live,ent,connections,end-10,end,0.1\n"
        + "live,ent,connections,end,end+5,0.4\n",
        sessions="""
school,session,day,start,minutes,heads,platforms
A,one,TU,09:00,60,10,ent
""",
    )
    slots = ("08:45", "08:50", "08:55", "09:00", "09:05", "09:10", "09:45", "09:50", "09:55", "10:00", "10:05")
    assert done.after(*slots) == pytest.approx([0, 2, 2, 8, 8, 5, 5, 6, 6, 4, 0])
    assert done.report["status"] == "within_limits"


def test_a_row_that_is_empty_for_a_short_session_loads_nothing(tmp_path: Path):
    """From minute 10 to end−10: minutes 10 to 20 of the `long` session of 30, and nothing of the `short` one of 20.

    A base of 0 shows it: the long one is over the limit for 2 slots with 10 heads wherever it goes, 10 × 10 × 10 =
    1,000; the short one is over it nowhere.
    """
    done = planned(
        tmp_path,
        capacity=ent(0),
        usage=HEAD + "live,ent,connections,10,end-10,1\n",
        sessions="""
school,session,day,start,minutes,heads,platforms
A,short,TU,09:00,20,10,ent
A,long,TU,10:00,30,10,ent
""",
    )
    assert done.after("09:05", "09:10", "10:05", "10:10", "10:15", "10:20") == [0, 0, 0, 10, 10, 0]
    assert done.objective == 1000
    assert done.proven


def test_the_load_of_a_slot_is_its_average_over_time(tmp_path: Path):
    """Slots of 15 minutes; a burst of 5 minutes from 09:12: 3 of them in the slot of 09:00, 2 in that of 09:15.

    30 heads: 30 × 3/15 = 6 and 30 × 2/15 = 4. Locked 10 heads at 09:00 add 10 × 5/15 at 09:00. Moving by one slot
    costs 15 × 30.
    """
    done = planned(
        tmp_path,
        region=region_toml(slot=15),
        capacity=ent(10),
        sessions="""
school,session,day,start,minutes,heads,platforms,locked
A,odd,TU,09:12,55,30,ent,
A,even,TU,09:00,55,10,ent,1
""",
    )
    assert done.after("08:45", "09:00", "09:15", "09:30") == pytest.approx([0, 6 + 10 / 3, 4, 0])
    assert done.objective == 0


def test_a_load_before_the_start_is_what_has_to_be_avoided(tmp_path: Path):
    """Everybody connects in the 5 minutes *before* the start: the locked 30 of 09:00 fill the slot of 08:55.

    `free`, at 09:00 too, cannot start earlier, and 5 minutes later it loads the slot of 09:00: 150.
    """
    done = planned(
        tmp_path,
        capacity=ent(30),
        usage=HEAD + "live,ent,connections,-5,0,1\n",
        sessions="""
school,session,day,start,minutes,heads,platforms,locked,earliest
A,locked,TU,09:00,55,30,ent,1,
A,free,TU,09:00,55,30,ent,,09:00
""",
    )
    assert done.starts()["free"] == "09:05"
    assert done.after("08:55", "09:00", "09:05") == [30, 30, 0]
    assert done.objective == 150
    assert done.proven


def test_load_outside_the_day_counts_and_is_listed_but_not_past_midnight(tmp_path: Path):
    """The day ends at midnight. 10 heads from 23:00 to 24:00 connect 5 minutes early and stay 10 minutes longer.

    The last slot, 23:55, has 10; nothing is counted after it. In the morning, a session at 08:00, when the day
    begins, loads 07:55: listed, though no other slot before 08:00 is. A limit of 9 is exceeded by 1 in 13 + 3 slots:
    16 × 5 × 10 = 800, and moving would save nothing (the last minutes of the evening session would come back).
    """
    done = planned(
        tmp_path,
        region=region_toml(policy="max_shift_minutes = 0").replace('end = "18:00"', 'end = "24:00"'),
        capacity=ent(9),
        usage=HEAD + "live,ent,connections,-5,end+10,1\nbrief,ent,connections,-5,end,1\n",
        sessions="""
school,session,day,start,minutes,heads,platforms,activity
A,evening,TU,23:00,60,10,ent,
A,morning,TU,08:00,10,10,ent,brief
""",
    )
    assert done.after("22:55", "23:55", "07:55", "08:10") == [10, 10, 10, 0]
    assert min(done.slots()) == "07:55"
    assert done.objective == 800
    assert done.proven


def test_an_activity_loads_a_platform_only_by_rows_that_name_both(tmp_path: Path):
    """`live` has rows for ENT and BBB, `quiet` for the ENT only: a live session on the ENT alone loads no BBB."""
    done = planned(
        tmp_path,
        capacity=ent(100) + "bbb,connections,,,base,100\n",
        usage=BURST + "live,bbb,connections,0,5,0.5\nquiet,ent,connections,0,5,0.1\n",
        sessions="""
school,session,day,start,minutes,heads,platforms,activity
A,both,TU,08:00,55,10,ent+bbb,
A,ent-only,TU,09:00,55,10,ent,
A,quiet,TU,10:00,55,10,ent,quiet
A,nothing,TU,11:00,55,10,,
""",
    )
    assert done.after("08:00", "09:00", "10:00", "11:00") == [10, 10, 1, 0]
    assert done.after("08:00", "09:00", "10:00", "11:00", platform="bbb") == [5, 0, 0, 0]
