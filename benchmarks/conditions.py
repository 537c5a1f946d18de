"""Under which conditions the figures were measured: without them a figure says nothing."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from scheduler import __version__

ROOT = Path(__file__).parents[1]


def commit() -> str:
    """Give the commit that runs, with ``+`` where files differ from it; ``unknown`` outside a repository."""
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def processor() -> str:
    """Give the processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def memory_gib() -> float:
    """Give the machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def today() -> dt.date:
    """Give today's date, in UTC."""
    return dt.datetime.now(dt.UTC).date()


def conditions() -> str:
    """Describe program, machine and how busy it is, in one line."""
    return (
        f"Étale {__version__} ({commit()}), {platform.python_implementation()} {platform.python_version()}, "
        f"ortools {version('ortools')}, numba {version('numba')}; {processor()}, {os.cpu_count()} cores, "
        f"{memory_gib():.0f} GiB; load average before: {os.getloadavg()[0]:.1f}; {today()}"
    )
