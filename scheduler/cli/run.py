"""``etale run``: start planning runs of a region in the store, watch and stop them, take their plans out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scheduler.cli import run_adopt
from scheduler.cli.arguments import folder, whole
from scheduler.cli.planning_options import add_aim, add_kind
from scheduler.cli.status import DONE, FAULTY
from scheduler.wording import T

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.service import Opened
    from scheduler.cli.speaker import Speaker
    from scheduler.domain.runs import Run

POLL_SECONDS = 0.5
"""How often ``--wait`` looks."""

SECONDS_BETWEEN_LINES = 5.0
"""While a date is being planned, no more often than this: a week of planning would else fill hundreds of lines."""


def add(commands: Commands, words: Words) -> None:
    """Declare the command, its own commands and their options."""
    parser = commands.add_parser("run", help=words("start planning runs in the database, watch and stop them"))
    does = parser.add_subparsers(required=True, metavar=words("COMMAND"))
    start = does.add_parser("start", help=words("plan a region; a worker does it"))
    start.add_argument("region", metavar="REGION", help=words("key of the region"))
    _add_options(start, words)
    start.add_argument("--wait", action="store_true", help=words("wait for the end, and tell progress"))
    start.set_defaults(command=run_start)
    listing = does.add_parser("list", help=words("list the latest runs of a region"))
    listing.add_argument("region", metavar="REGION", help=words("key of the region"))
    listing.set_defaults(command=run_list)
    for name, does_what, command in (
        ("show", words("tell how far a run is, or how it ended"), run_show),
        ("stop", words("stop a run; one that is at work ends with its best plan"), run_stop),
        (
            "adopt",
            words("make the plan of a run the region's: schools may accept what it proposes to them"),
            run_adopt.run,
        ),
        ("export", words("write the plan folder of a finished run"), run_export),
    ):
        one = does.add_parser(name, help=does_what)
        one.add_argument("region", metavar="REGION", help=words("key of the region"))
        # Only the plan of a certain run is worth a folder.
        one.add_argument(
            "number",
            type=whole(1, 2**31 - 1),
            metavar="NUMBER",
            nargs=None if name == "export" else "?",
            help=words("number of the run") if name == "export" else words("number of the run (default: the latest)"),
        )
        if name == "adopt":
            one.add_argument("--accept-all", action="store_true", help=words("and accept it for all schools"))
        if name == "export":
            one.add_argument("--out", type=folder, required=True, metavar="PLAN", help=words("plan folder to write"))
            one.add_argument("--sheets", type=folder, metavar="FOLDER", help=words("and the plan for spreadsheets"))
        one.set_defaults(command=command)


def _add_options(start: argparse.ArgumentParser, words: Words) -> None:
    add_aim(start, words)
    add_kind(start, words)
    run_number = whole(1, 2**31 - 1)
    start.add_argument(
        "--start-from",
        type=run_number,
        metavar="NUMBER",
        help=words("begin with the plan of a former run: sooner done, as good"),
    )
    start.add_argument(
        "--stay-close-to",
        type=run_number,
        metavar="NUMBER",
        help=words("change as little as possible of a former run's plan, instead of the usual timetable"),
    )


def run_start(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale run start`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.domain.runs import RunOptions
    from scheduler.service.runs import start_run

    asked = RunOptions(
        gap=options.gap,
        time_limit=options.time_limit,
        objective=options.objective,
        reorder=options.reorder,
        seed=options.seed,
        start_from=options.start_from,
        stay_close_to=options.stay_close_to,
    )
    with opened_store() as opened:
        run = start_run(opened.store, opened.actor, options.region, asked)
        if options.wait:
            return _tell_end(_wait(opened, run, say), say)
    say.result(T("Run {number} waits for a worker (“etale worker”).", number=run.number))
    return DONE


def _wait(opened: Opened, run: Run, say: Speaker) -> Run:
    """Tell progress until a run is at its end; Ctrl-C ends the waiting, not the run."""
    from scheduler.runs.patience import patiently
    from scheduler.service.run_words import run_in_words
    from scheduler.service.runs import run_status

    region, number = run.region, run.number
    told, stage, told_at = None, None, 0.0
    try:
        while run.active:
            words, now = run_in_words(run, say.language), time.monotonic()
            where = run.state, run.progress and (run.progress.date, run.progress.stage)
            if words != told and (where != stage or now - told_at >= SECONDS_BETWEEN_LINES):
                say.note(words)
                told, stage, told_at = words, where, now
            time.sleep(POLL_SECONDS)
            run = patiently(lambda: run_status(opened.store, opened.actor, region, number), say.note)
    except KeyboardInterrupt:
        say.note(T("Run {number} goes on without you; “etale run stop” stops it.", number=run.number))
    return run


def _tell_end(run: Run, say: Speaker) -> int:
    from scheduler.service.run_words import run_in_words

    say.result(run_in_words(run, say.language))
    for sentence in run.failure:
        say.error(sentence)
    return FAULTY if run.failure else DONE


def run_list(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale run list`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.run_words import run_in_words
    from scheduler.service.runs import list_runs

    with opened_store() as opened:
        runs = list_runs(opened.store, opened.actor, options.region)
    for run in runs:
        say.result(run_in_words(run, say.language))
    if not runs:
        say.note(T("There is no run of {region} yet; start one with “etale run start”.", region=options.region))
    return DONE


def run_show(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale run show`` and give its exit status: 2 where the run failed, with the reasons."""
    from scheduler.cli.service import number_of_run, opened_store
    from scheduler.service.runs import run_status

    with opened_store() as opened:
        run = run_status(opened.store, opened.actor, options.region, number_of_run(opened, options))
    return _tell_end(run, say)


def run_stop(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale run stop`` and give its exit status."""
    from scheduler.cli.service import number_of_run, opened_store
    from scheduler.service.run_words import run_in_words
    from scheduler.service.runs import stop_run

    with opened_store() as opened:
        run = stop_run(opened.store, opened.actor, options.region, number_of_run(opened, options))
    say.result(run_in_words(run, say.language))
    return DONE


def run_export(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale run export`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.run_folders import plan_of_run

    with opened_store() as opened:
        plan_of_run(opened.store, opened.actor, options.region, options.number, options.out, language=say.language)
    say.result(T("Plan: {folder}", folder=options.out))
    if options.sheets is not None:
        from scheduler.files.plan_sheets import write_sheets

        write_sheets(options.out, options.sheets, say.language)
        say.result(T("For spreadsheets: {folder}", folder=options.sheets))
    return DONE
