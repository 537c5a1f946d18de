"""The week of a primary school from home: one teacher a class, a few short meetings a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.demo.randomness import rng_for, spread
from scheduler.demo.rows import ASYNC, SessionRow

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from scheduler.demo.data import School
    from scheduler.demo.presets import Preset

CLASS_SIZE = 25
SMALL_CLASS = 10
FULL_DAYS = ("MO", "TU", "TH", "FR")
# Usual hours of the day's meetings, minutes from midnight: before and after the break, and after lunch.
MORNING, LATE_MORNING, AFTERNOON = (510, 525, 540), (615, 630, 645), (810, 825, 840)


def primary_week(school: School, preset: Preset, seed: int) -> tuple[list[SessionRow], int]:
    """Draw the usual distance week of a primary school: rows and number of classes.

    A class meets its teacher two or three times a day for 30 or 45 minutes in a virtual class; the youngest in
    two half-groups, one after the other. The rest of the 24 hours is work at home.
    """
    rng = rng_for(seed, school.key)
    days = FULL_DAYS if rng.random() < 0.6 else ("MO", "TU", "WE", "TH", "FR")
    classes = _classes(school)
    starts = rng.choice(MORNING), rng.choice(LATE_MORNING), rng.choice(AFTERNOON)
    rows: list[SessionRow] = []
    for number, (name, pupils) in enumerate(classes, start=1):
        rows += _class_week(school, preset, name, pupils, f"ENS-{number:02d}", days, starts, rng)
    return rows, len(classes)


def _classes(school: School) -> list[tuple[str, int]]:
    """Give name and size of each class; grades with few pupils share one with the next."""
    groups: list[tuple[list[str], int]] = []
    for grade, pupils in school.grades:
        if groups and (groups[-1][1] < SMALL_CLASS or groups[-1][1] + pupils <= CLASS_SIZE):
            names, before = groups.pop()
            groups.append(([*names, grade], before + pupils))
        else:
            groups.append(([grade], pupils))
    classes = []
    for names, pupils in groups:
        sizes = spread(pupils, max(1, -(-pupils // 28)))
        letters = [""] if len(sizes) == 1 else [f" {letter}" for letter in "ABCDEFGH"]
        classes += [("-".join(names) + letter, size) for letter, size in zip(letters, sizes, strict=False)]
    return classes


def _class_week(
    school: School,
    preset: Preset,
    name: str,
    pupils: int,
    teacher: str,
    days: tuple[str, ...],
    starts: tuple[int, int, int],
    rng: random.Random,
) -> Iterator[SessionRow]:
    platforms = f"{preset.ent}+{preset.virtual[0]}"
    calm = f"{platforms}|{preset.ent}@{ASYNC}" if rng.random() < 0.3 else platforms
    morning, late, afternoon = starts
    key = name.replace(" ", "")
    three = rng.random() < 0.5
    for day in days:
        for number, (group, size, start, minutes) in enumerate(_morning(name, pupils, morning, rng), start=1):
            yield SessionRow(
                school.key,
                f"{key}-{day}-{number}",
                day,
                "",
                start,
                minutes,
                (group,),
                (teacher,),
                "CLASSE",
                size + 1,
                platforms,
            )
        later = [] if day == "WE" else [(f"{key}-{day}-PM", afternoon, 30)]
        if three:
            later.insert(0, (f"{key}-{day}-AM", late, rng.choice((30, 45))))
        for session, start, minutes in later:
            yield SessionRow(
                school.key, session, day, "", start, minutes, (name,), (teacher,), "CLASSE", pupils + 1, calm
            )


def _morning(name: str, pupils: int, start: int, rng: random.Random) -> Iterator[tuple[str, int, int, int]]:
    """Give group, pupils, start and minutes of the first meeting, or of the two of a class that is learning to read."""
    if name.startswith("CP") and pupils > SMALL_CLASS:
        first, second = spread(pupils, 2)
        yield f"{name}/1", first, start, 30
        yield f"{name}/2", second, start + 35, 30
    else:
        yield name, pupils, start, rng.choice((30, 45, 45))
