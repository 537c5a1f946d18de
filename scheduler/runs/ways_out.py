"""Ways out of an overload: what each of some changes would save at most, by the dual at the prices of the plan.

At any prices the sum of the cheapest costs less what the limits are worth is a lower bound of every plan
(docs/engine.md), so the bound of the changed problem at this plan's prices says what no plan under the change can cost
less than. One pass of the oracle gives it; planning the change as a what-if shows what it truly does.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.problem import build_problem
from scheduler.domain.scenario_changes import AudienceHours, CapacityChange, LargestShift, TargetUtilisation
from scheduler.domain.scenarios import as_documents
from scheduler.errors import FaultyInput
from scheduler.optimizer.network import build_network
from scheduler.optimizer.shifts import build_oracle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scheduler.domain.region import Region
    from scheduler.domain.scenarios import Change
    from scheduler.service.outcomes import Judged

CHEAPEST = 3
"""So many ways out are kept."""
AFTERNOON = 15 * 60
SHARE = 0.05
"""By so much more of the capacities plans may fill."""
RAISE = 0.1
"""Of its capacity, by which the dearest meter is raised."""


def ways_out(region: Region, judged: Judged) -> list[dict[str, Any]]:
    """Give the changes that would save most on the date that is over the limits most; none where no date is.

    Returns
    -------
    list of dict
        ``date``, ``changes`` as JSON holds them, and ``saves``: head-minutes at most.
    """
    worst = max(judged.figures, key=lambda day: day.cost.overload, default=None)
    if worst is None or worst.status != "overloaded":
        return []
    proof = next(proof for proof in judged.outcome.proofs if proof.day == worst.day)
    reference = judged.outcome.reference

    def bound(changed: Region) -> float:
        problem = build_problem(changed, worst.day, reference)
        # A price above what overload costs proves nothing; a changed problem has the same meters and slots.
        price: NDArray[np.float64] = np.where(np.isfinite(problem.limit), proof.price, 0.0)
        total, _ = build_oracle(build_network(problem)).cheapest(price)
        return total - float((price * np.where(price > 0, problem.limit, 0.0)).sum())

    date, now = region.grid.dates[worst.day].isoformat(), bound(region)
    found: list[tuple[float, Change]] = []
    for change in _some(region, worst.day, proof.price):
        try:
            least = bound(change.on(region))
        except FaultyInput:
            continue
        # What lowers no bound is no way out, though this plan may be above its own by its gap.
        if now - least > 1.0:
            found.append((worst.cost.objective - least, change))
    best = sorted(found, key=lambda one: -one[0])[:CHEAPEST]
    return [{"date": date, "changes": as_documents([change]), "saves": saves} for saves, change in best]


def _some(region: Region, day: int, price: NDArray[np.float64]) -> Iterator[Change]:
    """Give the changes that are looked at."""
    policy, slot = region.policy, region.grid.slot_minutes
    if policy.target_utilisation < 1:
        yield TargetUtilisation(round(min(policy.target_utilisation + SHARE, 1.0), 4))
    for minutes in (15, 30):
        yield LargestShift(policy.max_shift_minutes + -(-minutes // slot) * slot)
    for audience in region.activities.words.audiences:
        if audience:
            yield AudienceHours(audience, AFTERNOON)
    worth = price.sum(axis=1)
    if worth.max(initial=0.0) > 0:
        dearest = int(worth.argmax())
        meter, date = region.meters[dearest], region.grid.dates[day]
        capacity = region.capacity(date)[dearest]
        start = dt.datetime.combine(date, dt.time())
        amount = max(round(RAISE * float(capacity[np.isfinite(capacity)].max(initial=0.0))), 1)
        yield CapacityChange(
            meter.platform, meter.meter, float(amount), percent=False, start=start, end=start + dt.timedelta(days=1)
        )
