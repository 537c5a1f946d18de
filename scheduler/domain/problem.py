"""The problem of one date: everything the optimizer needs to know, checked, indexed and free of names.

Starts are counted in slots of shift from the usual start, so that shift 0 is always allowed, every hard rule is a
*difference constraint* ``shift[after] >= shift[before] + distance`` with distance <= 0, and every load is a
*profile* of one head moved by whole slots (CONTRACT sections 3 and 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.load import switch_minutes
from scheduler.domain.places import HALF_DAY
from scheduler.domain.plan import Plan
from scheduler.domain.profiles import Profiles, ProfileTable
from scheduler.domain.sharers import Sharers, sharers, spread
from scheduler.domain.timetable import UNBOUNDED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.reference import Reference
    from scheduler.domain.region import Region
    from scheduler.domain.timetable import Activities


@dataclass(frozen=True)
class Problem:
    """One date of a region.

    Distances and ties are between activities of one school only.

    Attributes
    ----------
    day : int
        Days since the first date of the horizon.
    slot_minutes : int
    overload_price : float
        Head-minutes that one connection above the limit costs in a slot: overload_weight × slot_minutes.
    capacity, limit : ndarray of float64, shape (meters, slots)
        ``inf`` where unlimited.
    row : ndarray of int32, shape (n,)
        The activities of the date: rows of the region's Activities.
    school : ndarray of int32, shape (n,)
        -1 for an audience of the region.
    window : ndarray of bool, shape (n,)
    heads : ndarray of float64, shape (n,)
    usual_slot : ndarray of int32, shape (n,)
        Slot in which each activity usually starts.
    low, high : ndarray of int32, shape (n,)
        Smallest and largest allowed shift in slots; low <= 0 <= high.
    slot_cost : ndarray of float64, shape (n,)
        Head-minutes that each slot of shift costs.
    move_cost : ndarray of float64, shape (n,)
        Head-minutes that moving at all costs.
    reference : ndarray of float64, shape (n,)
        The shift, in slots, that shifts are compared with: 0, or that of a former plan, which may lie outside of what
        is allowed now, and between two slots.
    reference_alternative : ndarray of int32, shape (n,)
        The alternative that alternatives are compared with; one that is not allowed now where it lies beyond them.
    alternative_start : ndarray of int32, shape (n + 1,)
        Activity j has the alternatives from ``alternative_start[j]`` to ``alternative_start[j + 1]``; usual first.
    alternative_profile : ndarray of int32
        Profile of each alternative.
    alternative_cost : ndarray of float64
        Head-minutes that each alternative costs, compared with the reference's.
    profiles : Profiles
    before, after, distance : ndarray of int32, shape (distances,)
        ``shift[after] >= shift[before] + distance``, in slots; distance <= 0.
    swapped : ndarray of int32, shape (distances,)
        Where the order may change (``--reorder``), ``shift[before] >= shift[after] + swapped`` does instead; > 0.
    tied, tied_to : ndarray of int32, shape (ties,)
        Pairs of activities that have the same shift.
    overlapping : ndarray of int32, shape (pairs, 2)
        Rows of sharers that already overlap in the usual timetable (rule 5), to be warned of.
    """

    day: int
    slot_minutes: int
    overload_price: float
    capacity: NDArray[np.float64]
    limit: NDArray[np.float64]
    row: NDArray[np.int32]
    school: NDArray[np.int32]
    window: NDArray[np.bool_]
    heads: NDArray[np.float64]
    usual_slot: NDArray[np.int32]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    slot_cost: NDArray[np.float64]
    move_cost: NDArray[np.float64]
    reference: NDArray[np.float64]
    reference_alternative: NDArray[np.int32]
    alternative_start: NDArray[np.int32]
    alternative_profile: NDArray[np.int32]
    alternative_cost: NDArray[np.float64]
    profiles: Profiles
    before: NDArray[np.int32]
    after: NDArray[np.int32]
    distance: NDArray[np.int32]
    swapped: NDArray[np.int32]
    tied: NDArray[np.int32]
    tied_to: NDArray[np.int32]
    overlapping: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.row)

    @property
    def slots(self) -> int:
        """Number of slots of the date."""
        return int(self.limit.shape[1])

    @property
    def compares_with_usual(self) -> bool:
        """Tell whether shifts and alternatives are compared with the usual ones, all of them."""
        return not (self.reference.any() or self.reference_alternative.any())


@dataclass(frozen=True)
class DayPlan:
    """A plan of one problem: a shift in slots (int32) and an alternative (int32) for each of its activities."""

    shift: NDArray[np.int32]
    alternative: NDArray[np.int32]


def usual_day(problem: Problem) -> DayPlan:
    """Give the plan that moves nothing."""
    return DayPlan(np.zeros(len(problem), dtype=np.int32), np.zeros(len(problem), dtype=np.int32))


def reference_day(problem: Problem) -> DayPlan | None:
    """Give the former plan that plans are compared with; None where there is none, or not in whole slots.

    It may break rules: the former plan can come from another state of the region.
    """
    shift = np.rint(problem.reference)
    if problem.compares_with_usual or (shift != problem.reference).any():
        return None
    return DayPlan(shift.astype(np.int32), problem.reference_alternative)


def build_problem(region: Region, day: int, reference: Reference | None = None) -> Problem:
    """Index one date of a region, `day` days after the first.

    With a `reference`, what shifting and switching cost is compared with it instead of the usual timetable.
    """
    date = region.grid.dates[day]
    activities, slot_minutes = region.activities, region.grid.slot_minutes
    rows = region.presence.rows(date)
    low, high = _bounds(region, rows)
    shared = sharers(activities, rows, region.disjoint_parts)
    before, after, distance, swapped = _distances(region, rows, shared)
    tied, tied_to = _ties(region, rows, shared)
    heads = activities.heads[rows].astype(np.float64)
    compared, compared_way = _compared_with(region, day, rows, reference)
    alternative_start, alternative_profile, alternative_cost, profiles = _alternatives(region, rows, compared_way)
    weighted = heads * activities.weight[rows]
    return Problem(
        day=day,
        slot_minutes=slot_minutes,
        overload_price=region.policy.overload_weight * slot_minutes,
        capacity=region.capacity(date),
        limit=region.limit(date),
        row=rows.astype(np.int32),
        school=activities.school[rows],
        window=activities.window[rows],
        heads=heads,
        usual_slot=activities.start[rows].astype(np.int32) // slot_minutes,
        low=low,
        high=high,
        slot_cost=weighted * slot_minutes,
        move_cost=weighted * region.policy.move_minutes,
        reference=compared,
        reference_alternative=compared_way,
        alternative_start=alternative_start,
        alternative_profile=alternative_profile,
        alternative_cost=alternative_cost,
        profiles=profiles,
        before=before,
        after=after,
        distance=distance,
        swapped=swapped,
        tied=tied,
        tied_to=tied_to,
        overlapping=np.stack([rows[shared.first], rows[shared.second]], axis=1)[shared.overlap].astype(np.int32),
    )


def _compared_with(
    region: Region, day: int, rows: NDArray[np.intp], reference: Reference | None
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Give the shift in slots and the alternative that each activity is compared with."""
    if reference is None:
        return np.zeros(len(rows)), np.zeros(len(rows), dtype=np.int32)
    row = rows.astype(np.int32)
    start, alternative = reference.places(region, row, np.full(len(row), day, dtype=np.int16))
    return (start - region.activities.start[row]) / region.grid.slot_minutes, alternative.astype(np.int32)


def _bounds(region: Region, rows: NDArray[np.intp]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rule 2: the day, earliest and latest, and for sessions max_shift_minutes bound the start; a lock fixes it."""
    activities, grid = region.activities, region.grid
    start = activities.start[rows].astype(np.int32)
    minutes = activities.minutes[rows].astype(np.int32)
    window, earliest, latest = activities.window[rows], activities.earliest[rows], activities.latest[rows]
    first = np.full(len(rows), grid.day_start, dtype=np.int32)
    last = grid.day_end - minutes
    np.maximum(first, earliest, out=first, where=earliest != UNBOUNDED)
    # A window's `latest` bounds its end, a session's its start.
    np.minimum(last, latest - np.where(window, minutes, 0), out=last, where=latest != UNBOUNDED)
    longest = region.policy.max_shift_minutes
    np.maximum(first, start - longest, out=first, where=~window)
    np.minimum(last, start + longest, out=last, where=~window)
    low = -((start - first) // grid.slot_minutes)
    high = (last - start) // grid.slot_minutes
    locked = activities.locked[rows]
    return np.where(locked, 0, low).astype(np.int32), np.where(locked, 0, high).astype(np.int32)


def _distances(
    region: Region, rows: NDArray[np.intp], shared: Sharers
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Rule 4: sharers keep their order and the kept gap; with ``--reorder`` either order, and the same gap."""
    activities, slot_minutes = region.activities, region.grid.slot_minutes
    before, after = shared.first[~shared.overlap], shared.second[~shared.overlap]
    gap_start = activities.start[rows[before]].astype(np.int32) + activities.minutes[rows[before]]
    gap_end = activities.start[rows[after]].astype(np.int32)
    kept = kept_gap(region, gap_start, gap_end)
    distance = -((gap_end - gap_start - kept) // slot_minutes)
    # Swapped, the later one ends, and its kept gap too, before the earlier one starts: rounded up to whole slots.
    end_after = gap_end + activities.minutes[rows[after]].astype(np.int32)
    swapped = -((activities.start[rows[before]] - end_after - kept) // slot_minutes)
    return before.astype(np.int32), after.astype(np.int32), distance.astype(np.int32), swapped.astype(np.int32)


def kept_gap(region: Region, gap_start: NDArray[np.int32], gap_end: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give the gap in minutes that two sharers keep, from the usual gap between them (rule 4).

    The lunch where the usual gap is as long as one and a minute of it lies in the lunch window; else the break, or
    the usual gap where that is shorter.
    """
    lunch, usual = region.policy.lunch, gap_end - gap_start
    at_lunch = np.minimum(gap_end, lunch.end) - np.maximum(gap_start, lunch.start) >= 1
    return np.where((usual >= lunch.minutes) & at_lunch, lunch.minutes, np.minimum(usual, region.policy.break_minutes))


def _ties(region: Region, rows: NDArray[np.intp], shared: Sharers) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rules 5 and 6: overlapping sharers, and what moves together, have one shift."""
    places, key = _together(region, rows)
    order = np.lexsort((places, key))
    places, key = places[order], key[order]
    same = key[1:] == key[:-1]
    tied = np.concatenate([shared.first[shared.overlap], places[:-1][same]])
    tied_to = np.concatenate([shared.second[shared.overlap], places[1:][same]])
    return tied.astype(np.int32), tied_to.astype(np.int32)


def _together(region: Region, rows: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List each session under a number for everything that it moves together with; locked sessions are left out."""
    activities = region.activities
    free = np.flatnonzero(~activities.window[rows] & ~activities.locked[rows]).astype(np.int64)
    school = activities.school[rows[free]].astype(np.int64)
    mode = region.policy.move_together
    if mode == "session":
        return free[:0], free[:0]
    if mode == "school":
        return free, school
    groups = region.disjoint_parts.groups
    at, items = spread(activities.groups[rows[free]], groups.listed)
    key = (school[at] * len(groups.division) + groups.division[items]) * 2
    if mode == "half-day":
        key += activities.start[rows[free[at]]] >= HALF_DAY
    return free[at], key


def _alternatives(
    region: Region, rows: NDArray[np.intp], compared: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64], Profiles]:
    """Give each activity's alternatives with their cost and profile; a locked one has only its usual alternative."""
    activities = region.activities
    slot_minutes = region.grid.slot_minutes
    # Activities that agree in these load alike, and there are few such kinds however many activities there are.
    kinds = np.stack(
        [
            activities.alternatives[rows].astype(np.int64),
            activities.minutes[rows].astype(np.int64),
            activities.start[rows].astype(np.int64) % slot_minutes,
            activities.locked[rows].astype(np.int64),
        ],
        axis=1,
    )
    distinct, kind = np.unique(kinds, axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    table = ProfileTable(region)
    profiles_of = []
    for code, minutes, minute_in_slot, locked in distinct.tolist():
        ways = activities.words.alternatives[code][: 1 if locked else None]
        profiles_of.append(np.array([table.number(way, minutes, minute_in_slot) for way in ways], dtype=np.int64))
    at, profile = spread(kind.astype(np.int32), profiles_of)
    counts = np.bincount(at, minlength=len(rows))
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    charges = switch_minutes(region, bool(compared.any()))
    charge = charges[activities.alternatives[rows][at], compared[at], np.arange(len(at)) - start[at]]
    return start, profile.astype(np.int32), charge * activities.heads[rows][at], table.profiles()


def place_plan(problem: Problem, activities: Activities, plan: DayPlan) -> Plan:
    """Turn the plan of a problem into the plan of its date."""
    start = activities.start[problem.row] + plan.shift * problem.slot_minutes
    return Plan(
        row=problem.row,
        day=np.full(len(problem), problem.day, dtype=np.int16),
        start=start.astype(np.int16),
        alternative=plan.alternative.astype(np.int16),
    )


def take_plan(problem: Problem, activities: Activities, plan: Plan) -> DayPlan:
    """Read a plan of the horizon as a plan of this problem; what it lacks counts as usual.

    The result may break rules: the plan can come from another state of the region.
    """
    mine = plan.on_day(problem.day)
    shift, alternative = np.zeros(len(problem), dtype=np.int32), np.zeros(len(problem), dtype=np.int32)
    place = np.searchsorted(problem.row, mine.row)
    known = (place < len(problem)) & (problem.row[np.minimum(place, max(len(problem) - 1, 0))] == mine.row)
    place = place[known]
    shift[place] = (mine.start[known].astype(np.int32) - activities.start[mine.row[known]]) // problem.slot_minutes
    alternative[place] = mine.alternative[known]
    return DayPlan(shift, alternative)
