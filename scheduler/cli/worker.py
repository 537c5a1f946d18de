"""``etale worker``: plan the runs that wait in the store."""

from __future__ import annotations

import os
import socket
import time
from typing import TYPE_CHECKING

from scheduler.cli.arguments import whole
from scheduler.cli.interrupt import InterruptAsks
from scheduler.cli.status import DONE
from scheduler.wording import T

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker
    from scheduler.wording import Text


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("worker", help=words("plan the runs that wait in the database"))
    parser.add_argument("--once", action="store_true", help=words("end when no run waits any more"))
    parser.add_argument("--workers", type=whole(1, 4096), metavar="N", help=words("processes at most"))
    parser.set_defaults(command=run)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale worker`` and give its exit status."""
    from scheduler.cli.service import awaited_store
    from scheduler.execution import Stop
    from scheduler.runs.taskmaster import Taskmaster
    from scheduler.runs.worker import Worker
    from scheduler.service.letters import Post
    from scheduler.service.planning import Means

    with awaited_store(say) as opened:
        worker = Worker(
            store=opened.store,
            name=f"{socket.gethostname()}:{os.getpid()}",
            lease_seconds=opened.settings.lease_seconds,
            tell=say.note,
            means=Means(options.workers or opened.settings.workers),
        )

        def ending() -> Text:
            if worker.at_work:
                return T("Ending; the run at work is given back, and another worker goes on with it.")
            return T("Ending; no run is at work.")

        post = Post(opened.settings.mail, opened.settings.address)
        tasks = Taskmaster(opened.store, worker.name, worker.lease_seconds, say.note, worker.ending, post)
        with InterruptAsks(Stop(time.monotonic, asked=worker.ending), say, ending), tasks:
            worker.work(once=options.once)
            if options.once:
                tasks.do_all_due()
    return DONE
