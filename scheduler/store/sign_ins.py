"""Who is signed in, and who failed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, text, update

from scheduler.domain.people import Person, SignIn
from scheduler.store.people import POST_COLUMNS, POSTS, person_of, post_of
from scheduler.store.tables.people import people, roles, sign_in_failures, sign_ins

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import ColumnElement

    from scheduler.store.engine import Work

EMAIL_LOCKS, ADDRESS_LOCKS = 7_240_621, 7_240_622
"""Classes of PostgreSQL's advisory locks under which failures are counted."""


@dataclass(frozen=True)
class Present:
    """Somebody who is signed in, with all their roles."""

    sign_in_id: int
    person: Person
    seen_at: dt.datetime


class SignIns:
    """The sign-ins of a database; they are found by a secret or by their person.

    Parameters
    ----------
    work : Work
    idle : datetime.timedelta
        A sign-in that is not used for so long has ended.
    """

    def __init__(self, work: Work, idle: dt.timedelta):
        self.work, self.connection, self.idle = work, work.connection, idle

    def begin(self, person_id: int, token_hash: bytes, longest: dt.timedelta, program: str) -> int:
        """Begin a sign-in that ends after `longest` however much it is used; give its id."""
        now = self.work.now
        times = {"begun_at": now, "seen_at": now, "expires_at": now + longest}
        values = {"person_id": person_id, "token_hash": token_hash, "program": program}
        done = self.connection.execute(insert(sign_ins).values(**values, **times).returning(sign_ins.c.id))
        return int(done.scalar_one())

    def present(self, token_hash: bytes) -> Present | None:
        """Find whom a secret belongs to; None: nobody, or the sign-in has ended."""
        columns = sign_ins.c.id.label("sign_in_id"), sign_ins.c.seen_at, roles.c.id.label("role_id")
        joined = sign_ins.join(people, people.c.id == sign_ins.c.person_id)
        query = select(people, *columns, *POST_COLUMNS).select_from(
            joined.outerjoin(POSTS, roles.c.person_id == people.c.id)
        )
        mine = sign_ins.c.token_hash == token_hash, people.c.disabled_at.is_(None), self._open()
        rows = self.connection.execute(query.where(*mine).order_by(roles.c.id)).all()
        if not rows:
            return None
        posts = tuple(post_of(row) for row in rows if row.role_id is not None)
        return Present(rows[0].sign_in_id, person_of(rows[0], posts), rows[0].seen_at)

    def seen(self, sign_in_id: int) -> None:
        """Write down that a sign-in is in use."""
        self.connection.execute(update(sign_ins).where(sign_ins.c.id == sign_in_id).values(seen_at=self.work.now))

    def of_person(self, person_id: int, current: int | None = None) -> list[SignIn]:
        """List the open sign-ins of a person, the latest used first; `current` is the one that asks."""
        mine = sign_ins.c.person_id == person_id, self._open()
        rows = self.connection.execute(select(sign_ins).where(*mine).order_by(sign_ins.c.seen_at.desc(), sign_ins.c.id))
        return [
            SignIn(
                row.id,
                row.begun_at,
                row.seen_at,
                min(row.expires_at, row.seen_at + self.idle),
                row.program,
                current=row.id == current,
            )
            for row in rows
        ]

    def end(self, person_id: int, *, only: int | None = None, but: int | None = None) -> int:
        """End a person's sign-ins, or one of them, or all but one; give how many were open."""
        mine = [sign_ins.c.person_id == person_id, self._open()]
        if only is not None:
            mine.append(sign_ins.c.id == only)
        if but is not None:
            mine.append(sign_ins.c.id != but)
        return self.connection.execute(update(sign_ins).where(*mine).values(revoked_at=self.work.now)).rowcount

    def _open(self) -> ColumnElement[bool]:
        now = self.work.now
        used = sign_ins.c.seen_at > now - self.idle
        return sign_ins.c.revoked_at.is_(None) & (sign_ins.c.expires_at > now) & used


class Failures:
    """What was tried in vain lately, counted by e-mail address and by computer.

    An attempt is written down before the password is looked at and struck out when it was right: so many attempts at
    once cannot all pass before the first of them is counted.

    Parameters
    ----------
    work : Work
    within : datetime.timedelta
        Older ones do not count.
    """

    def __init__(self, work: Work, within: dt.timedelta):
        self.work, self.connection, self.within = work, work.connection, within

    def hold(self, email: str, address: str) -> None:
        """Let nobody else count the same failures until the work ends."""
        if self.work.on_postgresql:
            for kind, key in ((EMAIL_LOCKS, email), (ADDRESS_LOCKS, address)):
                query = text("SELECT pg_advisory_xact_lock(:kind, hashtext(:key))")
                self.connection.execute(query, {"kind": kind, "key": key})

    def of_email(self, email: str) -> tuple[int, dt.datetime | None]:
        """Count the failures for an e-mail address; give when the last one was."""
        return self._count(sign_in_failures.c.email == email)

    def of_address(self, address: str) -> tuple[int, dt.datetime | None]:
        """Count the failures from a computer; give when the last one was."""
        return self._count(sign_in_failures.c.address == address)

    def _count(self, whose: ColumnElement[bool]) -> tuple[int, dt.datetime | None]:
        failed_at = sign_in_failures.c.failed_at
        query = select(func.count(), func.max(failed_at)).where(whose, failed_at > self.work.now - self.within)
        count, last = self.connection.execute(query).one()
        return count, last

    def add(self, email: str, address: str) -> None:
        """Write an attempt down as failed, and forget the old ones for that e-mail address."""
        mine, old = sign_in_failures.c.email == email, sign_in_failures.c.failed_at < self.work.now - self.within
        self.connection.execute(delete(sign_in_failures).where(mine, old))
        values = {"email": email, "address": address, "failed_at": self.work.now}
        self.connection.execute(insert(sign_in_failures).values(**values))

    def forget(self, email: str) -> None:
        """Strike out what failed for an e-mail address, for now the password was right."""
        self.connection.execute(delete(sign_in_failures).where(sign_in_failures.c.email == email))
