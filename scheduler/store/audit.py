"""The audit log: written in the transaction of the change itself, and verified as a chain."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, insert, or_, select, update

from scheduler.domain.history import Done
from scheduler.store.packed import document_bytes
from scheduler.store.tables.audit import audit_chains, audit_entries
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator

    from sqlalchemy import ColumnElement, Row

    from scheduler.domain.people import Actor
    from scheduler.store.engine import Work
    from scheduler.wording import Text

SERVICE_CHAIN = ""
"""Chain of what belongs to no region: people, operators' work."""

FIRST = bytes(32)
"""What stands before the first entry of a chain."""


def note(
    work: Work,
    actor: Actor,
    chain: str,
    what: str,
    of_what: str,
    *,
    before: Any = None,
    after: Any = None,
    revision: int | None = None,
) -> None:
    """Write one change down; call it last in a transaction, for it holds the chain until the end.

    Parameters
    ----------
    work : Work
    actor : Actor
    chain : str
        Key of the region, or `SERVICE_CHAIN`.
    what : str
        The thing done, ``noun.verb``: ``capacity.entered``, ``timetable.brought``.
    of_what : str
        What it was done to, by its key.
    before, after : JSON value, optional
        Only what changed; no secrets.
    revision : int, optional
        Of the region after the change, where it is one of the region's input: edits made from an older one see it.
    """
    connection = work.connection
    mine = audit_chains.c.chain == chain
    head = connection.execute(select(audit_chains).where(mine).with_for_update()).first()
    if head is None:
        _begin(work, chain)
        head = connection.execute(select(audit_chains).where(mine).with_for_update()).one()
    salt = secrets.token_bytes(16)
    entry = {
        "chain": chain,
        "number": head.length + 1,
        "at": work.now,
        "person_id": actor.person_id,
        "who": actor.name,
        "what": what,
        "of_what": of_what,
        "digest": _digest(salt, before, after),
    }
    link = _hash(head.head, entry)
    told = {"before": before, "after": after, "revision": revision}
    connection.execute(insert(audit_entries).values(**entry, **told, salt=salt, hash=link))
    connection.execute(update(audit_chains).where(mine).values(length=head.length + 1, head=link))


def _begin(work: Work, chain: str) -> None:
    """Begin a chain, unless another writer just did."""
    if work.on_postgresql:
        from sqlalchemy.dialects.postgresql import insert as insert_once

        work.connection.execute(
            insert_once(audit_chains).values(chain=chain, length=0, head=FIRST).on_conflict_do_nothing()
        )
    else:
        work.connection.execute(insert(audit_chains).values(chain=chain, length=0, head=FIRST))


def _digest(salt: bytes, before: Any, after: Any) -> bytes:
    return hashlib.sha256(salt + document_bytes([before, after])).digest()


def _hash(former: bytes, entry: dict[str, Any]) -> bytes:
    told = [entry[name] for name in ("chain", "number", "person_id", "who", "what", "of_what")]
    text = document_bytes([*told, entry["at"].isoformat(), entry["digest"].hex()])
    return hashlib.sha256(former + text).digest()


def entries(
    work: Work, chain: str, *, of_what: str | None = None, noun: str | None = None, most: int = 100
) -> list[Row[Any]]:
    """List the latest entries of a chain, newest first: of one thing, of one kind, or all."""
    query = select(audit_entries).where(audit_entries.c.chain == chain)
    if of_what is not None:
        query = query.where(audit_entries.c.of_what == of_what)
    if noun is not None:
        query = query.where(_of_noun(noun))
    return list(work.connection.execute(query.order_by(audit_entries.c.number.desc()).limit(most)))


def history(work: Work, chain: str, noun: str, *, most: int = 100) -> tuple[Done, ...]:
    """List the latest changes of one kind, newest first."""
    return tuple(map(_done, entries(work, chain, noun=noun, most=most)))


def history_since(work: Work, chain: str, revision: int, nouns: Collection[str]) -> tuple[Done, ...]:
    """List what was changed of these kinds since a revision of the region, newest first."""
    query = select(audit_entries).where(audit_entries.c.chain == chain, audit_entries.c.revision > revision)
    query = query.where(or_(false(), *map(_of_noun, nouns)))
    return tuple(map(_done, work.connection.execute(query.order_by(audit_entries.c.number.desc()))))


def _done(row: Row[Any]) -> Done:
    return Done(row.number, row.at, row.person_id, row.who, row.what, row.of_what, row.before, row.after)


def _of_noun(noun: str) -> ColumnElement[bool]:
    return audit_entries.c.what.startswith(f"{noun}.", autoescape=True)


def verify(work: Work) -> list[Text]:
    """Go along every chain and say where it does not hold; empty where all is well."""
    found = []
    for chain in work.connection.execute(select(audit_chains).order_by(audit_chains.c.chain)).all():
        found += list(_breaks(work, chain))
    return found


def _breaks(work: Work, chain: Row[Any]) -> Iterator[Text]:
    former, number = FIRST, 0
    query = select(audit_entries).where(audit_entries.c.chain == chain.chain).order_by(audit_entries.c.number)
    for row in work.connection.execute(query.execution_options(yield_per=1000)):
        number += 1
        entry = dict(row._mapping)
        place = {"chain": chain.chain, "number": number}
        if row.number != number:
            yield T("audit log “{chain}”: entry {number} is missing", **place)
            return
        if row.salt is not None and _digest(row.salt, row.before, row.after) != row.digest:
            yield T("audit log “{chain}”: what entry {number} says was changed afterwards", **place)
        if _hash(former, entry) != row.hash:
            yield T("audit log “{chain}”: entry {number} does not follow the one before it", **place)
            return
        former = row.hash
    if (number, former) != (chain.length, chain.head):
        yield T("audit log “{chain}”: entries after number {number} are missing", chain=chain.chain, number=number)


def erasable(before: dt.datetime, chain: str | None = None) -> ColumnElement[bool]:
    """Give the condition on table `audit_entries` that an entry is older than a point in time and still says more.

    Parameters
    ----------
    before : datetime.datetime
    chain : str, optional
        Only entries of this chain.
    """
    old = (audit_entries.c.at < before) & audit_entries.c.salt.is_not(None)
    return old if chain is None else old & (audit_entries.c.chain == chain)


def erase_contents(work: Work, before: dt.datetime, chain: str | None = None) -> int:
    """Erase what old entries say of before and after, with their salts; the chains still hold.

    Returns
    -------
    int
        How many entries were erased.
    """
    values = {"before": None, "after": None, "salt": None}
    return work.connection.execute(update(audit_entries).where(erasable(before, chain)).values(values)).rowcount
