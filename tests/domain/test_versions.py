"""What differs between two versions of a timetable."""

from __future__ import annotations

from builders import region_of, session, window
from hypothesis import given, settings
from hypothesis import strategies as st
from random_regions import random_region

from scheduler.domain.versions import PlanOfVersion, compare_versions


def test_added_gone_changed_and_moved_are_told_apart() -> None:
    one = region_of(
        [session("s1"), session("s2"), session("s3", groups="6A"), session("s4"), session("s5", weeks="A")]
    ).activities
    other = region_of(
        [session("s6"), session("s5", weeks="B"), session("s3", groups="6A|6B", room="R"), session("s2", start="08:30"),
         session("s1")]
    ).activities  # fmt: skip
    changes = compare_versions(one, other)
    assert [row.key for row in changes.added] == ["s6"]
    assert [row.key for row in changes.gone] == ["s4"]
    assert [(change.key, change.columns) for change in changes.changed] == [
        ("s2", ("start",)),
        ("s3", ("groups", "room")),
        ("s5", ("weeks",)),
    ]
    assert [change.key for change in changes.moved] == ["s2", "s5"]
    assert not compare_versions(one, one)


def test_windows_of_one_key_on_several_days_are_paired() -> None:
    one = region_of([window("w", day="MO"), window("w", day="TU"), window("w", day="WE"), session("w")]).activities
    other = region_of([window("w", day="TU"), window("w", day="MO", heads=7)]).activities
    changes = compare_versions(one, other)
    assert [(change.columns, change.after.heads) for change in changes.changed] == [(("heads",), 7)]
    assert [type(row).__name__ + row.day for row in changes.gone] == ["AccessWindowWE", "ClassSessionMO"]
    assert "version 3" in str(PlanOfVersion(1, "accepted", 3).words())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 500), st.integers(0, 500))
def test_what_one_way_adds_the_other_way_takes(one: int, other: int) -> None:
    before, after = random_region(one).activities, random_region(other).activities
    there, back = compare_versions(before, after), compare_versions(after, before)
    assert sorted(map(repr, there.added)) == sorted(map(repr, back.gone))
    assert sorted((change.key, change.columns) for change in there.changed) == sorted(
        (change.key, change.columns) for change in back.changed
    )
    assert len(before) - len(there.gone) + len(there.added) == len(after)
    assert not compare_versions(before, before)
