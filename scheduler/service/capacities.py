"""Capacity entries one by one: what a platform bears, a raise, an outage, an attack, a reserve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from scheduler.errors import Fault, FaultyInput, NotThere
from scheduler.files.fault_list import Findings
from scheduler.files.region_tables import CAPACITY, read_capacity
from scheduler.files.region_warnings import warn_of_idle_capacity
from scheduler.files.region_writer import cells_of
from scheduler.files.table import table_of
from scheduler.service.region_edits import Edited, Subject, begin_edit
from scheduler.store.capacities import CapacityRepository
from scheduler.store.regions import RegionRepository
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.domain.capacity import CapacityEntry, KeptCapacity
    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.service.region_edits import Edit
    from scheduler.store import Store, Work

CAPACITIES = Subject("capacity", "capacity.csv")
FIRST_LINE = 2
"""Where the first entry stands in capacity.csv, below the header."""


@dataclass(frozen=True)
class ListedCapacities:
    """The capacity entries of a region.

    Attributes
    ----------
    entries : tuple of KeptCapacity
        In the order of capacity.csv.
    revision : int
        Of the region; an edit made from this list names it.
    """

    entries: tuple[KeptCapacity, ...]
    revision: int


@dataclass(frozen=True)
class EnteredCapacity:
    """An entry that is in force now.

    Attributes
    ----------
    id : int
    edited : Edited
    warnings : tuple of Fault
        Why it may have no effect.
    """

    id: int
    edited: Edited
    warnings: tuple[Fault, ...]


def list_capacities(store: Store, actor: Actor, region: str) -> ListedCapacities:
    """List the capacity entries of a region.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        revision = RegionRepository(work, actor.sees).region_row(region).revision
        return ListedCapacities(CapacityRepository(work, actor.sees).of_region(region), revision)


def enter_capacity(
    store: Store, actor: Actor, region: str, row: Mapping[str, str], *, made_from: int
) -> EnteredCapacity:
    """Enter a capacity; the same call repeated enters it once.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    row : mapping of str to str
        Cells of capacity.csv by column: ``platform``, ``meter``, ``from``, ``to``, ``kind``, ``amount``, ``note``.
    made_from : int
        The region's revision that the actor has looked at.

    Raises
    ------
    FaultyInput
        With everything that is wrong with the row.
    NotThere
        There is no such region that the actor may change.
    Refused
        Somebody else changed the capacities meanwhile; says who and when.
    """
    return store.in_work(partial(_enter, actor=actor, region=region, row=row, made_from=made_from))


def _enter(work: Work, actor: Actor, region: str, row: Mapping[str, str], made_from: int) -> EnteredCapacity:
    edit = begin_edit(work, actor, region, CAPACITIES, made_from)
    capacities = CapacityRepository(work, actor.edits)
    kept = capacities.of_region(region)
    # A repeated call finds what its first one wrote; that one is no second base beside itself.
    repeated = next((one for one in reversed(kept) if _entered_before(edit, one, row)), None)
    entry, warnings = checked_entry(edit.former, kept, row, repeated)
    if repeated is not None:
        return EnteredCapacity(repeated.id, edit.nothing(), warnings)
    its_id = capacities.add(edit.region_id, entry, actor.person_id)
    after = {"entry": its_id, **cells_of(entry)}
    return EnteredCapacity(its_id, edit.done("capacity.entered", entry.platform, after=after), warnings)


def _entered_before(edit: Edit, kept: KeptCapacity, row: Mapping[str, str]) -> bool:
    """Tell whether the actor entered this row since the revision that the call was made from."""
    if not edit.was_done("capacity.entered", lambda done: done.after and done.after["entry"] == kept.id):
        return False
    findings = Findings()
    read = read_capacity(table_of(CAPACITIES.file, [row], CAPACITY, findings), None)
    return read.values == (kept.entry,)


def checked_entry(
    region: Region, kept: tuple[KeptCapacity, ...], row: Mapping[str, str], former: KeptCapacity | None
) -> tuple[CapacityEntry, tuple[Fault, ...]]:
    """Read a row beside the entries that stay, by the rules of capacity.csv; with its warnings.

    Parameters
    ----------
    region : Region
        Whose platforms and usage count.
    kept : tuple of KeptCapacity
        All that are in force.
    row : mapping of str to str
    former : KeptCapacity or None
        The one that it replaces.

    Raises
    ------
    FaultyInput
    """
    findings = Findings()
    lines = {one.id: line for line, one in enumerate(kept, start=FIRST_LINE)}
    others = [one for one in kept if one is not former]
    # The row comes last, so that what it says a second time is told of it and not of another.
    rows = [*(cells_of(one.entry) for one in others), row]
    places = [*(lines[one.id] for one in others), FIRST_LINE + len(kept) if former is None else lines[former.id]]
    table = table_of(CAPACITIES.file, rows, CAPACITY, findings, lines=places)
    listed = read_capacity(table, {platform.key for platform in region.platforms})
    if len(findings.faults):
        raise FaultyInput([replace(fault, file="", line=0) for fault in findings.faults.listed([CAPACITIES.file])])
    warn_of_idle_capacity(replace(region, capacities=listed.values), listed)
    mine = [fault for fault in findings.warnings.listed([CAPACITIES.file]) if fault.line == places[-1]]
    return listed.values[-1], tuple(replace(fault, file="", line=0) for fault in mine)


def change_capacity(
    store: Store, actor: Actor, region: str, entry_id: int, row: Mapping[str, str], *, made_from: int
) -> EnteredCapacity:
    """Put another row in the place of an entry; what it was stays in the history.

    Raises
    ------
    FaultyInput
        With everything that is wrong with the row.
    NotThere
        There is no such entry that the actor may change.
    Refused
        Somebody else changed the capacities meanwhile; says who and when.
    """
    change = partial(_change, actor=actor, region=region, entry_id=entry_id, row=row, made_from=made_from)
    return store.in_work(change)


def _change(
    work: Work, actor: Actor, region: str, entry_id: int, row: Mapping[str, str], made_from: int
) -> EnteredCapacity:
    edit = begin_edit(work, actor, region, CAPACITIES, made_from)
    capacities = CapacityRepository(work, actor.edits)
    kept = capacities.of_region(region)
    former = next((one for one in kept if one.id == entry_id), None)
    if former is None:
        raise NotThere(T("there is no such capacity entry in the region “{key}”", key=region))
    entry, warnings = checked_entry(edit.former, kept, row, former)
    if entry == former.entry:
        return EnteredCapacity(entry_id, edit.nothing(), warnings)
    capacities.put(entry_id, entry, actor.person_id)
    before, after = ({"entry": entry_id, **cells_of(one)} for one in (former.entry, entry))
    done = edit.done("capacity.changed", entry.platform, before=before, after=after)
    return EnteredCapacity(entry_id, done, warnings)


def withdraw_capacity(store: Store, actor: Actor, region: str, entry_id: int, *, made_from: int) -> Edited:
    """Take an entry out; what it was stays in the history.

    Raises
    ------
    NotThere
        There is no such entry that the actor may change.
    Refused
        Somebody else changed the capacities meanwhile; says who and when.
    """
    return store.in_work(partial(_withdraw, actor=actor, region=region, entry_id=entry_id, made_from=made_from))


def _withdraw(work: Work, actor: Actor, region: str, entry_id: int, made_from: int) -> Edited:
    edit = begin_edit(work, actor, region, CAPACITIES, made_from)
    capacities = CapacityRepository(work, actor.edits)
    former = next((one for one in capacities.of_region(region) if one.id == entry_id), None)
    if former is None:
        if edit.was_done("capacity.withdrawn", lambda done: done.before and done.before["entry"] == entry_id):
            return edit.nothing()
        raise NotThere(T("there is no such capacity entry in the region “{key}”", key=region))
    capacities.take_out(entry_id)
    before = {"entry": entry_id, **cells_of(former.entry)}
    return edit.done("capacity.withdrawn", former.entry.platform, before=before)
