"""How a publication comes about: what it is made from is read, all of it is made, and then it is kept at once.

Readers and subscribers see the former publication or the new one, never some of each. The writing transaction is short:
it holds the school, sees that what was read still stands, and else the work begins again. Who lost that race a few
times makes everything while holding the school, and cannot lose once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from scheduler.domain.differences import Differences, differences
from scheduler.domain.publication import ONE_SECOND
from scheduler.service.booked import rebook, settle
from scheduler.service.feed_contents import changed_contents
from scheduler.store import audit
from scheduler.store.ledger import Ledger
from scheduler.store.publications import Publications, packed_publication
from scheduler.store.published_plans import PublishedPlans
from scheduler.store.school_plans import SchoolPlans

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from scheduler.domain.entries import Entry
    from scheduler.domain.people import Actor
    from scheduler.domain.publication import Publication
    from scheduler.domain.published import FeedContent, FeedKey, FeedState, KeptPublication
    from scheduler.service.publication_contents import Content, Memory
    from scheduler.store import Store, Work

LANGUAGE = "fr"
"""Feeds are always kept in it, and in every other language that somebody was given an address in."""

ATTEMPTS = 3
"""How often to make a publication beside other writers, before making it while they wait."""


@dataclass(frozen=True)
class Ground:
    """What a publication is made from, as it was read.

    Attributes
    ----------
    actor : Actor
    region, school : str
        Keys.
    region_id, school_id : int
    now : datetime.datetime
    content : Content
    plan_id, timetable_id : int or None
        What the content comes from.
    plan_state : str or None
    former : KeptPublication or None
        The school's last publication.
    memory : mapping of Identity to int
        Last sequences of all dates that can be meant.
    feeds : mapping of FeedKey to FeedState
        What stands.
    back_to : int or None
        Number of the earlier publication whose content it is.
    books : bool
        It changes what the ledger holds for the school: other plans were published for the same dates. A plan that is
        the first one there was booked when it was accepted.
    """

    actor: Actor
    region: str
    school: str
    region_id: int
    school_id: int
    now: dt.datetime
    content: Content
    plan_id: int | None
    timetable_id: int | None
    plan_state: str | None
    former: KeptPublication | None
    memory: Memory
    feeds: Mapping[FeedKey, FeedState]
    back_to: int | None
    books: bool


@dataclass(frozen=True)
class Draft:
    """A publication that is ready to be kept.

    Attributes
    ----------
    ground : Ground
    publication : Publication
    changes : Differences
    entries : tuple of Entry
        Those that are new or changed.
    contents : tuple of FeedContent
        Feeds whose bytes are new.
    packed : (bytes, bytes)
        Digest and document.
    """

    ground: Ground
    publication: Publication
    changes: Differences
    entries: tuple[Entry, ...]
    contents: tuple[FeedContent, ...]
    packed: tuple[bytes, bytes]


def read_ground(
    work: Work,
    actor: Actor,
    region: str,
    school: str,
    content: Content,
    former: KeptPublication | None,
    *,
    plan: tuple[int | None, int | None, str | None],
    dates: tuple[dt.date, dt.date],
    back_to: int | None = None,
) -> Ground:
    """Read what goes with a publication after `former`.

    Parameters
    ----------
    plan : (int or None, int or None, str or None)
        Its number, the number of its timetable, and its state.
    dates : (date, date)
        First and last that the content speaks of.
    """
    repository, plans = Publications(work, actor.edits), PublishedPlans(work, actor.edits)
    row = repository.school_row(region, school)
    school_id = row.id
    return Ground(
        actor=actor,
        region=region,
        school=school,
        region_id=row.region_id,
        school_id=school_id,
        now=work.now,
        content=content,
        plan_id=plan[0],
        timetable_id=plan[1],
        plan_state=plan[2],
        former=former,
        memory=repository.memory(school_id, *dates),
        feeds=repository.feed_states(school_id),
        back_to=back_to,
        books=back_to is not None or plans.shows_others(school_id, plan[0], *dates),
    )


def made(ground: Ground) -> Draft:
    """Make a publication and all that goes with it; needs no database and takes some tenths of a second."""
    last = ground.former
    former = last.publication if last else None
    number = last.number + 1 if last else 1
    # Also where the content of the last publication was erased, time only goes on.
    at = max(ground.now, last.published_at + ONE_SECOND) if last else ground.now
    publication = ground.content.after(former, number, at, ground.memory)
    before = {entry.identity: entry for entry in former.entries} if former else {}
    languages = {LANGUAGE, *(language for _, _, language in ground.feeds)}
    return Draft(
        ground=ground,
        publication=publication,
        changes=differences(former, publication) if former else Differences(added=publication.entries),
        entries=tuple(entry for entry in publication.entries if before.get(entry.identity) != entry),
        contents=tuple(changed_contents(publication, languages, ground.feeds)),
        packed=packed_publication(publication),
    )


def kept(store: Store, read: Callable[[Work], Ground | Publication]) -> Publication:
    """Make a publication and keep it, again where another one came first.

    Parameters
    ----------
    store : Store
    read : callable
        Reads what it is made from; or gives the last publication where that already says what was asked for.
    """
    for _ in range(ATTEMPTS):
        with store.read() as work:
            ground = read(work)
        if not isinstance(ground, Ground):
            return ground
        draft = made(ground)
        if store.in_work(partial(_keep, draft)):
            return draft.publication
    return store.in_work(lambda work: _made_while_others_wait(work, read))


def _made_while_others_wait(work: Work, read: Callable[[Work], Ground | Publication]) -> Publication:
    ground = read(work)
    if isinstance(ground, Ground):
        # What was read before the school was held may be old already.
        repository = Publications(work, ground.actor.edits)
        repository.lock_region(ground.region_id)
        repository.lock_school(ground.school_id)
        ground = read(work)
    if not isinstance(ground, Ground):
        return ground
    draft = made(ground)
    if not _keep(draft, work):
        raise AssertionError("nobody else publishes a school that is held")
    return draft.publication


def _keep(draft: Draft, work: Work) -> bool:
    """Keep a publication with everything that goes with it, unless what it was made from stands no more."""
    ground, publication = draft.ground, draft.publication
    repository, plans = Publications(work, ground.actor.edits), PublishedPlans(work, ground.actor.edits)
    if ground.books:
        repository.lock_region(ground.region_id)
    repository.lock_school(ground.school_id)
    if not _stands(repository, plans, ground):
        return False
    publication_id = repository.add(
        ground.school_id,
        publication,
        plan_id=ground.plan_id,
        timetable_id=ground.timetable_id,
        by=ground.actor.person_id,
        packed=draft.packed,
    )
    repository.remember(ground.school_id, publication, draft.entries)
    repository.put_feeds(ground.school_id, publication_id, draft.contents)
    others = None if ground.back_to is None else plans.show_as_of(ground.school_id, ground.back_to)
    if ground.plan_id is not None:
        plans.publish(ground.school_id, ground.plan_id, publication.published_at)
    if ground.books:
        dates = publication.first_date, publication.last_date, *(others or ())
        _book(work, ground, min(dates), max(dates))
    former = {"number": ground.former.number, "plan": ground.former.plan_id} if ground.former else None
    after = {"number": publication.number, "plan": ground.plan_id} | _counts(draft.changes)
    audit.note(work, ground.actor, ground.region, "publication.made", ground.school, before=former, after=after)
    return True


def _book(work: Work, ground: Ground, first_date: dt.date, last_date: dt.date) -> None:
    """Let the ledger hold what the school's plans ask, once their states have changed; the region is held."""
    scope = ground.actor.edits
    if ground.back_to is not None:
        settle(work, scope, ground.region, ground.school, first_date, last_date)
    else:
        # What was accepted was booked then: publishing it only gives back, and needs no look at the limits.
        ledger, plans = Ledger(work, scope, ground.region_id), SchoolPlans(work, scope)
        rebook(ledger, plans, ground.school_id, (first_date, last_date))


def _stands(repository: Publications, plans: PublishedPlans, ground: Ground) -> bool:
    """Tell whether what a publication was made from is still so."""
    number = ground.former.number if ground.former else 0
    if repository.last_number(ground.school_id) != number:
        return False
    if ground.plan_id is not None and plans.hold(ground.plan_id) != ground.plan_state:
        return False
    if ground.back_to is None and plans.timetable_in_force(ground.school_id) != ground.timetable_id:
        return False
    return repository.languages(ground.school_id) == {language for _, _, language in ground.feeds}


def _counts(changes: Differences) -> dict[str, Any]:
    return {name: len(getattr(changes, name)) for name in ("moved", "altered", "cancelled", "added")}
