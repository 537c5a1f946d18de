"""Bell grids: when the periods of a school's day begin and end, as school bells really differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.demo.data import LOWER

if TYPE_CHECKING:
    import random

PERIOD = 55
LATEST_END = 17 * 60 + 45
WEDNESDAY_END = 13 * 60 + 30
LUNCH_WINDOW = (11 * 60 + 30, 14 * 60)

# First bells and how many schools in a hundred have them: about half ring at 8:00.
FIRST_BELLS = {465: 4, 470: 5, 475: 12, 480: 50, 485: 11, 490: 6, 495: 6, 510: 6}


@dataclass(frozen=True)
class BellGrid:
    """The periods of a school's full day.

    Attributes
    ----------
    periods : tuple of (int, int)
        Start and end of each period of a full day, minutes from midnight.
    short : int
        Number of periods of the Wednesday, which ends with the morning.
    pairs : tuple of int
        Periods p that make one double period with p + 1: no long break, and not both lunch periods.
    lunch : tuple of int
        Periods of which a full day leaves at least one free; empty where the grid itself has a lunch break.
    """

    periods: tuple[tuple[int, int], ...]
    short: int
    pairs: tuple[int, ...]
    lunch: tuple[int, ...]

    def minutes(self, period: int, length: int) -> int:
        """Give the minutes from the start of `period` to the end of the `length`-th period from it."""
        return self.periods[period + length - 1][1] - self.periods[period][0]


def bell_grid(rng: random.Random, level: str) -> BellGrid:
    """Draw the bell grid of a secondary school.

    Lower secondary: four periods, a lunch break for all, four periods. Upper secondary: nine periods without
    a common lunch break, so that canteens can serve in turns; each division has one of the lunch periods free.
    """
    first = rng.choices(tuple(FIRST_BELLS), tuple(FIRST_BELLS.values()))[0]
    gap = rng.choice((0, 0, 5))
    pause = rng.choice((15, 15, 20))
    if level == LOWER:
        periods = _periods(first, 4, gap, pause)
        afternoon = periods[-1][1] + rng.choice((75, 80, 85, 90))
        periods += _periods(afternoon - afternoon % 5, 4, gap, pause)
        lunch: tuple[int, ...] = ()
        short = 4
    else:
        periods = _periods(first, 5, gap, pause)
        periods += _periods(periods[-1][1] + gap, 4, gap, pause)
        lunch = _lunch_periods(periods)
        short = 5 if periods[4][1] <= WEDNESDAY_END else 4
    periods = [period for period in periods if period[1] <= LATEST_END]
    return BellGrid(tuple(periods), short, _pairs(periods, lunch), lunch)


def _periods(start: int, count: int, gap: int, pause: int) -> list[tuple[int, int]]:
    """Lay `count` periods from `start` on, the long break after the second."""
    periods = []
    for index in range(count):
        periods.append((start, start + PERIOD))
        start += PERIOD + (pause if index == 1 else gap)
    return periods


def _lunch_periods(periods: list[tuple[int, int]]) -> tuple[int, ...]:
    """Give the periods that, when free, leave a whole period's time between 11:30 and 14:00."""
    found = []
    for index in range(1, len(periods) - 1):
        begin = max(periods[index - 1][1], LUNCH_WINDOW[0])
        end = min(periods[index + 1][0], LUNCH_WINDOW[1])
        if end - begin >= PERIOD:
            found.append(index)
    return tuple(found)


def _pairs(periods: list[tuple[int, int]], lunch: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(
        index
        for index in range(len(periods) - 1)
        if periods[index + 1][0] - periods[index][1] <= 5 and not (lunch and set(lunch) <= {index, index + 1})
    )
