"""What a plan comes to: the figures that the page and the terminal show (CONTRACT section 5).

The sentences made from them are in :mod:`scheduler.domain.verdict_words`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.load import OVERLOADED_FROM
from scheduler.domain.outcome import gap
from scheduler.domain.reference import changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scheduler.domain.load import DayFigures
    from scheduler.domain.outcome import Outcome
    from scheduler.domain.region import Region


@dataclass(frozen=True)
class Peak:
    """The highest load of one meter over the horizon.

    Attributes
    ----------
    meter : int
        Index into the region's meters.
    before, after : float
        Highest load of any slot.
    capacity : float
        In the first slot with the highest load before; ``inf`` where unlimited.
    limit : float
        In the same slot.
    utilisation_before, utilisation_after : float or None
        Highest load/capacity of any slot, slots of capacity 0 or unlimited left out; None where none is left.
    over_before, over_after : bool
        Whether some slot is over its limit.
    """

    meter: int
    before: float
    after: float
    capacity: float
    limit: float
    utilisation_before: float | None
    utilisation_after: float | None
    over_before: bool
    over_after: bool


@dataclass(frozen=True)
class Shortfall:
    """A run of consecutive slots over the limit.

    Attributes
    ----------
    meter : int
        Index into the region's meters.
    day : int
        Days since the first date.
    first, last : int
        Half-open range of slots.
    missing : float
        Highest load − limit in them.
    """

    meter: int
    day: int
    first: int
    last: int
    missing: float


@dataclass(frozen=True)
class Tally:
    """What a plan comes to over the horizon.

    Attributes
    ----------
    activities, moved, switched, largest_shift_minutes : int
        As in report.json.
    sessions, sessions_moved : int
        Class sessions only.
    mean_shift_minutes : float
        Of the class sessions that move; 0 if none does.
    shift, switch : float
        Head-minutes.
    overload : float
        Connection-minutes.
    objective, lower_bound : float
        Head-minutes.
    order_kept : bool
        False with ``--reorder``: the bound is of plans that keep the order of sessions, so the gap is no proof.
    against_former : bool
        True with ``--stay-close-to``: what moves, and how far, is against a former plan.
    """

    activities: int
    moved: int
    switched: int
    largest_shift_minutes: int
    sessions: int
    sessions_moved: int
    mean_shift_minutes: float
    shift: float
    switch: float
    overload: float
    objective: float
    lower_bound: float
    order_kept: bool
    against_former: bool = False

    @property
    def gap(self) -> float:
        """The share of the objective that is not proven necessary."""
        return gap(self.objective, self.lower_bound)


def tally(region: Region, outcome: Outcome, figures: Sequence[DayFigures], order_kept: bool = True) -> Tally:
    """Sum the figures of all dates."""
    plan = outcome.plan
    shift = np.abs(changes(region, plan, outcome.reference)[0])[~region.activities.window[plan.row]]
    moved = int(np.count_nonzero(shift))
    return Tally(
        activities=sum(day.activities for day in figures),
        moved=sum(day.moved for day in figures),
        switched=sum(day.switched for day in figures),
        largest_shift_minutes=max((day.largest_shift_minutes for day in figures), default=0),
        sessions=len(shift),
        sessions_moved=moved,
        mean_shift_minutes=float(shift.sum()) / moved if moved else 0.0,
        shift=sum(day.cost.shift for day in figures),
        switch=sum(day.cost.switch for day in figures),
        overload=sum(day.cost.overload for day in figures),
        objective=sum(day.cost.objective for day in figures),
        lower_bound=outcome.lower_bound,
        order_kept=order_kept,
        against_former=outcome.reference is not None,
    )


def over(region: Region, load: NDArray[np.float64], limit: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell in which slots a load is over the limit by more than the noise of sums."""
    marked: NDArray[np.bool_] = (load - limit) * region.grid.slot_minutes > OVERLOADED_FROM
    return marked


def peaks(region: Region, figures: Sequence[DayFigures]) -> tuple[Peak, ...]:
    """Give the peak of each limited meter, in the order of the region's meters."""
    return tuple(_peak(region, figures, meter) for meter in range(len(region.meters))) if figures else ()


def _peak(region: Region, figures: Sequence[DayFigures], meter: int) -> Peak:
    before, after, capacity, limit = (
        np.concatenate([getattr(day, kind)[meter] for day in figures])
        for kind in ("before", "after", "capacity", "limit")
    )
    at = int(np.argmax(before))
    return Peak(
        meter=meter,
        before=float(before[at]),
        after=float(after.max()),
        capacity=float(capacity[at]),
        limit=float(limit[at]),
        utilisation_before=_utilisation(before, capacity),
        utilisation_after=_utilisation(after, capacity),
        over_before=bool(over(region, before, limit).any()),
        over_after=bool(over(region, after, limit).any()),
    )


def _utilisation(load: NDArray[np.float64], capacity: NDArray[np.float64]) -> float | None:
    counts = np.isfinite(capacity) & (capacity > 0)
    return float((load[counts] / capacity[counts]).max()) if counts.any() else None


def shortfalls(region: Region, day: DayFigures, planned: bool) -> tuple[Shortfall, ...]:
    """Give the runs of slots over the limit on one date, with the plan or at the usual starts."""
    load = day.after if planned else day.before
    marked = over(region, load, day.limit)
    found = []
    for meter, row in enumerate(marked):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
        for first, last in edges.reshape(-1, 2).tolist():
            missing = float((load[meter, first:last] - day.limit[meter, first:last]).max())
            found.append(Shortfall(meter, day.day, first, last, missing))
    return tuple(found)


@dataclass(frozen=True)
class SchoolMoves:
    """How much the class sessions of one school move, from the usual timetable or a former plan.

    Attributes
    ----------
    school : int
        Index into the region's activities' schools.
    sessions, moved : int
    largest_shift_minutes : int
    mean_shift_minutes : float
        Over all its sessions, those that stay included, so that schools of any size compare.
    """

    school: int
    sessions: int
    moved: int
    largest_shift_minutes: int
    mean_shift_minutes: float


def school_moves(region: Region, outcome: Outcome, most: int) -> tuple[SchoolMoves, ...]:
    """Give the schools of which something moves, at most `most`, the one that moves most first."""
    activities, plan = region.activities, outcome.plan
    mine = ~activities.window[plan.row]
    school = activities.school[plan.row[mine]].astype(np.int64)
    shift = np.abs(changes(region, plan, outcome.reference)[0])[mine]
    count = len(activities.schools)
    sessions = np.bincount(school, minlength=count)
    moved = np.bincount(school, weights=shift != 0, minlength=count)
    mean = np.bincount(school, weights=shift, minlength=count) / np.maximum(sessions, 1)
    largest = np.zeros(count, dtype=np.int64)
    np.maximum.at(largest, school, shift)
    order = sorted(np.flatnonzero(moved).tolist(), key=lambda at: (-mean[at], activities.schools[at].key))
    return tuple(
        SchoolMoves(at, int(sessions[at]), int(moved[at]), int(largest[at]), float(mean[at])) for at in order[:most]
    )
