"""The official calendar of French school holidays by academy, 2019-2020 on, as the ministry publishes it.

Bundled in ``scheduler/data`` with its licence; https://data.education.gouv.fr, Licence Ouverte 2.0.
"""

from __future__ import annotations

import csv
import gzip
import io
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The holiday calendar knows the academies of today; lists of schools may be drawn up under older names.
_ACADEMY_ALIASES = {"la reunion": "reunion", "rouen": "normandie", "caen": "normandie"}


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


def bundled_rows(name: str) -> Iterator[dict[str, str]]:
    """Read a packed table of ``scheduler/data``."""
    packed = files("scheduler").joinpath("data", name).read_bytes()
    with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


@cache
def holidays() -> tuple[Holiday, ...]:
    """Give every entry of the bundled holiday calendar; academies are folded names."""
    return tuple(
        Holiday(
            academy_in_calendar(row["academy"]),
            row["name"],
            date.fromisoformat(row["first_day_off"]),
            date.fromisoformat(row["first_day_back"]),
        )
        for row in bundled_rows("school-holidays-fr.csv.gz")
    )


def academy_in_calendar(name: str) -> str:
    """Give the name under which the calendar knows an academy."""
    folded = fold(name)
    return _ACADEMY_ALIASES.get(folded, folded)


def holiday_on(academy: str, day: date) -> Holiday | None:
    """Give the holiday that `academy` has on `day`, or None on a school day (or weekend)."""
    wanted = academy_in_calendar(academy)
    return next((h for h in holidays() if h.academy == wanted and h.covers(day)), None)
