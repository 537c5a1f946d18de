"""Passwords: which ones will do, and how they are hashed (argon2id, RFC 9106)."""

from __future__ import annotations

import unicodedata
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from scheduler.errors import Fault, FaultyInput, WaitFirst
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST, MOST, LEAST_DIFFERENT = 12, 1000, 5
"""Characters of a password: at least, at most, and different ones at least."""

HASHER = PasswordHasher()

AT_ONCE, PATIENCE_SECONDS = 4, 15
"""Hashes at once in a process, for each takes 64 MiB; who waits longer for a place is asked to come back."""

_places = BoundedSemaphore(AT_ONCE)


def check_password(password: str, email: str) -> None:
    """Refuse what is too easy to guess.

    Raises
    ------
    FaultyInput
    """
    plain = _plain(password)
    if len(plain) < LEAST:
        what, remedy = T("this password is too short"), T("take at least {least} characters", least=LEAST)
    elif len(plain) > MOST:
        what, remedy = T("this password is too long"), T("take at most {most} characters", most=MOST)
    elif plain.casefold() == email or len(set(plain)) < LEAST_DIFFERENT:
        what, remedy = T("this password is too easy to guess"), T("take a few words that only you would put together")
    else:
        return
    raise FaultyInput([Fault("password", 0, what, remedy)])


def hash_password(password: str) -> str:
    """Hash a password for the store.

    Raises
    ------
    WaitFirst
        Too many people sign in at this moment.
    """
    with _place():
        return HASHER.hash(_plain(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is the right one; without a hash the answer is no and takes as long.

    Raises
    ------
    WaitFirst
        Too many people sign in at this moment.
    """
    with _place():
        # Made before it is known whether it is needed, or the first unknown address would take twice as long.
        nobody = _hash_of_nobody()
        try:
            return HASHER.verify(password_hash or nobody, _plain(password[: MOST + 1])) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash("")


@contextmanager
def _place() -> Iterator[None]:
    """Wait for a place among the hashes at once."""
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise WaitFirst(T("many people sign in at this moment; try again shortly"), 5)
    try:
        yield
    finally:
        _places.release()


def _plain(password: str) -> str:
    """Write a password in one way: keyboards make the same letter of different characters."""
    return unicodedata.normalize("NFKC", password)
