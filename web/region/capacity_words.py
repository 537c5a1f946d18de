"""Capacity entries and their history in words, and the form they are entered by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.charts.words import meter_word
from scheduler.domain.region import Meter
from scheduler.domain.verdict_words import amount as amount_in_words
from scheduler.wording import T
from web.languages import say
from web.words import words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from scheduler.domain.capacity import CapacityEntry
    from scheduler.wording import Text

BASE, RAISE, OUTAGE, ATTACK, RESERVE = SORTS = ("base", "raise", "outage", "attack", "reserve")
SORT_WORDS: dict[str, Text] = {
    BASE: T("normal capacity"),
    RAISE: T("raise"),
    OUTAGE: T("outage"),
    ATTACK: T("attack"),
    RESERVE: T("reserve"),
}
"""What people call an entry. All but the first are changes of the normal capacity."""

FIELDS = ("platform", "meter", "sort", "amount", "unit", "from", "to", "note")


def sort_of(entry: CapacityEntry) -> str:
    """Say which of `SORTS` an entry is; attacks and reserves are told by how their note begins."""
    if entry.kind == "base":
        return BASE
    if entry.amount > 0:
        return RAISE
    noted = entry.note.casefold()
    told = {sort: {SORT_WORDS[sort].in_language(language) for language in ("en", "fr")} for sort in (ATTACK, RESERVE)}
    return next((sort for sort, said in told.items() if any(noted.startswith(one) for one in said)), OUTAGE)


def typed_of(entry: CapacityEntry) -> dict[str, str]:
    """Fill the form in with an entry."""
    return {
        "platform": entry.platform,
        "meter": entry.meter,
        "sort": sort_of(entry),
        "amount": words().number(abs(entry.amount)),
        "unit": "percent" if entry.percent else "",
        "from": _typed_moment(entry.start),
        "to": _typed_moment(entry.end),
        "note": entry.note,
    }


def _typed_moment(moment: dt.datetime | None) -> str:
    return "" if moment is None else moment.isoformat("T", "minutes")


def row_of(typed: Mapping[str, str]) -> dict[str, str]:
    """Write what was typed as a row of capacity.csv; what is wrong with it is found by whoever reads that."""
    sort = typed.get("sort", "")
    number = typed.get("amount", "").replace("\u202f", "").replace("\xa0", "").replace(" ", "").lstrip("+-−")
    percent = "%" if typed.get("unit") == "percent" and sort != BASE and not number.endswith("%") else ""
    sign = {BASE: "", RAISE: "+"}.get(sort, "-")
    note = typed.get("note", "").strip()
    if sort in (ATTACK, RESERVE):
        word = say(SORT_WORDS[sort])
        if not note.casefold().startswith(word):
            note = say(T("{sort}: {note}", sort=word, note=note)) if note else word
    return {
        "platform": typed.get("platform", ""),
        "meter": typed.get("meter", ""),
        "from": typed.get("from", "").strip(),
        "to": typed.get("to", "").strip(),
        "kind": "base" if sort == BASE else "change",
        "amount": f"{sign}{number}{percent}" if number else "",
        "note": note,
    }


def amount_of(entry: CapacityEntry) -> str:
    """Say how much an entry is."""
    if entry.percent:
        return say(T("{amount} % of the normal capacity", amount=f"{_sign(entry)}{words().number(abs(entry.amount))}"))
    number = say(amount_in_words(Meter(entry.platform, entry.meter), abs(entry.amount), words()))
    return number if entry.kind == "base" else f"{_sign(entry)}{number}"


def _sign(entry: CapacityEntry) -> str:
    return "+" if entry.amount > 0 else "−" if entry.amount < 0 else ""


def span_of(start: dt.datetime | None, end: dt.datetime | None) -> str:
    """Say from when to when an entry is in force."""
    if start is None and end is None:
        return say(T("always"))
    if start is None:
        return say(T("until {end}", end=_moment(end)))
    if end is None:
        return say(T("from {start} on", start=_moment(start)))
    if start.date() == end.date():
        minutes = (moment.hour * 60 + moment.minute for moment in (start, end))
        begin, stop = (words().time(minute) for minute in minutes)
        return say(T("{date}, {start}–{end}", date=words().date(start.date()), start=begin, end=stop))
    return say(T("{start} to {end}", start=_moment(start), end=_moment(end)))


def _moment(moment: dt.datetime | None) -> str:
    if moment is None:
        return ""
    clock = words().time(moment.hour * 60 + moment.minute)
    return say(T("{date} at {time}", date=words().date(moment.date()), time=clock))


def change_in_words(entry: CapacityEntry) -> str:
    """Say what an entry is, how much and when."""
    told = {
        "sort": say(SORT_WORDS[sort_of(entry)]),
        "amount": amount_of(entry),
        "span": span_of(entry.start, entry.end),
    }
    return say(T("{sort}, {amount}, {span}", **told))


def entry_in_words(entry: CapacityEntry, platform: str) -> str:
    """Say an entry in one line."""
    meter = say(meter_word(entry.meter))
    return say(T("{platform}, {meter}: {change}", platform=platform, meter=meter, change=change_in_words(entry)))
