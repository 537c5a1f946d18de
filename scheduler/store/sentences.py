"""Sentences for people as JSON values: kept in English with their values, said in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.wording import Text

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_document(sentences: Sequence[Text]) -> list[Any]:
    """Give sentences as a JSON value."""
    return [_one(sentence) for sentence in sentences]


def from_document(document: Sequence[Any]) -> tuple[Text, ...]:
    """Undo :func:`as_document`; values that JSON has no form for come back as the text they are told as."""
    return tuple(_text(one) for one in document)


def _one(sentence: Text) -> dict[str, Any]:
    return {"says": sentence.template, "values": {name: _value(value) for name, value in sentence.values}}


def _value(value: object) -> Any:
    if isinstance(value, Text):
        return _one(value)
    return value if isinstance(value, (str, int, float)) else str(value)


def _text(document: dict[str, Any]) -> Text:
    values = {name: _text(value) if isinstance(value, dict) else value for name, value in document["values"].items()}
    return Text(document["says"], tuple(values.items()))
