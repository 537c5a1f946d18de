"""Planning runs as the people of a region ask for them, and what the workers left of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, desc, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.domain.runs import (
    ACTIVE,
    CANCELLED,
    DONE,
    INCIDENT,
    PLAN,
    QUEUED,
    STATES,
    USUAL,
    WHAT_IF,
    Run,
    RunOptions,
    RunProgress,
)
from scheduler.errors import NotThere
from scheduler.store import sentences
from scheduler.store.scoped import Repository, in_regions
from scheduler.store.tables import runs as tables
from scheduler.store.tables.people import people
from scheduler.store.tables.regions import regions
from scheduler.store.tables.runs import plan_runs
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, Select

    from scheduler.store.engine import Work

HEAVY = ("input", "report")
"""Columns that are large, and fetched only where one run is asked for."""

SAME = (
    *("id", "number", "first_date", "last_date", "state", "region_revision", "asked_at", "stop_asked_at", "begun_at"),
    *("ended_at", "worker", "progress_at", "stopped_by", "status", "objective", "lower_bound"),
    *("purpose", "title", "changes", "adopted_at"),
)
"""Columns that a run has under the same names."""

LIGHT = [column for column in plan_runs.c if column.name not in HEAVY]


class Runs(Repository):
    """The runs of the regions in a scope."""

    def add(
        self,
        region: Row[Any],
        options: RunOptions,
        frozen: bytes,
        asked_by: int | None,
        *,
        dates: tuple[dt.date, dt.date] | None = None,
        purpose: str = PLAN,
        title: str = "",
        changes: dict[str, Any] | None = None,
    ) -> int | None:
        """Queue a run and give its number; None where the region has an active one that plans the same dates.

        The region must be locked: numbers have no gaps. That there is one active plan at most is the index's doing;
        runs of another purpose are in nobody's way.
        """
        first_date, last_date = dates or (region.first_date, region.last_date)
        numbers = select(func.coalesce(func.max(plan_runs.c.number), 0) + 1).where(plan_runs.c.region_id == region.id)
        insert = (postgresql if self.work.on_postgresql else sqlite).insert
        query = insert(plan_runs).values(
            region_id=region.id,
            number=numbers.scalar_subquery(),
            first_date=first_date,
            last_date=last_date,
            state=QUEUED,
            purpose=purpose,
            title=title,
            changes=changes,
            asked_at=self.work.now,
            asked_by=asked_by,
            options=options.as_document(),
            input=frozen,
            input_digest=hashlib.sha256(frozen).digest(),
            region_revision=region.revision,
        )
        one_active = query.on_conflict_do_nothing(
            index_elements=["region_id", "first_date", "last_date"], index_where=text(tables.ACTIVE_PLAN)
        )
        return self.connection.execute(one_active.returning(plan_runs.c.number)).scalar()

    def active(self, region: Row[Any], dates: tuple[dt.date, dt.date] | None = None) -> int | None:
        """Give the number of the active run that plans these dates, or a region's horizon."""
        first_date, last_date = dates or (region.first_date, region.last_date)
        horizon = plan_runs.c.first_date == first_date, plan_runs.c.last_date == last_date
        mine = plan_runs.c.region_id == region.id, plan_runs.c.state.in_(ACTIVE), plan_runs.c.purpose == PLAN
        return self.connection.execute(select(plan_runs.c.number).where(*mine, *horizon)).scalar()

    def one(self, region: str, number: int, *, lock: bool = False) -> Run:
        """Give a run with its report; `lock` holds it against other writers until the work ends.

        Raises
        ------
        NotThere
        """
        wanted = regions.c.key == region, plan_runs.c.number == number
        query = self._selected(plan_runs.c.report).where(*wanted)
        if lock and self.work.on_postgresql:
            query = query.with_for_update(of=plan_runs)
        row = self.connection.execute(query).first()
        if row is None:
            self.region_row(region)
            raise NotThere(T("the region “{region}” has no planning run {number}", region=region, number=number))
        return run_of(row)

    def listed(
        self, region: str, most: int = 50, before: int | None = None, purposes: Sequence[str] | None = None
    ) -> list[Run]:
        """List the latest runs of a region, newest first; `before`: those of a smaller number."""
        query = self._selected().where(plan_runs.c.region_id == self.region_row(region).id)
        if purposes is not None:
            query = query.where(plan_runs.c.purpose.in_(purposes))
        if before is not None:
            query = query.where(plan_runs.c.number < before)
        rows = self.connection.execute(query.order_by(desc(plan_runs.c.number)).limit(most))
        return [run_of(row) for row in rows]

    def current(self, region: str, first_date: dt.date, last_date: dt.date) -> Run | None:
        """Give the run by whose plan a region goes on some dates, without its report.

        Of the finished runs that touch the dates: the one adopted last; where none was, the newest plan; where there
        is none either, the newest look at the usual times.
        """
        touching = plan_runs.c.first_date <= last_date, plan_runs.c.last_date >= first_date
        mine = plan_runs.c.region_id == self.region_row(region).id, plan_runs.c.state == DONE
        query = self._selected().where(*mine, *touching, plan_runs.c.purpose != WHAT_IF)
        query = query.where(or_(plan_runs.c.purpose != INCIDENT, plan_runs.c.adopted_at.is_not(None)))
        standing = case((plan_runs.c.purpose == USUAL, 2), (plan_runs.c.adopted_at.is_(None), 1), else_=0)
        latest = plan_runs.c.adopted_at.desc().nulls_last(), plan_runs.c.number.desc()
        row = self.connection.execute(query.order_by(standing, *latest).limit(1)).first()
        return None if row is None else run_of(row)

    def note_adopted(self, run_id: int) -> None:
        """Write down that a run's plan is the region's own from now on."""
        self.connection.execute(update(plan_runs).where(plan_runs.c.id == run_id).values(adopted_at=self.work.now))

    def frozen(self, run: Run) -> bytes | None:
        """Give the input of a run; None once it is erased."""
        query = select(plan_runs.c.input).where(plan_runs.c.id == run.id)
        frozen: bytes | None = self.connection.execute(query).scalar_one()
        return frozen

    def cancel(self, run: Run, person_id: int | None) -> None:
        """End a queued run, which must be locked."""
        values = {"state": CANCELLED, "ended_at": self.work.now}
        self._change(run, **values, stop_asked_at=self.work.now, stop_asked_by=person_id)

    def ask_to_stop(self, run: Run, person_id: int | None) -> None:
        """Ask the worker of a running run, which must be locked, to end with the best plan so far."""
        self._change(run, stop_asked_at=self.work.now, stop_asked_by=person_id)

    def put_changes(self, run: Run, changes: dict[str, Any]) -> None:
        """Write down what a run's input was changed by, and what became of it."""
        self._change(run, changes=changes)

    def is_done(self, region_id: int, number: int) -> bool:
        """Tell whether a region has a finished run of that number."""
        wanted = plan_runs.c.region_id == region_id, plan_runs.c.number == number, plan_runs.c.state == DONE
        return self.connection.execute(select(plan_runs.c.id).where(*wanted)).first() is not None

    def _change(self, run: Run, **values: Any) -> None:
        self.connection.execute(update(plan_runs).where(plan_runs.c.id == run.id).values(values))

    def _selected(self, *more: Any) -> Select[Any]:
        joined = plan_runs.join(regions, regions.c.id == plan_runs.c.region_id)
        joined = joined.outerjoin(people, people.c.id == plan_runs.c.asked_by)
        columns = [*LIGHT, *more, regions.c.key.label("region_key"), people.c.email]
        return select(*columns).select_from(joined).where(in_regions(self.scope))


def run_of(row: Row[Any]) -> Run:
    """Turn a row into a run."""
    cells = row._mapping
    return Run(
        **{name: cells[name] for name in SAME},
        region=cells["region_key"],
        asked_by=cells["email"],
        options=RunOptions(**cells["options"]),
        progress=None if cells["progress"] is None else progress_of(cells["progress"]),
        failure=sentences.from_document(cells["failure"] or []),
        report=cells.get("report"),
    )


def progress_of(document: dict[str, Any]) -> RunProgress:
    """Turn a JSON value into progress."""
    date = document.get("date")
    points = tuple(tuple(point) for point in document.get("points", ()))
    return RunProgress(**document | {"date": None if date is None else dt.date.fromisoformat(date), "points": points})


def counts_by_state(work: Work) -> dict[str, int]:
    """Count the runs of all regions by state, for operators."""
    query = select(plan_runs.c.state, func.count()).group_by(plan_runs.c.state)
    found = {state: count for state, count in work.connection.execute(query)}
    return {state: found.get(state, 0) for state in STATES}
