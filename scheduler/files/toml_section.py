"""A table of a TOML file, read value by value, each fault with its line."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, TypeVar

from scheduler.files.cells import BadCell, Cell, end_of_day, has_control_character, iso_date, shown, time_of_day
from scheduler.files.text_cells import MOST
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.files.fault_list import FaultList
    from scheduler.wording import Text

V = TypeVar("V")
Keys = tuple[str, ...]
_HEADER = re.compile(r"\s*\[\[?([^\]]+)\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=.*""")


def lines_of_keys(text: str) -> dict[Keys, int]:
    """Find the line on which each table and key of a TOML text begins; the standard library does not say."""
    lines: dict[Keys, int] = {}
    table: Keys = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if match := _HEADER.fullmatch(line):
            table = _parts(match[1])
            path = table
        elif match := _KEY.fullmatch(line):
            path = table + _parts(match[1])
        else:
            continue
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], number)
    return lines


def _parts(dotted: str) -> Keys:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


class Section:
    """A table of which each key is taken once; :meth:`close` names those that nobody took.

    Every method gives None where the value is faulty, which is named already. A section without a table stands for
    one that could not be read: it gives None for everything and complains of nothing.
    """

    def __init__(
        self, file: str, table: dict[str, object] | None, lines: dict[Keys, int], faults: FaultList, path: Keys = ()
    ):
        self._file, self._table, self._lines, self._faults, self._path = file, table, lines, faults, path
        self._taken: set[str] = set()

    def section(self, key: str) -> Section:
        """Take a table inside this one; it may be absent."""
        value = self._take(key, {})
        if value is not None and not isinstance(value, dict):
            self.complain(
                key, T("“{key}” is not a table", key=self.name(key)), T("write it as [{key}]", key=self.name(key))
            )
            value = None
        return Section(self._file, value, self._lines, self._faults, (*self._path, key))

    def text(self, key: str, default: str | None) -> str | None:
        """Take a text that is not empty and on one line; without a default it must be there."""
        value = self._take(key, default)
        if value is None:
            return None
        if not isinstance(value, str):
            self._wrong(key, T("a text between quotation marks"))
            return None
        if not value.strip() or has_control_character(value.strip()):
            what = T("“{key}” is empty or holds a control character", key=self.name(key))
            self.complain(key, what, T("write a text on one line"))
            return None
        return value.strip()

    def choice(self, key: str, default: str, choices: tuple[str, ...]) -> str | None:
        """Take one of a few words."""
        value = self.text(key, default)
        if value is None or value in choices:
            return value
        what = T("“{key}” is “{text}”, which is unknown", key=self.name(key), text=shown(value))
        self.complain(key, what, T("write one of: {choices}", choices=", ".join(choices)))
        return None

    def whole(self, key: str, default: int, low: int) -> int | None:
        """Take a whole number, `low` or more."""
        value = self._take(key, default)
        if value is None:
            return None
        if type(value) is not int:  # a bool is an int, but no number here
            self._wrong(key, T("a whole number without quotation marks"))
            return None
        if value < low:
            self.complain(key, T("“{key}” is below {low}", key=self.name(key), low=low), T("raise it"))
            return None
        return value

    def number(self, key: str, default: float) -> float | None:
        """Take a finite number that is not negative."""
        value = self._take(key, default)
        if value is None:
            return None
        if type(value) not in (int, float):
            self._wrong(key, T("a number without quotation marks"))
            return None
        try:
            number = float(value)  # type: ignore[arg-type]
        except OverflowError:
            number = math.inf
        if not 0 <= number <= MOST:
            what = T("“{key}” is not a number from 0 to {most}", key=self.name(key), most=MOST)
            self.complain(key, what, T("write one of these"))
            return None
        return number + 0.0

    def time(self, key: str, default: str, *, end: bool = False) -> int | None:
        """Take a time of day as minutes from midnight; only an `end` may be 24:00."""
        value = self._take(key, default)
        if isinstance(value, dt.time):
            value = value.isoformat("auto")
        return self._parsed(key, value, end_of_day if end else time_of_day, T('a time such as "08:00"'))

    def date(self, key: str) -> dt.date | None:
        """Take a date that must be there."""
        value = self._take(key, None)
        if type(value) is dt.date:  # a date-time is a date, but not meant here
            return value
        return self._parsed(key, value, iso_date, T("a date such as 2021-04-06"))

    def close(self) -> None:
        """Name the keys that nobody took."""
        for key in self._table or {}:
            if key not in self._taken:
                what = T("the key “{key}” is unknown", key=shown(self.name(key)))
                remedy = T("take it out; known here: {keys}", keys=", ".join(sorted(self._taken)))
                self.complain(key, what, remedy)

    def name(self, key: str) -> str:
        """Give a key with the tables that it lies in."""
        return ".".join((*self._path, key))

    def complain(self, key: str, what: Text, remedy: Text) -> None:
        """Name a fault at the line of a key, or of the table around it."""
        path = (*self._path, key)
        lengths = range(len(path), 0, -1)
        line = next((self._lines[path[:length]] for length in lengths if path[:length] in self._lines), 0)
        self._faults.add(self._file, line, what, remedy)

    def _take(self, key: str, default: object) -> object:
        """Give the value of a key; None without a table, or for a key that is absent and has no default."""
        self._taken.add(key)
        if self._table is None:
            return None
        if key not in self._table and default is None:
            self._faults.add(self._file, 0, T("the key “{key}” is missing", key=self.name(key)), T("add it"))
        return self._table.get(key, default)

    def _parsed(self, key: str, value: object, parse: Callable[[Cell], V], kind: Text) -> V | None:
        if value is None:
            return None
        if not isinstance(value, str):
            self._wrong(key, kind)
            return None
        try:
            return parse(Cell(self.name(key), value.strip()))
        except BadCell as bad:
            self.complain(key, bad.what, bad.remedy)
            return None

    def _wrong(self, key: str, kind: Text) -> None:
        self.complain(key, T("“{key}” is of the wrong kind", key=self.name(key)), T("write {kind}", kind=kind))
