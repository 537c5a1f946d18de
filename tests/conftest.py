"""What tests of several folders share lies in support/ and is imported by its plain name: `from builders import …`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.path.insert(0, str(Path(__file__).parent / "support"))
pytest.register_assert_rewrite("faults", "hand_road")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """Start a Dask cluster of two worker processes that come back when they are killed."""
    distributed = pytest.importorskip("distributed", reason="distributed, of the extra `cluster`, is not installed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster
