"""A short stretch of kill_everything.py; the whole of it, 200 kills on each database, is run by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import own_postgres
import pytest
from kill_everything import PLACES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_lost_or_doubled(place: str, tmp_path: Path) -> None:
    if place == "postgresql" and own_postgres.programs() is None:
        pytest.skip(own_postgres.NO_PROGRAMS)
    lines: list[str] = []
    done = PLACES[place](tmp_path, 12, 1, lines.append)
    print("\n".join(lines))
    assert (done.lost, done.doubled) == ([], [])
    assert done.runs["done"] > 0
    assert done.publications > 0
