"""Regions after the published facts, and capacities that the usual timetable overloads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scheduler.demo.access import windows_of
from scheduler.demo.calendar import closures, horizon, mondays, periods, weeks
from scheduler.demo.calibrate import CapacityRow, base_capacities, capacity_rows, rounded
from scheduler.demo.data import LOWER, PRIMARY, UPPER, secondary_schools
from scheduler.demo.facts import FACTS, readme
from scheduler.demo.loads import Tally, meanings, minute
from scheduler.demo.pool import schools_of
from scheduler.demo.presets import Preset, preset_of, region_names, regions_in
from scheduler.school_holidays import holiday_on

BASES = {
    ("mbn", "connections"): 200_000,
    ("mbn", "logins_per_minute"): 16_000,
    ("cned", "connections"): 270_000,
    ("bbb", "connections"): 30_000,
}


def capacities(preset: Preset, share: float, schools: int | None) -> list[CapacityRow]:
    bases = {(preset.ent if platform == "mbn" else platform, meter): base for (platform, meter), base in BASES.items()}
    return list(capacity_rows(preset, bases, share, schools))


def test_grand_est_gets_its_overnight_raise_and_its_outage() -> None:
    rows = capacities(preset_of("Grand Est"), 1.0, None)
    changes = [row.cells() for row in rows if row.kind == "change"]
    assert ("mbn", "connections", "2021-04-07T00:00", "", "change", "+15000", "overnight raise") in changes
    outage = ("2021-04-06T09:00", "2021-04-06T11:00", "change", "-50%", "lost a server for two hours")
    assert ("mbn", "connections", *outage) in changes
    assert len(changes) == 3


def test_a_part_of_the_region_gets_its_part_of_the_raise() -> None:
    (raised,) = [row for row in capacities(preset_of("Grand Est"), 0.0577, 60) if row.amount.startswith("+")]
    assert raised.amount == "+866"
    assert raised.note == "overnight raise; +15000 for the whole region, scaled to 60 schools"


def test_eure_went_from_5000_to_8500() -> None:
    rows = [row for row in capacities(preset_of("Normandie"), 1.0, None) if row.platform == "ent"]
    small, large = (row for row in rows if row.meter == "connections")
    assert (small.kind, large.kind) == ("base", "base")
    assert (small.start, large.start) == ("", "2021-04-07T00:00")
    assert int(large.amount) / int(small.amount) == pytest.approx(8500 / 5000, rel=0.01)


def test_parents_of_paris_wait_until_15() -> None:
    preset = preset_of("ile de france")
    schools = schools_of(["Île-de-France"])
    paris = next(school for school in schools if school.academy == "Paris" and school.level == UPPER)
    elsewhere = next(school for school in schools if school.academy == "Creteil")
    assert {row.earliest for row in windows_of(paris, preset, 0) if row.audience == "parents"} == {900}
    assert {row.usual_start for row in windows_of(elsewhere, preset, 0) if row.audience == "parents"} == {480}
    rota = {row.audience: row.usual_start for row in windows_of(paris, preset, 0) if row.audience != "parents"}
    assert rota == {"pupils-2nde": 480, "pupils-1re": 660, "pupils-tle": 840}


def test_parents_of_the_north_are_locked_out_by_day() -> None:
    preset = preset_of("HAUTS-DE-FRANCE")
    school = schools_of(["Hauts-de-France"])[0]
    assert {row.earliest for row in windows_of(school, preset, 0)} == {17 * 60 + 30}
    assert preset.first_date == date(2021, 4, 26)
    until = {level: last for level, _, last in periods(preset)}
    assert until[PRIMARY] < preset.first_date <= until[LOWER]
    assert "back in class" in readme(preset, 5, 1)


def test_lyon_sends_its_classes_from_bbb_to_the_cned() -> None:
    assert preset_of("auvergne rhone alpes").virtual == ("bbb", "cned")


@pytest.mark.parametrize("name", region_names())
def test_dates_are_school_days_of_every_academy(name: str) -> None:
    preset = preset_of(name)
    regions = regions_in(preset)
    for academy in {school.academy for school in secondary_schools() if school.region in regions}:
        for day in horizon(preset):
            assert day.weekday() < 5
            assert holiday_on(academy, day) is None, (academy, day)
    assert all(monday.weekday() == 0 for monday in mondays(preset))
    taught = [first <= preset.first_date and last >= preset.last_date for _, first, last in periods(preset)]
    assert sum(taught) >= 2


def test_academies_of_the_list_are_in_the_calendar() -> None:
    """Everyone has holidays in the winter: an academy without any would be a name not understood."""
    day = date(2021, 2, 15)
    for academy in {school.academy for school in secondary_schools()}:
        assert any(holiday_on(academy, day + timedelta(days=offset)) for offset in range(-14, 40)), academy


def test_holidays_within_the_horizon_close_the_schools_of_the_academy() -> None:
    preset = Preset("Guadeloupe", date(2021, 4, 8), date(2021, 4, 13))
    schools = schools_of(["Guadeloupe"])[:3]
    rows = closures(preset, schools)
    assert {row[0] for row in rows} == {school.key for school in schools}
    assert {row[1] for row in rows} == {date(2021, 4, day) for day in (8, 9, 10, 11)}


@pytest.mark.parametrize("name", ["Grand Est", "Guyane"])
def test_the_same_days_can_be_held_in_another_week(name: str) -> None:
    """Also where that week is one of holidays: what is shown is April 2021."""
    real = preset_of(name)
    later = real.held_in_week_of(date(2026, 12, 24))
    assert (later.first_date.isocalendar()[:2], later.first_date.weekday()) == ((2026, 52), real.first_date.weekday())
    weeks_later = later.first_date - real.first_date
    assert weeks_later.days % 7 == 0
    schools = schools_of(regions_in(real))[:12]
    shifted = [
        (key, first + weeks_later, last + weeks_later, note) for key, first, last, note in closures(real, schools)
    ]
    assert closures(later, schools) == shifted
    assert periods(later) == [(level, first + weeks_later, last + weeks_later) for level, first, last in periods(real)]
    assert [letter for *_, letter in weeks(later, schools)] == [letter for *_, letter in weeks(real, schools)]
    assert later.held_in_week_of(real.first_date) == real


def test_weeks_alternate_over_a_long_horizon() -> None:
    preset = Preset("x", date(2021, 4, 6), date(2021, 4, 20), week="B")
    assert [row[2] for row in weeks(preset, schools_of(["Corse"])[:2])] == ["B", "A", "B"]


def test_names_are_found_without_case_and_accents() -> None:
    assert preset_of("ile-de-france").name == "Île-de-France"
    assert preset_of("  PROVENCE alpes côte d’azur ").name == "Provence-Alpes-Côte d'Azur"
    assert len(region_names()) == 19


def test_france_is_the_regions_of_paris_time() -> None:
    regions = regions_in(preset_of("france"))
    assert len(regions) == 13
    assert len(schools_of(regions)) > 12_000


def test_the_first_schools_of_a_region_keep_its_mix_of_levels() -> None:
    pool = schools_of(["Grand Est"])
    assert len({school.key for school in pool}) == len(pool)
    for count in (8, 50, 200):
        levels = [school.level for school in pool[:count]]
        assert levels.count(LOWER) / levels.count(UPPER) == pytest.approx(584 / 205, rel=0.35)
        assert levels.count(PRIMARY) / count == pytest.approx(0.25, abs=0.06)


def test_facts_named_by_regions_have_sources() -> None:
    for name in region_names():
        preset = preset_of(name)
        text = readme(preset, 10, 2)
        assert all(fact in FACTS and FACTS[fact][2] in text for fact in preset.facts)
        assert "Licence Ouverte" in text


def test_the_usual_peak_is_above_the_limit() -> None:
    """Two lone sessions of 100: the ENT's burst and the virtual class, each against 0.75 of its base."""
    tally = Tally(1)
    tally.add([0], "mbn+cned|mbn@async", "live", 480, 55, 100)
    peaks = tally.peaks("mbn")
    assert peaks == pytest.approx(
        {("mbn", "connections"): 90, ("mbn", "logins_per_minute"): 9, ("cned", "connections"): 100}
    )
    bases = base_capacities(preset_of("Grand Est"), peaks)
    assert bases["mbn", "connections"] * 0.75 == pytest.approx(0.66 * 90, rel=0.02)
    assert bases["cned", "connections"] * 0.75 == pytest.approx(0.9 * 100, rel=0.02)
    assert bases["bbb", "connections"] > 0


def test_loads_are_averages_over_slots() -> None:
    """A session from 8:03 has two of the slot's five minutes."""
    tally = Tally(2)
    tally.add([1], "cned", "live", 483, 2, 50)
    assert tally.peaks("mbn") == {("cned", "connections"): 20.0}
    assert tally.activities_on() == {("live", "cned")}


def test_cells_of_usage_and_platforms() -> None:
    assert [minute(text, 55) for text in ("-5", "10", "end", "end+60", "end-10")] == [-5, 10, 55, 115, 45]
    assert meanings("a+b|a@async", "live") == [(["a", "b"], "live"), (["a"], "async")]
    assert meanings("", "live") == []


@pytest.mark.parametrize(("capacity", "stated"), [(0, 1), (0.4, 1), (57.3, 57), (333, 330), (202_749, 202_700)])
def test_capacities_are_round_and_never_nothing(capacity: float, stated: int) -> None:
    assert rounded(capacity) == stated
