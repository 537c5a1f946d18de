"""``etale restore``: put what a backup holds into the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.cli.status import DONE
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("restore", help=words("put what a backup holds into the database, of either kind"))
    parser.add_argument("file", type=Path, metavar="FILE", help=words("file that “etale backup” wrote"))
    parser.add_argument("--replace", action="store_true", help=words("lose what the database holds now"))
    parser.set_defaults(command=run)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale restore`` and give its exit status."""
    from scheduler.cli.service import opened_database
    from scheduler.service.backups import restore

    with opened_database() as opened:
        done = restore(opened.store, opened.actor, options.file, replace=options.replace)
        address = opened.store.place
    rows = number_in_words(sum(done.rows.values()), say.language)
    say.result(T("{address}: {rows} rows restored from {file}", address=address, rows=rows, file=options.file))
    say.note(T("Everybody signs in again; plans that were being made are made again by the next worker."))
    say.note(
        T("What was withdrawn after the backup was taken is valid again: addresses of calendars, roles, accounts.")
    )
    return DONE
