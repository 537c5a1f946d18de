"""What commands say, and in which language."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.wording import Text

TOLD_WARNINGS = 50
"""Warnings shown in the terminal; report.json has them all."""


class Speaker:
    """Says sentences in one language: results on stdout, everything else on stderr."""

    def __init__(self, language: str):
        self.language = language

    def result(self, text: Text) -> None:
        """Say what was asked for."""
        print(text.in_language(self.language))

    def error(self, text: Text) -> None:
        """Say what went wrong."""
        print(f"etale: {text.in_language(self.language)}", file=sys.stderr)

    def note(self, text: Text) -> None:
        """Say something beside the result; where nobody can take it, say on a full disk, work goes on without."""
        with suppress(OSError):
            print(text.in_language(self.language), file=sys.stderr, flush=True)


def tell_warnings(warnings: Sequence[Text], say: Speaker) -> None:
    """Say the first warnings."""
    for warning in warnings[:TOLD_WARNINGS]:
        say.note(T("warning: {warning}", warning=warning))
