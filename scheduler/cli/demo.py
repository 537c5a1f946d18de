"""``etale demo``: write a realistic region folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.cli.arguments import date, folder, whole
from scheduler.cli.status import DONE
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("demo", help=words("write a realistic region folder"))
    parser.add_argument("--region", default="Grand Est", metavar="NAME", help=words("a French region, or France"))
    parser.add_argument(
        "--schools", type=whole(1, 1_000_000), metavar="N", help=words("as many schools (default: all)")
    )
    parser.add_argument("--out", type=folder, default=Path("demo"), metavar="FOLDER", help=words("folder to write"))
    parser.add_argument("--seed", type=whole(0, 2**63 - 1), default=0, metavar="N", help=words("another seed"))
    parser.add_argument(
        "--week", type=date, metavar="DATE", help=words("hold the same days in the week of this date, not in 2021")
    )
    parser.set_defaults(command=run)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale demo`` and give its exit status."""
    from scheduler.demo import write_demo_region

    done = write_demo_region(options.out, options.region, options.schools, options.seed, options.week)
    say.result(
        T(
            "{region} in {folder}: schools {schools}, divisions {divisions}, sessions a week {sessions}",
            region=done.name,
            schools=number_in_words(done.schools, say.language),
            divisions=number_in_words(done.divisions, say.language),
            sessions=number_in_words(done.sessions, say.language),
            folder=options.out,
        )
    )
    return DONE
