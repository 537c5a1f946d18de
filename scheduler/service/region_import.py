"""Bring a region folder into the store, and take it out again."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.errors import Fault, FaultyInput, Refused
from scheduler.feeds.slugs import folded
from scheduler.files.region_folder import read_region
from scheduler.files.region_writer import region_files
from scheduler.files.timetable_text import school_texts
from scheduler.store import audit
from scheduler.store.leaving import give_back
from scheduler.store.packed import pack_bytes
from scheduler.store.regions import RegionRepository
from scheduler.store.timetables import Brought, TimetableRepository
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.files.timetable_text import SchoolText
    from scheduler.store import Store, Work

LONGEST_KEY = 40
LONGEST_TOLD = 20_000
"""Characters of a file that the audit log repeats when it changed; of a longer one it says that it changed."""
KEY = re.compile(rf"[A-Za-z0-9._-]{{1,{LONGEST_KEY}}}")


@dataclass(frozen=True)
class ImportedRegion:
    """What an import did.

    Attributes
    ----------
    key, name : str
    schools, sessions, windows : int
        What the region has now: schools, rows of sessions, rows of windows.
    new_timetables : int
        Versions that came into force; the others are as they were.
    left_schools : int
        Schools that the folder lacks: they stay, without a timetable in force.
    changed : bool
        False where the store had all of it already.
    warnings : tuple of Fault
        What in the folder deserves a look.
    """

    key: str
    name: str
    schools: int
    sessions: int
    windows: int
    new_timetables: int
    left_schools: int
    changed: bool
    warnings: tuple[Fault, ...] = ()


def import_region(store: Store, actor: Actor, folder: Path, key: str | None = None) -> ImportedRegion:
    """Bring a region folder into the store, as a new region or in the place of what a region was.

    All of it comes in one transaction. Timetables that differ become new versions, in force at once; a school that the
    folder lacks keeps all that it has, without a timetable in force, but what it had booked from today on, and what is
    kept for it, is given back; coming back does not restore that. The same folder again changes nothing.

    Parameters
    ----------
    store : Store
    actor : Actor
        A new region is made only by who may change everything.
    folder : Path
    key : str, optional
        Names the region in addresses; made from its name where it is not given.

    Raises
    ------
    FaultyInput
        With every fault of the folder, or of the key.
    NotThere
        There is no such region that the actor may change, and making one is not for them.
    Refused
        No key was given, and the one made from the name belongs to a region of another name.
    """
    if key is not None:
        _check_key(key)
    read = read_region(folder)
    chosen = key or folded(read.region.name)[:LONGEST_KEY].strip("-") or "region"
    brought = [packed_timetable(school) for school in school_texts(read.region.activities)]
    source = folder.resolve().name

    def keep(work: Work) -> ImportedRegion:
        return _keep(work, actor, chosen, read.region, brought, source, chosen_by_name=key is None)

    return replace(store.in_work(keep), warnings=read.warnings)


def _check_key(key: str) -> None:
    if not (KEY.fullmatch(key) and key.strip(".")):
        what = T("“{key}” is not a key of a region", key=key)
        letters = T(
            "use 1 to {most} of the letters A–Z and a–z, digits, “.”, “_” and “-”, not only dots", most=LONGEST_KEY
        )
        raise FaultyInput([Fault("", 0, what, letters)])


def packed_timetable(school: SchoolText) -> Brought:
    """Make a school's timetable ready for the store."""
    content = school.text.joined()
    digest = hashlib.sha256(content).digest()
    return Brought(
        school=school.school,
        sessions=school.sessions,
        windows=school.windows,
        first_minute=school.first_minute,
        last_minute=school.last_minute,
        digest=digest,
        packed=pack_bytes(content),
    )


def _keep(
    work: Work,
    actor: Actor,
    key: str,
    region: Region,
    brought: Sequence[Brought],
    source: str,
    *,
    chosen_by_name: bool,
) -> ImportedRegion:
    """Write a region into the store; what is equal there already is not touched."""
    regions, timetables = RegionRepository(work, actor.edits), TimetableRepository(work, actor.edits)
    made = actor.edits.everything and regions.begin(key, region)
    region_id = regions.region_row(key).id
    regions.lock_region(region_id)
    timetables.lock_schools(region_id)
    former = regions.head(key)
    if chosen_by_name and former.name != region.name:
        what = T("the key “{key}” belongs to the region “{name}” already", key=key, name=former.name)
        raise Refused(T("{what}; {remedy}", what=what, remedy=T("say with a key which region is meant")))
    named = [one.school for one in brought]
    differing = regions.replace(region_id, former, region, actor.person_id)
    listed = regions.list_schools_anew(region_id, region.schools, audiences="" in named)
    new = timetables.bring(region_id, brought, source, actor.person_id)
    taken = timetables.take_away(region_id, named)
    give_back(work, region_id, listed.gone, work.now.astimezone(ZoneInfo(region.grid.timezone)).date())
    done = ImportedRegion(
        key=key,
        name=region.name,
        schools=len(region.schools),
        sessions=sum(one.sessions for one in brought),
        windows=sum(one.windows for one in brought),
        new_timetables=new,
        left_schools=len(listed.gone),
        changed=bool(made or differing or listed.new or listed.changed or listed.gone or new or taken),
    )
    if done.changed:
        revision = regions.grow(region_id)
        schools = ("schools.csv",) if listed.new or listed.changed or listed.gone else ()
        changed = ("settings", *differing, *schools) if made else (*differing, *schools)
        before = None if made else _told(former, changed)
        after = _told(region, changed) | {"new_timetables": new, "left_schools": len(listed.gone)}
        audit.note(work, actor, key, "region.imported", key, before=before, after=after, revision=revision)
    return done


def _told(region: Region, changed: Sequence[str]) -> dict[str, Any]:
    """Say of a region what the audit log keeps of an import: how much it has, and the small files that changed."""
    texts = region_files(region)
    texts["settings"] = texts.pop("region.toml")
    small = {name: texts.get(name, "") for name in changed if len(texts.get(name, "")) <= LONGEST_TOLD}
    rows = {"platforms": region.platforms, "capacities": region.capacities, "usage": region.usage}
    calendar = {name: getattr(region.calendar, name) for name in ("periods", "closures", "weeks")}
    counts = {name: None if of is None else len(of) for name, of in (rows | calendar).items()}
    return {"schools": len(region.schools), **counts, "changed": [*changed], "files": small}
