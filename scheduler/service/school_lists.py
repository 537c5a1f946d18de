"""The list of a region's schools: brought as a file, or one school after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scheduler.errors import FaultyInput
from scheduler.files.fault_list import Findings
from scheduler.files.region_tables import SCHOOLS, read_schools
from scheduler.files.school_list import read_school_list
from scheduler.files.table import table_of
from scheduler.service.kept_regions import head_of
from scheduler.service.region_edits import Edited, Subject, begin_edit
from scheduler.store.leaving import give_back
from scheduler.store.regions import RegionRepository
from scheduler.store.timetables import TimetableRepository

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scheduler.domain.people import Actor
    from scheduler.domain.places import School
    from scheduler.service.region_edits import Edit
    from scheduler.store import Store, Work

LIST = Subject("schools", "schools.csv", names_schools=True)


@dataclass(frozen=True)
class ListTrial:
    """What a list of schools would change.

    Attributes
    ----------
    revision : int
        Of the region; whoever takes the list over names it.
    new, same : tuple of School
    changed : tuple of (School, School)
        Before and after.
    missing : tuple of School
        That the region has and the list lacks.
    mails : dict
        Key of the school -> e-mail address in the list.
    """

    revision: int
    new: tuple[School, ...]
    changed: tuple[tuple[School, School], ...]
    same: tuple[School, ...]
    missing: tuple[School, ...]
    mails: dict[str, str]


def try_school_list(store: Store, actor: Actor, region: str, content: bytes, name: str) -> ListTrial:
    """See what a list of schools would change; nothing is kept.

    Raises
    ------
    FaultyInput
        With every fault of the file, by line.
    NotThere
    """
    listed = read_school_list(content, name)
    with store.read() as work:
        has = {one.key: one for one in head_of(work, actor.sees, region).schools}
        revision = RegionRepository(work, actor.sees).region_row(region).revision
    wanted = {one.key: one for one in listed.schools}
    merged = {key: _merged(has[key], one) for key, one in wanted.items() if key in has}
    return ListTrial(
        revision=revision,
        new=tuple(one for key, one in wanted.items() if key not in has),
        changed=tuple((has[key], one) for key, one in merged.items() if one != has[key]),
        same=tuple(one for key, one in merged.items() if one == has[key]),
        missing=tuple(one for key, one in has.items() if key not in wanted),
        mails=listed.mails,
    )


def _merged(had: School, listed: School) -> School:
    """Take what a list says of a school; what it leaves out stays."""
    return replace(
        listed,
        name=had.name if listed.name == listed.key else listed.name,
        level=listed.level or had.level,
        academy=listed.academy or had.academy,
        pupils=had.pupils if listed.pupils is None else listed.pupils,
    )


def bring_school_list(
    store: Store, actor: Actor, region: str, content: bytes, name: str, *, made_from: int, without_missing: bool = False
) -> Edited:
    """Take a list of schools over: new ones come, known ones say what it says.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    content : bytes
        See :func:`scheduler.files.school_list.read_school_list`.
    name : str
    made_from : int
        The region's revision that the actor has looked at.
    without_missing : bool
        Schools that the list lacks leave the region: all that is theirs stays kept, but they have no timetable in force
        any more, and what they had booked from today on is given back.

    Raises
    ------
    FaultyInput
    NotThere
        There is no such region that the actor may change.
    Refused
        Somebody else changed the schools meanwhile; says who and when.
    """
    listed = read_school_list(content, name).schools

    def wanted(had: Sequence[School]) -> list[School]:
        news = {one.key: one for one in listed}
        kept = [one for one in had if not without_missing or one.key in news]
        known = {one.key for one in had}
        return [
            *(_merged(one, news[one.key]) if one.key in news else one for one in kept),
            *(one for one in listed if one.key not in known),
        ]

    return store.in_work(partial(_relist, actor, region, wanted, made_from))


def put_school(store: Store, actor: Actor, region: str, row: Mapping[str, str], *, made_from: int) -> Edited:
    """Add a school, or change what is said of one: cells of schools.csv by column.

    Raises
    ------
    FaultyInput, NotThere, Refused
        As :func:`bring_school_list`.
    """
    findings = Findings()
    values = read_schools(table_of("schools.csv", [row], SCHOOLS, findings)).values
    if len(findings.faults):
        raise FaultyInput([replace(fault, file="", line=0) for fault in findings.faults.listed(["schools.csv"])])
    (school,) = values

    def wanted(had: Sequence[School]) -> list[School]:
        if all(one.key != school.key for one in had):
            return [*had, school]
        return [school if one.key == school.key else one for one in had]

    return store.in_work(partial(_relist, actor, region, wanted, made_from))


def remove_school(store: Store, actor: Actor, region: str, key: str, *, made_from: int) -> Edited:
    """Let a school leave the region; see `without_missing` of :func:`bring_school_list`.

    Raises
    ------
    NotThere, Refused
    """

    def wanted(had: Sequence[School]) -> list[School]:
        return [one for one in had if one.key != key]

    return store.in_work(partial(_relist, actor, region, wanted, made_from))


def _relist(
    actor: Actor, region: str, wanted: Callable[[Sequence[School]], list[School]], made_from: int, work: Work
) -> Edited:
    edit = begin_edit(work, actor, region, LIST, made_from)
    had = edit.former.schools
    schools = tuple(wanted(had))
    if schools == had:
        return edit.nothing()
    regions, timetables = RegionRepository(work, actor.edits), TimetableRepository(work, actor.edits)
    timetables.lock_schools(edit.region_id)
    listed = regions.list_schools_anew(edit.region_id, schools, audiences=False)
    _forget_gone(edit, regions, schools)
    today = work.now.astimezone(ZoneInfo(edit.former.grid.timezone)).date()
    give_back(work, edit.region_id, listed.gone, today)
    after = {"new": listed.new, "changed": listed.changed, "left": len(listed.gone), "schools": len(schools)}
    return edit.done("schools.listed", region, before={"schools": len(had)}, after=after)


def _forget_gone(edit: Edit, regions: RegionRepository, schools: Sequence[School]) -> None:
    """Leave out closures and weeks of schools that are gone, for the region's files would name what is not there."""
    keys = {"", *(one.key for one in schools)}
    calendar = edit.former.calendar
    kept = replace(
        calendar,
        closures=tuple(one for one in calendar.closures if one.school in keys),
        weeks=tuple(one for one in calendar.weeks if one.school in keys),
    )
    if kept != calendar:
        regions.replace(edit.region_id, edit.former, replace(edit.former, calendar=kept), edit.actor.person_id)
