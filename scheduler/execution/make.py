"""Choose where work runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scheduler.errors import Fault, FaultyInput
from scheduler.execution.crew import Crew
from scheduler.execution.place import Nowhere
from scheduler.execution.pool import WorkerProcesses
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.execution.place import Place
    from scheduler.execution.stop import Stop


def make_executor(workers: int | None, dask: str | None, stop: Stop) -> Crew:
    """Choose where work runs.

    Parameters
    ----------
    workers : int or None
        Processes of this machine; None = one a core that this process may use; 1 = this process. Not looked at where
        `dask` is given.
    dask : str or None
        Address of a Dask scheduler, as it tells when it starts (``tcp://192.0.2.1:8786``).
    stop : Stop
        When jobs are to end early.

    Returns
    -------
    Crew
        To be closed; a context manager.

    Raises
    ------
    FaultyInput
        There is no such cluster, it has no workers that can do this program's work, or the library to speak to it is
        not installed.
    """
    if dask is not None:
        return Crew(_cluster(dask), stop)
    count = workers or count_workers()
    return Crew(WorkerProcesses(count) if count > 1 else Nowhere(), stop)


def count_workers() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cluster(address: str) -> Place:
    """Connect to a cluster. Only who asks for one needs the library, and waits until it is loaded."""
    try:
        from scheduler.execution.cluster import DaskWorkers
    except ModuleNotFoundError as error:
        if error.name not in ("dask", "distributed"):
            raise
        what = T("--dask needs the Python library distributed, which is not installed")
        raise FaultyInput(
            [Fault("", 0, what, T("install it (“pip install distributed”), or leave --dask out"))]
        ) from None
    return DaskWorkers(address)
