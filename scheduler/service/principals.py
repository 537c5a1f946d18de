"""Principals of many schools at once: inviting them, and reminding those whose school is late."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.listing import MOST_ON_A_PAGE, STATES
from scheduler.domain.people import PRINCIPAL
from scheduler.errors import Fault, FaultyInput, NotThere, Refused
from scheduler.service.emails import check_email
from scheduler.service.people import invite, list_people
from scheduler.service.regions import list_schools
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scheduler.domain.listing import SchoolEntry
    from scheduler.domain.people import Actor, Person
    from scheduler.store import Store
    from scheduler.wording import Text

MOST = 20_000


@dataclass(frozen=True)
class Wanted:
    """Somebody to be invited."""

    school: str
    email: str
    name: str = ""


@dataclass(frozen=True)
class InvitedPrincipal:
    """What came of one invitation.

    Attributes
    ----------
    wanted : Wanted
    token : str or None
        Of the one-time link, which nobody can show again; None: has a password already, or was refused.
    refused : Text or None
    """

    wanted: Wanted
    token: str | None
    refused: Text | None = None


def read_principals(text: str) -> tuple[Wanted, ...]:
    """Read lines ``UAI, e-mail[, name]``; ``;`` and tabs part as well.

    Raises
    ------
    FaultyInput
        With every line that is none.
    """
    faults, found = [], []
    for line, row in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in next(csv.reader(io.StringIO(row), delimiter=_delimiter(row)), [])]
        if not any(cells):
            continue
        if len(cells) < 2 or not cells[0]:
            what = T("this is no school with an e-mail address")
            faults.append(Fault("lines", line, what, T("write UAI, e-mail address and, if you like, a name")))
            continue
        try:
            found.append(Wanted(cells[0], check_email(cells[1]), " ".join(cells[2:])))
        except FaultyInput as wrong:
            faults += [Fault("lines", line, fault.what, fault.remedy) for fault in wrong.faults]
    if not found and not faults:
        faults.append(Fault("lines", 0, T("there is nobody to invite"), T("write a line a school")))
    if len(found) > MOST:
        faults.append(Fault("lines", 0, T("these are more than {most} lines", most=MOST), T("take some at a time")))
    if faults:
        raise FaultyInput(faults)
    return tuple(found)


def _delimiter(row: str) -> str:
    return next((sign for sign in ("\t", ";") if sign in row), ",")


def invite_principals(
    store: Store, actor: Actor, region: str, wanted: Sequence[Wanted]
) -> tuple[InvitedPrincipal, ...]:
    """Invite people as principals; who is refused stops nobody else.

    Raises
    ------
    StoreFailed
    """
    return tuple(_invited(store, actor, region, one) for one in wanted)


def _invited(store: Store, actor: Actor, region: str, one: Wanted) -> InvitedPrincipal:
    try:
        done = invite(store, actor, one.email, PRINCIPAL, region, one.school, name=one.name)
    except Refused as refused:
        return InvitedPrincipal(one, None, refused.reasons[0])
    except NotThere as missing:
        return InvitedPrincipal(one, None, missing.what)
    except FaultyInput as faulty:
        return InvitedPrincipal(one, None, faulty.faults[0].what)
    return InvitedPrincipal(one, done.token)


@dataclass(frozen=True)
class Late:
    """A school that is late, and its principals.

    Attributes
    ----------
    entry : SchoolEntry
    people : tuple of Person
    """

    entry: SchoolEntry
    people: tuple[Person, ...]


def principals(store: Store, actor: Actor, region: str) -> dict[str, tuple[Person, ...]]:
    """Give the principals of a region's schools, by key.

    Raises
    ------
    NotThere
    """
    found: dict[str, tuple[Person, ...]] = {}
    for person in list_people(store, actor, region):
        for post in person.posts:
            if post.role.name == PRINCIPAL and post.region == region and post.school:
                found[post.school] = (*found.get(post.school, ()), person)
    return found


def late_schools(store: Store, actor: Actor, region: str, states: Sequence[str]) -> tuple[Late, ...]:
    """Give the schools in some states, with whom to remind.

    Raises
    ------
    NotThere
    """
    people = principals(store, actor, region)
    return tuple(
        Late(entry, tuple(one for one in people.get(entry.school.key, ()) if not one.disabled))
        for state in states
        if state in STATES
        for entry in _in_state(store, actor, region, state)
    )


def _in_state(store: Store, actor: Actor, region: str, state: str) -> Iterator[SchoolEntry]:
    page, more = 1, True
    while more:
        found = list_schools(store, actor, region, state=state, page=page, size=MOST_ON_A_PAGE)
        yield from found.entries
        page, more = page + 1, len(found.entries) == MOST_ON_A_PAGE
