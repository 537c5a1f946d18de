"""What each change of a what-if scenario does to a region, and that it is kept as it was said."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from builders import LIVE, MONDAY, TUESDAY, region_of, session, window
from exact_model import exact_optimum
from random_regions import random_region
from solving import solve_here

from scheduler.domain.calendar import Calendar, Period
from scheduler.domain.problem import build_problem
from scheduler.domain.scenario_changes import (
    AudienceHours,
    BackToSchool,
    CapacityChange,
    ClosedPlatform,
    IdleSignOut,
    LargestShift,
    TargetUtilisation,
)
from scheduler.domain.scenario_words import change_in_words, why_not
from scheduler.domain.scenarios import ADOPTABLE, CHANGES, Change, Scenario, as_documents, from_documents
from scheduler.domain.usage import Moment, UsageRow
from scheduler.errors import FaultyInput
from scheduler.files.words import SpokenWords
from scheduler.optimizer.params import SolveParams

if TYPE_CHECKING:
    from scheduler.domain.region import Region

EIGHT, TEN = (dt.datetime.fromisoformat(f"2021-04-05T{hour}:00") for hour in ("08", "10"))
ONE_OF_EACH: tuple[Change, ...] = (
    CapacityChange("ent", "connections", 15000.0, percent=False, start=EIGHT, end=TEN),
    ClosedPlatform("cned", "ent"),
    BackToSchool("primary", TUESDAY),
    AudienceHours("parents", 900),
    IdleSignOut(10),
    TargetUtilisation(0.8),
    LargestShift(90),
)


def levels(region: Region, *names: str) -> Region:
    """Give the region's schools levels."""
    schools = tuple(replace(school, level=name) for school, name in zip(region.schools, names, strict=True))
    return replace(region, schools=schools, activities=replace(region.activities, schools=schools))


def test_there_is_one_of_each_here() -> None:
    assert {type(change) for change in ONE_OF_EACH} == set(CHANGES)


@pytest.mark.parametrize("change", ONE_OF_EACH, ids=lambda change: change.kind)
def test_a_change_comes_back_from_json_as_it_was(change: Change) -> None:
    assert from_documents(json.loads(json.dumps(as_documents([change])))) == (change,)


@pytest.mark.parametrize("change", ONE_OF_EACH, ids=lambda change: change.kind)
def test_a_change_has_words_and_says_whether_a_region_can_adopt_it(change: Change) -> None:
    region = region_of([session("s1")])
    assert str(change_in_words(change, region, SpokenWords("en")))
    assert (why_not(change) is None) == isinstance(change, ADOPTABLE)


def test_a_raise_is_added_while_it_is_in_force_and_an_attack_takes_half() -> None:
    region = region_of([session("s1")], capacity=100)
    raised = ONE_OF_EACH[0].on(region).capacity(MONDAY)[0]
    assert (raised[8 * 12 - 1], raised[8 * 12], raised[10 * 12 - 1], raised[10 * 12]) == (100, 15100, 15100, 100)
    attack = CapacityChange("ent", "connections", -50.0, percent=True, start=EIGHT, end=TEN)
    assert attack.on(region).capacity(MONDAY)[0][8 * 12] == 50


def test_classes_of_a_closed_platform_go_to_the_other_and_equal_alternatives_are_one() -> None:
    rows = [session("s1", platforms="ent+bbb|ent+cned|ent@async"), session("s2", platforms="bbb")]
    usage = (*LIVE, UsageRow("live", "bbb", "connections", Moment(0), Moment(5), 1.0))
    moved = ClosedPlatform("bbb", "cned").on(region_of(rows, usage=usage))
    assert [[way.text for way in moved.activities.alternatives_of(row)] for row in (0, 1)] == [
        ["ent+cned", "ent@async"],
        ["cned"],
    ]
    # How live lessons load CNED is known, so BBB's row is not copied.
    assert moved.usage == usage


def test_an_activity_loads_the_other_platform_as_the_closed_one_where_nothing_else_is_said() -> None:
    moved = ClosedPlatform("ent", "cned").on(region_of([window("w1", platforms="ent")]))
    copied = [row for row in moved.usage if row.platform == "cned" and row.activity == "browse"]
    assert copied == [UsageRow("browse", "cned", "connections", Moment(0), Moment(0, from_end=True), 1.0)]


def test_a_level_comes_back_and_the_others_go_on() -> None:
    region = levels(
        region_of([session("s1"), session("s2", school="B"), session("s3", day="TU")], days=2), "primary", "x"
    )
    for periods in (None, (Period("", MONDAY, TUESDAY),)):
        back = BackToSchool("primary", TUESDAY).on(replace(region, calendar=Calendar(periods)))
        assert back.presence.rows(MONDAY).tolist() == [0, 1]
        assert back.presence.rows(TUESDAY).tolist() == []
        assert back.calendar.periods == (Period("", MONDAY, MONDAY), Period("x", TUESDAY, TUESDAY))
    only = replace(region, calendar=Calendar((Period("primary", MONDAY, TUESDAY), Period("x", MONDAY, MONDAY))))
    assert BackToSchool("primary", MONDAY).on(only).calendar.periods == (Period("x", MONDAY, MONDAY),)


def test_schools_without_a_level_make_it_unclear_who_comes_back() -> None:
    region = levels(region_of([session("s1"), session("s2", school="B")]), "primary", "")
    (fault,) = BackToSchool("primary", MONDAY).faults(region)
    assert "give every school a level first" in str(fault)


def test_an_audience_connects_only_from_an_hour_on() -> None:
    rows = [
        window("w1", earliest="07:30", latest="12:00"),
        window("w2", start="16:00", earliest="15:30"),
        window("w3", audience="inspection"),
        session("s1"),
    ]
    later = AudienceHours("parents", 900).on(region_of(rows)).activities
    assert later.start.tolist() == [900, 960, 480, 480]
    assert later.earliest.tolist() == [900, 930, -1, -1]
    assert later.latest.tolist() == [-1, -1, -1, -1]


def test_a_window_that_is_too_long_for_the_rest_of_the_day_is_named() -> None:
    with pytest.raises(FaultyInput, match="300 minutes does not fit"):
        AudienceHours("parents", 900).on(region_of([window("w1", minutes=300)]))


def test_idle_sign_out_cuts_what_goes_on_after_the_end() -> None:
    end = Moment(0, from_end=True)

    def row(first: Moment, last: Moment) -> UsageRow:
        return UsageRow("live", "ent", "connections", first, last, 1.0)

    ten, hour = Moment(10, from_end=True), Moment(60, from_end=True)
    usage = (row(Moment(0), hour), row(end, hour), row(ten, hour), row(Moment(0), end), row(Moment(0), Moment(90)))
    cut = IdleSignOut(10).on(region_of([session("s1")], usage=usage)).usage
    assert cut == (row(Moment(0), ten), row(end, ten), row(Moment(0), end), row(Moment(0), Moment(90)))


def test_policy_changes_change_the_policy_alone() -> None:
    region = region_of([session("s1")], capacity=100)
    changed = Scenario("both", (TargetUtilisation(0.5), LargestShift(90))).on(region)
    assert changed.limit(MONDAY)[0][100] == 50
    assert changed.policy == replace(region.policy, target_utilisation=0.5, max_shift_minutes=90)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (CapacityChange("cned", "connections", 5.0, percent=False, start=EIGHT, end=TEN), "meter"),
        (CapacityChange("ent", "connections", 5.0, percent=False, start=TEN, end=EIGHT), "to"),
        (CapacityChange("ent", "connections", -150.0, percent=True, start=EIGHT, end=TEN), "amount"),
        (ClosedPlatform("ent", "ent"), "instead"),
        (ClosedPlatform("ent", "nowhere"), "instead"),
        (BackToSchool("nursery", MONDAY), "level"),
        (AudienceHours("parents", 901), "earliest"),
        (IdleSignOut(-1), "minutes"),
        (IdleSignOut(90), "minutes"),
        (TargetUtilisation(0.0), "share"),
        (LargestShift(7), "shift"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(change: Change, field: str) -> None:
    region = region_of([session("s1")], capacity=100)
    assert field in [fault.file for fault in Scenario("x", (change,)).faults(region)]


@pytest.mark.parametrize("seed", range(5))
def test_a_raise_never_worsens_the_optimum_nor_proves_more_than_it(seed: int) -> None:
    region = random_region(seed)
    meter = region.meters[0]
    more = CapacityChange(meter.platform, meter.meter, 20.0, percent=False, start=EIGHT, end=TEN)
    optimum, _ = exact_optimum(build_problem(region, 0))
    raised = build_problem(more.on(region), 0)
    bound = solve_here(SolveParams(seed=1), raised).days[0].bound
    assert bound <= exact_optimum(raised)[0] + 1e-3
    assert exact_optimum(raised)[0] <= optimum + 1e-3
