"""How large a database is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from scheduler.store.tables import METADATA
from scheduler.store.tables.regions import schools

if TYPE_CHECKING:
    from scheduler.store.engine import Work

MAIN = ("regions", "schools", "people", "timetables", "plan_runs", "publications", "feeds")


def in_bytes(work: Work) -> int:
    """Give the size in bytes."""
    if work.on_postgresql:
        return int(work.connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages, size = (
        work.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size")
    )
    return int(pages) * int(size)


def main_counts(work: Work) -> dict[str, int]:
    """Count the rows of the tables that tell an operator how much there is."""
    counts = {}
    for name in MAIN:
        query = select(func.count()).select_from(METADATA.tables[name])
        if name == "schools":
            # The one with an empty key is no school, but the region's own audiences.
            query = query.where(schools.c.key != "")
        counts[name] = int(work.connection.execute(query).scalar_one())
    return counts
