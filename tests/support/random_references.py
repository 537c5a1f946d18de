"""Random former plans: of another state of a region, so some break its rules, and some lie between its slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.plan import Plan, usual_plan
from scheduler.domain.reference import Reference

if TYPE_CHECKING:
    from scheduler.domain.region import Region


def random_reference(region: Region, seed: int, slots: int = 6) -> Reference:
    """Move about two in three activities by up to so many slots, one in ten by a minute more, and switch at random."""
    draw = np.random.default_rng([seed, 7])
    usual = usual_plan(region)
    shift = draw.integers(-slots, slots + 1, len(usual)) * region.grid.slot_minutes
    shift += draw.random(len(usual)) < 0.1
    shift *= draw.random(len(usual)) < 0.67
    ways = np.array([len(region.activities.alternatives_of(row)) for row in usual.row.tolist()], dtype=np.int64)
    start = np.clip(usual.start + shift, 0, 24 * 60 - 1)
    return Reference.of(
        region, Plan(usual.row, usual.day, start.astype(np.int16), draw.integers(ways).astype(np.int16))
    )
