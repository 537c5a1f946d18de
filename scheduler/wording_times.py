"""Times, dates and numbers as people write them: « 8 h 05 », « mardi 6 avril », « 12 500,5 ».

Spaces inside a time and a number do not break, so that « 8 h 05 » never spreads over two lines.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal, get_group_symbol

if TYPE_CHECKING:
    import datetime as dt

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def time_in_words(minute: int, language: str) -> str:
    """Write a minute of the day: « 8 h 05 » in French, ``8:05`` in English.

    Parameters
    ----------
    minute : int
        Minutes from 00:00, 0 to 1440; 1440, the end of a date, is 24:00.
    language : str
        ``fr`` or ``en``.
    """
    hours, minutes = divmod(minute, 60)
    if language == "fr":
        return f"{hours}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{minutes:02d}"
    return f"{hours}:{minutes:02d}"


def date_in_words(date: dt.date, language: str) -> str:
    """Write a date with its weekday and without its year: « mardi 6 avril », ``Tuesday 6 April``.

    In French the first of a month is « 1er ».
    """
    pattern = "EEEE '1er' MMMM" if language == "fr" and date.day == 1 else "EEEE d MMMM"
    return format_date(date, pattern, locale=language)


def number_in_words(number: float, language: str) -> str:
    """Write a number with its thousands apart and at most three decimals: « 12 500,5 », ``12,500.5``.

    French thousands are parted by a narrow space that does not break.
    """
    if isinstance(number, int):
        # A page of load curves has some 20,000 of them, and Babel reads its pattern for each.
        return f"{number:,}".replace(",", _group_sign(language))
    return _fraction_in_words(number, language)


@cache
def _group_sign(language: str) -> str:
    return get_group_symbol(language)


@lru_cache(maxsize=8192)
def _fraction_in_words(number: float, language: str) -> str:
    return format_decimal(number, locale=language)
