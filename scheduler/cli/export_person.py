"""``etale export-person``: what is kept about a person, for whoever asks to see their data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scheduler.cli.status import DONE

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.speaker import Speaker


def add(commands: Commands, words: Words) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("export-person", help=words("write what is kept about a person, as JSON"))
    parser.add_argument("email", metavar="EMAIL", help=words("their e-mail address"))
    parser.set_defaults(command=run)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale export-person`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.person_export import export_person

    with opened_store() as opened:
        found = export_person(opened.store, opened.actor, options.email)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return DONE
