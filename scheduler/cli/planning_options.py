"""Options that several commands have in common: what a plan is to be like, and when it is good enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.cli.arguments import number, whole

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Words


def add_aim(parser: argparse.ArgumentParser, words: Words) -> None:
    """Declare when to stop, and the seed."""
    parser.add_argument(
        "--gap", type=number(0, 1), default=0.01, help=words("stop at this proven gap (0.01 is one per cent)")
    )
    parser.add_argument(
        "--time-limit", type=number(0, 1e9), metavar="S", help=words("stop after S seconds with the best plan so far")
    )
    parser.add_argument(
        "--seed", type=whole(0, 2**63 - 1), default=0, metavar="N", help=words("another seed, another plan as good")
    )


def add_kind(parser: argparse.ArgumentParser, words: Words) -> None:
    """Declare what is minimised, and whether the order may change."""
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
