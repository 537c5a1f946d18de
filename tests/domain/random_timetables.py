"""Random small timetables for hypothesis, dense enough that much is shared, overlaps and binds."""

from __future__ import annotations

from builders import region_of, session, window
from hypothesis import strategies as st

from scheduler.domain.places import MOVE_TOGETHER

GROUPS = ("6A", "6A/latin", "6A/german", "6A/greek", "6B", "6B/latin")
DAYS = ("MO", "MO", "TU", "2021-04-05", "2021-04-12", "2021-04-19")
"""Weekdays, and Mondays of the weeks B, A and B; region_of's horizon begins with the first of them."""


def some_of(values: tuple[str, ...], most: int = 2) -> st.SearchStrategy[str]:
    """Draw a list as a cell writes it."""
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map("|".join)


session_cells = st.fixed_dictionaries(
    {
        "school": st.sampled_from(("A", "A", "A", "B")),
        "day": st.sampled_from(DAYS),
        "weeks": st.sampled_from(("", "", "A", "B")),
        "start": st.integers(0, 25).map(lambda step: f"{8 + step // 6:02d}:{step % 6 * 10 + step % 2:02d}"),
        "minutes": st.sampled_from((20, 30, 55)),
        "groups": some_of(GROUPS),
        "teachers": some_of(("Rhin", "Ill", "Moder")),
        "room": st.sampled_from(("", "", "B12")),
        "heads": st.integers(0, 40),
        "weight": st.sampled_from((1.0, 0.5)),
        "platforms": st.sampled_from(("ent", "ent|cned", "ent+cned|ent@async", "")),
        "locked": st.sampled_from((False, False, False, True)),
    }
)
window_cells = st.fixed_dictionaries(
    {
        "school": st.sampled_from(("", "A", "B")),
        "start": st.sampled_from(("09:00", "09:02")),
        "earliest": st.sampled_from(("", "08:00", "09:00")),
        "latest": st.sampled_from(("", "10:02", "18:00")),
        "heads": st.integers(0, 40),
    }
)
timetables = st.builds(
    lambda sessions, windows: [
        *(session(f"s{at}", **cells) for at, cells in enumerate(sessions)),
        *(window(f"w{at}", **cells) for at, cells in enumerate(windows)),
    ],
    st.lists(session_cells, min_size=1, max_size=10),
    st.lists(window_cells, max_size=2),
)
regions = st.builds(
    lambda rows, slot, steps, **policy: region_of(
        rows, slot_minutes=slot, max_shift_minutes=slot * steps, capacity=50, **policy
    ),
    timetables,
    st.sampled_from((5, 10, 15)),
    st.integers(0, 6),
    move_together=st.sampled_from(MOVE_TOGETHER),
    move_minutes=st.sampled_from((0.0, 3.0)),
)
