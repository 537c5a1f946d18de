"""An optimizer that does little on a date, for tests that do not ask how good plans are."""

from __future__ import annotations

from functools import partial

from scheduler.optimizer.params import NeighbourhoodParams, SearchParams, SolveParams

LITTLE = partial(
    SolveParams,
    search=SearchParams(rounds=1, stretches=2, fewest_moves=5_000),
    neighbourhoods=NeighbourhoodParams(rounds=0),
)
"""Makes parameters, in the place of SolveParams."""
