"""A process that belongs to another one and ends when that is gone."""

from __future__ import annotations

import os
import signal
import threading
import time

EVERY_SECONDS = 1.0


def end_with_parent() -> None:
    """Ask this process to stop (SIGTERM) once its parent is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(EVERY_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
