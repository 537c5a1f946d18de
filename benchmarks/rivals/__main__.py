"""One rival alone in its process, so that its memory is its own and it can be ended when it does not end by itself.

``python -m benchmarks.rivals NAME REGION ANSWER SECONDS WORKERS`` writes ANSWER.npz and ANSWER.json.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.rivals import ALONE
from benchmarks.rivals.entrant import Task
from scheduler.domain.problem import build_problem
from scheduler.files.region_folder import read_region


def main(name: str, region: str, answer: str, seconds: str, workers: str) -> None:
    """Let a rival run and write what it found."""
    task = Task(build_problem(read_region(Path(region)).region, 0), float(seconds), int(workers))
    found = ALONE[name](task)
    took = time.monotonic() - task.begun
    if found.plan is not None:
        np.savez(f"{answer}.npz", shift=found.plan.shift, alternative=found.plan.alternative)
    # Of children, only the one that held most counts.
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    told = {"bound": found.bound, "note": found.note, "seconds": took, "peak_mib": peak}
    Path(f"{answer}.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
