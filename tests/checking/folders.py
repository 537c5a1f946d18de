"""Plan folders with a true proof for the tests of the check, and ways to tamper with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from written import report

from scheduler.checking.proof import proven_bounds
from scheduler.domain.load import figures
from scheduler.domain.outcome import DayProof, Outcome
from scheduler.domain.plan import usual_plan
from scheduler.files.plan_folder import RunConditions, read_plan_folder, write_plan_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from scheduler.domain.plan import Plan
    from scheduler.domain.reference import Reference
    from scheduler.domain.region import Region


def write_proven(
    out: Path,
    region: Region,
    plan: Plan,
    price: NDArray[np.float64] | None = None,
    order_kept: bool = True,
    reference: Reference | None = None,
) -> Path:
    """Write a plan folder whose bounds are what the prices, shape (meters, slots) and 0 by default, prove."""
    usual = usual_plan(region)
    days = figures(region, plan, usual, reference)
    prices = np.zeros((len(region.meters), region.grid.slots)) if price is None else price
    conditions = RunConditions(1.0, 80.0, order_kept=order_kept)
    for bounds in ({}, None):
        if bounds is None:
            bounds = proven_bounds(region, read_plan_folder(out, region))
        proofs = tuple(DayProof(day.day, bounds.get(day.day, 0.0), prices) for day in days)
        write_plan_folder(out, region, Outcome(plan, proofs, "gap", 0, reference=reference), days, conditions)
    return out


def tamper_report(out: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change report.json in place."""
    told = report(out)
    change(told)
    (out / "report.json").write_text(json.dumps(told), encoding="utf-8")


def tamper_rows(out: Path, name: str, row: int, column: str, cell: str | None) -> None:
    """Change one cell of a row (1 = the first below the header) of a CSV file; None removes the row."""
    path = out / name
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    if cell is None:
        del lines[row]
    else:
        lines[row][lines[0].index(column)] = cell
    path.write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")
