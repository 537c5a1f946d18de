"""Write the next step, or check all of them.

``python -m migrations "Add this and that"`` writes the next step, from what the tables declare beyond the last one.
Read what it wrote before you commit it: it does not see renames, nor what the old program needs meanwhile.

``python -m migrations check`` takes all steps in fresh databases; it exits with 1 where they do not lead to the
declared tables.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from migrations.check import check
from scheduler.store import open_store, schema


def write_step(message: str) -> None:
    """Write the next step into versions/."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/steps.db")
        schema.upgrade(store)
        taken = len(list(Path(__file__).with_name("versions").glob("[0-9]*.py")))
        with store.write() as work:
            config = schema.alembic_config(work.connection)
            command.revision(config, message=message, autogenerate=True, rev_id=f"{taken + 1:04}")
        store.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "check":
        sys.exit(check())
    write_step(sys.argv[1])
