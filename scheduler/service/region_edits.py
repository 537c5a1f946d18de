"""Edits of a region's tables: each names the revision it was made from, so that nobody undoes another's unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.errors import Refused
from scheduler.store import audit
from scheduler.store.regions import RegionRepository
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.domain.history import Done
    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.store import Store, Work


@dataclass(frozen=True)
class Edited:
    """What an edit did.

    Attributes
    ----------
    revision : int
        Of the region, after it: the next edit names this one.
    changed : bool
        False where all was so already.
    """

    revision: int
    changed: bool


@dataclass(frozen=True)
class Subject:
    """What is edited as one, and so crossed by other edits of the same.

    Attributes
    ----------
    noun : str
        Begins the name of its changes in the audit log.
    file : str
        As an import of a whole region names it among what it changed.
    names_schools : bool
        Its rows may name schools.
    """

    noun: str
    file: str
    names_schools: bool = False


@dataclass(frozen=True)
class Edit:
    """An edit under way: the region is held until the work ends.

    Attributes
    ----------
    work : Work
    actor : Actor
    region : str
        Its key.
    region_id : int
    former : Region
        As it is before the edit, without activities, and without schools where the subject names none.
    revision : int
        Of the region before the edit.
    own : tuple of Done
        What the actor changed of the same since the revision that the edit was made from, newest first.
    """

    work: Work
    actor: Actor
    region: str
    region_id: int
    former: Region
    revision: int
    own: tuple[Done, ...]

    def nothing(self) -> Edited:
        """End without a change."""
        return Edited(self.revision, changed=False)

    def done(self, what: str, of_what: str, *, before: Any = None, after: Any = None) -> Edited:
        """Count the change and write it down."""
        revision = RegionRepository(self.work, self.actor.edits).grow(self.region_id)
        audit.note(self.work, self.actor, self.region, what, of_what, before=before, after=after, revision=revision)
        return Edited(revision, changed=True)

    def was_done(self, what: str, told: Callable[[Done], bool]) -> bool:
        """Tell whether the actor did this already since then: a call is repeated when its answer was lost."""
        return any(done.what == what and told(done) for done in self.own)


def begin_edit(work: Work, actor: Actor, region: str, subject: Subject, made_from: int) -> Edit:
    """Hold a region for an edit, unless somebody else edited the same since.

    Parameters
    ----------
    work : Work
    actor : Actor
        Must be one who may change the region as a whole.
    region : str
    subject : Subject
    made_from : int
        The revision of the region that whoever edits has looked at.

    Raises
    ------
    NotThere
    Refused
        Somebody else changed the same meanwhile; says who and when.
    """
    regions = RegionRepository(work, actor.edits)
    regions.lock_region(regions.region_row(region).id)
    row = regions.region_row(region)
    since = audit.history_since(work, region, made_from, (subject.noun, "region"))
    of_this = [entry for entry in since if _touches(entry, subject)]
    for entry in of_this:
        if not entry.is_by(actor):
            raise _crossed(entry, row.timezone)
    head = regions.head(region, with_schools=subject.names_schools)
    return Edit(work, actor, region, row.id, head, row.revision, tuple(of_this))


def _touches(entry: Done, subject: Subject) -> bool:
    """Tell whether an entry changed the subject: an import says which tables it changed, unless that is erased."""
    if entry.what.startswith(f"{subject.noun}."):
        return True
    return entry.after is None or subject.file in entry.after.get("changed", (subject.file,))


def _crossed(entry: Done, timezone: str) -> Refused:
    at = entry.at.astimezone(ZoneInfo(timezone))
    values = {"who": entry.who, "date": at.date().isoformat(), "time": f"{at:%H:%M}"}
    what = T("{who} changed the same meanwhile, on {date} at {time}; nothing of yours was kept", **values)
    return Refused(T("{what}; {remedy}", what=what, remedy=T("look at it as it is now, then make your change again")))


def history(store: Store, actor: Actor, region: str, noun: str, *, most: int = 100) -> tuple[Done, ...]:
    """List the latest changes of one kind in a region, newest first.

    Parameters
    ----------
    store : Store
    actor : Actor
        Must be one who sees the region as a whole.
    region : str
    noun : str
        ``capacity``, ``periods``, ``closures``, ``weeks``, ``settings``.
    most : int
        So many at most.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        RegionRepository(work, actor.sees).region_row(region)
        return audit.history(work, region, noun, most=most)
