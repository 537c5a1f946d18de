"""Where work runs: in this process, on a pool of processes, or on a Dask cluster.

``make.py`` chooses; ``crew.py`` is what all three have in common; ``pool.py`` and ``cluster.py`` are the places.
"""

from scheduler.execution.dates import ProcessPool, ThisProcess, make_executor
from scheduler.execution.stop import Span, Stop

__all__ = ["ProcessPool", "Span", "Stop", "ThisProcess", "make_executor"]
