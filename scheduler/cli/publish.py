"""``etale publish``: publish what the schools of a region have accepted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scheduler.cli.arguments import AUDIENCES, school_key
from scheduler.cli.status import DONE, FAULTY
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker

EVERY = 200
"""Plans between two words on how far it is."""


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("publish", help=words("publish the plans that schools have accepted"))
    parser.add_argument("region", metavar="REGION", help=words("key of the region"))
    parser.add_argument(
        "--school", type=school_key, metavar="KEY", help=words("this school alone (default: every school)")
    )
    parser.set_defaults(command=run)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale publish`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.publishing import publish
    from scheduler.service.publishing_all import publish_all

    with opened_store() as opened:
        if options.school is not None:
            made = publish(opened.store, opened.actor, options.region, options.school)
            say.result(T("{school}: publication {number}", school=options.school or AUDIENCES, number=made.number))
            return DONE
        done = publish_all(opened.store, opened.actor, options.region, on_progress=partial(_tell, say))
    for school, reasons in done.failed:
        for reason in reasons:
            say.note(T("{school}: {reason}", school=school or AUDIENCES, reason=reason))
    if not done.published and not done.failed:
        say.note(
            T(
                "no accepted plan waits to be published; “etale run adopt {region} --accept-all” accepts it for all",
                region=options.region,
            )
        )
    published, failed = (number_in_words(len(of), say.language) for of in (done.published, done.failed))
    say.result(T("plans published: {published}; not published: {failed}", published=published, failed=failed))
    return FAULTY if done.failed else DONE


def _tell(say: Speaker, done: int, total: int) -> None:
    """Say now and then how far it is, where there are many."""
    if done and done < total and done % EVERY == 0:
        so_far, whole = (number_in_words(number, say.language) for number in (done, total))
        say.note(T("{done} of {total} plans", done=so_far, total=whole))
