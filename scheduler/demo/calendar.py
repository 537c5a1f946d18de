"""Dates of the demo: which days a school teaches at a distance, its weeks, its closures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from scheduler.demo.board import DAYS
from scheduler.demo.data import LEVELS, School
from scheduler.demo.presets import PARIS_TIME, Preset
from scheduler.school_holidays import holiday_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NATIONAL_START = date(2021, 4, 6)
FEW_SCHOOLS, MANY_SCHOOLS = 10, 200

PeriodRow = tuple[str, date, date]
ClosureRow = tuple[str, date, date, str]
WeekRow = tuple[str, date, str]


def horizon(preset: Preset) -> list[date]:
    """Give the dates of the horizon in order."""
    days = (preset.last_date - preset.first_date).days + 1
    return [preset.first_date + timedelta(days=day) for day in range(days)]


def periods(preset: Preset) -> list[PeriodRow]:
    """Give the rows of periods.csv: from when to when each level is taught at a distance."""
    first = NATIONAL_START + preset.later if preset.timezone == PARIS_TIME else preset.first_date
    return [(level, first, preset.levels_until[level]) for level in LEVELS]


def closures(preset: Preset, schools: Sequence[School]) -> list[ClosureRow]:
    """Give the rows of closures.csv: holidays of an academy within the horizon, and one or two invented closures."""
    rows: list[ClosureRow] = []
    off = {
        academy: [(day, found.name) for day in horizon(preset) if (found := holiday_on(academy, day - preset.later))]
        for academy in sorted({school.academy for school in schools})
    }
    for school in schools:
        rows += [(school.key, day, day, name) for day, name in off[school.academy]]
    if len(schools) >= FEW_SCHOOLS:
        closed = schools[len(schools) // 3]
        rows.append((closed.key, preset.last_date, preset.last_date, "power cut announced by the town"))
    if len(schools) >= MANY_SCHOOLS:
        closed = schools[2 * len(schools) // 3]
        rows.append((closed.key, preset.last_date - timedelta(days=1), preset.last_date, "works on the network"))
    return rows


def weeks(preset: Preset, schools: Sequence[School]) -> list[WeekRow]:
    """Give the rows of weeks.csv: the region's letters, and of many schools one that counts the other way round."""
    rows: list[WeekRow] = []
    odd_one = schools[len(schools) // 2].key if len(schools) >= FEW_SCHOOLS else ""
    for monday in mondays(preset):
        rows.append(("", monday, _letter(preset, monday)))
        if odd_one:
            rows.append((odd_one, monday, "A" if _letter(preset, monday) == "B" else "B"))
    return rows


def mondays(preset: Preset) -> list[date]:
    """Give the Mondays of the weeks that the horizon touches."""
    first = preset.first_date - timedelta(days=preset.first_date.weekday())
    return [first + timedelta(weeks=week) for week in range((preset.last_date - first).days // 7 + 1)]


def _letter(preset: Preset, monday: date) -> str:
    distance = (monday - mondays(preset)[0]).days // 7
    return preset.week if distance % 2 == 0 else {"A": "B", "B": "A"}[preset.week]


class Presence:
    """Answers on which dates (as indices of the horizon) an activity of a school takes place."""

    def __init__(self, preset: Preset, closed: Sequence[ClosureRow], lettered: Sequence[WeekRow]):
        self._dates = horizon(preset)
        self._periods = {level: (first, last) for level, first, last in periods(preset)}
        self._closed = closed
        self._letters = {(school, monday): letter for school, monday, letter in lettered}

    def of_school(self, school: School) -> dict[tuple[str, str], list[int]]:
        """Give the dates by (day, weeks) as a session row names them; pairs without dates are left out."""
        found: dict[tuple[str, str], list[int]] = {}
        for index, day in self._taught(school):
            monday = day - timedelta(days=day.weekday())
            letter = self._letters.get((school.key, monday)) or self._letters["", monday]
            for weeks_cell in ("", letter):
                found.setdefault((DAYS[day.weekday()], weeks_cell), []).append(index)
        return found

    def of_region(self) -> dict[str, list[int]]:
        """Give the dates by day on which an audience of the region is present."""
        found: dict[str, list[int]] = {}
        for index, day in enumerate(self._dates):
            if any(first <= day <= last for first, last in self._periods.values()):
                found.setdefault(DAYS[day.weekday()], []).append(index)
        return found

    def _taught(self, school: School) -> Iterator[tuple[int, date]]:
        first, last = self._periods[school.level]
        shut = [(begin, end) for key, begin, end, _ in self._closed if key == school.key]
        for index, day in enumerate(self._dates):
            if first <= day <= last and not any(begin <= day <= end for begin, end in shut):
                yield index, day
