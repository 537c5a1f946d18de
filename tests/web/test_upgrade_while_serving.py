"""A newer program brings its tables while this one serves: nobody notices."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa
import stored_feeds
from served import PATIENCE, environment
from webs import app_on

from scheduler.store import schema

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

NEXT_STEP = '''
"""A step of tomorrow: a column that may be empty, and a table."""

import sqlalchemy as sa
from alembic import op

revision = "tomorrow"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("feeds", sa.Column("of_tomorrow", sa.Text(), nullable=True))
    op.add_column("regions", sa.Column("of_tomorrow", sa.Text(), nullable=True))
    op.create_table("of_tomorrow", sa.Column("id", sa.Integer(), primary_key=True))
'''

NEWER_PROGRAM = """
import sys
from scheduler.store import open_store, schema

known = schema.alembic_config

def knows_more(connection=None):
    config = known(connection)
    config.set_main_option("version_locations", "%(here)s/versions;" + sys.argv[2])
    config.set_main_option("version_path_separator", ";")
    config.set_main_option("path_separator", ";")
    return config

schema.alembic_config = knows_more
schema.upgrade(open_store(sys.argv[1]))
"""


def upgrade_as_a_newer_program_would(database: str, steps: Path, head: str) -> None:
    """Take one step more than this program knows, in a process of its own."""
    steps.mkdir()
    (steps / "tomorrow.py").write_text(NEXT_STEP.format(head=head))
    import migrations

    code = NEWER_PROGRAM.replace("%(here)s", migrations.__path__[0])
    subprocess.run(
        [sys.executable, "-c", code, database, str(steps)], env=environment(steps), check=True, timeout=PATIENCE
    )


def test_nobody_notices_an_upgrade(store: Store, database: str, tmp_path: Path) -> None:
    app = app_on(store, tmp_path)
    calendar = f"/feeds/{stored_feeds.put_feed(store, b'BEGIN:VCALENDAR' * 500)}.ics"
    notes = app.extensions["etale-feeds"].notes
    seen: Counter[tuple[str, int]] = Counter()
    ended = threading.Event()

    def ask() -> None:
        client = app.test_client()
        while not ended.is_set():
            for path in ("/", "/readyz", calendar):
                seen[path, client.get(path).status_code] += 1
            notes.flush()  # writes, too, go on
            time.sleep(0.002)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    try:
        upgrade_as_a_newer_program_would(database, tmp_path / "steps", schema.version(store).wanted)
        time.sleep(0.3)
    finally:
        ended.set()
        for asker in askers:
            asker.join()
        notes.flush()

    assert {status for _, status in seen} == {200}
    found = schema.version(store)
    assert (found.found, found.known) == ("tomorrow", False)
    with store.read() as work:
        assert "of_tomorrow" in {column["name"] for column in sa.inspect(work.connection).get_columns("feeds")}
    assert stored_feeds.fetched(store)[0] == seen[calendar, 200]
