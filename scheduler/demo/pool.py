"""Which schools a demo region has: the real ones, an invented primary school for every three, and samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.demo.data import LEVELS, PRIMARY, School, secondary_schools
from scheduler.demo.randomness import rng_for, spread, stable_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

PRIMARY_GRADES = ("CP", "CE1", "CE2", "CM1", "CM2")


def schools_of(regions: Sequence[str]) -> list[School]:
    """Give all schools of `regions`, primary ones included, in an order whose every beginning keeps the mix.

    The first N are therefore the sample of N schools: each level is put in the order of a hash of the key
    (whatever the order of the list), then the levels are merged in proportion to their numbers.
    """
    secondary = [school for school in secondary_schools() if school.region in set(regions)]
    by_chance = sorted(secondary, key=lambda school: stable_hash(school.key))
    return _merged(by_chance + [primary_school_near(school) for school in by_chance[::3]])


def _merged(schools: Sequence[School]) -> list[School]:
    placed: list[tuple[float, int, School]] = []
    for rank, level in enumerate(LEVELS):
        of_level = [school for school in schools if school.level == level]
        placed += [((i + 0.5) / len(of_level), rank, school) for i, school in enumerate(of_level)]
    return [school for _, _, school in sorted(placed, key=lambda place: place[:2])]


def primary_school_near(school: School) -> School:
    """Invent the primary school of the town of `school`, the same under every seed."""
    rng = rng_for(0, f"ECOLE-{school.key}")
    pupils = rng.randint(90, 260)
    grades = tuple(zip(PRIMARY_GRADES, spread(pupils, len(PRIMARY_GRADES)), strict=True))
    return School(
        f"ECOLE-{school.key}",
        f"École primaire de {school.town}",
        PRIMARY,
        school.region,
        school.academy,
        school.town,
        pupils,
        grades,
    )
