"""Publications of schools, the memory of their entries, and the bytes of their feeds."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.domain.published import FeedState, KeptPublication, PublicationHead
from scheduler.errors import NotThere, StoreFailed
from scheduler.store.packed import document_bytes, pack_bytes, unpack_bytes, unpack_document
from scheduler.store.publication_documents import document_of, publication_of
from scheduler.store.scoped import Repository
from scheduler.store.tables.people import people
from scheduler.store.tables.publications import calendar_entries, feed_contents, publications
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Row, Table

    from scheduler.domain.entries import Entry, Identity
    from scheduler.domain.publication import Publication
    from scheduler.domain.published import FeedContent, FeedKey


class Publications(Repository):
    """Publications of the schools in the scope; a school is named by the number that `school_row` gives."""

    def last_number(self, school_id: int) -> int:
        """Give the number of a school's last publication; 0 = none."""
        return self.connection.execute(_latest(school_id, publications.c.number)).scalar() or 0

    def last(self, school_id: int) -> KeptPublication | None:
        """Give a school's last publication."""
        row = self.connection.execute(_latest(school_id, publications)).first()
        return None if row is None else _kept(row)

    def numbered(self, school_id: int, number: int) -> KeptPublication:
        """Give one publication of a school.

        Raises
        ------
        NotThere
        """
        query = select(publications).where(publications.c.school_id == school_id, publications.c.number == number)
        row = self.connection.execute(query).first()
        if row is None:
            raise NotThere(T("this school has no publication number {number}", number=number))
        return _kept(row)

    def heads(self, school_id: int) -> list[PublicationHead]:
        """List a school's publications, the last one first."""
        columns = [publications.c[name] for name in ("number", "published_at", "timetable_id")]
        columns += [publications.c[name] for name in ("first_date", "last_date", "entries")]
        query = (
            select(
                *columns,
                publications.c.school_plan_id.label("plan_id"),
                publications.c.content.is_not(None).label("is_kept"),
                people.c.name.label("published_by"),
            )
            .select_from(publications.outerjoin(people, people.c.id == publications.c.published_by))
            .where(publications.c.school_id == school_id)
            .order_by(publications.c.number.desc())
        )
        found = [dict(row._mapping) for row in self.connection.execute(query)]
        return [PublicationHead(**row | {"published_by": row["published_by"] or ""}) for row in found]

    def memory(self, school_id: int, first_date: dt.date, last_date: dt.date) -> dict[Identity, int]:
        """Give the last sequence of every entry of these dates that the school ever published."""
        mine = calendar_entries.c
        query = select(mine.kind, mine.key, mine.date, mine.sequence).where(
            mine.school_id == school_id, mine.date.between(first_date, last_date)
        )
        return {(kind, key, date): sequence for kind, key, date, sequence in self.connection.execute(query)}

    def feed_states(self, school_id: int) -> dict[FeedKey, FeedState]:
        """Tell which bytes stand at a school's feeds."""
        mine = feed_contents.c
        query = select(mine.kind, mine.name, mine.language, mine.etag, mine.changed_at)
        rows = self.connection.execute(query.where(mine.school_id == school_id))
        return {(row.kind, row.name, row.language): FeedState(row.etag, row.changed_at) for row in rows}

    def languages(self, school_id: int) -> frozenset[str]:
        """Tell in which languages a school's feeds are kept."""
        query = select(feed_contents.c.language).where(feed_contents.c.school_id == school_id).distinct()
        return frozenset(self.connection.execute(query).scalars())

    def add(
        self,
        school_id: int,
        publication: Publication,
        *,
        plan_id: int | None,
        timetable_id: int | None,
        by: int | None,
        packed: tuple[bytes, bytes],
    ) -> int:
        """Add a publication and give the number of its row; `packed`: from :func:`packed_publication`."""
        digest, content = packed
        added: int = self.connection.execute(
            insert(publications)
            .values(
                school_id=school_id,
                number=publication.number,
                school_plan_id=plan_id,
                timetable_id=timetable_id,
                published_at=publication.published_at,
                published_by=by,
                first_date=publication.first_date,
                last_date=publication.last_date,
                entries=len(publication.entries),
                digest=digest,
                content=content,
            )
            .returning(publications.c.id)
        ).scalar_one()
        return added

    def remember(self, school_id: int, publication: Publication, entries: Iterable[Entry]) -> None:
        """Keep what these entries of a publication have come to."""
        rows = [
            {
                "school_id": school_id,
                "kind": entry.kind,
                "key": entry.id,
                "date": entry.date,
                "uid": publication.uid(entry),
                "sequence": entry.sequence,
                "changed_at": entry.changed_at,
                "cancelled": entry.cancelled,
            }
            for entry in entries
        ]
        self._put(calendar_entries, ("school_id", "kind", "key", "date"), rows)

    def put_feeds(self, school_id: int, publication_id: int, contents: Sequence[FeedContent]) -> None:
        """Let these bytes stand at the school's feeds; other feeds stay as they are."""
        rows = [
            {
                "school_id": school_id,
                "kind": content.kind,
                "name": content.name,
                "language": content.language,
                "publication_id": publication_id,
                **asdict(content.state),
                "size": content.size,
                "gzip": content.gzip,
            }
            for content in contents
        ]
        self._put(feed_contents, ("school_id", "kind", "name", "language"), rows)

    def _put(self, table: Table, key: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
        """Insert rows, or replace those with the same key."""
        if not rows:
            return
        statement: Any = postgresql.insert(table) if self.work.on_postgresql else sqlite.insert(table)
        others = {name: statement.excluded[name] for name in rows[0] if name not in key}
        self.connection.execute(statement.on_conflict_do_update(index_elements=key, set_=others), rows)


def _latest(school_id: int, what: Any) -> Any:
    mine = publications.c.school_id == school_id
    return select(what).where(mine).order_by(publications.c.number.desc()).limit(1)


def packed_publication(publication: Publication) -> tuple[bytes, bytes]:
    """Give the digest of a publication's document and the document, compressed."""
    document = document_bytes(document_of(publication))
    return hashlib.sha256(document).digest(), pack_bytes(document)


def _kept(row: Row[Any]) -> KeptPublication:
    publication = None
    if row.content is not None:
        if hashlib.sha256(unpack_bytes(row.content)).digest() != row.digest:
            raise StoreFailed(
                T("publication {number} of a school is damaged; restore the database from a backup", number=row.number)
            )
        publication = publication_of(unpack_document(row.content))
    return KeptPublication(row.id, row.number, row.published_at, row.school_plan_id, row.timetable_id, publication)
