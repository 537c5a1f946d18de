"""What a change of capacity would do to the region's plan, before anybody saves it; and all capacities as one file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from scheduler.errors import FaultyInput, NotThere
from scheduler.files.csv_rows import Source
from scheduler.files.fault_list import Findings
from scheduler.files.region_tables import CAPACITY, read_capacity
from scheduler.files.region_writer import cells_of
from scheduler.files.table import read_table
from scheduler.service.capacities import CAPACITIES, checked_entry
from scheduler.service.kept_regions import head_of
from scheduler.service.load_views import LoadView, current_view
from scheduler.service.region_edits import Edited, begin_edit
from scheduler.store.capacities import CapacityRepository
from scheduler.store.regions import RegionRepository
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scheduler.domain.capacity import CapacityEntry, KeptCapacity
    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.errors import Fault
    from scheduler.store import Store, Work


@dataclass(frozen=True)
class Trial:
    """What capacities would do that are only thought of.

    Attributes
    ----------
    revision : int
        Of the region; whoever saves the change names it.
    now, then : LoadView
        The region's plan under the limits of now, and under those thought of.
    added, withdrawn : tuple of CapacityEntry
    warnings : tuple of Fault
        Why something of it may have no effect.
    """

    revision: int
    now: LoadView
    then: LoadView
    added: tuple[CapacityEntry, ...]
    withdrawn: tuple[CapacityEntry, ...]
    warnings: tuple[Fault, ...] = ()


def see_capacities(store: Store, actor: Actor, region: str) -> tuple[LoadView, Region]:
    """Give the plan of the whole horizon under the limits of now, and the region without activities.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        head = head_of(work, actor.sees, region)
        return current_view(work, actor.sees, region, head.grid.first_date, head.grid.last_date), head


def try_capacity(
    store: Store, actor: Actor, region: str, row: Mapping[str, str], *, instead_of: int | None = None
) -> Trial:
    """See what an entry would do, as a new one or in the place of another; nothing is kept.

    Raises
    ------
    FaultyInput
        With everything that is wrong with the row.
    NotThere
        There is no such region, or no such entry to be replaced.
    """
    with store.read() as work:
        head, kept = head_of(work, actor.sees, region), CapacityRepository(work, actor.sees).of_region(region)
        former = None if instead_of is None else _one_of(kept, instead_of, region)
        entry, warnings = checked_entry(head, kept, row, former)
        others = [one.entry for one in kept if one is not former]
        return replace(_trial(work, actor, region, head, kept, [*others, entry]), warnings=warnings)


def try_without(store: Store, actor: Actor, region: str, entry_id: int) -> Trial:
    """See what it would do to withdraw an entry.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        head, kept = head_of(work, actor.sees, region), CapacityRepository(work, actor.sees).of_region(region)
        gone = _one_of(kept, entry_id, region)
        return _trial(work, actor, region, head, kept, [one.entry for one in kept if one is not gone])


def try_file(store: Store, actor: Actor, region: str, content: bytes) -> Trial:
    """See what it would do to put the entries of a file capacity.csv in the place of all there are.

    Raises
    ------
    FaultyInput
        With every fault of the file, by line.
    NotThere
    """
    with store.read() as work:
        head, kept = head_of(work, actor.sees, region), CapacityRepository(work, actor.sees).of_region(region)
        entries, warnings = read_capacities(head, content)
        return replace(_trial(work, actor, region, head, kept, entries), warnings=warnings)


def _one_of(kept: Sequence[KeptCapacity], entry_id: int, region: str) -> KeptCapacity:
    found = next((one for one in kept if one.id == entry_id), None)
    if found is None:
        raise NotThere(T("there is no such capacity entry in the region “{key}”", key=region))
    return found


def _trial(
    work: Work, actor: Actor, region: str, head: Region, kept: Sequence[KeptCapacity], entries: Sequence[CapacityEntry]
) -> Trial:
    now = current_view(work, actor.sees, region, head.grid.first_date, head.grid.last_date)
    added, withdrawn = changed([one.entry for one in kept], entries)
    return Trial(
        revision=RegionRepository(work, actor.sees).region_row(region).revision,
        now=now,
        then=now.on_servers(replace(head, capacities=tuple(entries))),
        added=added,
        withdrawn=withdrawn,
    )


def changed(
    before: Sequence[CapacityEntry], after: Sequence[CapacityEntry]
) -> tuple[tuple[CapacityEntry, ...], tuple[CapacityEntry, ...]]:
    """Tell which entries come and which go; of equal ones each counts."""
    had, has = Counter(before), Counter(after)
    return tuple((has - had).elements()), tuple((had - has).elements())


def read_capacities(region: Region, content: bytes) -> tuple[tuple[CapacityEntry, ...], tuple[Fault, ...]]:
    """Read a file capacity.csv for a region; give its entries and warnings.

    Raises
    ------
    FaultyInput
        With every fault, by line.
    """
    findings = Findings()
    table = read_table([Source(content, CAPACITIES.file)], CAPACITY, findings)
    listed = read_capacity(table, {platform.key for platform in region.platforms})
    if len(findings.faults):
        raise FaultyInput(findings.faults.listed([CAPACITIES.file]))
    return listed.values, tuple(findings.warnings.listed([CAPACITIES.file]))


def replace_capacities(store: Store, actor: Actor, region: str, content: bytes, *, made_from: int) -> Edited:
    """Put the entries of a file capacity.csv in the place of all there are; equal ones stay as they were entered.

    Raises
    ------
    FaultyInput
        With every fault of the file, by line.
    NotThere
        There is no such region that the actor may change.
    Refused
        Somebody else changed the capacities meanwhile; says who and when.
    """
    return store.in_work(partial(_replace, actor=actor, region=region, content=content, made_from=made_from))


def _replace(work: Work, actor: Actor, region: str, content: bytes, made_from: int) -> Edited:
    edit = begin_edit(work, actor, region, CAPACITIES, made_from)
    entries, _ = read_capacities(edit.former, content)
    capacities = CapacityRepository(work, actor.edits)
    wanted = Counter(entries)
    withdrawn = []
    for kept in capacities.of_region(region):
        if wanted[kept.entry]:
            wanted[kept.entry] -= 1
        else:
            capacities.take_out(kept.id)
            withdrawn.append(kept.entry)
    added = list(wanted.elements())
    if not added and not withdrawn:
        return edit.nothing()
    for entry in added:
        capacities.add(edit.region_id, entry, actor.person_id)
    before, after = ([cells_of(one) for one in some] for some in (withdrawn, added))
    return edit.done("capacity.replaced", region, before=before, after=after)
