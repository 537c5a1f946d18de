"""What moves as one in a school's day, and how far two such blocks must stay apart (CONTRACT section 3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.timetable import UNBOUNDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scheduler.domain.grid import Grid
    from scheduler.domain.placed import Ties
    from scheduler.domain.places import Policy
    from scheduler.domain.plain_rules import SchoolDay
    from scheduler.domain.region import Region


@dataclass(frozen=True)
class Block:
    """Activities that have one shift.

    Attributes
    ----------
    activities : list of int
        Places in the lists of the school's day.
    low, high : int
        Least and greatest shift that the rules leave, in slots; none is left where low > high.
    """

    activities: list[int]
    low: int
    high: int


@dataclass(frozen=True)
class Component:
    """Blocks that hang together by the rules, and by nothing with any other block.

    Attributes
    ----------
    blocks : list of Block
    distances : dict
        (a, b) -> d: block b's shift is at least block a's shift plus d, in slots; a and b are places in `blocks`.
    """

    blocks: list[Block]
    distances: dict[tuple[int, int], int]


def shift_range(day: SchoolDay, activity: int, grid: Grid, policy: Policy) -> tuple[int, int]:
    """Give the least and greatest shift of one activity, in slots (CONTRACT section 3, rules 1 and 2)."""
    if day.locked[activity]:
        return 0, 0
    start, minutes, slot = day.start[activity], day.minutes[activity], grid.slot_minutes
    first, last = grid.day_start, grid.day_end - minutes
    earliest, latest = day.earliest[activity], day.latest[activity]
    if earliest != UNBOUNDED:
        first = max(first, earliest)
    if latest != UNBOUNDED:
        last = min(last, latest - minutes if day.window[activity] else latest)
    if not day.window[activity]:
        first = max(first, start - policy.max_shift_minutes)
        last = min(last, start + policy.max_shift_minutes)
    return -((start - first) // slot), (last - start) // slot


def components(
    region: Region, day: SchoolDay, ties: Ties, narrower: Mapping[int, tuple[int, int]] | None = None
) -> list[Component]:
    """Gather a school's day into blocks and the blocks into components, as small as the rules allow.

    `narrower` gives activities that may shift less than the rules allow: least and greatest shift, in slots.
    """
    more = narrower or {}
    tied = [*ties.together.values(), *ties.overlapping]
    blocks: list[Block] = []
    block_of: dict[int, int] = {}
    for activities in _united(len(day.rows), tied):
        ranges = [shift_range(day, activity, region.grid, region.policy) for activity in activities]
        ranges += [more[activity] for activity in activities if activity in more]
        block_of.update(dict.fromkeys(activities, len(blocks)))
        blocks.append(Block(activities, max(low for low, _ in ranges), min(high for _, high in ranges)))
    distances: dict[tuple[int, int], int] = {}
    for one, other, kept in ties.kept:
        ends = block_of[one], block_of[other]
        if ends[0] != ends[1]:
            # The two may come nearer by what the usual gap has to spare, in whole slots.
            spare = (day.start[other] - day.end(one) - kept) // region.grid.slot_minutes
            distances[ends] = max(-spare, distances.get(ends, -spare))
    blocks = _tightened(blocks, distances)
    return _split(blocks, _needed(blocks, distances))


def _united(count: int, tied: Sequence[Sequence[int]]) -> list[list[int]]:
    """Unite what is tied, in one set or through others, and leave the rest alone."""
    leader = list(range(count))

    def find(item: int) -> int:
        while leader[item] != item:
            leader[item] = leader[leader[item]]
            item = leader[item]
        return item

    for items in tied:
        for item in items[1:]:
            leader[find(item)] = find(items[0])
    sets: defaultdict[int, list[int]] = defaultdict(list)
    for item in range(count):
        sets[find(item)].append(item)
    return list(sets.values())


def _tightened(blocks: list[Block], distances: dict[tuple[int, int], int]) -> list[Block]:
    """Narrow each block's range to what its neighbours leave, until nothing changes."""
    low, high = [block.low for block in blocks], [block.high for block in blocks]
    changed = True
    while changed:
        changed = False
        for (one, other), distance in distances.items():
            if low[other] < low[one] + distance:
                low[other], changed = low[one] + distance, True
            if high[one] > high[other] - distance:
                high[one], changed = high[other] - distance, True
        if any(first > last for first, last in zip(low, high, strict=True)):
            break
    return [Block(block.activities, low[at], high[at]) for at, block in enumerate(blocks)]


def _needed(blocks: list[Block], distances: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """Leave out distances that the ranges, or two others in a row, keep anyway: the fewer, the smaller the pieces."""
    binding = {
        (one, other): distance
        for (one, other), distance in distances.items()
        if blocks[one].high + distance > blocks[other].low
    }
    after: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for (one, other), distance in sorted(binding.items()):
        after[one][other] = distance
    for others in after.values():
        for other in sorted(others):
            implied = any(
                between != other and others[between] + after[between].get(other, -(10**6)) >= others[other]
                for between in others
                if between in after
            )
            if implied:
                del others[other]
    return {(one, other): distance for one, others in after.items() for other, distance in others.items()}


def _split(blocks: list[Block], distances: dict[tuple[int, int], int]) -> list[Component]:
    parts = _united(len(blocks), [list(ends) for ends in distances])
    place = {block: (part, at) for part, members in enumerate(parts) for at, block in enumerate(members)}
    found = [Component([blocks[block] for block in members], {}) for members in parts]
    for (one, other), distance in distances.items():
        part, at = place[one]
        found[part].distances[at, place[other][1]] = distance
    return found
