"""``etale erase``: erase the contents of a school year that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.cli.status import DONE
from scheduler.errors import StoreFailed
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker
    from scheduler.store import Store
    from scheduler.wording import Text


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("erase", help=words("erase what a school year and those before it hold of people"))
    parser.add_argument("--year", required=True, help=words("the school year, as in 2020-2021; it ends on 31 August"))
    parser.add_argument("--region", metavar="KEY", help=words("only this region (default: everything)"))
    parser.add_argument("--yes", action="store_true", help=words("erase; without it, only say what would go"))
    parser.set_defaults(command=run)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale erase`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.domain.school_year import read_school_year
    from scheduler.service.erasing import erasable, erase

    year = read_school_year(options.year)
    with opened_store() as opened:
        does = erase if options.yes else erasable
        done = does(opened.store, opened.actor, year, options.region)
        if options.yes:
            say.result(T("Erased, of the school year {year} and those before it:", year=year))
        else:
            say.result(T("Would be erased, of the school year {year} and those before it:", year=year))
        _tell(done.goes, say)
        if any(done.stays.values()):
            say.result(T("Stays, because it is in use:"))
            _tell(done.stays, say)
        if options.yes:
            _finish(opened.store, say)
        else:
            say.result(T("Nothing was erased yet; to erase it for good, say the same with --yes."))
    return DONE


def _tell(counts: Mapping[str, int], say: Speaker) -> None:
    for name, count in counts.items():
        if count:
            say.result(T("– {item}", item=_counted(name, number_in_words(count, say.language))))
    if not any(counts.values()):
        say.result(T("– {item}", item=T("nothing")))


def _finish(store: Store, say: Speaker) -> None:
    from scheduler.service.erasing import compact

    try:
        compact(store)
    except StoreFailed as failed:
        say.error(
            T("its room could not be given back ({reason}); run the same command again later", reason=failed.reason)
        )
    if store.on_postgresql:
        say.result(
            T("PostgreSQL overwrites it as it needs the room; “VACUUM FULL” does so at once, and stops the service.")
        )
    say.result(T("Backups hold it still: erase those of the year too."))


def _counted(name: str, count: str) -> Text:
    return {
        "runs": T("planning runs: {count}", count=count),
        "plans": T("plans of schools: {count}", count=count),
        "publications": T("publications: {count}", count=count),
        "versions": T("versions of timetables: {count}", count=count),
        "entries": T("calendar entries: {count}", count=count),
        "addresses": T("addresses of calendars, which stop working: {count}", count=count),
        "calendars": T("calendars: {count}", count=count),
        "audit": T("details of entries of the audit log: {count}", count=count),
        "failures": T("failed sign-ins: {count}", count=count),
        "sign_ins": T("sign-ins that are over: {count}", count=count),
        "invitations": T("invitations that are over: {count}", count=count),
        "people": T("accounts that nobody uses any more: {count}", count=count),
    }[name]
