"""Small regions in a store to plan: a handful of sessions that crowd each of some dates, no two dates alike.

And what tests of planning runs do with them.
"""

from __future__ import annotations

import csv
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from scheduler.domain.people import service_actor
from scheduler.domain.runs import RunOptions
from scheduler.runs.worker import Worker
from scheduler.service.regions import import_region
from scheduler.service.run_folders import plan_of_run
from scheduler.service.runs import run_status, start_run
from scheduler.store import leases
from scheduler.store.leases import Lease
from scheduler.store.tables.runs import run_dates

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.runs import Run
    from scheduler.store import Store

ACTOR = service_actor("test")
KEY = "crowded"
DATES = ("2021-04-06", "2021-04-07", "2021-04-08", "2021-04-09")

OPTIONS = RunOptions(gap=0.0, seed=3)
"""No plan proves so small a gap, so all the work there is gets done."""

PROVEN = ("plan.csv", "load.csv")

HEAD = """\
name = "Crowded"
first_date = 2021-04-06
last_date = 2021-04-09
[policy]
target_utilisation = 1.0
max_shift_minutes = 60
"""
TABLES = {
    "platforms.csv": "platform,name,kind\nent,Mon ENT,ent\n",
    "capacity.csv": "platform,meter,from,to,kind,amount,note\nent,connections,,,base,{capacity},\n",
    "schools.csv": "school,name,level,academy,pupils\nA,Collège A,,,\nB,Collège B,,,\n",
    "usage.csv": "activity,platform,meter,from_minute,to_minute,share\n"
    "live,ent,connections,-5,10,1\nlive,ent,connections,10,end,0.25\nbrowse,ent,connections,0,end,0.5\n",
    "access.csv": "school,window,audience,day,heads,minutes,platforms,usual_start,earliest,latest\n"
    ",evening,parents,TU,40,15,ent,08:00,08:00,12:00\n",
}


def crowded(folder: Path, *, sessions: int = 16, capacity: int = 200) -> Path:
    """Write the folder: `sessions` a date and school, in rows of four that share a teacher."""
    rows = ["school,session,day,start,minutes,groups,teachers,heads,platforms"]
    for at, date in enumerate(DATES):
        for school in "AB":
            for place in range(sessions):
                start = 480 + 60 * (place % 4)
                heads = 15 + (7 * place + 5 * at + 3 * (school == "B")) % 23
                rows.append(
                    f"{school},{at}-{place},{date},{start // 60:02d}:{start % 60:02d},55,"
                    f"{place // 4},T{place // 4},{heads},ent"
                )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "region.toml").write_text(HEAD)
    (folder / "sessions.csv").write_text("\n".join(rows) + "\n")
    for name, text in TABLES.items():
        (folder / name).write_text(text.replace("{capacity}", str(capacity)), encoding="utf-8")
    return folder


def brought(store: Store, folder: Path, key: str = KEY, **more: int) -> Path:
    """Write the folder, import it, and give it."""
    crowded(folder, **more)
    import_region(store, ACTOR, folder, key)
    return folder


def worker(store: Store, name: str = "one", **more: Any) -> Worker:
    """Make a worker of this process."""
    return Worker(store, name, more.pop("lease_seconds", 30.0), lambda _: None, **more)


def planned(store: Store, options: RunOptions = OPTIONS) -> Run:
    """Start a run, plan it here, and give how it ended."""
    number = start_run(store, ACTOR, KEY, options).number
    worker(store).work(once=True)
    return run_status(store, ACTOR, KEY, number)


def exported(store: Store, folder: Path, number: int = 1) -> dict[str, bytes]:
    """Take a run's plan out and give the files that must not differ."""
    plan_of_run(store, ACTOR, KEY, number, folder)
    return {name: (folder / name).read_bytes() for name in PROVEN}


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a file of a plan folder."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def dates_kept(store: Store) -> int:
    """Count the finished dates of all runs."""
    with store.read() as work:
        return work.connection.execute(select(func.count()).select_from(run_dates)).scalar_one()


def wait_until(true: Any) -> None:
    """Wait for something, a minute at most."""
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def claimed(store: Store, seconds: float = 30.0) -> Lease:
    """Take a run by hand."""
    lease = store.in_work(lambda work: leases.claim(work, "one", seconds))
    assert isinstance(lease, Lease)
    return lease
