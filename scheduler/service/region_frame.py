"""What every page of a region says of it, and whether somebody may see or change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.store.scoped import Repository

if TYPE_CHECKING:
    import datetime as dt

    from scheduler.domain.people import Actor
    from scheduler.store import Store


@dataclass(frozen=True)
class RegionFrame:
    """A region in a few words.

    Attributes
    ----------
    key, name : str
    first_date, last_date : datetime.date
        Its horizon.
    timezone : str
    slot_minutes : int
    revision : int
        How often its input has changed.
    may_change : bool
        Whether whoever asks may change it.
    """

    key: str
    name: str
    first_date: dt.date
    last_date: dt.date
    timezone: str
    slot_minutes: int
    revision: int
    may_change: bool


def frame_of(store: Store, actor: Actor, region: str, *, to_change: bool = False) -> RegionFrame:
    """Give a region's frame to whoever sees the region as a whole.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    to_change : bool
        Only to whoever may change it, too.

    Raises
    ------
    NotThere
        There is no such region for this actor.
    """
    with store.read() as work:
        row = Repository(work, actor.edits if to_change else actor.sees).region_row(region)
    may_change = to_change or actor.edits.everything or row.id in actor.edits.regions
    return RegionFrame(
        row.key, row.name, row.first_date, row.last_date, row.timezone, row.slot_minutes, row.revision, may_change
    )
