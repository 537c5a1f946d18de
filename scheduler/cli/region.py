"""``etale region``: bring region folders into the store, take them out again, list what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.cli.arguments import folder
from scheduler.cli.speaker import tell_warnings
from scheduler.cli.status import DONE
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker


def add(commands: Commands, words: Words) -> None:
    """Declare the command, its own commands and their options."""
    parser = commands.add_parser("region", help=words("bring regions into the database, take them out, list them"))
    does = parser.add_subparsers(required=True, metavar=words("COMMAND"))
    bring = does.add_parser("import", help=words("bring a region folder in, or in the place of what a region was"))
    bring.add_argument("folder", type=folder, metavar="FOLDER", help=words("region folder"))
    bring.add_argument("--key", help=words("names the region in addresses (default: made from its name)"))
    bring.set_defaults(command=run_import)
    take = does.add_parser("export", help=words("write a region as a folder"))
    take.add_argument("key", metavar="KEY", help=words("key of the region"))
    take.add_argument("--out", type=folder, required=True, metavar="FOLDER", help=words("folder to write"))
    take.add_argument("--locks", action="store_true", help=words("write in what schools lock and wish"))
    take.set_defaults(command=run_export)
    listing = does.add_parser("list", help=words("list the regions"))
    listing.set_defaults(command=run_list)


def run_import(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale region import`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.regions import import_region

    with opened_store() as opened:
        done = import_region(opened.store, opened.actor, options.folder, options.key)
    tell_warnings([warning.as_text() for warning in done.warnings], say)
    if not done.changed:
        say.result(T("{key}: nothing has changed since the last import", key=done.key))
        return DONE
    counts = {
        name: number_in_words(getattr(done, name), say.language)
        for name in ("schools", "sessions", "windows", "new_timetables", "left_schools")
    }
    say.result(
        T(
            "{key}: {name}: schools {schools}, sessions {sessions}, access windows {windows}; "
            "new timetables {new_timetables}, schools that left {left_schools}",
            key=done.key,
            name=done.name,
            **counts,
        )
    )
    return DONE


def run_export(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale region export`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.regions import export_region

    with opened_store() as opened:
        done = export_region(opened.store, opened.actor, options.key, options.out, locks=options.locks)
    schools = number_in_words(done.schools, say.language)
    say.result(T("{region} in {folder}: schools {schools}", region=done.name, folder=options.out, schools=schools))
    return DONE


def run_list(_: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale region list`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.regions import list_regions

    with opened_store() as opened:
        entries = list_regions(opened.store, opened.actor)
    if not entries:
        say.note(T("There is no region yet; bring one in with “etale region import”."))
    for entry in entries:
        say.result(
            T(
                "{key}: {name}, {first} – {last}: schools {schools}, with a timetable {with_timetable}, "
                "sessions {sessions}",
                key=entry.key,
                name=entry.name,
                first=entry.first_date.isoformat(),
                last=entry.last_date.isoformat(),
                schools=number_in_words(entry.schools, say.language),
                with_timetable=number_in_words(entry.with_timetable, say.language),
                sessions=number_in_words(entry.sessions, say.language),
            )
        )
    return DONE
