"""A network as one tuple of arrays: what compiled code takes instead of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.network import Network


class Packed(NamedTuple):
    """The arrays of a Network, its Problem and its Profiles that inner loops read; see there for their meaning.

    `succeeding` and `preceding` list for each node, from ``out_start`` and ``in_start``, the node at the other end
    of a distance; `out_distance` and `in_distance` the distance itself. `movable` lists the nodes with more than one
    allowed shift, by the usual slot of their first member; those of slot s go from ``movable_start[s]`` to
    ``movable_start[s + 1]``. `switchable` lists the activities with more than one alternative. `home` is the shift that
    each node is best back at when nothing else counts: 0, or that of the former plan that its first member is compared
    with.
    """

    low: NDArray[np.int32]
    high: NDArray[np.int32]
    level_start: NDArray[np.int64]
    node: NDArray[np.int32]
    member_start: NDArray[np.int32]
    member: NDArray[np.int32]
    out_start: NDArray[np.int32]
    succeeding: NDArray[np.int32]
    out_distance: NDArray[np.int32]
    in_start: NDArray[np.int32]
    preceding: NDArray[np.int32]
    in_distance: NDArray[np.int32]
    movable: NDArray[np.int32]
    movable_start: NDArray[np.int32]
    switchable: NDArray[np.int32]
    home: NDArray[np.int32]
    usual_slot: NDArray[np.int32]
    heads: NDArray[np.float64]
    slot_cost: NDArray[np.float64]
    move_cost: NDArray[np.float64]
    reference: NDArray[np.float64]
    alternative_start: NDArray[np.int32]
    alternative_profile: NDArray[np.int32]
    alternative_cost: NDArray[np.float64]
    piece_start: NDArray[np.int32]
    meter: NDArray[np.int32]
    first_slot: NDArray[np.int32]
    value_start: NDArray[np.int32]
    values: NDArray[np.float64]


def pack(network: Network, base: float = 1.0) -> Packed:
    """Gather the arrays of a network; `base` is a factor on the costs of shifting and switching."""
    problem, profiles = network.problem, network.problem.profiles
    first = network.member[network.member_start[:-1]]
    slot = problem.usual_slot[first]
    movable = np.flatnonzero(network.high > network.low)
    movable = movable[np.argsort(slot[movable], kind="stable")]
    return Packed(
        low=network.low,
        high=network.high,
        level_start=network.level_start,
        node=network.node,
        member_start=network.member_start,
        member=network.member,
        out_start=network.out_start,
        succeeding=network.after,
        out_distance=network.distance,
        in_start=network.in_start,
        preceding=network.before[network.in_order],
        in_distance=network.distance[network.in_order],
        movable=movable.astype(np.int32),
        movable_start=np.searchsorted(slot[movable], np.arange(problem.slots + 1)).astype(np.int32),
        switchable=np.flatnonzero(np.diff(problem.alternative_start) > 1).astype(np.int32),
        home=np.rint(problem.reference[first]).astype(np.int32),
        usual_slot=problem.usual_slot,
        heads=problem.heads,
        slot_cost=base * problem.slot_cost,
        move_cost=base * problem.move_cost,
        reference=problem.reference,
        alternative_start=problem.alternative_start,
        alternative_profile=problem.alternative_profile,
        alternative_cost=base * problem.alternative_cost,
        piece_start=profiles.piece_start,
        meter=profiles.meter,
        first_slot=profiles.first_slot,
        value_start=profiles.value_start,
        values=profiles.values,
    )
