"""Policies side by side: what each way of spreading a day comes to, in the same figures (CONTRACT section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.load import OVERLOADED_FROM
from scheduler.domain.outcome import gap
from scheduler.domain.verdict import over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.breaches import Breaches
    from scheduler.domain.load import DayFigures
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region

POLICIES = ("usual", "jitter", "rota", "parents", "bells", "greedy", "ours")
"""The names by which policies are asked for, in the order in which they are shown."""
KEEP_RULES = ("usual", "parents", "bells", "greedy", "ours")
"""The policies that promise every hard rule: a breach in one of them is a mistake of ours."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """What one policy makes of the horizon.

    Attributes
    ----------
    policy : str
        One of `POLICIES`.
    plan : Plan
    figures : tuple of DayFigures
        One a date with activities; `before` is always the usual timetable.
    breaches : Breaches
    wait_minutes : float
        What a head waits on average for its connection, beside any shift.
    lower_bound : float or None
        Proven: no plan that keeps the rules costs less, head-minutes. Only of what the optimizer planned.
    """

    policy: str
    plan: Plan
    figures: tuple[DayFigures, ...]
    breaches: Breaches
    wait_minutes: float = 0.0
    lower_bound: float | None = None


@dataclass(frozen=True)
class MeterFigures:
    """One limited meter under one policy, over the horizon.

    Attributes
    ----------
    peak : float
        Highest load of any slot.
    utilisation : float or None
        Highest load/capacity of any slot, slots of capacity 0 or unlimited left out; None where none is left.
    over_minutes : int
        Minutes in which the load is over the limit.
    overload : float
        Connection-minutes above the limit.
    """

    peak: float
    utilisation: float | None
    over_minutes: int
    overload: float


@dataclass(frozen=True)
class Standing:
    """The figures of one policy that stand beside those of the others.

    Attributes
    ----------
    policy : str
    meters : tuple of MeterFigures
        In the order of the region's meters.
    over_minutes : int
        Minutes in which some meter is over its limit.
    overload : float
        Connection-minutes above limits, of all meters.
    activities : int
        Class sessions and access windows.
    sessions, sessions_moved : int
        Class sessions.
    attendances, attendances_moved : int
        Heads of class sessions: who attends five sessions counts five times.
    mean_shift_minutes : float
        Of the class sessions that move; 0 if none does.
    largest_shift_minutes : int
        Of class sessions.
    windows_moved, switched : int
        Access windows with another start, activities on another alternative.
    wait_minutes : float
    breaches : Breaches
    objective : float
        Head-minutes (CONTRACT section 4).
    gap : float or None
        The share of the objective that is not proven necessary; None for who breaks rules, or without a bound.
    """

    policy: str
    meters: tuple[MeterFigures, ...]
    over_minutes: int
    overload: float
    activities: int
    sessions: int
    sessions_moved: int
    attendances: int
    attendances_moved: int
    mean_shift_minutes: float
    largest_shift_minutes: int
    windows_moved: int
    switched: int
    wait_minutes: float
    breaches: Breaches
    objective: float
    gap: float | None

    @property
    def allowed(self) -> bool:
        """Whether every hard rule is kept."""
        return self.breaches.total == 0

    @property
    def within_limits(self) -> bool:
        """Whether the status is ``within_limits`` (CONTRACT section 5)."""
        return self.overload <= OVERLOADED_FROM

    @property
    def tightest(self) -> int | None:
        """The meter with the highest utilisation; None where no meter has any."""
        known = [meter for meter, figures in enumerate(self.meters) if figures.utilisation is not None]
        return max(known, key=lambda meter: self.meters[meter].utilisation or 0.0, default=None)

    @property
    def utilisation(self) -> float | None:
        """The highest utilisation of any meter."""
        return None if self.tightest is None else self.meters[self.tightest].utilisation


def standings(region: Region, candidates: Sequence[Candidate]) -> tuple[Standing, ...]:
    """Reckon the figures of every policy; the bound that one of them proves is one for all that keep the rules."""
    bounds = [one.lower_bound for one in candidates if one.lower_bound is not None]
    return tuple(_standing(region, one, max(bounds, default=None)) for one in candidates)


def _standing(region: Region, candidate: Candidate, bound: float | None) -> Standing:
    activities, plan, figures = region.activities, candidate.plan, candidate.figures
    window = activities.window[plan.row]
    shift = np.abs(plan.shift(region))
    moved = (shift > 0) & ~window
    heads = activities.heads[plan.row].astype(np.int64)
    sessions_moved = int(np.count_nonzero(moved))
    objective = sum(day.cost.objective for day in figures)
    proven = bound is not None and candidate.breaches.total == 0
    return Standing(
        policy=candidate.policy,
        meters=tuple(_meter(region, figures, meter) for meter in range(len(region.meters))),
        over_minutes=_over_minutes(region, figures),
        overload=sum(day.cost.overload for day in figures),
        activities=len(plan),
        sessions=int(np.count_nonzero(~window)),
        sessions_moved=sessions_moved,
        attendances=int(heads[~window].sum()),
        attendances_moved=int(heads[moved].sum()),
        mean_shift_minutes=float(shift[moved].sum()) / sessions_moved if sessions_moved else 0.0,
        largest_shift_minutes=int(shift[moved].max(initial=0)),
        windows_moved=int(np.count_nonzero((shift > 0) & window)),
        switched=int(np.count_nonzero(plan.alternative)),
        wait_minutes=candidate.wait_minutes,
        breaches=candidate.breaches,
        objective=objective,
        gap=gap(objective, min(bound, objective)) if proven and bound is not None else None,
    )


def _meter(region: Region, figures: Sequence[DayFigures], meter: int) -> MeterFigures:
    none = np.zeros(0)
    load, capacity, limit = (
        np.concatenate([none, *(getattr(day, kind)[meter] for day in figures)])
        for kind in ("after", "capacity", "limit")
    )
    counts = np.isfinite(capacity) & (capacity > 0)
    return MeterFigures(
        peak=float(load.max(initial=0.0)),
        utilisation=float((load[counts] / capacity[counts]).max()) if counts.any() else None,
        over_minutes=int(np.count_nonzero(over(region, load, limit))) * region.grid.slot_minutes,
        overload=float(np.maximum(load - limit, 0.0).sum()) * region.grid.slot_minutes,
    )


def _over_minutes(region: Region, figures: Sequence[DayFigures]) -> int:
    slots = sum(int(np.count_nonzero(over(region, day.after, day.limit).any(axis=0))) for day in figures)
    return slots * region.grid.slot_minutes
