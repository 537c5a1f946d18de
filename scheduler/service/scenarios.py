"""What-if scenarios for the people of a region: try some, look through them, hide them, make one the region's own.

A scenario is a run of purpose ``what_if``: it is planned like any other from the frozen region, to which the worker
applies the scenario's changes, and it proposes nothing to anybody.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scheduler.domain.runs import USUAL, WHAT_IF, RunOptions
from scheduler.domain.scenarios import as_documents, from_documents
from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.files.timetable_text import TimetableText
from scheduler.service.kept_regions import head_of, on_dates, with_changes
from scheduler.service.runs import RunWanted, queue_run, stop_run
from scheduler.store.packed import unpack_bytes
from scheduler.store.runs import Runs
from scheduler.store.timetables import TimetableRepository
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from scheduler.domain.people import Actor, Scope
    from scheduler.domain.region import Region
    from scheduler.domain.runs import Run
    from scheduler.domain.scenarios import Change, Scenario
    from scheduler.store import Store, Work

MOST_AT_ONCE = 9
"""So many scenarios are started at once."""
MOST_LISTED = 30
MOST_READ = 20
"""The windows of so many schools are looked into for their audiences: they are the same from school to school."""


@dataclass(frozen=True)
class Ground:
    """What scenarios of a region start from.

    Attributes
    ----------
    region : Region
        Without activities; its horizon is the dates that scenarios are planned for.
    current : Run or None
        The plan by which the region goes on these dates.
    audiences : tuple of str
        Whose hours can change.
    revision : int
        Of the region; adopting a scenario names it.
    """

    region: Region
    current: Run | None
    audiences: tuple[str, ...]
    revision: int

    @property
    def dates(self) -> tuple[dt.date, dt.date]:
        """First and last date."""
        return self.region.grid.first_date, self.region.grid.last_date


def scenario_ground(store: Store, actor: Actor, region: str) -> Ground:
    """Give what scenarios of a region start from.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return _ground(work, actor.sees, region)


def _ground(work: Work, scope: Scope, region_key: str) -> Ground:
    row = Runs(work, scope).region_row(region_key)
    current = Runs(work, scope).current(region_key, row.first_date, row.last_date)
    if current is not None and current.purpose == USUAL:
        current = None
    dates = (row.first_date, row.last_date) if current is None else (current.first_date, current.last_date)
    region = on_dates(head_of(work, scope, region_key), dates)
    return Ground(region, current, _audiences(work, scope, row.id), row.revision)


def _audiences(work: Work, scope: Scope, region_id: int) -> tuple[str, ...]:
    """Name the audiences of the access windows in force; the region's own first."""
    kept = TimetableRepository(work, scope)
    versions = sorted(kept.with_windows(region_id))[:MOST_READ]
    found: dict[str, None] = {}
    packed = dict(kept.packed(version for _, version in versions))
    for _, version in versions:
        windows = TimetableText.parted(unpack_bytes(packed[version])).windows.decode()
        found |= dict.fromkeys(row["audience"] for row in csv.DictReader(io.StringIO(windows)))
    return tuple(found)


def start_scenarios(
    store: Store,
    actor: Actor,
    region: str,
    scenarios: Mapping[str, Scenario],
    *,
    close: bool = False,
    gap: float = 0.01,
) -> list[Run]:
    """Try scenarios: queue a run for each, all or none.

    Parameters
    ----------
    store : Store
    actor : Actor
        May change the whole region.
    region : str
    scenarios : mapping of str to Scenario
        By names of the caller's own.
    close : bool
        Change as little as possible of the current plan; else shifts count from the usual times, as in any plan. Both
        begin from the current plan, where there is one, which only saves time.
    gap : float
        [0, 1] proven gap that is good enough.

    Returns
    -------
    list of Run
        In the order of the scenarios.

    Raises
    ------
    FaultyInput
        With everything that is wrong; a fault's `file` is the scenario's name, a hyphen and the field of the change.
    NotThere
    Refused
        There is no current plan to stay close to.
    """
    options = RunOptions(gap=gap)
    faults = list(options.faults())
    ground = scenario_ground(store, actor, region)
    for name, scenario in scenarios.items():
        faults += [replace(fault, file=f"{name}-{fault.file}") for fault in scenario.faults(ground.region)]
    if faults:
        raise FaultyInput(faults)
    if not scenarios or len(scenarios) > MOST_AT_ONCE:
        raise Refused(T("choose what would change: one scenario at least, {count} at most", count=MOST_AT_ONCE))
    chosen = tuple(scenarios.values())
    return store.in_work(lambda work: _start(work, actor, region, chosen, options, close))


def _start(
    work: Work, actor: Actor, region: str, scenarios: tuple[Scenario, ...], options: RunOptions, close: bool
) -> list[Run]:
    ground = _ground(work, actor.edits, region)
    current = ground.current
    if close and current is None:
        raise Refused(T("there is no current plan to stay close to; begin from the usual times"))
    # A plan whose input was erased cannot be read again.
    if current is not None and Runs(work, actor.edits).frozen(current) is not None:
        options = replace(options, start_from=current.number, stay_close_to=current.number if close else None)
    runs = [queue_run(work, actor, region, options, _wanted(one, ground, close)) for one in scenarios]
    # Scenarios are in nobody's way, so none can be missing.
    return [run for run in runs if run is not None]


def _wanted(scenario: Scenario, ground: Ground, close: bool) -> RunWanted:
    changes = {"changes": as_documents(scenario.changes), "close": close}
    return RunWanted(
        ground.dates, WHAT_IF, scenario.name, changes, lambda _, frozen: with_changes(frozen, scenario.changes)
    )


def changes_of(run: Run) -> tuple[Change, ...]:
    """Give what a scenario's run changes."""
    return from_documents((run.changes or {}).get("changes", ()))


def list_scenarios(store: Store, actor: Actor, region: str) -> list[Run]:
    """List the latest scenarios that were not hidden, newest first, without their reports.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        found = Runs(work, actor.sees).listed(region, MOST_LISTED, purposes=[WHAT_IF])
    return [run for run in found if not (run.changes or {}).get("hidden")]


def hide_scenario(store: Store, actor: Actor, region: str, number: int) -> None:
    """Take a scenario out of the list; one that is not at its end is stopped. It stays among the region's runs.

    Raises
    ------
    NotThere
        There is no such scenario that the actor may change.
    """
    stop_run(store, actor, region, scenario_run(store, actor, region, number).number)
    store.in_work(lambda work: note_on(work, actor, region, number, {"hidden": True}))


def scenario_run(store: Store, actor: Actor, region: str, number: int) -> Run:
    """Give the run of a scenario that an actor may change.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return _scenario(work, actor, region, number)


def _scenario(work: Work, actor: Actor, region: str, number: int, *, lock: bool = False) -> Run:
    run = Runs(work, actor.edits).one(region, number, lock=lock)
    if run.purpose != WHAT_IF:
        raise NotThere(T("planning run {number} is no scenario", number=number))
    return run


def note_on(work: Work, actor: Actor, region: str, number: int, told: dict[str, Any]) -> None:
    """Write down beside a scenario's changes what became of it.

    Raises
    ------
    NotThere
    """
    run = _scenario(work, actor, region, number, lock=True)
    Runs(work, actor.edits).put_changes(run, (run.changes or {}) | told)
