"""A rival: Timefold's solver for Python, with an incremental score, from an environment of its own.

It is not among our dependencies and needs Java 17: make an environment with ``pip install --pre timefold`` and name its
interpreter in ETALE_TIMEFOLD_PYTHON. Each activity is a planning entity whose one variable is its shift and
alternative together; broken distances and ties are the hard score, the objective is the soft one, in thousandths. It
begins from the plan of greedy first fit, which keeps every rule, and searches with Timefold's own defaults, in one
thread (more are in its paid edition only).

Its clock starts when the problem has been handed to Java, so it takes some seconds more than the limit: to its favour.
This file must not be named after the package: the other side runs with this folder first in its path.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.rivals.entrant import Answer, Task, ways_of
from scheduler.domain.problem import DayPlan
from scheduler.optimizer.policies.greedy import first_fit_day

if TYPE_CHECKING:
    from scheduler.domain.problem import Problem

INTERPRETER = "ETALE_TIMEFOLD_PYTHON"
SIDE = Path(__file__).with_name("timefold_side.py")
SCALE = 1000
"""Whole units in a connection, and in a head-minute."""

UNLIMITED = 1e15
LATER, EARLIER, TIED = 1, 0, 2


def missing() -> str | None:
    """Say in a sentence why Timefold cannot take part; None where it can."""
    interpreter = os.environ.get(INTERPRETER)
    if not interpreter:
        return f"Timefold is not installed: set {INTERPRETER} to the interpreter of an environment that has it."
    asked = [interpreter, "-c", "from importlib.util import find_spec as f; raise SystemExit(not f('timefold'))"]
    try:
        found = subprocess.run(asked, check=False, capture_output=True).returncode == 0
    except OSError:
        found = False
    return None if found else f"Timefold is not installed: {INTERPRETER} names {interpreter}, which lacks it."


def answer_of_timefold(task: Task) -> Answer:
    """Solve a date with Timefold, in a process of its own."""
    sentence = missing()
    if sentence is not None:
        return Answer(None, note=sentence)
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "asked.json", Path(folder) / "answered.json"
        asked.write_text(json.dumps(told(task.problem, first_fit_day(task.problem))), encoding="utf-8")
        command = [os.environ[INTERPRETER], str(SIDE), str(asked), str(answered), str(task.left())]
        ended = subprocess.run(command, check=False, capture_output=True, text=True)
        if ended.returncode != 0:
            return Answer(None, note=f"Timefold failed: {ended.stderr.strip().splitlines()[-1:]}")
        found = json.loads(answered.read_text(encoding="utf-8"))
    chosen = [ways_of(task.problem, j)[number] for j, number in enumerate(found["ways"])]
    shift, alternative = np.array(chosen, dtype=np.int32).reshape(-1, 2).T
    return Answer(DayPlan(shift, alternative), note=f"hard score {found['hard']}")


def told(problem: Problem, first: DayPlan) -> dict[str, Any]:
    """Tell a problem, and the plan to begin from, in plain lists, as the other side reads it."""
    limit = np.where(np.isfinite(problem.limit), SCALE * problem.limit, UNLIMITED)
    meters, firsts, amounts = _pieces(problem)
    others, distances, roles = _bonds(problem)
    return {
        "activities": [_activity(problem, first, j) for j in range(len(problem))],
        "slots": problem.slots,
        "limit": np.rint(limit).ravel().tolist(),
        "price": round(problem.overload_price),
        "meters": meters,
        "firsts": firsts,
        "amounts": amounts,
        "others": others,
        "distances": distances,
        "roles": roles,
    }


def _activity(problem: Problem, first: DayPlan, j: int) -> dict[str, Any]:
    ways = ways_of(problem, j)
    alternatives = slice(problem.alternative_start[j], problem.alternative_start[j + 1])
    return {
        "heads": float(problem.heads[j]),
        "low": int(problem.low[j]),
        "first_slot": int(problem.usual_slot[j] + problem.low[j]),
        "slot_cost": round(SCALE * problem.slot_cost[j]),
        "move_cost": round(SCALE * problem.move_cost[j]),
        "profiles": problem.alternative_profile[alternatives].tolist(),
        "switch_costs": np.rint(SCALE * problem.alternative_cost[alternatives]).astype(np.int64).tolist(),
        "way": ways.index((int(first.shift[j]), int(first.alternative[j]))),
        "count": len(ways),
    }


def _pieces(problem: Problem) -> tuple[list[list[int]], list[list[int]], list[list[list[float]]]]:
    """List the pieces of each profile: their meters, first slots and amounts."""
    profiles = problem.profiles
    meters, firsts, amounts = [], [], []
    for profile in range(len(profiles)):
        pieces = range(profiles.piece_start[profile], profiles.piece_start[profile + 1])
        values = [profiles.values[profiles.value_start[piece] : profiles.value_start[piece + 1]] for piece in pieces]
        meters.append([int(profiles.meter[piece]) for piece in pieces])
        firsts.append([int(profiles.first_slot[piece]) for piece in pieces])
        amounts.append([np.rint(SCALE * one).tolist() for one in values])
    return meters, firsts, amounts


def _bonds(problem: Problem) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
    """List what binds each activity: the other one, the distance, and which of the two is the later one."""
    others: list[list[int]] = [[] for _ in range(len(problem))]
    distances: list[list[int]] = [[] for _ in range(len(problem))]
    roles: list[list[int]] = [[] for _ in range(len(problem))]
    for before, after, distance in zip(problem.before, problem.after, problem.distance, strict=True):
        _bind(others, distances, roles, int(before), (int(after), int(distance), LATER))
        _bind(others, distances, roles, int(after), (int(before), int(distance), EARLIER))
    for one, other in zip(problem.tied, problem.tied_to, strict=True):
        _bind(others, distances, roles, int(one), (int(other), 0, TIED))
        _bind(others, distances, roles, int(other), (int(one), 0, TIED))
    return others, distances, roles


def _bind(
    others: list[list[int]], distances: list[list[int]], roles: list[list[int]], j: int, bond: tuple[int, int, int]
) -> None:
    for column, value in zip((others, distances, roles), bond, strict=True):
        column[j].append(value)
