"""What is erased at the end of a school year: contents that may hold names, and accounts that nobody uses.

A kind of thing is a table, a condition and what is put in the place of the contents. What is in use stays: versions
in force, plans and publications whose dates reach beyond the year, and what these were made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, cast, delete, exists, func, literal, or_, select, true, update

from scheduler.store import audit
from scheduler.store.tables.audit import audit_entries
from scheduler.store.tables.people import invitations, people, roles, sign_in_failures, sign_ins
from scheduler.store.tables.publications import calendar_entries, feed_contents, feeds, publications
from scheduler.store.tables.regions import regions, schools
from scheduler.store.tables.runs import plan_runs, run_dates, school_plans
from scheduler.store.tables.timetables import timetables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from sqlalchemy import Column, ColumnElement, Table

    from scheduler.domain.school_year import SchoolYear
    from scheduler.store.engine import Store, Work

ACTIVE = ("queued", "running")
"""States of a run that still needs its input."""

ERASED_ADDRESS = "@erased.invalid"
"""End of the e-mail address of a person whose name is erased; no mail ever goes there (RFC 2606)."""


@dataclass(frozen=True)
class Bounds:
    """What is asked to be erased.

    Attributes
    ----------
    year : SchoolYear
        It and all before it.
    now : datetime.datetime
    region_id : int or None
        Only what belongs to this region; None: everything.
    region_key : str or None
    """

    year: SchoolYear
    now: dt.datetime
    region_id: int | None = None
    region_key: str | None = None

    def schools(self, column: Column[Any]) -> ColumnElement[bool]:
        """Give the condition that a column names a school that is meant."""
        if self.region_id is None:
            return true()
        return column.in_(select(schools.c.id).where(schools.c.region_id == self.region_id))

    def past(self, column: Column[Any]) -> ColumnElement[bool]:
        """Give the condition that a last date lies in the year or before."""
        return column <= self.year.last_date


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is erased.

    Attributes
    ----------
    name : str
        As the audit log calls it.
    table : Table
    condition : callable
        Which rows, of those that still have something to erase.
    values : dict or None
        What their columns become; None: the rows are deleted.
    of_region : bool
        Whether it belongs to a region; what does not is erased only with everything.
    """

    name: str
    table: Table
    condition: Callable[[Bounds], ColumnElement[bool]]
    values: Mapping[str, Any] | None
    of_region: bool = True

    def count(self, work: Work, bounds: Bounds) -> int:
        """Count what would be erased."""
        query = select(func.count()).select_from(self.table).where(self.condition(bounds))
        return int(work.connection.execute(query).scalar_one())

    def erase(self, work: Work, bounds: Bounds) -> int:
        """Erase, and give how much it was."""
        where = self.condition(bounds)
        if self.values is None:
            return work.connection.execute(delete(self.table).where(where)).rowcount
        return work.connection.execute(update(self.table).where(where).values(dict(self.values))).rowcount


def _reaches_beyond(bounds: Bounds, plans: Table, timetable: Column[Any]) -> ColumnElement[bool]:
    """Give the condition that something in use was made from a version."""
    return exists().where(plans.c.timetable_id == timetable, plans.c.last_date > bounds.year.last_date)


def _runs_now(region: Any) -> ColumnElement[bool]:
    return exists().where(plan_runs.c.region_id == region, plan_runs.c.state.in_(ACTIVE))


def _old_versions(bounds: Bounds) -> ColumnElement[bool]:
    """Versions of the year that nothing needs: not in force, not the ground of a plan or a run that is."""
    own = timetables.c.school_id == schools.c.id
    needed = or_(
        exists().where(own, schools.c.timetable_id == timetables.c.id),
        exists().where(own, _runs_now(schools.c.region_id)),
        _reaches_beyond(bounds, school_plans, timetables.c.id),
        _reaches_beyond(bounds, publications, timetables.c.id),
    )
    old = and_(timetables.c.content.is_not(None), timetables.c.brought_at < bounds.year.end)
    return and_(old, bounds.schools(timetables.c.school_id), ~needed)


def _old_runs(bounds: Bounds) -> ColumnElement[bool]:
    """Those that ended, of the year, whose input, failure or results are still there."""
    there = or_(
        plan_runs.c.input.is_not(None),
        plan_runs.c.failure.is_not(None),
        exists().where(run_dates.c.run_id == plan_runs.c.id),
    )
    mine = true() if bounds.region_id is None else plan_runs.c.region_id == bounds.region_id
    return and_(there, bounds.past(plan_runs.c.last_date), plan_runs.c.state.not_in(ACTIVE), mine)


def _old_plans(bounds: Bounds) -> ColumnElement[bool]:
    old = bounds.past(school_plans.c.last_date), bounds.schools(school_plans.c.school_id)
    return and_(school_plans.c.placements.is_not(None), *old)


def _old_publications(bounds: Bounds) -> ColumnElement[bool]:
    old = bounds.past(publications.c.last_date), bounds.schools(publications.c.school_id)
    return and_(publications.c.content.is_not(None), *old)


def _old_entries(bounds: Bounds) -> ColumnElement[bool]:
    """Identities of dates of the year, but those that a publication in use still speaks of."""
    spoken_of = exists().where(
        publications.c.school_id == calendar_entries.c.school_id,
        publications.c.last_date > bounds.year.last_date,
        publications.c.first_date <= calendar_entries.c.date,
    )
    return and_(bounds.past(calendar_entries.c.date), bounds.schools(calendar_entries.c.school_id), ~spoken_of)


def _old_feeds(bounds: Bounds) -> ColumnElement[bool]:
    """Calendars that no publication beyond the year has touched."""
    old = exists().where(publications.c.id == feed_contents.c.publication_id, bounds.past(publications.c.last_date))
    return and_(old, bounds.schools(feed_contents.c.school_id))


def _old_addresses(bounds: Bounds) -> ColumnElement[bool]:
    """Addresses withdrawn in the year, and those of calendars that go."""
    goes_on = exists().where(
        feed_contents.c.school_id == feeds.c.school_id,
        feed_contents.c.kind == feeds.c.kind,
        feed_contents.c.name == feeds.c.name,
        publications.c.id == feed_contents.c.publication_id,
        publications.c.last_date > bounds.year.last_date,
    )
    unused = or_(feeds.c.withdrawn_at < bounds.year.end, ~goes_on)
    return and_(feeds.c.made_at < bounds.year.end, bounds.schools(feeds.c.school_id), unused)


def _old_audit(bounds: Bounds) -> ColumnElement[bool]:
    return audit.erasable(bounds.year.end, bounds.region_key)


def _old_failures(bounds: Bounds) -> ColumnElement[bool]:
    return sign_in_failures.c.failed_at < bounds.year.end


def _old_sign_ins(bounds: Bounds) -> ColumnElement[bool]:
    over = or_(sign_ins.c.expires_at <= bounds.now, sign_ins.c.revoked_at.is_not(None))
    return and_(sign_ins.c.seen_at < bounds.year.end, over)


def _old_invitations(bounds: Bounds) -> ColumnElement[bool]:
    over = or_(invitations.c.expires_at <= bounds.now, invitations.c.used_at.is_not(None))
    return and_(invitations.c.made_at < bounds.year.end, over)


def _old_people(bounds: Bounds) -> ColumnElement[bool]:
    """Those without a role in anything that is in use, who have neither signed in nor been invited since."""
    later = bounds.year.last_date
    in_use = or_(
        schools.c.timetable_id.is_not(None),
        exists().where(school_plans.c.school_id == schools.c.id, school_plans.c.last_date > later),
        exists().where(publications.c.school_id == schools.c.id, publications.c.last_date > later),
    )
    busy = or_(roles.c.school_id.is_(None), exists().where(schools.c.id == roles.c.school_id, in_use))
    mine = exists().where(roles.c.person_id == people.c.id, bounds.schools(roles.c.school_id))
    return and_(
        people.c.email.not_like(f"%{ERASED_ADDRESS}"),
        people.c.created_at < bounds.year.end,
        ~exists().where(roles.c.person_id == people.c.id, busy),
        ~exists().where(sign_ins.c.person_id == people.c.id, sign_ins.c.seen_at >= bounds.year.end),
        ~exists().where(invitations.c.person_id == people.c.id, invitations.c.made_at >= bounds.year.end),
        true() if bounds.region_id is None else mine,
    )


class _Runs(Kind):
    """Runs: besides their input, the results of their dates and the warnings that name teachers and sessions."""

    def erase(self, work: Work, bounds: Bounds) -> int:
        ended = work.connection.execute(select(plan_runs.c.id, plan_runs.c.report).where(self.condition(bounds))).all()
        for run in ended:
            mine = plan_runs.c.id == run.id
            report = run.report and run.report | {"warnings": []}
            cleared = {"input": None, "failure": None, "report": report}
            work.connection.execute(update(plan_runs).where(mine).values(cleared))
            work.connection.execute(delete(run_dates).where(run_dates.c.run_id == run.id))
        return len(ended)


class _People(Kind):
    """People: their row stays, for others refer to it, but says no more who it was."""

    def erase(self, work: Work, bounds: Bounds) -> int:
        chosen = work.connection.execute(select(people.c.id).where(self.condition(bounds))).scalars().all()
        for first in range(0, len(chosen), AT_ONCE):
            some = chosen[first : first + AT_ONCE]
            for table in (roles, sign_ins, invitations):
                work.connection.execute(delete(table).where(table.c.person_id.in_(some)))
            nobody = {
                "email": literal("person-") + cast(people.c.id, String) + literal(ERASED_ADDRESS),
                "name": "",
                "password_hash": None,
                "disabled_at": func.coalesce(people.c.disabled_at, literal(bounds.now, people.c.disabled_at.type)),
            }
            work.connection.execute(update(people).where(people.c.id.in_(some)).values(nobody))
        return len(chosen)


AT_ONCE = 500

KINDS = (
    # Versions after what was made from them; addresses with the calendars that they lead to.
    _Runs("runs", plan_runs, _old_runs, {}),
    Kind("plans", school_plans, _old_plans, {"placements": None}),
    Kind("publications", publications, _old_publications, {"content": None}),
    Kind("versions", timetables, _old_versions, {"content": None}),
    Kind("entries", calendar_entries, _old_entries, None),
    Kind("addresses", feeds, _old_addresses, None),
    Kind("calendars", feed_contents, _old_feeds, None),
    Kind("audit", audit_entries, _old_audit, {"before": None, "after": None, "salt": None}),
    Kind("failures", sign_in_failures, _old_failures, None, of_region=False),
    Kind("sign_ins", sign_ins, _old_sign_ins, None, of_region=False),
    Kind("invitations", invitations, _old_invitations, None, of_region=False),
    _People("people", people, _old_people, {}),
)
"""In the order in which they go; each goes in a transaction of its own."""


def hold(work: Work, bounds: Bounds) -> None:
    """Keep others from using, meanwhile, what is about to go: the regions first, then their schools."""
    if work.on_postgresql:
        mine = true() if bounds.region_id is None else regions.c.id == bounds.region_id
        work.connection.execute(select(regions.c.id).where(mine).order_by(regions.c.id).with_for_update()).all()
        own = select(schools.c.id).where(bounds.schools(schools.c.id)).order_by(schools.c.id)
        work.connection.execute(own.with_for_update()).all()
    else:
        # What is deleted is overwritten in the file, not only forgotten.
        work.connection.exec_driver_sql("PRAGMA secure_delete=ON")


def in_use(work: Work, bounds: Bounds) -> dict[str, int]:
    """Count what is of the year or before, or reaches into it, and stays because it is in use."""
    year = bounds.year
    versions = and_(
        timetables.c.content.is_not(None),
        timetables.c.brought_at < year.end,
        bounds.schools(timetables.c.school_id),
        ~_old_versions(bounds),
    )
    mine = true() if bounds.region_id is None else plan_runs.c.region_id == bounds.region_id
    counted = {
        "versions": (timetables, versions),
        "plans": (school_plans, _reaching(bounds, school_plans)),
        "publications": (publications, _reaching(bounds, publications)),
        "runs": (plan_runs, and_(bounds.past(plan_runs.c.last_date), plan_runs.c.state.in_(ACTIVE), mine)),
    }
    return {
        name: int(work.connection.execute(select(func.count()).select_from(table).where(where)).scalar_one())
        for name, (table, where) in counted.items()
    }


def _reaching(bounds: Bounds, table: Table) -> ColumnElement[bool]:
    last = bounds.year.last_date
    return and_(table.c.first_date <= last, table.c.last_date > last, bounds.schools(table.c.school_id))


def compact(store: Store) -> None:
    """Write a SQLite file anew without what was deleted; PostgreSQL overwrites it by itself in time.

    Raises
    ------
    StoreFailed
        There is no room for the new file, or others hold the former one.
    """
    if not store.on_postgresql:
        with store.outside_transactions() as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
