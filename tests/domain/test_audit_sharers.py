"""Rule 4: who shares whom, in which order, and at what distance."""

from __future__ import annotations

import pytest
from builders import MONDAY, moved, region_of, session, window

from scheduler.domain.audit import audit
from scheduler.domain.calendar import Calendar, Week
from scheduler.domain.places import Lunch


def said(region, plan, **options) -> list[str]:
    return [str(sentence) for sentence in audit(region, plan, **options)]


def only(region, plan, **options) -> str:
    """Give the one violation there is."""
    (sentence,) = said(region, plan, **options)
    return sentence


def parts(*starts: str, **cells: str):
    """Two sessions of two parts of 6A, the second following closely on the first."""
    return [
        session("latin", groups="6A/latin", start=starts[0], **cells),
        session("german", groups="6A/german", start=starts[1], **cells),
    ]


@pytest.mark.parametrize("cells", [{"teachers": "X"}, {"room": "R1"}, {"groups": "6A"}])
def test_sharers_keep_their_break(cells):
    region = region_of([session("s1", **cells), session("s2", start="09:00", **cells)])
    assert said(region, moved(region, s1=5, s2=5)) == []
    assert said(region, moved(region, s2=5)) == []
    sentence = only(region, moved(region, s1=5))
    assert sentence.startswith(
        "School A, 2021-04-05, session s2: starts at 09:00, 0 minutes after the end of session s1"
    )
    assert next(iter(cells.values())) in sentence
    assert "5 minutes must lie between them" in sentence


def test_gap_of_zero_stays_zero_and_does_not_become_an_overlap():
    region = region_of([session("s1", teachers="X", minutes=60), session("s2", teachers="X", start="09:00")])
    assert said(region, moved(region, s1=-5, s2=-5)) == []
    assert "before session s1 ends at 09:05; both need teacher X" in only(region, moved(region, s1=5))


def test_division_shares_with_its_parts_and_parts_with_each_other():
    region = region_of(
        [session("all", groups="6A"), session("part", groups="6A/latin", start="09:00")], max_shift_minutes=120
    )
    assert "pupils of 6A and 6A/latin" in only(region, moved(region, all=5))
    region = region_of(parts("08:00", "09:00"))
    assert "pupils of 6A/latin and 6A/german" in only(region, moved(region, latin=5))


def test_teacher_of_two_schools_makes_no_sharers():
    region = region_of([session("s1", teachers="X"), session("s2", school="B", start="09:00", teachers="X")])
    assert said(region, moved(region, s1=30)) == []


def test_other_division_of_a_longer_name_shares_nothing():
    region = region_of([session("s1", groups="6A"), session("s2", groups="6AB", start="09:00")])
    assert said(region, moved(region, s1=30)) == []


def test_windows_share_with_nobody():
    region = region_of([window("w", start="08:00"), window("v", start="09:00"), session("s1", groups="6A")])
    assert said(region, moved(region, w=300)) == []


def test_lunch_is_kept_to_the_minute():
    # The usual gap, 11:30 to 13:00, is longer than lunch; 45 minutes of it stay.
    region = region_of([session("s1", teachers="X", start="10:35"), session("s2", teachers="X", start="13:00")])
    assert said(region, moved(region, s1=45)) == []
    assert "40 minutes after the end of session s1" in only(region, moved(region, s1=50))
    assert "45 minutes must lie between them" in only(region, moved(region, s1=50))


def test_one_minute_in_the_lunch_window_makes_a_lunch():
    rows = [session("s1", teachers="X", start="09:45", minutes=60), session("s2", teachers="X", start="11:31")]
    assert "45 minutes must lie" in only(region_of(rows), moved(region_of(rows), s1=5))
    rows = [session("s1", teachers="X", start="09:45", minutes=60), session("s2", teachers="X", start="11:30")]
    assert said(region_of(rows), moved(region_of(rows), s1=40)) == []


def test_gap_shorter_than_lunch_is_a_break():
    rows = [session("s1", teachers="X", start="11:00", minutes=60), session("s2", teachers="X", start="12:44")]
    assert said(region_of(rows), moved(region_of(rows), s1=35)) == []


def test_lunch_of_the_policy_counts():
    rows = [session("s1", teachers="X", start="08:00"), session("s2", teachers="X", start="09:55")]
    region = region_of(rows, lunch=Lunch(8 * 60, 10 * 60, 30))
    assert said(region, moved(region, s1=30)) == []
    assert "30 minutes must lie" in only(region, moved(region, s1=35))


def test_order_is_kept_unless_reordered():
    rows = [session("s1", teachers="X"), session("s2", teachers="X", start="09:00")]
    region = region_of(rows)
    swapped = moved(region, s1=60, s2=-60)
    assert "which usually comes later" in only(region, swapped)
    assert said(region, swapped, order_kept=False) == []
    assert "5 minutes must lie" in only(region, moved(region, s1=55, s2=-60), order_kept=False)
    assert "before session s2 ends" in only(region, moved(region, s1=50, s2=-60), order_kept=False)


def test_far_sharers_keep_lunch_though_their_neighbours_allow_less():
    # Between s1 and s3 lies a short s2: each neighbour is near, and yet s1 and s3 must keep 45 minutes.
    rows = [
        session("s1", teachers="X", start="10:35", minutes=60),
        session("s2", teachers="X|Y", start="11:55", minutes=20),
        session("s3", teachers="X", start="12:35", minutes=60),
    ]
    region = region_of(rows)
    assert said(region, moved(region, s1=15)) == []
    assert "session s1" in only(region, moved(region, s1=15, s2=5, s3=-5))


# Rule 4: parts of a division without a common pupil


def test_parts_taught_at_the_same_time_are_disjoint():
    region = region_of(
        [
            *parts("08:00", "09:00"),
            session("l2", groups="6A/latin", start="14:00"),
            session("g2", groups="6A/german", start="14:30"),
        ]
    )
    assert said(region, moved(region, latin=30, l2=-30)) == []


def test_parts_that_only_touch_are_not_disjoint():
    region = region_of([*parts("08:00", "09:00"), *_named(parts("14:00", "14:55"), "2")])
    assert "pupils of" in said(region, moved(region, latin=5))[0]


def _named(rows, suffix):
    return [row | {"key": row["key"] + suffix} for row in rows]


def test_parts_taught_at_the_same_time_on_a_day_outside_the_horizon_are_disjoint():
    region = region_of([*parts("08:00", "09:00"), *_named(parts("10:00", "10:00", day="FR"), "2")])
    assert said(region, moved(region, latin=30)) == []


def test_parts_taught_on_different_weekdays_are_not_disjoint():
    other = [session("l2", groups="6A/latin", day="TU"), session("g2", groups="6A/german", day="WE")]
    region = region_of([*parts("08:00", "09:00"), *other])
    assert len(said(region, moved(region, latin=30))) == 1


@pytest.mark.parametrize(("weeks", "disjoint"), [(("A", "B"), False), (("A", "A"), True), (("A", ""), True)])
def test_half_groups_of_opposite_weeks_are_never_taught_together(weeks, disjoint):
    other = [
        session("l2", groups="6A/latin", day="TU", weeks=weeks[0]),
        session("g2", groups="6A/german", day="TU", weeks=weeks[1]),
    ]
    region = region_of([*parts("08:00", "09:00"), *other])
    assert (said(region, moved(region, latin=30)) == []) == disjoint


@pytest.mark.parametrize(
    ("latin", "german", "disjoint"),
    [
        # 6 April 2021 lies in ISO week 14, which is B.
        ({"day": "2021-04-06"}, {"day": "2021-04-06"}, True),
        ({"day": "2021-04-06"}, {"day": "2021-04-13"}, False),
        ({"day": "2021-04-06"}, {"day": "TU"}, True),
        ({"day": "2021-04-06"}, {"day": "TU", "weeks": "A"}, False),
        ({"day": "2021-04-06"}, {"day": "TU", "weeks": "B"}, True),
        ({"day": "2021-04-06", "weeks": "A"}, {"day": "TU"}, False),
        ({"day": "2021-04-06", "weeks": "B"}, {"day": "TU"}, True),
    ],
)
def test_dated_session_counts_with_the_letter_of_its_week(latin, german, disjoint):
    other = [session("l2", groups="6A/latin", **latin), session("g2", groups="6A/german", **german)]
    region = region_of([*parts("08:00", "09:00"), *other])
    assert (said(region, moved(region, latin=30)) == []) == disjoint


def test_week_letter_of_a_school_goes_before_the_general_one():
    letters = Calendar(weeks=(Week("A", MONDAY, "A"), Week("", MONDAY, "B")))
    other = [
        session("l2", groups="6A/latin", day="2021-04-06"),
        session("g2", groups="6A/german", day="TU", weeks="A"),
    ]
    region = region_of([*parts("08:00", "09:00"), *other], calendar=letters)
    assert said(region, moved(region, latin=30)) == []


def test_one_session_of_two_parts_does_not_make_them_disjoint():
    region = region_of([*parts("08:00", "09:00"), session("both", groups="6A/latin|6A/german", day="TU")])
    assert len(said(region, moved(region, latin=30))) == 1


def test_parts_disjoint_in_one_school_are_not_so_in_another():
    region = region_of([*parts("08:00", "09:00"), *_named(parts("10:00", "10:00", school="B"), "2")])
    assert len(said(region, moved(region, latin=30))) == 1


def test_sessions_of_opposite_weeks_meet_on_no_date():
    rows = [session("s1", teachers="X", weeks="A"), session("s2", teachers="X", start="09:00", weeks="B")]
    region = region_of(rows, days=14)
    assert said(region, moved(region, s1=60)) == []
