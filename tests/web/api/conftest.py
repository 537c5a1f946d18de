"""Worlds for the tests of the service for programs (support/api_world.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import stores
from api_world import settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api_world import World

    from scheduler.store import Store


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    """Give a world of its own to each test, in either kind of store."""
    return settled(store, tmp_path)


@pytest.fixture(scope="module")
def still_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give one world to all tests of a module that change nothing in it."""
    folder = tmp_path_factory.mktemp("still")
    for store in stores.opened(stores.sqlite_address(folder)):
        yield settled(store, folder)
