"""From the CSV files of one kind to one table."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from scheduler.files.cells import shown
from scheduler.files.columns import Column, Schema, Table
from scheduler.files.csv_rows import check_encoding, read_chunks, read_header
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scheduler.files.columns import RawColumn
    from scheduler.files.csv_rows import Header, Source
    from scheduler.files.fault_list import FaultList, Findings

__all__ = ["Column", "Schema", "Table", "name_unreadable", "read_table", "table_of"]


def read_table(sources: Sequence[Source], schema: Schema, findings: Findings, *, complete: bool = True) -> Table:
    """Read files of one kind into one table, in their order; what cannot be read is named and left out."""
    table = Table(schema, findings, complete)
    table.files = tuple(source.name for source in sources)
    lines, counts = [table.line], [0] * len(sources)
    spoiled = [table.spoiled]
    for number, source in enumerate(sources):
        try:
            header = _checked_header(source, table)
            if header is None:
                continue
            for chunk in read_chunks(source, header, findings.faults):
                table.complete &= chunk.whole
                _extend(table.raw, header, chunk.rows)
                lines.append(chunk.lines)
                spoiled.append(chunk.spoiled)
                counts[number] += len(chunk.rows)
        except OSError as error:
            table.complete = False
            name_unreadable(source.name, error, findings.faults)
    table.line, table.spoiled = np.concatenate(lines), np.concatenate(spoiled)
    table.file = np.repeat(np.arange(len(sources), dtype=np.int32), counts)
    return table


def table_of(
    name: str,
    rows: Sequence[Mapping[str, str]],
    schema: Schema,
    findings: Findings,
    *,
    lines: Sequence[int] | None = None,
) -> Table:
    """Make a table of rows that were not read from a file, such as those of a form.

    Parameters
    ----------
    name : str
        The file that such rows stand in, for faults.
    rows : sequence of mapping of str to str
        Cells by column; those that are left out are empty. Decimals may have a comma.
    schema : Schema
    findings : Findings
    lines : sequence of int, optional
        Where they stand in that file; without it one below the other, below the header.
    """
    table = Table(schema, findings, complete=True)
    table.files = (name,)
    for column, raw in table.raw.items():
        raw.extend([row.get(column, "") for row in rows], ";")
    table.line = np.array(range(2, len(rows) + 2) if lines is None else lines, dtype=np.int32)
    table.file, table.spoiled = np.zeros(len(rows), dtype=np.int32), np.zeros(len(rows), dtype=bool)
    return table


def name_unreadable(name: str, error: OSError, faults: FaultList) -> None:
    """Name a file that the system does not let us read."""
    what = T("the file cannot be read ({reason})", reason=error.strerror or type(error).__name__)
    faults.add(name, 0, what, T("check that it is a file and that you may read it"))


def _extend(raw: dict[str, RawColumn], header: Header, rows: list[list[str]]) -> None:
    place_of = {name: place for place, name in reversed(list(enumerate(header.names)))}
    by_place = list(zip(*rows, strict=True)) if rows else [()] * len(header.names)
    for name, column in raw.items():
        if name in place_of:
            column.extend(by_place[place_of[name]], header.delimiter)
        else:
            column.extend_absent(len(rows))


def _checked_header(source: Source, table: Table) -> Header | None:
    """Read a file's header and name what is wrong with it; None where the file cannot be read any further."""
    faults, schema = table.findings.faults, table.schema
    table.complete, complete = False, table.complete
    if not check_encoding(source, faults):
        return None
    try:
        header = read_header(source, schema.columns)
    except csv.Error:
        what = T("a quotation mark in the header opens a cell and none closes it")
        faults.add(source.name, 1, what, T("take the quotation mark out"))
        return None
    if header is None:
        remedy = T("begin it with the column names: {columns}", columns=", ".join(schema.columns))
        faults.add(source.name, 1, T("the file is empty"), remedy)
        return None
    missing = [name for name in schema.required if name not in header.names]
    if missing:
        what = T("the header lacks what every row needs: {columns}", columns=", ".join(missing))
        remedy = T("name the columns in the first row, separated by “,” or “;”")
        faults.add(source.name, header.line, what, remedy)
    if not set(header.names) & set(schema.columns):
        return None  # Without a header, no row makes sense.
    _check_names(source.name, header, table)
    table.complete = complete and not missing
    return header


def _check_names(file: str, header: Header, table: Table) -> None:
    """Name columns that occur twice, and warn of those that nobody reads."""
    findings, seen = table.findings, set()
    for number, name in enumerate(header.names, start=1):
        if name not in table.schema.columns:
            what = T("column {number}, “{column}”, is unknown and ignored", number=number, column=shown(name))
            remedy = T("known columns: {columns}", columns=", ".join(table.schema.columns))
            findings.warnings.add(file, header.line, what, remedy)
        elif name in seen:
            what = T("the column “{column}” occurs twice", column=name)
            findings.faults.add(file, header.line, what, T("keep one of the two"))
        seen.add(name)
