"""Whether what is kept is whole and agrees with itself, for operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.errors import Refused, StoreDamaged
from scheduler.service.agreeing import disagreements
from scheduler.service.audit_log import verify_changes
from scheduler.service.reconciling import reconcile
from scheduler.store import schema, verifying
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.domain.people import Actor
    from scheduler.store import Store
    from scheduler.store.verifying import Numbered
    from scheduler.wording import Text


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be.

    Attributes
    ----------
    what : Text
    remedy : Text
    """

    what: Text
    remedy: Text

    @property
    def told(self) -> Text:
        """Say both in one sentence."""
        return T("{what}; {remedy}", what=self.what, remedy=self.remedy)


def check_database(store: Store, actor: Actor) -> Iterator[Finding]:
    """Look for everything that is damaged or does not agree with something else; nothing is changed.

    Each subject is read as it stands at one moment, so that the service may go on meanwhile.

    Raises
    ------
    Refused
        The actor is no operator.
    StoreFailed
        The database does not answer.
    """
    if not actor.edits.everything:
        raise Refused(T("only operators check the database; ask one of them"))
    tables = list(_as_far_as_readable(_tables(store)))
    yield from tables
    if tables:
        # What follows speaks of tables as they should be.
        return
    for look in (_rows(store), _audit_log(store, actor), _ledger(store), _timetables(store), _publications(store)):
        yield from _as_far_as_readable(look)


def _as_far_as_readable(look: Iterator[Finding]) -> Iterator[Finding]:
    """Go on to what else there is to see where a part of the database cannot be read."""
    try:
        yield from look
    except StoreDamaged:
        what = T("a part of the database cannot be read any more")
        yield Finding(what, T("look at the disk, and restore the database from a backup made before"))


def _audit_log(store: Store, actor: Actor) -> Iterator[Finding]:
    for broken in verify_changes(store, actor):
        yield Finding(broken, T("somebody wrote past Étale: keep this database, compare it with its backups"))


def _ledger(store: Store) -> Iterator[Finding]:
    for difference in reconcile(store):
        yield Finding(difference, _restore())


def _restore() -> Text:
    return T("restore the database from a backup made before")


def _tables(store: Store) -> Iterator[Finding]:
    is_made = store.file is None or store.file.exists()
    found = schema.version(store) if is_made else schema.no_tables()
    if found.found is None:
        yield Finding(T("there are no tables"), T("run “etale db upgrade”"))
    elif not found.known:
        yield Finding(T("the tables are of a newer Étale (revision {found})", found=found.found), T("install that one"))
    elif not found.current:
        revisions = {"found": found.found, "wanted": found.wanted}
        what = T("the tables have revision {found}, this program wants {wanted}", **revisions)
        yield Finding(what, T("run “etale db upgrade”"))
    else:
        for table in schema.altered_tables(store):
            what = T("the table {table} is not as Étale made it", table=table)
            yield Finding(what, T("take a backup and restore it into an empty database: its tables are made anew"))


def _rows(store: Store) -> Iterator[Finding]:
    with store.read() as work:
        for words in verifying.faults_of_file(work):
            what = T("the file of the database is damaged ({words})", words=words)
            yield Finding(what, T("look at the disk, and restore the database from a backup made before"))
        for (table, other), count in verifying.lost_references(work).items():
            told = {"table": table, "count": count, "other": other}
            yield Finding(T("{count} rows of {table} refer to rows of {other} that are not there", **told), _restore())


def _timetables(store: Store) -> Iterator[Finding]:
    with store.read() as work:
        for damaged in verifying.damaged_timetables(work):
            what = T("version {number} of the timetable is damaged", number=damaged.number)
            remedy = T("bring the timetable again, or restore the database from a backup made before")
            yield Finding(_of_school(damaged, what), remedy)
        for school in verifying.without_version_in_force(work):
            what = T("the version of the timetable in force is not there any more")
            yield Finding(_of_school(school, what), T("bring the timetable again"))


def _publications(store: Store) -> Iterator[Finding]:
    with store.read() as work:
        schools = verifying.with_publications(work)
    for school in schools:
        # One transaction a school: the calendars of a whole region take minutes.
        with store.read() as work:
            found = list(disagreements(work, school.id))
        for what in found:
            remedy = T("publish another plan of the school, or restore the database from a backup made before")
            yield Finding(_of_school(school, what), remedy)


def _of_school(place: Numbered | verifying.SchoolName, what: Text) -> Text:
    return T("region “{region}”, school “{school}”: {what}", region=place.region, school=place.school, what=what)
