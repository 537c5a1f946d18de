"""How the store grows with the schools: bringing a region in, listing, opening schools, taking it out, publishing."""

from __future__ import annotations

import random
import shutil
import time
from typing import TYPE_CHECKING

from benchmarks.databases import fresh_store, kinds
from benchmarks.publishing import publishing_steps
from benchmarks.tables import NOTHING, Table, whole
from scheduler.domain.people import EVERYTHING, service_actor
from scheduler.service.kept_regions import freeze, head_of, one_school, thaw
from scheduler.service.regions import export_region, import_region, list_regions, list_schools, open_school

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.figures import Figures
    from benchmarks.instances import Instances
    from scheduler.store import Store

SCHOOLS = (1000, 4000, 5930)
PART = "growth"
COLUMNS = ("schools", "session rows", "database", "what", "times", "median", "99 of 100", "target", "× former")
KEY = "region"
ACTOR = service_actor("benchmark")
MANY, SOME = 200, 20
AT_ONCE, SOON, WAIT = 0.1, 0.06, 300.0
"""Targets in seconds: a page, the activities of one school of 2,000 rows, and what a person waits for once a week."""


def growth(instances: Instances, figures: Figures, schools: tuple[int, ...]) -> None:
    """Print the table: every size on every database that there is here."""
    table = Table("Growth", COLUMNS)
    for count in schools:
        folder = instances.whole_france(count)
        for kind in kinds():
            with fresh_store(kind, instances.folder) as store:
                for what, target, seconds in _steps(store, folder, instances.folder / "growth-out"):
                    _print(table, figures, (count, kind, what), target, seconds, _rows(store))


def _steps(store: Store, folder: Path, out: Path) -> Iterator[tuple[str, float, list[float]]]:
    """Take the steps one after the other; give the name, the target and the seconds of each call."""
    draw = random.Random(1)  # noqa: S311 - which schools are opened is no secret
    yield "import", WAIT, _timed(lambda: import_region(store, ACTOR, folder, KEY), 1)
    yield "import, unchanged", WAIT, _timed(lambda: import_region(store, ACTOR, folder, KEY), 1)
    yield "list regions", AT_ONCE, _timed(lambda: list_regions(store, ACTOR), SOME)
    pages = max(list_schools(store, ACTOR, KEY).pages, 1)
    yield (
        "list schools, any page",
        AT_ONCE,
        _timed(lambda: list_schools(store, ACTOR, KEY, page=draw.randint(1, pages)), MANY),
    )
    yield "search schools", AT_ONCE, _timed(lambda: list_schools(store, ACTOR, KEY, search="college saint"), MANY)
    yield "schools by state", AT_ONCE, _timed(lambda: list_schools(store, ACTOR, KEY, state="proposed"), SOME)
    with store.read() as work:
        schools = [school.key for school in head_of(work, EVERYTHING, KEY).schools]
    yield "open a school", AT_ONCE, _timed(lambda: open_school(store, ACTOR, KEY, draw.choice(schools)), MANY)
    largest = _largest(store)
    yield "activities of the largest school", SOON, _timed(lambda: _activities(store, largest), MANY)
    yield "freeze", AT_ONCE * 10, _timed(lambda: _frozen(store), 3)
    frozen = _frozen(store)
    yield "thaw", WAIT, _timed(lambda: thaw(store, frozen), 1)
    yield "export", WAIT, _timed(lambda: export_region(store, ACTOR, KEY, out), 1)
    shutil.rmtree(out)
    yield from publishing_steps(store, KEY)


def _timed(call: Callable[[], object], times: int) -> list[float]:
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begun)
    return sorted(seconds)


def _activities(store: Store, school: str) -> object:
    with store.read() as work:
        return one_school(work, EVERYTHING, KEY, school)


def _frozen(store: Store) -> bytes:
    with store.read() as work:
        return freeze(work, EVERYTHING, KEY)


def _largest(store: Store) -> str:
    return list_schools(store, ACTOR, KEY, sort="-sessions", size=1).entries[0].school.key


def _rows(store: Store) -> int:
    return list_regions(store, ACTOR)[0].sessions


def _print(
    table: Table, figures: Figures, case: tuple[int, str, str], target: float, seconds: list[float], rows: int
) -> None:
    count, kind, what = case
    median, late = seconds[len(seconds) // 2], seconds[(99 * len(seconds) - 1) // 100]
    name = f"{count} schools, {kind}, {what}"
    table.row(
        *(whole(count), whole(rows), kind, what, str(len(seconds))),
        _time(median),
        NOTHING if len(seconds) == 1 else _time(late),
        f"{_time(target)}{'' if late <= target else ', missed'}",
        figures.ratio(PART, name, "seconds", median),
    )
    figures.keep(PART, name, seconds=median)


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
