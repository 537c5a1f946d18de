"""How the edges of the program say figures: the `Words` of one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal

from scheduler.charts.words import load_word
from scheduler.wording import T
from scheduler.wording_times import NO_BREAK_SPACE, date_in_words, number_in_words, time_in_words

if TYPE_CHECKING:
    import datetime as dt

    from scheduler.wording import Text


@dataclass(frozen=True)
class SpokenWords:
    """The words of `language`, ``fr`` or ``en``; see :class:`scheduler.domain.verdict_words.Words`."""

    language: str

    def say(self, text: Text | str) -> str:
        """Say a sentence; what is said already stays."""
        return text if isinstance(text, str) else text.in_language(self.language)

    def number(self, value: float) -> str:
        """Say a count or an amount."""
        return number_in_words(int(value) if value == int(value) else value, self.language)

    def tenths(self, value: float) -> str:
        """Say an amount with exactly one decimal, so that a column of them aligns."""
        return str(format_decimal(value, "#,##0.0", locale=self.language))

    def load(self, value: float) -> str:
        """Say a load or a capacity: whole from 100 on, with one decimal below, or that it is unlimited."""
        return load_word(value, self.language)

    def share(self, value: float) -> str:
        """Say a share of 1 in per cent, with one decimal below 10 %."""
        percent = round(100 * value, 1)
        return self._percent(percent) if abs(percent) < 10 else self.whole_share(value)

    def whole_share(self, value: float) -> str:
        """Say a share of 1 in whole per cent."""
        return self._percent(round(100 * value))

    def _percent(self, percent: float) -> str:
        return self.say(T("{number}%", number=self.number(percent)))

    def time(self, minute: int) -> str:
        """Say a minute of the day; 1440 is midnight."""
        return time_in_words(minute, self.language)

    def date(self, date: dt.date) -> str:
        """Say a date with its weekday."""
        return date_in_words(date, self.language)

    def weekday(self, date: dt.date) -> str:
        """Say a date's weekday alone."""
        return str(format_date(date, "EEEE", locale=self.language))

    def day_and_month(self, date: dt.date) -> str:
        """Say a date without its weekday and year, unbroken; in French the first of a month is « 1er »."""
        day = "'1er'" if self.language == "fr" and date.day == 1 else "d"
        pattern = f"{day}{NO_BREAK_SPACE}MMMM"
        return str(format_date(date, pattern, locale=self.language))
