"""The level rota: each level of pupils has a stretch of the day of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.problem import DayPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scheduler.domain.problem import Problem
    from scheduler.domain.region import Region

BLOCKS = {
    "6": 8 * 60 + 30,
    "5": 10 * 60 + 30,
    "4": 12 * 60 + 30,
    "3": 14 * 60 + 30,
    "CAP": 8 * 60,
    "2": 8 * 60,
    "1": 11 * 60,
    "T": 14 * 60,
    "BTS": 17 * 60,
}
"""How the name of a division begins, and when its block does: minutes of the day. 6e and 5e, and all of upper
secondary, are as published; 4e and 3e go on in steps of two hours, for what is left of the source ends before them."""


def level_rota(region: Region, problems: Sequence[Problem]) -> list[DayPlan]:
    """Let levels take turns.

    As Île-de-France asked in March 2020 for monlycee.net: CAP and 2nde 8:00–11:00, 1re 11:00–14:00, Tle 14:00–17:00,
    after the baccalauréat 17:00–20:00; in lower secondary 6e from 8:30, 5e from 10:30 (letter of the region and the
    académie de Versailles to families). The level of a session is that of its first group, told by how the name begins.

    On each date all sessions of a school's level move by one amount, so that the first of them starts with the block,
    or as near to it as lets the last one end within the day. So a level keeps its order and its gaps, but a day of six
    hours does not fit a block of two or three: what is left over follows, outside the block. Locked sessions, primary
    schools, other levels and access windows stay. Breaks hard rules: shifts go far beyond the largest one allowed, and
    a teacher of two levels can be wanted twice at once.
    """
    return [_take_turns(region, problem) for problem in problems]


def _take_turns(region: Region, problem: Problem) -> DayPlan:
    activities, grid = region.activities, region.grid
    block = block_of_groups(region)[activities.groups[problem.row]]
    primary = np.array([school.level == "primary" for school in activities.schools], dtype=bool)
    mine = ~problem.window & ~activities.locked[problem.row] & (block >= 0)
    mine[mine] = ~primary[problem.school[mine]]
    shift = np.zeros(len(problem), dtype=np.int32)
    start = activities.start[problem.row[mine]].astype(np.int64)
    end = start + activities.minutes[problem.row[mine]]
    _, level = np.unique(problem.school[mine].astype(np.int64) * 1440 + block[mine], return_inverse=True)
    first, last = np.full(len(level), grid.day_end), np.full(len(level), grid.day_start)
    np.minimum.at(first, level, start)
    np.maximum.at(last, level, end)
    wanted = -((first[level] - block[mine]) // grid.slot_minutes)
    earliest = -((first[level] - grid.day_start) // grid.slot_minutes)
    latest = (grid.day_end - last[level]) // grid.slot_minutes
    shift[mine] = np.clip(wanted, earliest, latest)
    return DayPlan(shift, np.zeros(len(problem), dtype=np.int32))


def block_of_groups(region: Region) -> NDArray[np.int64]:
    """Give the start of the block of each list of groups, in minutes of the day; -1 where the level is not known."""
    return np.array([_block(groups[0]) if groups else -1 for groups in region.activities.words.groups], dtype=np.int64)


def _block(group: str) -> int:
    name = group.strip().upper()
    return next((start for prefix, start in BLOCKS.items() if name.startswith(prefix)), -1)
