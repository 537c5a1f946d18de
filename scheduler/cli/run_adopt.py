"""``etale run adopt``: the region makes a plan its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.cli.status import DONE
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from scheduler.cli.speaker import Speaker
    from scheduler.domain.room import Shortage

TOLD = 10
"""So many places where something is missing are told one by one."""


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale run adopt`` and give its exit status."""
    from scheduler.cli.service import number_of_run, opened_store
    from scheduler.service.adoption import adopt_run

    with opened_store() as opened:
        number = number_of_run(opened, options)
        done = adopt_run(opened.store, opened.actor, options.region, number, accept_all=options.accept_all)
    schools, accepted = (number_in_words(count, say.language) for count in (done.schools, done.accepted))
    if options.accept_all:
        say.result(
            T(
                "Run {number} is adopted; plans proposed: {schools}, accepted now: {accepted}",
                number=number,
                schools=schools,
                accepted=accepted,
            )
        )
    else:
        say.result(T("Run {number} is adopted; plans proposed: {schools}", number=number, schools=schools))
    for school in done.left_out:
        say.note(T("{school}: not accepted, for its timetable has changed since; start a new run", school=school))
    _tell_missing(done.short, say)
    return DONE


def _tell_missing(short: Sequence[Shortage], say: Speaker) -> None:
    """Say where more is promised to schools than the limits bear."""
    # The most that is missing first: a plan leaves small crumbs over the limit in many slots.
    for shortage in sorted(short, key=lambda one: -one.missing)[:TOLD]:
        say.note(T("warning: {warning}", warning=shortage.sentence()))
    if len(short) > TOLD:
        say.note(T("And {count} more.", count=number_in_words(len(short) - TOLD, say.language)))
