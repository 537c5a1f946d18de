"""The cluster of a test's own comes, goes, dies and comes back with what was committed."""

from __future__ import annotations

import own_postgres
import pytest
from sqlalchemy import text

from scheduler.errors import StoreFailed
from scheduler.store import open_store, schema

pytestmark = pytest.mark.skipif(own_postgres.programs() is None, reason=own_postgres.NO_PROGRAMS)


def test_what_was_committed_survives_every_end_of_the_server() -> None:
    with own_postgres.own_postgres() as cluster:
        store = open_store(cluster.address)
        schema.upgrade(store)
        for number, end in enumerate((cluster.kill, cluster.stop, lambda: cluster.stop("immediate"))):
            with store.write() as work:
                work.connection.execute(text("INSERT INTO audit_chains VALUES (:n, 0, '')"), {"n": str(number)})
            end()
            assert not cluster.running()
            with pytest.raises(StoreFailed, match="does not answer"), store.read():
                pass
            cluster.start()
            with store.read() as work:
                assert work.connection.execute(text("SELECT count(*) FROM audit_chains")).scalar_one() == number + 1
        store.dispose()
    assert not cluster.running()
    assert not cluster.data.exists()
