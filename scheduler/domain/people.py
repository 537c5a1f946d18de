"""Who may see and do what.

A person has roles; a role is of a region, of a school, or of the whole service. From the roles follows a *scope*, which
every query of the store takes: what lies outside is not there for that person. An *actor* is whoever acts, a person or
the service itself, and stands in the audit log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

OPERATOR, REGION, PRINCIPAL, TEACHER = "operator", "region", "principal", "teacher"
ROLES = (OPERATOR, REGION, PRINCIPAL, TEACHER)
"""From the one that reaches furthest."""


@dataclass(frozen=True)
class Role:
    """What a person is.

    Attributes
    ----------
    name : str
        ``operator`` (of the service), ``region`` (of a region), ``principal`` or ``teacher`` (of a school).
    region_id, school_id : int or None
        Of which region, of which school; both None for an operator.
    """

    name: str
    region_id: int | None = None
    school_id: int | None = None

    def __post_init__(self) -> None:
        if self.name not in ROLES:
            raise ValueError(f"no role is called {self.name!r}")
        if (self.region_id is not None) != (self.name == REGION):
            raise ValueError("a region belongs to the role region, and to no other")
        if (self.school_id is not None) != (self.name in (PRINCIPAL, TEACHER)):
            raise ValueError("a school belongs to the roles principal and teacher, and to no other")


@dataclass(frozen=True)
class Scope:
    """What somebody may see or, where it says so, change.

    Attributes
    ----------
    everything : bool
        All regions and schools.
    regions : frozenset of int
        These regions with all their schools.
    schools : frozenset of int
        These schools besides; of their region only what concerns them.
    """

    everything: bool = False
    regions: frozenset[int] = frozenset()
    schools: frozenset[int] = frozenset()


EVERYTHING = Scope(everything=True)
NOTHING = Scope()


def scope_of(roles: Iterable[Role]) -> Scope:
    """Give what the holder of these roles may see."""
    held = tuple(roles)
    return Scope(
        everything=any(role.name == OPERATOR for role in held),
        regions=frozenset(role.region_id for role in held if role.region_id is not None),
        schools=frozenset(role.school_id for role in held if role.school_id is not None),
    )


def editing_scope_of(roles: Iterable[Role]) -> Scope:
    """Give what the holder of these roles may change: a teacher only looks."""
    return scope_of(role for role in roles if role.name != TEACHER)


@dataclass(frozen=True)
class Actor:
    """Whoever acts.

    Attributes
    ----------
    person_id : int or None
        None for the service itself (a worker, the command line).
    name : str
        As the audit log shows it: a person's e-mail address, or ``worker``, ``command line``.
    sees : Scope
    edits : Scope
        A part of `sees`.
    """

    person_id: int | None
    name: str
    sees: Scope
    edits: Scope


def service_actor(name: str) -> Actor:
    """Make the service itself an actor that may do everything."""
    return Actor(None, name, EVERYTHING, EVERYTHING)


def person_actor(person_id: int, name: str, roles: Iterable[Role]) -> Actor:
    """Make a person an actor."""
    held = tuple(roles)
    return Actor(person_id, name, scope_of(held), editing_scope_of(held))


def may_give(edits: Scope, name: str, region_id: int | None, school_id: int | None) -> bool:
    """Tell whether somebody may give or take a role, and so whether they answer for its holder.

    An operator may every one; who cares for a region may those of the region and its schools; a principal may the
    teachers of the school.

    Parameters
    ----------
    edits : Scope
        What they may change.
    name : str
        The role.
    region_id : int or None
        Region of the role; for a school's role, the region that the school lies in.
    school_id : int or None
    """
    if edits.everything:
        return True
    if name == TEACHER and school_id in edits.schools:
        return True
    return name != OPERATOR and region_id in edits.regions


@dataclass(frozen=True)
class Post:
    """A role that somebody holds, with the names of what it is of.

    Attributes
    ----------
    role : Role
    region_id : int or None
        Of the role, or of its school; None for an operator.
    region, school : str or None
        Keys.
    region_name, school_name : str
        Empty where there is none.
    given_at : datetime.datetime
    """

    role: Role
    region_id: int | None
    region: str | None
    school: str | None
    region_name: str
    school_name: str
    given_at: dt.datetime


@dataclass(frozen=True)
class Person:
    """Somebody with an account.

    Attributes
    ----------
    id : int
    email : str
        In small letters; nobody else has it.
    name : str
    language : str
        ``fr`` or ``en``.
    taken_up : bool
        Whether the invitation was taken up, so that there is a password.
    disabled : bool
        Whether they are kept out.
    posts : tuple of Post
        The roles, as far as whoever asks may see them.
    """

    id: int
    email: str
    name: str
    language: str
    taken_up: bool
    disabled: bool
    posts: tuple[Post, ...]


@dataclass(frozen=True)
class SignIn:
    """A browser in which somebody is signed in.

    Attributes
    ----------
    id : int
    begun_at, seen_at, ends_at : datetime.datetime
        `ends_at`: when it ends if it is not used any more before then.
    program : str
        What the browser calls itself.
    current : bool
        Whether it is the one that asks.
    """

    id: int
    begun_at: dt.datetime
    seen_at: dt.datetime
    ends_at: dt.datetime
    program: str
    current: bool
