"""Kill workers, web and database at random moments while people plan and publish, and draw up the account.

::

    python tests/system/kill_everything.py --kills 200 --on both

prints, for each database, how often each process was killed (SIGKILL, at moments that a seed chooses), how the runs
ended, how many plans and publications came of them, and what is lost or doubled: both must be 0. On SQLite the database
has no process of its own; it is killed with whoever writes to it.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path[:0] = [str(Path(__file__).parents[1] / "support"), str(Path(__file__).parents[2])]

import own_postgres
from agreement import agreement
from region_files import small_region
from under_fire import ACTOR, Account, Member, account, wait_until

from scheduler.service.people import invite
from scheduler.service.region_import import import_region
from scheduler.service.sign_in import take_up
from scheduler.store import Store, open_store, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REGIONS = ("alsace", "lorraine", "champagne")
SCHOOLS = ("0670001A", "0670002B")
WORKERS = 2
PAUSES = (0.4, 2.4)
"""Shortest and longest pause between two kills, in seconds: a worker needs some two to begin."""
LEASE_SECONDS = 2
QUIET_SECONDS = 180


class World:
    """The service with its people.

    Parameters
    ----------
    folder : Path
        For the database, logs and regions.
    address : str
        Of the database, which is empty.
    cluster : OwnPostgres or None
        To be killed too.
    """

    def __init__(self, folder: Path, address: str, cluster: Any = None):
        self.store: Store = open_store(address)
        self.cluster, self.database_kills = cluster, 0
        schema.upgrade(self.store)
        for region in REGIONS:
            import_region(self.store, ACTOR, _region_folder(folder / region, region), region)
        link = invite(self.store, ACTOR, "under@fire.example", "operator")
        self._token = take_up(self.store, link.token, "a password for one evening")
        self._port = _free_port()
        settings = {
            "ETALE_DATABASE": address,
            "ETALE_DATA": str(folder / "data"),
            "ETALE_LEASE_SECONDS": str(LEASE_SECONDS),
        }
        serve = ["scheduler", "serve", "--no-worker", "--port", str(self._port)]
        self.web = Member("web", serve, settings, folder / "web.log")
        worker = ["scheduler", "worker", "--workers", "1"]
        self.workers = [
            Member(f"worker {number}", worker, settings, folder / f"worker-{number}.log") for number in range(WORKERS)
        ]
        self.asked: set[tuple[str, int]] = set()
        self.published: dict[tuple[str, str], set[int]] = {}
        self.asking, self.quiet = threading.Event(), threading.Event()

    # People

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call the API; None where nobody answers or the answer is a refusal."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            line.request(
                "GET" if body is None else "POST", "/api/v1" + path, None if body is None else json.dumps(body), headers
            )
            answer = line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        return json.loads(content) if answer.status < 300 else None

    def ask_for_runs(self) -> None:
        """Ask for one run of each region after the other, as long as people ask."""
        while self.asking.is_set():
            for region in REGIONS:
                run = self.call(f"/regions/{region}/runs", {})
                if run is not None:
                    self.asked.add((region, run["number"]))
            time.sleep(0.3)

    def publish(self) -> None:
        """Accept and publish what is proposed, until all is quiet."""
        while not self.quiet.is_set():
            for region in REGIONS:
                for school in SCHOOLS:
                    self._publish(f"/regions/{region}/schools/{school}", (region, school))
            time.sleep(0.2)

    def _publish(self, place: str, school: tuple[str, str]) -> None:
        plans = (self.call(f"{place}/plans") or {"plans": []})["plans"]
        if not plans or plans[0]["state"] not in ("proposed", "accepted"):
            return
        if plans[0]["state"] == "proposed" and self.call(f"{place}/plans/{plans[0]['id']}/accept", {}) is None:
            return
        publication = self.call(f"{place}/publications", {"plan": plans[0]["id"]})
        if publication is not None:
            self.published.setdefault(school, set()).add(publication["number"])

    # Fire

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Have all processes run, and people ask."""
        people = [threading.Thread(target=do, daemon=True) for do in (self.ask_for_runs, self.publish)]
        self.asking.set()
        try:
            for member in (self.web, *self.workers):
                member.start()
            for person in people:
                person.start()
            yield
        finally:
            self.asking.clear()
            self.quiet.set()
            for person in people:
                person.join(60)
            for member in (self.web, *self.workers):
                member.end()
            self.store.dispose()

    def kill_one(self, draw: random.Random) -> str:
        """Kill somebody, and start it again a little later; give who it was."""
        names = [*self.workers, self.web, *([self.cluster] if self.cluster is not None else [])]
        victim = draw.choices(names, [3] * WORKERS + [3] + [2] * (self.cluster is not None))[0]
        victim.kill()
        time.sleep(draw.uniform(0.0, 0.4))
        victim.start()
        if victim is self.cluster:
            self.database_kills += 1
            return "database"
        return str(victim.name)

    def settle(self) -> None:
        """Ask for nothing more, and wait until every run has ended and what they proposed is published."""
        self.asking.clear()
        wait_until(lambda: not self._active(), QUIET_SECONDS, "runs do not end")
        time.sleep(2)  # two rounds of whoever publishes
        self.quiet.set()
        for member in (self.web, *self.workers):
            assert member.is_running(), f"{member.name} ended by itself; see its log"

    def _active(self) -> bool:
        found = [self.call(f"/regions/{region}/runs") for region in REGIONS]
        return any(page is None or any(run["state"] in ("queued", "running") for run in page["runs"]) for page in found)


def _region_folder(folder: Path, name: str) -> Path:
    """Write a small region whose limits are scarce, so that its plans have something to do."""
    files = small_region()
    files["region.toml"] = files["region.toml"].replace("Little Region", name.title())
    files["capacity.csv"] = files["capacity.csv"].replace("base,400", "base,60").replace("base,300", "base,50")
    folder.mkdir(parents=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def under_fire(folder: Path, kills: int, seed: int, address: str, cluster: Any, tell: Callable[[str], None]) -> Account:
    """Kill so many times, let all settle, and draw up the account."""
    world, draw = World(folder, address, cluster), random.Random(seed)  # noqa: S311 - moments, no secrets
    victims: Counter[str] = Counter()
    begun = time.monotonic()
    with world.running():
        while sum(victims.values()) < kills:
            time.sleep(draw.uniform(*PAUSES))
            victims[world.kill_one(draw)] += 1
            if sum(victims.values()) % 25 == 0:
                tell(f"  {sum(victims.values())} kills, {len(world.asked)} runs asked for")
        world.settle()
        done = account(world.store, world.asked, world.published)
        done.lost += agreement(world.store)
    told = ", ".join(f"{name} {count}" for name, count in sorted(victims.items()))
    tell(f"  kills: {sum(victims.values())} ({told}) in {time.monotonic() - begun:.0f} s")
    tell(f"  runs: {sum(done.runs.values())} ({', '.join(f'{s} {c}' for s, c in sorted(done.runs.items()))})")
    tell(f"  results: {done.results} school plans, {done.publications} publications")
    tell(f"  lost: {len(done.lost)}, doubled: {len(done.doubled)}")
    for line in (*done.lost, *done.doubled):
        tell(f"    {line}")
    return done


def on_sqlite(folder: Path, kills: int, seed: int, tell: Callable[[str], None]) -> Account:
    """Do it on SQLite."""
    return under_fire(folder, kills, seed, f"sqlite:///{folder / 'etale.db'}", None, tell)


def on_postgresql(folder: Path, kills: int, seed: int, tell: Callable[[str], None]) -> Account:
    """Do it on a PostgreSQL cluster of its own."""
    with own_postgres.own_postgres() as cluster:
        return under_fire(folder, kills, seed, cluster.address, cluster, tell)


PLACES = {"sqlite": on_sqlite, "postgresql": on_postgresql}


def main() -> int:
    """Run the script; 1 where anything is lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--on", choices=[*PLACES, "both"], default="both")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--logs", type=Path, help="keep logs and databases in this folder")
    options = parser.parse_args()
    bad = 0
    for name, place in PLACES.items():
        if options.on not in (name, "both"):
            continue
        if name == "postgresql" and own_postgres.programs() is None:
            print(f"{name}: skipped, {own_postgres.NO_PROGRAMS}")
            continue
        print(f"{name}:", flush=True)
        with contextlib.ExitStack() as stack:
            folder = options.logs / name if options.logs else Path(stack.enter_context(tempfile.TemporaryDirectory()))
            folder.mkdir(parents=True, exist_ok=True)
            done = place(folder, options.kills, options.seed, lambda line: print(line, flush=True))
        bad += len(done.lost) + len(done.doubled)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
