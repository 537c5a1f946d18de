"""Tiny regions worked out by hand: who shares whom, what gap they keep, and what moves together (rules 4 and 6).

One scene throughout (setting: :mod:`hand_road`): fillers, locked sessions of 30 heads where the limit is 30, make
`first`, 30 heads, move later by a known number of minutes, for 30 a minute. Whoever is bound to `first` moves too, for
as many head-minutes as it has heads; staying above the limit would cost 50 a head. All is linear, so the bound is the
optimum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_road import SCHOOLS, Planned, ent, planned, region_toml

if TYPE_CHECKING:
    from pathlib import Path

TWO_SCHOOLS = SCHOOLS + "B,Lycée B,upper_secondary\n"


@pytest.mark.parametrize(
    ("school", "first", "second", "shares"),
    [
        ("A", "Mme Rhin|M. Ill,,", "M. Moder|Mme Rhin,,", True),
        ("A", "Mme Rhin,,", "M. Ill,,", False),
        ("B", "Mme Rhin,,", "Mme Rhin,,", False),
        ("A", ",B12,", ",B12,", True),
        ("A", ",B12,", ",B13,", False),
        ("A", ",,6A|6B", ",,6C|6B", True),
        ("A", ",,6A", ",,6B", False),
        ("B", ",,6A", ",,6A", False),
        ("A", ",,6A", ",,6A/latin", True),
        ("A", ",,6A/latin", ",,6A/latin", True),
        ("A", ",,6A/latin", ",,6A/german", True),
        ("A", ",,6A/latin", ",,6B/latin", False),
    ],
    ids=[
        "a-teacher-of-several",
        "other-teachers",
        "a-teacher-of-two-schools",
        "room",
        "other-rooms",
        "a-group-of-several",
        "other-divisions",
        "groups-of-one-name-in-two-schools",
        "a-division-and-its-part",
        "one-part",
        "two-parts-never-taught-at-once",
        "parts-of-two-divisions",
    ],
)
def test_rule_4_who_shares_is_pushed(tmp_path: Path, school: str, first: str, second: str, shares: bool):
    """`first` (08:00 to 08:55) must move 10 minutes: 300. `second`, 20 heads, follows 5 minutes later.

    If they share, `second` is pushed from 09:00 to 09:10 for another 200; else it stays.
    """
    done = planned(
        tmp_path,
        capacity=ent(30),
        schools=TWO_SCHOOLS,
        sessions=f"""
school,session,day,start,minutes,heads,platforms,locked,teachers,room,groups
A,filler-1,TU,08:00,55,30,ent,1,,,
A,filler-2,TU,08:05,55,30,ent,1,,,
A,first,TU,08:00,55,30,ent,,{first}
{school},second,TU,09:00,55,20,ent,,{second}
""",
    )
    assert done.starts()["second"] == ("09:10" if shares else "09:00")
    assert done.objective == (500 if shares else 300)
    assert done.proven


@pytest.mark.parametrize(
    ("latin", "german", "disjoint"),
    [
        ("MO,,10:00", "MO,,10:30", True),
        ("MO,,10:00", "MO,,10:55", False),
        ("MO,,10:00", "WE,,10:00", False),
        ("MO,A,10:00", "MO,,10:00", True),
        ("MO,A,10:00", "MO,B,10:00", False),
        ("2021-04-12,,10:00", "MO,A,10:00", True),
        ("2021-04-12,,10:00", "MO,B,10:00", False),
        ("2021-04-12,,10:00", "2021-04-12,,10:00", True),
        ("2021-04-12,,10:00", "2021-04-26,,10:00", False),
    ],
    ids=[
        "overlapping",
        "one-after-the-other",
        "other-weekdays",
        "one-in-every-week",
        "opposite-weeks",
        "a-date-in-week-A-and-A",
        "a-date-in-week-A-and-B",
        "one-date",
        "two-dates",
    ],
)
def test_rule_4_parts_taught_at_once_on_any_day_have_no_pupil_in_common(
    tmp_path: Path, latin: str, german: str, disjoint: bool
):
    """Latin must move 10 minutes; German follows. The horizon is one Tuesday: what tells is on other days.

    12 and 26 April 2021 begin the ISO weeks 15 and 17: week A. Disjoint parts: 300; else German is pushed too: 500.
    """
    done = planned(
        tmp_path,
        capacity=ent(30),
        sessions=f"""
school,session,day,weeks,start,minutes,heads,platforms,locked,groups
A,filler-1,TU,,08:00,55,30,ent,1,
A,filler-2,TU,,08:05,55,30,ent,1,
A,first,TU,,08:00,55,30,ent,,6A/latin
A,second,TU,,09:00,55,20,ent,,6A/german
A,elsewhere-1,{latin},55,20,ent,,6A/latin
A,elsewhere-2,{german},55,20,ent,,6A/german
""",
    )
    assert done.starts()["second"] == ("09:00" if disjoint else "09:10")
    assert done.objective == (300 if disjoint else 500)
    assert done.proven


@pytest.mark.parametrize(
    ("first", "minutes", "second", "push", "planned_second"),
    [
        ("08:00", 55, "09:05", 10, "09:10"),
        ("08:00", 55, "09:00", 10, "09:10"),
        ("08:00", 55, "08:58", 10, "09:08"),
        ("08:00", 55, "08:55", 10, "09:05"),
        ("08:00", 55, "09:03", 10, "09:13"),
        ("11:00", 60, "13:00", 25, "13:10"),
        ("11:00", 60, "12:40", 25, "12:40"),
        ("10:00", 40, "11:30", 10, "11:30"),
        ("10:00", 40, "11:31", 10, "11:36"),
        ("13:00", 59, "14:45", 10, "14:55"),
        ("13:00", 60, "14:50", 10, "14:50"),
    ],
    ids=[
        "gap-of-10-keeps-the-break-of-5",
        "gap-of-5-keeps-5",
        "gap-of-3-keeps-3",
        "no-gap-stays-none",
        "gap-of-8-keeps-5-in-whole-slots",
        "gap-of-60-over-noon-keeps-lunch-of-45",
        "gap-of-40-over-noon-is-too-short-for-lunch-keeps-5",
        "gap-of-50-that-ends-at-11:30-is-no-lunch",
        "gap-of-51-with-a-minute-after-11:30-keeps-45",
        "gap-of-46-with-a-minute-before-14:00-keeps-45",
        "gap-of-50-from-14:00-is-no-lunch",
    ],
)
def test_rule_4_the_kept_gap(tmp_path: Path, first: str, minutes: int, second: str, push: int, planned_second: str):
    """`first` must move `push` minutes; what the usual gap exceeds the kept gap by, in whole slots, is taken up.

    For example 11:00 to 12:00 and 13:00: gap 60, lunch keeps 45, 15 to spare; pushed by 25, `second` moves 10.
    """
    fillers = "\n".join(f"A,filler-{place},TU,{_later(first, 5 * place)},55,30,ent,1,," for place in range(push // 5))
    done = planned(
        tmp_path,
        capacity=ent(30),
        sessions=f"""
school,session,day,start,minutes,heads,platforms,locked,teachers,earliest
{fillers}
A,first,TU,{first},{minutes},30,ent,,Mme Rhin,{first}
A,second,TU,{second},55,20,ent,,Mme Rhin,
""",
    )
    assert done.starts()["first"] == _later(first, push)
    assert done.starts()["second"] == planned_second
    assert done.objective == 30 * push + 20 * (_minute(planned_second) - _minute(second))
    assert done.proven


def _minute(clock: str) -> int:
    return 60 * int(clock[:2]) + int(clock[3:])


def _later(clock: str, minutes: int) -> str:
    return "{:02d}:{:02d}".format(*divmod(_minute(clock) + minutes, 60))


@pytest.mark.parametrize(
    ("mode", "moved"),
    [
        ("session", {"first"}),
        ("half-day", {"first", "morning-part"}),
        ("day", {"first", "morning-part", "afternoon"}),
        ("school", {"first", "morning-part", "afternoon", "other-class", "no-class"}),
    ],
)
def test_rule_6_what_moves_together(tmp_path: Path, mode: str, moved: set[str]):
    """`first` of 6A must move 10 minutes: 300. Every other session that moves along has 10 heads: 100 each.

    A part, 6A/latin, is of the division 6A. The locked session of 6A and the other school never move.
    """
    done = planned(
        tmp_path,
        region=region_toml(policy=f'move_together = "{mode}"'),
        capacity=ent(30),
        schools=TWO_SCHOOLS,
        sessions="""
school,session,day,start,minutes,heads,platforms,locked,groups
A,filler-1,TU,08:00,55,30,ent,1,
A,filler-2,TU,08:05,55,30,ent,1,
A,first,TU,08:00,55,30,ent,,6A
A,morning-part,TU,10:00,55,10,ent,,6A/latin
A,afternoon,TU,14:00,55,10,ent,,6A
A,locked,TU,16:00,55,10,ent,1,6A
A,other-class,TU,11:00,55,10,ent,,6B
A,no-class,TU,15:30,55,10,ent,,
B,other-school,TU,09:00,55,10,ent,,6A
""",
    )
    assert _moved(done) == moved
    assert done.objective == 300 + 100 * (len(moved) - 1)
    assert done.proven


@pytest.mark.parametrize(("start", "objective"), [("12:25", 400), ("12:30", 300)])
def test_rule_6_the_afternoon_begins_at_12_30(tmp_path: Path, start: str, objective: float):
    """`noon`, 10 heads of 6A, moves along with the morning if it starts before 12:30: 300 + 100."""
    done = planned(
        tmp_path,
        region=region_toml(policy='move_together = "half-day"'),
        capacity=ent(30),
        sessions=f"""
school,session,day,start,minutes,heads,platforms,locked,groups
A,filler-1,TU,08:00,55,30,ent,1,
A,filler-2,TU,08:05,55,30,ent,1,
A,first,TU,08:00,55,30,ent,,6A
A,noon,TU,{start},55,10,ent,,6A
""",
    )
    assert done.objective == objective
    assert done.proven


@pytest.mark.parametrize(
    ("groups", "locked", "moved"),
    [
        ("6A|6B", "", {"first", "joint", "second-class"}),
        ("6A/latin|6B/latin", "", {"first", "joint", "second-class"}),
        ("6A|6B", "1", {"first"}),
        ("6A", "", {"first", "joint"}),
    ],
    ids=["joint-session", "joint-session-of-parts", "locked-joint-session", "no-joint-session"],
)
def test_rule_6_a_session_of_two_divisions_ties_both(tmp_path: Path, groups: str, locked: str, moved: set[str]):
    """`first` of 6A moves 10 minutes; `joint`, unless locked, moves along and takes 6B's `second-class` with it."""
    done = planned(
        tmp_path,
        region=region_toml(policy='move_together = "half-day"'),
        capacity=ent(30),
        sessions=f"""
school,session,day,start,minutes,heads,platforms,locked,groups
A,filler-1,TU,08:00,55,30,ent,1,
A,filler-2,TU,08:05,55,30,ent,1,
A,first,TU,08:00,55,30,ent,,6A
A,joint,TU,09:30,30,10,ent,{locked},{groups}
A,second-class,TU,11:00,55,10,ent,,6B
""",
    )
    assert _moved(done) == moved
    assert done.objective == 300 + 100 * (len(moved) - 1)
    assert done.proven


def _moved(done: Planned) -> set[str]:
    return {row["id"] for row in done.plan if row["shift_minutes"] != "0"}
