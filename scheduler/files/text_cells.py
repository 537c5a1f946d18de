"""One parser a kind of cell that holds a text or a number (CONTRACT section 2).

Each takes a stripped text that is not empty, and gives its value or raises :class:`BadCell` with what is wrong and
the remedy.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from scheduler.domain.calendar import WEEK_LETTERS
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from scheduler.wording import Text

MOST = 1_000_000_000
"""No number of a region is larger; sums of products of such numbers stay finite and can be said."""
MOST_SHOWN = 60
"""Characters of a faulty text that a sentence repeats."""

WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LINK = re.compile(r"https://[^\s\x00-\x1f\x7f-\x9f]+")
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


def only_school(own: str) -> Callable[[Cell], str]:
    """Make the parser of the column `school` in a file of one school, ``""`` for the audiences of the region."""

    def parse(cell: Cell) -> str:
        if cell.text == own:
            return own
        remedy = T("take the row out, or leave the column empty where the row belongs here")
        if not own:
            what = T("“{text}” is a school, and this file is of the audiences of the region", text=shown(cell.text))
            raise BadCell(what, remedy)
        what = T("“{text}” is another school than “{school}”, which this file is of", text=shown(cell.text), school=own)
        raise BadCell(what, remedy)

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
        if not WHOLE.fullmatch(cell.text):
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
    if not _DECIMAL.fullmatch(text):
        raise BadCell(
            T("{column} “{text}” is not a number", column=cell.column, text=shown(cell.text)),
            T("write it with the digits 0–9 and a decimal point, for example 0.5"),
        )
    value = float(text)
    if abs(value) > MOST:
        raise BadCell(_out_of_bounds(cell), _bounds(-MOST, MOST))
    return value + 0.0  # -0.0 becomes 0.0


def number_from_0(cell: Cell) -> float:
    """Read a decimal number that is not negative."""
    value = number(cell)
    if not 0 <= value <= MOST:
        raise BadCell(_out_of_bounds(cell), _bounds(0, MOST))
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
    if _LINK.fullmatch(cell.text):
        return cell.text
    raise BadCell(
        T("{column} “{text}” is not a safe web address", column=cell.column, text=shown(cell.text)),
        T("write an address that begins with https:// and holds no blanks"),
    )
