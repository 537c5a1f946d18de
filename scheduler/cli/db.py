"""``etale db``: look at the database, and bring its tables up to those of this program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.cli.status import CHECK_FAILED, DONE
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker
    from scheduler.wording import Text


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its own commands."""
    parser = commands.add_parser("db", help=words("look at the database, bring its tables up to date"))
    does = parser.add_subparsers(required=True, metavar=words("COMMAND"))
    upgrade = does.add_parser("upgrade", help=words("bring the tables up to those of this program"))
    upgrade.set_defaults(command=run_upgrade)
    status = does.add_parser("status", help=words("say which database there is and what is in it"))
    status.set_defaults(command=run_status)
    check = does.add_parser("check", help=words("look for everything that is damaged or does not agree"))
    check.set_defaults(command=run_check)


def run_upgrade(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale db upgrade`` and give its exit status."""
    from scheduler.cli.service import opened_database
    from scheduler.service.database import upgrade_database

    with opened_database() as opened:
        before = upgrade_database(opened.store)
        address = opened.store.place
    if before.current:
        say.result(T("{address}: the tables are up to date (revision {wanted})", address=address, wanted=before.wanted))
    elif before.found is None:
        say.result(T("{address}: the tables are made (revision {wanted})", address=address, wanted=before.wanted))
    else:
        revisions = {"found": before.found, "wanted": before.wanted}
        say.result(T("{address}: the tables are brought up from {found} to {wanted}", address=address, **revisions))
    return DONE


def run_status(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale db status``; its exit status is 1 where the tables are not those of this program."""
    from scheduler.cli.service import opened_database
    from scheduler.service.database import database_status

    with opened_database() as opened:
        status = database_status(opened.store)
    version = status.version
    say.result(T("database: {address}", address=status.address))
    if version.current:
        say.result(T("tables: revision {found}, as this program wants them", found=version.found))
    elif version.found is None:
        say.result(T("tables: none; run “etale db upgrade”"))
    elif version.known:
        say.result(
            T(
                "tables: revision {found}, this program wants {wanted}; run “etale db upgrade”",
                found=version.found,
                wanted=version.wanted,
            )
        )
    else:
        say.result(T("tables: revision {found}, of a newer Étale; install that one", found=version.found))
    say.result(T("size: {size} MiB", size=number_in_words(round(status.size / 2**20, 1), say.language)))
    for name, rows in status.rows.items():
        say.result(_counted(name, number_in_words(rows, say.language)))
    return DONE if version.current else CHECK_FAILED


def run_check(_: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale db check``; its exit status is 1 where anything was found."""
    from scheduler.cli.service import opened_database
    from scheduler.service.verifying import check_database

    count = 0
    with opened_database() as opened:
        for finding in check_database(opened.store, opened.actor):
            say.error(finding.told)
            count += 1
    if count:
        say.error(T("findings: {count}", count=number_in_words(count, say.language)))
        return CHECK_FAILED
    say.result(T("the database is whole, and everything in it agrees"))
    return DONE


def _counted(name: str, count: str) -> Text:
    return {
        "regions": T("regions: {count}", count=count),
        "schools": T("schools: {count}", count=count),
        "people": T("people: {count}", count=count),
        "timetables": T("versions of timetables: {count}", count=count),
        "plan_runs": T("planning runs: {count}", count=count),
        "publications": T("publications: {count}", count=count),
        "feeds": T("addresses of calendars: {count}", count=count),
    }[name]
