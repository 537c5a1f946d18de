"""One parser a kind of cell (CONTRACT section 2); each takes a stripped text that is not empty.

A parser gives the value or raises :class:`BadCell` with what is wrong and the remedy.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from scheduler.domain.calendar import WEEK_LETTERS
from scheduler.domain.grid import MINUTES_A_DATE, WEEKDAYS, clock
from scheduler.domain.timetable import WEEKLY
from scheduler.domain.usage import Moment
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from scheduler.wording import Text

MOST_SHOWN = 60
"""Characters of a faulty text that a sentence repeats."""

_TIME = re.compile(r"([0-9]{1,2})(?::([0-9]{2})(?::([0-9]{2}))?|[hH]([0-9]{2})?)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]| +)([0-9:]+)")
_OFFSET = re.compile(r"[0-9-]{10}[Tt ]+[0-9:.]+ *(?:[Zz]|[+-][0-9:]+)")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_MOMENT = re.compile(r"(?i:(end))(?: *([+-]) *([0-9]+))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


class Cell(NamedTuple):
    """A cell that is not empty.

    Attributes
    ----------
    column : str
        Name of its column.
    text : str
        What it holds, stripped.
    decimal_comma : bool
        Whether its file writes decimals with a comma: one with semicolons.
    """

    column: str
    text: str
    decimal_comma: bool = False


class BadCell(Exception):
    """A cell that cannot be read: what is wrong, and the remedy."""

    def __init__(self, what: Text, remedy: Text):
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy


def shown(text: str) -> str:
    """Make a text of unknown contents fit for a sentence: short, printable, on one line."""
    cut = text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"
    return "".join("�" if unicodedata.category(character) in ("Cc", "Cs") else character for character in cut)


def has_control_character(text: str) -> bool:
    """Tell whether a text holds a line break or another control character."""
    return _CONTROL.search(text) is not None


def key(most: int = 40) -> Callable[[Cell], str]:
    """Make the parser of a key: up to `most` letters, digits, dots, underscores and hyphens, not only dots."""
    pattern = re.compile(rf"[A-Za-z0-9._-]{{1,{most}}}")

    def parse(cell: Cell) -> str:
        if pattern.fullmatch(cell.text) and cell.text.strip("."):
            return cell.text
        raise BadCell(
            T("{column} “{text}” is not a key", column=cell.column, text=shown(cell.text)),
            T("use 1 to {most} of the letters A–Z and a–z, digits, “.”, “_” and “-”, not only dots", most=most),
        )

    return parse


def one_of(*choices: str) -> Callable[[Cell], str]:
    """Make the parser of a word out of a few."""

    def parse(cell: Cell) -> str:
        if cell.text in choices:
            return cell.text
        raise BadCell(
            T("{column} “{text}” is unknown", column=cell.column, text=shown(cell.text)),
            T("write one of: {choices}", choices=", ".join(choices)),
        )

    return parse


def listed_in(file: str, known: Collection[str] | None) -> Callable[[Cell], str]:
    """Make the parser of a key that another file must list; with None that file is itself in doubt."""

    def parse(cell: Cell) -> str:
        if known is None or cell.text in known:
            return cell.text
        raise BadCell(
            T("{column} “{text}” is not in {file}", column=cell.column, text=shown(cell.text), file=file),
            T("write it as there, or add a row for it there"),
        )

    return parse


def free_text(cell: Cell) -> str:
    """Read a text that is only shown; line breaks and other control characters become blanks."""
    return _SPACE.sub(" ", cell.text).strip()


def plain_text(cell: Cell) -> str:
    """Read the text of a group, teacher, room or subject: without control characters."""
    if has_control_character(cell.text):
        raise BadCell(
            T(
                "{column} “{text}” holds a line break or another control character",
                column=cell.column,
                text=shown(cell.text),
            ),
            T("write it on one line, without tabs"),
        )
    return cell.text


def text_list(cell: Cell) -> tuple[str, ...]:
    """Read texts separated by ``|``; empty ones are dropped and repeated ones merged."""
    texts = [item.strip() for item in plain_text(cell).split("|")]
    return tuple(dict.fromkeys(text for text in texts if text))


def whole(low: int | None = None, high: int | None = None) -> Callable[[Cell], int]:
    """Make the parser of a whole number between two bounds, both allowed."""

    def parse(cell: Cell) -> int:
        if not _WHOLE.fullmatch(cell.text):
            raise BadCell(
                T("{column} “{text}” is not a whole number", column=cell.column, text=shown(cell.text)),
                T("write it with the digits 0–9 only, for example 25"),
            )
        # Python refuses to convert thousands of digits; so many are out of any bounds.
        number = int(cell.text) if len(cell.text) <= 18 else 10**18 * (-1 if cell.text[0] == "-" else 1)
        if low is not None and number < low:
            raise BadCell(_out_of_bounds(cell), _bounds(low, high))
        if high is not None and number > high:
            raise BadCell(_out_of_bounds(cell), _bounds(low, high))
        return number

    return parse


def _out_of_bounds(cell: Cell) -> Text:
    return T("{column} “{text}” is out of bounds", column=cell.column, text=shown(cell.text))


def _bounds(low: int | None, high: int | None) -> Text:
    if high is None:
        return T("write {low} or more", low=low)
    return T("write a number from {low} to {high}", low=low, high=high)


def number(cell: Cell) -> float:
    """Read a decimal number; in a file of semicolons also with a decimal comma."""
    text = cell.text
    if cell.decimal_comma and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not _DECIMAL.fullmatch(text) or not math.isfinite(float(text)):
        raise BadCell(
            T("{column} “{text}” is not a number", column=cell.column, text=shown(cell.text)),
            T("write it with the digits 0–9 and a decimal point, for example 0.5"),
        )
    return float(text) + 0.0  # -0.0 becomes 0.0


def number_from_0(cell: Cell) -> float:
    """Read a decimal number that is not negative."""
    value = number(cell)
    if value < 0:
        raise BadCell(_out_of_bounds(cell), _bounds(0, None))
    return value


def amount(cell: Cell) -> tuple[float, bool]:
    """Read what a capacity is or is changed by, and whether it is in per cent."""
    percent = cell.text.endswith("%")
    text = cell.text[:-1].rstrip() if percent else cell.text
    try:
        return number(cell._replace(text=text)), percent
    except BadCell:
        raise BadCell(
            T("{column} “{text}” is not an amount", column=cell.column, text=shown(cell.text)),
            T("write a number such as 20000, +15000, -8000 or, for a change, -50%"),
        ) from None


def time_of_day(cell: Cell) -> int:
    """Read a time as minutes from midnight: ``08:05``, ``8h05``, ``08:05:00``."""
    minute = end_of_day(cell)
    if minute == MINUTES_A_DATE:
        raise BadCell(
            T("{column} “{text}” cannot be a start", column=cell.column, text=shown(cell.text)),
            T("24:00 is only an end; write a time from 00:00 to 23:59"),
        )
    return minute


def end_of_day(cell: Cell) -> int:
    """Read a time as minutes from midnight, where ``24:00`` is an end too."""
    match = _TIME.fullmatch(cell.text)
    hour, minute, second = (int(match[1]), int(match[2] or match[4] or 0), int(match[3] or 0)) if match else (99, 0, 0)
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise BadCell(
            T("{column} “{text}” is not a time of day", column=cell.column, text=shown(cell.text)),
            T("write it as HH:MM, for example 08:05"),
        )
    if second:
        raise BadCell(
            T("{column} “{text}” has seconds", column=cell.column, text=shown(cell.text)),
            T("write whole minutes, for example {time}", time=clock(60 * hour + minute)),
        )
    return 60 * hour + minute


def iso_date(cell: Cell) -> dt.date:
    """Read a date as ISO 8601 writes it."""
    if _DATE.fullmatch(cell.text):
        try:
            return dt.date.fromisoformat(cell.text)
        except ValueError:
            pass  # the 30th of February
    raise BadCell(
        T("{column} “{text}” is not a date", column=cell.column, text=shown(cell.text)),
        T("write it as YYYY-MM-DD, for example 2021-04-06"),
    )


def monday(cell: Cell) -> dt.date:
    """Read the date of a Monday."""
    date = iso_date(cell)
    if date.weekday():
        raise BadCell(
            T("{column} “{text}” is not a Monday", column=cell.column, text=shown(cell.text)),
            T("write the date of that week's Monday, {monday}", monday=date - dt.timedelta(days=date.weekday())),
        )
    return date


def day(cell: Cell) -> tuple[int, int]:
    """Read a day: its weekday (0 = Monday), and the ordinal of its date, `WEEKLY` where every such day is meant."""
    if cell.text.upper() in WEEKDAYS:
        return WEEKDAYS.index(cell.text.upper()), WEEKLY
    try:
        date = iso_date(cell)
    except BadCell:
        raise BadCell(
            T("{column} “{text}” is not a day", column=cell.column, text=shown(cell.text)),
            T("write one of MO, TU, WE, TH, FR, SA, SU, or a date such as 2021-04-06"),
        ) from None
    return date.weekday(), date.toordinal()


def week_letter(cell: Cell) -> int:
    """Read a week as ``WEEK_A`` or ``WEEK_B``."""
    if cell.text.upper() in WEEK_LETTERS:
        return WEEK_LETTERS.index(cell.text.upper())
    raise BadCell(
        T("{column} “{text}” is not a week", column=cell.column, text=shown(cell.text)),
        T("write A or B"),
    )


def flag(cell: Cell) -> bool:
    """Read ``1`` as true, ``0`` as false."""
    if cell.text in ("0", "1"):
        return cell.text == "1"
    raise BadCell(
        T("{column} “{text}” is neither 1 nor empty", column=cell.column, text=shown(cell.text)),
        T("write 1 for yes; for no, leave it empty"),
    )


def link(cell: Cell) -> str:
    """Read the address to join a session."""
    if re.fullmatch(r"https://[^\s\x00-\x1f\x7f-\x9f]+", cell.text):
        return cell.text
    raise BadCell(
        T("{column} “{text}” is not a safe web address", column=cell.column, text=shown(cell.text)),
        T("write an address that begins with https:// and holds no blanks"),
    )


def start_moment(cell: Cell) -> dt.datetime:
    """Read a local date-time from which something holds."""
    return _moment(cell, time_of_day)


def end_moment(cell: Cell) -> dt.datetime:
    """Read a local date-time until which something holds; ``24:00`` is midnight."""
    return _moment(cell, end_of_day)


def _moment(cell: Cell, time: Callable[[Cell], int]) -> dt.datetime:
    match = _DATE_TIME.fullmatch(cell.text)
    if match:
        date, minute = iso_date(cell._replace(text=match[1])), time(cell._replace(text=match[2]))
        try:
            return dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minute)
        except OverflowError:
            pass  # midnight after 9999-12-31
    if _OFFSET.fullmatch(cell.text):
        raise BadCell(
            T("{column} “{text}” names a time zone", column=cell.column, text=shown(cell.text)),
            T("write local time without it, for example 2021-04-06T08:00"),
        )
    raise BadCell(
        T("{column} “{text}” is not a date and time", column=cell.column, text=shown(cell.text)),
        T("write it as YYYY-MM-DDTHH:MM, for example 2021-04-06T08:00"),
    )


def usage_moment(cell: Cell) -> Moment:
    """Read a time of usage.csv: minutes from the activity's start, or from its end."""
    match = _MOMENT.fullmatch(cell.text)
    if match:
        minutes = whole()(cell._replace(text=f"{match[2]}{match[3]}")) if match[3] else 0
        return Moment(minutes, from_end=True)
    if _WHOLE.fullmatch(cell.text):
        return Moment(whole()(cell))
    raise BadCell(
        T("{column} “{text}” is not a time of an activity", column=cell.column, text=shown(cell.text)),
        T("write minutes from its start such as 0 or 10, or end, end+5, end-10"),
    )
