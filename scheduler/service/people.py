"""Who may do what: inviting people, giving and taking roles, keeping somebody out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.people import OPERATOR, REGION, ROLES, Person, Role, may_give
from scheduler.errors import Fault, FaultyInput, NotThere, Refused
from scheduler.service.emails import check_email, printable, tidy_email
from scheduler.service.sign_in import IDLE
from scheduler.service.tokens import hash_of, new_token
from scheduler.store import audit
from scheduler.store.accounts import Accounts
from scheduler.store.people import People
from scheduler.store.sign_ins import SignIns
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.domain.people import Actor
    from scheduler.store import Store, Work
    from scheduler.store.accounts import Account
    from scheduler.wording import Text

VALID_FOR = dt.timedelta(days=7)
"""How long a one-time link can be taken up."""


@dataclass(frozen=True)
class Invited:
    """What came of an invitation.

    Attributes
    ----------
    person : Person
    token : str or None
        Of the one-time link, which nobody can show again; None: the person has a password already and keeps it.
    expires_at : datetime.datetime or None
        When the link ends.
    """

    person: Person
    token: str | None = None
    expires_at: dt.datetime | None = None


@dataclass(frozen=True)
class _Target:
    """A role with the place that it is of."""

    role: Role
    region_id: int | None
    region: str | None
    school: str | None

    @property
    def told(self) -> dict[str, str | None]:
        """What the audit log says of it."""
        return {"role": self.role.name, "region": self.region, "school": self.school}


def invite(
    store: Store,
    actor: Actor,
    email: str,
    role: str,
    region: str | None = None,
    school: str | None = None,
    *,
    name: str = "",
    language: str = "fr",
) -> Invited:
    """Give somebody a role, and an account with a one-time link where they have none.

    Who has a password keeps it, and there is no link, unless the new role reaches further than those they have: whoever
    made the former link could know the password, and the new role is not for them.

    Raises
    ------
    FaultyInput
        The e-mail address, or role without its place.
    NotThere
        Region or school.
    Refused
        The actor may not give that role, or does not answer for somebody who is here already.
    """
    address, token = check_email(email), new_token()
    if language not in ("fr", "en"):
        raise FaultyInput([Fault("language", 0, T("there is no such language"), T("write fr or en"))])

    def do(work: Work) -> Invited:
        target = _target(work, actor, role, region, school)
        accounts, people = Accounts(work), People(work, actor.edits)
        account, is_new = accounts.made(address, printable(name).strip()[:200] or address, language)
        if not people.answers_for(account.id):
            raise Refused(_not_yours(address))
        fresh = is_new or account.password_hash is None or account.disabled or people.is_wider(account.id, target.role)
        expires_at = None
        if fresh:
            expires_at = _make_link(work, actor, account, token, anew=True)
        if not people.holds(account.id, target.role):
            people.give(account.id, target.role, actor)
            after = {"email": address, **target.told}
            audit.note(work, actor, target.region or "", "role.given", person_key(account.id), after=after)
        return Invited(people.find(address), token if fresh else None, expires_at)

    return store.in_work(do)


def invite_again(store: Store, actor: Actor, email: str) -> Invited:
    """Make a new one-time link for somebody who lost the former one, forgot the password, or was kept out.

    The password, if there is one, holds until the link is taken up; who was kept out has none any more.

    Raises
    ------
    NotThere
    Refused
        The actor does not answer for that person.
    """
    token = new_token()

    def do(work: Work) -> Invited:
        account = _answered_for(work, actor, email)
        expires_at = _make_link(work, actor, account, token, anew=account.disabled)
        return Invited(People(work, actor.edits).find(account.email), token, expires_at)

    return store.in_work(do)


def _make_link(work: Work, actor: Actor, account: Account, token: str, *, anew: bool) -> dt.datetime:
    """Make a one-time link; `anew`: what could be done with the account until now ends."""
    accounts = Accounts(work)
    if anew:
        accounts.set_password(account.id, None)
        accounts.enable(account.id)
        SignIns(work, IDLE).end(account.id)
    expires_at = accounts.invite(account.id, hash_of(token), VALID_FOR, actor.person_id)
    after = {"email": account.email, "expires_at": expires_at.isoformat()}
    audit.note(work, actor, audit.SERVICE_CHAIN, "person.invited", person_key(account.id), after=after)
    return expires_at


def take_role(
    store: Store, actor: Actor, email: str, role: str, region: str | None = None, school: str | None = None
) -> None:
    """Take a role from somebody, and sign them out.

    Raises
    ------
    FaultyInput, NotThere
    Refused
        The actor may not take that role, or would take it from themselves.
    """

    def do(work: Work) -> None:
        target = _target(work, actor, role, region, school)
        people = People(work, actor.edits)
        account = Accounts(work).held(people.find(tidy_email(email)).id)
        _refuse_oneself(actor, account)
        if people.holds(account.id, target.role):
            people.take(account.id, target.role)
            SignIns(work, IDLE).end(account.id)
            before = {"email": account.email, **target.told}
            audit.note(work, actor, target.region or "", "role.taken", person_key(account.id), before=before)

    store.in_work(do)


def disable(store: Store, actor: Actor, email: str) -> None:
    """Keep somebody out until they are invited again; they are signed out at once.

    Raises
    ------
    NotThere
    Refused
        The actor does not answer for that person, or is that person.
    """

    def do(work: Work) -> None:
        account = _answered_for(work, actor, email)
        _refuse_oneself(actor, account)
        if account.disabled:
            return
        accounts = Accounts(work)
        accounts.disable(account.id)
        accounts.end_invitations(account.id)
        SignIns(work, IDLE).end(account.id)
        told = {"email": account.email}
        audit.note(work, actor, audit.SERVICE_CHAIN, "person.disabled", person_key(account.id), after=told)

    store.in_work(do)


def end_sign_ins(store: Store, actor: Actor, email: str) -> int:
    """Sign somebody out everywhere; give in how many browsers they were signed in.

    Raises
    ------
    NotThere
    Refused
        The actor does not answer for that person.
    """

    def do(work: Work) -> int:
        account = _answered_for(work, actor, email)
        ended = SignIns(work, IDLE).end(account.id)
        if ended:
            after = {"email": account.email, "ended": ended}
            audit.note(work, actor, audit.SERVICE_CHAIN, "sign-ins.ended", person_key(account.id), after=after)
        return ended

    return store.in_work(do)


def list_people(store: Store, actor: Actor, region: str | None = None, school: str | None = None) -> list[Person]:
    """List the people that the actor cares for: everybody's, a region's, or a school's; a teacher for none.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return People(work, actor.edits).listed(region, school)


def person_key(person_id: int) -> str:
    """Name a person in the audit log; the e-mail address stands beside it, where it can be erased."""
    return f"person {person_id}"


def _answered_for(work: Work, actor: Actor, email: str) -> Account:
    """Find a person in the actor's scope and hold the account."""
    people = People(work, actor.edits)
    person = people.find(tidy_email(email))
    account = Accounts(work).held(person.id)
    if not people.answers_for(account.id):
        raise Refused(_not_yours(account.email))
    return account


def _target(work: Work, actor: Actor, name: str, region: str | None, school: str | None) -> _Target:
    """Find what a role is of, and that the actor may give and take it."""
    target = _found_target(People(work, actor.sees), name, region or None, school or None)
    if not may_give(actor.edits, name, target.region_id, target.role.school_id):
        raise Refused(T("you may neither give nor take the role “{role}” there; ask whoever invited you", role=name))
    return target


def _found_target(people: People, name: str, region: str | None, school: str | None) -> _Target:
    if name not in ROLES:
        remedy = T("write {names}", names=", ".join(ROLES))
        raise FaultyInput([Fault("role", 0, T("there is no role “{role}”", role=name), remedy)])
    if name == OPERATOR:
        _wants("region", name, given=region, wanted=False)
        _wants("school", name, given=school, wanted=False)
        return _Target(Role(name), None, None, None)
    if name == REGION:
        _wants("region", name, given=region, wanted=True)
        _wants("school", name, given=school, wanted=False)
        row = people.region_row(str(region))
        return _Target(Role(name, region_id=row.id), row.id, row.key, None)
    _wants("school", name, given=school, wanted=True)
    row = people.school_row(region or _only_region(people, str(school)), str(school))
    return _Target(Role(name, school_id=row.id), row.region_id, row.region_key, row.key)


def _wants(what: str, name: str, *, given: str | None, wanted: bool) -> None:
    if (given is not None) == wanted:
        return
    if wanted:
        fault = Fault(what, 0, T("the role “{role}” is of one place", role=name), T("say which"))
    else:
        fault = Fault(what, 0, T("the role “{role}” is not of such a place", role=name), T("leave it out"))
    raise FaultyInput([fault])


def _only_region(people: People, school: str) -> str:
    found = people.schools_called(school)
    if not found:
        raise NotThere(T("there is no school “{key}”", key=school))
    if len(found) > 1:
        several = ", ".join(region for region, _ in found)
        what = T("several regions have a school “{key}”: {regions}", key=school, regions=several)
        raise FaultyInput([Fault("region", 0, what, T("say which"))])
    return found[0][0]


def _refuse_oneself(actor: Actor, account: Account) -> None:
    if account.id == actor.person_id:
        raise Refused(T("nobody takes away their own account or roles; ask somebody else who may"))


def _not_yours(email: str) -> Text:
    return T("“{email}” has roles that are not yours to give; ask the region or an operator", email=email)
