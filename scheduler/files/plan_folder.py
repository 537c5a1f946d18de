"""The plan folder: plan.csv, load.csv, report.json and, where there is one, reference.csv (CONTRACT section 5).

Reading one back is in :mod:`scheduler.files.plan_reader`.
"""

from __future__ import annotations

import csv
import json
import math
import os
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler import __version__
from scheduler.domain.explanation import explanation_entries
from scheduler.domain.grid import clock
from scheduler.domain.report import reckoned, shown_slots
from scheduler.errors import CannotWrite
from scheduler.files.moves_file import MOVES_COLUMNS, move_rows
from scheduler.files.plan_reader import COMPARED_WITH, REFERENCE, REFERENCE_FILE, read_plan_folder
from scheduler.whole_folder import cannot_write, check_can_write_folder, whole_folder
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from scheduler.domain.explanation import Explanation
    from scheduler.domain.load import DayFigures
    from scheduler.domain.outcome import Outcome
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region
    from scheduler.domain.rest_of_day import Cut

__all__ = ["RunConditions", "check_can_write", "read_plan_folder", "write_plan_folder"]

PLAN_COLUMNS = ("school", "kind", "id", "date", "start", "minutes", "platforms", "shift_minutes")
LOAD_COLUMNS = ("platform", "meter", "date", "slot", "capacity", "limit", "before", "after", "price")


@dataclass(frozen=True)
class RunConditions:
    """How a planning run went, apart from its outcome.

    Attributes
    ----------
    seconds : float
        Wall-clock time.
    peak_memory_mib : float
        Most memory held at any time, mebibytes.
    language : str
        ``en`` or ``fr``: of the warnings in report.json.
    order_kept : bool
        False with ``--reorder``: report.json then says ``"order_kept": false``, and its gap is no proof.
    rest_of_day : Cut or None
        From when on things could begin, where the day had begun: the proof speaks of plans of the rest.
    """

    seconds: float
    peak_memory_mib: float
    language: str = "en"
    order_kept: bool = True
    rest_of_day: Cut | None = None


def check_can_write(out: Path) -> None:
    """Refuse early what could not, or should not, be written later.

    Raises
    ------
    CannotWrite
        `out` is a file, or a folder that holds something else than a plan, or lies in a place that takes no folder.
    """
    out = Path(os.path.realpath(out))
    try:
        _refuse_foreign(out)
        _refuse_among_sessions(out)
    except OSError as error:
        raise CannotWrite(cannot_write(out, error)) from error
    check_can_write_folder(out)


def _refuse_foreign(out: Path) -> None:
    """Refuse to replace what is not a plan folder: it may be somebody's work."""
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise CannotWrite(T("{path} is a file; name a folder for the plan.", path=out))
    names = {path.name for path in out.iterdir()}
    if names and ("region.toml" in names or not {"report.json", "plan.csv"} <= names):
        raise CannotWrite(
            T("The folder {folder} holds other things than a plan; name another folder for the plan.", folder=out)
        )


def _refuse_among_sessions(out: Path) -> None:
    """Refuse a place in which plan.csv would be read as one of a region's timetables."""
    for folder in (out, *out.parents):
        if folder.name == "sessions" and (folder.parent / "region.toml").exists():
            raise CannotWrite(
                T("The folder {folder} is for timetables of the region; name another folder for the plan.", folder=out)
            )


def write_plan_folder(
    out: Path,
    region: Region,
    outcome: Outcome,
    figures: Sequence[DayFigures],
    conditions: RunConditions,
    extra: Iterable[tuple[str, bytes]] = (),
    explanation: Explanation | None = None,
) -> None:
    """Write a plan folder as a whole; one that stands there is replaced, or left as it was.

    Parameters
    ----------
    out : Path
        The folder; its parents are created.
    region : Region
    outcome : Outcome
        The plan and its proof.
    figures : sequence of DayFigures
        What the plan comes to, one a date with activities.
    conditions : RunConditions
    extra : iterable of (str, bytes), optional
        Further files: relative path with ``/``, and contents. Taken one by one: all feeds need not fit in memory.
    explanation : Explanation, optional
        Why the plan is as it is: makes moves.csv, and some more keys of report.json.

    Raises
    ------
    CannotWrite
        What stood at `out` is no plan folder, or the system does not let us write; nothing half-written remains.
    """
    check_can_write(out)
    with whole_folder(out) as folder:
        _write_plan(folder / "plan.csv", PLAN_COLUMNS, region, outcome.plan)
        if outcome.reference is not None:
            _write_plan(folder / REFERENCE_FILE, REFERENCE.columns, region, outcome.reference.plan)
        prices = {proof.day: proof.price for proof in outcome.proofs}
        with (folder / "load.csv").open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream, lineterminator="\n")
            rows.writerow(LOAD_COLUMNS)
            rows.writerows(load_rows(region, figures, prices))
        if explanation is not None:
            with (folder / "moves.csv").open("w", encoding="utf-8", newline="") as stream:
                rows = csv.writer(stream, lineterminator="\n")
                rows.writerow(MOVES_COLUMNS)
                for moves in explanation.moves:
                    rows.writerows(move_rows(region, moves))
        entries = report_of(region, outcome, figures, conditions)
        if explanation is not None:
            entries |= explanation_entries(region, explanation)
        report = json.dumps(entries, ensure_ascii=False, allow_nan=False, indent=2)
        (folder / "report.json").write_text(report + "\n", encoding="utf-8")
        for name, contents in extra:
            path = folder / _inside(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents)


def _write_plan(path: Path, columns: Sequence[str], region: Region, plan: Plan) -> None:
    """Write some columns of a plan, date by date."""
    chosen = itemgetter(*(PLAN_COLUMNS.index(name) for name in columns))
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(columns)
        for day in range(len(region.grid.dates)):
            rows.writerows(map(chosen, _plan_rows(region, day, plan.on_day(day))))


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"{name!r} does not name a file inside the plan folder")
    return path


def _plan_rows(region: Region, day: int, plan: Plan) -> Iterator[tuple[object, ...]]:
    """Give the rows of one date by school, kind, start and id; the region's own audiences come last."""
    activities, words = region.activities, region.activities.words
    row = plan.row
    rank = np.empty(len(words.keys), dtype=np.int64)
    rank[sorted(range(len(words.keys)), key=words.keys.__getitem__)] = np.arange(len(words.keys))
    schools = [*(school.key for school in activities.schools), ""]
    school = np.where(activities.school[row] < 0, len(schools) - 1, activities.school[row])
    order = np.lexsort((rank[activities.key[row]], plan.start, activities.window[row], school))
    row = row[order]
    times = [clock(minute) for minute in range(24 * 60 + 1)]
    date = region.grid.dates[day].isoformat()
    alternatives = zip(activities.alternatives[row].tolist(), plan.alternative[order].tolist(), strict=True)
    yield from zip(
        (schools[code] for code in school[order].tolist()),
        ("access" if window else "session" for window in activities.window[row].tolist()),
        (words.keys[code] for code in activities.key[row].tolist()),
        (date for _ in range(len(row))),
        (times[start] for start in plan.start[order].tolist()),
        activities.minutes[row].tolist(),
        (words.alternatives[code][way].text for code, way in alternatives),
        plan.shift(region)[order].tolist(),
        strict=True,
    )


def load_rows(
    region: Region, figures: Sequence[DayFigures], prices: Mapping[int, NDArray[np.float64]]
) -> Iterator[tuple[str, ...]]:
    """Give the rows of load.csv by meter, date and slot: the slots of the day, and others with a load or a price.

    Parameters
    ----------
    region : Region
    figures : sequence of DayFigures
    prices : mapping
        Day -> head-minutes a connection, shape (meters, slots); a day that is not there has none.
    """
    times = [clock(slot * region.grid.slot_minutes) for slot in range(region.grid.slots)]
    for meter, place in enumerate(region.meters):
        for day in figures:
            price = prices.get(day.day, np.zeros_like(day.after))[meter] + 0.0
            shown = shown_slots(region, day)[meter] | (price > 0)
            columns = (day.capacity[meter], day.limit[meter], day.before[meter], day.after[meter], price)
            date = region.grid.dates[day.day].isoformat()
            for slot in np.flatnonzero(shown).tolist():
                capacity, limit, before, after, paid = (float(column[slot]) for column in columns)
                yield (
                    *(place.platform, place.meter, date, times[slot]),
                    *(_amount(number) if math.isfinite(number) else "" for number in (capacity, limit)),
                    *(_amount(before), _amount(after), repr(paid)),
                )


def _amount(number: float) -> str:
    return f"{number:.6f}"


def report_of(
    region: Region, outcome: Outcome, figures: Sequence[DayFigures], conditions: RunConditions
) -> dict[str, Any]:
    """Give report.json as a value, its fields in the order of CONTRACT section 5."""
    numbers = reckoned(region, figures, {proof.day: float(proof.lower_bound) for proof in outcome.proofs})
    lists = {name: numbers.pop(name) for name in ("peaks", "shortfalls", "days")}
    report = {
        "version": __version__,
        "region": region.name,
        **numbers,
        "stopped_by": outcome.stopped_by,
        "seconds": float(conditions.seconds),
        "peak_memory_mib": float(conditions.peak_memory_mib),
        "seed": int(outcome.seed),
        **lists,
        "warnings": [warning.in_language(conditions.language) for warning in outcome.warnings],
    }
    if outcome.level is not None:
        report |= {"level": float(outcome.level.level), "level_lower_bound": float(outcome.level.lower_bound)}
    if not conditions.order_kept:
        report["order_kept"] = False
    if conditions.rest_of_day is not None:
        cut = conditions.rest_of_day
        report["rest_of_day"] = {"date": cut.date.isoformat(), "from": clock(cut.minute)}
    if outcome.reference is not None:
        report[COMPARED_WITH] = REFERENCE_FILE
    return report
