"""Take a region out of the store, as a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.files.region_writer import check_can_write_region, write_region_folder
from scheduler.files.timetable_text import TimetableText, school_texts
from scheduler.service.kept_regions import freeze, head_of, thaw
from scheduler.store.packed import unpack_bytes
from scheduler.store.timetables import TimetableRepository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.store import Store


@dataclass(frozen=True)
class ExportedRegion:
    """What was written.

    Attributes
    ----------
    name : str
    schools : int
    timetables : int
        Schools with a timetable, the region's own audiences counted as one.
    """

    name: str
    schools: int
    timetables: int


def export_region(store: Store, actor: Actor, key: str, folder: Path, *, locks: bool = False) -> ExportedRegion:
    """Write a region as a folder, which reads back to the same region.

    Parameters
    ----------
    store : Store
    actor : Actor
    key : str
        The region's.
    folder : Path
        A region folder that stands there is replaced as a whole, or left as it was.
    locks : bool
        Write what schools lock and wish into the columns locked, earliest and latest, as a planning run sees it.

    Raises
    ------
    NotThere
    CannotWrite
        What stands there is no region folder, or the system does not let us write.
    """
    check_can_write_region(folder)
    region, texts = _planned(store, actor, key) if locks else _kept(store, actor, key)
    count = write_region_folder(folder, region, texts)
    return ExportedRegion(region.name, len(region.schools), count)


def _kept(store: Store, actor: Actor, key: str) -> tuple[Region, Iterator[tuple[str, TimetableText]]]:
    """Give a region and its timetables as they were brought."""
    with store.read() as work:
        region = head_of(work, actor.sees, key)
        repository = TimetableRepository(work, actor.sees)
        in_force = repository.in_force(repository.region_row(key).id)
        packed = dict(repository.packed(version for _, version in in_force))
    texts = ((school, TimetableText.parted(unpack_bytes(packed[version]))) for school, version in in_force)
    return region, texts


def _planned(store: Store, actor: Actor, key: str) -> tuple[Region, Iterator[tuple[str, TimetableText]]]:
    """Give a region and its timetables with what schools lock and wish."""
    with store.read() as work:
        frozen = freeze(work, actor.sees, key)
    region = thaw(store, frozen).region
    return region, ((school.school, school.text) for school in school_texts(region.activities))
