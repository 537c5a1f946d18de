"""Accounts: who there is at all, passwords, and the one-time links with which they are set.

This is below all scopes: an account is found by a secret (a one-time link, a password), or by whoever then asks
:class:`~scheduler.store.people.People` what may be done to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from scheduler.store.tables.people import invitations, people

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Row

    from scheduler.store.engine import Work


@dataclass(frozen=True)
class Account:
    """What stands behind a person.

    Attributes
    ----------
    id : int
    email, name : str
    password_hash : str or None
        None until the invitation is taken up.
    disabled : bool
    """

    id: int
    email: str
    name: str
    password_hash: str | None
    disabled: bool


@dataclass(frozen=True)
class Invitation:
    """A one-time link that can still be taken up, and whose."""

    id: int
    account: Account
    expires_at: dt.datetime


class Accounts:
    """The accounts of a database.

    Parameters
    ----------
    work : Work
    """

    def __init__(self, work: Work):
        self.work, self.connection = work, work.connection

    def by_email(self, email: str) -> Account | None:
        """Find an account; nothing is locked."""
        row = self.connection.execute(select(people).where(people.c.email == email)).first()
        return None if row is None else _account_of(row)

    def held(self, person_id: int) -> Account:
        """Read an account and hold it against other writers until the work ends.

        Who only points at the person (as having entered something) is not waited for.
        """
        query = select(people).where(people.c.id == person_id).with_for_update(key_share=True)
        return _account_of(self.connection.execute(query).one())

    def made(self, email: str, name: str, language: str) -> tuple[Account, bool]:
        """Find an account or make it, and hold it; tell whether it was made."""
        values = {"email": email, "name": name, "language": language, "created_at": self.work.now}
        done = self.connection.execute(_insert_once(self.work, values))
        found = self.connection.execute(select(people.c.id).where(people.c.email == email)).scalar_one()
        return self.held(found), done.rowcount == 1

    def set_password(self, person_id: int, password_hash: str | None) -> None:
        """Set the password's hash, or take the password away."""
        self._change(person_id, password_hash=password_hash)

    def disable(self, person_id: int) -> None:
        """Keep a person out."""
        self._change(person_id, disabled_at=self.work.now)

    def enable(self, person_id: int) -> None:
        """Let a person in again."""
        self._change(person_id, disabled_at=None)

    def _change(self, person_id: int, **values: Any) -> None:
        self.connection.execute(update(people).where(people.c.id == person_id).values(**values))

    def invite(self, person_id: int, token_hash: bytes, valid_for: dt.timedelta, made_by: int | None) -> dt.datetime:
        """Make a one-time link and end the former ones; give when it expires."""
        self.end_invitations(person_id)
        expires_at = self.work.now + valid_for
        values = {"person_id": person_id, "token_hash": token_hash, "made_at": self.work.now, "made_by": made_by}
        self.connection.execute(insert(invitations).values(**values, expires_at=expires_at))
        return expires_at

    def end_invitations(self, person_id: int) -> None:
        """End every one-time link of a person; they count as expired now."""
        open_ones = invitations.c.person_id == person_id, invitations.c.expires_at > self.work.now
        self.connection.execute(update(invitations).where(*open_ones).values(expires_at=self.work.now))

    def invitation(self, token_hash: bytes, *, held: bool = False) -> Invitation | None:
        """Find a one-time link that can still be taken up; hold its account against other writers if asked to.

        Two who come at once with one link do not both get in: PostgreSQL reads a row anew once it can be held.
        """
        valid = (
            invitations.c.token_hash == token_hash,
            invitations.c.used_at.is_(None),
            invitations.c.expires_at > self.work.now,
            people.c.disabled_at.is_(None),
        )
        query = select(people, invitations.c.id.label("invitation_id"), invitations.c.expires_at).select_from(
            invitations.join(people, people.c.id == invitations.c.person_id)
        )
        if held:
            query = query.with_for_update(key_share=True)
        row = self.connection.execute(query.where(*valid)).first()
        return None if row is None else Invitation(row.invitation_id, _account_of(row), row.expires_at)

    def use(self, invitation: Invitation) -> None:
        """Write down that a one-time link was taken up."""
        mine = invitations.c.id == invitation.id
        self.connection.execute(update(invitations).where(mine).values(used_at=self.work.now))


def _insert_once(work: Work, values: dict[str, Any]) -> Any:
    """Insert a person, unless somebody has the e-mail address already."""
    if work.on_postgresql:
        from sqlalchemy.dialects.postgresql import insert as on_postgresql

        return on_postgresql(people).values(**values).on_conflict_do_nothing()
    from sqlalchemy.dialects.sqlite import insert as on_sqlite

    return on_sqlite(people).values(**values).on_conflict_do_nothing()


def _account_of(row: Row[Any]) -> Account:
    return Account(row.id, row.email, row.name, row.password_hash, row.disabled_at is not None)
