"""Comparing report.json with what is recomputed (CONTRACT section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.checking.numbers import as_number, same_amount, same_share
from scheduler.domain.findings import Findings
from scheduler.domain.outcome import STOPPED_BY
from scheduler.domain.report import reckoned
from scheduler.domain.stored import is_rest_of_day
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scheduler.domain.load import DayFigures
    from scheduler.domain.region import Region
    from scheduler.domain.stored import StoredPlan

COUNTS = {"activities", "moved", "switched", "largest_shift_minutes"}
SHARES = {"gap", "level", "utilisation_before", "utilisation_after"}
KEYS = {"peaks": ("platform", "meter"), "shortfalls": ("platform", "meter", "date", "from"), "days": ("date",)}
"""What tells the entries of a list in report.json apart."""


def report_differences(region: Region, stored: StoredPlan, days: Sequence[DayFigures]) -> list[Text]:
    """Name each field of report.json that is missing, malformed or other than recomputed.

    Parameters
    ----------
    region : Region
    stored : StoredPlan
    days : sequence of DayFigures
        What the plan really comes to.

    Returns
    -------
    list of Text
    """
    found, report = Findings(), stored.report
    expected = reckoned(region, days, _stated_bounds(region, report, days))
    lists = {name: expected.pop(name) for name in KEYS}
    found.extend(_entry_differences("", report, {"region": region.name, **expected}))
    for name, entries in lists.items():
        found.extend(_list_differences(name, report.get(name), entries))
    found.extend(_bounds_below(report, stored.order_kept))
    found.extend(_level_differences(report, lists["peaks"], stored.order_kept))
    found.extend(_run_differences(report))
    return found.told()


def _stated_bounds(region: Region, report: Mapping[str, Any], days: Sequence[DayFigures]) -> dict[int, float]:
    """Give the lower bounds that the report states for each date; 0 where it states none, which is named elsewhere."""
    entries = report.get("days")
    stated = {
        str(entry.get("date")): as_number(entry.get("lower_bound"))
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict)
    }
    return {day.day: stated.get(region.grid.dates[day.day].isoformat()) or 0.0 for day in days}


def _entry_differences(where: str, stated: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[Text]:
    """Compare one object of the report, field by field."""
    for name, right in expected.items():
        field = f"{where}.{name}" if where else name
        if name not in stated:
            yield T("report.json: {field} is missing.", field=field)
        elif not _same(name, stated[name], right):
            yield T(
                "report.json: {field} is {stated}, but {expected} when recomputed.",
                field=field,
                stated=_said(stated[name]),
                expected=_said(right),
            )


def _same(name: str, stated: object, expected: object) -> bool:
    if expected is None or isinstance(expected, str):
        return stated == expected
    mine, right = as_number(stated), as_number(expected)
    if mine is None or right is None:
        return False
    if name in COUNTS:
        return mine == right
    return same_share(mine, right) if name in SHARES else same_amount(mine, right)


def _said(value: object) -> str:
    """Say a value of the report, cut where somebody put a whole book there."""
    if value is None:
        return "null"
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _list_differences(name: str, stated: object, expected: list[dict[str, Any]]) -> Iterator[Text]:
    """Compare a list of the report, entry by entry, whatever their order."""
    if not isinstance(stated, list):
        yield T("report.json: {field} is missing.", field=name)
        return
    entries: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for entry in stated:
        key = tuple(str(entry.get(part)) for part in KEYS[name]) if isinstance(entry, dict) else (_said(entry),)
        if not isinstance(entry, dict) or key in entries:
            yield T("report.json: {field} has an entry too many.", field=_field(name, key))
        else:
            entries[key] = entry
    for right in expected:
        key = tuple(str(right[part]) for part in KEYS[name])
        if key in entries:
            yield from _entry_differences(_field(name, key), entries.pop(key), right)
        else:
            yield T("report.json: {field} is missing.", field=_field(name, key))
    for key in entries:
        yield T("report.json: {field} has an entry too many.", field=_field(name, key))


def _field(name: str, key: tuple[str, ...]) -> str:
    return f"{name}[{' '.join(key)}]"


def _bounds_below(report: Mapping[str, Any], order_kept: bool) -> Iterator[Text]:
    """Check that no lower bound is above its objective, but with ``--reorder``, where it bounds other plans."""
    entries = report.get("days")
    dates = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    for entry in (report, *dates) if order_kept else ():
        objective, bound = as_number(entry.get("objective")), as_number(entry.get("lower_bound"))
        if objective is None or bound is None or bound <= objective or same_amount(bound, objective):
            continue
        yield T(
            "report.json: {field} is {stated}, above the objective {objective}.",
            field="lower_bound" if entry is report else _field("days", (str(entry.get("date")),)) + ".lower_bound",
            stated=_said(bound),
            objective=_said(objective),
        )


def _level_differences(report: Mapping[str, Any], peaks: list[dict[str, Any]], order_kept: bool) -> Iterator[Text]:
    """Check what ``--objective level`` adds: the highest load/capacity of the plan, and a bound below it.

    With ``--reorder`` it bounds other plans, and may be above.
    """
    if "level" not in report and "level_lower_bound" not in report:
        return
    used = [peak["utilisation_after"] for peak in peaks if peak["utilisation_after"] is not None]
    yield from _entry_differences("", report, {"level": max(used, default=0.0)})
    level, bound = as_number(report.get("level")), as_number(report.get("level_lower_bound"))
    if bound is None or (order_kept and level is not None and bound > level and not same_share(bound, level)):
        yield T(
            "report.json: {field} cannot be {stated}.",
            field="level_lower_bound",
            stated=_said(report.get("level_lower_bound")),
        )


def _run_differences(report: Mapping[str, Any]) -> Iterator[Text]:
    """Check the fields that tell of the run, which nobody can recompute, for what they may hold."""
    warnings, seed = report.get("warnings"), report.get("seed")
    valid = {
        "version": isinstance(report.get("version"), str),
        "stopped_by": report.get("stopped_by") in STOPPED_BY,
        "seconds": _is_amount(report.get("seconds")),
        "peak_memory_mib": _is_amount(report.get("peak_memory_mib")),
        "seed": isinstance(seed, int) and not isinstance(seed, bool),
        "warnings": isinstance(warnings, list) and all(isinstance(warning, str) for warning in warnings),
    }
    # Fields that a report need not have.
    if "compared_with" in report:
        valid["compared_with"] = report["compared_with"] == "reference.csv"
    if "order_kept" in report:
        valid["order_kept"] = isinstance(report["order_kept"], bool)
    if "rest_of_day" in report:
        valid["rest_of_day"] = is_rest_of_day(report["rest_of_day"])
    for name, is_valid in valid.items():
        if name not in report:
            yield T("report.json: {field} is missing.", field=name)
        elif not is_valid:
            yield T("report.json: {field} cannot be {stated}.", field=name, stated=_said(report[name]))


def _is_amount(value: object) -> bool:
    number = as_number(value)
    return number is not None and number >= 0
