"""The rows of one or several CSV files of one kind, as coded columns.

A week of a large region has millions of rows, but each column few distinct texts. So every cell becomes a code at
once, each distinct text is parsed once, and a fault of a text is then named at every row that holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from scheduler.files.text_cells import BadCell, Cell
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from scheduler.files.fault_list import Findings

V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)
N = TypeVar("N", bound=np.generic)
A = TypeVar("A")
B = TypeVar("B")
FAULTY = -1
"""Code of a cell that is faulty; its fault is named already."""
_NAMED_ALREADY = BadCell(Text(""), Text(""))


@dataclass(frozen=True)
class Schema:
    """The columns of a kind of file, and which of them must not be empty."""

    columns: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Column(Generic[V_co]):
    """A parsed column.

    Attributes
    ----------
    values : tuple
        The distinct values in the order in which they first occur.
    codes : ndarray of int32, shape (rows,)
        Place in `values`; `FAULTY` where there is none.
    """

    values: tuple[V_co, ...]
    codes: NDArray[np.int32]

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Which cells hold a value."""
        ok: NDArray[np.bool_] = self.codes != FAULTY
        return ok

    def __getitem__(self, row: int) -> V_co:
        return self.values[int(self.codes[row])]

    def array(self, dtype: type[N], of: Callable[[Any], object] = lambda value: value) -> NDArray[N]:
        """Give one number a row, `of` its value; 0 where the cell is faulty."""
        # FAULTY is -1 and so points at the last element.
        numbers: NDArray[N] = np.array([*map(of, self.values), 0], dtype=dtype)[self.codes]
        return numbers


class _Codes(dict[str, int]):
    """Text -> code; a text not seen yet gets the next one."""

    def __init__(self, texts: list[str], decimal_comma: list[bool], comma: bool):
        super().__init__()
        self._texts, self._decimal_comma, self._comma = texts, decimal_comma, comma

    def __missing__(self, text: str) -> int:
        code = self[text] = len(self._texts)
        self._texts.append(text)
        self._decimal_comma.append(self._comma)
        return code


class RawColumn:
    """A column while it is read: its distinct texts, and a code a row."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.decimal_comma: list[bool] = []
        self.absent: int | None = None
        # `0,5` is a number in a file of semicolons and none in one of commas, so each kind has codes of its own.
        self._codes = {d: _Codes(self.texts, self.decimal_comma, d == ";") for d in ",;"}
        self._parts: list[NDArray[np.int32]] = [np.zeros(0, dtype=np.int32)]

    def extend(self, cells: Sequence[str], delimiter: str) -> None:
        """Add the cells of some rows of a file with that delimiter."""
        code_of = self._codes[delimiter].__getitem__
        self._parts.append(np.fromiter(map(code_of, cells), dtype=np.int32, count=len(cells)))

    def extend_absent(self, count: int) -> None:
        """Add rows of a file that lacks the column."""
        if self.absent is None:
            self.absent = len(self.texts)
            self.texts.append("")
            self.decimal_comma.append(False)
        self._parts.append(np.full(count, self.absent, dtype=np.int32))

    def finish(self) -> NDArray[np.int32]:
        """Give the codes of all rows and forget what only reading needed."""
        codes = np.concatenate(self._parts)
        self._parts.clear()
        self._codes.clear()
        return codes


class Table:
    """The rows of one or several files of one kind.

    Attributes
    ----------
    line : ndarray of int32, shape (rows,)
        First line of each row.
    file : ndarray of int32, shape (rows,)
        Which of `files` it stands in.
    spoiled : ndarray of bool, shape (rows,)
        The row is faulty as a whole, which is named already.
    files : tuple of str
    complete : bool
        Every file could be read and has the columns it needs, so that what the table lacks is really not there.
    raw : dict of str to RawColumn
        The columns not parsed yet.
    """

    def __init__(self, schema: Schema, findings: Findings, complete: bool):
        self.schema = schema
        self.findings = findings
        self.complete = complete
        self.files: tuple[str, ...] = ()
        self.line: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.file: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.spoiled: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        self.raw = {name: RawColumn() for name in schema.columns}

    def __len__(self) -> int:
        return len(self.line)

    def place(self, row: int) -> tuple[str, int]:
        """Give the file and the line of a row."""
        return self.files[self.file[row]], int(self.line[row])

    def texts(self, name: str) -> frozenset[str]:
        """Give the distinct texts of a column not parsed yet, right or wrong."""
        return frozenset(text.strip() for text in self.raw[name].texts)

    def required(self, name: str, parser: Callable[[Cell], V]) -> Column[V]:
        """Parse a column whose cells must not be empty; a column is parsed once."""
        return self._parse(name, parser, None)

    def optional(self, name: str, parser: Callable[[Cell], V], default: V) -> Column[V]:
        """Parse a column whose empty cells have a default; a column is parsed once."""
        return self._parse(name, parser, (default,))

    def constant(self, value: V) -> Column[V]:
        """Give a column that holds one value everywhere."""
        return Column((value,), np.zeros(len(self), dtype=np.int32))

    def _parse(self, name: str, parser: Callable[[Cell], V], default: tuple[V] | None) -> Column[V]:
        raw = self.raw.pop(name)

        def parse(code: int) -> V:
            text = raw.texts[code].strip()
            if text:
                return parser(Cell(name, text, raw.decimal_comma[code]))
            if default:
                return default[0]
            if code == raw.absent:
                raise _NAMED_ALREADY  # with the header, which lacks the column
            raise BadCell(T("{column} is empty", column=name), T("fill it in"))

        return self._build(raw.finish(), range(len(raw.texts)), parse)

    def join(self, one: Column[A], other: Column[B], build: Callable[[A, B], V]) -> Column[V]:
        """Build a value from the values of two columns; `build` may raise BadCell."""
        pair = one.codes.astype(np.int64) * len(other.values) + other.codes
        pair[~(one.ok & other.ok)] = FAULTY
        keys, first, inverse = np.unique(pair, return_index=True, return_inverse=True)
        order = np.argsort(first)
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)

        def value(key: int) -> V:
            if key == FAULTY:
                raise _NAMED_ALREADY
            return build(one.values[key // len(other.values)], other.values[key % len(other.values)])

        return self._build(rank[inverse.reshape(-1)], keys[order].tolist(), value)

    def _build(self, raw: NDArray[np.int32], distinct: Iterable[int], parse: Callable[[int], V]) -> Column[V]:
        """Parse each distinct thing once, name the faults at their rows, and give equal values one code."""
        known: dict[V, int] = {}
        value_of: list[int] = []
        bad: dict[int, BadCell] = {}
        for code, thing in enumerate(distinct):
            try:
                value_of.append(known.setdefault(parse(thing), len(known)))
            except BadCell as error:
                value_of.append(FAULTY)
                if error is not _NAMED_ALREADY:
                    bad[code] = error
        if bad:
            is_bad = np.zeros(len(value_of), dtype=bool)
            is_bad[list(bad)] = True
            self.complain(is_bad[raw], lambda row: (bad[int(raw[row])].what, bad[int(raw[row])].remedy))
        return Column(tuple(known), np.array(value_of, dtype=np.int32)[raw])

    def complain(self, mask: NDArray[np.bool_], sentence: Callable[[int], tuple[Text, Text]]) -> None:
        """Name a fault, `sentence` of its number, at each row of `mask` that is not spoiled as a whole."""
        for row in np.flatnonzero(mask & ~self.spoiled).tolist():
            self.findings.faults.add(*self.place(row), *sentence(row))

    def warn(self, row: int, what: Text, remedy: Text) -> None:
        """Warn of something in one row."""
        self.findings.warnings.add(*self.place(row), what, remedy)

    def repeated(self, *columns: Column[object]) -> list[tuple[int, int]]:
        """Find the rows whose values occur in an earlier row; give each with the first such row."""
        key = np.zeros(len(self), dtype=np.int64)
        usable = np.ones(len(self), dtype=bool)
        for column in columns:
            key = key * max(len(column.values), 1) + column.codes
            usable &= column.ok
        rows = np.flatnonzero(usable)
        _, first, inverse = np.unique(key[rows], return_index=True, return_inverse=True)
        again = np.flatnonzero(first[inverse] != np.arange(len(rows)))
        return [(int(rows[place]), int(rows[first[inverse[place]]])) for place in again]

    def refuse_repeated(self, *columns: Column[object], sentence: Callable[[int, str], tuple[Text, Text]]) -> None:
        """Name each row that repeats an earlier one; `sentence` is given the row and the earlier one's place."""
        for row, earlier in self.repeated(*columns):
            if not self.spoiled[row]:
                file, line = self.place(earlier)
                self.findings.faults.add(*self.place(row), *sentence(row, f"{file}:{line}"))
