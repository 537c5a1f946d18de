"""Who shares whom, against a plain reading of CONTRACT section 3, rules 4 and 5, pair by pair."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, permutations
from typing import Any

import numpy as np
import pytest
from builders import MONDAY, region_of, session, window
from hypothesis import given, settings
from random_timetables import timetables

from scheduler.domain.calendar import Calendar, Week
from scheduler.domain.sharers import GroupNumbers, division_of, is_part, pair_key, sharers, spread
from scheduler.domain.timetable import WEEKLY

WEEK_OF = {dt.date(2021, 4, 5): 2, dt.date(2021, 4, 12): 1, dt.date(2021, 4, 19): 2}  # ISO weeks 14 to 16: B, A, B
Row = dict[str, Any]


def overlap(one: Row, other: Row) -> bool:
    return one["start"] < other["start"] + other["minutes"] and other["start"] < one["start"] + one["minutes"]


def meets_at_once(one: Row, other: Row) -> bool:
    """Tell whether two sessions can be what proves two parts disjoint."""
    weeks = []
    for row in (one, other):
        week = row["week"] if row["date"] == WEEKLY else WEEK_OF[dt.date.fromordinal(row["date"])]
        if row["week"] not in (0, week):
            return False  # a date in the other week: never taught
        weeks.append(week)
    opposite = sorted(weeks) == [1, 2]
    other_dates = WEEKLY not in (one["date"], other["date"]) and one["date"] != other["date"]
    return one["weekday"] == other["weekday"] and not opposite and not other_dates and overlap(one, other)


def disjoint(rows: list[Row], school: str, part: str, other_part: str) -> bool:
    mine = [row for row in rows if row["school"] == school and not row["window"]]
    return any(
        part in one["groups"] and other_part in other["groups"] and meets_at_once(one, other)
        for one, other in permutations(mine, 2)
    )


def share(rows: list[Row], one: Row, other: Row) -> bool:
    if one["window"] or other["window"] or one["school"] != other["school"]:
        return False
    if set(one["teachers"]) & set(other["teachers"]) or (one["room"] and one["room"] == other["room"]):
        return True
    return any(
        division_of(group) == division_of(other_group)
        and not (
            group != other_group
            and is_part(group)
            and is_part(other_group)
            and disjoint(rows, one["school"], group, other_group)
        )
        for group in one["groups"]
        for other_group in other["groups"]
    )


def found_pairs(region) -> dict[tuple[int, int], bool]:
    """Give the pairs found on the first Monday, as rows of the region, with whether they overlap."""
    rows = region.presence.rows(MONDAY)
    found = sharers(region.activities, rows, region.disjoint_parts)
    return {
        (int(rows[first]), int(rows[second])): bool(over)
        for first, second, over in zip(found.first, found.second, found.overlap, strict=True)
    }


@settings(max_examples=300, deadline=None)
@given(timetables)
def test_pairs_are_those_of_a_plain_reading(rows: list[Row]):
    region = region_of(rows)
    taught = region.presence.rows(MONDAY).tolist()
    expected = {frozenset(pair) for pair in combinations(taught, 2) if share(rows, rows[pair[0]], rows[pair[1]])}
    assert {frozenset(pair) for pair in found_pairs(region)} == expected


@settings(max_examples=100, deadline=None)
@given(timetables)
def test_a_pair_stands_once_in_the_order_of_time_with_whether_it_overlaps(rows: list[Row]):
    found = found_pairs(region_of(rows))
    assert len({frozenset(pair) for pair in found}) == len(found)
    for (first, second), over in found.items():
        assert rows[first]["start"] <= rows[second]["start"]
        assert over == overlap(rows[first], rows[second])


def pair_of(groups: str, other_groups: str, *more: Row, **options: Any) -> bool:
    """Tell whether two sessions of these groups, an hour apart, are found to share."""
    rows = [session("one", groups=groups), session("two", groups=other_groups, start="10:00"), *more]
    return (0, 1) in found_pairs(region_of(rows, **options))


LATIN_AND_GERMAN = [
    session("latin", groups="6A/latin", day="FR"),
    session("german", groups="6A/german", day="FR", start="08:30"),
]


@pytest.mark.parametrize(
    ("groups", "other_groups", "shares"),
    [
        ("6A", "6A", True),
        ("6A", "6A/latin", True),
        ("6A/latin", "6A/latin", True),
        ("6A/latin", "6A/german", False),
        ("6A/latin", "6A/greek", True),
        ("6A/latin|6A/greek", "6A/german", True),
        ("6A/latin|6B/latin", "6A/german|6B/german", True),
        ("6A", "6B", False),
        ("", "6A", False),
        ("", "", False),
    ],
)
def test_latin_and_german_taught_at_once_on_a_friday_are_disjoint_and_nothing_else_is(
    groups: str, other_groups: str, shares: bool
):
    assert pair_of(groups, other_groups, *LATIN_AND_GERMAN) is shares


def test_disjoint_parts_of_another_school_prove_nothing():
    elsewhere = [row | {"school": "B"} for row in LATIN_AND_GERMAN]
    assert pair_of("6A/latin", "6A/german", *elsewhere)


def test_a_date_counts_with_the_letter_that_weeks_csv_gives_it():
    """12 April is of week A by ISO, and opposite to a B session; a row that calls it B makes the two meet."""
    more = [
        session("latin", groups="6A/latin", day="2021-04-12", start="14:00"),
        session("german", groups="6A/german", day="MO", weeks="B", start="14:00"),
    ]
    calendar = Calendar(weeks=(Week("A", dt.date(2021, 4, 12), "B"),))
    assert pair_of("6A/latin", "6A/german", *more)
    assert not pair_of("6A/latin", "6A/german", *more, calendar=calendar)


def test_windows_share_with_nobody():
    region = region_of([session("s"), window("w"), window("x")])
    assert found_pairs(region) == {}


def test_no_activities_have_no_sharers():
    region = region_of([session("s", day="TU")])
    assert found_pairs(region) == {}


@pytest.mark.parametrize(
    ("group", "division", "part"), [("6A", "6A", False), ("6A/latin", "6A", True), ("6A/latin/1", "6A", True)]
)
def test_a_part_is_what_has_a_slash_and_its_division_stands_before_the_first(group: str, division: str, part: bool):
    assert division_of(group) == division
    assert is_part(group) is part


def test_group_numbers_list_each_group_once_with_its_division():
    groups = GroupNumbers.of([("6A", "6B/x"), (), ("6B", "6A", "6A")])
    assert [numbers.tolist() for numbers in groups.listed] == [[0, 1], [], [0, 2]]
    assert groups.division[1] == groups.division[2] != groups.division[0]
    assert groups.part.tolist() == [False, True, False]


def test_spread_lists_every_item_of_every_row():
    places, items = spread(np.array([1, 0, 2, 1], dtype=np.int32), [np.array([7]), np.array([8, 9]), np.array([], int)])
    assert places.tolist() == [0, 0, 1, 3, 3]
    assert items.tolist() == [8, 9, 7, 8, 9]


def test_spread_of_nothing_is_nothing():
    places, items = spread(np.zeros(0, dtype=np.int32), [])
    assert (len(places), len(items)) == (0, 0)


def test_pair_keys_are_unordered_and_differ_between_schools_and_pairs():
    pairs = [(school, one, other) for school in (0, 1) for one, other in combinations(range(4), 2)]
    school, one, other = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    keys = pair_key(school, one, other, 4)
    assert keys.tolist() == pair_key(school, other, one, 4).tolist()
    assert len(set(keys.tolist())) == len(pairs)
