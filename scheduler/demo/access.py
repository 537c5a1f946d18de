"""Access windows: when parents, pupils by grade and the region's inspectors come to the ENT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.demo.board import DAYS
from scheduler.demo.data import UPPER, School
from scheduler.demo.presets import DAY_END, DAY_START, Preset, parents_rule
from scheduler.demo.randomness import rng_for
from scheduler.demo.rows import WindowRow

if TYPE_CHECKING:
    from collections.abc import Iterator

PARENTS_SHARE = 0.3  # of the pupils have a parent who comes on a given day
ROTA_SHARE = 0.3
# F07: 2nde 08:00-11:00, 1re 11:00-14:00, Tle 14:00-17:00.
ROTA = (("seconde", "2nde", 480), ("premiere", "1re", 660), ("terminale", "tle", 840))
ROTA_BAND = 180


def windows_of(school: School, preset: Preset, seed: int) -> Iterator[WindowRow]:
    """Give the windows of a school: its parents' once a day, and where the region has one its rota by grade."""
    rng = rng_for(seed, f"{school.key}/access")
    rule = parents_rule(preset, school.academy)
    for day in DAYS:
        heads = max(1, round(PARENTS_SHARE * school.pupils * rng.uniform(0.8, 1.2)))
        minutes = min(rng.choice((60, 90, 120)), rule.latest - rule.usual)
        yield WindowRow(
            school.key,
            f"PARENTS-{day}",
            "parents",
            day,
            heads,
            minutes,
            preset.ent,
            rule.usual,
            rule.earliest,
            rule.latest,
        )
    if preset.rota and school.level == UPPER:
        yield from _rota(school, preset)


def _rota(school: School, preset: Preset) -> Iterator[WindowRow]:
    pupils = dict(school.grades)
    for grade, label, start in ROTA:
        heads = round(ROTA_SHARE * pupils.get(grade, 0))
        for day in DAYS if heads else ():
            yield WindowRow(
                school.key,
                f"PUPILS-{label.upper()}-{day}",
                f"pupils-{label}",
                day,
                heads,
                60,
                preset.ent,
                start,
                start,
                start + ROTA_BAND,
            )


def regional_windows(preset: Preset, pupils: int) -> Iterator[WindowRow]:
    """Give the one audience of the region itself, about one inspector in a thousand pupils."""
    for day in DAYS:
        heads = max(1, pupils // 1000)
        yield WindowRow("", f"INSPECTION-{day}", "inspection", day, heads, 120, preset.ent, 600, DAY_START, DAY_END)
