"""The version of the database's tables, and the way to the one that this program speaks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from scheduler.errors import StoreFailed
from scheduler.store.tables import METADATA
from scheduler.wording import T

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.store.engine import Store, Work

UPGRADE_LOCK = 7_240_611
"""Number of the advisory lock under which PostgreSQL is upgraded: two upgrades at once would cross each other."""

LOCK_SECONDS = 10
"""How long an upgrade of PostgreSQL waits for whoever uses a table; it can be called again at any time."""


@dataclass(frozen=True)
class Version:
    """Which tables there are and which the program knows.

    Attributes
    ----------
    found : str or None
        Revision of the database; None where there are no tables of ours.
    wanted : str
        Revision that this program was written for.
    known : bool
        This program knows the way from the one to the other; else the database is of a newer program.
    """

    found: str | None
    wanted: str
    known: bool

    @property
    def current(self) -> bool:
        """Whether the tables are as the program wants them."""
        return self.found == self.wanted


def alembic_config(connection: Connection | None = None) -> Config:
    """Configure Alembic for our steps, on a connection where one is needed."""
    import migrations

    config = Config(attributes={"connection": connection})
    # Alembic takes a percent sign for the beginning of a reference.
    config.set_main_option("script_location", str(Path(migrations.__path__[0])).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def version(store: Store) -> Version:
    """Say which tables the database has."""
    with store.read() as work:
        return _version(work.connection)


def no_tables() -> Version:
    """Give the version of a database that has no tables."""
    return Version(None, _wanted(ScriptDirectory.from_config(alembic_config())), known=True)


def _wanted(script: ScriptDirectory) -> str:
    wanted = script.get_current_head()
    if wanted is None:
        raise AssertionError("there are no migrations")
    return wanted


def _version(connection: Connection) -> Version:
    script = ScriptDirectory.from_config(alembic_config())
    found = MigrationContext.configure(connection).get_current_revision()
    known = found is None or found in {revision.revision for revision in script.walk_revisions()}
    return Version(found, _wanted(script), known)


def upgrade(store: Store, to: str = "head") -> Version:
    """Take every step to the wanted tables, all in one transaction; give the version found before.

    Raises
    ------
    StoreFailed
        The database is of a newer program, or does not answer. Nothing was changed.
    """
    return store.in_work(lambda work: _upgrade(work, to), rebuilds=True)


def _upgrade(work: Work, to: str) -> Version:
    if work.on_postgresql:
        # Another upgrade is waited for until its end: it does what we came for.
        work.connection.execute(text("SET LOCAL lock_timeout = 0"))
        work.connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": UPGRADE_LOCK})
        # Whoever reads a table that is changed is waited for, but not for ever with all others behind.
        work.connection.execute(text(f"SET LOCAL lock_timeout = {round(LOCK_SECONDS * 1000)}"))
    found = _version(work.connection)
    if not found.known:
        raise _newer(found)
    take_steps(work, to)
    return found


def take_steps(work: Work, to: str = "head") -> None:
    """Take every step to the wanted tables in a transaction that is under way."""
    command.upgrade(alembic_config(work.connection), to)


def differences(store: Store) -> list[Any]:
    """Compare the database's tables with those the program declares (``alembic check``); empty where they agree."""
    with store.read() as work:
        context = MigrationContext.configure(work.connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, METADATA))


def altered_tables(store: Store) -> list[str]:
    """List our tables that are not as the program declares them; tables of others are nobody's business."""
    found = {_table_of(one[0] if isinstance(one, list) else one) for one in differences(store)}
    return sorted(found & METADATA.tables.keys())


def _table_of(difference: Any) -> str:
    """Give the table that a difference is about.

    Alembic says ``(kind, table)``, ``(kind, index or constraint)``, ``(kind, schema, table, …)``.
    """
    kind, *told = difference
    if kind in ("add_table", "remove_table"):
        return str(told[0].name)
    return str(told[0].table.name if hasattr(told[0], "table") else told[1])


def check_current(store: Store) -> None:
    """Refuse to work on tables that this program does not know.

    A database that is *newer* by steps that this program has not heard of is served all the same: every step works
    with the program of before (see the package migrations), and the operator is replacing us right now.

    Raises
    ------
    StoreFailed
        There are no tables, or older ones.
    """
    found = version(store)
    _check_not_older(found)


def check_same(work: Work) -> None:
    """Refuse to copy from or into tables that are not exactly those of this program, newer ones too.

    Raises
    ------
    StoreFailed
    """
    found = _version(work.connection)
    if not found.known:
        raise _newer(found)
    _check_not_older(found)


def _check_not_older(found: Version) -> None:
    if found.found is None:
        raise StoreFailed(T("the database has no tables of Étale yet; run “etale db upgrade”"))
    if found.known and not found.current:
        raise StoreFailed(T("the database's tables are of an older Étale; run “etale db upgrade”"))


def _newer(found: Version) -> StoreFailed:
    return StoreFailed(
        T("the database is of a newer Étale (revision {revision}); install that one", revision=found.found)
    )
