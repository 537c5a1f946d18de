"""A date cut into shards: parts of its problem that share nothing but the load.

No distance and no tie leaves a *component*; whole components are dealt into groups (for the master, ENGINE section 3)
and groups into shards, by heads, so that all shards have about as much to do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.optimizer.network import number_sets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem
    from scheduler.optimizer.params import ShardParams


@dataclass(frozen=True)
class Part:
    """One shard's share of a date.

    Attributes
    ----------
    problem : Problem
        Of its activities only; the limits are those of the whole.
    place : ndarray of int64, shape (activities,)
        Which activities of the whole problem these are, rising.
    group : ndarray of int32, shape (activities,)
        Group of each activity, in [0, groups).
    groups : int
    keep_networks : bool
        See ShardParams.
    """

    problem: Problem
    place: NDArray[np.int64]
    group: NDArray[np.int32]
    groups: int
    keep_networks: bool = True

    def __len__(self) -> int:
        return len(self.place)


def cut(problem: Problem, params: ShardParams) -> list[Part]:
    """Cut a date into parts, the same ones on every machine."""
    component = _components(problem)
    components = int(component.max(initial=-1)) + 1
    shards = max(1, min(components, round(len(problem) / params.activities)))
    groups = max(1, min(max(params.groups // shards, params.fewest_groups), components // shards))
    dealt = _dealt(component, problem.heads, shards * groups)
    return [
        replace(_part(problem, dealt, shard, groups), keep_networks=params.keep_networks) for shard in range(shards)
    ]


def _components(problem: Problem) -> NDArray[np.int32]:
    """Give each activity the number of its component: what distances and ties connect."""
    one = np.concatenate([problem.before, problem.tied])
    other = np.concatenate([problem.after, problem.tied_to])
    return number_sets(len(problem), one, other)


def _dealt(component: NDArray[np.int32], heads: NDArray[np.float64], hands: int) -> NDArray[np.int32]:
    """Deal components into `hands` of about equal heads; give the hand of each activity.

    There and back again: the largest and the smallest of each 2 × hands components meet.
    """
    ranked = np.argsort(-np.bincount(component, weights=heads), kind="stable")
    turn = np.arange(len(ranked)) % (2 * hands)
    hand = np.empty(len(ranked), dtype=np.int32)
    hand[ranked] = np.where(turn < hands, turn, 2 * hands - 1 - turn)
    return hand[component]


def _part(problem: Problem, dealt: NDArray[np.int32], shard: int, groups: int) -> Part:
    mine = dealt // groups == shard
    place = np.flatnonzero(mine)
    return Part(restricted(problem, mine), place.astype(np.int64), (dealt[place] % groups).astype(np.int32), groups)


OF_ACTIVITIES = (
    "row",
    "school",
    "window",
    "heads",
    "usual_slot",
    "low",
    "high",
    "slot_cost",
    "move_cost",
    "reference",
    "reference_alternative",
)
"""Fields of a Problem with one element an activity."""


def restricted(problem: Problem, mine: NDArray[np.bool_]) -> Problem:
    """Give the problem of some activities only; what binds them to others is left out, and the limits stay whole."""
    place = np.flatnonzero(mine)
    number = np.cumsum(mine, dtype=np.int32) - 1
    near = mine[problem.before] & mine[problem.after]
    tied = mine[problem.tied] & mine[problem.tied_to]
    starts = problem.alternative_start
    ways = np.diff(starts)[place]
    way = np.repeat(starts[place] - np.cumsum(ways) + ways, ways) + np.arange(ways.sum())
    fields: dict[str, Any] = {name: getattr(problem, name)[place] for name in OF_ACTIVITIES}
    return replace(
        problem,
        **fields,
        alternative_start=np.concatenate([[0], np.cumsum(ways)]).astype(np.int32),
        alternative_profile=problem.alternative_profile[way],
        alternative_cost=problem.alternative_cost[way],
        before=number[problem.before[near]],
        after=number[problem.after[near]],
        distance=problem.distance[near],
        swapped=problem.swapped[near],
        tied=number[problem.tied[tied]],
        tied_to=number[problem.tied_to[tied]],
        overlapping=problem.overlapping[:0],
    )
