"""Addresses of feeds, and what stands at them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, case, func, insert, select, update

from scheduler.domain.published import FeedAddress
from scheduler.errors import NotThere
from scheduler.store.scoped import Repository
from scheduler.store.tables.publications import feed_contents, feeds
from scheduler.store.tables.regions import regions, schools
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from sqlalchemy import Row, Select

    from scheduler.domain.published import FeedKey
    from scheduler.store.engine import Work


def token_hash(token: str) -> bytes:
    """Give what the store keeps of a token; tokens have 256 random bits, so that nobody finds one from its hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Feeds(Repository):
    """Addresses of the feeds of the schools in the scope; a school is named by the number that `school_row` gives."""

    def is_published(self, school_id: int, kind: str, name: str) -> bool:
        """Tell whether a school has a feed, in any language."""
        mine = feed_contents.c
        query = select(mine.id).where(mine.school_id == school_id, mine.kind == kind, mine.name == name)
        return self.connection.execute(query.limit(1)).first() is not None

    def add(self, school_id: int, feed: FeedKey, label: str, token: str, by: int | None) -> int:
        """Add an address and give its number."""
        kind, name, language = feed
        values = {
            "school_id": school_id,
            "kind": kind,
            "name": name,
            "language": language,
            "label": label,
            "token_hash": token_hash(token),
            "made_at": self.work.now,
            "made_by": by,
        }
        added: int = self.connection.execute(insert(feeds).values(values).returning(feeds.c.id)).scalar_one()
        return added

    def addresses(self, school_id: int) -> list[FeedAddress]:
        """List a school's addresses, by feed and label, those withdrawn among them."""
        mine = feeds.c
        query = select(feeds).where(mine.school_id == school_id).order_by(mine.kind, mine.name, mine.label, mine.id)
        return [_address(row) for row in self.connection.execute(query)]

    def address(self, school_id: int, feed_id: int) -> FeedAddress:
        """Give an address of a school, which nobody else changes until the work ends.

        Raises
        ------
        NotThere
        """
        query = select(feeds).where(feeds.c.school_id == school_id, feeds.c.id == feed_id).with_for_update()
        row = self.connection.execute(query).first()
        if row is None:
            raise NotThere(T("this school has no calendar address number {number}", number=feed_id))
        return _address(row)

    def withdraw(self, school_id: int, by: int | None, feed_id: int | None = None) -> list[int]:
        """Withdraw one address, or all of a school; give the numbers of those that were not withdrawn before."""
        mine = (feeds.c.school_id == school_id) & feeds.c.withdrawn_at.is_(None)
        if feed_id is not None:
            mine &= feeds.c.id == feed_id
        values = {"withdrawn_at": self.work.now, "withdrawn_by": by}
        done = self.connection.execute(update(feeds).where(mine).values(values).returning(feeds.c.id))
        return sorted(done.scalars())


def _address(row: Row[Any]) -> FeedAddress:
    return FeedAddress(
        id=row.id,
        kind=row.kind,
        name=row.name,
        language=row.language,
        label=row.label,
        made_at=row.made_at,
        withdrawn_at=row.withdrawn_at,
        fetched_at=row.fetched_at,
        fetched_with=row.fetched_with,
        fetches=row.fetches,
    )


@dataclass(frozen=True)
class Holding:
    """Where an address leads, for who holds its token.

    Attributes
    ----------
    region, school : str
        Keys.
    feed_id : int
    """

    region: str
    school: str
    feed_id: int


def held(work: Work, token: str) -> Holding | None:
    """Find the address of a token; the token is the right to it."""
    joined = feeds.join(schools, schools.c.id == feeds.c.school_id).join(regions, regions.c.id == schools.c.region_id)
    query = select(regions.c.key.label("region"), schools.c.key.label("school"), feeds.c.id)
    row = work.connection.execute(query.select_from(joined).where(feeds.c.token_hash == token_hash(token))).first()
    return None if row is None else Holding(row.region, row.school, row.id)


def _standing() -> Select[Any]:
    same = [feed_contents.c[name] == feeds.c[name] for name in ("school_id", "kind", "name", "language")]
    content = [feed_contents.c[name] for name in ("etag", "changed_at", "size", "gzip")]
    return (
        select(feeds.c.id, feeds.c.withdrawn_at, *content)
        .select_from(feeds.outerjoin(feed_contents, and_(*same)))
        .where(feeds.c.token_hash == bindparam("hash_of_token"))
    )


STANDING = _standing()
"""Put together once: it is asked hundreds of times a second."""


def standing(work: Work, token: str) -> Row[Any] | None:
    """Find what stands at the address of a token, in one read by index."""
    return work.connection.execute(STANDING, {"hash_of_token": token_hash(token)}).first()


def count_fetches(work: Work, fetches: Iterable[tuple[int, int, dt.datetime, str]]) -> None:
    """Note of addresses how often they were asked for since, when last and by which program; each at most once."""
    # Always in one order, so that two writers wait for each other and never both at once.
    rows = [
        {"its_id": feed_id, "count": count, "at": at, "program": program}
        for feed_id, count, at, program in sorted(fetches, key=lambda fetch: fetch[0])
    ]
    if not rows:
        return
    at, program = bindparam("at", type_=feeds.c.fetched_at.type), bindparam("program", type_=feeds.c.fetched_with.type)
    is_newer = func.coalesce(feeds.c.fetched_at <= at, True)
    statement = (
        update(feeds)
        .where(feeds.c.id == bindparam("its_id"))
        .values(
            fetches=feeds.c.fetches + bindparam("count"),
            fetched_at=case((is_newer, at), else_=feeds.c.fetched_at),
            fetched_with=case((is_newer, program), else_=feeds.c.fetched_with),
        )
    )
    work.connection.execute(statement, rows)
