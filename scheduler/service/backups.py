"""Backups: one file with everything, taken and restored while the service runs; and the way to another database."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.errors import Refused, StoreFailed
from scheduler.store import audit, schema
from scheduler.store.backup_file import Backup, opened_backup, write_backup
from scheduler.store.restoring import restore_rows
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scheduler.domain.people import Actor
    from scheduler.store import Store

__all__ = ["Backup", "Restored", "restore", "take_backup"]


@dataclass(frozen=True)
class Restored:
    """What a backup brought.

    Attributes
    ----------
    rows : dict
        Rows of each table, by its name.
    """

    rows: Mapping[str, int]


def take_backup(store: Store, actor: Actor, path: Path) -> Backup:
    """Write everything, as it stands at this moment, into one file; nobody has to wait for it.

    Raises
    ------
    Refused
        The actor is no operator.
    CannotWrite
        The file cannot be written; what stood there before still stands.
    StoreFailed
        The database does not answer, or its tables are not those of this program.
    """
    _only_operators(actor)
    backup = write_backup(store, path)
    # A disk that is too full for one more entry is a good reason to take a backup.
    with suppress(StoreFailed), store.write() as work:
        audit.note(work, actor, audit.SERVICE_CHAIN, "backup.taken", path.name, after={"bytes": backup.size})
    return backup


def restore(store: Store, actor: Actor, path: Path, *, replace: bool = False) -> Restored:
    """Put what a backup holds into a database, which may be of the other kind; its tables are made where needed.

    Running plans go back to the queue, and whoever was signed in signs in again. Everything is restored or nothing.

    Parameters
    ----------
    store : Store
    actor : Actor
    path : Path
        The backup.
    replace : bool
        Whether what the database holds may be lost.

    Raises
    ------
    FaultyInput
        The file is no backup, is damaged, or is of a newer program.
    Refused
        The database is not empty, and `replace` does not say that this may be lost; or the actor is no operator.
    StoreFailed
        The database does not answer, or its tables are not those of this program.
    """
    _only_operators(actor)
    with opened_backup(path) as backup:
        if schema.version(store).found is None:
            schema.upgrade(store)
        with backup.read() as source, store.write() as work:
            rows = restore_rows(source, work, replace=replace)
            audit.note(work, actor, audit.SERVICE_CHAIN, "backup.restored", path.name, after={"rows": rows})
    return Restored(rows)


def _only_operators(actor: Actor) -> None:
    """Refuse everybody who does not see and change everything anyhow."""
    if not actor.edits.everything:
        raise Refused(T("only an operator may take and restore backups"))
