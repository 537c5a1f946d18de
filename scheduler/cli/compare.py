"""``etale compare``: put policies side by side."""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING

from scheduler import translation
from scheduler.cli.arguments import file, folder, whole
from scheduler.cli.interrupt import InterruptAsks
from scheduler.cli.planning_options import add_aim
from scheduler.cli.speaker import tell_warnings
from scheduler.cli.status import DONE
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "compare", help=words("put policies side by side: the usual timetable, what was done by hand, and a plan")
    )
    parser.add_argument("region", type=folder, metavar="REGION", help=words("region folder"))
    parser.add_argument(
        "--policy",
        type=_policy,
        nargs="+",
        action="extend",
        metavar="NAME",
        help=words("usual, jitter, rota, parents, bells, greedy, ours (default: all of them)"),
    )
    parser.add_argument("--out", type=file, metavar="FILE.html", help=words("write a page with curves"))
    parser.add_argument("--csv", type=file, metavar="FILE", help=words("write the figures, one row a policy"))
    parser.add_argument("--json", type=file, metavar="FILE", help=words("write figures and loads for programs"))
    add_aim(parser, words)
    parser.add_argument("--workers", type=whole(1, 4096), metavar="N", help=words("processes at most"))
    parser.add_argument(
        "--jitter-minutes",
        type=whole(1, 120),
        default=10,
        metavar="N",
        help=words("jitter lets people in within N minutes (10)"),
    )
    parser.add_argument("--quiet", action="store_true", help=words("no progress"))
    parser.set_defaults(command=run)


def _policy(text: str) -> str:
    """Read the name of a policy."""
    from scheduler.domain.comparison import POLICIES

    if text not in POLICIES:
        unknown = T("no policy is called “{name}”; known: {names}", name=text, names=", ".join(POLICIES))
        raise argparse.ArgumentTypeError(unknown.in_language(translation.language_of(os.environ)))
    return text


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale compare`` and give its exit status."""
    from scheduler.domain.comparison import POLICIES
    from scheduler.execution import Stop
    from scheduler.files.comparison_table import comparison_table
    from scheduler.progress import ProgressLines
    from scheduler.service.compare import CompareOptions, compare

    stop = Stop(time.monotonic)
    lines = ProgressLines(sys.stderr, say.language, time.monotonic, quiet=options.quiet)
    stopping = T("Stopping; the best plan so far is compared. Ctrl-C again ends at once.")
    with InterruptAsks(stop, say, lambda: stopping):
        done = compare(
            CompareOptions(
                region=options.region,
                policies=tuple(options.policy or POLICIES),
                page=options.out,
                csv=options.csv,
                json=options.json,
                gap=options.gap,
                time_limit=options.time_limit,
                workers=options.workers,
                seed=options.seed,
                jitter_minutes=options.jitter_minutes,
                language=say.language,
            ),
            stop,
            lines.step,
        )
    lines.finish()
    tell_warnings(done.warnings, say)
    print(comparison_table(done.region, done.standings, options.jitter_minutes, say.language), end="")
    if options.out is not None:
        print()
        say.result(T("Page: {page}", page=options.out))
    return DONE
