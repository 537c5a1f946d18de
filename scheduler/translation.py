"""The catalogues of French sentences, and which language a person reads."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

from scheduler.wording import use_translator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from babel.messages.catalog import Message

LANGUAGES = ("en", "fr")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Read the sentences of a language: English template -> template. Empty for English and for unknown languages."""
    if language == "en" or language not in LANGUAGES:
        return {}
    return {str(entry.id): str(entry.string) for entry in _entries(language) if entry.id and entry.string}


def _entries(language: str) -> Iterator[Message]:
    """Read every catalogue of a language: each room of the program has one."""
    folder = files("scheduler") / "translations" / language
    for name in sorted(one.name for one in folder.iterdir() if one.name.endswith(".po")):
        with (folder / name).open("rb") as file:
            yield from read_po(file)


def install() -> None:
    """Make sentences speak every language that there is a catalogue of."""
    use_translator(lambda template, language: catalogue(language).get(template, template))


def language_of(environment: Mapping[str, str]) -> str:
    """Choose the language of a terminal: ``ETALE_LANG``, else what the locale variables say, else English."""
    for name in ("ETALE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "").lower()
        if value:
            return "fr" if value.startswith("fr") else "en"
    return "en"
