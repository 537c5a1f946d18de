"""A plan folder for spreadsheets: a workbook, CSV files that Excel opens in French, and all of it in one archive.

They are made from the folder's own files, so they say what those say.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from scheduler.errors import CannotWrite
from scheduler.files.csv_download import BYTE_ORDER_MARK, harmless, with_comma
from scheduler.whole_folder import cannot_write
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


MOST_ROWS = 1_048_576
"""Rows of a sheet, the header's included; Excel has no more."""
TABLES = ("plan", "load")
NUMBERS = ("minutes", "shift_minutes", "capacity", "limit", "before", "after", "price")
WIDTHS = {"platforms": 24, "id": 24, "date": 12, "price": 14}


def write_sheets(plan: Path, out: Path, language: str) -> None:
    """Write plan.zip, plan.csv, load.csv, plan-excel.csv, load-excel.csv and plan.xlsx.

    Parameters
    ----------
    plan : Path
        A plan folder.
    out : Path
        A folder; what of these names stands there is replaced.
    language : str
        ``fr`` or ``en``: of the names of sheets and of decimals in CSV for Excel.

    Raises
    ------
    CannotWrite
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for table in TABLES:
            shutil.copyfile(plan / f"{table}.csv", out / f"{table}.csv")
            _write_excel_csv(plan / f"{table}.csv", out / f"{table}-excel.csv")
        _write_workbook(plan, out / "plan.xlsx", language)
        _write_archive(plan, out / "plan.zip")
    except OSError as error:
        raise CannotWrite(cannot_write(out, error)) from error


def _write_excel_csv(source: Path, out: Path) -> None:
    with source.open(encoding="utf-8", newline="") as read, out.open("w", encoding="utf-8", newline="") as write:
        rows = csv.reader(read)
        columns = next(rows)
        write.write(BYTE_ORDER_MARK)
        writer = csv.writer(write, delimiter=";", lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows(excel_row(columns, row) for row in rows)


def excel_row(columns: list[str], row: list[str]) -> list[str]:
    """Write a row as Excel reads it in French: decimal commas, and nothing that would be a formula."""
    return [with_comma(cell) if name in NUMBERS else harmless(cell) for name, cell in zip(columns, row, strict=True)]


def _write_workbook(plan: Path, out: Path, language: str) -> None:
    book = Workbook(write_only=True)
    names = {"plan": T("Plan"), "load": T("Load")}
    for table in TABLES:
        _fill(book, names[table].in_language(language), plan / f"{table}.csv")
    book.save(out)


def _fill(book: Workbook, name: str, source: Path) -> None:
    """Write a table into as many sheets as it takes."""
    with source.open(encoding="utf-8", newline="") as read:
        rows = csv.reader(read)
        columns = next(rows)
        readers = [_reader_of(column) for column in columns]
        values: Iterator[list[Any]] = (
            [reader(cell) for reader, cell in zip(readers, row, strict=True)] for row in rows
        )
        for number in itertools.count(1):
            some = list(itertools.islice(values, 1))
            if not some and number > 1:
                return
            sheet = _sheet(book, name if number == 1 else f"{name} {number}", columns)
            for row in itertools.chain(some, itertools.islice(values, MOST_ROWS - 2)):
                sheet.append(row)


def _sheet(book: Workbook, name: str, columns: list[str]) -> Any:
    sheet: Any = book.create_sheet(name)  # its stubs know less than it does
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns):
        sheet.column_dimensions[chr(ord("A") + place)].width = WIDTHS.get(column, 13)
    heads = [WriteOnlyCell(sheet, value=column) for column in columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    return sheet


def _reader_of(column: str) -> Callable[[str], Any]:
    """Say how the cells of a column become dates, times and numbers; an empty cell stays empty."""
    if column == "date":
        return lambda cell: dt.date.fromisoformat(cell) if cell else None
    if column in ("start", "slot"):
        return lambda cell: dt.time.fromisoformat(cell) if cell else None
    if column in NUMBERS:
        return lambda cell: float(cell) if cell else None
    return harmless


def _write_archive(plan: Path, out: Path) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(one for one in plan.rglob("*") if one.is_file()):
            archive.write(path, f"plan/{path.relative_to(plan).as_posix()}")
