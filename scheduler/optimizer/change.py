"""What a change of some starts does to the loads, reckoned on the slots that it touches only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.optimizer.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.optimizer.packed import Packed


class Charges(NamedTuple):
    """What load above limits costs; the arrays have shape (meters × slots,).

    Attributes
    ----------
    limit, price
        Each unit above `limit` costs `price`.
    ceiling, ceiling_price
        Each unit above `ceiling` costs `ceiling_price` more: a limit that must hold, such as a level.
    """

    limit: NDArray[np.float64]
    price: float
    ceiling: NDArray[np.float64]
    ceiling_price: float


class Change(NamedTuple):
    """Room for a change of loads that is being looked at.

    Attributes
    ----------
    amount : ndarray of float64, shape (meters × slots,)
        Added to the load; all zero between two looks.
    touched : ndarray of int32, shape (meters × slots,)
        The slots with an amount, in the order of touching.
    marked : ndarray of bool, shape (meters × slots,)
    filled : ndarray of int64, shape (1,)
        How many of `touched` are filled.
    """

    amount: NDArray[np.float64]
    touched: NDArray[np.int32]
    marked: NDArray[np.bool_]
    filled: NDArray[np.int64]


def new_change(size: int) -> Change:
    """Make room for changes of `size` = meters × slots loads."""
    return Change(np.zeros(size), np.zeros(size, np.int32), np.zeros(size, np.bool_), np.zeros(1, np.int64))


@compiled
def touch(packed: Packed, change: Change, slots: int, j: int, alternative: int, slot: int, factor: float) -> None:
    """Add `factor` times the load of activity `j`, on one of its alternatives, starting in `slot`."""
    profile = packed.alternative_profile[packed.alternative_start[j] + alternative]
    heads = packed.heads[j] * factor
    for piece in range(packed.piece_start[profile], packed.piece_start[profile + 1]):
        row = packed.meter[piece] * slots
        at = slot + packed.first_slot[piece]
        for i in range(packed.value_start[piece], packed.value_start[piece + 1]):
            if 0 <= at < slots:
                place = row + at
                if not change.marked[place]:
                    change.marked[place] = True
                    change.touched[change.filled[0]] = place
                    change.filled[0] += 1
                change.amount[place] += heads * packed.values[i]
            at += 1


@compiled
def extra_cost(charges: Charges, load: NDArray[np.float64], change: Change) -> float:
    """Give what the change adds to the cost of load above the limits."""
    limits = 0.0
    ceilings = 0.0
    for i in range(change.filled[0]):
        place = change.touched[i]
        old = load[place]
        new = old + change.amount[place]
        limits += max(0.0, new - charges.limit[place]) - max(0.0, old - charges.limit[place])
        ceilings += max(0.0, new - charges.ceiling[place]) - max(0.0, old - charges.ceiling[place])
    return float(charges.price * limits + charges.ceiling_price * ceilings)


@compiled
def finish(change: Change, load: NDArray[np.float64], keep: bool) -> None:
    """Add the change to the load, or forget it; either way the room is empty again."""
    for i in range(change.filled[0]):
        place = change.touched[i]
        if keep:
            load[place] += change.amount[place]
        change.amount[place] = 0.0
        change.marked[place] = False
    change.filled[0] = 0


@compiled
def moving_cost(packed: Packed, j: int, shift: int) -> float:
    """Give what a shift of activity `j` costs, compared with its reference."""
    away = abs(shift - packed.reference[j])
    if away == 0.0:
        return 0.0
    return float(packed.slot_cost[j] * away + packed.move_cost[j])
