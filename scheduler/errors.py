"""What can go wrong, as one tree.

::

    EtaleError                 anything this program raises on purpose
    ├── FaultyInput            files or options that cannot be used; carries every fault (exit status 2)
    ├── BrokenPlan             a plan that was about to leave the house breaks a hard rule (exit status 3)
    └── CannotWrite            a folder or file that could not be written; nothing half-done stays (exit status 2)

"Overloaded" and "stopped early" are statuses of a result, never exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in one place of the input, and what to do about it.

    Attributes
    ----------
    file : str
        Path of the file inside the folder it belongs to (``sessions/0670001A.csv``), ``""`` for an option.
    line : int
        Line number from 1; for a row that spans lines, its first line. 0 where no single line is meant.
    what : Text
        What is wrong.
    remedy : Text
        What the reader can do.
    """

    file: str
    line: int
    what: Text
    remedy: Text

    def __str__(self) -> str:
        return self.in_language("en")

    def as_text(self) -> Text:
        """Give the fault as a sentence that can go among others."""
        if not self.file:
            return T("{what}; {remedy}", what=self.what, remedy=self.remedy)
        place = f"{self.file}:{self.line}" if self.line else self.file
        return T("{place}: {what}; {remedy}", place=place, what=self.what, remedy=self.remedy)

    def in_language(self, language: str) -> str:
        """Give the fault as one line, ``file:line: what is wrong; remedy`` (CONTRACT section 2)."""
        return self.as_text().in_language(language)


class EtaleError(Exception):
    """Anything this program raises on purpose."""


class FaultyInput(EtaleError):
    """Input that cannot be used.

    Attributes
    ----------
    faults : tuple of Fault
        Every fault of every file, in file and line order; at least one.
    """

    def __init__(self, faults: Sequence[Fault]):
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class BrokenPlan(EtaleError):
    """A plan breaks a hard rule: our own failure, never written, stored or published.

    Attributes
    ----------
    violations : tuple of Text
        What the audit found, at least one.
    """

    def __init__(self, violations: Sequence[Text]):
        self.violations = tuple(violations)
        super().__init__("\n".join(str(violation) for violation in self.violations))


class CannotWrite(EtaleError):
    """A file or folder could not be written; what stood there before still stands.

    Attributes
    ----------
    reason : Text
        What failed and what to do.
    """

    def __init__(self, reason: Text):
        self.reason = reason
        super().__init__(str(reason))
