"""Run ``etale`` in a process of its own, so that time and memory hold everything, from start-up to the last file."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

ETALE = (sys.executable, "-m", "scheduler")


@dataclass(frozen=True)
class PlanOptions:
    """How a region folder is planned; None leaves the command its own choice.

    Attributes
    ----------
    gap : float
        Proven gap asked for.
    time_limit : float or None
        Seconds.
    workers : int or None
    start_from : Path or None
        A former plan folder.
    """

    gap: float = 0.01
    time_limit: float | None = None
    workers: int | None = None
    start_from: Path | None = None

    def arguments(self) -> list[str]:
        """Give the options as the command line has them."""
        told = {
            "--gap": self.gap,
            "--time-limit": self.time_limit,
            "--workers": self.workers,
            "--start-from": self.start_from,
        }
        return [part for name, value in told.items() if value is not None for part in (name, str(value))]


@dataclass(frozen=True)
class Run:
    """What a run of ``etale stagger`` left.

    Attributes
    ----------
    report : dict
        report.json.
    seconds : float
        From start to end of the process.
    lines : tuple of (float, str)
        What it said on stderr, and how many seconds after its start.
    """

    report: dict[str, Any]
    seconds: float
    lines: tuple[tuple[float, str], ...]


class CommandFailed(Exception):
    """The command ended with another status than 0; the message is what it said."""


def stagger(region: Path, out: Path, options: PlanOptions) -> Run:
    """Plan a region folder.

    Raises
    ------
    CommandFailed
    """
    begun = time.monotonic()
    command = [*ETALE, "stagger", str(region), "--out", str(out), *options.arguments()]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        lines = tuple((time.monotonic() - begun, line.rstrip()) for line in process.stderr or ())
    seconds = time.monotonic() - begun
    if process.returncode != 0:
        raise CommandFailed("\n".join(line for _, line in lines))
    return Run(json.loads((out / "report.json").read_text(encoding="utf-8")), seconds, lines)


def demo(out: Path, region: str, schools: int) -> None:
    """Write a demo region."""
    command = [*ETALE, "demo", "--region", region, "--schools", str(schools), "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
