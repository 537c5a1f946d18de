"""What a planning run leaves: a plan and the proof of how good it is (CONTRACT section 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scheduler.domain.plan import Plan
    from scheduler.domain.problem import DayPlan
    from scheduler.domain.reference import Reference
    from scheduler.wording import Text

STOPPED_BY = ("gap", "work", "time", "user")


@dataclass(frozen=True)
class DayProof:
    """What proves that no plan of one date costs less than a bound.

    Attributes
    ----------
    day : int
        Days since the first date of the horizon.
    lower_bound : float
        Head-minutes: the cheapest cost of all activities at the prices, less Σ price × limit.
    price : ndarray of float64, shape (meters, slots)
        Head-minutes a connection in a slot, from 0 to overload_weight × slot_minutes; 0 where the meter is unlimited.
    """

    day: int
    lower_bound: float
    price: NDArray[np.float64]


@dataclass(frozen=True)
class LeastRaises:
    """An estimate of the smallest raises with which some plan of one date would be within all limits.

    Reckoned on mixtures of a few known plans: a part of each. What a whole plan needs can be more, for it cannot be
    mixed, or less, for there are other plans.

    Attributes
    ----------
    limit_raise : ndarray of float64, shape (meters,)
        How much higher each meter's limit would have to be, the whole date; connections (or logins per minute).
        All 0 where no raise is needed, and the plan's overload is only cheaper than the moves that would avoid it.
    cost : float
        Head-minutes that the cheapest such mixture costs.
    """

    limit_raise: NDArray[np.float64]
    cost: float


@dataclass(frozen=True)
class DayResult:
    """A plan of one date with its proof.

    Attributes
    ----------
    day : int
    plan : DayPlan
    objective, bound : float
        Head-minutes. The bound is of plans that keep the order, so only ``--reorder`` can go below it.
    price : ndarray of float64, shape (meters, slots)
        Proves the bound.
    stopped_by : str
        ``gap``, ``work``, ``time`` or ``user``.
    least_raises : LeastRaises or None
        Where the plan is overloaded: an estimate of the smallest raises that end it.
    """

    day: int
    plan: DayPlan
    objective: float
    bound: float
    price: NDArray[np.float64]
    stopped_by: str
    least_raises: LeastRaises | None = None


@dataclass(frozen=True)
class Level:
    """What ``--objective level`` reached: the highest load/capacity of the plan, and a proven bound of it."""

    level: float
    lower_bound: float


@dataclass(frozen=True)
class Outcome:
    """A plan with its proof.

    Attributes
    ----------
    plan : Plan
    proofs : tuple of DayProof
        One a date with activities, in order.
    stopped_by : str
        ``gap``, ``work``, ``time`` or ``user``.
    seed : int
    level : Level or None
        With ``--objective level`` only.
    warnings : tuple of Text
    reference : Reference or None
        With ``--stay-close-to`` only: the former plan that costs, counts and the bound are against.
    least_raises : dict
        Day -> the estimate for it; of dates with overload only.
    """

    plan: Plan
    proofs: tuple[DayProof, ...]
    stopped_by: str
    seed: int
    level: Level | None = None
    warnings: tuple[Text, ...] = ()
    reference: Reference | None = None
    least_raises: dict[int, LeastRaises] = field(default_factory=dict)

    @property
    def lower_bound(self) -> float:
        """No plan of the horizon that respects the hard rules costs less, in head-minutes."""
        return sum(proof.lower_bound for proof in self.proofs)


def gap(objective: float, lower_bound: float) -> float:
    """Give (objective − lower_bound) / max(objective, 1), the share of the objective that is not proven necessary."""
    return (objective - lower_bound) / max(objective, 1.0)
