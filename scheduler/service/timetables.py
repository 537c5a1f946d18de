"""A school's timetable: bring a new version, go back to a former one, see what differs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from scheduler.domain.places import School
from scheduler.domain.versions import compare_versions
from scheduler.domain.wishes import fit_wishes
from scheduler.errors import Fault, Refused, StoreFailed
from scheduler.files.timetable_reader import read_kept, read_one_school
from scheduler.files.timetable_text import TimetableText, school_texts
from scheduler.service.kept_regions import one_school
from scheduler.service.region_import import packed_timetable
from scheduler.store import audit
from scheduler.store.regions import RegionRepository
from scheduler.store.timetables import TimetableRepository
from scheduler.store.versions import VersionRepository
from scheduler.store.wishes import WishRepository
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.domain.versions import PlanOfVersion, TimetableVersion, VersionChanges
    from scheduler.store import Store, Work
    from scheduler.store.timetables import Brought

ATTEMPTS = 50
"""So often a timetable is looked at anew because the region changed while it was."""


@dataclass(frozen=True)
class BroughtTimetable:
    """What bringing or going back did.

    Attributes
    ----------
    version : TimetableVersion
        The one in force now.
    changed : bool
        False where it was in force already.
    warnings : tuple of Fault
        What deserves a look: in the files, and wishes that the timetable does not bear or that find nothing in it.
    """

    version: TimetableVersion
    changed: bool
    warnings: tuple[Fault, ...]


@dataclass(frozen=True)
class _Ground:
    """What a timetable was looked at against; it must still be so when it comes into force."""

    head: Region
    timetable_id: int | None

    def bears_as(self, now: _Ground, *, same_version: bool) -> bool:
        """Tell whether what bears on a timetable is the same, if need be the version in force too."""
        return self._bearing() == now._bearing() and (not same_version or self.timetable_id == now.timetable_id)

    def _bearing(self) -> tuple[Any, ...]:
        head = self.head
        return head.grid, head.schools, head.platforms, head.usage, head.calendar


def bring_timetable(
    store: Store,
    actor: Actor,
    region: str,
    school: str,
    *,
    sessions: bytes | None = None,
    windows: bytes | None = None,
    source: str,
) -> BroughtTimetable:
    """Make a new version of a school's timetable, in force at once; the former ones stay.

    What equals the version in force makes no new one, so that this can be called twice.

    Parameters
    ----------
    store : Store
    actor : Actor
    region, school : str
        Keys; school ``""`` for the audiences of the region.
    sessions, windows : bytes, optional
        As sessions.csv and access.csv (CONTRACT section 2); the column `school` may be left out. None keeps what the
        version in force has of them.
    source : str
        The file or program that they come from, for people to know it again.

    Raises
    ------
    FaultyInput
        With every fault of both files.
    NotThere
        There is no such school that the actor may change.
    Refused
        The school has left the region.
    """
    for _ in range(ATTEMPTS):
        ground, former = _look(store, actor, region, school)
        taught = (former.sessions or None) if sessions is None else sessions
        accessed = (former.windows or None) if windows is None else windows
        read = read_one_school(taught, accessed, ground.head, school)
        (brought,) = map(packed_timetable, school_texts(read.activities))
        bring = partial(_keep, actor=actor, region=region, brought=brought, ground=ground, source=source)
        done = store.in_work(partial(bring, whole=sessions is not None and windows is not None))
        if done is not None:
            now = replace(ground.head, activities=read.activities)
            return replace(done, warnings=(*read.warnings, *_wish_warnings(store, actor, region, school, now)))
    raise _changed_too_often()


def _changed_too_often() -> StoreFailed:
    return StoreFailed(T("others change this region all the time; try again in a moment"))


def _look(store: Store, actor: Actor, region: str, school: str) -> tuple[_Ground, TimetableText]:
    """Take what a timetable is looked at against, and the text of the version in force."""
    with store.read() as work:
        ground = _ground(work, actor, region, school)
        content = TimetableRepository(work, actor.edits).content(region, school)
    return ground, TimetableText(b"", b"") if content is None else TimetableText.parted(content)


def _ground(work: Work, actor: Actor, region: str, school: str) -> _Ground:
    regions = RegionRepository(work, actor.edits)
    row = regions.school_row(region, school)
    if row.left_at is not None:
        what = T("the region does not list the school “{school}” any more", school=school)
        raise Refused(T("{what}; {remedy}", what=what, remedy=T("ask the region to list it again")))
    return _Ground(regions.head_for(region, school), row.timetable_id)


def _hold(work: Work, actor: Actor, region: str, school: str) -> Any:
    """Hold the region, whose revision grows, and the school; give the school's row."""
    regions = RegionRepository(work, actor.edits)
    row = regions.school_row(region, school)
    regions.lock_region(row.region_id)
    regions.lock_school(row.id)
    return row


def _keep(
    work: Work, actor: Actor, region: str, brought: Brought, ground: _Ground, source: str, *, whole: bool
) -> BroughtTimetable | None:
    """Write a version; None where it was looked at against something else than there is now.

    A `whole` one keeps nothing of the version in force, so that it may be another one now.
    """
    school = brought.school
    row = _hold(work, actor, region, school)
    now = _ground(work, actor, region, school)
    if not ground.bears_as(now, same_version=not whole):
        return None
    former = _in_force(work, actor, region, school)
    if not TimetableRepository(work, actor.edits).bring(row.region_id, [brought], source, actor.person_id):
        return BroughtTimetable(_some(former), changed=False, warnings=())
    return _done(work, actor, region, row, former, "timetable.brought")


def _done(
    work: Work, actor: Actor, region: str, row: Any, former: TimetableVersion | None, what: str
) -> BroughtTimetable:
    """Write down that another version came into force."""
    revision = RegionRepository(work, actor.edits).grow(row.region_id)
    version = _some(_in_force(work, actor, region, row.key))
    before = None if former is None else {"version": former.number}
    counts = {"sessions": version.sessions, "windows": version.windows}
    after = {"version": version.number, "source": version.source, **counts}
    audit.note(work, actor, region, what, row.key, before=before, after=after, revision=revision)
    return BroughtTimetable(version, changed=True, warnings=())


def _in_force(work: Work, actor: Actor, region: str, school: str) -> TimetableVersion | None:
    listed = VersionRepository(work, actor.edits).of_school(region, school)
    return next((version for version in listed if version.in_force), None)


def _some(version: TimetableVersion | None) -> TimetableVersion:
    if version is None:
        raise AssertionError("a version that was just put in force is in force")
    return version


def _wish_warnings(store: Store, actor: Actor, region: str, school: str, taught: Region) -> tuple[Fault, ...]:
    """Say which wishes a timetable does not bear, and which find nothing in it."""
    with store.read() as work:
        kept = WishRepository(work, actor.edits).of_school(region, school)
    wished = fit_wishes(taught, {school: [one.wish for one in kept]})
    return (*wished.faults, *wished.idle)


def return_to(store: Store, actor: Actor, region: str, school: str, number: int) -> BroughtTimetable:
    """Put a former version in force again, or, after that, the later one: nothing is lost either way.

    Where it is in force already nothing changes, so that this can be called twice.

    Raises
    ------
    FaultyInput
        With everything in which the version does not fit the region as it is now.
    NotThere
        There is no such school that the actor may change, or no such version.
    Refused
        The content of the version was erased, or the school has left the region.
    """
    for _ in range(ATTEMPTS):
        with store.read() as work:
            ground = _ground(work, actor, region, school)
            version = VersionRepository(work, actor.edits).numbered(region, school, number)
            _refuse_erased(version)
            taught = one_school(work, actor.edits, region, school, version.id)
        back = partial(_return, actor=actor, region=region, school=school, number=number, ground=ground)
        done = store.in_work(back)
        if done is not None:
            return replace(done, warnings=_wish_warnings(store, actor, region, school, taught))
    raise _changed_too_often()


def _return(
    work: Work, actor: Actor, region: str, school: str, number: int, ground: _Ground
) -> BroughtTimetable | None:
    row = _hold(work, actor, region, school)
    if not ground.bears_as(_ground(work, actor, region, school), same_version=False):
        return None
    found = VersionRepository(work, actor.edits)
    version = found.numbered(region, school, number)
    if version.in_force:
        return BroughtTimetable(version, changed=False, warnings=())
    _refuse_erased(version)
    former = _in_force(work, actor, region, school)
    found.put_in_force(row.id, number)
    return _done(work, actor, region, row, former, "timetable.returned")


def _refuse_erased(version: TimetableVersion) -> None:
    if version.erased:
        what = T("version {number} was erased after its time", number=version.number)
        raise Refused(T("{what}; {remedy}", what=what, remedy=T("bring the timetable again")))


def versions(store: Store, actor: Actor, region: str, school: str) -> tuple[TimetableVersion, ...]:
    """List the versions of a school's timetable, the latest first.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return VersionRepository(work, actor.sees).of_school(region, school)


def changes_between(store: Store, actor: Actor, region: str, school: str, one: int, other: int) -> VersionChanges:
    """Say what differs in version number `other` from version number `one`.

    Raises
    ------
    NotThere
        There is no such school that the actor may see, or no such version.
    Refused
        The content of one of them was erased.
    """
    with store.read() as work:
        found = [VersionRepository(work, actor.sees).numbered(region, school, number) for number in (one, other)]
        for version in found:
            _refuse_erased(version)
        kept = TimetableRepository(work, actor.sees)
        contents = [kept.content(region, school, version.id) for version in found]
    before, after = (read_kept(TimetableText.parted(content or b""), School(school, school)) for content in contents)
    return compare_versions(before, after)


def plans_of_other_versions(store: Store, actor: Actor, region: str, school: str) -> tuple[PlanOfVersion, ...]:
    """List the plans of a school that were made from another version than the one in force, the latest first.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return VersionRepository(work, actor.sees).plans_of_others(region, school)
