"""From the words typed behind ``etale`` to a command, and from what it raises to an exit status."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from typing import TYPE_CHECKING

from scheduler import __version__, translation
from scheduler.cli import (
    audit,
    backup,
    check,
    compare,
    db,
    demo,
    erase,
    export_person,
    feed,
    publish,
    region,
    restore,
    run,
    serve,
    stagger,
    user,
    worker,
)
from scheduler.cli.speaker import Speaker
from scheduler.cli.status import DONE, FAULTY, INTERRUPTED, OUR_FAILURE
from scheduler.errors import BrokenPlan, CannotWrite, FaultyInput, NotThere, Refused, StoreFailed
from scheduler.wording import T
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

PLANNING, SERVICE = (stagger, check, compare, demo), (serve, worker, region, run, publish, feed, user, audit)
OPERATING = (db, backup, restore, erase, export_person)

COMMANDS = PLANNING + SERVICE + OPERATING
"""In the order in which the help lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    translation.install()
    language = translation.language_of(os.environ)
    options = _parser(language).parse_args(arguments)
    say = Speaker(language)
    try:
        status: int = options.command(options, say)
    except FaultyInput as faulty:
        for fault in faulty.faults:
            print(fault.in_language(language), file=sys.stderr)
        count = number_in_words(len(faulty.faults), language)
        one = len(faulty.faults) == 1
        say.error(T("1 fault; nothing was done") if one else T("{count} faults; nothing was done", count=count))
        return FAULTY
    except (CannotWrite, StoreFailed) as failed:
        say.error(failed.reason)
        return FAULTY
    except NotThere as missing:
        say.error(missing.what)
        return FAULTY
    except Refused as refused:
        for reason in refused.reasons:
            say.error(reason)
        return FAULTY
    except BrokenPipeError:
        # Whoever read our output has enough; Python would complain about it once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except BrokenPlan as broken:
        return _our_failure(say, "\n".join(violation.in_language(language) for violation in broken.violations))
    except KeyboardInterrupt:
        # Whoever pressed Ctrl-C knows why; nothing half-done stays.
        return INTERRUPTED
    except Exception:  # the top of the program: whatever it is, say where to report it
        return _our_failure(say, traceback.format_exc())
    return status


def _our_failure(say: Speaker, details: str) -> int:
    print(details, file=sys.stderr)
    say.error(
        T(
            "Étale {version} failed, and it is not your input's fault; nothing was written. "
            "Please report it with the text above: see “Reporting a failure” in the README",
            version=__version__,
        )
    )
    return OUR_FAILURE


def _parser(language: str) -> argparse.ArgumentParser:
    def words(template: str) -> str:
        # argparse formats its help with %, so a sentence's own % is doubled.
        return T(template).in_language(language).replace("%", "%%")

    parser = argparse.ArgumentParser(
        prog="etale",
        description=words("Stagger class sessions and parents' access under the capacity of the servers."),
    )
    parser.add_argument("--version", action="version", version=f"etale {__version__}")
    commands = parser.add_subparsers(required=True, metavar=words("COMMAND"))
    for command in COMMANDS:
        command.add(commands, words)
    return parser
