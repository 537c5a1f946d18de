"""The divisions of a secondary school: how many, how large, called what."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING

from scheduler.demo.data import LOWER, School
from scheduler.demo.programme import GENERAL, TECHNOLOGICAL, Programme
from scheduler.demo.randomness import spread

if TYPE_CHECKING:
    import random

SMALLEST, LARGEST = 20, 30


@dataclass(frozen=True)
class Division:
    """A class of pupils.

    Attributes
    ----------
    name : str
        As the school writes it, ``6A`` or ``1re 2``.
    grade : str
        One of the grades of the bundled list.
    pupils : int
        20 to 30 where the grade has enough pupils for it, at least 1.
    programme : Programme
        What it is taught.
    """

    name: str
    grade: str
    pupils: int
    programme: Programme


def division_sizes(pupils: int, wanted: int) -> list[int]:
    """Share the pupils of a grade out over divisions of about `wanted`, between 20 and 30 where that can be."""
    count = max(1, round(pupils / wanted))
    while pupils > LARGEST * count:
        count += 1
    while count > 1 and pupils < SMALLEST * count and pupils <= LARGEST * (count - 1):
        count -= 1
    return spread(pupils, count)


def divisions_of(school: School, rng: random.Random) -> list[Division]:
    """Draw the divisions of a secondary school, youngest grade first; one style of names a school."""
    wanted = rng.randint(23, 28)
    style = rng.choice(("{0}{1}", "{0}e{1}", "{0}e{2}") if school.level == LOWER else ("{0} {2}", "{0} {1}"))
    with_stmg = rng.random() < 0.6
    divisions = []
    for grade, pupils in school.grades:
        sizes = division_sizes(pupils, wanted)
        stmg = max(1, len(sizes) // 5) if with_stmg and grade in TECHNOLOGICAL and len(sizes) >= 4 else 0
        for index, size in enumerate(sizes[: len(sizes) - stmg]):
            programme = GENERAL[grade]
            letter = ascii_uppercase[index] if len(sizes) <= 26 else str(index + 1)
            name = style.format(programme.prefix, letter, index + 1)
            divisions.append(Division(name, grade, size, programme))
        for index, size in enumerate(sizes[len(sizes) - stmg :]):
            programme = TECHNOLOGICAL[grade]
            divisions.append(Division(f"{programme.prefix}{index + 1}", grade, size, programme))
    return divisions
