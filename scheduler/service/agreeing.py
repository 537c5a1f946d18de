"""Whether the publications of a school agree with its plans, the memory of its entries, and its feeds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler import translation
from scheduler.domain.people import EVERYTHING
from scheduler.feeds.ics import Renderer, empty_feed, feeds_in
from scheduler.store import verifying
from scheduler.store.publications import Publications
from scheduler.store.verifying import Remembered
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scheduler.domain.entries import Entry
    from scheduler.domain.publication import Publication
    from scheduler.domain.published import KeptPublication
    from scheduler.store import Work
    from scheduler.store.verifying import StoredFeed
    from scheduler.wording import Text


def disagreements(work: Work, school_id: int) -> Iterator[Text]:
    """Say where a school's last publication, its plans, the memory of its entries and its feeds disagree.

    Also: numbers go from 1 without a gap, and sequences and times of entries never go back from one publication to the
    next. Nothing where all is well.
    """
    damaged = list(verifying.damaged_publications(work, school_id))
    yield from (T("publication {number} is damaged", number=one.number) for one in damaged)
    if damaged:
        # What cannot be read cannot be compared with anything.
        return
    repository = Publications(work, EVERYTHING)
    numbers = [head.number for head in reversed(repository.heads(school_id))]
    if numbers != list(range(1, len(numbers) + 1)):
        yield T("publications are missing among those numbered {numbers}", numbers=", ".join(map(str, numbers)))
    last: KeptPublication | None = None
    for number in numbers:
        former, last = last, repository.numbered(school_id, number)
        if former is not None:
            yield from _goes_on(former, last)
    if last is not None:
        yield from _of_last(work, school_id, last)
    elif verifying.standing_feeds(work, school_id):
        yield T("there are calendars, but nothing was published")


def _goes_on(one: KeptPublication, other: KeptPublication) -> Iterator[Text]:
    if other.published_at <= one.published_at:
        yield T("publication {number} is not later than the one before", number=other.number)
    if one.publication and other.publication:
        yield from _never_go_back(one.publication, other.publication)


def _never_go_back(one: Publication, other: Publication) -> Iterator[Text]:
    before = {entry.identity: entry for entry in one.entries}
    for entry in other.entries:
        former = before.get(entry.identity)
        if former is None or entry == former:
            continue
        if not (entry.sequence > former.sequence and entry.changed_at > former.changed_at):
            yield T("{entry} changed in publication {number}, which does not say so",
                    entry=_named(entry), number=other.number)  # fmt: skip


def _of_last(work: Work, school_id: int, kept: KeptPublication) -> Iterator[Text]:
    last = kept.publication
    if last is None:
        return
    if (last.number, last.published_at) != (kept.number, kept.published_at):
        yield T("publication {number} says otherwise than its own row", number=kept.number)
    published = verifying.published_plans(work, school_id)
    if kept.plan_id is not None and kept.plan_id not in published:
        yield T("publication {number} shows plan {plan}, which does not count as published",
                number=kept.number, plan=kept.plan_id)  # fmt: skip
    memory = verifying.remembered(work, school_id)
    for entry in last.entries:
        told = Remembered(last.uid(entry), entry.sequence, entry.changed_at, entry.cancelled)
        if memory.get(entry.identity) != told:
            yield T("{entry} is remembered otherwise than it is published", entry=_named(entry))
    yield from _feeds(last, verifying.standing_feeds(work, school_id))


def _named(entry: Entry) -> Text:
    return T("entry “{key}” of {date}", key=entry.id, date=entry.date.isoformat())


def _feeds(last: Publication, standing: Sequence[StoredFeed]) -> Iterator[Text]:
    # A feed speaks its own language, whichever program looks at it.
    translation.install()
    if last.entries and not any(feed.language == "fr" for feed in standing):
        yield T("there are no calendars in French")
    for language in sorted({feed.language for feed in standing}):
        yield from _feeds_in(last, language, [feed for feed in standing if feed.language == language])


def _feeds_in(last: Publication, language: str, standing: Sequence[StoredFeed]) -> Iterator[Text]:
    expected = {(feed.kind, feed.name): feed for feed in feeds_in(last, language)}
    there = {(feed.kind, feed.name) for feed in standing}
    for kind, name in sorted(expected.keys() - there):
        yield T("the calendar {calendar} is missing", calendar=f"{kind} {name} ({language})")
    renderer = Renderer(last, language)
    for stored in standing:
        calendar = f"{stored.kind} {stored.name} ({language})"
        if stored.content is None:
            yield T("the calendar {calendar} is damaged", calendar=calendar)
            continue
        feed = expected.get((stored.kind, stored.name)) or empty_feed(last, stored.kind, stored.name, language)
        if stored.content != renderer.render(replace(feed, changed_at=stored.changed_at)):
            yield T("the calendar {calendar} says otherwise than publication {number}",
                    calendar=calendar, number=last.number)  # fmt: skip
