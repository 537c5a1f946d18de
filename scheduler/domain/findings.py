"""What plain code finds wrong with a plan: sentences, with a dam against floods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

LISTED = 1000
"""So many findings are told one by one; of more, how many."""


class Findings:
    """The first `LISTED` sentences, and how many there were."""

    def __init__(self) -> None:
        self._sentences: list[Text] = []
        self._count = 0

    def add(self, sentence: Text) -> None:
        """Note one more finding."""
        self._count += 1
        if self._count <= LISTED:
            self._sentences.append(sentence)

    def extend(self, sentences: Iterable[Text]) -> None:
        """Note several more findings."""
        for sentence in sentences:
            self.add(sentence)

    @property
    def count(self) -> int:
        """How many findings there are, told or not."""
        return self._count

    def told(self) -> list[Text]:
        """Give the sentences, and where there were too many, one more with the number of the others."""
        if self._count <= LISTED:
            return self._sentences
        return [*self._sentences, T("And {count} more.", count=self._count - LISTED)]
