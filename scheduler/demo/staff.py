"""Who teaches what: teachers of 15 to 20 hours over several divisions, as codes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.demo.lessons import Need

FULL_HOURS = 19.0
MOST_HOURS = 20.0
FEWEST_HOURS = 15.0


def staff_of(needs: Sequence[Need]) -> tuple[list[int], list[str]]:
    """Find a teacher for every need.

    Returns
    -------
    teacher_of : list of int
        The teacher of each need.
    codes : list of str
        The teachers' codes, ``MATHS-03``; numbered within the school.
    """
    by_pool: dict[str, list[int]] = defaultdict(list)
    for index, need in enumerate(needs):
        by_pool[need.pool].append(index)
    teacher_of = [-1] * len(needs)
    codes: list[str] = []
    for pool, indices in by_pool.items():
        indices.sort(key=lambda index: (-needs[index].hours, index))
        posts = _posts([needs[index] for index in indices])
        for index, post in zip(indices, posts, strict=True):
            teacher_of[index] = len(codes) + post
        codes += [f"{pool}-{number + 1:02d}" for number in range(max(posts) + 1)]
    return teacher_of, codes


def _posts(needs: Sequence[Need]) -> list[int]:
    """Give each need of one pool, the longest first, the number of its teacher.

    Equal services where these come out between 15 and 20 hours; else full services and, for what is left, one
    teacher who works part-time (or in another school too).
    """
    count = -int(-sum(need.hours for need in needs) // FULL_HOURS)
    if count and sum(need.hours for need in needs) / count >= FEWEST_HOURS:
        even = _evenly(needs, count)
        if even is not None:
            return even
    return _in_turn(needs)


def _evenly(needs: Sequence[Need], count: int) -> list[int] | None:
    loads = [0.0] * count
    bars: list[set[int]] = [set() for _ in range(count)]
    posts = []
    for need in needs:
        open_posts = [post for post in range(count) if need.bar < 0 or need.bar not in bars[post]]
        if not open_posts:
            return None
        post = min(open_posts, key=loads.__getitem__)
        if loads[post] + need.hours > MOST_HOURS:
            return None
        loads[post] += need.hours
        bars[post].add(need.bar)
        posts.append(post)
    return posts


def _in_turn(needs: Sequence[Need]) -> list[int]:
    loads: list[float] = []
    bars: list[set[int]] = []
    posts = []
    for need in needs:
        post = next(
            (
                post
                for post, load in enumerate(loads)
                if load + need.hours <= FULL_HOURS and (need.bar < 0 or need.bar not in bars[post])
            ),
            len(loads),
        )
        if post == len(loads):
            loads.append(0.0)
            bars.append(set())
        loads[post] += need.hours
        bars[post].add(need.bar)
        posts.append(post)
    return posts
