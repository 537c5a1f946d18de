"""``etale audit``: read the audit log, and verify that nobody wrote in it afterwards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scheduler.cli.arguments import whole
from scheduler.cli.status import CHECK_FAILED, DONE
from scheduler.wording import T

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker
    from scheduler.domain.changes import Change


def add(commands: Commands, words: Words) -> None:
    """Declare the command, its own commands and their options."""
    parser = commands.add_parser("audit", help=words("read the audit log, and verify it"))
    does = parser.add_subparsers(required=True, metavar=words("COMMAND"))
    listing = does.add_parser("list", help=words("list what was changed last, the newest first"))
    listing.add_argument(
        "region", nargs="?", default="", metavar="REGION", help=words("key of the region (default: people, operators)")
    )
    listing.add_argument(
        "--most", type=whole(1, 1_000_000), default=100, metavar="N", help=words("so many at most (default: 100)")
    )
    listing.set_defaults(command=run_list)
    verify = does.add_parser("verify", help=words("verify that the log is whole and unchanged"))
    verify.set_defaults(command=run_verify)


def run_list(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale audit list`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.audit_log import list_changes

    with opened_store() as opened:
        found = list_changes(opened.store, opened.actor, options.region, most=options.most)
    for change in found:
        print(_line(change))
    if not found:
        say.note(T("nothing was written down yet"))
    return DONE


def _line(change: Change) -> str:
    """Write an entry as one line for people and programs: columns with tabs between, and what changed as JSON."""
    told = {"before": change.before, "after": change.after}
    changed = "-" if change.erased else json.dumps(told, ensure_ascii=False, sort_keys=True)
    at = change.at.isoformat(timespec="seconds")
    return "\t".join((str(change.number), at, change.who, change.what, change.of_what, changed))


def run_verify(_: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale audit verify`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.audit_log import verify_changes

    with opened_store() as opened:
        breaks = verify_changes(opened.store, opened.actor)
    for found in breaks:
        say.error(found)
    if breaks:
        return CHECK_FAILED
    say.result(T("the audit log is whole"))
    return DONE
