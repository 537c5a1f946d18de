"""Publications: immutable, numbered copies of one school's part of a plan (CONTRACT section 1).

A publication stands alone: what a feed or a page says of it needs neither the region nor the plan any more. The
identity of an entry is its school, kind, key and date, so that an activity that moves is the same entry at another
time, and subscribers see it move instead of seeing one vanish and another appear.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.entries import Entry, Identity, entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region

CANCELLED_FOR = dt.timedelta(days=14)
"""How long a cancelled entry stays, so that every subscriber's program comes by and learns of it."""
ONE_SECOND = dt.timedelta(seconds=1)
"""The least time between two publications of a school: iCalendar and HTTP know nothing shorter."""
KEPT_BACK = dt.timedelta(days=30)
"""How long the past stays in later publications; it bounds the size of a feed."""
NAMESPACE = uuid.UUID("6b1d9a52-64a5-5c0e-9d1c-7f0c0e3f6a11")
"""Makes our UIDs ours. Never change it: every subscriber would see each event twice."""
NOTHING_BEFORE: Mapping[Identity, int] = MappingProxyType({})
"""The memory of a school that never published anything."""


@dataclass(frozen=True)
class Publication:
    """One school's part of a plan, as its subscribers read it.

    Attributes
    ----------
    number : int
        From 1, one more at each publication of the school.
    published_at : datetime.datetime
        In UTC, whole seconds.
    region : str
        Name of the region.
    school, school_name : str
        Key and name; both ``""`` for the audiences of the region.
    timezone : str
        IANA name.
    first_date, last_date : datetime.date
        The horizon of the plan, both ends included; entries before it are kept from the former publication.
    platform_names : tuple of (str, str)
        Key and name of each platform that serves an entry by the plan or usually, by key.
    entries : tuple of Entry
        By date, start, kind and key; the cancelled ones among them.
    """

    number: int
    published_at: dt.datetime
    region: str
    school: str
    school_name: str
    timezone: str
    first_date: dt.date
    last_date: dt.date
    platform_names: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]

    def uid(self, entry: Entry) -> str:
        """Give the identifier of an entry that holds for ever, also when it moves (RFC 5545 section 3.8.4.7).

        A UUID made from school, kind, key and date (RFC 7986 section 5.3 recommends UUIDs); keys hold no ``/``, so
        two entries never have one name.
        """
        return str(uuid.uuid5(NAMESPACE, "/".join((self.school, entry.kind, entry.id, entry.date.isoformat()))))


def time_without_clock(region: Region) -> dt.datetime:
    """Give the time of publication of feeds that are made from files alone: 364 days before the first date, 00:00 UTC.

    The same input must give the same bytes, so this time is a function of the input. It has to lie in the past when
    the plan is made, however long ahead that is (calendar programs distrust events stamped in the future), and before
    any time at which the service may publish the same dates later, so that what the service says counts as newer.
    Nobody plans more than a school year ahead; 52 weeks before the horizon serves both, and it grows from one
    horizon to the next.
    """
    return dt.datetime.combine(region.grid.first_date - dt.timedelta(weeks=52), dt.time(), tzinfo=dt.UTC)


def publish(
    region: Region,
    plan: Plan,
    school: str,
    number: int = 1,
    *,
    published_at: dt.datetime,
    former: Publication | None = None,
    memory: Mapping[Identity, int] = NOTHING_BEFORE,
) -> Publication:
    """Make the publication of one school's part of an audited plan.

    Parameters
    ----------
    region : Region
    plan : Plan
        Of the whole region or of some of its schools.
    school : str
        Key of the school; ``""`` for the audiences of the region.
    number : int
        From 1.
    published_at : datetime.datetime
        Aware; the clock is an argument. Where it is not after the time of `former`, as when a clock was set back,
        the publication bears the second after that one: for subscribers time only goes on.
    former : Publication, optional
        The school's publication before this one. Entries that say the same keep their `sequence` and `changed_at`,
        others have a sequence one higher. Entries of the horizon that are gone stay 14 days as cancelled; entries
        outside the horizon stay as they are, the past for 30 days.
    memory : mapping of Identity to int, optional
        The last sequence of entries that were published at some time, also of those that `former` no longer has. One
        that comes back goes on counting: a program that still holds it would not believe a lower sequence.

    Raises
    ------
    ValueError
        If `published_at` is naive, or `former` is of another school.
    """
    places = [place for place, known in enumerate(region.activities.schools) if known.key == school]
    code = places[0] if places else -1
    if school and not places:
        raise ValueError(f"the region has no school {school!r}")
    elements = np.flatnonzero(region.activities.school[plan.row] == code)
    first = _Publisher(region, published_at).first(code, plan, elements, number)
    return _after(former, first, memory)


def publish_again(
    earlier: Publication,
    number: int,
    *,
    published_at: dt.datetime,
    former: Publication | None,
    memory: Mapping[Identity, int] = NOTHING_BEFORE,
) -> Publication:
    """Publish the content of an earlier publication as a new one, when a school goes back to it.

    What `former` has of dates to come, and on all of its own dates, is cancelled where the earlier one lacks it. Of
    the past, 30 days stay.

    Parameters
    ----------
    earlier : Publication
    number : int
        Of the new one.
    published_at, former, memory
        As for :func:`publish`.
    """
    at = published_at.astimezone(dt.UTC).replace(microsecond=0)
    first_date = _beginning(earlier, former, at)
    again = tuple(
        replace(entry, sequence=0, changed_at=at)
        for entry in earlier.entries
        if not entry.cancelled and (entry.date >= first_date or _is_recent(entry, at))
    )
    last_date = max([earlier.last_date, *(entry.date for entry in (former.entries if former else ()))])
    first = replace(earlier, number=number, published_at=at, first_date=first_date, last_date=last_date, entries=again)
    return _after(former, first, memory)


def _beginning(earlier: Publication, former: Publication | None, at: dt.datetime) -> dt.date:
    """Give the date from which on a return to `earlier` says everything.

    A plan of dates before the horizon of `former` may have been published since; what is past stays.
    """
    if former is None:
        return earlier.first_date
    to_come = (entry.date for entry in former.entries if not entry.cancelled and entry.date >= at.date())
    return min(earlier.first_date, former.first_date, *to_come)


def publish_all(region: Region, plan: Plan, *, published_at: dt.datetime) -> Iterator[Publication]:
    """Make the first publication of every school with an activity, in the region's order; its audiences come first."""
    schools = region.activities.school[plan.row]
    order = np.argsort(schools, kind="stable")
    codes, starts = np.unique(schools[order], return_index=True)
    publisher = _Publisher(region, published_at)
    for code, elements in zip(codes.tolist(), np.split(order, starts[1:]), strict=True):
        yield publisher.first(code, plan, elements, 1)


class _Publisher:
    """Copies entries out of one region's columns."""

    def __init__(self, region: Region, published_at: dt.datetime):
        if published_at.tzinfo is None:
            raise ValueError("a time of publication needs a time zone")
        self._region = region
        # iCalendar knows no fractions of a second.
        self._at = published_at.astimezone(dt.UTC).replace(microsecond=0)
        self._names = {platform.key: platform.name for platform in region.platforms}

    def first(self, code: int, plan: Plan, elements: NDArray[np.intp], number: int) -> Publication:
        """Publish the `elements` of a plan, all of the school with index `code`, as if nothing had been before."""
        region, grid = self._region, self._region.grid
        entries = tuple(sorted(entries_of(region, plan, elements, self._at), key=_order))
        keys = {key for entry in entries for key in (*entry.serving.platforms, *entry.usually.platforms)}
        return Publication(
            number=number,
            published_at=self._at,
            region=region.name,
            school=region.activities.schools[code].key if code >= 0 else "",
            school_name=region.activities.schools[code].name if code >= 0 else "",
            timezone=grid.timezone,
            first_date=grid.first_date,
            last_date=grid.last_date,
            platform_names=tuple((key, self._names.get(key) or key) for key in sorted(keys)),
            entries=entries,
        )


def _order(entry: Entry) -> tuple[dt.date, int, str, str]:
    return entry.date, entry.start, entry.kind, entry.id


def _after(former: Publication | None, first: Publication, memory: Mapping[Identity, int]) -> Publication:
    """Continue `former`: `first` is the same plan published as if nothing had been before."""
    if former is None:
        return replace(first, entries=tuple(_since(None, entry, memory) for entry in first.entries))
    if former.school != first.school:
        raise ValueError(f"a publication of {former.school!r} cannot be followed by one of {first.school!r}")
    first = _later(first, former.published_at + ONE_SECOND)
    before = {entry.identity: entry for entry in former.entries}
    entries = [_since(before.pop(entry.identity, None), entry, memory) for entry in first.entries]
    entries += [kept for entry in before.values() if (kept := _kept(entry, first)) is not None]
    names = dict(former.platform_names) | dict(first.platform_names)
    used = {key for entry in entries for key in (*entry.serving.platforms, *entry.usually.platforms)}
    return replace(
        first,
        platform_names=tuple((key, names[key]) for key in sorted(used)),
        entries=tuple(sorted(entries, key=_order)),
    )


def _later(first: Publication, earliest: dt.datetime) -> Publication:
    """Let a first publication be of `earliest` where it is of a time before."""
    if first.published_at >= earliest:
        return first
    entries = tuple(replace(entry, changed_at=earliest) for entry in first.entries)
    return replace(first, published_at=earliest, entries=entries)


def _since(before: Entry | None, now: Entry, memory: Mapping[Identity, int]) -> Entry:
    """Give `now` the sequence and the time of change that follow from what was published before (RFC 5546 2.1.4)."""
    if before is None:
        known = memory.get(now.identity)
        return now if known is None else replace(now, sequence=known + 1)
    if now.says_the_same_as(before):
        return before
    return replace(now, sequence=before.sequence + 1)


def _kept(entry: Entry, now: Publication) -> Entry | None:
    """Tell what stays, in the publication `now`, of a former entry that its plan lacks; None: nothing."""
    if entry.cancelled:
        return entry if now.published_at - entry.changed_at < CANCELLED_FOR else None
    if now.first_date <= entry.date <= now.last_date:
        return replace(entry, sequence=entry.sequence + 1, changed_at=now.published_at, cancelled=True)
    return entry if _is_recent(entry, now.published_at) else None


def _is_recent(entry: Entry, at: dt.datetime) -> bool:
    return at.date() - entry.date <= KEPT_BACK
