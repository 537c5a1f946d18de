"""Wishes hold for the sessions they name, and never against the usual timetable."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from builders import region_of, session, window
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_region
from region_files import same_region

from scheduler.domain.timetable import UNBOUNDED
from scheduler.domain.wish_words import wish_words
from scheduler.domain.wishes import Wish, apply_wishes, fit_wishes
from scheduler.errors import FaultyInput

REGION = region_of(
    [
        session("s1", start="08:00", groups="6A", teachers="Rhin"),
        session("s2", start="09:00", groups="6A/latin|6B/latin", teachers="Mosel", earliest="08:30", latest="10:00"),
        session("s3", start="10:00", groups="6A2", teachers="Rhin|Mosel", day="TU"),
        window("w1"),
        session("s1", school="B", start="08:00", groups="6A", teachers="Rhin"),
        window("w2", school=""),
    ],
    days=5,
)


def held(wish: Wish, school: str = "A") -> list[str]:
    """Give the sessions that a wish changes, as school:key."""
    before, after = REGION.activities, apply_wishes(REGION, {school: [wish]}).activities
    differs = np.zeros(len(before), dtype=bool)
    for column in ("locked", "earliest", "latest"):
        differs |= getattr(before, column) != getattr(after, column)
    return [f"{before.school_key(row)}:{before.key_of(row)}" for row in np.flatnonzero(differs).tolist()]


@pytest.mark.parametrize(
    ("of_what", "name", "sessions"),
    [
        ("school", "", ["A:s1", "A:s2", "A:s3"]),
        ("session", "s2", ["A:s2"]),
        ("teacher", "Mosel", ["A:s2", "A:s3"]),
        ("group", "6A", ["A:s1", "A:s2"]),  # its parts too, but not the division whose name begins alike
        ("group", "6B/latin", ["A:s2"]),
        ("group", "6A/german", []),
        ("day", "TU", ["A:s3"]),
        ("session", "w1", []),  # windows have their bounds in access.csv
    ],
)
def test_a_wish_holds_for_what_it_names(of_what: str, name: str, sessions: list[str]) -> None:
    assert held(Wish("lock", of_what, name)) == sessions


def test_of_two_bounds_the_tighter_counts() -> None:
    wishes = [Wish("earliest", "school", "", 450), Wish("latest", "school", "", 620), Wish("latest", "day", "MO", 600)]
    activities = apply_wishes(REGION, {"A": wishes}).activities
    assert activities.earliest.tolist() == [450, 510, 450, UNBOUNDED, UNBOUNDED, UNBOUNDED]
    assert activities.latest.tolist() == [600, 600, 620, UNBOUNDED, UNBOUNDED, UNBOUNDED]
    assert REGION.activities.latest.tolist() == [UNBOUNDED, 600, *[UNBOUNDED] * 4], "the former region stays"


def test_wishes_against_usual_starts_are_all_named_and_none_is_applied() -> None:
    wishes = {
        "A": [Wish("earliest", "group", "6A", 541), Wish("lock", "school"), Wish("latest", "teacher", "Rhin", 599)],
        "B": [Wish("earliest", "day", "MO", 481)],
    }
    with pytest.raises(FaultyInput) as caught:
        apply_wishes(REGION, wishes)
    said = [str(fault.what) for fault in caught.value.faults]
    assert said == [
        "school A, group “6A”: no start before 09:01: this forbids the usual start of s1 (08:00), s2 (09:00)",
        "school A, teacher “Rhin”: no start after 09:59: this forbids the usual start of s3 (10:00)",
        "school B, day MO: no start before 08:01: this forbids the usual start of s1 (08:00)",
    ]
    wished = fit_wishes(REGION, wishes)
    assert wished.region.activities.locked.tolist() == [True, True, True, False, False, False]
    assert (wished.region.activities.earliest == REGION.activities.earliest).all()
    assert wished.faults == caught.value.faults


def test_what_finds_nothing_is_told_and_changes_nothing() -> None:
    wished = fit_wishes(REGION, {"C": [Wish("lock", "school")], "": [Wish("lock", "day", "MO")], "A": []})
    assert wished.region is REGION
    assert [str(fault.what) for fault in wished.idle] == [
        "school C, the whole school: locked at the usual start: this finds no session in the timetable",
        "school , day MO: locked at the usual start: this finds no session in the timetable",
    ]


def test_many_sessions_are_counted() -> None:
    region = region_of([session(f"s{n}") for n in range(9)])
    (fault,) = fit_wishes(region, {"A": [Wish("earliest", "school", "", 500)]}).faults
    assert str(fault.what).endswith("s3 (08:00), s4 (08:00) and 4 more")


@pytest.mark.parametrize(
    "parts",
    [("lock", "school", "", 5), ("latest", "school"), ("lock", "day", "2021-04-06"), ("lock", "session"),
     ("lock", "school", "x"), ("earliest", "school", "", 1440), ("soon", "school")],
)  # fmt: skip
def test_what_does_not_go_together_is_no_wish(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Wish(*parts)  # type: ignore[arg-type]


WISHES = st.builds(
    lambda kind, whom, minute: Wish(kind, *whom, None if kind == "lock" else minute),
    st.sampled_from(["lock", "earliest", "latest"]),
    st.sampled_from([("school", ""), ("day", "MO"), ("day", "TH"), ("group", "6A"), ("session", "s1")]),
    st.integers(0, 1439),
)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1000), st.lists(WISHES, max_size=6))
def test_wishes_keep_the_usual_timetable_a_plan_and_twice_is_once(seed: int, wishes: list[Wish]) -> None:
    region = random_region(seed)
    by_school = {school.key: wishes for school in region.schools}
    once = fit_wishes(region, by_school).region
    activities = once.activities
    windows = activities.window
    assert ((activities.earliest <= activities.start) | windows).all()
    assert ((activities.latest == UNBOUNDED) | (activities.latest >= activities.start) | windows).all()
    assert same_region(fit_wishes(once, by_school).region, once)
    backwards = {school: wishes[::-1] for school in by_school}
    assert same_region(fit_wishes(region, backwards).region, once)


def test_a_million_rows_under_twenty_thousand_wishes_take_seconds() -> None:
    rows = [session(f"s{n}", school=f"A{n}", groups=f"{n % 7}A", teachers=f"T{n}") for n in range(2000)]
    small = region_of(rows)
    names = small.activities.__dataclass_fields__
    columns = {
        name: np.repeat(value, 500)
        for name, value in ((name, getattr(small.activities, name)) for name in names)
        if isinstance(value, np.ndarray)
    }
    region = replace(small, activities=replace(small.activities, **columns))
    wish = [Wish("lock", "group", f"{n}A") for n in range(9)] + [Wish("latest", "school", "", 900)]
    began = time.perf_counter()
    wished = fit_wishes(region, {school.key: wish for school in region.schools})
    print(f"{time.perf_counter() - began:.2f} s")
    assert wished.region.activities.locked.all()
    assert wish_words(wish[0]).in_language("fr")
