"""The whole service as processes of its own, to be killed and started again; and the account of what became of it."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from scheduler.domain.people import service_actor
from scheduler.service.reconciling import reconcile
from scheduler.store import audit
from scheduler.store.tables.audit import audit_entries
from scheduler.store.tables.publications import publications
from scheduler.store.tables.regions import regions, schools
from scheduler.store.tables.runs import plan_runs, run_dates, school_plans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.store import Store

ROOT = Path(__file__).parents[2]
ACTOR = service_actor("test")


class Member:
    """A process that is there to be killed.

    Parameters
    ----------
    name : str
    command : list of str
        Behind ``python -m``.
    settings : dict
        Variables ``ETALE_…``.
    log : Path
    """

    def __init__(self, name: str, command: list[str], settings: dict[str, str], log: Path):
        self.name, self.kills = name, 0
        self._command = [sys.executable, "-m", *command]
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), "ETALE_LANG": "en", **settings}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a group of its own so that its children can be killed with it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """Kill it and its children (SIGKILL)."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.kills += 1

    def end(self) -> None:
        """End it, politely first."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def is_running(self) -> bool:
        """Tell whether it runs; one that ended by itself was not meant to."""
        return self._process is not None and self._process.poll() is None


@dataclass
class Account:
    """What became of everything that was asked for.

    Attributes
    ----------
    runs : Counter
        Runs by state.
    results : int
        School plans that runs proposed.
    publications : int
    lost, doubled : list of str
        What is missing, and what is there twice, in words.
    """

    runs: Counter[str] = field(default_factory=Counter)
    results: int = 0
    publications: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def account(store: Store, asked: Iterable[tuple[str, int]], published: dict[tuple[str, str], set[int]]) -> Account:
    """Go through the store once all is quiet.

    Parameters
    ----------
    store : Store
    asked : iterable of (str, int)
        Region and number of every run that somebody was told of.
    published : dict
        (region, school) -> the numbers of publications that somebody was told of.
    """
    done = Account()
    with store.read() as work:
        connection = work.connection
        names = {row.id: row.key for row in connection.execute(sa.select(regions.c.id, regions.c.key))}
        runs = {(names[row.region_id], row.number): row for row in connection.execute(sa.select(plan_runs))}
        done.runs.update(row.state for row in runs.values())
        done.lost += [f"run {key} was promised and is not there" for key in asked if key not in runs]
        active = [key for key, row in runs.items() if row.state in ("queued", "running")]
        done.lost += [f"run {key} has not ended" for key in active]
        _account_of_ends(connection, runs, done)
        _account_of_results(connection, runs, done)
        _account_of_publications(connection, names, published, done)
        done.lost += map(str, audit.verify(work))
    done.lost += map(str, reconcile(store))
    return done


def _account_of_ends(connection: Any, runs: dict[tuple[str, int], Any], done: Account) -> None:
    """See that every run ended once, as the audit log tells it."""
    ends = sa.select(audit_entries.c.chain, audit_entries.c.of_what).where(
        audit_entries.c.what.in_(["run.done", "run.failed", "run.cancelled"])
    )
    count = Counter((row.chain, int(row.of_what)) for row in connection.execute(ends))
    done.doubled += [f"run {key} ended {times} times" for key, times in count.items() if times > 1]
    done.lost += [f"the end of run {key} is not in the log" for key in runs if key not in count]


def _account_of_results(connection: Any, runs: dict[tuple[str, int], Any], done: Account) -> None:
    """See that every run that is done has dates and proposals, and that equal questions have equal answers."""
    taught = sa.select(schools.c.region_id).where(schools.c.timetable_id.is_not(None))
    wanted = Counter(connection.scalars(taught))
    query = sa.select(school_plans.c.run_id, school_plans.c.school_id, school_plans.c.placements).order_by("school_id")
    answers: dict[int, list[tuple[int, bytes]]] = {}
    for row in connection.execute(query.where(school_plans.c.run_id.is_not(None))):
        answers.setdefault(row.run_id, []).append((row.school_id, row.placements))
    dates = Counter(connection.scalars(sa.select(run_dates.c.run_id)))
    done.results = sum(map(len, answers.values()))
    first: dict[tuple[int, str], tuple[tuple[str, int], Any]] = {}
    for key, row in runs.items():
        proposed = answers.get(row.id, [])
        if row.state != "done":
            if proposed:
                done.doubled.append(f"run {key} is {row.state} and yet proposed plans")
            continue
        if len(proposed) != wanted[row.region_id]:
            done.lost.append(f"run {key} proposed {len(proposed)} plans to {wanted[row.region_id]} schools")
        if not dates[row.id]:
            done.lost.append(f"run {key} has no dates")
        question = (row.region_id, repr(sorted(row.options.items())))
        other, answer = first.setdefault(question, (key, proposed))
        if answer != proposed and row.stopped_by != "user":
            done.doubled.append(f"runs {other} and {key} answer the same question differently")


def _account_of_publications(
    connection: Any, names: dict[int, str], published: dict[tuple[str, str], set[int]], done: Account
) -> None:
    """See that numbers have no gaps, no plan is published twice in a row, and nothing promised is missing."""
    query = sa.select(publications, schools.c.key, schools.c.region_id).join(schools).order_by("school_id", "number")
    found: dict[tuple[str, str], list[Any]] = {}
    for row in connection.execute(query):
        found.setdefault((names[row.region_id], row.key), []).append(row)
        done.publications += 1
    for school, rows in found.items():
        if [row.number for row in rows] != list(range(1, len(rows) + 1)):
            done.lost.append(f"publications of {school} are numbered {[row.number for row in rows]}")
        for one, other in itertools.pairwise(rows):
            if one.school_plan_id == other.school_plan_id:
                done.doubled.append(f"publications {one.number} and {other.number} of {school} are of one plan")
    for school, numbers in published.items():
        missing = numbers - {row.number for row in found.get(school, [])}
        done.lost += [f"publication {number} of {school} was promised and is not there" for number in sorted(missing)]


def wait_until(condition: Any, seconds: float, what: str) -> None:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.1)
