"""Texts as people look for them: without capitals and accents."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "ı": "i"})


def plain_letters(text: str) -> str:
    """Write a text in small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def folded_words(text: str) -> str:
    """Write a text in small letters and digits of any script, ``-`` between words; ``""`` where it has none."""
    return re.sub(r"[\W_]+", "-", plain_letters(text)).strip("-")
