"""``etale stagger``: plan a region folder."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from scheduler.cli.arguments import folder, number, whole
from scheduler.cli.interrupt import InterruptAsks
from scheduler.cli.planning_options import add_aim, add_kind
from scheduler.cli.speaker import TOLD_WARNINGS, tell_warnings
from scheduler.cli.status import DONE
from scheduler.wording import T

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("stagger", help=words("plan a region folder"))
    parser.add_argument("region", type=folder, metavar="REGION", help=words("region folder"))
    parser.add_argument("--out", type=folder, required=True, metavar="PLAN", help=words("plan folder to write"))
    add_aim(parser, words)
    parser.add_argument("--workers", type=whole(1, 4096), metavar="N", help=words("processes at most"))
    parser.add_argument("--dask", metavar="ADDRESS", help=words("let the workers of a Dask cluster plan"))
    parser.add_argument(
        "--memory", type=number(1, 1e9), metavar="MIB", help=words("hold no more than so much memory, in MiB")
    )
    add_kind(parser, words)
    parser.add_argument(
        "--start-from", type=folder, metavar="PLAN", help=words("begin with a former plan: sooner done, as good")
    )
    parser.add_argument(
        "--stay-close-to",
        type=folder,
        metavar="PLAN",
        help=words("change as little as possible of a former plan, instead of the usual timetable"),
    )
    parser.add_argument("--feeds", action="store_true", help=words("write calendar files too"))
    parser.add_argument("--quiet", action="store_true", help=words("no progress"))
    parser.set_defaults(command=run)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale stagger`` and give its exit status."""
    from scheduler.execution import Stop
    from scheduler.files.terminal_summary import terminal_summary
    from scheduler.progress import ProgressLines
    from scheduler.service.planning import Means
    from scheduler.service.stagger import StaggerOptions, stagger

    deadline = None if options.time_limit is None else time.monotonic() + options.time_limit
    stop = Stop(time.monotonic, deadline)
    lines = ProgressLines(sys.stderr, say.language, time.monotonic, quiet=options.quiet)
    stopping = T("Stopping; the best plan so far is written. Ctrl-C again ends at once, without a plan.")
    with InterruptAsks(stop, say, lambda: stopping):
        done = stagger(
            StaggerOptions(
                region=options.region,
                out=options.out,
                gap=options.gap,
                means=Means(options.workers, options.dask, options.memory),
                seed=options.seed,
                objective=options.objective,
                reorder=options.reorder,
                start_from=options.start_from,
                stay_close_to=options.stay_close_to,
                feeds=options.feeds,
                language=say.language,
            ),
            stop,
            lines.step,
        )
    lines.finish()
    tell_warnings(done.outcome.warnings, say)
    if len(done.outcome.warnings) > TOLD_WARNINGS:
        say.note(T("All warnings are in report.json: {count}", count=len(done.outcome.warnings)))
    conditions = done.conditions
    summary = terminal_summary(
        done.region,
        done.outcome,
        done.figures,
        conditions.seconds,
        say.language,
        conditions.order_kept,
        explanation=done.explanation,
    )
    print(summary)
    say.result(T("Plan: {folder}", folder=options.out))
    say.result(T("Page: {page}", page=options.out / "index.html"))
    return DONE
