"""``etale serve --demo``: the service with a region that is there, planned and published, to be played with."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import TYPE_CHECKING

from scheduler.cli.arguments import whole
from scheduler.cli.kept_child import worker_command
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Words
    from scheduler.cli.service import Opened
    from scheduler.cli.speaker import Speaker
    from scheduler.settings import Settings

SCHOOLS = 60


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Declare the options."""
    parser.add_argument(
        "--demo", action="store_true", help=words("bring, plan and publish a demo region first; for this machine alone")
    )
    parser.add_argument(
        "--demo-region", default="Grand Est", metavar="NAME", help=words("a French region (default: Grand Est)")
    )
    parser.add_argument(
        "--demo-schools", type=whole(1, 1_000_000), default=SCHOOLS, metavar="N", help=words("as many schools")
    )


def set_up(opened: Opened, options: argparse.Namespace, say: Speaker) -> None:
    """Bring the demo, have it planned by a worker, and publish it; what is done already is left as it is.

    Raises
    ------
    CannotWrite, FaultyInput, Refused
    """
    from scheduler.service.demo import bring_demo, publish_demo, wants_plan

    asking = opened.store, opened.actor
    say.note(T("Preparing the demo region: {region}", region=options.demo_region))
    week = dt.datetime.now(dt.UTC).date()
    key = bring_demo(*asking, opened.settings.data, options.demo_region, options.demo_schools, playable(week))
    if wants_plan(*asking, key):
        say.note(T("Planning it (the first time compiles the inner loops, some 20 s)"))
        subprocess.run([*worker_command(options.workers), "--once"], check=False, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program
    published = publish_demo(*asking, key)
    if published:
        say.note(T("Published: {count} schools", count=number_in_words(published, say.language)))


def playable(today: dt.date) -> dt.date:
    """Give a date of the week in which a demo that is started today is held: at its end, the next one."""
    return today + dt.timedelta(days=3) if today.weekday() >= 4 else today


def tell_sign_ins(settings: Settings, say: Speaker) -> None:
    """Say as whom one can sign in."""
    from scheduler.service.demo_people import demo_sign_ins

    say.result(T("Its first page lets you in as one of these people, for this machine alone:"))
    for one in demo_sign_ins(settings.data):
        say.result(T("{email}, password: {password}", email=one.email, password=one.password))
    sys.stdout.flush()
