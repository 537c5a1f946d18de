"""School years, which in France end with August."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from scheduler.errors import Fault, FaultyInput
from scheduler.wording import T


@dataclass(frozen=True)
class SchoolYear:
    """A school year.

    Attributes
    ----------
    first : int
        The calendar year in which it begins.
    """

    first: int

    @property
    def last_date(self) -> dt.date:
        """The last day."""
        return dt.date(self.first + 1, 8, 31)

    @property
    def end(self) -> dt.datetime:
        """The moment after it, in UTC."""
        return dt.datetime(self.first + 1, 9, 1, tzinfo=dt.UTC)

    def __str__(self) -> str:
        return f"{self.first}-{self.first + 1}"


def read_school_year(text: str) -> SchoolYear:
    """Read a school year as people write it, ``2020-2021``.

    Raises
    ------
    FaultyInput
    """
    match = re.fullmatch(r"([0-9]{4})\s*[-/]\s*([0-9]{4})", text.strip())
    if match is None or int(match[2]) != int(match[1]) + 1:
        what = T("“{text}” is no school year", text=text)
        raise FaultyInput([Fault("--year", 0, what, T("write both its years, for example 2020-2021"))])
    return SchoolYear(int(match[1]))
