"""``etale backup``: write everything into one file while the service runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.cli.status import CHECK_FAILED, DONE
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("backup", help=words("write everything into one file while the service runs"))
    parser.add_argument("file", type=Path, metavar="FILE", help=words("file to write; a former one is replaced"))
    parser.set_defaults(command=run)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale backup``; its exit status is 1 where the audit log does not hold."""
    from scheduler.cli.service import opened_database
    from scheduler.service.backups import take_backup

    with opened_database() as opened:
        backup = take_backup(opened.store, opened.actor, options.file)
    say.result(
        T(
            "{file}: {rows} rows, {size} MiB; written, read again and compared",
            file=backup.file,
            rows=number_in_words(sum(backup.rows.values()), say.language),
            size=number_in_words(round(backup.size / 2**20, 1), say.language),
        )
    )
    for finding in backup.findings:
        say.error(finding)
    return CHECK_FAILED if backup.findings else DONE
