"""The column `platforms`: the ways in which an activity may be served (CONTRACT section 2, sessions.csv)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.domain.timetable import Alternative
from scheduler.files.cells import BadCell, Cell, key, shown
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from scheduler.files.table import Column, Table

Ways = tuple[Alternative, ...]


class Written(NamedTuple):
    """One alternative as written: platforms, and the activity that ends it, if any."""

    platforms: tuple[str, ...]
    activity: str | None
    text: str


LOADS_NOTHING: tuple[Written, ...] = (Written((), None, ""),)


def written_ways(platforms: Collection[str] | None) -> Callable[[Cell], tuple[Written, ...]]:
    """Make the parser of a cell such as ``ent+bbb|ent@async``; `platforms` are the known ones, None = in doubt."""

    def parse(cell: Cell) -> tuple[Written, ...]:
        ways = tuple(_alternative(cell, text.strip()) for text in cell.text.split("|"))
        named = dict.fromkeys(platform for way in ways for platform in way.platforms)
        unknown = [platform for platform in named if platforms is not None and platform not in platforms]
        if unknown:
            raise BadCell(
                T(
                    "{column} “{text}” names what platforms.csv lacks: {unknown}",
                    column=cell.column,
                    text=shown(cell.text),
                    unknown=shown(", ".join(unknown)),
                ),
                T("write it as there, or add a row for it there"),
            )
        return ways

    return parse


def _alternative(cell: Cell, text: str) -> Written:
    if not text:
        raise BadCell(
            T("{column} “{text}” has an empty alternative", column=cell.column, text=shown(cell.text)),
            T("take out the “|” too many"),
        )
    together, at, activity = (part.strip() for part in text.partition("@"))
    platforms = tuple(part.strip() for part in together.split("+"))
    if not all(platforms):
        raise BadCell(
            T("{column} “{text}” lacks a platform beside “+” or “@”", column=cell.column, text=shown(cell.text)),
            T("write alternatives such as ent+bbb or ent@async"),
        )
    if len(set(platforms)) < len(platforms):
        raise BadCell(
            T("{column} “{text}” names a platform twice in one alternative", column=cell.column, text=shown(cell.text)),
            T("name it once"),
        )
    if not at:
        return Written(platforms, None, text)
    try:
        return Written(platforms, key()(cell._replace(text=activity)), text)
    except BadCell:
        raise BadCell(
            T("{column} “{text}” has no activity behind “@”", column=cell.column, text=shown(cell.text)),
            T("end the alternative with the key of an activity of usage.csv, as in ent+bbb@async"),
        ) from None


def read_ways(table: Table, platforms: Collection[str] | None, default_activity: str) -> Column[Ways]:
    """Read the columns `platforms` and `activity`."""
    written = table.optional("platforms", written_ways(platforms), LOADS_NOTHING)
    activity = table.optional("activity", key(), default_activity)
    return table.join(written, activity, _ways)


def _ways(written: tuple[Written, ...], activity: str) -> Ways:
    ways = tuple(Alternative(way.platforms, way.activity or activity, way.text) for way in written)
    for place, way in enumerate(ways):
        for earlier in ways[:place]:
            if way.means_the_same_as(earlier):
                raise BadCell(
                    T("platforms: “{one}” and “{other}” mean the same", one=shown(earlier.text), other=shown(way.text)),
                    T("take one of the two out"),
                )
    return ways


def refuse_unloaded(table: Table, ways: Column[Ways], pairs: Collection[tuple[str, str]] | None) -> None:
    """Name an activity used on a platform without any row of usage.csv, once a file and cell text.

    Parameters
    ----------
    table : Table
    ways : Column
    pairs : collection of (str, str) or None
        The (activity, platform) pairs that usage.csv names; None where that is in doubt.
    """
    if pairs is None:
        return
    for code, alternatives in enumerate(ways.values):
        asked = [(way.activity, platform) for way in alternatives for platform in way.platforms]
        lacking = [pair for pair in dict.fromkeys(asked) if pair not in pairs]
        if not lacking:
            continue
        rows = np.flatnonzero((ways.codes == code) & ~table.spoiled)
        for row in rows[np.unique(table.file[rows], return_index=True)[1]].tolist():
            for activity, platform in lacking:
                table.findings.faults.add(
                    *table.place(row),
                    T(
                        "usage.csv has no row for activity “{activity}” on “{platform}”",
                        activity=activity,
                        platform=platform,
                    ),
                    T("add one there, or name another platform or activity here"),
                )
