"""The usual week of a secondary school, as rows of its session file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scheduler.demo.bells import BellGrid, bell_grid
from scheduler.demo.board import DAY_BITS, DAYS
from scheduler.demo.divisions import Division, divisions_of
from scheduler.demo.lessons import Part, teaching_of
from scheduler.demo.online import Host, habits_of
from scheduler.demo.placement import Placed, lay_week
from scheduler.demo.presets import DAY_END, DAY_START, Preset
from scheduler.demo.programme import EXAM_GRADES
from scheduler.demo.randomness import rng_for
from scheduler.demo.rows import SessionRow
from scheduler.demo.staff import staff_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scheduler.demo.data import School

_NOT_KEY = re.compile(r"[^A-Za-z0-9]+")


def secondary_week(school: School, preset: Preset, seed: int) -> tuple[list[SessionRow], int]:
    """Draw the usual timetable of a secondary school.

    It depends on the school, the seed and the preset alone. No teacher and no division is in two places at once,
    but for parts of divisions that are taught side by side.

    Returns
    -------
    rows : list of SessionRow
        In the order of the divisions' programmes.
    divisions : int
        Number of divisions.
    """
    rng = rng_for(seed, school.key)
    grid = bell_grid(rng, school.level)
    divisions = divisions_of(school, rng)
    teaching = teaching_of(divisions, rng, preset.languages, latin=rng.random() < 0.5)
    teacher_of, codes = staff_of(teaching.needs)
    placed = lay_week(grid, divisions, teaching, teacher_of, rng)
    rows = list(_rows(school, grid, divisions, placed, codes))
    _hold(rows, divisions, Host(habits_of(preset, rng), rng))
    return rows, len(divisions)


def _rows(
    school: School, grid: BellGrid, divisions: Sequence[Division], placed: Sequence[Placed], codes: Sequence[str]
) -> Iterator[SessionRow]:
    numbers: dict[str, int] = {}
    for place in placed:
        day, period = divmod(place.slot, DAY_BITS)
        lesson = place.lesson
        start, minutes = grid.periods[period][0], grid.minutes(period, lesson.periods)
        for part, teacher in zip(lesson.parts, place.teachers, strict=True):
            stem = _stem(part, divisions[lesson.divisions[0]])
            numbers[stem] = number = numbers.get(stem, 0) + 1
            yield SessionRow(
                school.key,
                f"{stem}-{number}",
                DAYS[day],
                part.weeks,
                start,
                minutes,
                part.groups,
                (codes[teacher],),
                part.subject,
                part.pupils + 1,
            )


def _stem(part: Part, division: Division) -> str:
    """Give the readable beginning of a session's key, ``6A-MATHS``, numbered by the caller."""
    return f"{_NOT_KEY.sub('', division.name)}-{part.subject}"


def _hold(rows: Sequence[SessionRow], divisions: Sequence[Division], host: Host) -> None:
    before_exam = {division.name for division in divisions if division.grade in EXAM_GRADES}
    for row in rows:
        host.dress(row, row.groups[0].split("/")[0] in before_exam)
        if row.earliest is not None and row.latest is not None:
            row.earliest = max(row.earliest, DAY_START)
            row.latest = min(row.latest, DAY_END - row.minutes)
