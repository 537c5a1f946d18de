"""How much memory a process held at its highest."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mib() -> float:
    """Give the most memory that this process has held at once, in MiB.

    ``ru_maxrss`` alone will not do on Linux: a process inherits it from the one that started it, through exec too, so
    that a fresh worker of a big process would seem big. ``VmHWM`` is of the process's own memory (proc(5)).
    """
    if STATUS.exists():
        for line in STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10
