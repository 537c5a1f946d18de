"""The tables: up from nothing, up with data, and equal to what the program declares."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from scheduler.errors import StoreFailed
from scheduler.store import Store, open_store, schema


def test_the_steps_lead_to_the_declared_tables(store: Store) -> None:
    assert schema.version(store).current
    assert schema.differences(store) == []
    schema.check_current(store)


def test_taking_the_steps_again_changes_nothing(store: Store) -> None:
    assert schema.upgrade(store).current


def test_an_empty_database_says_what_to_do(tmp_path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'etale.db'}")
    with pytest.raises(StoreFailed, match="etale db upgrade"):
        schema.check_current(store)
    assert schema.upgrade(store).found is None
    schema.check_current(store)
    store.dispose()


def test_a_database_of_a_newer_program_is_not_touched(store: Store) -> None:
    with store.write() as work:
        work.connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreFailed, match="newer"):
        schema.upgrade(store)
    schema.check_current(store)  # and the old program goes on serving meanwhile
