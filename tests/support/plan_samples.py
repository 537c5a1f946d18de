"""A small region and plan folders of it."""

from __future__ import annotations

import numpy as np
from builders import region_of, session, window

from scheduler.domain.load import figures
from scheduler.domain.outcome import DayProof, Outcome
from scheduler.domain.plan import usual_plan
from scheduler.files.plan_folder import RunConditions, write_plan_folder

CONDITIONS = RunConditions(1.5, 80.0, "en")


def small_region(**options):
    rows = [
        session("s2", school="B", start="09:00", platforms="ent|ent@async"),
        session("s1", school="B", day="TU"),
        session("s10", school="A", start="08:00"),
        session("s9", school="A", start="08:00"),
        window("w", school="A"),
        window("all", school=""),
    ]
    return region_of(rows, **({"days": 2, "capacity": 150} | options))


def outcome_of(region, plan, price=None, bound=0.0, **more):
    days = sorted(set(usual_plan(region).day.tolist()))
    nothing = np.zeros((len(region.meters), region.grid.slots))
    proofs = tuple(DayProof(day, bound, nothing if price is None else price) for day in days)
    return Outcome(plan, proofs, "work", 7, **more)


def write(out, region, plan=None, conditions=CONDITIONS, extra=None, **more):
    plan = usual_plan(region) if plan is None else plan
    days = figures(region, plan, usual_plan(region), more.get("reference"))
    write_plan_folder(out, region, outcome_of(region, plan, **more), days, conditions, (extra or {}).items())
    return out


def lines(out, name):
    return (out / name).read_text(encoding="utf-8").splitlines()


def leftovers(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))
