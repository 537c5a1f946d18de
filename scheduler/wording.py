"""Sentences for people, written once in English and said in the reader's language.

A sentence is made with :func:`T` where something is to be said, and turned into a string only at the edge
(terminal, page, file), where the reader's language is known. The French catalogues are in ``translations/fr``;
a test proves that they hold every sentence of the program with the same placeholders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Translator = Callable[[str, str], str]
_translator: list[Translator] = []


def use_translator(translator: Translator) -> None:
    """Install the function ``(template, language) -> template`` that the edges translate with.

    Kept apart from this module so that the domain needs no catalogue reader: without one, sentences are English.
    """
    _translator[:] = [translator]


@dataclass(frozen=True)
class Text:
    """A sentence with its values, not yet in any language.

    Attributes
    ----------
    template : str
        The English sentence, with ``{name}`` where a value goes.
    values : tuple of (str, object)
        The values by name; a value may itself be a Text.
    """

    template: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.in_language("en")

    def __lt__(self, other: Text) -> bool:
        return str(self) < str(other)

    def in_language(self, language: str) -> str:
        """Say the sentence in `language` (``en``, ``fr``); English where there is no translation."""
        template = _translator[0](self.template, language) if _translator else self.template
        return template.format(
            **{name: value.in_language(language) if isinstance(value, Text) else value for name, value in self.values}
        )


def T(template: str, /, **values: object) -> Text:
    """Mark `template` as a sentence to translate and attach its values."""
    return Text(template, tuple(values.items()))
