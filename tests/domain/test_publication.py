"""Publications: what is copied, what stays the same, what counts as a change."""

from __future__ import annotations

import datetime as dt
import pickle
from dataclasses import replace

import numpy as np
import pytest
from builders import MONDAY, SCHOOL, TUESDAY, lesson, region_of, window
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.differences import differences
from scheduler.domain.plan import Plan, usual_plan
from scheduler.domain.publication import NOTHING_BEFORE, publish, publish_again, publish_all, time_without_clock

FIRST = dt.datetime(2021, 4, 2, 18, 0, tzinfo=dt.UTC)
LATER = FIRST + dt.timedelta(days=3)


def shifted(plan: Plan, row: int, minutes: int) -> Plan:
    """Move one row of a plan."""
    return replace(plan, start=(plan.start + np.int16(minutes) * (plan.row == row)).astype(np.int16))


def published(*rows, number=1, at=FIRST, former=None, memory=NOTHING_BEFORE, shift=0, **horizon):
    """Publish a region's only school, its first row moved by `shift` minutes."""
    region = region_of(rows, days=5, **horizon)
    plan = shifted(usual_plan(region), 0, shift)
    return publish(region, plan, SCHOOL, number, published_at=at, former=former, memory=memory)


MATHS = lesson("M1")
LATIN = lesson("L1", start="10:00", groups="6A/latin", subject="Latin")


def test_an_entry_copies_the_activity_and_the_plan():
    region = region_of([lesson("M1", platforms="ent|cned@async", room="B12", link="https://a.example")], days=2)
    plan = usual_plan(region)
    plan = replace(plan, start=plan.start + np.int16(25), alternative=plan.alternative + np.int16(1))
    publication = publish(region, plan, SCHOOL, published_at=FIRST)
    (entry,) = publication.entries
    assert (entry.kind, entry.id, entry.date) == ("session", "M1", TUESDAY)
    assert (entry.usual_start, entry.start, entry.end, entry.minutes, entry.moved) == (480, 505, 560, 55, True)
    assert (entry.platforms, entry.serving.activity, entry.usually.text) == ("cned@async", "async", "ent")
    assert (entry.groups, entry.teachers, entry.room, entry.subject) == (
        ("6A",),
        ("Mme Petit",),
        "B12",
        "Mathématiques",
    )
    assert (entry.sequence, entry.changed_at, entry.cancelled) == (0, FIRST, False)
    assert dict(publication.platform_names) == {"cned": "Ma classe à la maison", "ent": "Mon Bureau Numérique"}
    assert (publication.school_name, publication.timezone, publication.number) == (
        f"Collège {SCHOOL}",
        "Europe/Paris",
        1,
    )


def test_a_window_has_an_audience_and_nothing_of_a_session():
    (entry,) = published(window("P1", school=SCHOOL)).entries
    assert (entry.kind, entry.audience, entry.groups, entry.teachers, entry.subject) == (
        "access",
        "parents",
        (),
        (),
        "",
    )


def test_every_school_and_the_audiences_of_the_region_are_published_apart():
    region = region_of([MATHS, lesson("M1", school="0670002B"), window("R1", school="")], days=2)
    both = list(publish_all(region, usual_plan(region), published_at=FIRST))
    assert [(one.school, [entry.id for entry in one.entries]) for one in both] == [
        ("", ["R1"]),
        (SCHOOL, ["M1"]),
        ("0670002B", ["M1"]),
    ]
    assert both == [publish(region, usual_plan(region), one.school, published_at=FIRST) for one in both]


def test_the_identifier_stays_when_an_entry_moves_and_differs_by_school_kind_key_and_date():
    first, second = published(MATHS), published(MATHS, shift=25)
    assert first.uid(first.entries[0]) == second.uid(second.entries[0])
    rows = [
        lesson("X"),
        lesson("Y"),
        lesson("Z", day="WE"),
        lesson("Z", day="TH"),
        window("X", school=SCHOOL),
        lesson("X", school="0670002B"),
    ]
    region = region_of(rows, days=5)
    publications = list(publish_all(region, usual_plan(region), published_at=FIRST))
    identifiers = [one.uid(entry) for one in publications for entry in one.entries]
    assert len(set(identifiers)) == 6


def test_the_identifier_is_the_one_that_subscribers_already_hold():
    # Changing it would show every event twice to every subscriber.
    first = published(MATHS)
    assert first.uid(first.entries[0]) == "84975c4d-619f-5009-a58b-906469b584eb"


def test_what_stays_keeps_its_sequence_and_time_of_change_and_what_moves_does_not():
    first = published(MATHS, LATIN)
    second = published(MATHS, LATIN, number=2, at=LATER, former=first, shift=25)
    maths, latin = second.entries
    assert (maths.sequence, maths.changed_at) == (1, LATER)
    assert (latin.sequence, latin.changed_at) == (0, FIRST)
    third = published(MATHS, LATIN, number=3, at=LATER + dt.timedelta(days=1), former=second, shift=25)
    assert third.entries == second.entries


@pytest.mark.parametrize("change", [{"room": "B12"}, {"teachers": ("M. Roux",)}, {"link": "https://a.example"}])
def test_any_change_that_readers_see_counts(change):
    first = published(MATHS)
    second = published(MATHS | change, at=LATER, former=first)
    assert second.entries[0].sequence == 1
    assert differences(first, second).altered == ((first.entries[0], second.entries[0]),)


def test_a_cancelled_entry_stays_fourteen_days_and_then_goes():
    first = published(MATHS, LATIN)
    second = published(LATIN, number=2, at=LATER, former=first)
    cancelled = second.entries[0]
    assert (cancelled.id, cancelled.cancelled, cancelled.sequence, cancelled.changed_at) == ("M1", True, 1, LATER)
    almost = published(LATIN, at=LATER + dt.timedelta(days=14, seconds=-1), former=second)
    assert almost.entries[0] == cancelled
    after = published(LATIN, at=LATER + dt.timedelta(days=14), former=almost)
    assert [entry.id for entry in after.entries] == ["L1"]


def test_a_cancelled_entry_that_comes_back_is_one_more_change():
    second = published(LATIN, at=LATER, former=published(MATHS, LATIN))
    third = published(MATHS, LATIN, at=LATER + dt.timedelta(days=1), former=second)
    assert (third.entries[0].sequence, third.entries[0].cancelled) == (2, False)
    assert [entry.id for entry in differences(second, third).added] == ["M1"]


def test_the_next_weeks_plan_does_not_cancel_this_weeks_classes():
    week = dt.timedelta(days=7)
    first = published(MATHS)
    horizon = {"first_date": MONDAY + week}
    second = published(MATHS, number=2, at=FIRST + week, former=first, **horizon)
    assert [(entry.date, entry.cancelled) for entry in second.entries] == [
        (TUESDAY, False),
        (TUESDAY + week, False),
    ]
    assert not differences(first, second).cancelled
    long_after = published(MATHS, number=3, at=FIRST + 6 * week, former=second, **horizon)
    assert [entry.date for entry in long_after.entries] == [TUESDAY + week]


def test_differences_tell_moved_cancelled_and_added():
    history = lesson("H1", start="11:40")
    first = published(MATHS, LATIN)
    second = published(MATHS, history, number=2, at=LATER, former=first, shift=25)
    found = differences(first, second)
    assert found
    assert [(one.start, other.start) for one, other in found.moved] == [(480, 505)]
    assert [entry.id for entry in found.cancelled] == ["L1"]
    assert [entry.id for entry in found.added] == ["H1"]
    assert not found.altered
    assert not differences(second, second)


def test_without_a_former_publication_what_is_gone_from_the_horizon_still_counts_as_cancelled():
    assert [entry.id for entry in differences(published(MATHS, LATIN), published(LATIN)).cancelled] == ["M1"]


def test_a_publication_is_a_value_that_travels():
    first = published(MATHS, LATIN)
    assert pickle.loads(pickle.dumps(first)) == first  # noqa: S301 - our own bytes
    with pytest.raises(AttributeError):
        first.number = 2


def test_mistakes_of_the_caller_are_refused():
    region = region_of([MATHS], days=2)
    with pytest.raises(ValueError, match="time zone"):
        publish(region, usual_plan(region), SCHOOL, published_at=dt.datetime(2021, 4, 2))  # noqa: DTZ001 - the fault
    with pytest.raises(ValueError, match="no school"):
        publish(region, usual_plan(region), "nowhere", published_at=FIRST)
    other = region_of([lesson("M1", school="0670002B")], days=2)
    with pytest.raises(ValueError, match="followed"):
        publish(other, usual_plan(other), "0670002B", published_at=LATER, former=published(MATHS))


def test_the_time_without_a_clock_depends_on_the_horizon_alone():
    assert time_without_clock(region_of([MATHS])) == dt.datetime(2020, 4, 6, tzinfo=dt.UTC)


def remembered(*publications):
    """Give the memory that publications leave: identity -> last sequence."""
    return {entry.identity: entry.sequence for one in publications for entry in one.entries}


def test_what_was_cancelled_and_forgotten_and_comes_back_goes_on_counting():
    first = published(MATHS, LATIN)
    second = published(LATIN, number=2, at=LATER, former=first)
    later = LATER + dt.timedelta(days=20)
    third = published(LATIN, number=3, at=later, former=second)
    assert [entry.id for entry in third.entries] == ["L1"]
    memory = remembered(first, second, third)
    back = published(MATHS, LATIN, number=4, at=later, former=third, memory=memory).entries[0]
    assert (back.id, back.sequence, back.cancelled) == ("M1", 2, False)
    # Even where the former publication itself was erased.
    assert published(MATHS, number=4, at=later, memory=memory).entries[0].sequence == 2


def test_a_clock_set_back_does_not_turn_times_back():
    first = published(MATHS, LATIN)
    second = published(MATHS, LATIN, number=2, at=FIRST - dt.timedelta(hours=1), former=first, shift=25)
    assert second.published_at == FIRST + dt.timedelta(seconds=1)
    assert [entry.changed_at for entry in second.entries] == [second.published_at, FIRST]
    at_once = published(LATIN, number=3, at=FIRST, former=second)
    assert at_once.entries[0].changed_at == FIRST + dt.timedelta(seconds=2)


def test_going_back_publishes_what_was_and_goes_on_counting():
    history = lesson("H1", start="11:40")
    first = published(MATHS, LATIN)
    second = published(MATHS, history, number=2, at=LATER, former=first, shift=25)
    third = publish_again(first, 3, published_at=LATER + dt.timedelta(days=1), former=second)
    told = [(entry.id, entry.start, entry.sequence, entry.cancelled) for entry in third.entries]
    assert told == [("M1", 480, 2, False), ("L1", 600, 2, False), ("H1", 700, 1, True)]
    assert third.number == 3
    assert not differences(first, third)


def test_going_back_before_next_week_was_published_cancels_next_week():
    week = dt.timedelta(days=7)
    first = published(MATHS)
    second = published(MATHS, number=2, at=LATER, former=first, first_date=MONDAY + week)
    third = publish_again(first, 3, published_at=LATER, former=second)
    assert [(entry.date, entry.cancelled) for entry in third.entries] == [(TUESDAY, False), (TUESDAY + week, True)]
    long_after = LATER + 6 * week
    gone = published(MATHS, number=2, at=long_after, former=first, first_date=MONDAY + 6 * week)
    again = publish_again(first, 3, published_at=long_after, former=gone)
    assert [entry.date for entry in again.entries if not entry.cancelled] == [TUESDAY]


STEPS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(["M1", "L1", "H1"])),
        st.integers(0, 3),
        st.sampled_from([-1, 0, 1, 8, 15, 40]),
        st.booleans(),
    ),
    min_size=2,
    max_size=8,
)


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_whatever_is_published_sequences_and_times_of_an_entry_only_grow(steps):
    rows = {"M1": MATHS, "L1": LATIN, "H1": lesson("H1", start="11:40")}
    at, history, last = FIRST, [], {}
    for number, (keys, shift, days, goes_back) in enumerate(steps, start=1):
        at += dt.timedelta(days=days)
        former = history[-1] if history else None
        memory = {identity: entry.sequence for identity, entry in last.items()}
        if goes_back and former:
            made = publish_again(history[number // 2 - 1], number, published_at=at, former=former, memory=memory)
        else:
            taught = [*(rows[key] for key in sorted(keys)), lesson("Z1", start="14:00")]
            made = published(*taught, number=number, at=at, former=former, memory=memory, shift=5 * shift)
        assert former is None or made.published_at > former.published_at
        for entry in made.entries:
            known = last.get(entry.identity)
            if known is not None and entry != known:
                assert entry.sequence > known.sequence
                assert entry.changed_at > known.changed_at
            last[entry.identity] = entry
        history.append(made)
