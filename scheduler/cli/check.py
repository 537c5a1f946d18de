"""``etale check``: recompute a plan folder and say what differs."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from scheduler.cli.arguments import folder
from scheduler.cli.status import CHECK_FAILED, DONE
from scheduler.wording import T

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("check", help=words("recompute a plan folder and say what differs"))
    parser.add_argument("region", type=folder, metavar="REGION", help=words("region folder"))
    parser.add_argument("plan", type=folder, metavar="PLAN", help=words("plan folder"))
    parser.add_argument(
        "--proof", action="store_true", help=words("verify the lower bound from the prices, by other means")
    )
    parser.set_defaults(command=run)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale check`` and give its exit status."""
    from scheduler.progress import ProgressLines
    from scheduler.service.check import check

    lines = ProgressLines(sys.stderr, say.language, time.monotonic, quiet=not options.proof)
    differences = check(options.region, options.plan, proof=options.proof, on_progress=lines.proof)
    for difference in differences:
        say.result(difference)
    if differences:
        count = len(differences)
        say.error(T("1 difference") if count == 1 else T("{count} differences", count=count))
        return CHECK_FAILED
    say.result(T("Every rule is kept and every figure agrees."))
    if options.proof:
        say.result(T("The prices prove the lower bound."))
    return DONE
