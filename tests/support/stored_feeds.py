"""A calendar's address in a store, written row by row: what publishing leaves behind, without publishing."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from scheduler.store.feeds import token_hash
from scheduler.store.tables.publications import feed_contents, feeds, publications
from scheduler.store.tables.regions import regions, schools

if TYPE_CHECKING:
    from scheduler.store import Store, Work

DAY = dt.date(2021, 4, 6)
CHANGED = dt.datetime(2021, 4, 5, 16, 30, 12, tzinfo=dt.UTC)


def put_school(work: Work, region: str = "grand-est", school: str = "0670001A") -> int:
    """Write a region with one school, and give the school's number."""
    values = {
        "key": region,
        "name": region,
        "timezone": "Europe/Paris",
        "first_date": DAY,
        "last_date": DAY,
        "day_start": 450,
        "day_end": 1140,
        "slot_minutes": 5,
        "policy": {},
        "has_periods": False,
        "created_at": work.now,
    }
    region_id = work.connection.execute(insert(regions).values(values).returning(regions.c.id)).scalar_one()
    values = {"region_id": region_id, "key": school, "name": "Victor Hugo", "level": "", "academy": "", "position": 0}
    number: int = work.connection.execute(insert(schools).values(values).returning(schools.c.id)).scalar_one()
    return number


def put_feed(store: Store, calendar: bytes, changed_at: dt.datetime = CHANGED) -> str:
    """Write a school that published one calendar, and give the token of its address."""
    token = secrets.token_urlsafe(32)
    with store.write() as work:
        school = put_school(work)
        values = {
            "school_id": school,
            "number": 1,
            "published_at": work.now,
            "first_date": DAY,
            "last_date": DAY,
            "entries": 1,
            "digest": bytes(32),
        }
        publication = work.connection.execute(insert(publications).values(values).returning(publications.c.id))
        whose = {"school_id": school, "kind": "teacher", "name": "Durand", "language": "fr"}
        standing = content(calendar, changed_at) | {"publication_id": publication.scalar_one()}
        work.connection.execute(insert(feed_contents).values(whose | standing))
        made = {"token_hash": token_hash(token), "label": "Mme Durand", "made_at": work.now}
        work.connection.execute(insert(feeds).values(whose | made))
    return token


def content(calendar: bytes, changed_at: dt.datetime) -> dict[str, object]:
    """Give the columns that hold a calendar's bytes."""
    etag = hashlib.sha256(calendar).hexdigest()
    return {"etag": etag, "changed_at": changed_at, "size": len(calendar), "gzip": gzip.compress(calendar, mtime=0)}


def replace_calendar(store: Store, calendar: bytes, changed_at: dt.datetime) -> None:
    """Let another calendar stand in all feeds."""
    with store.write() as work:
        work.connection.execute(update(feed_contents).values(content(calendar, changed_at)))


def withdraw(store: Store) -> None:
    """Withdraw all addresses."""
    with store.write() as work:
        work.connection.execute(update(feeds).values(withdrawn_at=work.now))


def forget(store: Store) -> None:
    """Delete all addresses."""
    with store.write() as work:
        work.connection.execute(delete(feeds))


def fetched(store: Store) -> tuple[int, str]:
    """Say how often the one address was fetched, and with which program last."""
    with store.read() as work:
        row = work.connection.execute(select(feeds.c.fetches, feeds.c.fetched_with)).one()
        return row.fetches, row.fetched_with
