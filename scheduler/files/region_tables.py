"""The small tables of a region folder, platforms.csv to weeks.csv and usage.csv (CONTRACT section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from scheduler.domain.calendar import WEEK_LETTERS, Closure, Period, Week
from scheduler.domain.capacity import METERS, CapacityEntry
from scheduler.domain.grid import MINUTES_A_DATE
from scheduler.domain.places import Platform, School
from scheduler.domain.usage import Moment, UsageRow
from scheduler.files import cells
from scheduler.files.table import Column, Schema, Table
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection

    from scheduler.wording import Text

V = TypeVar("V")

PLATFORMS = Schema(("platform", "name", "kind"), ("platform",))
CAPACITY = Schema(
    ("platform", "meter", "from", "to", "kind", "amount", "note"), ("platform", "meter", "kind", "amount")
)
SCHOOLS = Schema(("school", "name", "level", "academy", "pupils"), ("school",))
PERIODS = Schema(("level", "first_date", "last_date"), ("first_date", "last_date"))
CLOSURES = Schema(("school", "first_date", "last_date", "note"), ("first_date", "last_date"))
WEEKS = Schema(("school", "monday", "week"), ("monday", "week"))
USAGE = Schema(
    ("activity", "platform", "meter", "from_minute", "to_minute", "share"),
    ("activity", "platform", "meter", "from_minute", "to_minute", "share"),
)


@dataclass(frozen=True)
class Listed(Generic[V]):
    """The values of a small table.

    Attributes
    ----------
    values : tuple
        One a row without a fault.
    rows : tuple of int
        The row of `table` that each value stands in.
    table : Table
    declared : frozenset of str or None
        The keys that other files may refer to, those of faulty rows too; None where the table is incomplete.
    """

    values: tuple[V, ...]
    rows: tuple[int, ...]
    table: Table
    declared: frozenset[str] | None = None


def _listed(
    table: Table, build: Callable[[int], V], *columns: Column[object], key: frozenset[str] = frozenset()
) -> Listed[V]:
    """Build a value of each row whose cells are all sound."""
    sound = ~table.spoiled
    for column in columns:
        sound = sound & column.ok
    rows = tuple(np.flatnonzero(sound).tolist())
    return Listed(tuple(map(build, rows)), rows, table, key if table.complete else None)


def _names(table: Table, key: Column[str]) -> Column[str]:
    """Read the column `name`, whose default is the key."""
    written = table.optional("name", cells.free_text, "")
    return table.join(written, key, lambda name, default: name or default)


def _refuse_repeated_key(table: Table, key: Column[str], column: str) -> None:
    def sentence(row: int, earlier: str) -> tuple[Text, Text]:
        what = T("{column} “{text}” stands on {earlier} already", column=column, text=key[row], earlier=earlier)
        return what, T("keep one of the two rows, or give this one another key")

    table.refuse_repeated(key, sentence=sentence)


def read_platforms(table: Table) -> Listed[Platform]:
    """Read platforms.csv."""
    declared = table.texts("platform")
    key = table.required("platform", cells.key())
    name, kind = _names(table, key), table.optional("kind", cells.free_text, "")
    _refuse_repeated_key(table, key, "platform")
    return _listed(table, lambda row: Platform(key[row], name[row], kind[row]), key, name, kind, key=declared)


def read_schools(table: Table) -> Listed[School]:
    """Read schools.csv."""
    declared = table.texts("school")
    key = table.required("school", cells.key())
    name = _names(table, key)
    level = table.optional("level", cells.free_text, "")
    academy = table.optional("academy", cells.free_text, "")
    pupils: Column[int | None] = table.optional("pupils", cells.whole(low=0), None)
    _refuse_repeated_key(table, key, "school")

    def school(row: int) -> School:
        return School(key[row], name[row], level[row], academy[row], pupils[row])

    return _listed(table, school, key, name, level, academy, pupils, key=declared)


def read_capacity(table: Table, platforms: Collection[str] | None) -> Listed[CapacityEntry]:
    """Read capacity.csv; `platforms` are the keys that platforms.csv lists, None where that is in doubt."""
    platform = table.required("platform", cells.listed_in("platforms.csv", platforms))
    meter = table.required("meter", cells.one_of(*METERS))
    start: Column[dt.datetime | None] = table.optional("from", cells.start_moment, None)
    end: Column[dt.datetime | None] = table.optional("to", cells.end_moment, None)
    kind = table.required("kind", cells.one_of("base", "change"))
    amount = table.join(kind, table.required("amount", cells.amount), _amount_of_kind)
    span = table.join(start, end, _span)
    note = table.optional("note", cells.free_text, "")
    _refuse_second_base(table, platform, meter, start, kind)

    def entry(row: int) -> CapacityEntry:
        size, percent = amount[row]
        return CapacityEntry(platform[row], meter[row], *span[row], kind[row], size, percent, note[row])

    return _listed(table, entry, platform, meter, span, kind, amount, note)


def _amount_of_kind(kind: str, amount: tuple[float, bool]) -> tuple[float, bool]:
    size, percent = amount
    if kind == "base" and percent:
        raise cells.BadCell(T("a base cannot be in per cent"), T("write its capacity, or kind “change”"))
    if kind == "base" and size < 0:
        raise cells.BadCell(T("a base cannot be negative"), T("write its capacity, or kind “change”"))
    return amount


def _span(start: dt.datetime | None, end: dt.datetime | None) -> tuple[dt.datetime | None, dt.datetime | None]:
    if start is not None and end is not None and end <= start:
        what = T(
            "“to” {end} is not after “from” {start}",
            end=end.isoformat("T", "minutes"),
            start=start.isoformat("T", "minutes"),
        )
        raise cells.BadCell(what, T("write a later “to”, or none for “for good”"))
    return start, end


def _refuse_second_base(
    table: Table, platform: Column[str], meter: Column[str], start: Column[dt.datetime | None], kind: Column[str]
) -> None:
    """Two bases with the same `from` are an error: none of them would be the latest."""
    # Only bases count, so the other rows drop out like faulty ones.
    is_base = Column(
        kind.values, np.where(kind.array(np.bool_, "base".__eq__) & kind.ok, kind.codes, -1).astype(np.int32)
    )

    def sentence(row: int, earlier: str) -> tuple[Text, Text]:
        what = T(
            "{earlier} holds a base of {platform}, {meter}, with the same “from”",
            platform=platform[row],
            meter=meter[row],
            earlier=earlier,
        )
        return what, T("keep one of the two, or write from when this one counts")

    table.refuse_repeated(platform, meter, start, is_base, sentence=sentence)


def _dates(table: Table) -> Column[tuple[dt.date, dt.date]]:
    first, last = table.required("first_date", cells.iso_date), table.required("last_date", cells.iso_date)
    return table.join(first, last, _in_order)


def _in_order(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    if last < first:
        what = T("last_date {last} is before first_date {first}", last=last, first=first)
        raise cells.BadCell(what, T("swap or repair the two"))
    return first, last


def read_periods(table: Table) -> Listed[Period]:
    """Read periods.csv."""
    level, dates = table.optional("level", cells.free_text, ""), _dates(table)
    return _listed(table, lambda row: Period(level[row], *dates[row]), level, dates)


def read_closures(table: Table, schools: Collection[str] | None) -> Listed[Closure]:
    """Read closures.csv; `schools` are the keys that schools.csv lists, None where that is in doubt."""
    school = table.optional("school", cells.listed_in("schools.csv", schools), "")
    dates, note = _dates(table), table.optional("note", cells.free_text, "")
    return _listed(table, lambda row: Closure(school[row], *dates[row], note[row]), school, dates, note)


def read_weeks(table: Table, schools: Collection[str] | None) -> Listed[Week]:
    """Read weeks.csv; `schools` are the keys that schools.csv lists, None where that is in doubt."""
    school = table.optional("school", cells.listed_in("schools.csv", schools), "")
    monday, week = table.required("monday", cells.monday), table.required("week", cells.week_letter)

    def sentence(row: int, earlier: str) -> tuple[Text, Text]:
        what = T("{earlier} says already which week begins on {monday} here", monday=monday[row], earlier=earlier)
        return what, T("keep one of the two rows")

    table.refuse_repeated(school, monday, sentence=sentence)
    return _listed(table, lambda row: Week(school[row], monday[row], WEEK_LETTERS[week[row]]), school, monday, week)


def read_usage(
    table: Table, platforms: Collection[str] | None
) -> tuple[Listed[UsageRow], frozenset[tuple[str, str]] | None]:
    """Read usage.csv.

    Parameters
    ----------
    table : Table
    platforms : collection of str or None
        The keys that platforms.csv lists, None where that is in doubt.

    Returns
    -------
    Listed of UsageRow
    frozenset of (str, str) or None
        The pairs of activity and platform that some row names, be it faulty elsewhere; None where the file is in doubt.
    """
    activity = table.required("activity", cells.key())
    platform = table.required("platform", cells.listed_in("platforms.csv", platforms))
    meter = table.required("meter", cells.one_of(*METERS))
    start = table.required("from_minute", cells.usage_moment)
    end = table.required("to_minute", cells.usage_moment)
    span = table.join(start, end, _minutes)
    share = table.required("share", cells.number_from_0)

    def usage(row: int) -> UsageRow:
        first, last = (_near(moment) for moment in span[row])
        return UsageRow(activity[row], platform[row], meter[row], first, last, share[row])

    for row in np.flatnonzero(span.ok & ~table.spoiled).tolist():
        first, last = span[row]
        if first.from_end and last.from_end and first.minutes >= last.minutes:
            what = T("from_minute is not before to_minute, so this row loads nothing")
            table.warn(row, what, T("swap the two, or take the row out"))
    named = np.flatnonzero(activity.ok & platform.ok).tolist()
    pairs = frozenset((activity[row], platform[row]) for row in named)
    return _listed(table, usage, activity, platform, meter, span, share), pairs if table.complete else None


def _minutes(start: Moment, end: Moment) -> tuple[Moment, Moment]:
    if not start.from_end and not end.from_end and start.minutes >= end.minutes:
        what = T("from_minute {start} is not before to_minute {end}", start=start.minutes, end=end.minutes)
        raise cells.BadCell(what, T("write a later to_minute"))
    return start, end


def _near(moment: Moment) -> Moment:
    """Pull a far-off moment near: nothing is counted more than a date from the start, nor two before the end."""
    # An end may itself be a date behind the start.
    low = -2 * MINUTES_A_DATE if moment.from_end else -MINUTES_A_DATE
    return Moment(min(max(moment.minutes, low), MINUTES_A_DATE), moment.from_end)
