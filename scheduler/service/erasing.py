"""Erasing a school year (the duty to keep personal data no longer than needed)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from scheduler.errors import Refused
from scheduler.store import audit, erasing
from scheduler.store.scoped import Repository
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.domain.people import Actor
    from scheduler.domain.school_year import SchoolYear
    from scheduler.store import Store, Work


@dataclass(frozen=True)
class Erasable:
    """What goes and what stays of a school year and those before it.

    Attributes
    ----------
    goes : dict
        How much of each kind, by its name (`scheduler.store.erasing.KINDS`).
    stays : dict
        How much is of the year, or reaches into it, and is in use.
    """

    goes: Mapping[str, int]
    stays: Mapping[str, int]


def erasable(store: Store, actor: Actor, year: SchoolYear, region: str | None = None) -> Erasable:
    """Count what erasing a school year would erase; nothing is changed.

    Raises
    ------
    NotThere
        There is no such region.
    Refused
        The year is not over.
    """
    with store.read() as work:
        bounds = _bounds(work, actor, year, region)
        return Erasable({kind.name: kind.count(work, bounds) for kind in _kinds(bounds)}, erasing.in_use(work, bounds))


def erase(store: Store, actor: Actor, year: SchoolYear, region: str | None = None) -> Erasable:
    """Erase the contents of a school year and those before it that may hold names, where they are not in use.

    Each kind goes in a transaction of its own, so that nobody waits long; what was interrupted is finished by another
    call, and a second one finds nothing.

    Raises
    ------
    NotThere, Refused
        As :func:`erasable`.
    StoreFailed
        What was erased by then stays erased.
    """
    before = erasable(store, actor, year, region)
    goes = {name: store.in_work(partial(_erase, actor, year, region, name)) for name in before.goes}
    return Erasable(goes, before.stays)


def compact(store: Store) -> None:
    """Give back the room of what was erased; what stood there is gone from the file then.

    Raises
    ------
    StoreFailed
        There is no room for it now, or others hold the database.
    """
    erasing.compact(store)


def _erase(actor: Actor, year: SchoolYear, region: str | None, name: str, work: Work) -> int:
    bounds = _bounds(work, actor, year, region)
    erasing.hold(work, bounds)
    kind = next(kind for kind in _kinds(bounds) if kind.name == name)
    count = kind.erase(work, bounds)
    if count:
        chain = audit.SERVICE_CHAIN if region is None else region
        audit.note(work, actor, chain, f"{name}.erased", str(year), after={"count": count})
    return count


def _kinds(bounds: erasing.Bounds) -> list[erasing.Kind]:
    return [kind for kind in erasing.KINDS if kind.of_region or bounds.region_id is None]


def _bounds(work: Work, actor: Actor, year: SchoolYear, region: str | None) -> erasing.Bounds:
    if work.now < year.end:
        raise Refused(T("the school year {year} is not over; it can be erased from 1 September on", year=year))
    if region is None:
        if not actor.edits.everything:
            raise Refused(T("only an operator may erase all regions; name one region"))
        return erasing.Bounds(year, work.now)
    row = Repository(work, actor.edits).region_row(region)
    return erasing.Bounds(year, work.now, row.id, row.key)
