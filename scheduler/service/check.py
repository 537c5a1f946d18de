"""Check a plan folder against its region folder, without the optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.checking.check import check_plan
from scheduler.checking.proof import verify_bound
from scheduler.files.plan_folder import read_plan_folder
from scheduler.files.region_folder import read_region

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scheduler.wording import Text


def check(region: Path, plan: Path, *, proof: bool, on_progress: Callable[[int, int], None]) -> list[Text]:
    """Recompute everything from two folders and say what differs; empty where all is well.

    Parameters
    ----------
    region, plan : Path
        The two folders.
    proof : bool
        Verify the lower bound from the prices too.
    on_progress : callable
        ``on_progress(done, all)`` while the bound is verified.

    Raises
    ------
    FaultyInput
        Where a folder cannot be read, with every fault.
    """
    read = read_region(region)
    stored = read_plan_folder(plan, read.region)
    differences = check_plan(read.region, stored)
    if proof:
        differences = [*differences, *verify_bound(read.region, stored, on_progress)]
    return differences
