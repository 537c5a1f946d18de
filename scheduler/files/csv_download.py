"""Tables to be downloaded: CSV as region folders have it, and a form that Excel opens by a double click in French."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
FORMULAS = ("=", "@", "\t", "\r")
"""What a spreadsheet may take for the beginning of a formula, beside signs."""


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]], *, excel: bool = False) -> bytes:
    """Write a table.

    Parameters
    ----------
    columns : sequence of str
    rows : iterable of sequence of str
        Cells; where they hold decimals for Excel, their commas are the caller's.
    excel : bool
        With ``;``, a byte order mark and CR LF, and no cell that would be a formula; else ``,`` and LF.

    Returns
    -------
    bytes
        UTF-8. Both forms are read as they were written (CONTRACT section 2), but for spaces around a cell.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if excel else ",", lineterminator="\r\n" if excel else "\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] if excel else row for row in rows)
    return f"{BYTE_ORDER_MARK if excel else ''}{text.getvalue()}".encode()


def harmless(cell: str) -> str:
    """Put a space before what a spreadsheet would reckon; amounts with a sign are numbers, and stay."""
    signed = cell[:1] in ("+", "-") and not _is_amount(cell)
    return f" {cell}" if signed or cell.startswith(FORMULAS) else cell


def _is_amount(cell: str) -> bool:
    digits = cell[1:].removesuffix("%").replace(",", "", 1).replace(".", "", 1)
    return digits.isascii() and digits.isdecimal()


def with_comma(number: str) -> str:
    """Write a number with a decimal comma."""
    return number.replace(".", ",")
