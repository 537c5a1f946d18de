"""The usual timetables of secondary schools: possible to live by, and like real ones."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from scheduler.demo.bells import FIRST_BELLS, LATEST_END, WEDNESDAY_END, bell_grid
from scheduler.demo.data import LOWER, UPPER, School
from scheduler.demo.divisions import division_sizes
from scheduler.demo.presets import preset_of
from scheduler.demo.programme import GENERAL, TECHNOLOGICAL
from scheduler.demo.randomness import rng_for
from scheduler.demo.timetable import secondary_week

if TYPE_CHECKING:
    from scheduler.demo.rows import SessionRow

Weeks = list[tuple[School, list["SessionRow"], int]]


def taken_minutes(rows: list[SessionRow]) -> dict[tuple[str, str], dict[str, set[int]]]:
    """Give the minutes that each division is taught, Latin left out, by (day, week letter) and division."""
    taken: dict[tuple[str, str], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        for group in row.groups:
            division, _, part = group.partition("/")
            if part == "latin":
                continue
            for week in row.weeks or "AB":
                taken[row.day, week][division].update(range(row.start, row.start + row.minutes))
    return taken


def overlap(one: SessionRow, other: SessionRow) -> bool:
    same_week = not one.weeks or not other.weeks or one.weeks == other.weeks
    return (
        same_week
        and one.day == other.day
        and one.start < other.start + other.minutes
        and other.start < one.start + one.minutes
    )


def share_people_or_room(one: SessionRow, other: SessionRow) -> bool:
    if set(one.teachers) & set(other.teachers) or (one.room and one.room == other.room):
        return True
    for first in one.groups:
        for second in other.groups:
            same_division = first.split("/")[0] == second.split("/")[0]
            side_by_side = "/" in first and "/" in second and first != second
            if same_division and not side_by_side:
                return True
    return False


def test_nobody_and_no_room_is_in_two_places_at_once(ordinary_weeks: Weeks) -> None:
    for _, rows, _ in ordinary_weeks:
        by_day = defaultdict(list)
        for row in rows:
            by_day[row.day].append(row)
        for of_day in by_day.values():
            for one, other in combinations(of_day, 2):
                assert not (overlap(one, other) and share_people_or_room(one, other)), (one, other)


def test_parts_taught_side_by_side_are_never_a_half_group_with_a_language(ordinary_weeks: Weeks) -> None:
    """Halves and language groups cut a division differently: at one time they would share pupils."""
    kinds = {"1": "half", "2": "half", "latin": "latin", "allemand": "LV2", "espagnol": "LV2"}
    for _, rows, _ in ordinary_weeks:
        at: dict[tuple[str, str, int, str], set[str]] = defaultdict(set)
        for row in rows:
            for group in row.groups:
                division, _, part = group.partition("/")
                for week in row.weeks or "AB":
                    for minute in range(row.start, row.start + row.minutes, 55):
                        at[division, row.day, minute, week].add(kinds.get(part, part.split("-")[0]))
        options = {"maths", "dgemc"}
        assert all(len(kinds_at) == 1 or kinds_at <= options for kinds_at in at.values())


@pytest.mark.parametrize(("level", "least", "most"), [(LOWER, 26.0, 26.0), (UPPER, 28.0, 32.0)])
def test_hours_a_week(ordinary_weeks: Weeks, level: str, least: float, most: float) -> None:
    seen = 0
    for school, rows, divisions in ordinary_weeks:
        if school.level != level:
            continue
        hours: dict[str, float] = defaultdict(float)
        for by_division in taken_minutes(rows).values():
            for division, minutes in by_division.items():
                hours[division] += (len(minutes) // 55) / 2  # each of the weeks A and B counts half
        assert len(hours) == divisions
        for division, number in hours.items():
            assert 0.95 * least <= number <= most, (school.key, division, number)
        seen += divisions
        assert sum(number >= least for number in hours.values()) >= 0.95 * divisions
    assert seen > 100


def test_programmes_are_what_a_pupil_is_owed() -> None:
    lower = {GENERAL[grade].hours for grade in ("sixieme", "cinquieme", "quatrieme", "troisieme")}
    upper = {GENERAL[grade].hours for grade in ("seconde", "premiere", "terminale")}
    assert lower == {26.0}
    assert all(28 <= hours <= 32 for hours in upper | {p.hours for p in TECHNOLOGICAL.values()})


def test_wednesday_is_a_morning_and_the_day_ends_in_time(ordinary_weeks: Weeks) -> None:
    for _, rows, _ in ordinary_weeks:
        assert max(row.start + row.minutes for row in rows if row.day == "WE") <= WEDNESDAY_END
        assert max(row.start + row.minutes for row in rows) <= LATEST_END
        assert {row.day for row in rows} == {"MO", "TU", "WE", "TH", "FR"}


def test_every_division_can_eat(ordinary_weeks: Weeks) -> None:
    for school, rows, _ in ordinary_weeks:
        for (day, _), by_division in taken_minutes(rows).items():
            if day == "WE":
                continue
            for division, minutes in by_division.items():
                longest = run = 0
                for minute in range(690, 845):
                    run = 0 if minute in minutes else run + 1
                    longest = max(longest, run)
                assert longest >= 55, (school.key, day, division)


def test_most_divisions_begin_with_the_first_bell(ordinary_weeks: Weeks) -> None:
    early = total = 0
    for _, rows, _ in ordinary_weeks:
        first_bell = min(row.start for row in rows)
        assert first_bell in FIRST_BELLS
        for by_division in taken_minutes(rows).values():
            total += len(by_division)
            early += sum(min(minutes) == first_bell for minutes in by_division.values())
    assert 0.8 <= early / total <= 0.9


def test_teachers_mostly_work_15_to_20_hours_over_several_divisions(ordinary_weeks: Weeks) -> None:
    services: list[float] = []
    several = 0
    for _, rows, divisions in ordinary_weeks:
        hours: dict[str, float] = defaultdict(float)
        taught: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            (teacher,) = row.teachers
            hours[teacher] += row.minutes // 55 * (0.5 if row.weeks else 1)
            taught[teacher].update(group.split("/")[0] for group in row.groups)
        if divisions >= 14:
            services += hours.values()
            several += sum(len(names) > 1 for names in taught.values())
    assert max(services) <= 20
    assert sum(number >= 15 for number in services) / len(services) > 0.7
    assert several / len(services) > 0.9


def test_divisions_have_20_to_30_pupils(ordinary_weeks: Weeks) -> None:
    sizes: list[int] = []
    for _, rows, _ in ordinary_weeks:
        whole = {row.groups[0]: row.heads - 1 for row in rows if len(row.groups) == 1 and "/" not in row.groups[0]}
        sizes += whole.values()
    assert max(sizes) <= 30
    assert sum(size >= 20 for size in sizes) / len(sizes) > 0.98


@pytest.mark.parametrize(
    ("pupils", "sizes"), [(1, [1]), (30, [30]), (31, [16, 15]), (75, [25, 25, 25]), (61, [21, 20, 20])]
)
def test_division_sizes(pupils: int, sizes: list[int]) -> None:
    assert division_sizes(pupils, 25) == sizes


def test_languages_are_taught_across_divisions_at_once(ordinary_weeks: Weeks) -> None:
    for school, rows, _ in ordinary_weeks:
        across = [row for row in rows if row.subject in ("ALLEMAND", "ESPAGNOL") and len(row.groups) > 1]
        if school.pupils > 450:
            assert across
        for row in across:
            assert len(row.groups) <= 4
            other = "ESPAGNOL" if row.subject == "ALLEMAND" else "ALLEMAND"
            assert any(
                (one.subject, one.day, one.start, one.weeks) == (other, row.day, row.start, row.weeks) for one in rows
            )


def test_half_groups_change_places_every_other_week(ordinary_weeks: Weeks) -> None:
    for _, rows, _ in ordinary_weeks:
        labs = [row for row in rows if row.groups[0].endswith(("/1", "/2")) and row.subject == "SVT"]
        assert labs
        assert {row.weeks for row in labs} == {"A", "B"}


def test_rows_say_how_a_session_is_held(ordinary_weeks: Weeks) -> None:
    rows = [row for _, of_school, _ in ordinary_weeks for row in of_school]
    virtual = [row for row in rows if row.subject != "EPS" and "+" in row.platforms]
    taught = [row for row in rows if row.subject != "EPS"]
    assert 0.58 <= len(virtual) / len(taught) <= 0.72
    assert any("|mbn@async" in row.platforms for row in rows)
    assert any("mbn+cned|mbn+bbb" in row.platforms for row in rows)
    assert any(row.link for row in rows)
    assert any(row.weight for row in rows)
    assert any(row.minutes >= 110 for row in rows)
    for row in rows:
        assert not row.room or (row.locked and not row.platforms)
        assert not row.link or row.link.startswith("https://")
        if row.earliest is not None and row.latest is not None:
            assert row.earliest <= row.start <= row.latest
    locked = sum(row.locked for row in rows)
    assert 0 < locked / len(rows) < 0.02


def test_session_keys_are_unique_in_the_school(ordinary_weeks: Weeks) -> None:
    for _, rows, _ in ordinary_weeks:
        assert len({row.session for row in rows}) == len(rows)


@pytest.mark.parametrize("level", [LOWER, UPPER])
def test_bell_grids(level: str) -> None:
    first = []
    for number in range(300):
        grid = bell_grid(rng_for(number, "bells"), level)
        first.append(grid.periods[0][0])
        assert all(end - start == 55 for start, end in grid.periods)
        assert all(one[1] <= two[0] for one, two in zip(grid.periods, grid.periods[1:], strict=False))
        assert grid.periods[grid.short - 1][1] <= WEDNESDAY_END
        assert len(grid.periods) >= 7
        assert bool(grid.lunch) == (level == UPPER)
    assert 0.4 <= first.count(480) / len(first) <= 0.6
    assert set(first) == set(FIRST_BELLS)


@pytest.mark.parametrize("pupils", [1, 2, 7, 31])
def test_the_smallest_schools_have_timetables_too(pupils: int) -> None:
    for level, grade in ((LOWER, "quatrieme"), (UPPER, "premiere")):
        school = School("0000000X", "Petit", level, "Grand Est", "Reims", "Ici", pupils, ((grade, pupils),))
        rows, divisions = secondary_week(school, preset_of("Grand Est"), seed=1)
        assert divisions == (2 if pupils > 30 else 1)
        assert rows
        assert all(row.heads >= 2 for row in rows)
