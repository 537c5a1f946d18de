"""On which dates a school teaches at a distance, and in which week, A or B (CONTRACT section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.grid import Grid, monday_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.places import School

ANY_WEEK, WEEK_A, WEEK_B = 0, 1, 2
WEEK_LETTERS = ("", "A", "B")


@dataclass(frozen=True)
class Period:
    """Dates, both included, on which a level (``""`` = every level) is taught at a distance."""

    level: str
    first_date: dt.date
    last_date: dt.date


@dataclass(frozen=True)
class Closure:
    """Dates, both included, on which a school (``""`` = every school and the region's audiences) is closed."""

    school: str
    first_date: dt.date
    last_date: dt.date
    note: str = ""


@dataclass(frozen=True)
class Week:
    """The letter of the week that starts on a Monday, for a school (``""`` = every school)."""

    school: str
    monday: dt.date
    letter: str


@dataclass(frozen=True)
class Calendar:
    """The region's periods, closures and weeks.

    Attributes
    ----------
    periods : tuple of Period or None
        None where the region has no periods.csv: the whole horizon is taught at a distance.
    closures : tuple of Closure
    weeks : tuple of Week
    """

    periods: tuple[Period, ...] | None = None
    closures: tuple[Closure, ...] = ()
    weeks: tuple[Week, ...] = ()

    def open_dates(self, schools: Sequence[School], grid: Grid) -> NDArray[np.bool_]:
        """Tell who is present when.

        Returns
        -------
        ndarray of bool, shape (len(schools) + 1, dates)
            One row a school; the last row is the audiences of the region.
        """
        open_ = np.ones((len(schools) + 1, len(grid.dates)), dtype=bool)
        if self.periods is not None:
            open_ = self._taught(schools, grid, self.periods)
        row_of = {school.key: row for row, school in enumerate(schools)}
        for closure in self.closures:
            dates = _dates_between(grid, closure.first_date, closure.last_date)
            if closure.school:
                open_[row_of[closure.school], dates] = False
            else:
                open_[:, dates] = False
        return open_

    @staticmethod
    def _taught(schools: Sequence[School], grid: Grid, periods: Iterable[Period]) -> NDArray[np.bool_]:
        taught = np.zeros((len(schools) + 1, len(grid.dates)), dtype=bool)
        rows_of_level: dict[str, list[int]] = {}
        for row, school in enumerate(schools):
            rows_of_level.setdefault(school.level, []).append(row)
        for period in periods:
            dates = _dates_between(grid, period.first_date, period.last_date)
            # An audience of the region is present on every date that some row covers.
            taught[-1, dates] = True
            rows = rows_of_level.get(period.level, []) if period.level else list(range(len(schools)))
            taught[np.ix_(rows, range(*dates.indices(len(grid.dates))))] = True
        return taught

    def letters(self, schools: Sequence[School], dates: Sequence[dt.date]) -> NDArray[np.int8]:
        """Give the week letter of each school on each date.

        A school's row goes before the general one; a Monday in no row is `A` in odd ISO weeks, `B` in even ones.

        Returns
        -------
        ndarray of int8, shape (len(schools) + 1, len(dates))
            `WEEK_A` or `WEEK_B`; the last row is the audiences of the region.
        """
        column_of: dict[dt.date, list[int]] = {}
        for column, date in enumerate(dates):
            column_of.setdefault(monday_of(date), []).append(column)
        row_of = {school.key: row for row, school in enumerate(schools)}
        letters = np.zeros((len(schools) + 1, len(dates)), dtype=np.int8)
        for monday, columns in column_of.items():
            letters[:, columns] = WEEK_A if monday.isocalendar().week % 2 else WEEK_B
        for week in sorted(self.weeks, key=lambda week: bool(week.school)):  # the general rows first
            rows = row_of[week.school] if week.school else slice(None)
            letters[rows, column_of.get(week.monday, [])] = WEEK_LETTERS.index(week.letter)
        return letters


def _dates_between(grid: Grid, first: dt.date, last: dt.date) -> slice:
    """Give the columns of the horizon's dates from `first` to `last`, both included."""
    start = max((first - grid.first_date).days, 0)
    return slice(start, max((last - grid.first_date).days + 1, start))
