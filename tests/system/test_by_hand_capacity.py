"""Tiny regions worked out by hand: every kind of row of capacity.csv, and what is over the limit (section 2, 4, 5).

The setting is in :mod:`hand_road`: one session of 30 heads loads the slot in which it starts with 30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hand_road import BURST, ent, planned, region_toml

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "platform,meter,from,to,kind,amount\n"
AT_TEN = """
school,session,day,start,minutes,heads,platforms
A,one,TU,10:00,55,30,ent
"""


def test_the_base_with_the_latest_from_counts_and_the_older_returns_after_it(tmp_path: Path):
    """Always 40; from 1 April 50; on the 6th from 10:00 to 12:00 nothing, whatever the order of the rows.

    So 50 until 10:00, 0 until 12:00, 50 again. The 30 of 10:00 move to 09:55 (150; 12:00 would be out of reach).
    """
    done = planned(
        tmp_path,
        capacity=HEAD
        + "ent,connections,2021-04-06T10:00,2021-04-06T12:00,base,0\n"
        + "ent,connections,,,base,40\n"
        + "ent,connections,2021-04-01T00:00,,base,50\n",
        sessions=AT_TEN,
    )
    assert done.cells("capacity", "08:00", "09:55", "10:00", "11:55", "12:00") == [50, 50, 0, 0, 50]
    assert done.starts()["one"] == "09:55"
    assert done.objective == 150
    assert done.proven


def test_changes_add_up_per_cents_are_of_the_base_and_the_sum_is_cut_at_0(tmp_path: Path):
    """Base 100; +20 from 09:00 to 11:00; −50 % of the base from 10:00 to 12:00; −80 from 10:00 to 10:10.

    09:00: 120. 10:00: 100 + 20 − 50 − 80 = −10, cut to 0. 10:10: 70. 11:00: 50. 12:00: 100. The limit is 3/4 of it:
    90, 0, 52.5, 37.5, 75. The 30 of 10:00 move to 09:55, for 150 instead of 300 to 10:10.
    """
    done = planned(
        tmp_path,
        region=region_toml().replace("target_utilisation = 1.0", "target_utilisation = 0.75"),
        capacity=HEAD
        + "ent,connections,,,base,100\n"
        + "ent,connections,2021-04-06T09:00,2021-04-06T11:00,change,+20\n"
        + "ent,connections,2021-04-06T10:00,2021-04-06T12:00,change,-50%\n"
        + "ent,connections,2021-04-06T10:00,2021-04-06T10:10,change,-80\n",
        sessions=AT_TEN,
    )
    assert done.cells("capacity", "09:00", "10:00", "10:10", "11:00", "12:00") == [120, 0, 70, 50, 100]
    assert done.cells("limit", "09:00", "10:00", "10:10", "11:00", "12:00") == [90, 0, 52.5, 37.5, 75]
    assert done.starts()["one"] == "09:55"
    assert done.objective == 150
    assert done.proven


def test_a_slot_has_the_smallest_capacity_that_holds_during_it(tmp_path: Path):
    """An outage of one minute, 10:03 to 10:04, takes the whole slot of 10:00 from the session: 09:55 for 150.

    10:05 would cost as much, so `one` may not start after 10:00.
    """
    done = planned(
        tmp_path,
        capacity=HEAD
        + "ent,connections,,,base,30\n"
        + "ent,connections,2021-04-06T10:03,2021-04-06T10:04,change,-100%\n",
        sessions="""
school,session,day,start,minutes,heads,platforms,latest
A,one,TU,10:00,55,30,ent,10:00
""",
    )
    assert done.cells("capacity", "09:55", "10:00", "10:05") == [30, 0, 30]
    assert done.starts()["one"] == "09:55"
    assert done.objective == 150
    assert done.proven


def test_while_no_base_is_in_force_the_meter_is_unlimited(tmp_path: Path):
    """A base of 20 from 09:00 to 10:00 only, and a change all day: 1,000 heads at 08:00 and at 10:00 stay for nothing.

    Before 09:00 and from 10:00 (`to` is exclusive) the cells are empty: a change alone limits nothing. BBB has no base
    at all, so load.csv does not know it.
    """
    done = planned(
        tmp_path,
        capacity=HEAD
        + "ent,connections,2021-04-06T09:00,2021-04-06T10:00,base,20\n"
        + "ent,connections,,,change,-5\n"
        + "bbb,connections,,,change,-100%\n",
        usage=BURST + "live,bbb,connections,0,5,1\n",
        sessions="""
school,session,day,start,minutes,heads,platforms
A,early,TU,08:00,55,1000,ent+bbb
A,late,TU,10:00,55,1000,ent+bbb
""",
    )
    assert done.cells("capacity", "08:55", "09:00", "09:55", "10:00") == [None, 15, 15, None]
    assert done.cells("limit", "08:00", "10:00") == [None, None]
    assert done.after("08:00", "10:00") == [1000, 1000]
    assert done.objective == 0
    assert done.slots("bbb") == set()


def test_an_unavoidable_overload_is_named_with_what_is_missing(tmp_path: Path):
    """Two locked sessions: 50 at 09:00 and 42 at 09:05, under a limit of 30, and 31 alone at 10:00.

    (20 + 12 + 1) × 5 = 165 connection-minutes, worth 1,650. The run from 09:00 to 09:10 lacks 20 at its worst.
    """
    done = planned(
        tmp_path,
        capacity=ent(30),
        sessions="""
school,session,day,start,minutes,heads,platforms,locked
A,one,TU,09:00,55,50,ent,1
A,two,TU,09:05,55,42,ent,1
A,three,TU,10:00,55,31,ent,1
""",
    )
    assert done.report["status"] == "overloaded"
    assert done.report["overload_connection_minutes"] == 165
    assert done.objective == 1650
    found = [(gap["from"], gap["to"], gap["missing_connections"]) for gap in done.report["shortfalls"]]
    assert found == [("09:00", "09:10", 20), ("10:00", "10:05", 1)]
    assert done.proven


def test_a_little_overload_may_be_cheaper_than_moving(tmp_path: Path):
    """With a weight of 0.1, a connection above the limit costs 0.5 a slot: 30 + 31 heads under 60 cost 0.5.

    Moving either would cost 150 or more. Still the plan is overloaded: by 5 connection-minutes.
    """
    done = planned(
        tmp_path,
        region=region_toml(policy="overload_weight = 0.1"),
        capacity=ent(60),
        sessions="""
school,session,day,start,minutes,heads,platforms
A,one,TU,08:00,55,30,ent
A,two,TU,08:00,55,31,ent
""",
    )
    assert done.report["moved"] == 0
    assert (done.objective, done.report["overload_connection_minutes"]) == (0.5, 5)
    assert done.report["status"] == "overloaded"
    assert done.proven


def test_each_meter_of_each_platform_has_a_limit_of_its_own(tmp_path: Path):
    """Three sessions of 30 at 08:00 on ENT + BBB. The ENT bears 90 connections and 15 logins a minute; BBB bears 60.

    A head is a connection of each, and 1/5 login a minute of the ENT: 18 logins at 08:00 are 3 too many, and so are 30
    connections of BBB. So one must move; the one of weight 1/2 does, 5 × 30 / 2 = 75: 12 logins and 60 are left.
    Not a third of it but all of it: BBB wants 30 less.
    """
    done = planned(
        tmp_path,
        capacity=HEAD
        + "ent,connections,,,base,90\n"
        + "ent,logins_per_minute,,,base,15\n"
        + "bbb,connections,,,base,60\n",
        usage=BURST + "live,ent,logins_per_minute,0,5,0.2\nlive,bbb,connections,0,5,1\n",
        sessions="""
school,session,day,start,minutes,heads,platforms,weight
A,one,TU,08:00,55,30,ent+bbb,
A,two,TU,08:00,55,30,ent+bbb,
A,light,TU,08:00,55,30,ent+bbb,0.5
""",
    )
    assert done.starts()["light"] == "08:05"
    assert done.objective == 75
    assert done.cells("before", "08:00", meter="logins_per_minute") == [18]
    assert done.after("08:00", "08:05", meter="logins_per_minute") == [12, 6]
    assert done.after("08:00", "08:05", platform="bbb") == [60, 30]
    assert done.proven
