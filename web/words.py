"""Figures, dates and times in the reader's language, for templates; and dates from addresses."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from babel.dates import format_date

from scheduler.files.words import SpokenWords
from web.languages import language

if TYPE_CHECKING:
    from flask import Flask


N = TypeVar("N", int, float)

MARGIN = dt.timedelta(days=400)
"""The weeks beside a date that was asked for must still be in the calendar."""

LARGEST = 10**12
"""Numbers beyond are typing errors, or worse."""


def install(app: Flask) -> None:
    """Let templates say ``{{ date | day }}``, ``{{ count | number }}`` and so on."""
    app.jinja_env.filters.update(
        day=lambda date: words().date(date),
        day_and_month=lambda date: words().day_and_month(date),
        full_date=full_date,
        minute=lambda minute: words().time(minute),
        number=lambda value: words().number(value),
        load=lambda value: words().load(value),
        tenths=lambda value: words().tenths(value),
        share=lambda value: words().share(value),
        moment=moment,
    )
    app.jinja_env.globals.update(is_there=lambda endpoint: endpoint in app.view_functions)


def words() -> SpokenWords:
    """Give the words of whoever asks."""
    return SpokenWords(language())


def full_date(date: dt.date) -> str:
    """Say a date with its year."""
    if language() == "fr" and date.day == 1:
        return str(format_date(date, "'1er' MMMM y", locale="fr"))
    return str(format_date(date, "long", locale=language()))


def moment(at: dt.datetime, timezone: str) -> str:
    """Say a point in time as people in a time zone read it from the clock."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{words().date(local.date())} {local.year}, {words().time(local.hour * 60 + local.minute)}"


def date_asked(text: str | None) -> dt.date | None:
    """Read a date of an address, ``2021-04-06``; None where there is none, or what stands there is no date."""
    try:
        date = dt.date.fromisoformat(text or "")
    except ValueError:
        return None
    return date if dt.date.min + MARGIN <= date <= dt.date.max - MARGIN else None


def number_asked(text: str | None, kind: type[N] = int) -> N | None:
    """Read a number of an address or a form, with a comma or a point; None where there is none."""
    try:
        value = kind((text or "").strip().replace(",", ".").replace("\u202f", "").replace("\xa0", ""))
    except ValueError:
        return None
    return value if abs(value) < LARGEST else None
