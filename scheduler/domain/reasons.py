"""Why the activities of a plan moved, from the plan, its loads and the timetable alone.

What is tied to an activity (CONTRACT section 3, rules 5 and 6) moves and goes back with it. For each such set the
question is what would happen if it alone went back to its usual start and everything else stayed: the objective
changes by so much, or a sharer stands in the way. The answer is exact for that one question; it says nothing of
plans in which several sets go back at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.going_back import NOISE, Effects, effects_of_going_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import DayPlan, Problem

REASONS = ("full", "level", "together", "sharer", "nothing")
"""``full``: back at its usual start it would overload a platform, and that costs more than its move. ``level``: it
would lift the highest load above the plan's (``--objective level``). ``together``: one of these holds for something
that it is tied to. ``sharer``: a session that needs the same people or room is in the way. ``nothing``: it could go
back, and the objective would be no higher."""
FULL, LEVEL, TOGETHER, SHARER, NOTHING = range(len(REASONS))

NOBODY = -1


@dataclass(frozen=True)
class Moves:
    """Why each moved activity of one date moved; element i is one activity, sorted by row.

    Attributes
    ----------
    day : int
        Days since the first date of the horizon.
    row : ndarray of int32
        Row of the region's activities.
    shift_minutes : ndarray of int32
        Planned start − usual start, never 0.
    reason : ndarray of int8
        Place in :data:`REASONS`.
    meter : ndarray of int16
        Which of the region's meters had no room, with ``full``, ``level`` and ``together``; else -1.
    first, last : ndarray of int16
        The slots in which it had none, half-open; where there are several runs, the run of the worst slot.
    head_minutes : ndarray of float64
        By how much the objective would change if the activity and what is tied to it alone went back; where
        something is in the way, if that were not so.
    in_the_way : ndarray of int32
        Row of a sharer that makes going back impossible, the one that does so most; -1 where nothing does.
    companion : ndarray of int32
        With ``together``, row of the tied activity for which there was no room; else -1.
    """

    day: int
    row: NDArray[np.int32]
    shift_minutes: NDArray[np.int32]
    reason: NDArray[np.int8]
    meter: NDArray[np.int16]
    first: NDArray[np.int16]
    last: NDArray[np.int16]
    head_minutes: NDArray[np.float64]
    in_the_way: NDArray[np.int32]
    companion: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.row)


def why_moved(
    problem: Problem,
    plan: DayPlan,
    load: NDArray[np.float64],
    ceiling: NDArray[np.float64] | None = None,
    *,
    order_kept: bool = True,
) -> Moves:
    """Say for each moved activity of one date why it is not at its usual start.

    Parameters
    ----------
    problem : Problem
    plan : DayPlan
        Keeps every rule.
    load : ndarray of float64, shape (meters, slots)
        What the plan loads.
    ceiling : ndarray of float64, shape (meters, slots), optional
        With ``--objective level``: the loads that the plan's level allows.
    order_kept : bool
        False with ``--reorder``: then nothing is in the way that there is room before or after.
    """
    of = tied_sets(problem)
    moved = np.flatnonzero(plan.shift)
    # Sets are taken by the usual time of their first activity: neighbours in a chunk then load the same slots.
    sets, member_of = np.unique(of[moved], return_inverse=True)
    rank = np.argsort(np.argsort(problem.usual_slot[sets], kind="stable"), kind="stable")
    order = np.lexsort((moved, rank[member_of.reshape(-1)]))
    moved, member_of = moved[order], rank[member_of.reshape(-1)][order]
    in_the_way = np.full(len(sets), NOBODY, dtype=np.int64)
    in_the_way[rank] = _in_the_way(problem, plan, of, order_kept)[sets]
    high = np.full_like(load, np.inf) if ceiling is None else ceiling
    effects = effects_of_going_back(problem, plan, moved, member_of, load, high)
    reason, companion = _judged(effects, member_of, in_the_way)
    return _gathered(problem, plan, moved, member_of, in_the_way, effects, reason, companion)


def _gathered(
    problem: Problem,
    plan: DayPlan,
    moved: NDArray[np.intp],
    member_of: NDArray[np.intp],
    in_the_way: NDArray[np.int64],
    effects: Effects,
    reason: NDArray[np.int8],
    companion: NDArray[np.intp],
) -> Moves:
    """Put what was found into columns, by row; a companion lends its slots to what moves with it."""
    by_row = np.argsort(moved, kind="stable")
    known = np.isin(reason, (FULL, LEVEL, TOGETHER))
    source = np.where(companion >= 0, companion, np.arange(len(moved)))
    meter, first, last = (np.where(known, column[source], NOBODY)[by_row] for column in effects.blame[:3])
    sharer = in_the_way[member_of]
    return Moves(
        day=problem.day,
        row=problem.row[moved][by_row],
        shift_minutes=(plan.shift[moved] * problem.slot_minutes).astype(np.int32)[by_row],
        reason=reason[by_row],
        meter=meter.astype(np.int16),
        first=first.astype(np.int16),
        last=last.astype(np.int16),
        head_minutes=effects.change[member_of][by_row],
        in_the_way=_rows(problem, sharer)[by_row],
        companion=_rows(problem, np.where(companion >= 0, moved[companion], NOBODY) if len(moved) else companion)[
            by_row
        ],
    )


def _rows(problem: Problem, activity: NDArray[np.int64]) -> NDArray[np.int32]:
    """Give the region's rows of activities; of nobody, nobody."""
    found = np.full(len(activity), NOBODY, dtype=np.int32)
    found[activity >= 0] = problem.row[activity[activity >= 0]]
    return found


def tied_sets(problem: Problem) -> NDArray[np.int64]:
    """Give each activity the smallest activity of the set that it is tied into: what has one shift (rules 5 and 6)."""
    of = np.arange(len(problem))
    while True:
        least = np.minimum(of[problem.tied], of[problem.tied_to])
        lower = of.copy()
        np.minimum.at(lower, problem.tied, least)
        np.minimum.at(lower, problem.tied_to, least)
        # The label's own label is in the same set and no higher: long chains close in few rounds.
        lower = lower[lower]
        if np.array_equal(lower, of):
            return of
        of = lower


def _in_the_way(problem: Problem, plan: DayPlan, of: NDArray[np.int64], order_kept: bool) -> NDArray[np.int64]:
    """Rule 4: give for each set the sharer that keeps it most from going back alone, else nobody.

    With the set at shift 0, a distance to an activity outside it must still hold, in the usual order or, without
    `order_kept`, in the other one.
    """
    before, after, distance = problem.before, problem.after, problem.distance
    too_early, too_late = distance - plan.shift[after], plan.shift[before] + distance
    outside = of[before] != of[after]
    first, second = outside & (plan.shift[before] != 0), outside & (plan.shift[after] != 0)
    first, second = first & (too_early > 0), second & (too_late > 0)
    if not order_kept:
        first &= plan.shift[after] + problem.swapped > 0
        second &= plan.shift[before] < problem.swapped
    kept_back = of[np.concatenate([before[first], after[second]])]
    sharer = np.concatenate([after[first], before[second]]).astype(np.int64)
    by = np.concatenate([too_early[first], too_late[second]])
    order = np.lexsort((sharer, -by, kept_back))
    found = np.full(len(problem), NOBODY, dtype=np.int64)
    sets, at = np.unique(kept_back[order], return_index=True)
    found[sets] = sharer[order][at]
    return found


def _judged(
    effects: Effects, member_of: NDArray[np.intp], in_the_way: NDArray[np.int64]
) -> tuple[NDArray[np.int8], NDArray[np.intp]]:
    """Give each activity its reason, and with ``together`` the place of the companion, else nobody."""
    by_set = np.where(
        effects.dearer,
        FULL,
        np.where(effects.too_high, LEVEL, np.where(in_the_way >= 0, SHARER, NOTHING)),
    )
    reason = by_set[member_of].astype(np.int8)
    companion = np.full(len(member_of), NOBODY, dtype=np.intp)
    tied = np.isin(reason, (FULL, LEVEL)) & (effects.blame.worst <= NOISE)
    worst_first = np.lexsort((np.arange(len(member_of)), -effects.blame.worst, member_of))
    sets, at = np.unique(member_of[worst_first], return_index=True)
    worst_of = np.zeros(len(in_the_way), dtype=np.intp)
    worst_of[sets] = worst_first[at]
    companion[tied] = worst_of[member_of[tied]]
    reason[tied] = TOGETHER
    return reason, companion
