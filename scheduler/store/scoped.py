"""Queries that see only what a person may see, by construction.

Every repository is made with a scope and takes its rows through these selections; there is no way from a key in an
address to a row outside the scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import false, or_, select, true

from scheduler.errors import NotThere
from scheduler.store.tables.regions import regions, schools
from scheduler.wording import T

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row, Select

    from scheduler.domain.people import Scope
    from scheduler.store.engine import Work


def in_regions(scope: Scope) -> ColumnElement[bool]:
    """Give the condition on table `regions` that a region is in the scope, whole."""
    if scope.everything:
        return true()
    return regions.c.id.in_(sorted(scope.regions)) if scope.regions else false()


def in_schools(scope: Scope) -> ColumnElement[bool]:
    """Give the condition on table `schools` that a school is in the scope, by itself or with its region."""
    if scope.everything:
        return true()
    return or_(
        schools.c.region_id.in_(sorted(scope.regions)) if scope.regions else false(),
        schools.c.id.in_(sorted(scope.schools)) if scope.schools else false(),
    )


class Repository:
    """What all repositories have in common.

    Parameters
    ----------
    work : Work
    scope : Scope
        What is not in it does not exist for this repository.
    """

    def __init__(self, work: Work, scope: Scope):
        self.work, self.scope = work, scope
        self.connection = work.connection

    def region_row(self, key: str) -> Row[Any]:
        """Find a region in the scope by its key.

        Raises
        ------
        NotThere
        """
        row = self.connection.execute(select(regions).where(regions.c.key == key, in_regions(self.scope))).first()
        if row is None:
            raise NotThere(T("there is no region “{key}”", key=key))
        return row

    def school_row(self, region: str, key: str) -> Row[Any]:
        """Find a school in the scope by its region's key and its own; ``""`` is the region's audiences.

        Raises
        ------
        NotThere
        """
        wanted = schools.c.key == key, regions.c.key == region
        row = self.connection.execute(self.schools().where(*wanted)).first()
        if row is None:
            raise NotThere(T("there is no school “{key}” in the region “{region}”", key=key, region=region))
        return row

    def schools(self) -> Select[Any]:
        """Select the schools in the scope, with ``region_key``."""
        joined = schools.join(regions, regions.c.id == schools.c.region_id)
        return select(schools, regions.c.key.label("region_key")).select_from(joined).where(in_schools(self.scope))

    def lock_region(self, region_id: int) -> None:
        """Hold a region against other writers until the work ends; who holds it decides upon its limits and runs."""
        if self.work.on_postgresql:
            self.connection.execute(select(regions.c.id).where(regions.c.id == region_id).with_for_update())

    def lock_school(self, school_id: int) -> None:
        """Hold a school against other writers until the work ends; lock the region first where both are needed."""
        if self.work.on_postgresql:
            self.connection.execute(select(schools.c.id).where(schools.c.id == school_id).with_for_update())
