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
"""So many faults of one sentence are listed a file; a broken export repeats itself row by row."""
MOST_ALIKE_IN_ALL = 50_000
FEW_ALIKE = 10
"""Once so many faults of one sentence are listed in all, each further file lists only a few of it."""


class FaultList:
    """Faults in the order in which they were found, with a dam against floods."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._alike: Counter[tuple[str, str]] = Counter()
        self._alike_in_all: Counter[str] = Counter()
        self._unlisted: Counter[tuple[str, str]] = Counter()
        self._first_unlisted: dict[tuple[str, str], int] = {}

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, file: str, line: int, what: Text, remedy: Text) -> None:
        """Note one fault; where its sentence floods the file or the folder it is only counted."""
        kind = (file, what.template)
        most = MOST_ALIKE if self._alike_in_all[what.template] < MOST_ALIKE_IN_ALL else FEW_ALIKE
        if self._alike[kind] < most:
            self._alike[kind] += 1
            self._alike_in_all[what.template] += 1
            self._faults.append(Fault(file, line, what, remedy))
        else:
            self._unlisted[kind] += 1
            self._first_unlisted.setdefault(kind, line)

    def listed(self, files: Sequence[str]) -> tuple[Fault, ...]:
        """Give all faults by file, in the order of `files` and then by name, and by line."""
        order = {file: place for place, file in enumerate(files)}
        found = self._faults + [
            Fault(
                kind[0],
                line,
                T("faults of one kind from here on, not listed: {count}", count=self._unlisted[kind]),
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
