"""The small region kept in a store, and people who may see or change some of it; for tests of services."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from region_files import write_region
from sqlalchemy import insert, select

from scheduler.domain.people import PRINCIPAL, REGION, TEACHER, Actor, Role, person_actor, service_actor
from scheduler.service.region_import import import_region
from scheduler.store.tables.people import people
from scheduler.store.tables.regions import regions, schools

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.store import Store

KEY = "little"
COLLEGE, LYCEE = "0670001A", "0670002B"
SERVICE = service_actor("test")


def keep_region(store: Store, changes: Mapping[str, str | bytes | None] | None = None) -> None:
    """Import the small region, with some files changed, under `KEY`."""
    with tempfile.TemporaryDirectory() as folder:
        import_region(store, SERVICE, write_region(Path(folder) / "region", changes), KEY)


def person(store: Store, name: str, *roles: Role) -> Actor:
    """Make a person with roles."""
    email = f"{name}@example.fr"
    with store.write() as work:
        values = {"email": email, "name": name, "created_at": work.now}
        made = insert(people).values(values).returning(people.c.id)
        return person_actor(work.connection.execute(made).scalar_one(), email, roles)


def region_head(store: Store, name: str = "rectorat") -> Actor:
    """Make a person who may change the whole region."""
    with store.read() as work:
        region_id = work.connection.execute(select(regions.c.id).where(regions.c.key == KEY)).scalar_one()
    return person(store, name, Role(REGION, region_id=region_id))


def principal(store: Store, school: str, name: str = "principal", role: str = PRINCIPAL) -> Actor:
    """Make a person of a school."""
    with store.read() as work:
        school_id = work.connection.execute(select(schools.c.id).where(schools.c.key == school)).scalar_one()
    return person(store, name, Role(role, school_id=school_id))


def teacher(store: Store, school: str, name: str = "teacher") -> Actor:
    """Make a teacher of a school, who changes nothing."""
    return principal(store, school, name, TEACHER)
