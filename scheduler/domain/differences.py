"""What changed for readers between two publications of a school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.domain.entries import Entry
    from scheduler.domain.publication import Publication


@dataclass(frozen=True)
class Differences:
    """What a reader of one publication must learn to know the next.

    Attributes
    ----------
    moved : tuple of (Entry, Entry)
        Entries at another time or of another length, before and after.
    altered : tuple of (Entry, Entry)
        Entries at the same time with something else changed (room, teacher, platform, link), before and after.
    cancelled : tuple of Entry
        Entries that no longer take place, as they were.
    added : tuple of Entry
        Entries that are new, or take place again.
    """

    moved: tuple[tuple[Entry, Entry], ...] = ()
    altered: tuple[tuple[Entry, Entry], ...] = ()
    cancelled: tuple[Entry, ...] = ()
    added: tuple[Entry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.moved or self.altered or self.cancelled or self.added)


def differences(former: Publication, now: Publication) -> Differences:
    """Compare two publications of a school.

    An entry that is gone and lies outside the horizon of `now` is past, not cancelled.
    """
    before = {entry.identity: entry for entry in former.entries if not entry.cancelled}
    after = {entry.identity: entry for entry in now.entries if not entry.cancelled}
    cancelled_now = {entry.identity for entry in now.entries if entry.cancelled}
    pairs = [(entry, after[identity]) for identity, entry in before.items() if identity in after]
    changed = [(one, other) for one, other in pairs if not one.says_the_same_as(other)]
    return Differences(
        moved=tuple(pair for pair in changed if _other_time(*pair)),
        altered=tuple(pair for pair in changed if not _other_time(*pair)),
        cancelled=tuple(
            entry
            for identity, entry in before.items()
            if identity not in after and (identity in cancelled_now or now.first_date <= entry.date <= now.last_date)
        ),
        added=tuple(entry for identity, entry in after.items() if identity not in before),
    )


def _other_time(one: Entry, other: Entry) -> bool:
    return (one.start, one.minutes) != (other.start, other.minutes)


def says_already(last: Publication, earlier: Publication) -> bool:
    """Tell whether the last publication says what an earlier one said, from the beginning of their horizons on."""
    since = min(last.first_date, earlier.first_date)
    told = {entry.identity: entry for entry in last.entries if not entry.cancelled and entry.date >= since}
    said = {entry.identity: entry for entry in earlier.entries if not entry.cancelled and entry.date >= since}
    return told.keys() == said.keys() and all(entry.says_the_same_as(said[key]) for key, entry in told.items())
