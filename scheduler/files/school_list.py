"""A list of schools as regions have it: schools.csv, a spreadsheet, or the ministry's *annuaire de l'éducation*.

Columns are known by their names in French and English, in any order; others are left out. Nothing of a workbook is
reckoned, and how much is read of it is bounded before it is unpacked.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from scheduler.errors import Fault, FaultyInput
from scheduler.files.fault_list import Findings
from scheduler.files.region_tables import SCHOOLS, read_schools
from scheduler.files.table import table_of
from scheduler.school_holidays import fold
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scheduler.domain.places import School

LARGEST_FILE = 20_000_000
LARGEST_UNPACKED = 200_000_000
MOST_ROWS, MOST_COLUMNS = 100_000, 200

COLUMNS = {
    "school": (
        "school",
        "uai",
        "rne",
        "code uai",
        "identifiant de l etablissement",
        "numero uai",
        "code etablissement",
    ),
    "name": ("name", "nom", "nom etablissement", "appellation officielle", "etablissement", "denomination principale"),
    "level": ("level", "niveau", "type", "type etablissement", "nature", "libelle nature", "type d etablissement"),
    "academy": ("academy", "academie", "libelle academie"),
    "pupils": ("pupils", "effectif", "effectifs", "eleves", "nombre d eleves"),
    "mail": ("mail", "email", "e mail", "courriel", "adresse mail", "adresse e mail"),
}
"""What a column can be called, folded."""

LEVELS = {
    "primary": ("primary", "ecole", "primaire", "elementaire", "maternelle"),
    "lower_secondary": ("lower secondary", "college"),
    "upper_secondary": ("upper secondary", "lycee"),
}
"""How what a school is begins, folded."""


@dataclass(frozen=True)
class SchoolList:
    """What a list says.

    Attributes
    ----------
    schools : tuple of School
    mails : dict
        Key of the school -> e-mail address, where the list has one.
    """

    schools: tuple[School, ...]
    mails: dict[str, str]


def read_school_list(content: bytes, name: str) -> SchoolList:
    """Read a list of schools.

    Parameters
    ----------
    content : bytes
        CSV (``,`` ``;`` or tab; UTF-8 or Windows' Latin) or an XLSX workbook, whose first sheet counts.
    name : str
        Of the file, for faults.

    Raises
    ------
    FaultyInput
        With every fault, by line.
    """
    if len(content) > LARGEST_FILE:
        raise _refused(name, T("the file is larger than {most} MB", most=LARGEST_FILE // 1_000_000))
    rows = list(_workbook_rows(content, name) if content.startswith(b"PK") else _text_rows(content))
    head = next((place for place, row in enumerate(rows) if "school" in _columns(row)), None)
    if head is None:
        remedy = T("give it a header row with a column UAI (or school), and name, level, academy, pupils")
        raise FaultyInput([Fault(name, 0, T("no column holds the UAI of the schools"), remedy)])
    columns = _columns(rows[head])
    lines, cells = [], []
    for line, row in enumerate(rows[head + 1 :], head + 2):
        if any(row):
            lines.append(line)
            cells.append({column: row[place] if place < len(row) else "" for column, place in columns.items()})
    findings = Findings()
    tidy = [{**one, "level": _level(one.get("level", "")), "pupils": _count(one.get("pupils", ""))} for one in cells]
    listed = read_schools(table_of(name, tidy, SCHOOLS, findings, lines=lines))
    if len(findings.faults):
        raise FaultyInput(findings.faults.listed([name]))
    return SchoolList(listed.values, {one["school"]: one["mail"] for one in cells if one.get("mail")})


def _columns(row: Sequence[str]) -> dict[str, int]:
    """Say which columns a header row has; of two of one kind the first counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        folded = fold(cell.replace("_", " "))
        for column, names in COLUMNS.items():
            if folded in names:
                found.setdefault(column, place)
    return found


def _level(text: str) -> str:
    folded = fold(text.replace("_", " "))
    return next((level for level, names in LEVELS.items() if folded.startswith(names)), text)


def _count(text: str) -> str:
    """Give a number of pupils as a whole one: spreadsheets write 480.0."""
    return text.removesuffix(".0")


def _text_rows(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    for row in csv.reader(io.StringIO(text), delimiter=delimiter):
        yield [cell.strip() for cell in row]


def _workbook_rows(content: bytes, name: str) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise _refused(
                name, T("unpacked, the workbook is larger than {most} MB", most=LARGEST_UNPACKED // 1_000_000)
            )
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise _refused(name, T("the workbook cannot be read")) from error
    try:
        rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
        for number, row in enumerate(rows):
            if number >= MOST_ROWS:
                raise _refused(name, T("the sheet has more than {most} rows", most=MOST_ROWS))
            yield ["" if cell is None else str(cell).strip() for cell in row]
    finally:
        book.close()


def _refused(name: str, what: Any) -> FaultyInput:
    return FaultyInput([Fault(name, 0, what, T("save the list as CSV, with one row a school"))])
