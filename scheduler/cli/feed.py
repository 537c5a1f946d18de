"""``etale feed``: calendar addresses, each given to one person, listed and withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.cli.arguments import school_key, whole
from scheduler.cli.status import DONE
from scheduler.translation import LANGUAGES
from scheduler.wording import T

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker
    from scheduler.domain.published import FeedAddress
    from scheduler.wording import Text

KINDS = ("teacher", "group", "access")


def add(commands: Commands, words: Words) -> None:
    """Declare the command, its own commands and their options."""
    parser = commands.add_parser("feed", help=words("give calendar addresses, list them, withdraw them"))
    does = parser.add_subparsers(required=True, metavar=words("COMMAND"))
    names = does.add_parser("names", help=words("list the calendars that a school has published"))
    names.set_defaults(command=run_names)
    give = does.add_parser("give", help=words("make an address of a published calendar, and show it this once"))
    give.set_defaults(command=run_give)
    listing = does.add_parser("list", help=words("list the addresses that were given, and when they were last asked"))
    listing.set_defaults(command=run_list)
    withdraw = does.add_parser("withdraw", help=words("withdraw an address: whoever asks there gets no calendar again"))
    withdraw.set_defaults(command=run_withdraw)
    for one in (names, give, listing, withdraw):
        one.add_argument("region", metavar="REGION", help=words("key of the region"))
        one.add_argument(
            "school",
            type=school_key,
            metavar="SCHOOL",
            help=words("key of the school; @audiences: the audiences of the region"),
        )
    whose = give.add_mutually_exclusive_group(required=True)
    whose.add_argument("--teacher", metavar="NAME", help=words("calendar of this teacher"))
    whose.add_argument("--group", metavar="NAME", help=words("calendar of this group"))
    whose.add_argument("--access", metavar="AUDIENCE", help=words("when this audience may connect"))
    give.add_argument("--label", default="", metavar="TEXT", help=words("for whom it is, to know it again in the list"))
    give.add_argument("--language", choices=LANGUAGES, help=words("language of the calendar (default: yours)"))
    withdraw.add_argument("number", type=whole(1, 2**63 - 1), metavar="NUMBER", help=words("as “etale feed list” says"))


def run_names(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale feed names`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.feed_addresses import published_feeds

    with opened_store() as opened:
        found = published_feeds(opened.store, opened.actor, options.region, options.school)
    for kind, name in found:
        print(f"--{kind}\t{name}")
    if not found:
        say.note(T("nothing is published here yet; “etale publish” does it"))
    return DONE


def run_give(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale feed give`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.feed_addresses import give_address

    kind, name = next((kind, getattr(options, kind)) for kind in KINDS if getattr(options, kind) is not None)
    language = options.language or say.language
    with opened_store() as opened:
        place = options.region, options.school
        token = give_address(opened.store, opened.actor, *place, kind, name, language, options.label)
    # Alone on stdout, so that a script can take it.
    print(f"{opened.settings.address}/feeds/{token}.ics")
    say.note(
        T("Whoever has this address reads the calendar. It is shown this once; subscribe to it in a calendar program.")
    )
    return DONE


def run_list(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale feed list`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.feed_addresses import addresses

    with opened_store() as opened:
        found = addresses(opened.store, opened.actor, options.region, options.school)
    for one in found:
        state = _state_of(one).in_language(say.language)
        print("\t".join((str(one.id), one.kind, one.name, one.language, one.label or "-", state)))
    if not found:
        say.note(T("no address was given yet; “etale feed give” makes one"))
    return DONE


def _state_of(one: FeedAddress) -> Text:
    if one.withdrawn_at is not None:
        return T("withdrawn on {date}", date=one.withdrawn_at.date().isoformat())
    if one.fetched_at is None:
        return T("never asked")
    return T(
        "last asked on {date}, by {program}", date=one.fetched_at.date().isoformat(), program=one.fetched_with or "-"
    )


def run_withdraw(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale feed withdraw`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.feed_addresses import withdraw_address

    with opened_store() as opened:
        withdraw_address(opened.store, opened.actor, options.region, options.school, options.number)
    say.result(T("address {number} is withdrawn", number=options.number))
    return DONE
