"""Tasks as people ask for them, and as workers take them.

Whoever works on a task holds a lease with a *fence*, as with planning runs (scheduler.store.leases): what a worker
writes that lost it changes nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, or_, select, update

from scheduler.domain.tasks import CANCELLED, RUNNING, WAITING, Task
from scheduler.errors import NotThere
from scheduler.store import sentences
from scheduler.store.leases import database_now
from scheduler.store.scoped import Repository, in_regions
from scheduler.store.tables.people import people
from scheduler.store.tables.regions import regions
from scheduler.store.tables.tasks import tasks
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row, Select

    from scheduler.store.engine import Work
    from scheduler.wording import Text

SAME = ("id", "kind", "about", "state", "asked_at", "due_at", "begun_at", "ended_at")


class Tasks(Repository):
    """The tasks of the regions in a scope."""

    def add(self, region_id: int, kind: str, about: dict[str, Any], due_at: dt.datetime, asked_by: int | None) -> int:
        """Ask for a task; give its id. The same one, if it still waits, is not asked for twice."""
        for row in self.connection.execute(
            select(tasks).where(tasks.c.region_id == region_id, tasks.c.kind == kind, tasks.c.state == WAITING)
        ):
            if (row.about, row.due_at) == (about, due_at):
                return int(row.id)
        values = {"region_id": region_id, "kind": kind, "about": about, "state": WAITING, "due_at": due_at}
        values |= {"asked_at": self.work.now, "asked_by": asked_by}
        return int(self.connection.execute(insert(tasks).values(values).returning(tasks.c.id)).scalar_one())

    def one(self, region: str, task_id: int) -> Task:
        """Find a task of a region.

        Raises
        ------
        NotThere
        """
        row = self.connection.execute(self._selected().where(regions.c.key == region, tasks.c.id == task_id)).first()
        if row is None:
            raise NotThere(T("the region “{key}” has no such task", key=region))
        return task_of(row)

    def listed(self, region: str, most: int = 20) -> list[Task]:
        """List the latest tasks of a region, newest first."""
        mine = tasks.c.region_id == self.region_row(region).id
        rows = self.connection.execute(self._selected().where(mine).order_by(tasks.c.id.desc()).limit(most))
        return [task_of(row) for row in rows]

    def cancel(self, region: str, task_id: int) -> bool:
        """Cancel a task that nobody has begun; False where somebody has.

        Raises
        ------
        NotThere
        """
        waiting = tasks.c.id == self.one(region, task_id).id, tasks.c.state == WAITING
        done = self.connection.execute(update(tasks).where(*waiting).values(state=CANCELLED, ended_at=self.work.now))
        return done.rowcount == 1

    def _selected(self) -> Select[Any]:
        joined = tasks.join(regions, regions.c.id == tasks.c.region_id)
        joined = joined.outerjoin(people, people.c.id == tasks.c.asked_by)
        return (
            select(tasks, regions.c.key.label("region_key"), people.c.email)
            .select_from(joined)
            .where(in_regions(self.scope))
        )


def task_of(row: Row[Any]) -> Task:
    """Turn a row into a task."""
    cells = row._mapping
    return Task(
        **{name: cells[name] for name in SAME},
        region=cells["region_key"],
        asked_by=cells["email"],
        result=cells["result"] or {},
        told=sentences.from_document(cells["told"] or []),
    )


@dataclass(frozen=True)
class TaskLease:
    """A task that a worker has taken."""

    task: Task
    fence: int


def some_due(work: Work) -> bool:
    """Tell whether there is a task that a worker may take now."""
    return work.connection.execute(select(tasks.c.id).where(_due(database_now(work))).limit(1)).first() is not None


def claim(work: Work, worker: str, lease_seconds: float) -> TaskLease | None:
    """Take the task that is due longest and that nobody works on; None where there is none."""
    now = database_now(work)
    joined = tasks.join(regions, regions.c.id == tasks.c.region_id).outerjoin(people, people.c.id == tasks.c.asked_by)
    query = select(tasks, regions.c.key.label("region_key"), people.c.email).select_from(joined).where(_due(now))
    query = query.order_by(tasks.c.due_at, tasks.c.id).limit(1).with_for_update(of=tasks, skip_locked=True)
    row = work.connection.execute(query).first()
    if row is None:
        return None
    taken = {"state": RUNNING, "worker": worker, "fence": row.fence + 1, "begun_at": row.begun_at or work.now}
    taken["lease_until"] = now + dt.timedelta(seconds=lease_seconds)
    work.connection.execute(update(tasks).where(tasks.c.id == row.id).values(taken))
    return TaskLease(task_of(row), row.fence + 1)


def renew(work: Work, lease: TaskLease, lease_seconds: float, result: dict[str, Any]) -> bool:
    """Go on holding a task, and say how far it is; False where it was lost."""
    values: dict[str, Any] = {"lease_until": database_now(work) + dt.timedelta(seconds=lease_seconds)}
    if result:
        values["result"] = result
    return _changed(work, lease, values)


def end(work: Work, lease: TaskLease, state: str, result: dict[str, Any], told: Sequence[Text]) -> bool:
    """End a task; False where it was lost."""
    values: dict[str, Any] = {"state": state, "ended_at": work.now, "lease_until": None}
    if "letters" in lease.task.about:
        # Whom they went to, and what they said, is nobody's business any more.
        values["about"] = lease.task.about | {"letters": [], "count": len(lease.task.about["letters"])}
    return _changed(work, lease, values | {"result": result, "told": sentences.as_document(told)})


def _changed(work: Work, lease: TaskLease, values: dict[str, Any]) -> bool:
    mine = tasks.c.id == lease.task.id, tasks.c.state == RUNNING, tasks.c.fence == lease.fence
    return work.connection.execute(update(tasks).where(*mine).values(values)).rowcount == 1


def _due(now: dt.datetime) -> ColumnElement[bool]:
    lost = and_(tasks.c.state == RUNNING, tasks.c.lease_until < now)
    return or_(and_(tasks.c.state == WAITING, tasks.c.due_at <= now), lost)
