"""What tests of several folders share lies in support/ and is imported by its plain name: `from builders import …`.

So no two files below tests/ may have one name (conftest.py apart): the second one would be taken for the first.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.store import Store

sys.path.insert(0, str(Path(__file__).parent / "support"))
pytest.register_assert_rewrite("faults", "hand_road")


def pytest_configure() -> None:
    """Refuse two files of one name, even where only one of them is run."""
    names = Counter(path.name for path in Path(__file__).parent.rglob("*.py") if path.name != "conftest.py")
    twice = sorted(name for name, count in names.items() if count > 1 and name != "__init__.py")
    if twice:
        raise pytest.UsageError(f"files of tests with one name: {', '.join(twice)}; rename all but one")


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


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a fresh database with all tables, of either kind."""
    import stores

    if request.param == "sqlite":
        yield stores.sqlite_address(tmp_path)
    elif stores.server() is None:
        pytest.skip(stores.NO_SERVER)
    else:
        yield from stores.postgres_address()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Give a fresh store with all tables, of either kind."""
    import stores

    yield from stores.opened(database)


@pytest.fixture(scope="session", autouse=True)
def _no_databases_left() -> Iterator[None]:
    """Drop the database that others were copied from."""
    yield
    if "stores" in sys.modules:
        sys.modules["stores"].drop_template()
