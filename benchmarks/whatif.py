"""What-if scenarios from the current plan of a region: how long one takes, and how much it moves.

Each is started and worked off as in the service: frozen, thawed, begun from the current plan, audited and stored.
"""

from __future__ import annotations

import datetime as dt
import time
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.databases import fresh_store
from benchmarks.tables import NOTHING, Table, percent, whole
from scheduler.domain.people import service_actor
from scheduler.domain.runs import DONE, RunOptions
from scheduler.domain.scenario_changes import AudienceHours, CapacityChange
from scheduler.domain.scenarios import Scenario
from scheduler.runs.worker import Worker
from scheduler.service.planning import Means
from scheduler.service.regions import import_region
from scheduler.service.runs import run_status, start_run
from scheduler.service.scenarios import scenario_ground, start_scenarios

if TYPE_CHECKING:
    from benchmarks.command import PlanOptions
    from benchmarks.figures import Figures
    from benchmarks.instances import Instances
    from scheduler.domain.region import Region
    from scheduler.domain.runs import Run
    from scheduler.store import Store

SCHOOLS = (800,)
PART = "whatif"
COLUMNS = ("schools", "scenario", "plans against", "seconds", "target", "× former", "gap", "moved", "overload")
KEY = "region"
ACTOR = service_actor("benchmark")
AT_MOST = 60.0
"""Target in seconds for a raise, on two cores."""


def whatif(instances: Instances, figures: Figures, options: PlanOptions, schools: tuple[int, ...]) -> None:
    """Print the table: every size on SQLite, the plan first, then each scenario against both."""
    table = Table("What if", COLUMNS)
    for count in schools:
        folder = instances.grand_est(count)
        with fresh_store("SQLite", instances.folder) as store:
            import_region(store, ACTOR, folder, KEY)
            show = partial(_print, table, figures, count)
            show(
                "the plan itself",
                "usual times",
                *_worked(store, options, start_run(store, ACTOR, KEY, _asked(options))),
            )
            region = scenario_ground(store, ACTOR, KEY).region
            for scenario in scenarios(region):
                for close in (True, False):
                    (run,) = start_scenarios(store, ACTOR, KEY, {"": scenario}, close=close, gap=options.gap)
                    show(scenario.name, "the plan" if close else "usual times", *_worked(store, options, run))


def scenarios(region: Region) -> list[Scenario]:
    """Give the scenarios that are tried, on the platform named first and the second date."""
    platform = region.platforms[0].key
    nine = dt.datetime.combine(region.grid.dates[min(1, len(region.grid.dates) - 1)], dt.time(9))
    day, week = nine - dt.timedelta(hours=9), dt.timedelta(days=7)

    def connections(amount: float, start: dt.datetime, lasts: dt.timedelta, *, percent: bool = False) -> CapacityChange:
        return CapacityChange(platform, "connections", amount, percent, start, start + lasts)

    return [
        Scenario("raise of 15,000", (connections(15000.0, day - week, 2 * week),)),
        Scenario("outage of two hours", (connections(-8000.0, nine, dt.timedelta(hours=2)),)),
        Scenario("attack, half is lost", (connections(-50.0, day, dt.timedelta(days=1), percent=True),)),
        Scenario("parents after 15:00", (AudienceHours("parents", 15 * 60),)),
    ]


def _asked(options: PlanOptions) -> RunOptions:
    return RunOptions(gap=options.gap, time_limit=options.time_limit)


def _worked(store: Store, options: PlanOptions, run: Run) -> tuple[Run, float]:
    """Work a run off; give it as it ended, and the seconds from its start."""
    begun = time.perf_counter()
    Worker(store, "benchmark", 30.0, lambda _: None, means=Means(workers=options.workers)).work(once=True)
    seconds = time.perf_counter() - begun
    ended = run_status(store, ACTOR, KEY, run.number)
    if ended.state != DONE:
        raise RuntimeError(f"run {run.number} is {ended.state}: {'; '.join(map(str, ended.failure))}")
    return ended, seconds


def _print(table: Table, figures: Figures, count: int, scenario: str, against: str, run: Run, seconds: float) -> None:
    name = f"{count} schools, {scenario}, against {against}"
    tally = (run.report or {})["tally"]
    target = (
        NOTHING if not scenario.startswith("raise") else f"{AT_MOST:.0f} s{', missed' if seconds > AT_MOST else ''}"
    )
    table.row(
        *(whole(count), scenario, against, f"{seconds:.1f}", target, figures.ratio(PART, name, "seconds", seconds)),
        *(
            percent(run.gap),
            percent(tally["sessions_moved"] / max(tally["sessions"], 1)),
            whole(round(tally["overload"])),
        ),
    )
    figures.keep(PART, name, seconds=seconds, moved=tally["sessions_moved"])
