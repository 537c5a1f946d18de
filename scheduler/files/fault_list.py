"""Every fault of a folder, gathered while reading and listed in the end (CONTRACT section 2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scheduler.errors import Fault
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.wording import Text

MOST_ALIKE = 1000
"""So many faults of one sentence are listed a file; a broken export of a million rows says the same thing once."""


class FaultList:
    """Faults in the order in which they were found, with a dam against floods."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._alike: Counter[tuple[str, str]] = Counter()
        self._first_unlisted: dict[tuple[str, str], int] = {}

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, file: str, line: int, what: Text, remedy: Text) -> None:
        """Note one fault; beyond `MOST_ALIKE` of one sentence and file it is only counted."""
        kind = (file, what.template)
        self._alike[kind] += 1
        if self._alike[kind] <= MOST_ALIKE:
            self._faults.append(Fault(file, line, what, remedy))
        else:
            self._first_unlisted.setdefault(kind, line)

    def listed(self, files: Sequence[str]) -> tuple[Fault, ...]:
        """Give all faults by file, in the order of `files` and then by name, and by line."""
        order = {file: place for place, file in enumerate(files)}
        found = self._faults + [
            Fault(
                kind[0],
                line,
                T("from here on {count} more faults of one kind are not listed", count=self._alike[kind] - MOST_ALIKE),
                T("repair those listed above, then check the folder again"),
            )
            for kind, line in self._first_unlisted.items()
        ]
        # The sort is stable: faults of one line stay in the order of the columns.
        return tuple(sorted(found, key=lambda fault: (order.get(fault.file, len(order)), fault.file, fault.line)))


@dataclass(frozen=True)
class Findings:
    """What reading a folder brings up: faults, which stop, and warnings, which do not."""

    faults: FaultList = field(default_factory=FaultList)
    warnings: FaultList = field(default_factory=FaultList)
