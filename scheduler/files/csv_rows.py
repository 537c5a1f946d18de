"""From the bytes of a CSV file to rows of cells with their line numbers (CONTRACT section 2).

What spreadsheets and hands do to a CSV file is undone or named here: byte order marks, either delimiter, any line
ends, blank rows, rows of the wrong width, quotation marks that never close, other encodings.
"""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.wording import T

if TYPE_CHECKING:
    import _csv
    from collections.abc import Callable, Collection, Generator, Iterator
    from typing import BinaryIO, TextIO

    from numpy.typing import NDArray

    from scheduler.files.fault_list import FaultList
    from scheduler.wording import Text

CHUNK_ROWS = 20_000
"""Rows held as text at one time; a week of a large region has millions."""
MOST_RESUMED = 100
"""So often a file is taken up again behind a quotation mark that never closes."""
BLOCK_BYTES = 1 << 20
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Source:
    """A file to read, on the disk or in memory.

    Attributes
    ----------
    content : Path, bytes or callable
        A callable gives the bytes anew each time: what lies compressed is unpacked only while it is read.
    name : str
        Its name inside the folder, with ``/``.
    """

    content: Path | bytes | Callable[[], bytes]
    name: str

    def open(self) -> BinaryIO:
        """Open it as bytes."""
        if isinstance(self.content, Path):
            return self.content.open("rb")
        return io.BytesIO(self.content if isinstance(self.content, bytes) else self.content())

    def open_text(self) -> TextIO:
        """Open it so that every line ends with a line feed and bytes that are not UTF-8 pass as lone surrogates."""
        return io.TextIOWrapper(self.open(), encoding="utf-8-sig", errors="surrogateescape", newline=None)


@dataclass(frozen=True)
class Header:
    """The first row that is not blank.

    Attributes
    ----------
    names : tuple of str
        Column names, stripped and in lower case.
    delimiter : str
        ``,`` or ``;``.
    line, last_line : int
        Where the row begins and ends.
    """

    names: tuple[str, ...]
    delimiter: str
    line: int
    last_line: int


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file, each as wide as its header, blank ones left out.

    Attributes
    ----------
    rows : list of list of str
        The cells, not yet stripped.
    lines : ndarray of int32, shape (rows,)
        First line of each row.
    spoiled : ndarray of bool, shape (rows,)
        The row has too many cells: named already, and what stands in its cells is not to be trusted.
    whole : bool
        No row is missing behind these because it could not be read.
    """

    rows: list[list[str]]
    lines: NDArray[np.int32]
    spoiled: NDArray[np.bool_]
    whole: bool


class _Records(NamedTuple):
    """Rows as the csv module gives them, their first lines, and whether the row behind them could be read."""

    rows: list[list[str]]
    lines: NDArray[np.int32]
    whole: bool


def check_encoding(source: Source, faults: FaultList) -> bool:
    """Name the first byte that is not UTF-8 text, and tell whether the file can be read all the same.

    A file in a Windows encoding is read on, so that its other faults come to light too; one in UTF-16 or with NUL
    bytes is not.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    if _is_clean(source):
        return True
    with source.open() as stream:
        data = stream.read()
    remedy = T("save the file again as “CSV UTF-8”")
    if data.startswith(UTF_16_MARKS) or b"\0" in data:
        line = 1 if data.startswith(UTF_16_MARKS) else _line_of(data, data.index(b"\0"))
        faults.add(source.name, line, T("this is not plain text in UTF-8: there are zero bytes"), remedy)
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        what = T("the byte {byte} is not UTF-8", byte=f"0x{data[error.start]:02X}")
        faults.add(source.name, _line_of(data, error.start), what, remedy)
    return True


def _is_clean(source: Source) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open() as stream:
        try:
            while block := stream.read(BLOCK_BYTES):
                if b"\0" in block:
                    return False
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _line_of(data: bytes, place: int) -> int:
    before = data[:place]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


def read_header(source: Source, known: Collection[str]) -> Header | None:
    """Read the header row with the delimiter that makes more `known` columns of it; None if there is no row.

    Raises
    ------
    csv.Error
        With neither delimiter does the row end properly.
    """
    headers = []
    broken: csv.Error | None = None
    for delimiter in ",;":
        try:
            headers.append(_header_with(source, delimiter))
        except csv.Error as error:
            broken = error
    if broken and not headers:
        raise broken
    # Of two equal, max takes the first: the comma.
    return max(headers, key=lambda header: len(set(header.names) & set(known)) if header else 0)


def _header_with(source: Source, delimiter: str) -> Header | None:
    with source.open_text() as stream:
        reader = _reader(stream, delimiter)
        line = 1
        for row in reader:
            # A row of nothing but the other delimiter is blank too; "sep=;" is Excel's note to itself.
            if "".join(row).strip(" \t,;").lower() not in ("", "sep="):
                return Header(tuple(cell.strip().lower() for cell in row), delimiter, line, reader.line_num)
            line = reader.line_num + 1
    return None


def _reader(lines: Iterator[str], delimiter: str) -> _csv.Reader:
    # A quotation mark behind a blank opens a cell all the same; blanks around cells are stripped later.
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


def read_chunks(source: Source, header: Header, faults: FaultList) -> Iterator[Chunk]:
    """Read the rows below the header, naming those that cannot be read."""
    for rows, lines, whole in _records(source, header, faults):
        filled = [not _is_blank(row) for row in rows]
        if not all(filled):
            rows = [row for row, keep in zip(rows, filled, strict=True) if keep]
            lines = lines[np.array(filled, dtype=bool)]
        yield Chunk(rows, lines, _fit(rows, lines, source.name, header, faults), whole)


def _is_blank(row: list[str]) -> bool:
    return not any(map(str.strip, row))


def _fit(
    rows: list[list[str]], lines: NDArray[np.int32], name: str, header: Header, faults: FaultList
) -> NDArray[np.bool_]:
    """Make every row as wide as the header, in place, and tell which were too wide."""
    width = len(header.names)
    spoiled = np.zeros(len(rows), dtype=bool)
    if set(map(len, rows)) <= {width}:
        return spoiled
    for place, row in enumerate(rows):
        if len(row) < width:
            row.extend([""] * (width - len(row)))
        elif len(row) > width:
            what = T("this row has {cells} cells, but there are {columns} columns", cells=len(row), columns=width)
            remedy = T(
                "take out the extra cells; a text that holds “{delimiter}” goes between quotation marks",
                delimiter=header.delimiter,
            )
            faults.add(name, int(lines[place]), what, remedy)
            spoiled[place] = True
            del row[width:]
    return spoiled


def _records(source: Source, header: Header, faults: FaultList) -> Iterator[_Records]:
    """Give the rows below the header with their first lines, going on behind rows that cannot be read."""
    resume: int | None = header.last_line
    for _ in range(MOST_RESUMED):
        if resume is None:
            break
        resume = yield from _records_after(source, header, resume, faults)


def _records_after(
    source: Source, header: Header, after: int, faults: FaultList
) -> Generator[_Records, None, int | None]:
    """Give the rows below line `after`; return the line below which to take up the file again, None at its end."""
    with source.open_text() as stream:
        reader = _reader(islice(stream, after, None), header.delimiter)
        line = after + 1
        while True:
            rows: list[list[str]] = []
            error = None
            try:
                rows.extend(islice(reader, CHUNK_ROWS))
            except csv.Error as caught:
                error = caught
            lines = _first_lines(rows, line, None if error else after + reader.line_num)
            yield _Records(rows, lines[:-1], error is None)
            line = int(lines[-1])
            if error:
                one_line = after + reader.line_num == line
                faults.add(source.name, line, *_unreadable(str(error), one_line))
                if not one_line or "end of data" in str(error):
                    return line
                line += 1
            elif len(rows) < CHUNK_ROWS:
                return None


def _first_lines(rows: list[list[str]], line: int, last_line: int | None) -> NDArray[np.int32]:
    """Give the first line of each row, and of the row that follows; `last_line` is where they end, if known."""
    if last_line is not None and last_line - line + 1 == len(rows):
        return np.arange(line, last_line + 2, dtype=np.int32)
    heights = [1 + sum(cell.count("\n") for cell in row) for row in rows]
    return np.cumsum([line, *heights], dtype=np.int32)


def _unreadable(error: str, one_line: bool) -> tuple[Text, Text]:
    """Say what the csv module found wrong with a row."""
    if "field limit" in error and one_line:
        return T("a cell of this row has more than 131,072 characters"), T("shorten it")
    if "expected after" in error and one_line:
        return (
            T("text follows the closing quotation mark of a cell"),
            T('write a quotation mark inside a cell twice, as in "the ""blue"" room"'),
        )
    return (
        T("a quotation mark opens a cell and none closes it"),
        T("close the cell with a quotation mark, or take the opening one out"),
    )
