"""A backup: one SQLite file with all tables, whatever database it was taken from."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from scheduler.errors import CannotWrite, Fault, FaultyInput, StoreDamaged, StoreFailed
from scheduler.store import audit, schema
from scheduler.store.copy import SourceFailed, copy_rows, row_counts
from scheduler.store.engine import Store, open_frozen, open_scratch
from scheduler.store.failures import is_full
from scheduler.whole_folder import cannot_write_file, folder_for_now, whole_file_at
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scheduler.wording import Text

OWNER_ALONE = 0o600


@dataclass(frozen=True)
class Backup:
    """A backup that was written.

    Attributes
    ----------
    file : Path
    size : int
        Bytes.
    rows : dict
        Rows of each table, by its name.
    findings : tuple of Text
        Where the audit log does not hold: the backup is a true copy, but somebody changed the database by hand.
    """

    file: Path
    size: int
    rows: Mapping[str, int]
    findings: tuple[Text, ...]


def write_backup(store: Store, path: Path) -> Backup:
    """Copy all rows, as they stand at this moment, into a file; others read and write meanwhile.

    The file is whole or absent: it is written under a temporary name, read again and compared, then renamed.

    Raises
    ------
    CannotWrite
        The file cannot be written, or is not what was written; what stood there before still stands.
    StoreFailed
        The database does not answer, or its tables are not those of this program.
    """
    _refuse_the_database_itself(store, path)
    with whole_file_at(path, OWNER_ALONE) as temporary:
        scratch = open_scratch(temporary)
        try:
            schema.upgrade(scratch)
            with store.read() as source, scratch.write() as target:
                schema.check_same(source)
                rows = copy_rows(source, target)
        except SourceFailed:
            raise
        except StoreFailed as failed:
            raise _file_failed(path, failed) from failed
        finally:
            scratch.dispose()
        findings = _checked(temporary, path, rows)
        return Backup(path, temporary.stat().st_size, rows, findings)


def _refuse_the_database_itself(store: Store, path: Path) -> None:
    if store.file is not None and store.file.exists() and path.exists() and path.samefile(store.file):
        raise CannotWrite(T("The file {file} is the database itself; name another file.", file=path))


def _file_failed(path: Path, failed: StoreFailed) -> Exception:
    """Tell a file that cannot be written from a database that cannot be read: only the first is about the file."""
    if failed.__cause__ is None:
        return failed
    if is_full(failed.__cause__):
        return CannotWrite(cannot_write_file(path, OSError(errno.ENOSPC, "")))
    return CannotWrite(T("The file {file} cannot be written: {reason}", file=path, reason=failed.reason))


def _checked(file: Path, path: Path, rows: Mapping[str, int]) -> tuple[Text, ...]:
    """Read a new backup again, from its first byte to its last."""
    with _frozen(file) as store, store.read() as work:
        wrong = _damage(store) or row_counts(work) != rows
        if wrong:
            raise CannotWrite(
                T(
                    "The file {file} does not say what was written into it; see to the disk, it may be failing.",
                    file=path,
                )
            )
        return tuple(audit.verify(work))


@contextmanager
def _frozen(file: Path) -> Iterator[Store]:
    store = open_frozen(file)
    try:
        yield store
    finally:
        store.dispose()


def _damage(store: Store) -> bool:
    """Tell whether SQLite finds a file damaged, or a row that refers to one that is not there."""
    with store.read() as work:
        sound = work.connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        return not sound or work.connection.execute(text("PRAGMA foreign_key_check")).first() is not None


@contextmanager
def opened_backup(path: Path) -> Iterator[Store]:
    """Open a backup to restore it, brought up to the tables of this program.

    An older backup is copied first and the copy is brought up to date; the file itself is never changed.

    Raises
    ------
    FaultyInput
        The file is no backup, is damaged, or is of a newer program.
    CannotWrite
        There is no room for the copy.
    """
    if not path.is_file():
        raise _useless(path, T("there is no such file"), T("name a file that “etale backup” wrote"))
    with _frozen(path) as store:
        found = _version_of(path, store)
        if found.current:
            yield store
            return
    with folder_for_now() as folder:
        copy = folder / "backup.db"
        _copy_file(path, copy)
        scratch = open_scratch(copy)
        try:
            schema.upgrade(scratch)
            yield scratch
        finally:
            scratch.dispose()


def _version_of(path: Path, store: Store) -> schema.Version:
    try:
        if _damage(store):
            raise _useless(path, T("it is damaged"), T("take another backup"))
        found = schema.version(store)
    except StoreDamaged as damaged:
        raise _useless(path, T("it is no backup of Étale, or it is damaged"), T("take another backup")) from damaged
    except StoreFailed as failed:
        what = T("it cannot be read ({reason})", reason=failed.reason)
        raise _useless(path, what, T("take another backup")) from failed
    if found.found is None:
        raise _useless(path, T("it is a database, but not of Étale"), T("name a file that “etale backup” wrote"))
    if not found.known:
        what = T("it is of a newer Étale (revision {revision})", revision=found.found)
        raise _useless(path, what, T("restore it with that one"))
    return found


def _copy_file(path: Path, copy: Path) -> None:
    try:
        with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as source:
            os.close(os.open(copy, os.O_CREAT | os.O_WRONLY, OWNER_ALONE))
            with closing(sqlite3.connect(copy)) as target:
                source.backup(target)
    except sqlite3.Error as error:
        if is_full(error):
            raise CannotWrite(cannot_write_file(copy, OSError(errno.ENOSPC, ""))) from error
        raise


def _useless(path: Path, what: Text, remedy: Text) -> FaultyInput:
    return FaultyInput([Fault(str(path), 0, what, remedy)])
