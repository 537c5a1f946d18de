"""A school's timetable as text: always the same bytes for the same rows, and parted as it was joined."""

from __future__ import annotations

import pytest
from builders import activities_of, region_of, session, window
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.places import School
from scheduler.files.timetable_text import TimetableText, school_texts


@given(st.binary(), st.binary())
def test_what_was_joined_is_parted(sessions: bytes, windows: bytes) -> None:
    text = TimetableText(sessions, windows)
    assert TimetableText.parted(text.joined()) == text


def test_another_form_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="unknown"):
        TimetableText.parted(b"etale-timetable-2 3\nabc")


def test_defaults_stay_empty_and_other_schools_change_nothing() -> None:
    rows = [
        session("s1", school="A", platforms="ent+cned|ent@async", activity="live", weight=1.0),
        window("w1", school="A", weight=0.25, activity="live"),
    ]
    others = [session("x", school="B", platforms="ent|cned", weight=3.0), window("w1", school="")]
    [mine] = school_texts(region_of(rows).activities)
    region = region_of([others[0], rows[0], others[1], rows[1]])
    assert next(text for text in school_texts(region.activities) if text.school == "A") == mine
    assert mine.text.sessions.decode().splitlines()[1] == "A,s1,MO,,08:00,55,,,,,30,ent+cned|ent@async,,,,,,"
    assert mine.text.windows.decode().splitlines()[1] == "A,w1,parents,MO,,100,60,ent,live,08:00,,,0.25"


def test_audiences_come_first_and_who_has_no_row_not_at_all() -> None:
    schools = (School("A", "a"), School("B", "b"))
    activities = activities_of([session("s", school="B"), window("w", school="")], schools)
    assert [(text.school, text.sessions, text.windows) for text in school_texts(activities)] == [
        ("", 0, 1),
        ("B", 1, 0),
    ]
