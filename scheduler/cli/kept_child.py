"""A child process that is started again when it ends."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.cli.speaker import Speaker

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before it is started again; twice as many each time it ends soon."""

LIVED_WELL = 60.0
"""A child that lived for so many seconds is started again after the first pause."""

STOP_SECONDS = 20.0
"""How long it may take to stop before it is killed."""


class KeptChild:
    """Keeps one child process alive until it is told to stop.

    Parameters
    ----------
    command : sequence of str
    say : Speaker
        Says when and how the child ended.
    first_pause : float
        Seconds.
    """

    def __init__(self, command: Sequence[str], say: Speaker, first_pause: float = FIRST_PAUSE):
        self._command, self._say, self._first = tuple(command), say, first_pause
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="kept child", daemon=True)

    def start(self) -> None:
        """Start the child."""
        self._keeper.start()

    def stop(self) -> None:
        """Ask the child to stop, and wait until it did; kill it where that takes too long."""
        with self._lock:
            self._stopped.set()
            process = self.process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._keeper.is_alive():
            self._keeper.join()

    def _keep(self) -> None:
        pause = self._first
        while not self._stopped.is_set():
            begun, ended = time.monotonic(), self._lived()
            if self._stopped.is_set():
                return
            if time.monotonic() - begun > LIVED_WELL:
                pause = self._first
            if isinstance(ended, OSError):
                reason = ended.strerror or type(ended).__name__
                words = T("the planning worker cannot be started ({reason})", reason=reason)
            else:
                words = T("the planning worker ended (status {status})", status=ended)
            self._say.note(T("{what}; it is started again in {seconds} s", what=words, seconds=f"{pause:g}"))
            self._stopped.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _lived(self) -> int | OSError:
        """Start the child, wait for its end, and give its status; or why it could not be started."""
        try:
            process = self._begin()
        except OSError as error:
            # For want of memory or processes, which may be there again later.
            return error
        return process.wait() if process else 0

    def _begin(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stopped.is_set():
                return None
            # In a session of its own: Ctrl-C in the terminal is for us, and we tell the child in good order.
            self.process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own program
            return self.process


def worker_command(workers: int | None) -> list[str]:
    """Give the command of a worker that ends with us."""
    named = [] if workers is None else ["--workers", str(workers)]
    return [sys.executable, "-m", "scheduler.cli.owned", "worker", *named]
