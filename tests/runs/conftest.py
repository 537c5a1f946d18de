"""A quick optimizer, a small crowded region in a store, and the plan that the command line makes of it."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import pytest
from run_regions import PROVEN, brought, crowded

from scheduler.execution import Stop
from scheduler.optimizer.params import NeighbourhoodParams, SearchParams, SolveParams
from scheduler.runs import planning
from scheduler.service import stagger as service_stagger
from scheduler.service.stagger import StaggerOptions, stagger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scheduler.store import Store


@pytest.fixture(scope="module")
def less_work() -> Iterator[None]:
    """Let this process do less on a date, so that it takes a good tenth of a second."""
    less = partial(
        SolveParams,
        search=SearchParams(rounds=2, stretches=5, fewest_moves=20_000),
        neighbourhoods=NeighbourhoodParams(rounds=4),
    )
    with pytest.MonkeyPatch.context() as patched:
        for module in (planning, service_stagger):
            patched.setattr(module, "SolveParams", less)
        yield


@pytest.fixture(scope="module")
def undisturbed(less_work: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give the files of the plan that the command line makes of the same region."""
    place = tmp_path_factory.mktemp("undisturbed")
    options = StaggerOptions(crowded(place / "region", sessions=4, capacity=60), place / "plan", gap=0.0, seed=3)
    stagger(options, Stop(time.monotonic), lambda _: None)
    return {name: (place / "plan" / name).read_bytes() for name in PROVEN}


@pytest.fixture
def region(less_work: None, store: Store, tmp_path: Path) -> Path:
    """Bring a region in whose dates take a while."""
    return brought(store, tmp_path / "region", sessions=4, capacity=60)
