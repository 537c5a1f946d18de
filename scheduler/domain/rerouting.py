"""Classes of one platform sent to another: their alternatives and their usage rewritten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.domain.timetable import Alternative

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.domain.region import Region
    from scheduler.domain.usage import UsageRow


def rerouted(region: Region, closed: str, instead: str) -> Region:
    """Let another platform take the place of a closed one wherever an activity uses it.

    Parameters
    ----------
    region : Region
    closed, instead : str
        Keys of platforms.
    """
    activities = region.activities
    words = activities.words
    rewritten = tuple(_rewritten(ways, closed, instead) for ways in words.alternatives)
    activities = replace(activities, words=replace(words, alternatives=rewritten))
    return replace(region, activities=activities, usage=(*region.usage, *_copied(region.usage, closed, instead)))


def _rewritten(ways: Iterable[Alternative], closed: str, instead: str) -> tuple[Alternative, ...]:
    """Rewrite the alternatives of an activity; of those that mean the same then, the first stays."""
    kept: list[Alternative] = []
    for way in ways:
        new = _sent(way, closed, instead)
        if not any(new.means_the_same_as(one) for one in kept):
            kept.append(new)
    return tuple(kept)


def _sent(way: Alternative, closed: str, instead: str) -> Alternative:
    if closed not in way.platforms:
        return way
    platforms = tuple(dict.fromkeys(instead if key == closed else key for key in way.platforms))
    _, mark, activity = way.text.partition("@")
    return Alternative(platforms, way.activity, "+".join(platforms) + mark + activity)


def _copied(usage: tuple[UsageRow, ...], closed: str, instead: str) -> list[UsageRow]:
    """Give the rows that say how activities load the other platform, where none says so yet."""
    known = {row.activity for row in usage if row.platform == instead}
    return [replace(row, platform=instead) for row in usage if row.platform == closed and row.activity not in known]
