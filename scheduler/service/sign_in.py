"""Signing in and out: one-time links, passwords, and the browsers in which somebody is signed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.people import Actor, Person, person_actor
from scheduler.errors import Fault, FaultyInput, NotThere, Refused, StoreFailed
from scheduler.service import passwords
from scheduler.service.attempts import WITHIN, attempt
from scheduler.service.emails import printable, tidy_email
from scheduler.service.tokens import hash_of, new_token
from scheduler.store import audit
from scheduler.store.accounts import Accounts
from scheduler.store.sign_ins import Failures, SignIns
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.domain.people import SignIn
    from scheduler.store import Store, Work
    from scheduler.store.accounts import Account
    from scheduler.wording import Text

IDLE, LONGEST = dt.timedelta(hours=12), dt.timedelta(days=30)
"""A sign-in ends when it is not used for so long, and after so long in any case."""

SEEN_EVERY = dt.timedelta(minutes=1)
"""That a sign-in is in use is written down so often at most."""


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is signed in.

    Attributes
    ----------
    actor : Actor
    person : Person
        With all their roles.
    sign_in_id : int
        The sign-in itself, of this browser.
    """

    actor: Actor
    person: Person
    sign_in_id: int


def sign_in(store: Store, email: str, password: str, *, address: str = "", program: str = "") -> str:
    """Sign somebody in; give the secret for the cookie.

    An e-mail address that nobody has takes as long as a wrong password, and says the same.

    Parameters
    ----------
    store : Store
    email, password : str
        As typed.
    address : str
        Of the computer that asks.
    program : str
        What the browser calls itself.

    Raises
    ------
    WaitFirst
        Too many failures.
    Refused
        E-mail address or password are not right, or the account is closed.
    """
    tidy = tidy_email(email)[:254]
    account = attempt(store, tidy, address)
    if not passwords.matches(account.password_hash if account else None, password) or account is None:
        raise Refused(T("the e-mail address or the password is not right"))
    renewed = None
    if account.password_hash and passwords.is_outdated(account.password_hash):
        renewed = passwords.hash_password(password)
    token = new_token()

    def do(work: Work) -> None:
        accounts = Accounts(work)
        now = accounts.held(account.id)
        if now.disabled:
            raise Refused(T("this account is closed; ask whoever invited you"))
        if now.password_hash != account.password_hash:
            raise Refused(T("the password was changed at this moment; sign in with the new one"))
        if renewed:
            accounts.set_password(account.id, renewed)
        Failures(work, WITHIN).forget(tidy)
        SignIns(work, IDLE).begin(account.id, hash_of(token), LONGEST, printable(program)[:300])

    store.in_work(do)
    return token


def signed_in(store: Store, token: str) -> SignedIn | None:
    """Find who is signed in with a secret; None: nobody, or no more.

    That it is in use is written down at most once a minute; where the store only reads for now, not at all.
    """
    with store.read() as work:
        found = SignIns(work, IDLE).present(hash_of(token))
        now = work.now
    if found is None:
        return None
    if now - found.seen_at >= SEEN_EVERY:
        try:
            with store.write() as work:
                SignIns(work, IDLE).seen(found.sign_in_id)
        except StoreFailed:
            # Reading goes on while nothing can be written: the disk is full, or another writer is at work.
            pass
    roles = [post.role for post in found.person.posts]
    actor = person_actor(found.person.id, found.person.email, roles)
    return SignedIn(actor, found.person, found.sign_in_id)


def actor_of(store: Store, token: str) -> Actor | None:
    """Find who acts with the secret of a sign-in; None: nobody, or no more."""
    who = signed_in(store, token)
    return None if who is None else who.actor


def sign_out(store: Store, token: str) -> None:
    """End the sign-in of a secret, if it is one."""
    with store.read() as work:
        found = SignIns(work, IDLE).present(hash_of(token))
    if found is not None:
        with store.write() as work:
            SignIns(work, IDLE).end(found.person.id, only=found.sign_in_id)


def invited(store: Store, token: str) -> str:
    """Give the e-mail address that a one-time link is for.

    Raises
    ------
    NotThere
        The link was used, is too old, or is none of ours.
    """
    with store.read() as work:
        found = Accounts(work).invitation(hash_of(token))
    if found is None:
        raise NotThere(_no_such_link())
    return found.account.email


def take_up(store: Store, token: str, password: str, *, program: str = "") -> str:
    """Set the password with a one-time link, end all former sign-ins, and sign in; give the secret for the cookie.

    Raises
    ------
    NotThere
        The link was used, is too old, or is none of ours.
    FaultyInput
        The password will not do.
    """
    passwords.check_password(password, invited(store, token))
    password_hash, begun = passwords.hash_password(password), new_token()

    def do(work: Work) -> None:
        accounts = Accounts(work)
        found = accounts.invitation(hash_of(token), held=True)
        if found is None:
            raise NotThere(_no_such_link())
        account = found.account
        accounts.use(found)
        _set_password(work, account, password_hash, begun, program)
        actor = person_actor(account.id, account.email, ())
        told = {"email": account.email}
        audit.note(work, actor, audit.SERVICE_CHAIN, "invitation.taken-up", f"person {account.id}", after=told)

    store.in_work(do)
    return begun


def change_password(
    store: Store, who: SignedIn, former: str, password: str, *, address: str = "", program: str = ""
) -> str:
    """Change one's own password; everybody who was signed in with the former one is out.

    Returns
    -------
    str
        The secret of the sign-in that goes on in this browser.

    Raises
    ------
    FaultyInput
        The former password is not right, or the new one will not do.
    WaitFirst
        Too many failures.
    """
    passwords.check_password(password, who.person.email)
    account = attempt(store, who.person.email, address)
    if account is None or not passwords.matches(account.password_hash, former):
        what, remedy = T("this is not your password"), T("type the one with which you signed in")
        raise FaultyInput([Fault("former", 0, what, remedy)])
    password_hash, begun = passwords.hash_password(password), new_token()

    def do(work: Work) -> None:
        now = Accounts(work).held(account.id)
        if now.disabled or now.password_hash != account.password_hash:
            raise Refused(T("the password was changed at this moment; sign in with the new one"))
        _set_password(work, account, password_hash, begun, program)
        told = {"email": account.email}
        audit.note(work, who.actor, audit.SERVICE_CHAIN, "password.changed", f"person {account.id}", after=told)

    store.in_work(do)
    return begun


def _set_password(work: Work, account: Account, password_hash: str, begun: str, program: str) -> None:
    """Set a password, end all that was begun with the former one, and begin anew."""
    accounts, sign_ins = Accounts(work), SignIns(work, IDLE)
    accounts.set_password(account.id, password_hash)
    accounts.end_invitations(account.id)
    Failures(work, WITHIN).forget(account.email)
    sign_ins.end(account.id)
    sign_ins.begin(account.id, hash_of(begun), LONGEST, printable(program)[:300])


def my_sign_ins(store: Store, who: SignedIn) -> list[SignIn]:
    """List the browsers in which one is signed in, the latest used first."""
    with store.read() as work:
        return SignIns(work, IDLE).of_person(who.person.id, who.sign_in_id)


def end_my_sign_in(store: Store, who: SignedIn, sign_in_id: int) -> None:
    """End one of one's own sign-ins, if it has not ended yet."""

    def do(work: Work) -> None:
        if SignIns(work, IDLE).end(who.person.id, only=sign_in_id):
            _note_ended(work, who, 1)

    store.in_work(do)


def end_my_other_sign_ins(store: Store, who: SignedIn) -> None:
    """End all of one's own sign-ins but the one that asks."""

    def do(work: Work) -> None:
        ended = SignIns(work, IDLE).end(who.person.id, but=who.sign_in_id)
        if ended:
            _note_ended(work, who, ended)

    store.in_work(do)


def _note_ended(work: Work, who: SignedIn, ended: int) -> None:
    after = {"email": who.person.email, "ended": ended}
    audit.note(work, who.actor, audit.SERVICE_CHAIN, "sign-ins.ended", f"person {who.person.id}", after=after)


def _no_such_link() -> Text:
    return T("this link was used already, or is older than a week; ask whoever sent it for a new one")
