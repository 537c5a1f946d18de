"""The levels and the names of a region's schools, for forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.service.kept_regions import head_of

if TYPE_CHECKING:
    from scheduler.domain.people import Actor
    from scheduler.store import Store


def levels_and_schools(store: Store, actor: Actor, region: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Give the levels of a region, in alphabetical order, and the names of its schools by key.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        schools = head_of(work, actor.sees, region).schools
    return tuple(sorted({school.level for school in schools if school.level})), {one.key: one.name for one in schools}


def academies_of(store: Store, actor: Actor, region: str) -> tuple[str, ...]:
    """Give the academies of a region's schools, in alphabetical order.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return tuple(sorted({one.academy for one in head_of(work, actor.sees, region).schools if one.academy}))
