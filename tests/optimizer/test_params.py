"""What can be set about a solve is checked when it is set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduler.optimizer.params import PriceParams, RoundingParams, SearchParams, ShardParams, SolveParams

RANGES: list[tuple[Any, str, float, float, float]] = [
    # field, least, most, and the step that goes beyond
    (ShardParams(), "activities", 1, 10**9, 1),
    (ShardParams(), "groups", 1, 4096, 1),
    (ShardParams(), "teams", 1, 64, 1),
    (ShardParams(), "rounding_waves", 1, 1000, 1),
    (ShardParams(), "search_waves", 1, 1000, 1),
    (PriceParams(), "tolerance", 1e-9, 1, 1e-10),
    (PriceParams(), "most_passes", 1, 10_000, 1),
    (PriceParams(), "smoothing", 0, 0.999, 0.001),
    (RoundingParams(), "draws", 1, 256, 1),
    (SearchParams(), "rounds", 0, 1000, 1),
    (SearchParams(), "stretches", 2, 1000, 1),
    (SearchParams(), "moves_per_node", 1, 100_000, 1),
    (SearchParams(), "fewest_moves", 1, 10**9, 1),
    (SearchParams(), "most_moves_per_node", 1, 10**9, 1),
    (SearchParams(), "coldest", 1e-6, 1, 1e-7),
    (SearchParams(), "longest_push", 1, 288, 1),
    (SearchParams(), "largest_push", 1, 10_000, 1),
    (SolveParams(), "seed", 0, 2**63 - 1, 1),
    (SolveParams(), "gap", 0, 1, 1e-9),
]
NAMES = [f"{type(params).__name__}.{name}" for params, name, *_ in RANGES]


@pytest.mark.parametrize(("params", "name", "least", "most", "step"), RANGES, ids=NAMES)
def test_the_ends_of_a_range_are_in_it(params: Any, name: str, least: float, most: float, step: float):
    for value in (least, most):
        assert getattr(replace(params, **{name: value}), name) == value


@pytest.mark.parametrize(("params", "name", "least", "most", "step"), RANGES, ids=NAMES)
def test_what_lies_beyond_is_refused_with_its_name(params: Any, name: str, least: float, most: float, step: float):
    for value in (least - step, most + step, float("nan")):
        with pytest.raises(ValueError, match=rf"^{name} = .* is outside \["):
            replace(params, **{name: value})


@pytest.mark.parametrize(("name", "bad"), [("warmth", 0.0), ("warmth", 1001.0), ("slack", -0.1), ("slack", 1001.0)])
def test_every_entry_of_a_list_is_checked(name: str, bad: float):
    assert getattr(replace(SearchParams(), **{name: (1.0, 2.0)}), name) == (1.0, 2.0)
    with pytest.raises(ValueError, match=rf"^{name} = "):
        replace(SearchParams(), **{name: (1.0, bad)})


@pytest.mark.parametrize("name", ["warmth", "slack"])
def test_a_list_has_an_entry(name: str):
    """Rounds take the entries in turn."""
    with pytest.raises(ValueError, match=rf"^{name} "):
        replace(SearchParams(), **{name: ()})


def test_an_objective_has_a_name():
    assert SolveParams(objective="level").objective == "level"
    with pytest.raises(ValueError, match="'speed' is neither 'cost' nor 'level'"):
        SolveParams(objective="speed")
