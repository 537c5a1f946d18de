"""What can be seen to be wrong with what is kept, row by row; for whoever may see everything."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select, text

from scheduler.store.packed import unpack_bytes
from scheduler.store.tables.publications import calendar_entries, feed_contents, publications
from scheduler.store.tables.regions import regions, schools
from scheduler.store.tables.runs import school_plans
from scheduler.store.tables.timetables import timetables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from sqlalchemy import Table

    from scheduler.domain.entries import Identity
    from scheduler.store.engine import Work

MOST_TOLD = 20
"""So many faults of a SQLite file are told at most."""


class SchoolName(NamedTuple):
    """A school by its number and by the keys that people know it by."""

    id: int
    region: str
    school: str


class Numbered(NamedTuple):
    """A version of a timetable, or a publication, by the keys that people know it by."""

    region: str
    school: str
    number: int


class Remembered(NamedTuple):
    """What is remembered of an entry that was once published."""

    uid: str
    sequence: int
    changed_at: dt.datetime
    cancelled: bool


class StoredFeed(NamedTuple):
    """A feed as it stands; without content where its bytes are not those of its tag."""

    kind: str
    name: str
    language: str
    changed_at: dt.datetime
    content: bytes | None


def faults_of_file(work: Work) -> list[str]:
    """Say what SQLite finds wrong with its file, in its own words; a server looks after its files itself."""
    if work.on_postgresql:
        return []
    said = work.connection.execute(text(f"PRAGMA integrity_check({MOST_TOLD})")).scalars()
    return [words for words in said if words != "ok"]


def lost_references(work: Work) -> dict[tuple[str, str], int]:
    """Count the rows that refer to rows which are not there, by their table and the other one.

    PostgreSQL has enforced them all along, and has nothing to ask for it.
    """
    found: dict[tuple[str, str], int] = {}
    if not work.on_postgresql:
        for row in work.connection.execute(text("PRAGMA foreign_key_check")):
            found[row[0], row[2]] = found.get((row[0], row[2]), 0) + 1
    return found


def damaged_timetables(work: Work) -> Iterator[Numbered]:
    """Find the versions whose contents are not those that were brought."""
    return _damaged(work, timetables)


def damaged_publications(work: Work, school_id: int | None = None) -> Iterator[Numbered]:
    """Find the publications whose contents are not those that were published, of one school or of all."""
    return _damaged(work, publications, school_id)


def _damaged(work: Work, table: Table, school_id: int | None = None) -> Iterator[Numbered]:
    joined = table.join(schools, schools.c.id == table.c.school_id).join(regions, regions.c.id == schools.c.region_id)
    names = regions.c.key.label("region"), schools.c.key.label("school"), table.c.number
    query = select(*names, table.c.digest, table.c.content).select_from(joined).where(table.c.content.is_not(None))
    if school_id is not None:
        query = query.where(schools.c.id == school_id)
    rows = work.connection.execute(query.order_by(table.c.id).execution_options(yield_per=100))
    for row in rows:
        if not _is_whole(row.content, row.digest):
            yield Numbered(row.region, row.school, row.number)


def _is_whole(packed: bytes, digest: bytes) -> bool:
    try:
        return hashlib.sha256(unpack_bytes(packed)).digest() == digest
    except zlib.error:
        return False


def without_version_in_force(work: Work) -> list[SchoolName]:
    """List the schools whose version in force is not there, is another school's, or was erased."""
    theirs = (timetables.c.id == schools.c.timetable_id) & (timetables.c.school_id == schools.c.id)
    query = _names().outerjoin_from(schools, timetables, theirs)
    query = query.where(schools.c.timetable_id.is_not(None), timetables.c.content.is_(None))
    return [SchoolName(*row) for row in work.connection.execute(query.order_by(schools.c.id))]


def with_publications(work: Work) -> list[SchoolName]:
    """List the schools that published something, or have feeds."""
    some = select(publications.c.school_id).union(select(feed_contents.c.school_id))
    return [SchoolName(*row) for row in work.connection.execute(_names().where(schools.c.id.in_(some)))]


def _names() -> Any:
    names = schools.c.id, regions.c.key, schools.c.key
    return select(*names).join_from(schools, regions, regions.c.id == schools.c.region_id).order_by(schools.c.id)


def published_plans(work: Work, school_id: int) -> list[int]:
    """List the numbers of a school's plans that are said to be published."""
    published = school_plans.c.school_id == school_id, school_plans.c.state == "published"
    return list(work.connection.execute(select(school_plans.c.id).where(*published)).scalars())


def remembered(work: Work, school_id: int) -> dict[Identity, Remembered]:
    """Give the memory of all entries that a school ever published."""
    rows = work.connection.execute(select(calendar_entries).where(calendar_entries.c.school_id == school_id))
    return {
        (row.kind, row.key, row.date): Remembered(row.uid, row.sequence, row.changed_at, row.cancelled) for row in rows
    }


def standing_feeds(work: Work, school_id: int) -> list[StoredFeed]:
    """Give the feeds of a school as they stand."""
    rows = work.connection.execute(select(feed_contents).where(feed_contents.c.school_id == school_id))
    return [
        StoredFeed(row.kind, row.name, row.language, row.changed_at, _bytes(row.gzip, row.etag, row.size))
        for row in rows
    ]


def _bytes(packed: bytes, etag: str, size: int) -> bytes | None:
    try:
        content = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None
    return content if (hashlib.sha256(content).hexdigest(), len(content)) == (etag, size) else None
