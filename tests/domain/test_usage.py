"""What one head asks of a meter, slot by slot (CONTRACT section 2, usage.csv)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.usage import Moment, UsageRow, head_load

END = Moment(0, from_end=True)


def row(start: Moment | int, end: Moment | int, share: float = 1.0) -> UsageRow:
    first, last = (moment if isinstance(moment, Moment) else Moment(moment) for moment in (start, end))
    return UsageRow("live", "ent", "connections", first, last, share)


moments = st.builds(Moment, st.integers(-200, 200), st.booleans())
rows = st.lists(st.builds(row, moments, moments, st.floats(0, 5)), max_size=4)
kinds = {"minutes": st.integers(5, 600), "offset": st.integers(0, 14), "slot_minutes": st.sampled_from([5, 10, 15])}


def stretch(one: UsageRow, minutes: int) -> int:
    return max(one.end.after_start(minutes) - one.start.after_start(minutes), 0)


@pytest.mark.parametrize(
    ("moment", "after_start"), [(Moment(-5), -5), (END, 55), (Moment(-10, True), 45), (Moment(5, True), 60)]
)
def test_moments_count_from_the_start_or_from_the_end(moment: Moment, after_start: int):
    assert moment.after_start(55) == after_start


@settings(max_examples=200, deadline=None)
@given(rows=rows, **kinds)
def test_no_minute_of_a_share_is_lost(rows, minutes: int, offset: int, slot_minutes: int):
    """The values, times the slot, are the shares times their minutes, wherever in a slot the activity starts."""
    one = head_load(rows, minutes, offset % slot_minutes, slot_minutes)
    asked = sum(row.share * stretch(row, minutes) for row in rows)
    assert (0 if one is None else one.values.sum() * slot_minutes) == pytest.approx(asked, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(rows=rows, **kinds)
def test_each_slot_holds_the_average_over_its_minutes(rows, minutes: int, offset: int, slot_minutes: int):
    offset %= slot_minutes
    one = head_load(rows, minutes, offset, slot_minutes)
    if one is None:
        assert all(row.share == 0 or stretch(row, minutes) == 0 for row in rows)
        return
    for place, value in enumerate(one.values):
        slot_start = (one.first + place) * slot_minutes - offset
        shares = [
            sum(row.share for row in rows if row.start.after_start(minutes) <= minute < row.end.after_start(minutes))
            for minute in range(slot_start, slot_start + slot_minutes)
        ]
        assert value == pytest.approx(np.mean(shares), abs=1e-9)


def test_a_start_within_a_slot_is_spread_over_two():
    one = head_load([row(0, 5)], 55, 3, 5)
    assert (one.first, one.values.tolist()) == (0, [0.4, 0.6])


def test_a_load_before_the_start_begins_in_an_earlier_slot():
    one = head_load([row(-7, 0)], 55, 0, 5)
    assert (one.first, one.values.tolist()) == (-2, [0.4, 1.0])


def test_rows_that_lie_apart_leave_a_hole():
    one = head_load([row(0, 5), row(Moment(-5, True), END, 0.5)], 20, 0, 5)
    assert one.values.tolist() == [1.0, 0.0, 0.0, 0.5]


@pytest.mark.parametrize(
    "nothing", [[], [row(10, Moment(-10, True))], [row(0, END, 0.0)]], ids=["no-row", "too-short", "share-of-0"]
)
def test_nothing_asked_is_none(nothing):
    assert head_load(nothing, 20, 0, 5) is None
