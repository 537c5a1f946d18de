"""What a school locks and wishes: stated, listed and withdrawn by those who may change the school."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from scheduler.domain.grid import WEEKDAYS
from scheduler.domain.wishes import DAY, KINDS, LOCK, OF_WHAT, SCHOOL, Finding, KeptWish, Wish, fit_wishes
from scheduler.errors import Fault, FaultyInput
from scheduler.files import cells
from scheduler.service.kept_regions import one_school
from scheduler.store import audit
from scheduler.store.regions import RegionRepository
from scheduler.store.wishes import WishRepository
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.domain.people import Actor
    from scheduler.store import Store, Work


@dataclass(frozen=True)
class ListedWish:
    """A wish and what it finds in the timetable in force.

    Attributes
    ----------
    kept : KeptWish
    finding : Finding
        How many sessions it holds for, and whose usual start it would forbid: a newer timetable may have made it so,
        and then it does not count.
    """

    kept: KeptWish
    finding: Finding


def read_wish(kind: str, of_what: str, name: str = "", time: str = "", note: str = "") -> Wish:
    """Make a wish of what somebody wrote.

    Parameters
    ----------
    kind, of_what : str
        As in :class:`Wish`.
    name : str
        As the timetable writes it; for a day ``MO`` … ``SU``.
    time : str
        ``09:00``, ``9h00``; empty for a lock.
    note : str

    Raises
    ------
    FaultyInput
        With everything that is wrong.
    """
    faults: list[Fault] = []

    def read(column: str, text: str, parse: Callable[[cells.Cell], Any]) -> Any:
        try:
            return parse(cells.Cell(column, text.strip()))
        except cells.BadCell as bad:
            faults.append(Fault("", 0, bad.what, bad.remedy))
            return None

    read("kind", kind, cells.one_of(*KINDS))
    read("of_what", of_what, cells.one_of(*OF_WHAT))
    if of_what == SCHOOL:
        name = ""
    elif not name.strip():
        faults.append(Fault("", 0, T("{column} is empty", column="name"), T("fill it in")))
    elif of_what == DAY:
        name = read("name", name.upper(), cells.one_of(*WEEKDAYS)) or ""
    else:
        name = read("name", name, cells.plain_text) or ""
    minute = None
    if kind != LOCK:
        minute = read("time", time, cells.time_of_day)
    if faults:
        raise FaultyInput(faults)
    return Wish(kind, of_what, name, minute, cells.free_text(cells.Cell("note", note)))


def state_wish(store: Store, actor: Actor, region: str, school: str, wish: Wish) -> KeptWish:
    """Keep a wish of a school, in the place of a former one of the same kind and name.

    Stated again, nothing changes.

    Raises
    ------
    NotThere
        There is no such school that the actor may change.
    FaultyInput
        The wish forbids a usual start of the timetable in force, or finds no session in it.
    """
    return store.in_work(partial(_state, actor=actor, region=region, school=school, wish=wish))


def _state(work: Work, actor: Actor, region: str, school: str, wish: Wish) -> KeptWish:
    """Look at the timetable in force, and write the wish down before anybody can put another one in force."""
    wishes = WishRepository(work, actor.edits)
    row = _held(work, actor, region, school)
    (finding,) = fit_wishes(one_school(work, actor.edits, region, school), {school: [wish]}).findings
    if not finding.sound:
        raise FaultyInput([finding.fault()])
    if not finding.sessions:
        raise FaultyInput([finding.idle()])
    former = _of_subject(wishes.of_school(region, school), wish)
    if former is None or former.wish != wish:
        wishes.put(row.id, wish, actor.person_id)
        before = None if former is None else _told(former.wish)
        _note(work, actor, region, row, "wish.stated", before=before, after=_told(wish))
    kept = _of_subject(wishes.of_school(region, school), wish)
    if kept is None:
        raise AssertionError("what was just written is there")
    return kept


def _of_subject(kept: tuple[KeptWish, ...], wish: Wish) -> KeptWish | None:
    return next((one for one in kept if one.wish.subject == wish.subject), None)


def withdraw_wish(store: Store, actor: Actor, region: str, school: str, wish_id: int) -> bool:
    """Take a wish back; tell whether it was there.

    Raises
    ------
    NotThere
        There is no such school that the actor may change.
    """

    def use(work: Work) -> bool:
        wishes = WishRepository(work, actor.edits)
        row = _held(work, actor, region, school)
        former = next((kept for kept in wishes.of_school(region, school) if kept.id == wish_id), None)
        if former is None:
            return False
        wishes.take_out(row.id, wish_id)
        _note(work, actor, region, row, "wish.withdrawn", before=_told(former.wish))
        return True

    return store.in_work(use)


def _held(work: Work, actor: Actor, region: str, school: str) -> Any:
    """Hold the region, whose revision grows, and the school; give the school's row as it then is."""
    regions = RegionRepository(work, actor.edits)
    row = regions.school_row(region, school)
    regions.lock_region(row.region_id)
    regions.lock_school(row.id)
    return regions.school_row(region, school)


def _note(work: Work, actor: Actor, region: str, row: Any, what: str, *, before: Any = None, after: Any = None) -> None:
    revision = RegionRepository(work, actor.edits).grow(row.region_id)
    audit.note(work, actor, region, what, row.key, before=before, after=after, revision=revision)


def _told(wish: Wish) -> dict[str, Any]:
    return {"kind": wish.kind, "of_what": wish.of_what, "name": wish.name, "minute": wish.minute, "note": wish.note}


def list_wishes(store: Store, actor: Actor, region: str, school: str) -> tuple[ListedWish, ...]:
    """List a school's wishes with what they find in the timetable in force, in the order in which they were stated.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        kept = WishRepository(work, actor.sees).of_school(region, school)
        taught = one_school(work, actor.sees, region, school)
    findings = fit_wishes(taught, {school: [one.wish for one in kept]}).findings
    return tuple(map(ListedWish, kept, findings))
