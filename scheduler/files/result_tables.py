"""The tables of the result page, ready to be laid out: every cell is said already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.charts.words import meter_word
from scheduler.domain.verdict import over, peaks, school_moves
from scheduler.domain.verdict_words import platform_name
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scheduler.charts.curve import LoadCurve
    from scheduler.domain.load import DayFigures
    from scheduler.domain.outcome import Outcome
    from scheduler.domain.region import Region
    from scheduler.files.words import SpokenWords

CLOSE = 0.95
"""From this share of the limit on a load is close to it."""
SCHOOLS_SHOWN = 20


@dataclass(frozen=True)
class State:
    """How a load stands to its limit: a class for the colour, a shape and a word beside it."""

    look: str
    shape: str
    word: str


@dataclass(frozen=True)
class PeakRow:
    """One limited meter: names, figures and how the plan leaves it."""

    platform: str
    meter: str
    cells: tuple[str, ...]
    state: State
    anchor: str


@dataclass(frozen=True)
class HeatCell:
    """The highest share of the limit in one hour of one date."""

    look: str
    text: str


@dataclass(frozen=True)
class HeatRow:
    """One date of a heat map."""

    date: str
    anchor: str
    cells: tuple[HeatCell, ...]


def state(region: Region, load: NDArray[np.float64], limit: NDArray[np.float64], words: SpokenWords) -> State:
    """Tell how loads stand to their limits, slot by slot."""
    if over(region, load, limit).any():
        return State("over", "▲", words.say(T("over the limit")))
    if not np.isfinite(limit).any():
        return State("within", "–", words.say(T("unlimited")))
    if (load > 0).any() and bool((load[load > 0] >= CLOSE * limit[load > 0]).any()):
        return State("close", "◆", words.say(T("close to the limit")))
    return State("within", "●", words.say(T("below the limit")))


def peak_rows(region: Region, figures: Sequence[DayFigures], words: SpokenWords) -> tuple[PeakRow, ...]:
    """Give the table of peaks: before, after, limit, capacity, share of capacity before and after."""
    rows = []
    for peak in peaks(region, figures):
        meter = region.meters[peak.meter]
        after, limit = (
            np.concatenate([getattr(day, kind)[peak.meter] for day in figures]) for kind in ("after", "limit")
        )
        loads = (peak.before, peak.after, peak.limit, peak.capacity)
        shares = (peak.utilisation_before, peak.utilisation_after)
        rows.append(
            PeakRow(
                platform=platform_name(region, meter.platform),
                meter=words.say(meter_word(meter.meter)),
                cells=(
                    *(words.load(load) for load in loads),
                    *("–" if share is None else words.share(share) for share in shares),
                ),
                state=state(region, after, limit, words),
                anchor=f"meter-{peak.meter}",
            )
        )
    return tuple(rows)


def twin_rows(curve: LoadCurve, price: NDArray[np.float64], words: SpokenWords) -> tuple[tuple[str, ...], ...]:
    """Give the table twin of a curve: slot, before, after, limit, capacity and price, row by row.

    Parameters
    ----------
    curve : LoadCurve
    price : ndarray of float64, shape (slots of the date,)
        Head-minutes a connection.
    words : SpokenWords
    """
    return tuple(
        (
            words.time((curve.first + place) * curve.slot_minutes),
            words.load(float(curve.before[place])),
            words.load(float(curve.after[place])),
            words.load(float(curve.limit[place])),
            words.load(float(curve.capacity[place])),
            words.number(round(float(price[curve.first + place]), 2)),
        )
        for place in range(len(curve.before))
    )


def heat_hours(first: int, last: int, slot_minutes: int) -> range:
    """Give the hours that the slots from `first` to `last`, exclusive, touch."""
    return range(first * slot_minutes // 60, -(-last * slot_minutes // 60))


def heat_cells(
    region: Region, load: NDArray[np.float64], limit: NDArray[np.float64], hours: range, words: SpokenWords
) -> tuple[HeatCell, ...]:
    """Give the highest share of the limit in each hour of one date."""
    per_hour = 60 // region.grid.slot_minutes
    marked = over(region, load, limit)
    cells = []
    for hour in hours:
        slots = slice(hour * per_hour, (hour + 1) * per_hour)
        asked, bound = load[slots], limit[slots]
        bounded = np.isfinite(bound)
        share = float(np.max(asked[bounded] / np.maximum(bound[bounded], 1e-9), initial=0.0))
        if marked[slots].any():
            # Above a limit of 0 no share says anything.
            zero = bool((bound[marked[slots]] <= 0).any())
            cells.append(HeatCell("over", "▲" if zero else f"▲ {words.whole_share(share)}"))
        elif not bounded.any():
            cells.append(HeatCell("none", "–"))
        elif share >= CLOSE:
            cells.append(HeatCell("close", f"◆ {words.whole_share(share)}"))
        else:
            cells.append(HeatCell(f"heat-{int(share * 4)}", words.whole_share(share)))
    return tuple(cells)


def school_rows(region: Region, outcome: Outcome, words: SpokenWords) -> tuple[tuple[str, ...], ...]:
    """Give the schools that move most: name, key, sessions, moved, largest and average shift in minutes."""
    rows = []
    for moves in school_moves(region, outcome, SCHOOLS_SHOWN):
        school = region.activities.schools[moves.school]
        rows.append(
            (
                school.name or school.key,
                school.key,
                words.number(moves.sessions),
                f"{words.number(moves.moved)} ({words.whole_share(moves.moved / moves.sessions)})",
                words.number(moves.largest_shift_minutes),
                words.tenths(moves.mean_shift_minutes),
            )
        )
    return tuple(rows)
