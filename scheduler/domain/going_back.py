"""What it does to the loads and to the objective when some of a plan's activities go back to their usual starts.

Each set of activities is looked at alone: it goes back, and everything else stays where the plan has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.domain.profiles import FlatProfiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scheduler.domain.problem import DayPlan, Problem
    from scheduler.domain.profiles import Loads

NOISE = 1e-6
"""Connections, or head-minutes, that are rounding of floats."""
CHUNK = 512
"""Activities looked at in one go: their loads, a row an activity, fit in a processor's cache."""
NOWHERE = -1


class Blame(NamedTuple):
    """The worst run of slots without room for an activity; `worst` is 0 where there was room everywhere."""

    meter: NDArray[np.int16]
    first: NDArray[np.int16]
    last: NDArray[np.int16]
    worst: NDArray[np.float64]


class Effects(NamedTuple):
    """What going back does.

    By set: how the objective changes, whether it rises for want of room, whether a load goes above the ceiling.
    By activity: where there was no room.
    """

    change: NDArray[np.float64]
    dearer: NDArray[np.bool_]
    too_high: NDArray[np.bool_]
    blame: Blame


def effects_of_going_back(
    problem: Problem,
    plan: DayPlan,
    moved: NDArray[np.intp],
    member_of: NDArray[np.intp],
    load: NDArray[np.float64],
    ceiling: NDArray[np.float64],
) -> Effects:
    """Reckon what it does when each set goes back alone, with the alternatives that it has in the plan.

    Parameters
    ----------
    problem : Problem
    plan : DayPlan
    moved : ndarray of int, shape (moved,)
        The activities that go back, set by set.
    member_of : ndarray of int, shape (moved,)
        Number of each one's set, from 0 on, ascending without a gap.
    load : ndarray of float64, shape (meters, slots)
        What the plan loads.
    ceiling : ndarray of float64, shape (meters, slots)
        Loads not to go above, ``inf`` where there is none.
    """
    flat = FlatProfiles(problem.profiles)
    parts = [
        _effects_of_some(problem, plan, flat, moved[some], member_of[some] - member_of[some.start], load, ceiling)
        for some in _chunks(member_of)
    ]
    none = np.zeros(0, dtype=np.int16)
    unknown = np.zeros(0, dtype=bool)
    empty = Effects(np.zeros(0), unknown, unknown, Blame(none, none, none, np.zeros(0)))
    every = [empty, *parts]
    return Effects(
        np.concatenate([part.change for part in every]),
        np.concatenate([part.dearer for part in every]),
        np.concatenate([part.too_high for part in every]),
        Blame(*(np.concatenate(columns) for columns in zip(*(part.blame for part in every), strict=True))),
    )


def _chunks(member_of: NDArray[np.intp]) -> Iterator[slice]:
    """Cut activities, listed set by set, into stretches of whole sets."""
    first = 0
    while first < len(member_of):
        last = min(first + CHUNK, len(member_of))
        # A set that the cut would part is taken whole: in this stretch if it begins it, else in the next.
        if last < len(member_of):
            begins = int(np.searchsorted(member_of, member_of[last]))
            last = begins if begins > first else int(np.searchsorted(member_of, member_of[last], side="right"))
        yield slice(first, last)
        first = last


def _effects_of_some(
    problem: Problem,
    plan: DayPlan,
    flat: FlatProfiles,
    moved: NDArray[np.intp],
    member_of: NDArray[np.intp],
    load: NDArray[np.float64],
    ceiling: NDArray[np.float64],
) -> Effects:
    """Do so for one stretch, on the slots that it touches only."""
    shift, usual = plan.shift[moved], problem.usual_slot[moved]
    profile = problem.alternative_profile[problem.alternative_start[moved] + plan.alternative[moved]]
    back = flat.loads(profile, usual, problem.heads[moved], problem.slots)
    away = flat.loads(profile, usual + shift, problem.heads[moved], problem.slots)
    touched = np.concatenate([back.slot, away.slot])
    low, high = (int(touched.min()), int(touched.max()) + 1) if len(touched) else (0, 1)
    width, meters = high - low, load.shape[0]

    def table(loads: Loads) -> NDArray[np.float64]:
        place = (loads.activity * meters + loads.meter) * width + loads.slot - low
        summed = np.zeros(len(moved) * meters * width)
        np.add.at(summed, place, loads.amount)
        return summed.reshape(len(moved), meters * width)

    own = table(back) - table(away)
    sets = np.flatnonzero(np.diff(member_of, prepend=-1))
    delta = np.add.reduceat(own, sets, axis=0)
    room = (problem.limit - load)[:, low:high].ravel()
    added = np.maximum(delta - room, 0.0) - np.maximum(-room, 0.0)
    saved = np.add.reduceat(problem.slot_cost[moved] * np.abs(shift) + problem.move_cost[moved], sets)
    change = problem.overload_price * added.sum(axis=1) - saved
    above = np.maximum(delta - np.maximum((ceiling - load)[:, low:high].ravel(), 0.0), 0.0)
    too_high = (above > NOISE).any(axis=1)
    dearer = (change > NOISE) & (added > NOISE).any(axis=1)
    guilty = np.where(dearer[:, None], added, above)
    return Effects(change, dearer, too_high, _blame(np.where(own > 0.0, guilty[member_of], 0.0), meters, low))


def _blame(guilty: NDArray[np.float64], meters: int, low: int) -> Blame:
    """Find each row's worst run: `guilty` has a column a meter and slot, slots from `low` on."""
    if not guilty.shape[1]:
        nowhere = np.full(len(guilty), NOWHERE, dtype=np.int16)
        return Blame(nowhere, nowhere, nowhere, np.zeros(len(guilty)))
    width = guilty.shape[1] // meters
    peak = guilty.argmax(axis=1)
    column = np.arange(guilty.shape[1])
    fits = guilty <= NOISE
    meter = peak // width
    after_gap = np.where(fits & (column <= peak[:, None]), column + 1, 0).max(axis=1)
    next_gap = np.where(fits & (column >= peak[:, None]), column, len(column)).min(axis=1)
    first = np.maximum(after_gap, meter * width) - meter * width + low
    last = np.minimum(next_gap, (meter + 1) * width) - meter * width + low
    worst = guilty[np.arange(len(guilty)), peak]
    return Blame(meter.astype(np.int16), first.astype(np.int16), last.astype(np.int16), worst)
