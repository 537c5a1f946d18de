"""E-mail addresses, as they are typed and as they are kept."""

from __future__ import annotations

import re
import unicodedata

from scheduler.errors import Fault, FaultyInput
from scheduler.wording import T

EMAIL = re.compile(r"[^\s@<>(),;:\"\\\[\]]{1,64}@[^\s@<>(),;:\"\\\[\]]+\.[^\s@<>(),;:\"\\\[\].]{2,}")
"""What an e-mail address looks like; whether somebody reads it, only a letter would show."""


def check_email(email: str) -> str:
    """Give an e-mail address as it is kept: without spaces around it, in small letters.

    Raises
    ------
    FaultyInput
    """
    tidy = tidy_email(email)
    if len(tidy) <= 254 and EMAIL.fullmatch(tidy) and tidy.isprintable() and ".." not in tidy:
        return tidy
    what = T("“{email}” is not an e-mail address", email=email.strip()[:254])
    raise FaultyInput([Fault("email", 0, what, T("write it like name@example.org"))])


def tidy_email(email: str) -> str:
    """Write an e-mail address as it would be kept, whether or not it is one; what nobody sees of it goes."""
    return printable(unicodedata.normalize("NFC", email)).strip().lower()


def printable(text: str) -> str:
    """Leave out the characters that nobody sees, which come along when text is copied or sent by a program."""
    return "".join(character for character in text if character.isprintable())
