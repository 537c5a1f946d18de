"""Check a plan folder against its region folder, without the optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.checking.figures import check_plan
from scheduler.checking.proof import verify_bound
from scheduler.files.plan_folder import read_plan_folder
from scheduler.files.region_folder import read_region
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def check(region: Path, plan: Path, *, proof: bool, on_step: Callable[[Text], None]) -> list[Text]:
    """Recompute everything from two folders and say what differs; empty where all is well.

    Raises
    ------
    FaultyInput
        Where a folder cannot be read, with every fault.
    """
    read = read_region(region)
    stored = read_plan_folder(plan, read.region)
    differences = check_plan(read.region, stored)
    if proof:
        on_step(T("Verifying the lower bound from the prices, school by school"))
        differences += verify_bound(read.region, stored, on_step)
    return differences
