"""The command line, ``etale`` (CONTRACT section 6)."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scheduler import __version__, translation
from scheduler.errors import BrokenPlan, CannotWrite, FaultyInput
from scheduler.wording import T, Text
from scheduler.wording_times import number_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from scheduler.execution import Stop

Number = TypeVar("Number", int, float)

DONE, CHECK_FAILED, FAULTY, OUR_FAILURE = 0, 1, 2, 3
"""Exit statuses (CONTRACT section 6)."""

TOLD_WARNINGS = 50
"""Warnings shown in the terminal; report.json has them all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    translation.install()
    language = translation.language_of(os.environ)
    options = _parser(language).parse_args(arguments)
    say = _Speaker(language)
    try:
        status: int = options.command(options, say)
    except FaultyInput as faulty:
        for fault in faulty.faults:
            print(fault.in_language(language), file=sys.stderr)
        count = number_in_words(len(faulty.faults), language)
        one = len(faulty.faults) == 1
        say.error(T("1 fault; nothing was done") if one else T("{count} faults; nothing was done", count=count))
        return FAULTY
    except CannotWrite as refused:
        say.error(refused.reason)
        return FAULTY
    except BrokenPipeError:
        # Whoever read our output has enough; Python would complain about it once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except BrokenPlan as broken:
        return _our_failure(say, "\n".join(violation.in_language(language) for violation in broken.violations))
    except Exception:  # the top of the program: whatever it is, say where to report it
        return _our_failure(say, traceback.format_exc())
    return status


def _our_failure(say: _Speaker, details: str) -> int:
    print(details, file=sys.stderr)
    say.error(
        T(
            "Étale {version} failed, and it is not your input's fault; nothing was written. "
            "Please report it with the text above: see “Reporting a failure” in the README",
            version=__version__,
        )
    )
    return OUR_FAILURE


class _Speaker:
    """Says sentences in one language: results on stdout, everything else on stderr."""

    def __init__(self, language: str):
        self.language = language

    def result(self, text: Text) -> None:
        print(text.in_language(self.language))

    def error(self, text: Text) -> None:
        print(f"etale: {text.in_language(self.language)}", file=sys.stderr)

    def note(self, text: Text) -> None:
        print(text.in_language(self.language), file=sys.stderr)


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
    _add_stagger(commands.add_parser("stagger", help=words("plan a region folder")), words)
    _add_check(commands.add_parser("check", help=words("recompute a plan folder and say what differs")), words)
    compare_help = words("put policies side by side: the usual timetable, what was done by hand, and a plan")
    _add_compare(commands.add_parser("compare", help=compare_help), words)
    _add_demo(commands.add_parser("demo", help=words("write a realistic region folder")), words)
    return parser


def _add_stagger(parser: argparse.ArgumentParser, words: Callable[[str], str]) -> None:
    parser.add_argument("region", type=_folder, metavar="REGION", help=words("region folder"))
    parser.add_argument("--out", type=_folder, required=True, metavar="PLAN", help=words("plan folder to write"))
    parser.add_argument(
        "--gap", type=_number(0, 1), default=0.01, help=words("stop at this proven gap (0.01 is one per cent)")
    )
    parser.add_argument(
        "--time-limit", type=_number(0, 1e9), metavar="S", help=words("stop after S seconds with the best plan so far")
    )
    parser.add_argument("--workers", type=_whole(1, 4096), metavar="N", help=words("processes at most"))
    parser.add_argument("--dask", metavar="ADDRESS", help=words("let the workers of a Dask cluster plan"))
    parser.add_argument(
        "--memory", type=_number(1, 1e9), metavar="MIB", help=words("hold no more than so much memory, in MiB")
    )
    parser.add_argument(
        "--seed", type=_whole(0, 2**63 - 1), default=0, metavar="N", help=words("another seed, another plan as good")
    )
    parser.add_argument(
        "--objective",
        choices=("cost", "level"),
        default="cost",
        help=words("fewest changes, or the lowest highest load first"),
    )
    parser.add_argument(
        "--reorder",
        action="store_true",
        help=words("let sessions change their order where that pays; the gap is no proof then"),
    )
    parser.add_argument(
        "--start-from", type=_folder, metavar="PLAN", help=words("begin with a former plan: sooner done, as good")
    )
    parser.add_argument(
        "--stay-close-to",
        type=_folder,
        metavar="PLAN",
        help=words("change as little as possible of a former plan, instead of the usual timetable"),
    )
    parser.add_argument("--feeds", action="store_true", help=words("write calendar files too"))
    parser.add_argument("--quiet", action="store_true", help=words("no progress"))
    parser.set_defaults(command=_stagger)


def _add_check(parser: argparse.ArgumentParser, words: Callable[[str], str]) -> None:
    parser.add_argument("region", type=_folder, metavar="REGION", help=words("region folder"))
    parser.add_argument("plan", type=_folder, metavar="PLAN", help=words("plan folder"))
    parser.add_argument(
        "--proof", action="store_true", help=words("verify the lower bound from the prices, by other means")
    )
    parser.set_defaults(command=_check)


def _add_compare(parser: argparse.ArgumentParser, words: Callable[[str], str]) -> None:
    parser.add_argument("region", type=_folder, metavar="REGION", help=words("region folder"))
    parser.add_argument(
        "--policy",
        type=_policy,
        nargs="+",
        action="extend",
        metavar="NAME",
        help=words("usual, jitter, rota, parents, bells, greedy, ours (default: all of them)"),
    )
    parser.add_argument("--out", type=_file, metavar="FILE.html", help=words("write a page with curves"))
    parser.add_argument("--csv", type=_file, metavar="FILE", help=words("write the figures, one row a policy"))
    parser.add_argument("--json", type=_file, metavar="FILE", help=words("write figures and loads for programs"))
    parser.add_argument(
        "--gap", type=_number(0, 1), default=0.01, help=words("stop at this proven gap (0.01 is one per cent)")
    )
    parser.add_argument(
        "--time-limit", type=_number(0, 1e9), metavar="S", help=words("stop after S seconds with the best plan so far")
    )
    parser.add_argument("--workers", type=_whole(1, 4096), metavar="N", help=words("processes at most"))
    parser.add_argument(
        "--seed", type=_whole(0, 2**63 - 1), default=0, metavar="N", help=words("another seed, another plan as good")
    )
    parser.add_argument(
        "--jitter-minutes",
        type=_whole(1, 120),
        default=10,
        metavar="N",
        help=words("jitter lets people in within N minutes (10)"),
    )
    parser.add_argument("--quiet", action="store_true", help=words("no progress"))
    parser.set_defaults(command=_compare)


def _add_demo(parser: argparse.ArgumentParser, words: Callable[[str], str]) -> None:
    parser.add_argument("--region", default="Grand Est", metavar="NAME", help=words("a French region, or France"))
    parser.add_argument(
        "--schools", type=_whole(1, 1_000_000), metavar="N", help=words("as many schools (default: all)")
    )
    parser.add_argument("--out", type=_folder, default=Path("demo"), metavar="FOLDER", help=words("folder to write"))
    parser.add_argument("--seed", type=_whole(0, 2**63 - 1), default=0, metavar="N", help=words("another seed"))
    parser.set_defaults(command=_demo)


def _folder(text: str) -> Path:
    """Read the name of a folder."""
    if not text:
        # An empty name would mean the current folder, which nobody says like that.
        raise argparse.ArgumentTypeError(T("name a folder").in_language(translation.language_of(os.environ)))
    return Path(text)


def _file(text: str) -> Path:
    """Read the name of a file."""
    if not text:
        raise argparse.ArgumentTypeError(T("name a file").in_language(translation.language_of(os.environ)))
    return Path(text)


def _policy(text: str) -> str:
    """Read the name of a policy."""
    from scheduler.domain.comparison import POLICIES

    if text not in POLICIES:
        unknown = T("no policy is called “{name}”; known: {names}", name=text, names=", ".join(POLICIES))
        raise argparse.ArgumentTypeError(unknown.in_language(translation.language_of(os.environ)))
    return text


def _number(least: float, most: float) -> Callable[[str], float]:
    """Make the reader of a number in [least, most]."""
    return _within(float, least, most, T("is not a number"))


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Make the reader of a whole number in [least, most]."""
    return _within(int, least, most, T("is not a whole number"))


def _within(read: Callable[[str], Number], least: Number, most: Number, otherwise: Text) -> Callable[[str], Number]:
    def bounded(text: str) -> Number:
        language = translation.language_of(os.environ)
        try:
            value = read(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text} {otherwise.in_language(language)}") from None
        if not least <= value <= most:
            remedy = T("give a number from {least} to {most}", least=f"{least:g}", most=f"{most:g}")
            raise argparse.ArgumentTypeError(f"{text}: {remedy.in_language(language)}")
        return value

    return bounded


def _stagger(options: argparse.Namespace, say: _Speaker) -> int:
    from scheduler.execution import Stop
    from scheduler.files.terminal_summary import terminal_summary
    from scheduler.progress import ProgressLines
    from scheduler.service.planning import Means
    from scheduler.service.stagger import StaggerOptions, stagger

    deadline = None if options.time_limit is None else time.monotonic() + options.time_limit
    stop = Stop(time.monotonic, deadline)
    lines = ProgressLines(sys.stderr, say.language, time.monotonic, quiet=options.quiet)
    stopping = T("Stopping; the best plan so far is written. Ctrl-C again ends at once, without a plan.")
    with _InterruptAsks(stop, say, stopping):
        done = stagger(
            StaggerOptions(
                region=options.region,
                out=options.out,
                gap=options.gap,
                means=Means(options.workers, options.dask, options.memory),
                seed=options.seed,
                objective=options.objective,
                reorder=options.reorder,
                start_from=options.start_from,
                stay_close_to=options.stay_close_to,
                feeds=options.feeds,
                language=say.language,
            ),
            stop,
            lines.step,
        )
    lines.finish()
    _tell_warnings(done.outcome.warnings, say)
    if len(done.outcome.warnings) > TOLD_WARNINGS:
        say.note(T("All warnings are in report.json: {count}", count=len(done.outcome.warnings)))
    conditions = done.conditions
    summary = terminal_summary(
        done.region,
        done.outcome,
        done.figures,
        conditions.seconds,
        say.language,
        conditions.order_kept,
        explanation=done.explanation,
    )
    print(summary)
    say.result(T("Plan: {folder}", folder=options.out))
    say.result(T("Page: {page}", page=options.out / "index.html"))
    return DONE


def _tell_warnings(warnings: Sequence[Text], say: _Speaker) -> None:
    for warning in warnings[:TOLD_WARNINGS]:
        say.note(T("warning: {warning}", warning=warning))


class _InterruptAsks:
    """While in force, Ctrl-C asks to stop with the best plan; a second one ends the program at once."""

    def __init__(self, stop: Stop, say: _Speaker, words: Text):
        self._stop, self._say, self._words = stop, say, words

    def __enter__(self) -> None:
        self._former = {one: signal.signal(one, self._ask) for one in (signal.SIGINT, signal.SIGTERM)}

    def __exit__(self, *_: object) -> None:
        for one, former in self._former.items():
            signal.signal(one, former)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self._stop.asked.is_set():
            raise KeyboardInterrupt
        self._stop.asked.set()
        self._say.note(self._words)


def _check(options: argparse.Namespace, say: _Speaker) -> int:
    from scheduler.progress import ProgressLines
    from scheduler.service.check import check

    lines = ProgressLines(sys.stderr, say.language, time.monotonic, quiet=not options.proof)
    differences = check(options.region, options.plan, proof=options.proof, on_progress=lines.proof)
    for difference in differences:
        say.result(difference)
    if differences:
        count = len(differences)
        say.error(T("1 difference") if count == 1 else T("{count} differences", count=count))
        return CHECK_FAILED
    say.result(T("Every rule is kept and every figure agrees."))
    if options.proof:
        say.result(T("The prices prove the lower bound."))
    return DONE


def _compare(options: argparse.Namespace, say: _Speaker) -> int:
    from scheduler.domain.comparison import POLICIES
    from scheduler.execution import Stop
    from scheduler.files.comparison_table import comparison_table
    from scheduler.progress import ProgressLines
    from scheduler.service.compare import CompareOptions, compare

    stop = Stop(time.monotonic)
    lines = ProgressLines(sys.stderr, say.language, time.monotonic, quiet=options.quiet)
    stopping = T("Stopping; the best plan so far is compared. Ctrl-C again ends at once.")
    with _InterruptAsks(stop, say, stopping):
        done = compare(
            CompareOptions(
                region=options.region,
                policies=tuple(options.policy or POLICIES),
                page=options.out,
                csv=options.csv,
                json=options.json,
                gap=options.gap,
                time_limit=options.time_limit,
                workers=options.workers,
                seed=options.seed,
                jitter_minutes=options.jitter_minutes,
                language=say.language,
            ),
            stop,
            lines.step,
        )
    lines.finish()
    _tell_warnings(done.warnings, say)
    print(comparison_table(done.region, done.standings, options.jitter_minutes, say.language), end="")
    if options.out is not None:
        print()
        say.result(T("Page: {page}", page=options.out))
    return DONE


def _demo(options: argparse.Namespace, say: _Speaker) -> int:
    from scheduler.demo import write_demo_region

    done = write_demo_region(options.out, options.region, options.schools, options.seed)
    say.result(
        T(
            "{region} in {folder}: schools {schools}, divisions {divisions}, sessions a week {sessions}",
            region=done.name,
            schools=number_in_words(done.schools, say.language),
            divisions=number_in_words(done.divisions, say.language),
            sessions=number_in_words(done.sessions, say.language),
            folder=options.out,
        )
    )
    return DONE
