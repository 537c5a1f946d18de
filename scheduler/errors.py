"""What can go wrong, as one tree.

::

    EtaleError                 anything this program raises on purpose
    ├── FaultyInput            files or options that cannot be used; carries every fault (exit status 2)
    ├── BrokenPlan             a plan that was about to leave the house breaks a hard rule (exit status 3)
    ├── CannotWrite            a folder or file that could not be written; nothing half-done stays (exit status 2)
    ├── NotThere               what was asked for is not in the store, or not for this person's eyes (exit status 2)
    ├── Refused                a rule forbids it as things stand; says which, and what to do (exit status 2)
    │   ├── WaitFirst          it may be tried again after some time, not before
    │   └── NoRoom             (scheduler.domain.room) a plan asks for more than the limits leave; says where it fits
    └── StoreFailed            the store cannot do its work now (stopped, full, of another version); nothing is
                               half-done, and the same call may succeed later (exit status 2)
        ├── StoreAway          it does not answer: stopped, starting, or out of reach
        └── StoreDamaged       what its disk gives back is not what was written

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


class NotThere(EtaleError):
    """What was asked for is not in the store, or lies outside what the person may see: both look alike.

    Attributes
    ----------
    what : Text
        What was looked for.
    """

    def __init__(self, what: Text):
        self.what = what
        super().__init__(str(what))


class Refused(EtaleError):
    """As things stand a rule forbids what was asked for; nothing was changed.

    Attributes
    ----------
    reasons : tuple of Text
        Each says which rule and what to do; at least one.
    """

    def __init__(self, *reasons: Text):
        self.reasons = reasons
        super().__init__("\n".join(map(str, reasons)))


class WaitFirst(Refused):
    """Too much was tried in too short a time.

    Attributes
    ----------
    seconds : int
        After which it may be tried again.
    """

    def __init__(self, reason: Text, seconds: int):
        self.seconds = seconds
        super().__init__(reason)


class StoreFailed(EtaleError):
    """The store cannot do its work now; nothing is half-done, and the same call may succeed later.

    Attributes
    ----------
    reason : Text
        What is the matter and what an operator can do.
    """

    def __init__(self, reason: Text):
        self.reason = reason
        super().__init__(str(reason))


class StoreAway(StoreFailed):
    """The database does not answer: it is stopped, starting, or out of reach. Whoever can wait tries again."""


class StoreDamaged(StoreFailed):
    """What the disk of the database gives back is not what was written; trying again does not help."""
