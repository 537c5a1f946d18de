"""Regions as the store keeps them: without their activities, with one school's, or frozen whole for a planning run.

A kept region has the values of the folder that it came from. Its activities lie by school, as versions of timetables;
the k-th row of a school in any region made here (``np.flatnonzero(region.activities.school == code)``: its sessions,
then its windows) is row k of that school's version, counted from 0.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from scheduler.domain.people import EVERYTHING
from scheduler.domain.scenarios import as_documents, changed, from_documents
from scheduler.domain.wishes import Wish, fit_wishes
from scheduler.files.csv_rows import Source
from scheduler.files.folder_contents import FolderContents
from scheduler.files.region_folder import ReadRegion, read_region_files
from scheduler.files.region_writer import region_files
from scheduler.files.timetable_reader import read_timetable, sources_of
from scheduler.files.timetable_text import TimetableText, joined_tables
from scheduler.store import Store
from scheduler.store.packed import pack_document, unpack_bytes, unpack_document
from scheduler.store.regions import RegionRepository
from scheduler.store.timetables import TimetableRepository

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from scheduler.domain.people import Scope
    from scheduler.domain.region import Region
    from scheduler.domain.scenarios import Change
    from scheduler.store import Work

FROZEN = 1
"""Form of a frozen region; grows when the form changes."""


def head_of(work: Work, scope: Scope, region_key: str) -> Region:
    """Give a region with all its schools and no activities.

    Raises
    ------
    NotThere
    """
    return RegionRepository(work, scope).head(region_key)


def on_dates(region: Region, horizon: tuple[dt.date, dt.date] | None) -> Region:
    """Give a region with another horizon; None: as it is."""
    if horizon is None:
        return region
    return replace(region, grid=replace(region.grid, first_date=horizon[0], last_date=horizon[1]))


def one_school(
    work: Work,
    scope: Scope,
    region_key: str,
    school_key: str,
    timetable_id: int | None = None,
    *,
    horizon: tuple[dt.date, dt.date] | None = None,
) -> Region:
    """Give a region with one school alone, and its activities.

    Parameters
    ----------
    work : Work
    scope : Scope
        Must hold the school; its region may lie outside.
    region_key : str
    school_key : str
        ``""`` for the audiences of the region: no school at all.
    timetable_id : int, optional
        Another version than the one in force.
    horizon : (date, date), optional
        First and last date, instead of the region's.

    Returns
    -------
    Region
        `schools` holds that school only, closures and weeks those that concern it; without a timetable in force there
        are no activities.

    Raises
    ------
    NotThere
        There is no such region, school or version in the scope, or the version was erased.
    FaultyInput
        The version does not fit the region as it is now, which can only be with one that is not in force.
    """
    region = RegionRepository(work, scope).head_for(region_key, school_key)
    content = TimetableRepository(work, scope).content(region_key, school_key, timetable_id)
    region = on_dates(region, horizon)
    if content is None:
        return region
    activities = read_timetable(*sources_of(school_key, TimetableText.parted(content)), region)
    return replace(region, activities=activities)


def freeze(work: Work, scope: Scope, region_key: str, horizon: tuple[dt.date, dt.date] | None = None) -> bytes:
    """Keep a region as it is now: whatever changes later, :func:`thaw` gives the same region.

    The small tables are kept as the texts of their files, timetables as versions, which never change, and wishes as
    they stand; equal regions give equal bytes.

    Parameters
    ----------
    work : Work
    scope : Scope
    region_key : str
    horizon : (date, date), optional
        First and last date, instead of the region's.

    Raises
    ------
    NotThere
    """
    region_id = RegionRepository(work, scope).region_row(region_key).id
    kept = TimetableRepository(work, scope)
    frozen = {
        "form": FROZEN,
        "files": region_files(on_dates(head_of(work, scope, region_key), horizon)),
        "timetables": kept.in_force(region_id),
        "wishes": kept.wishes(region_id),
    }
    return pack_document(frozen)


def with_changes(frozen: bytes, changes: Iterable[Change]) -> bytes:
    """Give a frozen region to which :func:`thaw` applies changes, after what it holds already.

    Timetables are versions that never change, so what rewrites them cannot be written into the frozen region itself.
    """
    document = unpack_document(frozen)
    told = as_documents(changes)
    if not told:
        return frozen
    return pack_document(document | {"scenario": [*document.get("scenario", ()), *told]})


def thaw(at: Store | Work, frozen: bytes) -> ReadRegion:
    """Give the region that was frozen, with its warnings.

    Rows are those of a folder: first the sessions, by school in the order of the region, then the windows in the same
    order, those of the region's own audiences last; within a school the order of its version.

    Parameters
    ----------
    at : Store or Work
        Where the versions of the timetables are; nothing else is read there.
    frozen : bytes
        From :func:`freeze`.

    Raises
    ------
    NotThere
        A timetable was erased meanwhile.
    FaultyInput
        The region cannot be planned: for example, it has no session and no window, or does not bear a change.
    """
    document = unpack_document(frozen)
    if document["form"] != FROZEN:
        raise ValueError(f"a region is frozen in form {document['form']}, which is unknown here")
    if isinstance(at, Store):
        with at.read() as work:
            contents = _contents(work, document)
    else:
        contents = _contents(at, document)
    read = read_region_files(contents)
    # Wishes come last: what a scenario does not bear of them is told, as with a newer timetable.
    scenario = from_documents(document.get("scenario", ()))
    return _with_wishes(replace(read, region=changed(read.region, scenario)), document["wishes"])


def rules_of(region: Region | bytes) -> dict[str, str]:
    """Give what decides whether a plan keeps the rules and what it asks, beside timetables; to be compared.

    The files but capacity.csv, without the horizon: limits are judged when something is booked, and plans have their
    own dates.

    Parameters
    ----------
    region : Region or bytes
        As it is now, or as it was frozen.
    """
    files = unpack_document(region)["files"] if isinstance(region, bytes) else region_files(region)
    settings = [line for line in files["region.toml"].splitlines() if not line.startswith(("first_date", "last_date"))]
    return files | {"region.toml": "\n".join(settings), "capacity.csv": ""}


def versions_of(frozen: bytes) -> dict[str, int]:
    """Give which version of its timetable a frozen region holds of each school, by key; ``""``: its own audiences."""
    return {school: version for school, version in unpack_document(frozen)["timetables"]}


def _contents(work: Work, document: dict[str, Any]) -> FolderContents:
    """Lay the files of a frozen region out to be read, timetables still packed."""
    packed = dict(TimetableRepository(work, EVERYTHING).packed(version for _, version in document["timetables"]))

    @lru_cache(maxsize=1)  # a file is opened several times before the next one is
    def text(version: int) -> TimetableText:
        return TimetableText.parted(unpack_bytes(packed[version]))

    def taught(version: int) -> bytes:
        return text(version).sessions

    files = {name: Source(content.encode(), name) for name, content in document["files"].items()}
    sessions, windows = [], []
    for school, version in document["timetables"]:
        kept = text(version)
        # Sessions are unpacked again when they are read, one school after the other; windows are few.
        if kept.sessions:
            sessions.append(Source(partial(taught, version), f"sessions/{school}.csv"))
        if kept.windows:
            windows.append(kept.windows)
    if windows:
        files["access.csv"] = Source(joined_tables(windows), "access.csv")
    return FolderContents(files, tuple(sessions))


def _with_wishes(read: ReadRegion, wishes: list[dict[str, Any]]) -> ReadRegion:
    """Apply what schools lock and wish; what the timetables do not bear is left out and told among the warnings.

    It was sound when it was stated. One school's newer timetable must not keep a whole region from being planned.
    """
    by_school: dict[str, list[Wish]] = {}
    for kept in wishes:
        wish = Wish(kept["kind"], kept["of_what"], kept["name"], kept["minute"], kept["note"])
        by_school.setdefault(kept["school"], []).append(wish)
    wished = fit_wishes(read.region, by_school)
    return ReadRegion(wished.region, (*read.warnings, *wished.faults, *wished.idle))
