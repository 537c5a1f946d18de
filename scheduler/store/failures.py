"""What a database's errors mean, and in which words they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.errors import StoreAway, StoreDamaged, StoreFailed
from scheduler.wording import T

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

SERIALIZATION_FAILURE, DEADLOCK, LOCK_NOT_AVAILABLE, NO_TABLE = "40001", "40P01", "55P03", "42P01"
NOT_ALLOWED, NOT_SUPPORTED, READ_ONLY, INDEX_DAMAGED = "42501", "0A000", "25006", "XX002"
"""SQLSTATE codes (PostgreSQL, appendix A)."""

FULL = ("53100", "database or disk is full", "disk I/O error", "No space left")
"""What a full disk makes a database say."""

DAMAGED = ("XX001", "file is not a database", "database disk image is malformed")
"""What a database says whose file is broken, or of another program."""

RECOVERY, READ_ONLY_FILE = "during recovery", "attempt to write a readonly database"
"""What a standby server of PostgreSQL says to whoever wants to write, and SQLite of a file that may only be read."""

NO_CONNECTION = ("53300", "too many clients", "remaining connection slots", "too many connections")

CHANGED_TABLE = "cached plan must not change result type"
"""A column was changed under a statement that PostgreSQL had prepared; the next attempt prepares it anew."""


def sqlstate(error: BaseException | None) -> str | None:
    """Give the SQLSTATE of an error of PostgreSQL."""
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def is_crossed(error: BaseException | None) -> bool:
    """Tell whether a transaction failed only because another one went across it."""
    return sqlstate(error) in (SERIALIZATION_FAILURE, DEADLOCK) or _says(error, CHANGED_TABLE)


def is_held(error: BaseException) -> bool:
    """Tell whether a transaction failed because another one held for too long what it needed."""
    return sqlstate(error) == LOCK_NOT_AVAILABLE or _says(error, "database is locked")


def is_full(error: BaseException) -> bool:
    """Tell whether a database failed for want of room on its disk."""
    return _means(error, FULL)


def is_damaged(error: BaseException | None) -> bool:
    """Tell whether a database failed because its file is broken, or none of ours."""
    return error is not None and (_means(error, DAMAGED) or sqlstate(error) == INDEX_DAMAGED)


def is_outer(error: BaseException) -> bool:
    """Tell whether the database is to blame, or whoever looks after it, and not a statement of ours.

    Errors of the kinds that speak of the connection are so in any case; these are of kinds that also speak of faults
    in programs.
    """
    return is_full(error) or is_crossed(error) or _is_barred(error) or is_damaged(error)


def store_failed(error: DBAPIError) -> StoreFailed:
    """Say in words what the database could not do."""
    if is_full(error):
        return StoreFailed(T("the disk of the database is full; make room, then try again: nothing was changed"))
    if is_held(error):
        return StoreFailed(T("another program holds the database for too long; try again in a moment"))
    if is_crossed(error):
        return StoreFailed(T("two changes went across each other; try again"))
    if _says(error, "no such table") or sqlstate(error) == NO_TABLE:
        return StoreFailed(T("the database has no tables of Étale yet; run “etale db upgrade”"))
    reason = str(error.orig).strip().partition("\n")[0] or type(error.orig).__name__
    if is_damaged(error):
        return StoreDamaged(
            T(
                "the database is damaged, or its file is of another program ({reason}); "
                "set it aside and restore a backup (“etale restore”)",
                reason=reason,
            )
        )
    if _is_barred(error):
        return StoreFailed(
            T(
                "the database does not permit this ({reason}); see that it is no standby and no file that may only be "
                "read, and that its tables belong to the user whom ETALE_DATABASE names",
                reason=reason,
            )
        )
    if _means(error, NO_CONNECTION):
        return StoreAway(
            T("the database takes no more connections ({reason}); try again, or let it take more", reason=reason)
        )
    return StoreAway(
        T("the database does not answer ({reason}); see that it runs, and that ETALE_DATABASE names it", reason=reason)
    )


def _is_barred(error: BaseException) -> bool:
    standby = sqlstate(error) in (NOT_SUPPORTED, READ_ONLY) and _says(error, RECOVERY)
    return standby or sqlstate(error) == NOT_ALLOWED or _says(error, READ_ONLY_FILE)


def _means(error: BaseException, signs: tuple[str, ...]) -> bool:
    """Tell whether an error has the code that comes first, or says one of the words behind it."""
    return sqlstate(error) == signs[0] or any(_says(error, words) for words in signs[1:])


def _says(error: BaseException | None, words: str) -> bool:
    return words in str(getattr(error, "orig", error))
