"""Tables in Markdown, a line at a time, so that a long race shows what it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTHING = "–"
"""What a cell without a figure shows."""


class Table:
    """Prints its head when made, then each row when it is known."""

    def __init__(self, title: str, columns: Sequence[str]):
        self._columns = len(columns)
        print(f"\n## {title}\n", flush=True)
        self._print(columns)
        self._print(["---"] * self._columns)

    def row(self, *cells: str) -> None:
        """Print one row.

        Raises
        ------
        ValueError
            There are more or fewer cells than columns.
        """
        if len(cells) != self._columns:
            raise ValueError(f"{len(cells)} cells in a table of {self._columns} columns")
        self._print(cells)

    def note(self, sentence: str) -> None:
        """Print a sentence below the rows."""
        print(f"\n{sentence}", flush=True)

    def _print(self, cells: Sequence[str]) -> None:
        print(f"| {' | '.join(cells)} |", flush=True)


def percent(share: float | None) -> str:
    """Write a share in per cent."""
    return NOTHING if share is None else f"{share:.2%}"


def whole(number: float | None) -> str:
    """Write a number without decimals, thousands apart."""
    return NOTHING if number is None else f"{number:,.0f}"


def seconds_of(number: float | None) -> str:
    """Write seconds, with a decimal where they are few."""
    return NOTHING if number is None else f"{number:.1f} s" if number < 10 else f"{number:,.0f} s"
