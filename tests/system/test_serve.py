"""`etale serve` and other servers, for real: they answer, bear deaths, and stop cleanly."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import kept_schools
import pytest
import stores
from served import (
    PATIENCE,
    children_of,
    command_of,
    environment,
    free_port,
    is_running,
    running,
    serve_command,
    status_of,
    wait_for,
)

SOLVERS = ("ortools", "numba", "llvmlite", "pandas")


def web_process(serve: int) -> int:
    """Find the process that answers requests."""
    return max(child for child in children_of(serve) if "spawn_main" in command_of(child))


def test_serving_bears_a_death_loads_no_solver_and_stops_cleanly(tmp_path: Path) -> None:
    port = free_port()
    with running(serve_command(port, "--no-worker"), tmp_path, port) as serve:
        base = f"http://127.0.0.1:{port}"
        assert status_of(f"{base}/readyz") == 200  # it made the tables itself
        for path in ("/", "/metrics", "/api/v1/openapi.json"):
            assert status_of(base + path) == 200
        assert status_of(f"{base}/feeds/{'x' * 43}.ics") == 404
        first = web_process(serve.pid)
        loaded = Path(f"/proc/{first}/maps").read_text()
        assert "granian" in loaded
        assert [solver for solver in SOLVERS if f"/{solver}" in loaded] == []

        os.kill(first, signal.SIGKILL)
        wait_for(lambda: not is_running(first), "the web process is dead")
        wait_for(lambda: status_of(f"{base}/healthz") == 200, "another one answers")

        family = children_of(serve.pid)
        serve.terminate()
        assert serve.wait(PATIENCE) == 0
        wait_for(lambda: not any(map(is_running, family)), "no process is left")
    assert (tmp_path / "etale.db").stat().st_size > 0
    assert f"Étale is at http://localhost:{port}" in (tmp_path / "log").read_text()


def test_killed_outright_it_leaves_no_process_behind(tmp_path: Path) -> None:
    port = free_port()
    with running(serve_command(port, "--no-worker"), tmp_path, port) as serve:
        family = children_of(serve.pid)
        assert family
        serve.kill()
        wait_for(lambda: not any(map(is_running, family)), "its processes end with it")
        wait_for(lambda: status_of(f"http://127.0.0.1:{port}/healthz") is None, "nobody answers")


def refused(tmp_path: Path, *options: str, **variables: str) -> str:
    """Run `etale serve` where it cannot, and give what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "scheduler", "serve", "--no-worker", *options],
        env=environment(tmp_path, **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert f"cannot listen at 127.0.0.1, port {port}" in refused(tmp_path, "--port", port)


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    assert "cannot listen at 192.0.2.1" in refused(tmp_path, "--host", "192.0.2.1")


@pytest.mark.skipif(stores.server() is None, reason=stores.NO_SERVER)
def test_a_server_without_tables_asks_for_them(tmp_path: Path) -> None:
    with stores.empty_database() as address:
        assert "run “etale db upgrade”" in refused(tmp_path, database=address)


def test_a_service_that_begins_before_its_database_waits_for_it(tmp_path: Path) -> None:
    """A machine that starts has no order in which its services are ready."""
    command = [sys.executable, "-m", "scheduler", "serve", "--no-worker"]
    away = environment(tmp_path, database="postgresql://nobody@127.0.0.1:1/nothing")
    with subprocess.Popen(command, env=away, stderr=subprocess.PIPE, text=True) as service:
        assert service.stderr is not None
        said = [service.stderr.readline() for _ in range(2)]
        service.terminate()
    assert all("the database does not answer" in line and "Trying again in" in line for line in said)


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "-m", "gunicorn", "wsgi:app", "--threads", "2", "--bind"],
        [sys.executable, "-m", "granian", "--interface", "wsgi", "wsgi:app", "--host", "127.0.0.1", "--port"],
    ],
    ids=["gunicorn", "granian"],
)
def test_other_servers_find_the_application(command: list[str], tmp_path: Path) -> None:
    pytest.importorskip(command[2])
    port = free_port()
    target = f"127.0.0.1:{port}" if "gunicorn" in command else str(port)
    where = "--chdir" if "gunicorn" in command else "--working-dir"
    command = [*command, target, where, str(Path(__file__).parents[2])]
    with running(command, tmp_path, port):
        base = f"http://127.0.0.1:{port}"
        assert status_of(f"{base}/readyz") == 503  # nobody made tables
        asked = urllib.request.Request(f"{base}/", headers={"Accept-Language": "en"})  # noqa: S310 - our own address
        with urllib.request.urlopen(asked, timeout=PATIENCE) as page:  # noqa: S310
            assert '<html lang="en">' in page.read().decode()


def test_importing_does_no_work(tmp_path: Path) -> None:
    """Neither the package nor wsgi.py reads settings, opens a database or makes a key before a server asks."""
    code = "import sys, web, wsgi; assert not any(n.startswith(('numba', 'ortools', 'pandas')) for n in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path / "data", port="no number"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_a_run_that_was_asked_for_is_planned_though_its_worker_is_killed(tmp_path: Path) -> None:
    """The whole road: a region, a person, a run started by a program, a death, the verdict."""
    port = free_port()
    token = prepared(tmp_path)
    runs = f"http://127.0.0.1:{port}/api/v1/regions/little/runs"
    with running(serve_command(port, "--workers", "1"), tmp_path, port, lease_seconds="2") as serve:
        assert asked(runs, token, {"gap": 0.05})["state"] == "queued"
        wait_for(lambda: asked(f"{runs}/1", token)["state"] != "queued", "a worker took the run", seconds=120)
        worker = next(child for child in children_of(serve.pid) if "worker" in command_of(child))
        os.killpg(worker, signal.SIGKILL)
        wait_for(lambda: asked(f"{runs}/1", token)["state"] == "done", "another one planned it", seconds=120)
        assert asked(f"{runs}/1", token)["report"]["status"] == "within_limits"
        family = children_of(serve.pid)
        assert any("worker" in command_of(child) for child in family)
        serve.terminate()
        assert serve.wait(PATIENCE) == 0
        wait_for(lambda: not any(map(is_running, family)), "no process is left")
    said = (tmp_path / "log").read_text()
    assert "the planning worker ended (status -9); it is started again in 1 s" in said
    assert token not in said


def prepared(data: Path) -> str:
    """Bring a region and somebody of it into the database of a service; give the secret of their sign-in."""
    from households import newcomer

    from scheduler.store import open_store, schema

    store = open_store(f"sqlite:///{data / 'etale.db'}")
    schema.upgrade(store)
    kept_schools.keep_region(store, data)
    token = newcomer(store, "region@example.org", "region", kept_schools.REGION)
    store.dispose()
    return token


def asked(url: str, token: str, body: object = None) -> dict[str, Any]:
    """Ask the service for programs."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=PATIENCE) as answer:  # noqa: S310 - our own address
        told: dict[str, Any] = json.load(answer)
        return told
