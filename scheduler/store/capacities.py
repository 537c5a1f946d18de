"""Capacity entries, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from scheduler.domain.capacity import KeptCapacity
from scheduler.store.region_rows import capacity_of, capacity_values
from scheduler.store.scoped import Repository
from scheduler.store.tables.people import people
from scheduler.store.tables.regions import capacity_entries

if TYPE_CHECKING:
    from scheduler.domain.capacity import CapacityEntry


class CapacityRepository(Repository):
    """The capacity entries of the regions in the scope."""

    def of_region(self, key: str) -> tuple[KeptCapacity, ...]:
        """List a region's entries in the order of capacity.csv.

        Raises
        ------
        NotThere
        """
        region_id = self.region_row(key).id
        joined = capacity_entries.outerjoin(people, people.c.id == capacity_entries.c.entered_by)
        query = select(capacity_entries, people.c.email).select_from(joined)
        query = query.where(capacity_entries.c.region_id == region_id)
        ordered = query.order_by(capacity_entries.c.position, capacity_entries.c.id)
        return tuple(
            KeptCapacity(row.id, capacity_of(row), row.entered_at, row.email or "")
            for row in self.connection.execute(ordered)
        )

    def add(self, region_id: int, entry: CapacityEntry, person_id: int | None) -> int:
        """Add an entry behind the others and give its id; the region is held already."""
        of_region = capacity_entries.c.region_id == region_id
        last = select(func.coalesce(func.max(capacity_entries.c.position), -1)).where(of_region)
        place = {"region_id": region_id, "position": self.connection.execute(last).scalar_one() + 1}
        values = place | capacity_values(entry) | self._by(person_id)
        done = insert(capacity_entries).values(values).returning(capacity_entries.c.id)
        return int(self.connection.execute(done).scalar_one())

    def put(self, entry_id: int, entry: CapacityEntry, person_id: int | None) -> None:
        """Put another entry in the place of one; the region is held already."""
        mine = capacity_entries.c.id == entry_id
        self.connection.execute(
            update(capacity_entries).where(mine).values(capacity_values(entry) | self._by(person_id))
        )

    def take_out(self, entry_id: int) -> None:
        """Delete an entry; the region is held already."""
        self.connection.execute(delete(capacity_entries).where(capacity_entries.c.id == entry_id))

    def _by(self, person_id: int | None) -> dict[str, object]:
        return {"entered_at": self.work.now, "entered_by": person_id}
