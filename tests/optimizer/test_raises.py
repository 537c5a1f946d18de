"""The smallest raises on known passes, against answers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from builders import region_of, session
from solving import solve_here

from scheduler.domain.problem import build_problem
from scheduler.optimizer.params import SolveParams
from scheduler.optimizer.raises import smallest_raises

ONE_METER = np.zeros(2, dtype=np.int64)
PASSES = np.array([[[20.0, 0.0]], [[0.0, 16.0]]])
"""Two passes of one group: all in the first row, or all in the second."""
COST = np.array([[0.0], [100.0]])


def test_mixing_needs_no_raise_where_both_rows_have_room():
    """Half of each pass loads 10 and 8 under 10; more of the first does not fit."""
    found = smallest_raises(COST, PASSES, np.array([10.0, 10.0]), ONE_METER, 1)
    assert found is not None
    assert found.limit_raise.tolist() == [0.0]
    assert found.cost == pytest.approx(50.0)


def test_the_smallest_raise_levels_the_rows():
    """20 x = 16 (1 - x): both rows carry 80/9, which is 26/9 above 6; 5/9 of the dear pass is in it."""
    found = smallest_raises(COST, PASSES, np.array([6.0, 6.0]), ONE_METER, 1)
    assert found is not None
    assert found.limit_raise == pytest.approx([26 / 9])
    assert found.cost == pytest.approx(500 / 9, rel=1e-5)


def test_groups_mix_apart():
    """The first group can only be in the first row, the second only in the second: 20 and 16 under 12."""
    load = np.array([[[20.0, 0.0], [0.0, 16.0]]])
    found = smallest_raises(np.array([[3.0, 4.0]]), load, np.array([12.0, 12.0]), ONE_METER, 1)
    assert found is not None
    assert found.limit_raise == pytest.approx([8.0])
    assert found.cost == pytest.approx(7.0)


def test_a_raise_is_weighed_by_the_size_of_its_meter():
    """Ten more on a platform of 1000 are less than one more on a platform of 10; one meter has no rows."""
    load = np.array([[[1010.0, 10.0]], [[1000.0, 11.0]]])
    found = smallest_raises(np.zeros((2, 1)), load, np.array([1000.0, 10.0]), np.array([0, 2]), 3)
    assert found is not None
    assert found.limit_raise == pytest.approx([10.0, 0.0, 0.0], abs=1e-3)


def test_a_closed_platform_is_measured_by_what_loads_it():
    found = smallest_raises(np.zeros((1, 1)), np.array([[[30.0, 5.0]]]), np.zeros(2), ONE_METER, 1)
    assert found is not None
    assert found.limit_raise == pytest.approx([30.0])


def test_an_overloaded_date_comes_with_an_estimate_and_another_does_not():
    """Two locked classes of 30 at 8:00 under 40 lack 20, whatever is done."""
    rows = [session(key, school=key, activity="browse", locked=True) for key in ("A", "B")]
    short, roomy = (build_problem(region_of(rows, capacity=capacity), 0) for capacity in (40, 60))
    result = solve_here(SolveParams(), short, roomy)
    assert result.days[0].least_raises is not None
    assert result.days[0].least_raises.limit_raise == pytest.approx([20.0])
    assert result.days[1].least_raises is None
