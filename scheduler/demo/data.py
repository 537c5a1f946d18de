"""The bundled list of real schools with their pupils by grade."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from scheduler.school_holidays import bundled_rows

PRIMARY = "primary"
LOWER = "lower_secondary"
UPPER = "upper_secondary"
LEVELS = (LOWER, UPPER, PRIMARY)

GRADES = ("sixieme", "cinquieme", "quatrieme", "troisieme", "seconde", "premiere", "terminale")


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


@cache
def secondary_schools() -> tuple[School, ...]:
    """Give every school of the bundled list, in its order."""
    rows = list(bundled_rows("schools-fr-2020.csv.gz"))
    uses = Counter(row["uai"] for row in rows)
    return tuple(_school(row, twice=uses[row["uai"]] > 1) for row in rows)


def _school(row: dict[str, str], twice: bool) -> School:
    # A cité scolaire is two schools under one UAI; the upper one gets a key of its own.
    key = row["uai"] + ("-LYC" if twice and row["level"] == UPPER else "")
    grades = tuple((grade, int(row[grade])) for grade in GRADES if int(row[grade] or 0) > 0)
    name, town = " ".join(row["name"].split()), " ".join(row["town"].split())
    return School(key, name, row["level"], row["region"], row["academy"], town, int(row["pupils"]), grades)
