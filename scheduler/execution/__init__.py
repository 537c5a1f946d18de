"""Where work runs: in this process, on a pool of processes, or on a Dask cluster.

``make.py`` chooses; ``crew.py`` is what all three have in common; ``pool.py`` and ``cluster.py`` are the places.
"""

from scheduler.execution.make import make_executor
from scheduler.execution.stop import Stop

__all__ = ["Stop", "make_executor"]
