"""Where work runs changes no byte of a plan: here, on a pool, on a cluster, where workers die. A stop leaves a plan."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import time
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from builders import region_of, session
from solving import never, quiet, solve_here
from written import contents

from scheduler import cli
from scheduler.demo import write_demo_region
from scheduler.domain.audit import audit
from scheduler.domain.load import figures
from scheduler.domain.plan import joined, usual_plan
from scheduler.domain.problem import Problem, build_problem, place_plan, usual_day
from scheduler.execution import Stop, make_executor
from scheduler.optimizer.network import build_network
from scheduler.optimizer.params import NeighbourhoodParams, Scope, SearchParams, ShardParams, SolveParams
from scheduler.optimizer.parts import cut
from scheduler.optimizer.pricing import objective
from scheduler.optimizer.shifts import build_oracle
from scheduler.optimizer.solve import solve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scheduler.domain.region import Region
    from scheduler.execution.crew import Crew
    from scheduler.optimizer.solve import Result
    from scheduler.optimizer.work import Progress

QUICK = SolveParams(
    gap=0.0005,
    search=SearchParams(rounds=2, stretches=3, fewest_moves=100, moves_per_node=10),
    neighbourhoods=NeighbourhoodParams(rounds=2, scopes=(Scope(10, 1.0, 0.02),)),
)
"""Too little work to find the best plan, so that what is found hangs on the seed."""
ENDLESS = SolveParams(
    gap=0.0,
    search=SearchParams(rounds=1000, fewest_moves=10**9, most_moves_per_node=10_000, stretches=1000),
    neighbourhoods=NeighbourhoodParams(rounds=0),
)
"""Work for hours, where the bound is below every plan."""

SHARDS = {"3 shards": 9, "2 shards of 2 teams": 13, "4 teams": 1000}
"""Activities a shard, for dates of 27 activities in 7 components."""
every_cut = pytest.mark.parametrize("activities", SHARDS.values(), ids=SHARDS)
PLACES = ["2 workers", "dask"]


def region() -> Region:
    """Give dates of three schools: heads that do not fit together, teachers who make cycles of distances."""
    rows = [
        session(
            f"s{at}-{day}",
            school="ABC"[at % 3],
            day=day,
            start=("08:00", "09:05", "10:10")[at // 9],
            minutes=60,
            groups=f"6{'ABC'[at // 3 % 3]}",
            teachers=f"T{(at // 3 + at // 9) % 3}" if at % 3 == 0 else "",
            heads=20 + 7 * at % 23,
        )
        for at in range(27)
        for day in ("MO", "TU")
    ]
    return region_of(rows, days=2, capacity=190)


@pytest.fixture(scope="module")
def problems() -> list[Problem]:
    return both_dates()


@cache
def both_dates() -> list[Problem]:
    return [build_problem(region(), day) for day in range(2)]


@cache
def said_here(params: SolveParams) -> list[tuple[object, ...]]:
    """Solve both dates in this process."""
    return said(solve_here(params, *both_dates()))


@pytest.fixture(scope="module", params=PLACES)
def executor(request: pytest.FixtureRequest) -> Iterator[Crew]:
    """Make an executor of a kind with seats elsewhere."""
    with place(request.param, request) as crew:
        yield crew


def place(kind: str, request: pytest.FixtureRequest, stop: Stop | None = None) -> Crew:
    stop = stop or never()
    if kind == "dask":
        return make_executor(None, request.getfixturevalue("cluster").scheduler_address, stop)
    return make_executor(int(kind.split()[0]), None, stop)


def cut_small(params: SolveParams, activities: int) -> SolveParams:
    return replace(params, shards=ShardParams(activities=activities))


def said(result: Result) -> list[tuple[object, ...]]:
    """Give everything that a result says, to the byte."""
    return [
        (
            *(day.day, day.objective, day.bound, day.stopped_by),
            *(day.plan.shift.tobytes(), day.plan.alternative.tobytes(), day.price.tobytes()),
        )
        for day in result.days
    ] + [(result.stopped_by, result.level, result.level_bound)]


def test_the_dates_are_what_these_tests_need(problems: list[Problem]):
    """Several shards and teams, and components with cycles, in each date; and no two dates that are alike."""
    for problem in problems:
        counts = [len(cut(problem, ShardParams(activities=activities))) for activities in SHARDS.values()]
        assert counts == [3, 2, 1]
        assert len(build_oracle(build_network(problem)).cuts.flows) > 0
    assert len({problem.row.tobytes() for problem in problems}) == 2


# The same bytes everywhere


@every_cut
def test_every_place_gives_the_same_bytes_as_this_process(executor: Crew, problems: list[Problem], activities: int):
    params = cut_small(QUICK, activities)
    assert said(solve(problems, params, executor, quiet)) == said_here(params)


def test_every_place_finds_the_same_level(executor: Crew, problems: list[Problem]):
    params = replace(cut_small(QUICK, SHARDS["2 shards of 2 teams"]), objective="level")
    assert said(solve(problems, params, executor, quiet)) == said_here(params)


@every_cut
def test_a_date_of_its_own_gives_the_same_bytes_too(executor: Crew, problems: list[Problem], activities: int):
    """Its shards are spread, where those of several dates may have lain together."""
    params = cut_small(QUICK, activities)
    assert said(solve(problems[:1], params, executor, quiet)) == said(solve_here(params, problems[0]))


def test_another_seed_is_another_search():
    """Else the tests above would prove little: the seed is what the plans hang on."""
    params = cut_small(QUICK, 9)
    assert len({repr(said_here(replace(params, seed=seed))) for seed in range(4)}) > 1


@every_cut
@pytest.mark.parametrize("kind", ["2 workers", "dask"])
def test_a_worker_killed_in_mid_run_changes_no_byte(
    kind: str, request: pytest.FixtureRequest, problems: list[Problem], activities: int
):
    """One dies while prices are found, and one while plans are improved."""
    params = cut_small(QUICK, activities)
    before = set(multiprocessing.active_children())
    killed: dict[str, int] = {}

    def kill_one(progress: Progress) -> None:
        if progress.stage in ("prices", "improving") and progress.stage not in killed:
            if kind == "dask":
                pids = [nanny.pid for nanny in request.getfixturevalue("cluster").workers.values()]
            else:
                pids = [child.pid for child in set(multiprocessing.active_children()) - before]
            pid = next(pid for pid in pids if pid is not None and pid not in killed.values())
            killed[progress.stage] = pid
            os.kill(pid, signal.SIGKILL)

    with place(kind, request) as executor:
        assert said(solve(problems, params, executor, kill_one)) == said_here(params)
    assert set(killed) == {"prices", "improving"}


@every_cut
def test_a_lean_run_gives_the_same_bytes(activities: int):
    """Networks of arcs built again for each pass cut the same way."""
    params = cut_small(QUICK, activities)
    lean = replace(params, shards=replace(params.shards, keep_networks=False))
    assert said_here(lean) == said_here(params)


# Stopping in the middle


def assert_valid(result: Result, problems: list[Problem]) -> None:
    """Check that what is left is a plan: the audit finds nothing; it costs what is said and no less than its bound."""
    whole = region()
    days = zip(problems, result.days, strict=True)
    plan = joined([place_plan(problem, whole.activities, day.plan) for problem, day in days])
    assert audit(whole, plan) == []
    for day, figure in zip(result.days, figures(whole, plan, usual_plan(whole)), strict=True):
        assert figure.cost.objective == pytest.approx(day.objective)
        assert 0 <= day.bound <= day.objective


class Clock:
    """Stands still until it is told that time is over."""

    over = False

    def __call__(self) -> float:
        return 1000.0 if self.over else 0.0


@every_cut
@pytest.mark.parametrize("kind", ["1 worker", "2 workers"])
@pytest.mark.parametrize("why", ["time", "user"])
def test_stopped_in_mid_search_the_best_plan_so_far_is_kept(
    kind: str, why: str, activities: int, request: pytest.FixtureRequest, problems: list[Problem]
):
    clock = Clock()
    stop = Stop(clock, deadline=500.0)

    def end(progress: Progress) -> None:
        if progress.stage == "improving":
            clock.over = why == "time"
            if why == "user":
                stop.asked.set()

    with place(kind, request, stop) as executor:
        result = solve(problems, cut_small(ENDLESS, activities), executor, end)
    assert result.stopped_by == why
    assert_valid(result, problems)
    better = [
        day.objective < objective(problem, usual_day(problem))
        for problem, day in zip(problems, result.days, strict=True)
    ]
    assert any(better), "the date that was being improved has been rounded"
    assert any(day.bound > 0 for day in result.days)


@pytest.mark.parametrize("stage", ["preparing", "prices", "level"])
def test_stopped_before_there_is_a_mixture_there_is_a_plan(stage: str, problems: list[Problem]):
    stop = never()

    def end(progress: Progress) -> None:
        if progress.stage == stage:
            stop.asked.set()

    params = replace(cut_small(ENDLESS, 9), objective="level" if stage == "level" else "cost")
    result = solve(problems, params, make_executor(1, None, stop), end)
    assert result.stopped_by == "user"
    assert_valid(result, problems)


def test_a_deadline_that_has_passed_leaves_the_usual_timetable(problems: list[Problem]):
    stop = Stop(lambda: 10.0, deadline=10.0)
    result = solve(problems, cut_small(ENDLESS, 9), make_executor(1, None, stop), quiet)
    assert result.stopped_by == "time"
    assert not any(day.plan.shift.any() for day in result.days)
    assert_valid(result, problems)


def test_a_real_clock_ends_endless_work(problems: list[Problem]):
    """However much work a stretch is: the search looks at the clock between stretches."""
    begun = time.monotonic()
    stop = Stop(time.monotonic, begun + 1.0)
    params = cut_small(replace(ENDLESS, search=SearchParams(rounds=1000, stretches=1000)), 9)
    result = solve(problems, params, make_executor(1, None, stop), quiet)
    assert result.stopped_by == "time"
    assert_valid(result, problems)


# The whole command


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a region of two schools and two dates."""
    folder = tmp_path_factory.mktemp("demo") / "region"
    write_demo_region(folder, "Grand Est", 2)
    toml = folder / "region.toml"
    text, found = re.subn("(?m)^last_date = .*", "last_date = 2021-04-07", toml.read_text(encoding="utf-8"))
    assert found == 1
    toml.write_text(text, encoding="utf-8")
    return folder


def test_a_command_writes_the_same_plan_wherever_it_runs(demo: Path, tmp_path: Path, cluster: Any):
    ways = {"one": ["--workers", "1"], "two": ["--workers", "2"], "dask": ["--dask", cluster.scheduler_address]}
    written: dict[str, dict[str, bytes]] = {}
    for name, way in ways.items():
        plan = tmp_path / name
        assert cli.main(["stagger", str(demo), "--out", str(plan), "--gap", "0.1", "--feeds", "--quiet", *way]) == 0
        files = contents(plan)
        written[name] = {file: data for file, data in files.items() if file.endswith((".csv", ".ics"))}
    assert {"plan.csv", "load.csv"} < set(written["one"])
    assert written["two"] == written["one"]
    assert written["dask"] == written["one"]
    assert cli.main(["check", str(demo), str(tmp_path / "dask"), "--proof"]) == 0


def test_too_little_memory_is_refused_with_a_remedy(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("ETALE_LANG", "en")
    plan = tmp_path / "plan"
    assert cli.main(["stagger", str(demo), "--out", str(plan), "--memory", "1"]) == 2
    told = capsys.readouterr().err
    assert "--memory 1 is not enough for this region" in told
    assert re.search(r"allow at least about \d+ MiB, or plan fewer dates or schools at a time", told)
    assert not plan.exists()
