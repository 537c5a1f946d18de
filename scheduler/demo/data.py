"""The bundled lists: real schools with their pupils by grade, and the official school holidays."""

from __future__ import annotations

import csv
import gzip
import io
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIMARY = "primary"
LOWER = "lower_secondary"
UPPER = "upper_secondary"
LEVELS = (LOWER, UPPER, PRIMARY)

GRADES = ("sixieme", "cinquieme", "quatrieme", "troisieme", "seconde", "premiere", "terminale")

# The holiday calendar knows the academies of today; the list of schools was drawn up under older names.
_ACADEMY_ALIASES = {"la reunion": "reunion", "rouen": "normandie", "caen": "normandie"}


@dataclass(frozen=True)
class School:
    """A school of the demo.

    Attributes
    ----------
    key : str
        UAI of a real school; ``ECOLE-<UAI>`` for an invented primary school.
    name, level, region, academy, town : str
        As in the bundled list; `level` is one of ``LEVELS``.
    pupils : int
        Pupils of the school, at least 1.
    grades : tuple of (str, int)
        Pupils by grade, youngest first, grades without pupils left out.
    """

    key: str
    name: str
    level: str
    region: str
    academy: str
    town: str
    pupils: int
    grades: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Holiday:
    """Holidays of an academy: days off from `first_day_off` until the day before `first_day_back`."""

    academy: str
    name: str
    first_day_off: date
    first_day_back: date

    def covers(self, day: date) -> bool:
        """Tell whether `day` is a day off."""
        return self.first_day_off <= day < self.first_day_back


def fold(text: str) -> str:
    """Give `text` without case, accents, apostrophes and hyphens, to compare names as people type them."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(letters.split())


def _rows(name: str) -> Iterator[dict[str, str]]:
    packed = files("scheduler").joinpath("data", name).read_bytes()
    with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


@cache
def secondary_schools() -> tuple[School, ...]:
    """Give every school of the bundled list, in its order."""
    rows = list(_rows("schools-fr-2020.csv.gz"))
    uses = Counter(row["uai"] for row in rows)
    return tuple(_school(row, twice=uses[row["uai"]] > 1) for row in rows)


def _school(row: dict[str, str], twice: bool) -> School:
    # A cité scolaire is two schools under one UAI; the upper one gets a key of its own.
    key = row["uai"] + ("-LYC" if twice and row["level"] == UPPER else "")
    grades = tuple((grade, int(row[grade])) for grade in GRADES if int(row[grade] or 0) > 0)
    name, town = " ".join(row["name"].split()), " ".join(row["town"].split())
    return School(key, name, row["level"], row["region"], row["academy"], town, int(row["pupils"]), grades)


@cache
def holidays() -> tuple[Holiday, ...]:
    """Give every entry of the bundled holiday calendar; academies are folded names."""
    return tuple(
        Holiday(
            _academy(row["academy"]),
            row["name"],
            date.fromisoformat(row["first_day_off"]),
            date.fromisoformat(row["first_day_back"]),
        )
        for row in _rows("school-holidays-fr.csv.gz")
    )


def _academy(name: str) -> str:
    folded = fold(name)
    return _ACADEMY_ALIASES.get(folded, folded)


def holiday_on(academy: str, day: date) -> Holiday | None:
    """Give the holiday that `academy` has on `day`, or None on a school day (or weekend)."""
    wanted = _academy(academy)
    return next((h for h in holidays() if h.academy == wanted and h.covers(day)), None)
