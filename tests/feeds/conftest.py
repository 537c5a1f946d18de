"""A French catalogue of a few sentences, for the tests of feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scheduler import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

FRENCH = {
    "Moved: {usual} → {planned}": "Déplacé : {usual} → {planned}",
    "At a distance": "À distance",
    "Cancelled: {summary}": "Annulé : {summary}",
}


@pytest.fixture(autouse=True)
def only_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no translator of another test in place."""
    monkeypatch.setattr(wording, "_translator", [])


@pytest.fixture
def french_words(only_english: None) -> Iterator[None]:
    """Translate the sentences that tests look at."""
    wording.use_translator(lambda template, language: FRENCH.get(template, template) if language == "fr" else template)
    yield
    wording.use_translator(lambda template, language: template)
