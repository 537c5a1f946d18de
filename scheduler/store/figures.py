"""Counts over the whole store, for those who watch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from scheduler.domain.people import EVERYTHING
from scheduler.store.scoped import Repository
from scheduler.store.tables.publications import feeds, publications
from scheduler.store.tables.runs import plan_runs

if TYPE_CHECKING:
    from scheduler.store.engine import Work


class Figures(Repository):
    """Counts of everything."""

    def __init__(self, work: Work):
        super().__init__(work, EVERYTHING)

    def runs_by_state(self) -> dict[str, int]:
        """Count the planning runs in each state that some run is in."""
        counted = self.connection.execute(select(plan_runs.c.state, func.count()).group_by(plan_runs.c.state))
        return {state: int(count) for state, count in counted}

    def publications(self) -> int:
        """Count the publications of all schools."""
        return int(self.connection.execute(select(func.count()).select_from(publications)).scalar_one())

    def feeds(self) -> tuple[int, int]:
        """Count the calendars' addresses that are not withdrawn, and how often all of them were fetched."""
        standing = func.count().filter(feeds.c.withdrawn_at.is_(None))
        row = self.connection.execute(select(standing, func.coalesce(func.sum(feeds.c.fetches), 0))).one()
        return int(row[0]), int(row[1])
