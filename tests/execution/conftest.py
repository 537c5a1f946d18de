"""Executors of every kind. One of each serves many tests: living through several runs is part of what is tried."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from toys import FIRST_PROCESS

from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.execution.pool import WorkerProcesses
from scheduler.execution.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session", autouse=True)
def first_process() -> Iterator[None]:
    """Tell workers which process they must not take themselves for."""
    os.environ[FIRST_PROCESS] = str(os.getpid())
    yield
    del os.environ[FIRST_PROCESS]


def maker(kind: str, request: pytest.FixtureRequest) -> Callable[[], Crew]:
    """Give how an executor of a kind is made."""
    if kind == "dask":
        address = request.getfixturevalue("cluster").scheduler_address
        from scheduler.execution.cluster import DaskWorkers

        return lambda: Crew(DaskWorkers(address), Stop(time.monotonic))
    if kind == "here":
        return lambda: Crew(Nowhere(), Stop(time.monotonic))
    return lambda: Crew(WorkerProcesses(int(kind.split()[-1])), Stop(time.monotonic))


@pytest.fixture(scope="session", params=["here", "pool of 1", "pool of 2", "pool of 3", "dask"])
def executor(request: pytest.FixtureRequest) -> Iterator[Crew]:
    """Make an executor of every kind, for many tests."""
    with maker(request.param, request)() as crew:
        yield crew


@pytest.fixture(scope="session", params=["here", "pool of 2", "dask"])
def make(request: pytest.FixtureRequest) -> Callable[[], Crew]:
    """Give how executors are made, for tests that break theirs."""
    return maker(request.param, request)
