"""The program as an operator runs it: `etale serve`, gunicorn or granian, in processes of their own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0
"""Seconds that something may take on a machine that has much else to do."""


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, **variables: str) -> dict[str, str]:
    """Give the surroundings of a service with a data folder; nothing of ours, and English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ETALE_")}
    given = {"ETALE_DATA": str(data), "ETALE_LANG": "en"} | {f"ETALE_{n.upper()}": v for n, v in variables.items()}
    return kept | {"PYTHONPATH": str(ROOT)} | given


def wait_for(holds: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.05)


def status_of(url: str) -> int | None:
    """Ask for an address and give the status; None where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of our own
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return None


@contextlib.contextmanager
def running(
    command: Sequence[str], data: Path, port: int, *, within_seconds: float = PATIENCE, **variables: str
) -> Iterator[subprocess.Popen[str]]:
    """Run a server until the block ends, from when it answers; what it said is in `data`/log."""
    log = data / "log"
    with log.open("w") as said:
        process = subprocess.Popen(
            command,
            cwd=data,
            env=environment(data, **variables),
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}/healthz"
        wait_for(lambda: process.poll() is not None or status_of(url) == 200, f"{url} answers", within_seconds)
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def serve_command(port: int, *options: str) -> list[str]:
    """Give the command line of `etale serve`."""
    return [sys.executable, "-m", "scheduler", "serve", "--port", str(port), *options]


def children_of(pid: int) -> list[int]:
    """Give the processes that a process started and that still run."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return sorted(int(child) for file in found for child in file.read_text().split())


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_of(pid: int) -> str:
    """Give the command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
