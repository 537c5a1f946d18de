"""Stores with a clock that tests turn, and passwords that hash fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import households
import pytest
from argon2 import PasswordHasher

from scheduler.service import passwords

if TYPE_CHECKING:
    from collections.abc import Iterator

    from households import Clock

    from scheduler.store import Store


@pytest.fixture
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash with little memory; the hash of nobody, made once, must agree."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._hash_of_nobody.cache_clear()
    yield
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture
def house(store: Store, _quick_hashes: None) -> tuple[Store, Clock]:
    """Give a store with two regions, and its clock."""
    timed, clock = households.with_clock(store)
    households.settle_two(timed)
    return timed, clock
