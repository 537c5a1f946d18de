"""Regions and their schools: brought from folders, taken out again, listed and looked into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.listing import RegionEntry, SchoolEntry, SchoolPage, SchoolSearch
from scheduler.service.kept_regions import one_school
from scheduler.service.region_export import ExportedRegion, export_region
from scheduler.service.region_import import ImportedRegion, import_region
from scheduler.store.listing import ListingRepository

if TYPE_CHECKING:
    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.domain.timetable import AccessWindow, ClassSession
    from scheduler.store import Store

__all__ = [
    "ExportedRegion",
    "ImportedRegion",
    "OpenSchool",
    "export_region",
    "import_region",
    "list_regions",
    "list_schools",
    "look_up_school",
    "open_school",
]


@dataclass(frozen=True)
class OpenSchool:
    """A school to look into.

    Attributes
    ----------
    entry : SchoolEntry
    region : Region
        Its region with this school alone and its activities; see :func:`scheduler.service.kept_regions.one_school`.
    rows : tuple of ClassSession or AccessWindow
        The activities as values, row by row.
    """

    entry: SchoolEntry
    region: Region
    rows: tuple[ClassSession | AccessWindow, ...]


def list_regions(store: Store, actor: Actor) -> tuple[RegionEntry, ...]:
    """List the regions that the actor sees as a whole, by name."""
    with store.read() as work:
        return ListingRepository(work, actor.sees).regions()


def list_schools(
    store: Store,
    actor: Actor,
    region: str,
    *,
    search: str = "",
    level: str | None = None,
    academy: str | None = None,
    state: str | None = None,
    sort: str = "name",
    page: int = 1,
    size: int = 50,
) -> SchoolPage:
    """List schools of a region, page by page; what may be asked for is told at :class:`SchoolSearch`.

    Raises
    ------
    NotThere
        The actor sees neither the region nor a school of it.
    ValueError
        There is no such state or order, or no such page.
    """
    wanted = SchoolSearch(search, level, academy, state, sort, page, size)
    with store.read() as work:
        return ListingRepository(work, actor.sees).page(region, wanted)


def open_school(store: Store, actor: Actor, region: str, school: str) -> OpenSchool:
    """Look into a school; ``""`` for the audiences of the region.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        entry = ListingRepository(work, actor.sees).entry(region, school)
        alone = one_school(work, actor.sees, region, school)
    return OpenSchool(entry, alone, tuple(map(alone.activities.describe, range(len(alone.activities)))))


def look_up_school(store: Store, actor: Actor, region: str, school: str) -> SchoolEntry:
    """Give what a list says of one school, without its rows; ``""`` for the audiences of the region.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return ListingRepository(work, actor.sees).entry(region, school)
