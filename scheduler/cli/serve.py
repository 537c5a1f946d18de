"""``etale serve``: pages, calendars and planning, on one machine."""

from __future__ import annotations

import multiprocessing
import os
import socket
from typing import TYPE_CHECKING, Any

from scheduler.cli import serve_demo
from scheduler.cli.arguments import whole
from scheduler.cli.kept_child import KeptChild, worker_command
from scheduler.cli.orphans import end_with_parent
from scheduler.cli.status import DONE, FAULTY
from scheduler.settings import read_settings
from scheduler.wording import T

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker
    from scheduler.settings import Settings
    from scheduler.wording import Text

THREADS = 16
"""Requests answered side by side: fewer than the store has connections, so that none waits for one."""

BACKLOG, AT_ONCE = 4096, 1024
"""Connections that wait in the kernel, and those that are taken at once: at 7:45 all calendars wake together."""

STOP_SECONDS = 8
"""How long requests that are being answered may take while the service stops."""


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("serve", help=words("serve the pages and calendars, and plan what they ask for"))
    parser.add_argument("--host", metavar="H", help=words("where to listen (default: ETALE_HOST, else 127.0.0.1)"))
    parser.add_argument(
        "--port", type=whole(1, 65535), metavar="N", help=words("where to listen (default: ETALE_PORT, else 8000)")
    )
    parser.add_argument(
        "--no-worker", action="store_true", help=words("do not plan here: “etale worker” runs somewhere else")
    )
    parser.add_argument(
        "--workers", type=whole(1, 4096), metavar="N", help=words("processes that plan (default: as many as serve)")
    )
    serve_demo.add(parser, words)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale serve`` until it is told to stop, and give its exit status."""
    from scheduler.cli.service import awaited_store
    from web.secret_key import secret_key

    # The processes that belong to this one read the same settings.
    given = {"ETALE_HOST": options.host, "ETALE_PORT": options.port, "ETALE_DEMO": 1 if options.demo else None}
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})
    with awaited_store(say) as opened:
        settings = opened.settings
        secret_key(settings)
        if (taken := trouble_at(settings.host, settings.port)) is not None:
            say.error(taken)
            return FAULTY
        if options.demo:
            serve_demo.set_up(opened, options, say)
    worker = None if options.no_worker else KeptChild(worker_command(options.workers), say)
    say.result(T("Étale is at {address}; Ctrl-C stops it", address=settings.address))
    if options.demo:
        serve_demo.tell_sign_ins(settings, say)
    try:
        if worker is not None:
            worker.start()
        server(settings).serve(target_loader=load_application, wrap_loader=False)
    finally:
        if worker is not None:
            worker.stop()
    return DONE


def server(settings: Settings) -> Any:
    """Make the HTTP server: one process with threads, which is started again if it dies."""
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    # A new program and not a copy of this one: no thread or connection of ours is in it.
    multiprocessing.set_start_method("spawn", force=True)
    return Server(
        "web",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=1,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        backpressure=AT_ONCE,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
        # Its lines go where those of the application go.
        log_dictconfig={
            "handlers": {},
            "loggers": {"_granian": {"propagate": True}, "granian.access": {"propagate": True}},
        },
    )


def load_application() -> Any:
    """Make the application, in the process that serves it."""
    from web import create_app

    end_with_parent()
    return create_app(read_settings(os.environ))


def trouble_at(host: str, port: int) -> Text | None:
    """Say why nobody can listen at an address; None where one can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do: connections that just ended are no hindrance.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return T(
            "Étale cannot listen at {host}, port {port} ({reason}); is it running already? "
            "Give another one with --host and --port",
            host=host,
            port=port,
            reason=error.strerror or type(error).__name__,
        )
    return None
